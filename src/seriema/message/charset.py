"""Bytes and a charset label → text, whatever the label says (RFC 2046, 4.1.2; the WHATWG Encoding labels).

Labels are claims: a label that is unknown, missing or contradicted by the bytes is replaced by a guess, and said so.
Only codecs of the table below are ever looked up, all of them at import: a worker that is locked in cannot load one
later, and Python's own registry also holds things that are no charsets ("hex", "idna", "unicode_escape").
"""

import codecs
import contextlib
import re
from pathlib import Path

from seriema.message.guess import guess

_LABEL = re.compile(r"[^a-z0-9]+")


def _table() -> dict[str, codecs.CodecInfo]:
    """``charsets.txt``: a Python codec, then the labels it is the best reading of, compared without punctuation."""
    table: dict[str, codecs.CodecInfo] = {}
    lines = Path(__file__).with_name("charsets.txt").read_text(encoding="ascii").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            codec, *labels = line.split()
            info = codecs.lookup(codec)
            table.update((_LABEL.sub("", label.lower()), info) for label in (codec, *labels))
    return table


_CODECS = _table()
_ISO_2022_JP = codecs.lookup("iso2022_jp_ext").name
_SEVEN_BIT = frozenset(codecs.lookup(name).name for name in ("iso2022_jp_ext", "iso2022_kr", "hz", "utf-7"))
_UTF_16 = frozenset(codecs.lookup(name).name for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"))
_WESTERN = codecs.lookup("cp1252").name
_SAMPLE = 4096
_HIGH_BYTES = bytes(range(0x80, 0x100))
_JIS = range(0x21, 0x7F)  #: bytes of two-byte JIS sets
_HALF_WIDTH = range(0x21, 0x60)  #: bytes of half-width katakana
_LATER_ROWS = 0x5F  #: CP932 leaves a gap in its lead bytes from this row on
_PAST_DELETE = 0x60  #: and one in its trail bytes, at 0x7F
_SURROGATES = re.compile("[\ud800-\udfff]")
_JIS_SEGMENT = re.compile(rb"\x1b(\$[@B]|\$\([DQO]|\([BJI])")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(data: bytes, label: str) -> tuple[str, tuple[str, ...]]:
    """The text of ``data`` and the names of what had to be repaired. Never fails; the text is valid Unicode.

    NULs and lone surrogates do not survive it: this is where text enters.
    """
    if data.isascii() and b"\x1b" not in data and b"\0" not in data and not label.startswith(("utf-7", "UTF-7")):
        info = known(label) if label else None
        if info is None or info.name not in _UTF_16 | _SEVEN_BIT:
            return data.decode("ascii"), () if info or not label else ("mail.charset-unknown",)
    text, repairs = _decode(data, label)
    if "\0" in text:
        text = text.replace("\0", "")
        repairs = (*repairs, "mail.nul")
    return text, repairs


def known(label: str) -> codecs.CodecInfo | None:
    """The codec a label stands for, or None."""
    words = label.split()
    return _CODECS.get(_LABEL.sub("", words[0].lower())) if words else None


def _decode(data: bytes, label: str) -> tuple[str, tuple[str, ...]]:
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return _tolerant(data[len(bom) :], codec)
    info = known(label) if label else None
    found = _switched(data, info, label)
    if found is not None:
        return found
    if info is None:
        text, codec = guess(data)
        missing = "mail.charset-unknown" if label else "mail.charset-missing"
        return text, (missing, *(("mail.undecodable",) if "\ufffd" in text else ()))
    return _as_labelled(data, info)


def _switched(data: bytes, info: codecs.CodecInfo | None, label: str) -> tuple[str, tuple[str, ...]] | None:
    """ISO-2022-JP under another label or none: its escape sequences are in no other text."""
    if b"\x1b" not in data or (info is not None and info.name in _SEVEN_BIT | _UTF_16) or not _JIS_SEGMENT.search(data):
        return None
    text, repairs = _iso_2022_jp(data)
    wrong = "mail.charset-wrong" if info else "mail.charset-unknown" if label else "mail.charset-missing"
    return None if "\ufffd" in text else (text, (wrong, *repairs))


def _as_labelled(data: bytes, info: codecs.CodecInfo) -> tuple[str, tuple[str, ...]]:
    """The text by its label, unless the bytes plainly contradict it."""
    if info.name == "utf-7":
        text, repairs = _tolerant(data, "utf-7")
        return text, ("mail.utf-7", *repairs)
    if info.name == _ISO_2022_JP:
        return _iso_2022_jp(data)
    if info.name == _WESTERN and (other := _not_western(data)):
        return other, ("mail.charset-wrong",)
    try:
        return info.decode(data, "strict")[0], ()
    except UnicodeError:
        if info.name == _WESTERN:
            return _tolerant(data, _WESTERN)
    return _contradicted(data, info)


def _contradicted(data: bytes, info: codecs.CodecInfo) -> tuple[str, tuple[str, ...]]:
    """Bytes that their label cannot decode: a slip here and there, or another charset altogether."""
    tolerant, repairs = _tolerant(data, info.name)
    damage = tolerant.count("\ufffd")
    if damage * 50 < _high(data):
        return tolerant, repairs  # a slip in text that is otherwise what the label says, or a cut at its end
    text, _ = guess(data)
    if text.count("\ufffd") >= damage:
        return tolerant, repairs
    return text, ("mail.charset-wrong", *(("mail.undecodable",) if "\ufffd" in text else ()))


def _tolerant(data: bytes, codec: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(codec, "replace")
    if _SURROGATES.search(text):  # UTF-7 can spell them
        text = _SURROGATES.sub("\ufffd", text)
    return text, ("mail.undecodable",) if "\ufffd" in text else ()


def _not_western(data: bytes) -> str:
    """The text when bytes labelled Latin-1 or ASCII are plainly something else, or "".

    UTF-8's sequences are rare by chance, and no language of the label writes a third of its letters with accents.
    """
    with contextlib.suppress(UnicodeDecodeError):
        text = data.decode("utf-8")
        if not text.isascii():
            return text
    if _high(data) * 3 < len(data[:_SAMPLE]):
        return ""
    text, codec = guess(data)
    return "" if codec == _WESTERN else text


def _high(data: bytes) -> int:
    """How many of the first bytes are not ASCII."""
    sample = data[:_SAMPLE]
    return len(sample) - len(sample.translate(None, _HIGH_BYTES))


def _iso_2022_jp(data: bytes) -> tuple[str, tuple[str, ...]]:
    """ISO-2022-JP as Windows writes it: JIS X 0208 with the NEC and IBM rows, read through CP932 (RFC 1468)."""
    out: list[str] = []
    state, position = b"(B", 0
    for escape in (*_JIS_SEGMENT.finditer(data), None):
        end = escape.start() if escape else len(data)
        out.append(_jis_segment(data[position:end], state))
        if escape:
            state, position = escape[1], escape.end()
    text = "".join(out)
    return text, ("mail.undecodable",) if "\ufffd" in text else ()


def _jis_segment(data: bytes, state: bytes) -> str:
    if not data:
        return ""
    if state in (b"$B", b"$@"):
        return _jis_to_cp932(data).decode("cp932", "replace")
    if state.startswith(b"$("):
        return (b"\x1b" + state + data).decode("iso2022_jp_ext", "replace")
    if state == b"(I":
        return bytes(byte | 0x80 if byte in _HALF_WIDTH else byte for byte in data).decode("cp932", "replace")
    return data.decode("ascii") if data.isascii() else guess(data)[0]


def _jis_to_cp932(data: bytes) -> bytes:
    """Two JIS bytes to two of CP932; line ends inside an unclosed segment stay as they are."""
    out = bytearray()
    position, end = 0, len(data)
    while position < end:
        first = data[position]
        if first not in _JIS or position + 1 >= end:
            out.append(first)
            position += 1
            continue
        second = data[position + 1]
        position += 2
        if second not in _JIS:
            out += b"?"
            continue
        lead = (first + 1) // 2 + (0x70 if first < _LATER_ROWS else 0xB0)
        trail = second + (0x1F if first % 2 and second < _PAST_DELETE else 0x20 if first % 2 else 0x7E)
        out += bytes((lead, trail))
    return bytes(out)
