"""Content-Transfer-Encoding: bytes as sent → bytes as meant (RFC 2045, 6; uuencode per POSIX; yEnc 1.3).

Every decoder is linear and keeps going: clients differ in what they make of broken encodings, so what could be decoded
is decoded, what was repaired is named, and where two readings are common both are returned.
"""

import binascii
import re
from dataclasses import dataclass

_WHITE = b"\r\n\t \x0b\x0c"
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_JUNK = bytes(set(range(256)) - set(_ALPHABET))
_PADDED = re.compile(rb"[^=]+=*")
_MAX_PIECES = 1_000
_SAMPLE = 4_096
_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*(?:[\r\n]|\Z))")
_SOFT_BREAK = re.compile(rb"=[ \t]*(?:\r\n|\r|\n)")
_ODD_BREAK = re.compile(rb"=(?:[ \t]+[\r\n]|\r(?!\n))")
_LOOKS_BASE64 = re.compile(rb"\s*(?:[A-Za-z0-9+/]{60,76}\r?\n){2}")

#: Labels as met in real mail, compared without spaces, quotes and case.
LABELS = {
    "": "identity",
    "7bit": "identity",
    "8bit": "identity",
    "binary": "identity",
    "7-bit": "identity",
    "8-bit": "identity",
    "8bits": "identity",
    "7bits": "identity",
    "none": "identity",
    "base64": "base64",
    "base-64": "base64",
    "b": "base64",
    "x-base64": "base64",
    "quoted-printable": "quoted-printable",
    "quotedprintable": "quoted-printable",
    "quoted_printable": "quoted-printable",
    "qp": "quoted-printable",
    "q": "quoted-printable",
    "x-uuencode": "uuencode",
    "uuencode": "uuencode",
    "x-uue": "uuencode",
    "uue": "uuencode",
    "x-yenc": "yenc",
    "yenc": "yenc",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """What an encoded body holds. ``others`` are further readings of the same bytes; ``malformed`` says why, or ""."""

    content: bytes
    repairs: tuple[str, ...] = ()
    malformed: str = ""
    others: tuple[bytes, ...] = ()


def encoding(label: str) -> str:
    """The encoding a raw header value names: identity, base64, quoted-printable, uuencode, yenc, or "" if unknown."""
    label = label.partition(";")[0].partition("(")[0]
    return LABELS.get("".join(label.lower().split()).strip("\"'.,"), "")


def decode(data: bytes, label: str, line_limit: int) -> Decoded:
    """Decode ``data`` as its Content-Transfer-Encoding field says."""
    name = encoding(label)
    if name == "identity":
        return Decoded(data)
    if name == "base64":
        decoded = base64(data)
        if len(data) > line_limit and data.find(b"\n", 0, line_limit) < 0:
            return Decoded(decoded.content, (*decoded.repairs, "mail.long-line"), decoded.malformed, decoded.others)
        return decoded
    if name == "quoted-printable":
        return quoted_printable(data)
    if name in ("uuencode", "yenc"):
        return Decoded(data)  # ``embedded`` finds the file by its own begin line
    others = (base64(data).content,) if _LOOKS_BASE64.match(data) else ()
    return Decoded(data, ("mail.unknown-transfer-encoding",), others=others)


def base64(data: bytes) -> Decoded:
    """Base64, strict when it can be, else piece by piece between paddings, junk left out."""
    bare = data.translate(None, _WHITE)
    if _is_prose(data):
        decoded = _broken_base64(data, bare)
        return Decoded(data, ("mail.malformed-base64",), "text labelled as base64", (decoded.content,))
    try:
        return Decoded(binascii.a2b_base64(bare, strict_mode=True))
    except binascii.Error:
        return _broken_base64(data, bare)


def _is_prose(data: bytes) -> bool:
    """Whether it is plain text under a wrong label: base64 has no spaces between its letters."""
    sample = data[:_SAMPLE].strip()
    spaces = sample.count(b" ")
    return bool(spaces) and spaces > sample.count(b"\n") * 2 and spaces * 20 > len(sample)


def _broken_base64(data: bytes, bare: bytes) -> Decoded:
    if b"-" in bare or b"_" in bare:
        url_safe = bare.translate(bytes.maketrans(b"-_", b"+/"))
        bare = url_safe if not (b"+" in bare or b"/" in bare) and not bare.startswith(b"--") else bare
    clean = bare.translate(None, _JUNK)
    pieces = [piece for piece in _pieces(clean) if piece]
    content = b"".join(pieces)
    repairs = ["mail.repaired-base64"]
    junk = len(bare) - len(clean)
    malformed = ""
    if bare and (not content or junk * 4 > len(bare)):
        repairs = ["mail.malformed-base64"]
        malformed = f"base64 with {junk} of {len(bare)} characters outside the alphabet"
    others = [_whole_lines(data)] if junk else []
    if len(pieces) > 1:
        repairs.append("mail.concatenated-base64")
        others.append(pieces[0])
    return Decoded(content, tuple(repairs), malformed, tuple(one for one in others if one and one != content))


def _whole_lines(data: bytes) -> bytes:
    """What the lines say that hold nothing but base64: a line of prose between them would put the rest out of step."""
    lines = (line for line in data.splitlines() if not line.translate(None, _ALPHABET + _WHITE))
    return b"".join(_pieces(b"".join(lines).translate(None, _WHITE)))


def _pieces(clean: bytes) -> list[bytes]:
    """Each run up to its padding, decoded on its own; a run of one stray character carries no byte."""
    out: list[bytes] = []
    for number, run in enumerate(_PADDED.finditer(clean)):
        if number >= _MAX_PIECES:
            out.append(_piece(clean[run.start() :].replace(b"=", b"")))
            break
        out.append(_piece(run.group().rstrip(b"=")))
    return out


def _piece(run: bytes) -> bytes:
    run = run[:-1] if len(run) % 4 == 1 else run
    return binascii.a2b_base64(run + b"=" * (-len(run) % 4))


def quoted_printable(data: bytes) -> Decoded:
    """Quoted-printable; broken escapes stay as they stand, soft breaks work with any line end."""
    repairs = ("mail.repaired-quoted-printable",) if _BAD_ESCAPE.search(data) else ()
    if _ODD_BREAK.search(data):
        data = _SOFT_BREAK.sub(b"=\n", data)
    return Decoded(binascii.a2b_qp(data), repairs)
