"""Traditional PKWARE encryption (APPNOTE.TXT 6.3.10, section 6.1): many candidates at once, and the data of a member.

It proves nothing: a candidate is checked against one byte of the decrypted header, so one in 256 wrong ones passes, and
only a full read with CRC tells. A few candidates go through the compiled cipher one by one, many side by side.
"""

from collections.abc import Callable, Iterator, Sequence

from seriema.unlock.format import Key, Lock, spellings
from seriema.unlock.zip.bulk import FACTOR, START, TABLE, Bulk

try:
    from stream_unzip._zipcrypto import zipcrypto_decryptor as _compiled
except ImportError:  # the compiled cipher is the library's private part; without it our own is 30 times slower
    _compiled = None

HEADER_SIZE = 12
#: Measured: some 4 million tries a second.
_COST = 1 / 4000
#: So many tries at most go one by one: side by side begins to be faster there.
_FEW = 1_000 if _compiled else 20

_TABLE_LIST = TABLE.tolist()


class Schedules:
    """What the candidates come to, worked out once for all members of an archive."""

    def __init__(self) -> None:
        self._passwords: Sequence[str] = ()
        self._tries: _Tries | None = None

    def tries(self, passwords: Sequence[str]) -> "_Tries":
        """Kept until other passwords come."""
        if self._tries is None or passwords is not self._passwords:
            self._passwords, self._tries = passwords, _Tries(passwords)
        return self._tries


class _Tries:
    """All spellings of some candidates, in their order."""

    def __init__(self, passwords: Sequence[str]) -> None:
        self._whose: Sequence[int] = range(len(passwords))  #: spelling → candidate
        self._written: Sequence[str | bytes] = passwords  #: an ASCII password is its own only spelling
        self._cipher: _OneByOne | Bulk
        joined = "".join(passwords)
        if joined.isascii() and len(passwords) > _FEW:
            self._cipher = Bulk(joined.encode(), [*map(len, passwords)])
            return
        if joined.isascii():
            spelled = [*map(str.encode, passwords)]
        else:
            pairs = [(index, each) for index, password in enumerate(passwords) for each in spellings(password)]
            self._whose, spelled = [index for index, _ in pairs], [each for _, each in pairs]
        self._written = spelled
        many = len(spelled) > _FEW
        self._cipher = Bulk(b"".join(spelled), [*map(len, spelled)]) if many else _OneByOne(spelled)

    def fitting(self, header: bytes, checks: frozenset[int]) -> Iterator[tuple[int, bytes]]:
        """(index, spelling) of each with which the last byte of ``header`` becomes one of ``checks`` (6.1.6)."""
        places = self._cipher.fitting(header, checks)
        return ((self._whose[place], _bytes(self._written[place])) for place in places)


class _OneByOne:
    """What ``Bulk`` does, for few passwords."""

    def __init__(self, spelled: Sequence[bytes]) -> None:
        self._spelled = spelled

    def fitting(self, header: bytes, checks: frozenset[int]) -> Sequence[int]:
        cipher = _compiled or python_decryptor
        return [place for place, each in enumerate(self._spelled) if cipher(each)(header)[-1] in checks]


def _bytes(written: str | bytes) -> bytes:
    return written.encode() if isinstance(written, str) else written


def zipcrypto_lock(header: bytes, checks: frozenset[int], schedules: Schedules) -> Lock:
    """The lock of one member: its twelve ``header`` bytes, and the values that the last may decrypt to (6.1.6)."""

    def fits(passwords: Sequence[str]) -> Iterator[tuple[int, Key]]:
        return schedules.tries(passwords).fitting(header, checks)

    return Lock(scheme="ZipCrypto", cost=_COST, fits=fits, chance=len(checks) / 256, authenticated=False)


def decrypted(data: Iterator[bytes], password: bytes) -> Iterator[bytes]:
    """The plain data behind the header, in bounded chunks. ``data`` begins with the header."""
    decrypt = decryptor(password)
    skip = HEADER_SIZE
    for chunk in data:
        plain = decrypt(chunk)
        yield plain[skip:]
        skip = max(0, skip - len(plain))


def decryptor(password: bytes) -> Callable[[bytes], bytes]:
    """A function that decrypts the next bytes; compiled where the library has it."""
    return _compiled(password) if _compiled else python_decryptor(password)


def python_decryptor(password: bytes) -> Callable[[bytes], bytes]:
    """The same in Python (6.1.5–6.1.7)."""
    keys = START
    for byte in password:
        keys = _mixed(*keys, byte)

    def decrypt(data: bytes) -> bytes:
        nonlocal keys
        first, second, third = keys
        plain = bytearray()
        for byte in data:
            stream = third | 2
            letter = byte ^ (stream * (stream ^ 1) >> 8 & 0xFF)
            plain.append(letter)
            first, second, third = _mixed(first, second, third, letter)
        keys = first, second, third
        return bytes(plain)

    return decrypt


def _mixed(first: int, second: int, third: int, byte: int) -> tuple[int, int, int]:
    first = first >> 8 ^ _TABLE_LIST[(first ^ byte) & 0xFF]
    second = ((second + (first & 0xFF)) * FACTOR + 1) & 0xFFFFFFFF
    third = third >> 8 ^ _TABLE_LIST[(third ^ second >> 24) & 0xFF]
    return first, second, third
