"""Set phrases of short letters, in many languages (``language/data/requests.toml``)."""

from functools import cache

from seriema.language import Phrases, fold, languages_of, plain

#: Characters of a text that are looked at.
READ = 2_000


@cache
def _phrases(kind: str) -> Phrases:
    said = languages_of("requests", kind)
    return Phrases({fold(plain(phrase)): languages for phrase, languages in said.items()}, stems=True)


def said(text: str, kind: str) -> str:
    """The first phrase of that kind (look, help, held) that a text holds, as it stands there; "" without one."""
    known = plain(text[:READ]).replace("’", "'")
    hit = next(_phrases(kind).find(fold(known)), None)
    return " ".join(known[hit.start : hit.end].split()) if hit else ""
