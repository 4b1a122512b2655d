"""Files that share one dictionary, and their contents, decompressed together and kept until they are asked for.

In a solid archive a file can be read only after all before it. Read one by one that would be quadratic; so what can be
read with the keys known is read at once, under the bounds of the whole container.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from seriema.model.errors import HostileInput, LimitReached, Locked, Malformed, Unsupported
from seriema.model.limits import Limits
from seriema.unlock.rar.decoding import Bounds, Failed, Packed, unpacked
from seriema.unlock.rar.entries import RAR5_VERSION, STORED, Cipher, File
from seriema.unlock.rar.keys import Derived, decrypted, slices, start_of

_AES_SINCE = 29
_VERSIONS = frozenset({15, 20, 26, 29, 36, 50, 70})


def runs_of(files: Iterable[File]) -> list[list[File]]:
    """Compressed files in groups that share a dictionary; stored ones do not touch it."""
    runs: list[list[File]] = []
    for file in files:
        header = file.header
        if header.folder or header.link or header.method == STORED:
            continue
        if header.solid and runs and _family(runs[-1][0]) == _family(file):
            runs[-1].append(file)
        else:
            runs.append([file])
    return runs


def _family(file: File) -> bool:
    return file.header.version >= RAR5_VERSION


@dataclass(slots=True)
class Run:
    """One group, the keys that read well in it, and what was read with them last."""

    content: memoryview
    files: Sequence[File]
    limits: Limits
    keys: dict[Cipher, Derived] = field(default_factory=dict)
    _read: list[bytes] = field(default_factory=list)
    _with: list[Derived | None] = field(default_factory=list)
    _stop: HostileInput | None = None

    def unpack(self, index: int, key: Derived | None) -> bytes:
        """The content of one file. Raises what stands in the way of it or of one before it."""
        used = self._used(index, key)
        if used[: index + 1] != self._with[: index + 1]:
            self._read_all(used)
        if index < len(self._read):
            return self._read[index]
        if self._stop and index == len(self._read):
            raise self._stop
        why = type(self._stop) if self._stop else Malformed
        raise why("a file before it in the solid archive cannot be read")

    def confirm(self, index: int, key: Derived) -> None:
        """This key read that file well: those behind it may be read with it."""
        cipher = self.files[index].header.cipher
        if cipher:
            self.keys[_lock(cipher)] = key

    def _used(self, index: int, tried: Derived | None) -> list[Derived | None]:
        """The key of each file from the first on, as far as they are known; ``tried`` for all that share its lock."""
        mine = self.files[index].header.cipher
        keys = {**self.keys, _lock(mine): tried} if mine and tried else self.keys
        used: list[Derived | None] = []
        for place, file in enumerate(self.files):
            cipher = file.header.cipher
            key = keys.get(_lock(cipher)) if cipher else None
            if cipher and key is None:
                if place <= index:
                    raise Locked("a file before it in the solid archive is locked")
                break
            used.append(key)
        return used

    def _read_all(self, used: list[Derived | None]) -> None:
        self._read, self._with, self._stop = [], used, None
        files = self.files[: self._affordable(len(used))]
        packed: list[Packed] = []
        for file, key in zip(files, used, strict=False):
            try:
                packed.append(self._packed(file, key))
            except HostileInput as error:
                self._stop = error
                break
        if not packed:
            return
        try:
            self._read = self._unpacked(packed)
        except Failed as error:
            self._read = self._unpacked(packed[: error.index]) if error.index else []
            self._stop = Malformed(error.reason)
        except HostileInput as error:
            self._stop = error

    def _unpacked(self, packed: Sequence[Packed]) -> list[bytes]:
        return unpacked(packed, Bounds(self.limits.member_bytes, self.limits.opened_bytes)) if packed else []

    def _affordable(self, count: int) -> int:
        """How many of the files may come out by the sizes they declare; the first that may not says why."""
        total, stored, limits = 0, 0, self.limits
        for place, file in enumerate(self.files[:count]):
            size = file.header.size or 0
            total, stored = total + size, stored + file.stored
            if size > limits.member_bytes:
                self._stop = LimitReached(f"a member opens to more than {limits.member_bytes} bytes")
            elif total > limits.opened_bytes:
                self._stop = LimitReached("the members of this mail open to more bytes than allowed")
            elif total > limits.ratio_floor and total > limits.ratio * stored:
                self._stop = LimitReached(f"the member opens to more than {limits.ratio} times its size")
            else:
                continue
            return place
        return count

    def _packed(self, file: File, key: Derived | None) -> Packed:
        header = file.header
        if header.version not in _VERSIONS:
            raise Unsupported(f"compression of RAR {header.version / 10}")
        if header.size is None:
            raise Unsupported("a compressed file of unknown size")
        if file.missing:
            raise Unsupported(file.missing)
        raw = slices(self.content, file.pieces)
        if header.cipher and key:
            if header.cipher.version < _AES_SINCE:
                return Packed(header, header.size, b"".join(raw), key.password)
            raw = decrypted(raw, key.key, start_of(header.cipher, key))
        return Packed(header, header.size, b"".join(raw))


def _lock(cipher: Cipher) -> Cipher:
    """The cipher without what is each file's own."""
    return replace(cipher, iv=b"", tweaked=False)
