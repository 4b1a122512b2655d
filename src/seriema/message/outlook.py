"""Outlook's .msg (MS-OXMSG over MS-CFB) → an Internet message, read like any other.

The container's properties become header fields and a multipart: the transport header that Outlook kept, if there is
one, else fields made of the properties; text, HTML and RTF bodies; attachments; embedded messages as message/rfc822.
So there is one reader for both kinds, and what it says about parts holds for both.
"""

import re
import struct
from binascii import b2a_base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO
from urllib.parse import quote

import olefile

from seriema.message import rtf
from seriema.message.charset import decode
from seriema.model.limits import Limits

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROPERTIES = "__properties_version1.0"
#: What olefile and struct raise on hostile containers.
_BROKEN = (OSError, struct.error, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError)
_BOUNDARY = "=_outlook_"
_MAX_EMBEDDED = 8
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_OWN_FIELDS = re.compile(r"(?im)^(?:content-[^:\r\n]*|mime-version)[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n?")
_FIXED = {0x0002: "<h", 0x0003: "<i", 0x000B: "<H", 0x0040: "<Q"}

# Property ids (MS-OXPROPS).
_SUBJECT, _HEADERS, _BODY, _HTML, _RTF, _CODEPAGE = 0x0037, 0x007D, 0x1000, 0x1013, 0x1009, 0x3FDE
_MESSAGE_ID, _IN_REPLY_TO, _REFERENCES, _SUBMITTED, _DELIVERED = 0x1035, 0x1042, 0x1039, 0x0039, 0x0E06
_SENDER = ((0x5D02, 0x5D01, 0x0065, 0x0C1F), (0x0042, 0x0C1A))
_RECIPIENT = ((0x39FE, 0x3003), (0x3001,))
_RECIPIENT_TYPE, _DATA, _SHORT_NAME, _LONG_NAME, _MIME_TYPE, _CONTENT_ID, _NAME = (
    0x0C15,
    0x3701,
    0x3704,
    0x3707,
    0x370E,
    0x3712,
    0x3001,
)
_RECIPIENT_FIELDS = {1: "To", 2: "Cc", 3: "Bcc"}


class NotOutlook(ValueError):
    """An OLE container, but of something else, or broken beyond reading."""


def is_outlook(raw: bytes) -> bool:
    """Whether the bytes begin as an OLE container."""
    return raw.startswith(_MAGIC)


@dataclass(frozen=True, slots=True)
class Converted:
    """The Internet message, and whether something of the container could not be read."""

    raw: bytes
    damaged: bool = False


def header(raw: bytes, limits: Limits) -> bytes:
    """The header alone; b"" when the container cannot be read."""
    try:
        return _Converter(raw, limits).header_only()
    except (NotOutlook, *_BROKEN):
        return b""


def convert(raw: bytes, limits: Limits) -> Converted:
    """The whole message as an Internet message.

    :raises NotOutlook: when the container holds no message or cannot be opened.
    """
    try:
        converter = _Converter(raw, limits)
        return Converted(converter.message(()), converter.damaged)
    except _BROKEN as error:
        raise NotOutlook(str(error)[:200]) from error


class _Converter:
    """One container; the bytes still allowed to be read shrink with every stream."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        self.ole = olefile.OleFileIO(BytesIO(raw))
        self.paths = [tuple(path) for path in self.ole.listdir(streams=True, storages=True)[: 20 * limits.mime_parts]]
        self.left = 2 * limits.message_bytes
        self.parts_left = limits.mime_parts
        self.damaged = False
        if (_PROPERTIES,) not in self.paths:
            raise NotOutlook("an OLE container without message properties")

    def header_only(self) -> bytes:
        return self._header(_Properties(self, (), 32)).encode("utf-8", "replace") + b"\r\n"

    def message(self, at: tuple[str, ...], depth: int = 0) -> bytes:
        """One message storage as bytes. Embedded ones are bounded in depth, parts in number."""
        properties = _Properties(self, at, 24 if at else 32)
        boundary = f"{_BOUNDARY}{depth}"
        parts = [*self._bodies(properties), *self._attachments(at, depth)]
        head = (
            self._header(properties) + f'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="{boundary}"\r\n'
        )
        mark = f"\r\n--{boundary}\r\n".encode()
        body = b"".join(mark + part for part in parts) + f"\r\n--{boundary}--\r\n".encode()
        return head.encode("utf-8", "replace") + body

    def _header(self, properties: "_Properties") -> str:
        kept = properties.text(_HEADERS)
        if kept.strip():
            lines = _OWN_FIELDS.sub("", kept.replace("\r\n", "\n").strip("\n") + "\n")
            return lines.strip("\n").replace("\n\n", "\n").replace("\n", "\r\n") + "\r\n"
        return "".join(f"{name}: {_one_line(value)}\r\n" for name, value in self._made(properties) if value)

    def _made(self, properties: "_Properties") -> Iterator[tuple[str, str]]:
        """Header fields out of properties, for mails that were never sent over the Internet."""
        yield "From", _mailbox(properties, *_SENDER)
        recipients: dict[str, list[str]] = {}
        for storage in self._storages(properties.at, "__recip_version1.0_#"):
            recipient = _Properties(self, storage, 8)
            field = _RECIPIENT_FIELDS.get(recipient.number(_RECIPIENT_TYPE), "To")
            recipients.setdefault(field, []).append(_mailbox(recipient, *_RECIPIENT))
        yield from ((field, ", ".join(filter(None, boxes))) for field, boxes in recipients.items())
        yield "Subject", properties.text(_SUBJECT)
        moment = properties.moment(_SUBMITTED) or properties.moment(_DELIVERED)
        yield "Date", format_datetime(moment) if moment else ""
        yield "Message-ID", properties.text(_MESSAGE_ID)
        yield "In-Reply-To", properties.text(_IN_REPLY_TO)
        yield "References", properties.text(_REFERENCES)

    def _bodies(self, properties: "_Properties") -> Iterator[bytes]:
        """Text and HTML as alternatives; RTF stands in for both and is always kept as a part."""
        plain, html = properties.text(_BODY), properties.html()
        source = rtf.decompress(properties.binary(_RTF), self.left)
        if source and not html:
            said, is_html = rtf.text(source)
            plain, html = (plain, said) if is_html else (plain or said, html)
        alternatives = [("text/plain", plain)] * bool(plain) + [("text/html", html)] * bool(html)
        if alternatives:
            inner = f"{_BOUNDARY}alternative"
            yield (
                f'Content-Type: multipart/alternative; boundary="{inner}"\r\n'.encode()
                + b"".join(
                    f"\r\n--{inner}\r\n".encode() + _part(kind, text.encode("utf-8", "replace"), 'charset="utf-8"')
                    for kind, text in alternatives
                )
                + f"\r\n--{inner}--\r\n".encode()
            )
        if source:
            yield _part("application/rtf", source)

    def _attachments(self, at: tuple[str, ...], depth: int) -> Iterator[bytes]:
        for storage in self._storages(at, "__attach_version1.0_#"):
            self.parts_left -= 1
            if self.parts_left <= 0:
                self.damaged = True
                return
            attachment = _Properties(self, storage, 8)
            name = attachment.text(_LONG_NAME) or attachment.text(_SHORT_NAME) or attachment.text(_NAME)
            embedded = (*storage, f"__substg1.0_{_DATA:04X}000D")
            if (*embedded, _PROPERTIES) in self.paths:
                yield self._embedded(embedded, name, depth)
            else:
                kind = attachment.text(_MIME_TYPE) or "application/octet-stream"
                extra = (
                    f"Content-ID: <{_one_line(attachment.text(_CONTENT_ID))}>\r\n"
                    if attachment.text(_CONTENT_ID)
                    else ""
                )
                yield _attachment(kind, name, attachment.binary(_DATA) or self._streams(embedded), extra)

    def _embedded(self, storage: tuple[str, ...], name: str, depth: int) -> bytes:
        if depth >= _MAX_EMBEDDED:
            self.damaged = True
            return _attachment("application/octet-stream", name, b"")
        return _attachment("message/rfc822", name, self.message(storage, depth + 1))

    def _streams(self, storage: tuple[str, ...]) -> bytes:
        """What an embedded OLE object holds, its streams one after the other."""
        inside = [path for path in self.paths if path[: len(storage)] == storage and len(path) > len(storage)]
        return b"".join(self.stream(path) for path in inside if self.ole.get_type(list(path)) == olefile.STGTY_STREAM)

    def _storages(self, at: tuple[str, ...], prefix: str) -> list[tuple[str, ...]]:
        return [path for path in self.paths if path[:-1] == at and path[-1].startswith(prefix)]

    def stream(self, path: tuple[str, ...]) -> bytes:
        """One stream, b"" when it is not there or broken; ``damaged`` tells the latter."""
        if path not in self.paths:
            return b""
        try:
            size = self.ole.get_size(list(path))
            if size > self.left:
                self.damaged = True
                return b""
            self.left -= size
            return bytes(self.ole.openstream(list(path)).read())
        except _BROKEN:
            self.damaged = True
            return b""


class _Properties:
    """The properties of one storage (MS-OXMSG, 2.4): fixed ones in a stream, the others a stream each."""

    def __init__(self, owner: _Converter, at: tuple[str, ...], header_bytes: int) -> None:
        self.owner = owner
        self.at = at
        self.fixed: dict[int, int] = {}
        data = owner.stream((*at, _PROPERTIES))[header_bytes : header_bytes + (1 << 16)]
        for offset in range(0, len(data) - 15, 16):
            kind, tag = struct.unpack_from("<HH", data, offset)
            if kind in _FIXED:
                self.fixed.setdefault(tag, struct.unpack_from(_FIXED[kind], data, offset + 8)[0])

    def number(self, tag: int) -> int:
        return self.fixed.get(tag, 0)

    def moment(self, tag: int) -> datetime | None:
        """A FILETIME: tenths of microseconds since 1601, UTC."""
        value = self.fixed.get(tag, 0)
        try:
            return _EPOCH + timedelta(microseconds=value // 10) if value else None
        except OverflowError:
            return None

    def binary(self, tag: int) -> bytes:
        return self.owner.stream((*self.at, f"__substg1.0_{tag:04X}0102"))

    def text(self, tag: int) -> str:
        wide = self.owner.stream((*self.at, f"__substg1.0_{tag:04X}001F"))
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self.owner.stream((*self.at, f"__substg1.0_{tag:04X}001E"))
        return decode(narrow, f"cp{self.number(_CODEPAGE) or 1252}")[0].rstrip("\0") if narrow else ""

    def html(self) -> str:
        data = self.binary(_HTML)
        return decode(data, f"cp{self.number(_CODEPAGE) or 65001}")[0] if data else self.text(_HTML)


def _mailbox(properties: _Properties, addresses: tuple[int, ...], names: tuple[int, ...]) -> str:
    """The best address and name among several properties; Exchange's own addresses (/o=…) are no mailboxes."""
    address = next((one for tag in addresses if "@" in (one := properties.text(tag))), "")
    name = next((one for tag in names if (one := properties.text(tag))), "")
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>' if address else f'"{quoted}"' if name else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _part(kind: str, content: bytes, parameters: str = "", extra: str = "") -> bytes:
    """One part in base64, in which no boundary can occur."""
    head = f"Content-Type: {_one_line(kind)}" + (f"; {parameters}" if parameters else "")
    return f"{head}\r\n{extra}Content-Transfer-Encoding: base64\r\n\r\n".encode("utf-8", "replace") + b2a_base64(
        content
    )


def _attachment(kind: str, name: str, content: bytes, extra: str = "") -> bytes:
    encoded = quote(name.encode("utf-8", "replace"))
    return _part(kind, content, "", f"{extra}Content-Disposition: attachment; filename*=utf-8''{encoded}\r\n")
