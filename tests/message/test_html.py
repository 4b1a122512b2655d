"""What an HTML mail shows, what it hides, and where it leads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.message import html, styles
from seriema.model.limits import Limits

SECRET = "cannot see"

HIDING = [
    '<p style="display:none">cannot see</p>',
    '<p style="DISPLAY : NONE ! important">cannot see</p>',
    '<div style="display:none"><p>cannot see</p></div>',
    '<p style="visibility: hidden">cannot see</p>',
    '<p style="font-size:0">cannot see</p>',
    '<p style="font-size: 1px">cannot see</p>',
    '<p style="opacity:0">cannot see</p>',
    '<p style="opacity:0.0">cannot see</p>',
    '<p style="max-height:0;overflow:hidden">cannot see</p>',
    '<p style="width:0px;height:0px;overflow:hidden">cannot see</p>',
    '<p style="position:absolute;left:-9999px">cannot see</p>',
    '<p style="text-indent:-9999em">cannot see</p>',
    '<p style="mso-hide:all">cannot see</p>',
    '<p style="color:white">cannot see</p>',
    '<p style="color:#FFF">cannot see</p>',
    '<p style="color: rgb(254, 254, 254)">cannot see</p>',
    '<p style="color:transparent">cannot see</p>',
    '<font color="#ffffff">cannot see</font>',
    '<table bgcolor="#336699"><tr><td><font color="#336699">cannot see</font></td></tr></table>',
    '<div style="background:#222;color:#222">cannot see</div>',
    "<p hidden>cannot see</p>",
    "<style>.x{display:none}</style><p class='a x'>cannot see</p>",
    "<style>p.x, #y { font-size:0 }</style><p id=y>cannot see</p>",
    "<style>@media print { .z {color:red} } .x{visibility:hidden}</style><p class=X>cannot see</p>",
    '<input type="hidden" value="cannot see">',
    '<p style="transform:scale(0)">cannot see</p>',
]

SHOWING = [
    '<p style="display:block">can see</p>',
    '<p style="color:white;background:black">can see</p>',
    '<table bgcolor="navy"><tr><td><font color="white">can see</font></td></tr></table>',
    '<table background="x.png"><tr><td style="color:white">can see</td></tr></table>',
    '<div style="font-size:0"><span style="font-size:12px">can see</span></div>',
    '<p style="opacity:0.9">can see</p>',
    '<p style="margin-left:-5px">can see</p>',
    '<p style="height:0">can see</p>',
    "<style>.x{display:none}</style><p class='y'>can see</p>",
    '<p style="color:#eee">can see</p>',
    "<noscript>can see</noscript>",
    '<input type="submit" value="can see">',
]


def read(source: str) -> html.Seen:
    return html.read(source, Limits())


@pytest.mark.parametrize("source", HIDING)
def test_hidden_text_is_kept_apart(source):
    seen = read(f"<body>before {source} after")
    assert SECRET in seen.hidden
    assert SECRET not in seen.visible
    assert seen.visible.split() == ["before", "after"]


@pytest.mark.parametrize("source", SHOWING)
def test_visible_text_is_not_taken_for_hidden(source):
    seen = read(f"<body>{source}</body>")
    assert "can see" in seen.visible
    assert seen.hidden == ""


LINES = {
    "a<br>b": "a\nb",
    "<p>a</p><p>b</p>": "a\n\nb",
    '<p class="MsoNormal">a</p><p class="MsoNormal">b</p>': "a\nb",
    "<div>a</div><div>b</div>": "a\nb",
    "<div>a<div>b</div></div>c": "a\nb\nc",
    "a  \n  b": "a b",
    "a <b> b</b>": "a b",
    "<pre>a\n  b</pre>": "a\n  b",
    "<ul><li>a</li><li>b</li></ul>": "* a\n* b",
    "<table><tr><td>Password</td><td>abc</td></tr><tr><td>x</td></tr></table>": "Password\tabc\nx",
    "a&nbsp;b &amp; &#x2019;": "a\xa0b & ’",
    "<blockquote>a<br>b<blockquote>c</blockquote></blockquote>d": "> a\n> b\n> > c\n>\nd",
    "a<hr>b": "a\n" + "_" * 32 + "\nb",
    "x<script>no()</script><style>p{}</style>y": "xy",
    'a<div class="gmail_signature">Ann</div>': "a\n--\nAnn",
    'a<div>-- <br><div class="gmail_signature">Ann</div></div>': "a\n-- \nAnn",
    "<!-- a --><![if !mso]>b<![endif]>": "b",
    "ab<wbr>cd": "abcd",
    "pass<b>word</b>: <i>7</i><i>7</i><i>7</i>": "password: 777",
}


@pytest.mark.parametrize("source", LINES)
def test_lines_are_where_a_reader_sees_them(source):
    assert read(source).visible == LINES[source]


def test_comments_and_title_are_aside():
    seen = read("<title>T</title><!-- one --><!--[if mso]><p>two</p><![endif]-->")
    assert seen.aside.split() == ["T", "one", "two"]


def test_alternative_texts_of_pictures():
    assert read('<img alt="the password is 777"><img title="t"><img>').alt == "the password is 777\nt"


LINKS = {
    '<a href="http://x.example/a">here</a>': [("here", "http://x.example/a")],
    '<a href=" ht\ntp://x.example/\ta ">here</a>': [("here", "http://x.example/a")],
    '<base href="http://x.example/d/"><a href="a">h</a>': [("h", "http://x.example/d/a")],
    '<a href="http://x.example"><img alt="Invoice"></a>': [(" Invoice ", "http://x.example")],
    '<map><area href="http://x.example"></map>': [("", "http://x.example")],
    '<form action="http://x.example"><button formaction="http://y.example">go</button></form>': [
        ("", "http://x.example"),
        ("", "http://y.example"),
    ],
    '<meta http-equiv="Refresh" content="0; URL=\'http://x.example/\'">': [("", "http://x.example/")],
    '<iframe src="http://x.example"></iframe>': [("", "http://x.example")],
    '<object data="http://x.example"></object>': [],
    '<svg><a xlink:href="http://x.example">s</a></svg>': [("s", "http://x.example")],
    '<a href="#top">up</a><a>none</a><a href="">empty</a>': [],
    '<a href="file://host/share">s</a>': [("s", "file://host/share")],
    '<a href="http://x.example">one<a href="http://y.example">two</a>': [
        ("one", "http://x.example"),
        ("two", "http://y.example"),
    ],
}


@pytest.mark.parametrize("source", LINKS)
def test_links_with_shown_and_real_target(source):
    assert [(shown, target) for _, shown, target in read(source).links] == LINKS[source]


def test_a_hidden_link_is_marked():
    assert read('<p hidden><a href="http://x.example">y</a></p>').links == ((-1, "y", "http://x.example"),)


@pytest.mark.parametrize("unit", ["<div>", "<ul><li>", "<b>", "<table>", "<blockquote>", "<i><div>", "<a href=x>"])
def test_deep_nesting_is_cut_and_its_text_kept(unit):
    seen = read(unit * 5000 + "the end")
    assert "the end" in seen.visible


def test_thousands_of_attributes_are_cut():
    seen = read("<p " + "".join(f"a{n} " for n in range(20_000)) + ">text</p>")
    assert "text" in seen.visible
    assert "mail.limit-html" in seen.repairs


def test_text_beyond_the_limit_is_cut_and_said():
    seen = html.read("<p>" + "word " * 1000, Limits(text_chars=100))
    assert len(seen.visible) <= 100
    assert seen.repairs


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from([*HIDING, *SHOWING, *LINES, *LINKS, "<", ">", "<!--", "&#xD800;", "</div>"]), max_size=12)
)
def test_any_mixture_gives_valid_text(pieces):
    seen = read("".join(pieces))
    (seen.visible + seen.hidden + seen.aside + seen.alt).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#fff", (255, 255, 255)),
        ("FFFFFF", (255, 255, 255)),
        ("rgb(1,2,3)", (1, 2, 3)),
        ("rgba(1,2,3,0)", None),
        ("x", None),
    ],
)
def test_colours(text, colour):
    assert styles.colour(text) == colour
