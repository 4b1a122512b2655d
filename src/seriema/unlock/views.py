"""A text as it is written and as it is meant: the tricks of writing taken out, every offset kept.

Lures write ``パスワード：ａｂｃ１２３`` or ``“777”``, or hide zero-width spaces. The plain view has one kind of
space, quote, dash, colon and digit and no invisible characters; the raw form of any piece of it can always be had back.
Character properties are Unicode's (UAX 44); the full-width forms are those of block U+FF00.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from seriema.unlock.words import exchanged, folded

_SPACES = "\t\x0b\x0c\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_BREAKS = "\r\x1c\x1d\x1e\x85\u2028\u2029"
_WRITINGS = (
    (" ", _SPACES),
    ("\n", _BREAKS),
    ('"', "“”„‟«»‹›「」『』〝〞〟❝❞｢｣"),
    ("'", "‘’‚‛′`´❛❜"),
    ("-", "‐‑‒–—―−﹣⁃"),
    (":", "﹕︓꞉∶ː։᛬"),
    (".", "。｡․﹒"),
    (",", "、､﹐،"),
    ("=", "﹦≔"),
    ("(", "（【〔〖〘❨"),
    (")", "）】〕〗〙❩"),
    ("<", "〈《"),
    (">", "〉》→⇒➔➜►▶"),
    ("|", "│┃║¦｜"),
    ("*", "•●▪◦∙"),
)
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u17b4\u17b5\u180e\u20e3\ufeff"
    + "".join(
        map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)))
    )
    + "".join(map(chr, range(0xE0001, 0xE0080)))
)
#: Letters and digits in another dress: full-width, mathematical, enclosed, superscript.
_DRESSED = (
    range(0xFF01, 0xFF5F),
    range(0x1D400, 0x1D800),
    range(0x2460, 0x2500),
    range(0x2070, 0x209D),
    range(0xAA, 0xBB),
)


def _plain_table() -> dict[str, str]:
    table = {each: meant for meant, written in _WRITINGS for each in written}
    for block in _DRESSED:
        for letter in map(chr, block):
            bare = unicodedata.normalize("NFKC", letter)
            if len(bare) == 1 and bare.isascii() and bare.isprintable():
                table.setdefault(letter, table.get(bare, bare))
    for letter in map(chr, range(0x0660, 0x1FBFA)):
        digit = unicodedata.decimal(letter, None)
        if digit is not None:
            table.setdefault(letter, str(digit))
    return table


_PLAIN = _plain_table()
_PLAIN_POINTS = {ord(written): meant for written, meant in _PLAIN.items()}
_GONE = frozenset(_INVISIBLE)
_DROPPED = dict.fromkeys(map(ord, _INVISIBLE))


@dataclass(frozen=True, slots=True)
class View:
    """One text. ``plain`` and ``folded`` have the same offsets; ``raw`` may be longer by what cannot be seen."""

    raw: str
    plain: str
    folded: str
    places: Sequence[int] | None = None  #: offset in ``plain`` → offset in ``raw``, where they differ

    def written(self, start: int, end: int) -> str:
        """The raw form of ``plain[start:end]``, what is invisible inside it included."""
        if self.places is None:
            return self.raw[start:end]
        return self.raw[self.places[start] : self.places[end - 1] + 1] if end > start else ""


#: Tags of HTML that a text part or a quoted mail may still hold; others may be a password in angle brackets.
_TAG = re.compile(
    r"</?(?:a|b|body|br|code|div|em|font|h[1-6]|i|li|p|pre|span|strong|t[dhr]|table|u|ul)\b[^<>]{0,300}>", re.IGNORECASE
)


def _untagged(plain: str) -> str:
    return _TAG.sub(lambda tag: " " * len(tag.group()), plain) if "<" in plain else plain


def view(text: str) -> View:
    """Both views of a text."""
    if text.isascii():
        plain = _untagged(text.replace("\t", " ").replace("\r", "\n"))
        return View(text, plain, plain.lower())
    raw = unicodedata.normalize("NFC", text)
    seen, places = raw, None
    if not _GONE.isdisjoint(raw):
        seen = raw.translate(_DROPPED)
        places = [place for place, character in enumerate(raw) if character not in _GONE]
    plain = _untagged(exchanged(seen, _PLAIN, _PLAIN_POINTS))
    return View(raw, plain, folded(plain), places)


#: Cyrillic and Greek letters that look like Latin ones (a part of UTS 39, confusables).
_LOOKALIKES = {
    ord(pair[0]): pair[1]
    for pair in (  # noqa: SIM905 - pairs read better in rows
        "АA ВB ЕE З3 КK МM НH ОO РP СC ТT УY ХX ЅS ІI ЈJ ҮY ԌG аa еe оo рp сc уy хx іi јj ѕs һh ԁd ԛq ԝw "
        "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX οo αa ρp νv υu ιi κk τt χx γy"
    ).split()
}


_LOOKALIKES_BACK = {
    ord(pair[0]): pair[1]
    for pair in "AА BВ EЕ KК MМ HН OО PР CС TТ YУ XХ aа eе oо pр cс yу xх kк mм tт".split()  # noqa: SIM905 - the same
}
_OTHER_LETTER = "[Α-Ωα-ωА-Яа-я]"
_ANY_OTHER = re.compile(_OTHER_LETTER)
_MIXED = re.compile(f"[A-Za-z](?:(?={_OTHER_LETTER})|(?<={_OTHER_LETTER}[A-Za-z]))")


def mixed(text: str) -> bool:
    """Latin and Cyrillic or Greek letters side by side, as in words whose letters only look Latin or Cyrillic."""
    return not text.isascii() and _ANY_OTHER.search(text) is not None and _MIXED.search(text) is not None


def cyrillicised(text: str) -> str:
    """The other way round, for words whose letters only look Cyrillic; offsets stay."""
    return text.translate(_LOOKALIKES_BACK)


def latinised(text: str) -> str:
    """The text with letters that only look Latin made Latin; offsets stay."""
    return text if text.isascii() else text.translate(_LOOKALIKES)
