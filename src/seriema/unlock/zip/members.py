"""From a directory entry to a member that can be tried and read: cipher, codec and checks put in a row."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from seriema.model.artifact import State
from seriema.model.errors import HostileInput, Malformed, Unsupported
from seriema.unlock.format import Key, Lock, Member
from seriema.unlock.reading import state_of
from seriema.unlock.zip import records, winzip_aes, zipcrypto
from seriema.unlock.zip.codecs import CODECS, Codec, checked
from seriema.unlock.zip.directory import Entry
from seriema.unlock.zip.member_names import decoded_name
from seriema.unlock.zip.winzip_aes import Scheme

_AES = 99
_CHUNK = 1 << 16
_FIRST = 1 << 10


@dataclass(frozen=True, slots=True)
class _Data:
    """A member's stored bytes and all that is needed to read them."""

    stored: memoryview
    codec: Codec
    flags: int
    size: int
    crc32: int | None
    checked_size: int | None
    scheme: Scheme | None  #: WinZip AES; None for plain data and ZipCrypto

    def read(self, key: Key | None) -> Iterator[bytes]:
        """Decrypt, decompress and check."""
        source = self._decrypted(key)
        return checked(self._unpacked(source), self.crc32, self.checked_size)

    def _decrypted(self, key: Key | None) -> Iterator[bytes]:
        if key is None:
            return self._slices()
        if self.scheme:
            return winzip_aes.decrypted(self.stored, self.scheme, cast("tuple[bytes, bytes]", key))
        return zipcrypto.decrypted(self._slices(), cast("bytes", key))

    def _unpacked(self, source: Iterator[bytes]) -> Iterator[bytes]:
        yield from self.codec(source, self.flags, self.size)
        for _ in source:  # what the codec left: the authentication code stands behind it
            continue

    def _slices(self) -> Iterator[bytes]:
        """Little at first: with a wrong password that is as a rule enough for the codec to see it."""
        yield bytes(self.stored[:_FIRST])
        yield from (bytes(self.stored[at : at + _CHUNK]) for at in range(_FIRST, len(self.stored), _CHUNK))


def member_of(content: memoryview, entry: Entry, schedules: zipcrypto.Schedules) -> Member:
    """The member behind an entry; what stands in the way of reading it is its state."""
    header = entry.header
    listed = Member(
        name=decoded_name(header),
        size=header.size,
        stored=header.stored,
        read=None,
        method=records.METHODS.get(header.method, f"method {header.method}"),
        crc32=header.crc32 or None,
        state=State.MALFORMED if entry.trouble else State.INSPECTED,
        state_reason=entry.trouble,
        encrypted=header.encrypted,
    )
    try:
        return _readable(listed, content, entry, schedules)
    except HostileInput as error:
        return replace(listed, state=state_of(error), state_reason=str(error))


def _readable(listed: Member, content: memoryview, entry: Entry, schedules: zipcrypto.Schedules) -> Member:
    header = entry.header
    if entry.elsewhere:
        raise Unsupported("its data lies in another volume of a split archive")
    if entry.data is None:
        raise Malformed(entry.trouble)
    if header.flags & (records.STRONG | records.MASKED):
        raise Unsupported("PKWARE strong encryption")
    stored = content[entry.data : entry.end]
    scheme = winzip_aes.scheme_of(header) if header.method == _AES else None
    number = scheme.method if scheme else header.method
    method = records.METHODS.get(number, f"method {number}")
    codec = CODECS.get(number)
    if codec is None:
        raise Unsupported(f"compression {method}")
    crc32 = header.crc32 if entry.sized and (scheme is None or scheme.keeps_crc) else None
    size = header.size if entry.sized else None
    data = _Data(stored, codec, header.flags, header.size, crc32, size, scheme)
    lock = _lock(header, stored, scheme, schedules)
    return replace(listed, read=data.read, lock=lock, method=f"{lock.scheme}, {method}" if lock else method)


def _lock(
    header: records.Header, stored: memoryview, scheme: Scheme | None, schedules: zipcrypto.Schedules
) -> Lock | None:
    if not header.encrypted:
        if scheme:
            raise Malformed("AES method without the encryption bit")
        return None
    needed = scheme.overhead if scheme else zipcrypto.HEADER_SIZE
    if len(stored) < needed:
        raise Malformed("too short for its encryption")
    if scheme:
        return winzip_aes.aes_lock(scheme, bytes(stored[:needed]))
    # Some writers check by the time although the CRC is known, and the other way round: either will do.
    checks = {header.crc32 >> 24, header.time >> 8} if header.streamed else {header.crc32 >> 24}
    return zipcrypto.zipcrypto_lock(bytes(stored[: zipcrypto.HEADER_SIZE]), frozenset(checks), schedules)
