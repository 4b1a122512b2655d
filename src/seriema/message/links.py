"""Links: URLs in running text, and where a link stands (RFC 3986; what mail clients turn into links by themselves)."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.message import Link, Message

_MAX_TARGET = 4_096
_MAX_SHOWN = 500
_URL = re.compile(
    r"(?<![A-Za-z0-9_@/.-])(?:(?:https?|ftps?|file|smb|webdavs?)://|www\.|search-ms:|ms-[a-z]{2,20}:|\\\\[\w.-]+[\\@])"
    r"[^\s<>\"'`{}|^\u3000-\u30ff\uff01-\uff60]{2,4000}",
    re.IGNORECASE,
)
_MARKS = ("://", "www.", "\\\\", "ms-", "-ms:")  #: one of them is in every URL
_TRAILING = ".,;:!?)]*_~»”’"
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}:|\\\\|//")
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")


def in_text(text: str, limit: int) -> list[tuple[int, str]]:
    """Offsets and URLs in a text, in order, at most ``limit``; sentence punctuation after them is left off."""
    found: list[tuple[int, str]] = []
    lower = text.lower()
    marks = [mark for mark in _MARKS if mark in lower]
    position = 0
    lines = zip(text.splitlines(keepends=True), lower.splitlines(), strict=True) if marks else ()
    for line, folded in lines:  # most hold none, and no URL goes beyond its line
        if any(map(folded.__contains__, marks)):
            for match in _URL.finditer(line):
                if len(found) >= limit:
                    return found
                found.append((position + match.start(), _trimmed(match.group())))
        position += len(line)
    return found


def _trimmed(url: str) -> str:
    url = url.rstrip(_TRAILING) if url.count("(") < url.count(")") or url[-1] != ")" else url
    return url or ""


def target(reference: str, base: str = "") -> str:
    """Where a link of HTML leads: white space and control characters removed as browsers do, joined with the base."""
    bare = _CONTROL.sub("", reference[:_MAX_TARGET])
    if not base or _SCHEME.match(bare):
        return bare
    try:
        return urljoin(base, bare)
    except ValueError:
        return bare


def link(shown: str, where: str, place: str) -> Link:
    """A link with its shown text on one line."""
    return Link(" ".join(shown[: 4 * _MAX_SHOWN].split())[:_MAX_SHOWN], where, place)


def link_facts(read: Message, artifact: str) -> Iterator[Indicator | Finding]:
    """The links of this mail's own words; those of quoted mails were somebody else's."""
    seen: set[str] = set()
    for link in read.links:
        if link.place != "quoted" and link.target and link.target not in seen:
            seen.add(link.target)
            yield Indicator(IndicatorType.URL, link.target, "link", artifact)
        if link.shown and _leads_elsewhere(link.shown, link.target):
            yield Finding(
                "mail.link-shows-another-address", artifact, link.place, f"{link.shown} leads to {link.target}"
            )


def _leads_elsewhere(shown: str, target: str) -> bool:
    """The text shown is itself an address, of another host than the link's."""
    return _host(shown) != "" and _host(target) != "" and _host(shown) != _host(target)


def _host(url: str) -> str:
    """Host of a URL written with its scheme, in lower case without ``www.``; "" for anything else."""
    scheme, separator, rest = url.strip().partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return ""
    return rest.partition("/")[0].rpartition("@")[2].lower().removeprefix("www.")
