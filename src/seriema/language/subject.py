"""The base subject: what two mails of one conversation share, whatever their clients put around it.

Follows RFC 5256, 2.1, with the prefixes of many languages (``data/subjects.toml``), the full-width colon, and one
exception: a leading "[…]" is taken away as a list's or gateway's tag only while it holds no digit, because ticket
numbers tell conversations apart.
"""

import re
from functools import cache, lru_cache

from seriema.language.text import fold, plain
from seriema.language.vocabulary import languages_of

#: A longer subject is cut; RFC 5322 lines have 998 characters.
LONGEST = 1_000
#: Prefixes taken away at most.
ROUNDS = 50

_COUNTER = r"(?:\s?[\[(]\s?\d{1,4}\s?[\])]|\s?\^\s?\d{1,4}|\s?\*\s?\d{1,4}|\d{1,3})?"
_TAG = re.compile(r"\[[^\[\]\d]{0,60}\]\s*")
_TRAILER = re.compile(r"\s*\((?:fwd|fw|wg|rv|tr)\)\s*\Z")
_WRAPPED = re.compile(r"\[\s?(?:fwd|fw)\s?:\s?(.{0,1000})\]\Z", re.DOTALL)


@cache
def _prefix() -> re.Pattern[str]:
    words = {*languages_of("subjects", "reply"), *languages_of("subjects", "forward")}
    longest_first = sorted((re.escape(fold(plain(word))) for word in words), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(longest_first)})\.?{_COUNTER}\s?[:∶]\s*")


def load() -> None:
    """Compile what ``base_subject`` needs."""
    _prefix()


@lru_cache(1_024)  # asked several times for every mail
def base_subject(subject: str) -> str:
    """The subject without reply and forward prefixes, list tags and trailers, white space normalised, case kept.

    Never empty where the subject is not: a subject that is nothing but a prefix or a tag stays as it is.
    """
    base = " ".join(plain(subject[:LONGEST]).split())
    for _ in range(ROUNDS):
        shorter = _shorter(base)
        if shorter == base or not shorter:
            break
        base = shorter
    return base


def is_reply_subject(subject: str) -> bool:
    """The subject begins with a reply or forward prefix of some language, a list tag before it allowed."""
    folded = fold(" ".join(plain(subject[:LONGEST]).split()))
    return bool(_prefix().match(_TAG.sub("", folded, count=1) if folded.startswith("[") else folded))


def _shorter(base: str) -> str:
    """One prefix, tag or trailer less; the same text when there is none."""
    folded = fold(base)
    if trailer := _TRAILER.search(folded):
        return base[: trailer.start()].strip()
    if prefix := _prefix().match(folded):
        return base[prefix.end() :].strip()
    if wrapped := _WRAPPED.match(folded):
        return base[wrapped.start(1) : wrapped.end(1)].strip()
    if tag := _TAG.match(base):
        return base[tag.end() :].strip()
    return base
