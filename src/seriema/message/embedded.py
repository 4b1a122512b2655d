"""Files that stand encoded in text: uuencode (POSIX 1003.1), yEnc 1.3, BinHex 4 (RFC 1741), inline OpenPGP (RFC 9580).

Mail clients of many years turned these into attachments without any MIME, so they are searched for in every text, in
the text before and after the parts too. One pass for each marker; bounded count; a missing end is tolerated.
"""

import binascii
import re
from dataclasses import dataclass

from seriema.model.artifact import State

_MAX_FILES = 100
_BEGIN = re.compile(rb"(?:\A|(?<=[\r\n]))begin(-base64)? +([0-7]{3,4}) +([^\r\n]{1,500})(?:\r{0,2}\n|\r)")
_LINE = re.compile(rb"([^\r\n]*)(?:\r{0,2}\n|\r|\Z)")
_YBEGIN = re.compile(rb"(?:\A|(?<=[\r\n]))=ybegin ([^\r\n]{0,500}?)name=([^\r\n]{1,500})(?:\r{0,2}\n|\r)")
_YPART = re.compile(rb"=ypart [^\r\n]{0,200}(?:\r{0,2}\n|\r)")
_YESCAPE = re.compile(rb"=(.)", re.DOTALL)
_BINHEX = b"(This file must be converted with BinHex"
_PGP = b"-----BEGIN PGP MESSAGE-----"
_PGP_END = b"-----END PGP MESSAGE-----"
_UU = range(32, 97)
_UNSHIFT = bytes((byte - 42) % 256 for byte in range(256))


@dataclass(frozen=True, slots=True)
class File:
    """One file found in text: raw name, content, which encoding (a finding's name), and its span in the text."""

    name: bytes
    content: bytes
    finding: str
    start: int
    end: int
    declared_type: str = "application/octet-stream"
    state: State = State.INSPECTED
    state_reason: str = ""


def find(text: bytes) -> list[File]:
    """The encoded files in a text, in order; at most ``_MAX_FILES``."""
    files: list[File] = []
    if text.startswith(b"begin") or b"\nbegin" in text or b"\rbegin" in text:
        files += _uuencoded(text)
    if b"=ybegin " in text:
        files += _yenc(text)
    if _PGP in text:
        files += _pgp(text)
    if _BINHEX in text:
        files += _binhex(text)
    return sorted(files, key=lambda file: file.start)[:_MAX_FILES]


def without(text: bytes, files: list[File]) -> bytes:
    """The text with the encoded files taken out."""
    out: list[bytes] = []
    position = 0
    for file in files:
        if file.start >= position:
            out.append(text[position : file.start])
            position = file.end
    return b"".join((*out, text[position:]))


def _uuencoded(text: bytes) -> list[File]:
    files: list[File] = []
    position = 0
    while len(files) < _MAX_FILES and (begin := _BEGIN.search(text, position)):
        lines, end, ended = _until_end(text, begin.end(), base64=bool(begin[1]))
        position = max(end, begin.end())
        if lines:
            content = _base64(lines) if begin[1] else b"".join(map(_uu_line, lines))
            reason = "" if ended else "no end line"
            state = State.INSPECTED if ended else State.MALFORMED
            files.append(
                File(begin[3], content, "mail.uuencoded", begin.start(), position, state=state, state_reason=reason)
            )
    return files


def _until_end(text: bytes, position: int, *, base64: bool) -> tuple[list[bytes], int, bool]:
    """The encoded lines, where they end, and whether an end line was there. Prose after "begin" gives no lines."""
    lines: list[bytes] = []
    while position < len(text):
        match = _LINE.match(text, position)
        assert match is not None  # the pattern matches at every position
        line = match[1].rstrip()
        if line in (b"end", b"===="):
            return lines, match.end(), True
        if not base64 and not _is_uu(line):
            break
        lines.append(match[1])
        position = match.end()
    return lines, position, False


def _is_uu(line: bytes) -> bool:
    """Whether a line can be one of uuencode: its first character gives its length, give or take lost spaces."""
    if not line or line in (b"`", b" "):
        return True
    count = (line[0] - 32) & 63
    need = (count + 2) // 3 * 4
    return line[0] in _UU and need - 8 <= len(line) - 1 <= need + 2 and max(line) in _UU


def _uu_line(line: bytes) -> bytes:
    """Lenient: lost trailing spaces and a checksum character at the end do not matter."""
    if not line:
        return b""
    count = (line[0] - 32) & 63
    need = (count + 2) // 3 * 4
    try:
        return binascii.a2b_uu(line[: need + 1].ljust(need + 1))
    except binascii.Error:
        return b""


def _base64(lines: list[bytes]) -> bytes:
    bare = re.sub(rb"[^A-Za-z0-9+/]", b"", b"".join(lines))
    bare = bare[:-1] if len(bare) % 4 == 1 else bare
    return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4))


def _yenc(text: bytes) -> list[File]:
    files: list[File] = []
    following = 0
    for begin in _YBEGIN.finditer(text):
        if len(files) >= _MAX_FILES:
            break
        if begin.start() >= following:
            files.append(_yenc_file(text, begin))
            following = files[-1].end
    return files


def _yenc_file(text: bytes, begin: re.Match[bytes]) -> File:
    """One file, up to its end line, the next file's begin line or the end of the text."""
    part = _YPART.match(text, begin.end())
    start = part.end() if part else begin.end()
    end = text.find(b"=yend", start)
    another = text.find(b"\n=ybegin ", start, end if end >= 0 else len(text)) + 1
    ended = end >= 0 and not another
    line = _LINE.match(text, end) if ended else None
    stop = end if ended else another or len(text)
    encoded = text[start:stop].translate(None, b"\r\n")
    return File(
        name=begin[2].strip(),
        content=_YESCAPE.sub(_unescape, encoded).translate(_UNSHIFT),
        finding="mail.yenc",
        start=begin.start(),
        end=line.end() if line else stop,
        state=State.INSPECTED if ended else State.MALFORMED,
        state_reason="" if ended else "no end line",
    )


def _unescape(escape: re.Match[bytes]) -> bytes:
    return bytes(((escape[1][0] - 64) % 256,))


def _pgp(text: bytes) -> list[File]:
    files: list[File] = []
    start = text.find(_PGP)
    while start >= 0 and len(files) < _MAX_FILES:
        end = text.find(_PGP_END, start)
        stop = end + len(_PGP_END) if end >= 0 else len(text)
        files.append(
            File(b"", text[start:stop], "mail.inline-pgp", start, stop, declared_type="application/pgp-encrypted")
        )
        start = text.find(_PGP, stop)
    return files


def _binhex(text: bytes) -> list[File]:
    start = text.find(_BINHEX)
    end = text.rfind(b":")
    stop = end + 1 if end > start else len(text)
    kind, reason = "application/mac-binhex40", "BinHex is not decoded"
    return [File(b"", text[start:stop], "mail.binhex", start, stop, kind, State.UNSUPPORTED, reason)]
