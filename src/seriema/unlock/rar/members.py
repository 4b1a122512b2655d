"""From the files of an archive to members that can be tried and read: cipher, codec and checks put in a row."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from seriema.model.artifact import State
from seriema.model.errors import HostileInput, Locked, Malformed, Unsupported
from seriema.model.limits import Limits
from seriema.unlock.format import Key, Lock, Member
from seriema.unlock.rar.blake2sp import Blake2sp
from seriema.unlock.rar.entries import RAR5_VERSION, STORED, Cipher, File, Header, Link
from seriema.unlock.rar.keys import Derived, Keys, decrypted, lock_of, slices, start_of, tweaked
from seriema.unlock.rar.runs import Run, runs_of
from seriema.unlock.reading import state_of

_METHODS = ("stored", "fastest", "fast", "normal", "good", "best")
_AES_SINCE = 29
#: Packed bytes that the library takes in in a unit of work, and bytes that RAR 1.5, which cannot fail early, puts out.
_IN, _OUT15 = 256 << 10, 40 << 10
_STREAM = "STM"

Read = Callable[[Key | None], Iterator[bytes]]


@dataclass(slots=True)
class Members:
    """Makes the members of one archive; locks and runs are shared among them."""

    content: memoryview
    limits: Limits
    keys: Keys
    proven: bool = False  #: the headers were encrypted, and a password opened them
    runs: dict[int, tuple[Run, int]] = field(default_factory=dict)  #: id of the file → its run and place there
    locks: dict[Cipher, Lock] = field(default_factory=dict)

    def of(self, files: Sequence[File], services: Sequence[File]) -> tuple[Member, ...]:
        """The members of all files and of the streams that belong to them; folders are none."""
        for group in runs_of(files):
            run = Run(self.content, group, self.limits)
            self.runs |= {id(file): (run, place) for place, file in enumerate(group)}
        known: dict[str, Member] = {}
        members = []
        # Empty files come last: behind a shared lock the first that is read decides whether a password is right.
        for file in sorted(files, key=lambda each: _proves_nothing(each.header)):
            if not file.header.folder:
                members.append(self._member(file, known))
                known.setdefault(file.header.name, members[-1])
        streams = [self.member(each) for each in services if each.header.name == _STREAM]
        return (*members, *streams)

    def _member(self, file: File, known: dict[str, Member]) -> Member:
        """A file; one that is a copy of another by reference gets the other's content under its own name."""
        link = file.header.link
        if link in (Link.HARD_LINK, Link.COPY):
            other = known.get(file.header.target)
            if other is not None:
                return replace(other, name=file.header.name)
        return self.member(file)

    def member(self, file: File) -> Member:
        """One file or service; what stands in the way of reading it is its state."""
        header = file.header
        listed = Member(
            name=_name(header),
            size=header.size or 0,
            stored=self._stored(file),
            read=None,
            method=_method(header),
            crc32=None if header.cipher and header.cipher.tweaked else header.crc32,
            state=State.MALFORMED if header.trouble else State.INSPECTED,
            state_reason=header.trouble,
            encrypted=header.cipher is not None,
        )
        try:
            return self._readable(listed, file)
        except HostileInput as error:
            return replace(listed, state=state_of(error), state_reason=str(error))

    def _stored(self, file: File) -> int:
        """Behind others in a solid archive a file takes next to nothing, but what it needs lies in all of them."""
        run, place = self.runs.get(id(file), (None, 0))
        return sum(each.stored for each in run.files[: place + 1]) if run else file.stored

    def _readable(self, listed: Member, file: File) -> Member:
        header = file.header
        if header.link in (Link.SYMLINK, Link.JUNCTION):
            return replace(listed, read=lambda _: iter((header.target.encode(errors="replace"),)))
        if header.link:
            raise Unsupported(f"a {header.link.value} to {header.target}, which is not in the archive")
        if file.missing:
            raise Unsupported(file.missing)
        if _proves_nothing(header):
            return self._empty(listed)
        lock = self._lock(header.cipher, file) if header.cipher else None
        plain = header.method == STORED and not (header.cipher and header.cipher.version < _AES_SINCE)
        read = self._stored_read(file) if plain else self._unpacked_read(file)
        return replace(
            listed, read=read, lock=lock, method=", ".join((*([lock.scheme] if lock else []), listed.method))
        )

    def _empty(self, listed: Member) -> Member:
        """Any password seems to fit an empty file, so it opens with one that the headers or another file proved."""
        if self.proven:
            return replace(listed, read=lambda _: iter(()))
        if self.locks:
            lock = next(iter(self.locks.values()))
            return replace(listed, read=lambda _: iter(()), lock=lock, method=f"{lock.scheme}, {listed.method}")
        raise Locked("an empty file, by which no password can be checked")

    def _lock(self, cipher: Cipher, file: File) -> Lock:
        shared = replace(cipher, iv=b"", tweaked=False)
        if shared not in self.locks:
            reading = file.stored / _IN
            if cipher.version == 15:  # noqa: PLR2004 - RAR 1.5
                reading += (file.header.size or 0) / _OUT15
            self.locks[shared] = lock_of(shared, self.keys, reading)
        return self.locks[shared]

    def _stored_read(self, file: File) -> Read:
        header = file.header

        def read(key: Key | None) -> Iterator[bytes]:
            raw = slices(self.content, file.pieces)
            keys = cast("Derived | None", key)
            if header.cipher and keys:
                raw = decrypted(raw, keys.key, start_of(header.cipher, keys))
            return checked(_cut(raw, header.size), header, keys)

        return read

    def _unpacked_read(self, file: File) -> Read:
        run, place = self.runs.get(id(file)) or (Run(self.content, [file], self.limits), 0)

        def read(key: Key | None) -> Iterator[bytes]:
            keys = cast("Derived | None", key)
            yield from checked(iter((run.unpack(place, keys),)), file.header, keys)
            if keys:
                run.confirm(place, keys)

        return read


def _proves_nothing(header: Header) -> bool:
    """An encrypted file without content and without a check value."""
    return header.cipher is not None and header.cipher.check is None and header.size == 0 and not header.crc32


def _name(header: Header) -> str:
    """A stream's name stands behind its file's."""
    if not header.service or header.name != _STREAM:
        return header.name
    raw = header.detail
    newer = header.version >= RAR5_VERSION
    stream = raw.decode("utf-8", "replace") if newer else raw.decode("utf-16-le", "replace")
    return f"{header.target}:{stream.lstrip(':')}"


def _method(header: Header) -> str:
    name = _METHODS[header.method] if header.method < len(_METHODS) else f"method {header.method}"
    return f"RAR {header.version / 10:.1f} {name}"


def _cut(chunks: Iterator[bytes], size: int | None) -> Iterator[bytes]:
    """Without the padding of the last cipher block."""
    left = size
    for chunk in chunks:
        taken = chunk if left is None else chunk[:left]
        if left is not None:
            left -= len(taken)
        if taken:
            yield taken


def checked(chunks: Iterator[bytes], header: Header, keys: Derived | None) -> Iterator[bytes]:
    """Pass the content on; ``Malformed`` at its end if size or a checksum, keyed or not, does not agree."""
    size, crc32, blake2 = 0, 0, Blake2sp() if header.blake2 is not None else None
    for chunk in chunks:
        size, crc32 = size + len(chunk), zlib.crc32(chunk, crc32)
        if blake2:
            blake2.update(chunk)
        yield chunk
    if header.size is not None and size != header.size:
        raise Malformed(f"{size} bytes came out where {header.size} were declared")
    keyed = keys.hash_key if keys and header.cipher and header.cipher.tweaked else b""
    checks = [("BLAKE2sp", blake2.digest(), header.blake2)] if blake2 else []
    if header.crc32 is not None:
        checks.append(("CRC-32", crc32.to_bytes(4, "little"), header.crc32.to_bytes(4, "little")))
    for name, found, said in checks:
        if (tweaked(found, keyed) if keyed else found) != said:
            raise Malformed(f"the {name} does not agree")
