"""PowerPoint 97 to 2003 ([MS-PPT] 2.3): each persist object is encrypted with the key of its own number.

Macros and embedded files are persist objects. The streams of pictures and of properties, which also are
encrypted, stay so, and the document says that they were not read.
"""

from collections.abc import Iterator
from struct import unpack_from
from typing import cast

from seriema.model.errors import LimitReached, Malformed
from seriema.unlock.format import Key
from seriema.unlock.office import rc4
from seriema.unlock.office.compound import Compound
from seriema.unlock.office.document import Encrypted, chunks

USER, MAIN = "Current User", "PowerPoint Document"
_TOKEN_AT, _TOKEN_ENCRYPTED, _TOKEN_PLAIN = 12, 0xF3D1C4DF, 0xE391C05F
_USER_EDIT, _DIRECTORY, _SESSION = 0x0FF5, 0x1772, 0x2F14
_WITH_SESSION = 0x20  #: length of a UserEditAtom that refers to an encryption session
_OBJECTS = 20_000
#: Streams that are encrypted in ways of their own, and what they hold (2.1.3; [MS-OFFCRYPTO] 2.3.5.4).
_LEFT = (("Pictures", "pictures"), ("EncryptedSummary", "properties"))


def is_encrypted(compound: Compound) -> bool:
    """Whether the presentation says so, or its last edit refers to an encryption session."""
    token, edit = _current(compound.read(USER))
    kind, size = _header(compound.read(MAIN), edit)
    return token == _TOKEN_ENCRYPTED or (kind == _USER_EDIT and size >= _WITH_SESSION)


def encryption(compound: Compound) -> Encrypted:
    """The encryption of a presentation that has one."""
    user, main = compound.read(USER), compound.read(MAIN)
    _, edit = _current(user)
    kind, size = _header(main, edit)
    if kind != _USER_EDIT or size < _WITH_SESSION:
        raise Malformed("the presentation is encrypted, but has no encryption session", MAIN)
    directory, session = unpack_from("<12xI12xI", _content(main, edit, _WITH_SESSION))
    objects = _objects(main, directory)
    if session not in objects:
        raise Malformed("the encryption session is not there", MAIN)
    found = rc4.read_header(_record(main, objects[session], _SESSION))

    def read(key: Key | None) -> Iterator[bytes]:
        out = bytearray(main)
        sealed = {number: at for number, at in objects.items() if at not in (edit, directory, objects[session])}
        _open_objects(out, main, sealed, cast("rc4.BlockKeys", key))
        _clear(out, edit, directory, objects[session])
        plain_user = user[:_TOKEN_AT] + _TOKEN_PLAIN.to_bytes(4, "little") + user[_TOKEN_AT + 4 :]
        yield from chunks(compound.replaced({USER: plain_user, MAIN: bytes(out)}))

    left = [words for name, words in _LEFT if name.lower() in compound.streams]
    unread = f"its {' and '.join(left)} stay encrypted" if left else ""
    return Encrypted(found.lock(), read, len(main), unread)


def _current(user: bytes) -> tuple[int, int]:
    """The token and the place of the last edit in a CurrentUserAtom (2.3.2)."""
    if len(user) < _TOKEN_AT + 8:
        raise Malformed("the stream breaks off", USER)
    token, edit = unpack_from("<II", user, _TOKEN_AT)
    return token, edit


def _header(main: bytes, at: int) -> tuple[int, int]:
    """Type and length of the record at that place (2.3.1)."""
    if at + 8 > len(main):
        raise Malformed("a record lies outside the stream", MAIN)
    kind, size = unpack_from("<2xHI", main, at)
    return kind, size


def _content(main: bytes, at: int, size: int) -> bytes:
    content = main[at + 8 : at + 8 + size]
    if len(content) < size:
        raise Malformed("a record breaks off", MAIN)
    return content


def _record(main: bytes, at: int, expected: int) -> bytes:
    kind, size = _header(main, at)
    if kind != expected:
        raise Malformed(f"a record of type {kind:#x} where {expected:#x} should stand", MAIN)
    return _content(main, at, size)


def _objects(main: bytes, directory: int) -> dict[int, int]:
    """Number → place of the persist objects (2.3.4). An encrypted presentation has exactly one edit (2.3.3)."""
    content = _record(main, directory, _DIRECTORY)
    objects: dict[int, int] = {}
    at = 0
    while at + 4 <= len(content):
        entry = unpack_from("<I", content, at)[0]
        first, count = entry & 0xFFFFF, entry >> 20
        if at + 4 + 4 * count > len(content):
            raise Malformed("the persist directory breaks off", MAIN)
        objects.update(zip(range(first, first + count), unpack_from(f"<{count}I", content, at + 4), strict=True))
        at += 4 + 4 * count
        if len(objects) > _OBJECTS:
            raise LimitReached(f"more than {_OBJECTS} objects in a presentation")
    return objects


def _open_objects(out: bytearray, main: bytes, objects: dict[int, int], keys: rc4.BlockKeys) -> None:
    """Each object in its place; its length shows once its header is open. Together no more than the stream holds."""
    left = len(main)
    for number, at in objects.items():
        _header(main, at)
        _, size = _header(rc4.decrypted_piece(main[at : at + 8], keys, number), 0)
        piece = main[at : at + 8 + size]
        left -= len(piece)
        if left < 0:
            raise Malformed("objects overlap", MAIN)
        out[at : at + len(piece)] = rc4.decrypted_piece(piece, keys, number)


def _clear(out: bytearray, edit: int, directory: int, session: int) -> None:
    """No session, and one object fewer in the directory, as in a presentation that never had a password."""
    out[edit + 4 : edit + 8] = (_WITH_SESSION - 4).to_bytes(4, "little")
    out[edit + 8 + _WITH_SESSION - 4 : edit + 8 + _WITH_SESSION] = bytes(4)
    entry = unpack_from("<I", out, directory + 8)[0]
    out[directory + 8 : directory + 12] = (entry - (1 << 20) if entry >> 20 else entry).to_bytes(4, "little")
    size = unpack_from("<I", out, session + 4)[0]
    out[session : session + 8 + size] = bytes(8 + size)
