"""Raw disk images: FAT of each width with its long names, partitions, and what is no FAT by its name."""

import random
import struct
import time

import pytest
from tests.builders.discs import Fat, partitioned
from tests.builders.mutants import mutated
from tests.builders.opening import contents, facts
from tests.builders.opening import opened as opened_as

from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.unlock.opened import Opened

SCRIPT = b"inert " * 300
FOLDER, HIDDEN = 0x10, 0x22


def opened(content: bytes, limits: Limits | None = None) -> Opened:
    return opened_as(content, kind="img", name="info.img", limits=limits)


def volume(bits: int = 12) -> Fat:
    fat = Fat(bits)
    fat.root += fat.entry("info_06_24 long Namé.js", SCRIPT, b"INFO_0~1JS ")
    inner = fat.entry("b.txt", b"x", b"B       TXT", long=False)
    fat.root += b"\xe5" + fat.entry("gone.js", b"gone", b"GONE    JS ", long=False)[1:]
    fat.root += fat.entry("list", inner, b"LIST       ", FOLDER)
    fat.root += fat.entry("empty.txt", b"", b"EMPTY   TXT", HIDDEN)
    return fat


EXPECTED = {"info_06_24 long Namé.js": SCRIPT, "empty.txt": b"", "list/B.TXT": b"x"}


@pytest.mark.parametrize("bits", [12, 16, 32])
def test_a_volume_is_read_whole(bits: int) -> None:
    found = opened(volume(bits).image())
    assert (found.state, contents(found)) == (State.INSPECTED, EXPECTED)
    assert "img.hidden-file" in facts(found)


def test_a_volume_in_a_partition_is_read() -> None:
    found = opened(partitioned((0x06, volume().image())))
    assert (found.state, contents(found)) == (State.INSPECTED, EXPECTED)


def test_a_partition_that_is_no_fat_is_named_and_the_others_read() -> None:
    found = opened(partitioned((0x06, volume().image()), (0x07, b"\xeb\x52\x90NTFS    " + bytes(2000))))
    assert (found.state, found.state_reason) == (State.UNSUPPORTED, "a disk image with NTFS, not FAT")
    assert contents(found)["partition 1/list/B.TXT"] == b"x"


@pytest.mark.parametrize("content", [bytes(2000), b"\xeb\x52\x90NTFS    " + bytes(2000), b"x"])
def test_another_file_system_is_unsupported(content: bytes) -> None:
    assert opened(content).state is State.UNSUPPORTED


def test_a_long_name_of_another_entry_does_not_count() -> None:
    fat = Fat()
    fat.root = fat.entry("letter.txt", b"x", b"LETTER  TXT").replace(b"LETTER  TXT", b"MACRO   JS ")
    assert set(contents(opened(fat.image()))) == {"MACRO.JS"}


def test_a_chain_that_runs_in_a_circle_ends() -> None:
    fat = volume()
    folder = next(number for number, data in fat.data.items() if data.startswith(b"B       TXT"))
    fat.table[folder] = folder
    fat.data[folder] = fat.data[folder] + fat.entry("", b"", b"LIST       ", FOLDER, long=False)
    found = opened(fat.image())
    assert found.state in (State.INSPECTED, State.LIMIT)
    assert contents(found)["list/B.TXT"] == b"x"


def test_a_file_larger_than_its_clusters_is_malformed() -> None:
    image = bytearray(volume().image())
    struct.pack_into("<L", image, image.index(b"INFO_0~1JS ") + 28, 90_000)
    assert opened(bytes(image)).state is State.MALFORMED


def test_files_that_share_their_clusters_do_not_cost_for_ever() -> None:
    fat = Fat(16)
    content = random.Random(1).randbytes(400 * 512)
    record = fat.entry("a", content, b"A          ", long=False)
    inner = b"".join(b"%08d   " % n + record[11:] for n in range(1900))
    fat.root = fat.entry("list", inner, b"LIST       ", FOLDER, long=False)
    started = time.perf_counter()
    assert opened(fat.image(), Limits(opened_bytes=32 << 20)).state is State.LIMIT
    assert time.perf_counter() - started < 5


def test_a_disc_that_is_a_fat_disk_too_is_a_disagreement() -> None:
    image = bytearray(volume(16).image().ljust(0x8800, b"\0"))
    image[0x8000:0x8007] = b"\1CD001\1"
    found = opened_as(bytes(image), kind="iso", name="info.iso")
    assert found.state is State.MALFORMED


@pytest.mark.parametrize("bits", [12, 32])
def test_two_hundred_mutants_end_in_a_state_and_in_time(bits: int) -> None:
    whole = volume(bits).image()
    root = whole.index(b"\x42" if b"\x42" in whole else b"INFO_0")
    started = time.perf_counter()
    for number in range(200):
        first = (0, whole.index(b"INFO_0~1") - 100, root)[number % 3]
        found = opened(mutated(whole, number, max(0, first), first + 400))
        assert found.state is not State.CRASHED, (number, found.state_reason)
        assert (found.state is State.INSPECTED) == (not found.state_reason)
    assert time.perf_counter() - started < 60
