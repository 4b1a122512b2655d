"""URLs in running text, and the piece of the mail that each link stands in."""

import pytest
from tests.builders.mail import mail

from seriema.message import links, parse
from seriema.model.limits import Limits

URLS = {
    "see http://x.example/a.": ["http://x.example/a"],
    "(http://x.example/a)": ["http://x.example/a"],
    "http://x.example/a_(b)": ["http://x.example/a_(b)"],
    "<https://x.example/?q=1&r=2>": ["https://x.example/?q=1&r=2"],
    "www.x.example/a, or": ["www.x.example/a"],
    "HTTP://X.EXAMPLE": ["HTTP://X.EXAMPLE"],
    "詳細はhttp://x.example/aをご覧": ["http://x.example/a"],
    "リンク：http://x.example/a。次": ["http://x.example/a"],
    r"\\host.example@80\share\a.js": [r"\\host.example@80\share\a.js"],
    "file://host/share/a": ["file://host/share/a"],
    "ann@www.x.example": [],
    "no link here: a://": [],
    "search-ms:query=a&crumb=b": ["search-ms:query=a&crumb=b"],
}


@pytest.mark.parametrize("text", URLS)
def test_urls_in_text(text):
    assert [url for _, url in links.in_text(text, 10)] == URLS[text]


def places(raw: bytes) -> dict[str, str]:
    return {link.target: link.place for link in parse(raw, Limits(), ()).message.links}


def test_links_stand_in_the_reply_or_in_the_quotation():
    raw = mail("See http://new.example/\n\nOn 6 July 2020, Ann <ann@a.example> wrote:\n> see http://old.example/\n")
    assert places(raw) == {"http://new.example/": "reply", "http://old.example/": "quoted"}


def test_a_hidden_link_is_hidden():
    raw = mail('<p>Hi</p><p style="display:none"><a href="http://h.example/">x</a></p>', "Content-Type: text/html\n")
    assert places(raw) == {"http://h.example/": "hidden"}


def test_a_link_whose_text_is_another_address_keeps_both():
    raw = mail('<a href="http://evil.example/">http://bank.example/</a>', "Content-Type: text/html\n")
    (link,) = parse(raw, Limits(), ()).message.links
    assert (link.shown, link.target) == ("http://bank.example/", "http://evil.example/")


def test_more_links_than_the_limit_are_said():
    raw = mail(" ".join(f"http://x{n}.example/" for n in range(30)))
    parsed = parse(raw, Limits(links=10), ())
    assert len(parsed.message.links) == 10
    assert "mail.limit-links" in {finding.name for finding in parsed.findings}
