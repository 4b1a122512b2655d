"""Rich Text bodies of Outlook mails: decompression (MS-OXRTFCP) and the HTML or text inside (MS-OXRTFEX).

Only what a body needs: text, line breaks, characters in code pages and Unicode, and HTML that Outlook wrapped into
RTF. Linear, output bounded. What the RTF may carry beside text (objects, exploits) is for ``examine``: the RTF itself
is handed on as a part, too.
"""

import re
import struct

_MAGIC_COMPRESSED = 0x75465A4C
_MAGIC_RAW = 0x414C454D
_HEADER = 16
_WINDOW = 4_096
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\", re.IGNORECASE
)
_SILENT = frozenset(
    (
        *("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "objdata", "themedata", "datastore"),
        *("listtable", "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "latentstyles"),
        *("colorschememapping", "header", "footer"),
    ),
)
_BREAKS = {"par": "\n", "line": "\n", "tab": "\t", "row": "\n", "cell": "\t", "page": "\n"}
_SYMBOLS = {
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "endash": "–",
    "emdash": "—",
}
_MAX_DEPTH = 200
_MAX_SOURCE = 2 << 20  #: bytes of RTF whose text is read; the RTF itself is a part of its own


def decompress(data: bytes, limit: int) -> bytes:
    """The RTF of a PidTagRtfCompressed value, at most ``limit`` bytes; what is left of a broken one."""
    if len(data) < _HEADER:
        return b""
    _, size, magic, _ = struct.unpack_from("<IIII", data)
    if magic == _MAGIC_RAW:
        return data[_HEADER : _HEADER + min(size, limit)]
    if magic != _MAGIC_COMPRESSED:
        return b""
    return _lzfu(data, min(size, limit))


def _lzfu(data: bytes, limit: int) -> bytes:
    out = bytearray(_DICTIONARY)
    wanted, position, end = len(out) + limit, _HEADER, len(data)
    start = -len(out)  # the window's place 0 is the dictionary's first byte
    while position < end and len(out) < wanted:
        control = data[position]
        position += 1
        for bit in range(8):
            if position >= end or len(out) >= wanted:
                break
            if not control >> bit & 1:
                out.append(data[position])
                position += 1
                continue
            if position + 1 >= end:
                return bytes(out[-start:])
            token = data[position] << 8 | data[position + 1]
            position += 2
            back = (len(out) - (token >> 4)) % _WINDOW
            if not back:  # a reference to the write position ends the data
                return bytes(out[-start:wanted])
            for _ in range((token & 15) + 2):
                out.append(out[-back] if back <= len(out) else 0)
    return bytes(out[-start:wanted])


def text(rtf: bytes) -> tuple[str, bool]:
    """What the RTF says, and whether that is HTML."""
    return _Reader(rtf[:_MAX_SOURCE].decode("latin-1")).read()


class _Reader:
    """One pass over the tokens of one RTF text."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.html = "\\fromhtml" in source[:2_000]
        self.out: list[str] = []
        self.pending = bytearray()  # bytes of the code page waiting to be decoded together
        self.codepage = "cp1252"
        self.silent: list[bool] = [False]
        self.tag = [False]
        self.hidden = False  # between \\htmlrtf and \\htmlrtf0
        self.skip = 0

    def read(self) -> tuple[str, bool]:
        """What the text says, never longer than its source."""
        for token in _TOKEN.finditer(self.source):
            self._token(token)
        self._flush()
        return "".join(self.out), self.html

    def _token(self, token: re.Match[str]) -> None:
        word, number, code, symbol, brace, plain = token.groups()
        if brace:
            self._brace(brace)
        elif word:
            self._word(word.lower(), int(number) if number else None)
        elif code:
            self._byte(int(code, 16))
        elif symbol == "*":
            self.silent[-1] = True  # unless the next word is one that is known
        elif symbol:
            self._put({"~": "\u00a0", "_": "-", "-": ""}.get(symbol, symbol if symbol in "\\{}" else ""))
        elif plain:
            self._put(plain)

    def _brace(self, brace: str) -> None:
        self._flush()
        if brace == "{" and len(self.silent) < _MAX_DEPTH:
            self.silent.append(self.silent[-1] and not self.tag[-1])
            self.tag.append(self.tag[-1])
        elif brace == "}" and len(self.silent) > 1:
            self.silent.pop()
            self.tag.pop()

    def _word(self, word: str, number: int | None) -> None:
        if word == "htmltag":
            self.silent[-1], self.tag[-1] = False, True
        elif word in _SILENT:
            self.silent[-1] = True
        elif word == "htmlrtf":
            self.hidden = number != 0
        elif word == "ansicpg" and number:
            self.codepage = f"cp{number}"
        elif word == "u" and number is not None:
            self._put(chr(number & 0xFFFF))
            self.skip = 1
        elif word in _BREAKS:
            self._put(_BREAKS[word] if not self.html or self.tag[-1] else "\n")
        elif word in _SYMBOLS:
            self._put(_SYMBOLS[word])

    def _put(self, characters: str) -> None:
        self._flush()
        if self.skip:  # the character that stands for a Unicode one in old readers
            characters, self.skip = characters[1:], 0
        if characters and not self.silent[-1] and not (self.hidden and not self.tag[-1]):
            self.out.append(characters)

    def _byte(self, value: int) -> None:
        if self.skip:
            self.skip = 0
        elif not self.silent[-1] and not (self.hidden and not self.tag[-1]):
            self.pending.append(value)

    def _flush(self) -> None:
        if self.pending:
            data, self.pending = bytes(self.pending), bytearray()
            try:
                self.out.append(data.decode(self.codepage, "replace"))
            except LookupError:
                self.out.append(data.decode("cp1252", "replace"))
