"""Header text: raw bytes and encoded words → Unicode (RFC 2047, RFC 6532), as lenient as mail clients are.

Raw eight-bit text and encoded words may stand in one value; a character may be split over two encoded words, which
the standard forbids and many clients write. One pass, linear.
"""

import binascii
import re

from seriema.message.charset import decode as decode_charset
from seriema.message.transfer import base64

_WORD = re.compile(r"=\?([^?\s\"]{1,60})\?([BbQq])\?([^?]*)\?=")
#: Some senders leave raw question marks in Q words; read only where the strict form does not match.
_LOOSE = re.compile(r"=\?([^?\s\"]{1,60})\?([Qq])\?([^\s]*?)\?=(?=\s|\Z)")
_MAX_WORDS = 2_000


def decode(raw: str) -> tuple[str, tuple[str, ...]]:
    """The readable text of a raw header value (Latin-1, one character a byte) and what was repaired."""
    if "=?" not in raw:
        return (raw, ()) if raw.isascii() else _raw(raw)
    out: list[str] = []
    repairs: list[str] = []
    run: list[tuple[str, bytes]] = []
    position = 0
    for number, word in enumerate(_WORD.finditer(raw)):
        if number >= _MAX_WORDS:
            break
        between = raw[position : word.start()]
        if between.strip(" \t\r\n") or not run:
            _flush(run, out, repairs)
            out.append(_between(between, repairs))
        run.append((word[1].partition("*")[0], _content(word[2], word[3], repairs)))
        position = word.end()
    _flush(run, out, repairs)
    out.append(_between(raw[position:], repairs))
    return "".join(out), tuple(dict.fromkeys(repairs))


def _raw(raw: str) -> tuple[str, tuple[str, ...]]:
    text, repairs = decode_charset(raw.encode("latin-1"), "")
    return text, ("mail.eight-bit-header", *(name for name in repairs if name != "mail.charset-missing"))


def _between(raw: str, repairs: list[str]) -> str:
    if "=?" in raw:
        repairs.append("mail.encoded-word-broken")
        raw = _LOOSE.sub(_loose_word, raw) if len(raw) < 2000 else raw  # noqa: PLR2004 - bounds the lazy match
    if raw.isascii():
        return raw
    text, more = _raw(raw)
    repairs.extend(more)
    return text


def _loose_word(word: re.Match[str]) -> str:
    text = decode_charset(_q(word[3]), word[1])[0]
    return text if text.isascii() else text.encode("utf-8").decode("latin-1")  # decoded as UTF-8 right after


def _content(encoding: str, text: str, repairs: list[str]) -> bytes:
    if encoding in "Qq":
        return _q(text)
    content = base64("".join(text.split()).encode("latin-1"))
    if content.repairs:
        repairs.append("mail.encoded-word-broken")
    return content.content


def _q(text: str) -> bytes:
    return binascii.a2b_qp(text.replace("_", " ").replace(" ", "=20").encode("latin-1"), header=False)


def _flush(run: list[tuple[str, bytes]], out: list[str], repairs: list[str]) -> None:
    """Decode a run of neighbouring words; those of one charset are joined first, for split characters."""
    start = 0
    while start < len(run):
        charset = run[start][0]
        stop = start
        while stop < len(run) and run[stop][0].lower() == charset.lower():
            stop += 1
        joined = _joined([content for _, content in run[start:stop]], charset)
        text, more = decode_charset(joined, charset)
        repairs.extend("mail.encoded-word-broken" if name == "mail.undecodable" else name for name in more)
        out.append(text)
        start = stop
    run.clear()


def _joined(contents: list[bytes], charset: str) -> bytes:
    """Escape-driven charsets start each word anew in ASCII, so nothing may carry over (RFC 2047, 3)."""
    joiner = b"\x1b(B" if charset.lower().startswith("iso-2022-jp") else b""
    return joiner.join(contents)
