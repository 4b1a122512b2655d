"""RAR archives that lie or want too much: never inspected, never a crash, never more than the limits."""

import random
import struct
import time
import zlib
from collections.abc import Callable

import pytest
from tests.builders.opening import contents, facts
from tests.builders.opening import opened as open_as
from tests.builders.rars import (
    BEFORE,
    END5,
    MARK3,
    MARK5,
    SERVICE5,
    File3,
    File5,
    block3,
    block5,
    compressed5,
    end5,
    locked3,
    locked5,
    main5,
    packed,
    rar3,
    rar5,
    vint,
)

from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.unlock import Opened

TEXT = b"".join(b"line %d of an inert text\n" % number for number in range(2000))


def opened(content: bytes, *passwords: str, limits: Limits | None = None) -> Opened:
    return open_as(content, *passwords, kind="rar", name="info.rar", limits=limits)


def quick_open(shown: bytes, at: int) -> bytes:
    """A second directory that shows ``shown`` as the header at ``at``."""
    body = vint(0) + vint(at) + vint(len(shown)) + shown
    entry = vint(len(body)) + body
    return struct.pack("<L", zlib.crc32(entry)) + entry


def two_directories() -> bytes:
    real = File5("readme.txt", b"inert").bytes5()
    shown = File5("readme.exe", b"inert").bytes5()[:-5]
    return MARK5 + main5() + real + File5("QO", quick_open(shown, len(real)), kind=SERVICE5).bytes5() + end5()


def agreeing_directories() -> bytes:
    real = File5("readme.txt", b"inert").bytes5()
    return MARK5 + main5() + real + File5("QO", quick_open(real[:-5], len(real)), kind=SERVICE5).bytes5() + end5()


WHOLE3, WHOLE5 = rar3(File3()), rar5(File5())
DISAGREEMENTS = {
    "a header whose checksum is wrong": WHOLE5.replace(b"info.txt", b"info.exe"),
    "the same before RAR 5": WHOLE3.replace(b"info.txt", b"info.exe"),
    "quick open data that shows another name": two_directories(),
    "an archive behind an archive": WHOLE5 + rar5(File5("b.txt")),
    "an older archive behind a newer": WHOLE5 + rar3(File3(b"b.txt")),
    "no end": WHOLE5[: -len(end5())],
    "an end without what it ends": MARK5 + main5() + File5(data=b"x" * 40).bytes5()[:-20],
    "a folder that has data": rar3(File3(flags=0xE0)),
    "a wrong checksum of the data": rar5(File5(crc=1)),
    "the same before RAR 5, compressed": packed([("a", TEXT)], format="rar40").replace(
        struct.pack("<L", zlib.crc32(TEXT)), b"abcd"
    ),
    "a smaller size than comes out": rar5(File5(size=3)),
    "a larger size than comes out": rar5(File5(size=30)),
    "compressed bytes that are none": rar5(File5(data=b"\xff" * 40, method=3, size=400)),
    "headers said to be longer than they are": MARK5 + b"\0\0\0\0\xff\xff\x7f\1",
    "AES with an older compression": rar3(File3(password="777", version=20)),
}


@pytest.mark.parametrize("name", DISAGREEMENTS)
def test_what_lies_is_malformed(name: str) -> None:
    assert opened(DISAGREEMENTS[name], "777").state is State.MALFORMED


def test_both_directories_are_read() -> None:
    found = opened(two_directories())
    assert contents(found) == {"readme.txt": b"inert", "readme.exe": b"inert"}
    assert "rar.two-directories" in facts(found)
    assert opened(agreeing_directories()).state is State.INSPECTED


UNSUPPORTED = {
    "RAR 1.4": b"RE~^" + bytes(40),
    "a compression not known": rar3(File3(version=13, method=0x33)),
    "more iterations than any program does": rar5(File5(password="777", rounds=4)).replace(
        bytes((0, 3, 4)), bytes((0, 3, 30))
    ),
    "a beginning in another volume": rar5(File5(flags=BEFORE), volume=1),
    "an end in another volume": rar5(File5(), volume=0, more=True),
}


def resummed(archive: bytes) -> bytes:
    """With the checksum of every RAR 5 header put right."""
    out, at = bytearray(archive), len(MARK5)
    while at + 5 < len(out):
        size = out[at + 4]
        head = bytes(out[at + 4 : at + 5 + size])
        out[at : at + 4] = struct.pack("<L", zlib.crc32(head))
        at += 5 + size + _data(head)
    return bytes(out)


def _data(head: bytes) -> int:
    """Bytes of data behind a header whose numbers all take one byte."""
    flags = head[2]
    return head[3 + (flags & 1)] if flags & 2 else 0


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_cannot_be_read_is_named_and_never_a_wrong_password(name: str) -> None:
    archive = UNSUPPORTED[name]
    found = opened(resummed(archive) if "iterations" in name else archive, "777")
    assert (found.state, found.state_reason != "") == (State.UNSUPPORTED, True)
    assert "password" not in found.state_reason


BOMBS: dict[str, Callable[[], bytes]] = {
    "zeros": lambda: packed([("zeros", bytes(2 << 20))], format="rar50"),
    "zeros before RAR 5": lambda: packed([("zeros", bytes(2 << 20))], format="rar40"),
    "a solid run of zeros": lambda: packed([(f"{n}", bytes(1 << 19)) for n in range(8)], format="rar50", solid=True),
    "a declared size of a terabyte": lambda: rar5(File5(data=compressed5(TEXT), method=3, size=1 << 40)),
    "the same before RAR 5": lambda: rar3(File3(data=TEXT, method=0x33, size=0xFFFFFFF0)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_end_at_the_limit(name: str) -> None:
    data, started = BOMBS[name](), time.process_time()
    found = opened(data)
    assert (found.state, time.process_time() - started < 2) == (State.LIMIT, True)


def test_members_and_bytes_of_the_mail_are_bounds() -> None:
    many = rar5(*(File5(f"{n}.txt") for n in range(30)))
    found = opened(many, limits=Limits(members=10))
    assert (found.state, len(found.children)) == (State.LIMIT, 10)
    found = opened(many, limits=Limits(opened_bytes=100))
    assert found.state is State.LIMIT


def test_many_salts_in_the_headers_end_the_reading() -> None:
    archive = MARK5
    for number in range(100):
        salt = bytes([number]) * 16
        archive += block5(4, bytes((0, 0, 4)) + salt)
    assert opened(archive, "777").state in {State.LOCKED, State.MALFORMED, State.LIMIT}


def test_damage_in_a_solid_archive_leaves_what_came_before_it() -> None:
    files = [(f"{n}.txt", TEXT[n * 7 :] + b"%d" % n) for n in range(4)]
    archive = bytearray(packed(files, format="rar40", solid=True))
    crc = struct.pack("<L", zlib.crc32(files[2][1]))
    at = archive.index(crc)
    header = archive.rindex(b"2.txt") - 32
    archive[at : at + 4] = b"\0\0\0\0"
    size = struct.unpack_from("<H", archive, header + 5)[0]
    struct.pack_into("<H", archive, header, zlib.crc32(archive[header + 2 : header + size]) & 0xFFFF)
    found = opened(bytes(archive))
    assert found.state is State.MALFORMED
    assert [each.content == data for each, (_, data) in zip(found.children, files, strict=True)][:3] == [
        True,
        True,
        False,
    ]


def test_a_key_that_fits_shows_damage_behind_it() -> None:
    found = opened(rar5(File5(password="777", crc=7)), "1", "777")
    assert (found.state, found.state_reason) == (State.MALFORMED, "info.txt: the CRC-32 does not agree")


SEEDS = {
    "RAR 5": packed([("a.txt", TEXT), ("b.txt", TEXT[:99])], format="rar50", solid=True),
    "RAR 5 locked": rar5(File5(data=compressed5(TEXT), method=3, size=len(TEXT), crc=zlib.crc32(TEXT), password="777")),
    "RAR 5 with locked headers": locked5("777", File5(), File5("b.txt", password="777")),
    "RAR 4": packed([("a.txt", TEXT), ("b.txt", TEXT[:99])], format="rar40", solid=True, comment=b"a comment"),
    "RAR 4 locked": packed([("a.txt", TEXT)], format="rar40", password="777"),
    "RAR 4 with locked headers": locked3("777", File3()),
    "RAR 2": packed([("a.txt", TEXT)], format="rar20", password="777"),
}


@pytest.mark.parametrize("name", SEEDS)
def test_mutants_end_in_a_state(name: str) -> None:
    dice, seed = random.Random(3), SEEDS[name]
    for _ in range(200):
        mutant = bytearray(seed)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(mutant))
            mutant[at : at + dice.choice((0, 1, 1, 1, 9))] = dice.randbytes(dice.choice((0, 1, 1, 1, 5)))
        found = opened(bytes(mutant) or b"R", "777")
        assert State.CRASHED not in {found.state, *(each.state for each in found.children)}, mutant.hex()


@pytest.mark.parametrize("newer", [True, False])
def test_headers_of_any_content_end_in_a_state(newer: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Mutants whose checksums are right, so that the fields themselves are reached."""
    dice, sealed = random.Random(4), File5(password="777").bytes5()
    for _ in range(400):
        if newer:
            head = bytearray(sealed[5 : 5 + sealed[4]])
            head[dice.randrange(len(head))] = dice.randrange(256)
            head = bytes((len(head),)) + head
            archive = MARK5 + main5() + struct.pack("<L", zlib.crc32(head)) + head + dice.randbytes(64) + block5(END5)
        else:
            body = bytearray(
                File3(version=dice.choice((15, 20, 29, 36, 99)), method=dice.choice((0x30, 0x33))).bytes3()
            )
            body = body[7:47]
            body[dice.randrange(len(body))] = dice.randrange(256)
            archive = MARK3 + block3(0x73, 0, bytes(6)) + block3(0x74, dice.randrange(1 << 16), bytes(body)) + bytes(64)
        found = opened(archive, "777")
        assert State.CRASHED not in {found.state, *(each.state for each in found.children)}, archive.hex()
