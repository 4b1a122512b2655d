"""Pages: what script builds, forms ask, tags fetch; ordinary mail bodies say nothing."""

import base64
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.files import examined, names_of, zipped

from seriema.model.artifact import State

ARCHIVE = zipped({"invoice.iso": bytes(range(256)) * 8})
ENCODED = base64.b64encode(ARCHIVE).decode()
SAVE = (
    "var b=new Blob([Uint8Array.from(atob(d),c=>c.charCodeAt(0))]);"
    "a.href=URL.createObjectURL(b);a.download='x.zip';a.click()"
)


def page(script):
    return f"<html><body><script>{script}</script></body></html>".encode()


@pytest.mark.parametrize(
    "script",
    [
        f"var d='{ENCODED}';{SAVE}",
        "var d=" + "+\n".join(f"'{ENCODED[i : i + 60]}'" for i in range(0, len(ENCODED), 60)) + ";" + SAVE,
        f'var d="{ENCODED}";navigator.msSaveOrOpenBlob(new Blob([bytes(atob(d))]),"x.zip")',
    ],
)
def test_a_smuggled_file_is_put_together(script):
    seen = examined(page(script), "invoice.html")
    assert {"html.smuggling", "html.embedded-file"} <= names_of(seen)
    assert [child.content for child in seen.children] == [ARCHIVE]
    assert seen.state is State.INSPECTED


def test_a_file_that_is_computed_leaves_the_page_not_inspected():
    seen = examined(page(f"var d=decode(k);{SAVE}"), "invoice.html")
    assert "html.smuggling" in names_of(seen)
    assert (seen.children, seen.state) == ((), State.UNSUPPORTED)


def test_a_drawing_smuggles_too_also_compressed():
    drawing = f"<svg xmlns='x'><script>var d='{ENCODED}';{SAVE}</script></svg>".encode()
    for content, name in ((drawing, "a.svg"), (gzip.compress(drawing, mtime=0), "a.svgz")):
        kind = {"kind": "svgz"} if name == "a.svgz" else {}
        assert [child.content for child in examined(content, name, **kind).children] == [ARCHIVE]


def test_a_data_address_is_a_file():
    seen = examined(f'<html><a download href="data:application/zip;base64,{ENCODED}">x</a>'.encode(), "a.html")
    assert [child.content for child in seen.children] == [ARCHIVE]


@pytest.mark.parametrize(
    ("markup", "fact", "detail"),
    [
        ('<form action="https://a.test/p"><input value="<" TYPE=password>', "html.password-form", "https://a.test/p"),
        ("<meta http-equiv=Refresh content='0; URL=https://a.test/'>", "html.redirect", "https://a.test/"),
        ('<iframe src="https://a.test/f">', "html.frame", "https://a.test/f"),
        ('<a href="search-ms:query=x&crumb=location:x">', "html.opens-handler", "search-ms:query=x&crumb=location:x"),
        ('<img src="file://192.0.2.1/x">', "html.opens-handler", "file://192.0.2.1/x"),
        ("<a href='\\\\192.0.2.1@80\\x'>", "html.opens-handler", "\\\\192.0.2.1@80\\x"),
    ],
)
def test_what_leads_on_is_named(markup, fact, detail):
    seen = examined(f"<html>{markup}</html>".encode(), "a.html")
    assert (fact, detail) in [(one.name, one.detail) for one in seen.findings]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Hello <a href='https://a.test/'>there</a>",
        "<meta charset=utf-8><style>p{}</style><img src='cid:x'>",
        "<img src='data:image/png;base64,iVBORw0KGgo='>",
        "<table><tr><td>please type your password</td></tr></table>",
    ],
)
def test_an_ordinary_page_says_nothing(markup):
    seen = examined(f"<html>{markup}</html>".encode(), "a.html")
    assert (seen.findings, seen.children, seen.state) == ((), (), State.INSPECTED)


def test_analytics_script_is_no_smuggling():
    seen = examined(page("window.dataLayer=[];function gtag(){dataLayer.push(arguments)}"), "a.html")
    assert names_of(seen) == {"html.script"}


def test_a_wide_page_is_read():
    seen = examined("<html><form action='x'><input type='password'>".encode("utf-16"), "a.html")
    assert "html.password-form" in names_of(seen)


@pytest.mark.parametrize(
    "piece", ['<a "', "<script>", "data:,", "<form a=", "<input \"'", "=\\\\ ", "<meta http-equiv=refresh "]
)
def test_repetition_does_not_slow_it(piece):
    examined(("<html>" + piece * 50_000).encode(), "a.html")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<script>",
                "</script>",
                "<form ",
                "<input type=password",
                ">",
                "'",
                '"',
                "data:",
                ";base64,",
                "AAAA",
                "=",
                "\\\\",
                "<meta ",
            ]
        ),
        max_size=60,
    )
)
def test_any_markup_is_read_without_a_crash(pieces):
    assert examined(("<html>" + "".join(pieces)).encode(), "a.html").state is not State.CRASHED
