"""Hostile text made harmless to look at: no link to click, no control character to steer a terminal."""

import re
import unicodedata

_LINK = re.compile(r"\b(https?|ftp)://([^\s/?#]+)", re.IGNORECASE)
#: Characters that change the direction or order of what is shown (UAX 9), and that a file name hides behind.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def defanged(text: str) -> str:
    """``http://a.test/x`` as ``hxxp://a[.]test/x``; text without a link is returned unchanged."""
    return _LINK.sub(_crossed, text) if "://" in text else text


def _crossed(match: re.Match[str]) -> str:
    scheme = match[1].replace("t", "x").replace("T", "X")
    return f"{scheme}://{match[2].replace('.', '[.]')}"


def visible(text: str, longest: int = 400) -> str:
    """One line without control or direction-changing characters, each shown as U+FFFD, cut at ``longest``."""
    shown = "".join("\ufffd" if one in _BIDI or unicodedata.category(one) in ("Cc", "Cs") else one for one in text)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def prose(text: str, longest: int = 400) -> str:
    """Hostile text as it may stand in a sentence, a terminal or a page."""
    return defanged(visible(text, longest))
