"""The encryption dictionaries of a PDF, found without opening it (ISO 32000-2, 7.5.5, 7.6.2).

qpdf reads a document only with its password, and tells nothing before. So each place that a trailer may mean is looked
up here and its object given to qpdf's parser; which of several counts, qpdf decides when a password fits one of them.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice

import pikepdf

from seriema.model.errors import Malformed, Unsupported
from seriema.unlock.pdf.passwords import REVISIONS, Handler

Value = bool | int | str | bytes | None
#: The name Encrypt, as it may be written (7.3.5), and what follows it: a reference or the dictionary itself.
_LETTERS = (b"E|#45", b"n|#6[eE]", b"c|#63", b"r|#72", b"y|#79", b"p|#70", b"t|#74")
_NAME = b"/" + b"".join(b"(?:%s)" % letter for letter in _LETTERS) + rb"(?![A-Za-z0-9#_])"
_GAP = rb"(?:[\0\t\n\f\r ]|%[^\r\n]{0,200}[\r\n]){0,50}"
_ENCRYPT = re.compile(_NAME + _GAP + rb"(?:(\d{1,10})[\0\t\n\f\r ]{1,9}\d{1,5}[\0\t\n\f\r ]{1,9}R|(?=<<))")
_IDENTIFIER = re.compile(rb"/ID" + _GAP + rb"(?=\[)")
_OBJECT = re.compile(rb"(?<!\d)(\d{1,19})[\0\t\n\f\r ]{1,9}\d{1,5}[\0\t\n\f\r ]{1,9}obj")
_MOST = 4  #: different dictionaries, and different identifiers, that are tried
_LOOKED_AT = 200  #: places that may mean them, and places of one object
_SLICE = 8192  #: bytes of an object that are read
#: A document of three objects, the last of which is what shall be parsed.
_BEGIN = b"%PDF-1.7\n"
_FRAME = (
    b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
    b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n",
    b"3 0 obj\n",
)


def mentions_encryption(content: bytes) -> bool:
    """Whether anything in it looks like a trailer's Encrypt entry; also text may."""
    return _ENCRYPT.search(content) is not None


def read_handlers(content: bytes) -> tuple[Handler, ...]:
    """Every different handler that the document may mean.

    Raises ``Unsupported``, naming it, when all of them are for certificates or of other makers; ``Malformed`` for none.
    """
    found: dict[Handler, None] = {}
    others: list[str] = []
    for dictionary in _dictionaries(content):
        filtered = str(dictionary.get("/Filter") or "").removeprefix("/")
        if filtered == "Standard":
            found.update(dict.fromkeys(_handlers(dictionary, _identifiers(content))))
        elif filtered:
            others.append(filtered)
    if found:
        return tuple(found)
    if others:
        raise Unsupported(f"encrypted by the handler {others[0][:40]!r}, which no password opens")
    raise Malformed("the encryption dictionary cannot be read")


def _dictionaries(content: bytes) -> Iterator[Mapping[str, Value]]:
    seen: set[bytes] = set()
    for at in _places(content):
        piece = content[at : at + _SLICE].partition(b"endobj")[0]
        if piece not in seen:
            seen.add(piece)
            dictionary = _parsed(piece)
            if isinstance(dictionary, dict):
                yield dictionary
        if len(seen) == _MOST:
            return


def _places(content: bytes) -> Iterator[int]:
    """Where dictionaries begin: behind the name, or behind the object that it refers to; the latest first."""
    named = deque(_ENCRYPT.finditer(content), _LOOKED_AT)
    objects: dict[int, deque[int]] = {int(found[1]): deque(maxlen=_LOOKED_AT) for found in named if found[1]}
    for header in _OBJECT.finditer(content) if objects else ():
        if int(header[1]) in objects:
            objects[int(header[1])].append(header.end())
    for found in reversed(named):
        yield from [found.end()] if not found[1] else reversed(objects.pop(int(found[1]), ()))


def _identifiers(content: bytes) -> list[bytes]:
    found: dict[bytes, None] = {}
    for place in islice(_IDENTIFIER.finditer(content), _LOOKED_AT):
        array = _parsed(content[place.end() : place.end() + 1024])
        if isinstance(array, list) and array and isinstance(array[0], bytes):
            found[array[0]] = None
        if len(found) == _MOST:
            break
    return [*found] or [b""]


def _parsed(piece: bytes) -> dict[str, Value] | list[Value] | None:
    """One array or dictionary, as qpdf reads it; None when it cannot be read."""
    offsets, written = [], _BEGIN
    for part in _FRAME:
        offsets.append(len(written))
        written += part
    written += piece + b"\nendobj\n"
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 4\n0000000000 65535 f \n" + rows
    trailer = b"trailer\n<</Root 1 0 R/Size 4>>\nstartxref\n%d\n%%%%EOF\n" % len(written)
    try:
        with pikepdf.open(BytesIO(written + table + trailer), attempt_recovery=False) as document:
            found = document.get_object(3, 0)
            if isinstance(found, pikepdf.Dictionary):
                return {name: _value(value) for name, value in found.items()}
            return [_value(each) for each in found.as_list()[:_MOST]] if isinstance(found, pikepdf.Array) else None
    except (pikepdf.PdfError, ValueError, KeyError, RuntimeError):
        return None


def _value(value: object) -> Value:
    """Names as text, strings as bytes, of other values only numbers and truth."""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, pikepdf.Name):
        return str(value)
    return bytes(value) if isinstance(value, pikepdf.String) else None


def _handlers(dictionary: Mapping[str, Value], identifiers: list[bytes]) -> Iterator[Handler]:
    revision, version = _integer(dictionary, "/R", 0), _integer(dictionary, "/V", 0)
    owner, user = _string(dictionary, "/O"), _string(dictionary, "/U")
    if revision not in REVISIONS or len(owner) < 32 or len(user) < 32:  # noqa: PLR2004 - hash or encrypted padding
        return
    keys = _string(dictionary, "/OE"), _string(dictionary, "/UE")
    if revision >= 5 and min(len(owner) - 16, len(user) - 16, *map(len, keys)) < 32:  # noqa: PLR2004 - two salts more
        return
    metadata = dictionary.get("/EncryptMetadata", True) is not False
    bits = 128 if version >= 4 else _integer(dictionary, "/Length", 40)  # noqa: PLR2004 - then the filters say it
    size = 5 if version <= 1 or revision == 2 else min(max(bits // 8, 5), 16)  # noqa: PLR2004 - 40 bits
    permissions = _integer(dictionary, "/P", 0)
    for identifier in identifiers:
        yield Handler(revision, size, owner, user, *keys, permissions, metadata, identifier)


def _integer(dictionary: Mapping[str, Value], name: str, default: int) -> int:
    value = dictionary.get(name, default)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _string(dictionary: Mapping[str, Value], name: str) -> bytes:
    value = dictionary.get(name)
    return value if isinstance(value, bytes) else b""
