"""S/MIME: what is signed only is read through to its content, what is encrypted stays sealed.

Cryptographic Message Syntax (RFC 5652) in BER, also with indefinite lengths (X.690, 8.1.3.6), bounded in depth.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

from seriema.examine.inspector import Examined, Inspector
from seriema.model.artifact import Artifact, Child, State
from seriema.model.errors import LimitReached, Malformed
from seriema.model.finding import Finding
from seriema.model.limits import Limits

_SIGNED, _ENVELOPED = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010703")
_AUTHENVELOPED = bytes.fromhex("2a864886f70d0109100117")
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
_OID, _OCTETS, _OCTETS_IN_PIECES, _SEQUENCE, _CONTENT = 0x06, 0x04, 0x24, 0x30, 0xA0
_ELEMENTS = 100_000  #: that are stepped over in one row; a large mail is signed in some ten thousand pieces
_DEPTH = 8
_ARMOUR = re.compile(rb"-----BEGIN (?:PKCS7|CMS)-----([A-Za-z0-9+/=\s]+)")


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """The signed content as a mail of its own; ``unsupported`` for encrypted content."""
    armour = _ARMOUR.match(content.lstrip()) if content.lstrip()[:5] == b"-----" else None
    if armour:
        try:
            content = base64.b64decode(armour[1])
        except (binascii.Error, ValueError) as error:
            raise Malformed("the armour is no base64") from error
    kind, body = _content_info(content)
    if kind in (_ENVELOPED, _AUTHENVELOPED):
        sealed = Finding("smime.encrypted", artifact.id)
        return Examined((sealed,), state=State.UNSUPPORTED, state_reason="encrypted for its recipient (S/MIME)")
    if kind == _SIGNED:
        inner = _encapsulated(body)
        children = (Child("signed.eml", inner, len(inner)),) if inner else ()
        return Examined(
            (Finding("smime.signed", artifact.id, "", "opaque" if inner else "detached"),), children=children
        )
    if kind == _COMPRESSED:
        inner = _inflated(_encapsulated(body), limits.member_bytes)
        return Examined(
            (Finding("smime.compressed", artifact.id),), children=(Child("compressed.eml", inner, len(inner)),)
        )
    raise Malformed("no CMS content that is known")


def _content_info(content: bytes) -> tuple[bytes, bytes]:
    """Content type and content (RFC 5652, 3)."""
    outer = next(_elements(content), (0, b""))[1]
    kind, body = b"", b""
    for tag, value in _elements(outer):
        if tag == _OID and not kind:
            kind = value
        elif tag == _CONTENT:
            body = next(_elements(value), (0, b""))[1]
    return kind, body


def _encapsulated(body: bytes) -> bytes:
    """EncapsulatedContentInfo's octets (5.2); b"" when the signature is detached."""
    for tag, value in _elements(body):
        parts = dict(_elements(value)) if tag == _SEQUENCE else {}
        if _OID in parts:
            return _octets(parts.get(_CONTENT, b""), 0)
    return b""


def _octets(value: bytes, depth: int) -> bytes:
    """An octet string, whole or in pieces (X.690, 8.7)."""
    if depth > _DEPTH:
        raise Malformed("octet strings nested too deep")
    pieces = [
        inner if tag == _OCTETS else _octets(inner, depth + 1)
        for tag, inner in _elements(value)
        if tag in (_OCTETS, _OCTETS_IN_PIECES)
    ]
    return b"".join(pieces)


def _inflated(content: bytes, most: int) -> bytes:
    try:
        inner = zlib.decompressobj().decompress(content, most + 1)
    except zlib.error as error:
        raise Malformed("compressed content is broken") from error
    if len(inner) > most:
        raise LimitReached(f"more than {most} bytes of compressed content")
    return inner


def _elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of the elements in a row (X.690, 8.1); one cut off at the end gives what there is of it."""
    at = 0
    for _ in range(_ELEMENTS):
        if at + 2 > len(content) or content[at : at + 2] == b"\0\0":
            return
        tag, length, begin = _header(content, at)
        if length < 0:
            end = _indefinite_end(content, begin)
            yield tag, content[begin:end]
            at = end + 2
        else:
            yield tag, content[begin : begin + length]
            at = begin + length
    raise LimitReached(f"more than {_ELEMENTS} elements in a row")


def _header(content: bytes, at: int) -> tuple[int, int, int]:
    """Tag, length (-1 when indefinite) and where the content begins."""
    tag, first = content[at], content[at + 1]
    if first < 0x80:  # noqa: PLR2004 - the short form
        return tag, first, at + 2
    count = first & 0x7F
    if not count:
        return tag, -1, at + 2
    return tag, int.from_bytes(content[at + 2 : at + 2 + count], "big"), at + 2 + count


def _indefinite_end(content: bytes, at: int) -> int:
    """Where the end-of-contents octets of an indefinite element stand."""
    open_elements = 1
    for _ in range(_ELEMENTS):
        if at + 2 > len(content):
            return len(content)
        if content[at : at + 2] == b"\0\0":
            open_elements -= 1
            if not open_elements:
                return at
            at += 2
            continue
        _, length, begin = _header(content, at)
        if length < 0:
            open_elements += 1
            at = begin
        else:
            at = begin + length
    raise LimitReached(f"more than {_ELEMENTS} elements in one of indefinite length")


INSPECTOR = Inspector("smime", inspect, frozenset({"smime", "smime-signature"}))
