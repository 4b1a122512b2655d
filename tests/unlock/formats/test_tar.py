"""tar: every dialect opens, nothing is followed, and where readers would see different files it is malformed."""

import gzip
import random
import tarfile
import time

import pytest
from tests.builders.opening import contents, facts, opened
from tests.builders.tars import END, TEXT, VIEWS, block, info, padded, sparse_in_records, tar

from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.unlock import Opened
from seriema.unlock.formats.tar import recognise

LONG = "folder/" * 20 + "letter.txt"


def open_tar(content: bytes, limits: Limits | None = None) -> Opened:
    return opened(content, kind="tar", name="a.tar", limits=limits)


DIALECTS = {"ustar": tarfile.USTAR_FORMAT, "GNU": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS.keys())
def test_every_dialect_opens(dialect: int) -> None:
    found = open_tar(tar((LONG, TEXT), ("größe.txt", b""), ("b.bin", bytes(5000)), dialect=dialect))
    assert (found.state, contents(found)) == (
        State.INSPECTED,
        {LONG: TEXT, "größe.txt": b"", "b.bin": bytes(5000)},
    )


def test_the_oldest_kind_without_a_signature_is_recognised() -> None:
    made = block(b"letter.txt", len(TEXT), b"\0") + padded(TEXT) + END
    assert recognise(made)
    assert contents(open_tar(made)) == {"letter.txt": TEXT}
    assert not recognise(bytes(512))
    assert not recognise(TEXT)


def test_links_devices_and_pipes_are_named_and_not_followed() -> None:
    found = open_tar(
        tar(
            info("link", tarfile.SYMTYPE, linkname="/etc/passwd"),
            info("hard", tarfile.LNKTYPE, linkname="../other"),
            info("disk", tarfile.BLKTYPE),
            info("pipe", tarfile.FIFOTYPE),
            info("folder", tarfile.DIRTYPE),
            ("a.txt", TEXT),
        )
    )
    assert (found.state, contents(found)) == (State.INSPECTED, {"a.txt": TEXT})
    assert facts(found) == {"tar.symlink", "tar.hard-link", "tar.device", "tar.pipe"}
    assert {"/etc/passwd", "../other"} <= {finding.detail for finding in found.findings}


def test_absurd_names_are_kept_and_named() -> None:
    found = open_tar(tar(("../../a.js", b"1"), ("/etc/x", b"2"), ("../../a.js", b"3")))
    assert {"archive.traversal-name", "archive.absolute-name", "archive.duplicate-name"} <= facts(found)
    assert [child.content for child in found.children] == [b"1", b"2", b"3"]


def test_a_packed_tar_is_a_tar_in_a_stream() -> None:
    outer = opened(gzip.compress(tar(("a.txt", TEXT))), kind="gz", name="a.tgz")
    (inner,) = outer.children
    assert inner.name == "a.tar"
    assert inner.content is not None
    assert contents(open_tar(inner.content)) == {"a.txt": TEXT}


# -- sparse files ------------------------------------------------------------------------------------------------------


def sparse_old(made: bytearray) -> None:
    made[257:265] = b"ustar  \0"
    made[386:410] = b"%011o\0%011o\0" % (1000, 4)
    made[483:494] = b"%011o" % 3000


SPARSE_FILE = bytes(1000) + b"data" + bytes(1996)


SPARSE = {
    "old": block(b"sparse", 4, b"S", sparse_old) + padded(b"data") + END,
    "0.0": sparse_in_records(
        {"GNU.sparse.size": "3000", "GNU.sparse.offset": "1000", "GNU.sparse.numbytes": "4"}, b"data"
    ),
    "0.1": sparse_in_records({"GNU.sparse.size": "3000", "GNU.sparse.map": "1000,4"}, b"data"),
    "1.0": sparse_in_records(
        {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "3000"},
        padded(b"1\n1000\n4\n") + b"data",
    ),
}


@pytest.mark.parametrize("made", SPARSE.values(), ids=SPARSE.keys())
def test_sparse_files_are_filled(made: bytes) -> None:
    found = open_tar(made)
    assert (found.state, contents(found)) == (State.INSPECTED, {"sparse": SPARSE_FILE})


@pytest.mark.parametrize(
    "records",
    [
        {"GNU.sparse.size": "3", "GNU.sparse.map": "1000,4"},
        {"GNU.sparse.size": "3000", "GNU.sparse.map": "1000,4000"},
        {"GNU.sparse.size": "3000", "GNU.sparse.map": "1000,4,0,4"},
        {"GNU.sparse.size": "3000", "GNU.sparse.map": "1000"},
        {"GNU.sparse.size": "many", "GNU.sparse.map": "1000,4"},
        {"GNU.sparse.major": "1", "GNU.sparse.realsize": "3000"},
    ],
)
def test_a_torn_map_is_malformed(records: dict[str, str]) -> None:
    assert open_tar(sparse_in_records(records, b"data")).state is State.MALFORMED


def test_a_hole_is_no_way_around_the_limits() -> None:
    records = {"GNU.sparse.size": str(1 << 50), "GNU.sparse.map": "1000,4"}
    found = open_tar(sparse_in_records(records, b"data"))
    assert (found.state, contents(found)) == (State.LIMIT, {"sparse": None})


# -- readers that would see different files ----------------------------------------------------------------------------


@pytest.mark.parametrize("made", VIEWS.values(), ids=VIEWS.keys())
def test_a_disagreement_is_malformed_and_all_is_opened(made: bytes) -> None:
    found = open_tar(made)
    assert found.state is State.MALFORMED
    assert contents(found).get("b.js") == b"inert"


def test_a_cut_file_is_malformed_and_kept_so_far() -> None:
    found = open_tar(tar(("a.txt", TEXT), ("b.bin", bytes(range(256)) * 20))[: 512 + 1536 + 512 + 700])
    assert [child.state for child in found.children] == [State.INSPECTED, State.MALFORMED]
    assert found.children[1].content is not None
    assert len(found.children[1].content) == 700


def test_what_is_no_tar_is_malformed() -> None:
    assert open_tar(b"x" * 2000).state is State.MALFORMED
    assert open_tar(END).state is State.INSPECTED


# -- bounds ------------------------------------------------------------------------------------------------------------


def test_too_many_members_are_a_limit() -> None:
    found = open_tar(tar(*[(f"{turn}", b"") for turn in range(60)]), Limits(members=50))
    assert (found.state, len(found.children)) == (State.LIMIT, 50)


@pytest.mark.parametrize(
    "part",
    [
        block(b"d/", 0, b"5"),
        block(b"", 0, b"x"),
        bytes(512) + block(b"d/", 0, b"5"),
        block(b"s", 0, b"S"),
        b"x" * 512,
        block(b"x", 512, b"g") + b"9 size=1\n" * 56 + bytes(8),
    ],
    ids=["directories", "records", "end marks", "sparse", "no headers", "record after record"],
)
def test_eight_megabytes_of_headers_end_soon(part: bytes) -> None:
    started = time.process_time()
    open_tar(block(b"d/", 0, b"5") + part * ((8 << 20) // len(part)))
    assert time.process_time() - started < 3


SEEDS = {
    **SPARSE,
    "pax": tar((LONG, TEXT), ("größe.txt", b"x")),
    "GNU": tar((LONG, TEXT), ("b.txt", b"x"), dialect=tarfile.GNU_FORMAT),
}


@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS.keys())
def test_mutants_end_in_a_state(seed: bytes) -> None:
    """Each header's checksum is mended, so that what was changed is read."""
    dice = random.Random(11)
    places = [at for at in range(0, len(seed), 512) if recognise(seed[at:])]
    for _ in range(200):
        mutant = bytearray(seed)
        for _ in range(dice.choice((1, 2, 4))):
            mutant[dice.randrange(len(mutant))] = dice.choice((0, 0x20, 0x30, 0x37, 0x80, 0xFF, dice.randrange(256)))
        for at in places:
            mutant[at + 148 : at + 156] = b" " * 8
            mutant[at + 148 : at + 156] = b"%06o\0 " % sum(mutant[at : at + 512])
        found = open_tar(bytes(mutant))
        assert found.state is not State.CRASHED, found.state_reason
