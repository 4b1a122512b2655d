"""The page of formats is true: each line of its table is opened here, with the password and without."""

import bz2
import gzip
import lzma
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from backports import zstd
from tests.builders import office
from tests.builders.cabinets import LZX, MSZIP, QUANTUM, cabinet
from tests.builders.discs import Fat, OnDisc, disc
from tests.builders.files import package
from tests.builders.opening import opened
from tests.builders.pdfs import USER, pdf
from tests.builders.rars import packed
from tests.builders.seven_zips import archive as seven_zip
from tests.builders.seven_zips import folder
from tests.builders.tars import tar
from tests.builders.tnefs import attachment, tnef
from tests.builders.zips import archive, stored

from seriema.exercise.archives import COMPRESSIONS, Member, zip_of
from seriema.exercise.compound_file import compound_file
from seriema.model.artifact import Child, State
from seriema.unlock import opener
from seriema.unlock.formats import unread
from seriema.unlock.opened import Opened

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
NAME, TEXT, RIGHT = "letter.txt", b"Dear Bob, inert text. " * 50, USER
PACKAGE = package({"word/media/image1.png": random.Random(1).randbytes(9000)})
SEALED_FOR_PEOPLE = {"EncryptedPackage": bytes(5000), "\x06DataSpaces/TransformInfo/DRMEncryptedTransform/x": b"x"}


@dataclass(frozen=True)
class Example:
    """A small file of one line of the table: where it has a password, that is ``RIGHT``."""

    content: bytes
    kind: str
    encrypted: bool = True


def zipped(method: str = "", compression: str = "deflate", vendor: int = 2) -> bytes:
    password = RIGHT if method else ""
    return zip_of([Member(NAME, TEXT, password, method or "zipcrypto", compression, vendor=vendor)])


def rar(version: str, *, locked: bool = True, headers: bool = False) -> bytes:
    settings = {"password": RIGHT, "encrypt_headers": headers} if locked else {}
    return packed([(NAME, TEXT)], format=version, **settings)


def fat() -> bytes:
    volume = Fat()
    volume.root += volume.entry(NAME, TEXT, b"LETTER  TXT")
    return volume.image()


def plain() -> Iterator[tuple[tuple[str, str], Example]]:
    """What is in no line of its own for its encryption."""
    for compression in COMPRESSIONS:
        yield ("ZIP", f"none ({compression})"), Example(zipped(compression=compression), "zip", encrypted=False)
    yield ("ZIP", "none (PPMd)"), Example(archive(stored(NAME.encode(), TEXT, method=98)), "zip", encrypted=False)
    yield ("7z", "none"), Example(seven_zip([NAME], folder(TEXT)), "7z", encrypted=False)
    for version, name in (("rar15", "RAR 1.5"), ("rar20", "RAR 2"), ("rar30", "RAR 3 and 4"), ("rar50", "RAR 5 to 7")):
        yield (name, "none"), Example(rar(version, locked=False), "rar", encrypted=False)
    streams = {
        "gz": gzip.compress(TEXT), "bz2": bz2.compress(TEXT), "xz": lzma.compress(TEXT),
        "lzma": lzma.compress(TEXT, lzma.FORMAT_ALONE), "zst": zstd.compress(TEXT),
    }  # fmt: skip
    for name, content in {"tar": tar((NAME, TEXT)), **streams}.items():
        yield (name, "none"), Example(content, name, encrypted=False)
    for name, method in {"stored, MSZIP": MSZIP, "LZX": LZX, "Quantum": QUANTUM}.items():
        yield ("CAB", f"none ({name})"), Example(cabinet((NAME, TEXT), method=method), "cab", encrypted=False)
    on_disc = [OnDisc("LETTER.TXT", NAME, TEXT)]
    yield ("ISO 9660, UDF", "none"), Example(disc(on_disc, joliet=True, udf=True), "iso", encrypted=False)
    yield ("IMG (FAT)", "none"), Example(fat(), "img", encrypted=False)
    winmail = tnef(attachment(NAME.encode(), TEXT))
    yield ("TNEF (winmail.dat)", "none"), Example(winmail, "tnef", encrypted=False)


def locked() -> Iterator[tuple[tuple[str, str], Example]]:
    yield ("ZIP", "ZipCrypto"), Example(zipped("zipcrypto"), "zip")
    for bits in (128, 192, 256):
        for vendor in (1, 2):
            yield ("ZIP", f"WinZip AES-{bits}, AE-{vendor}"), Example(zipped(f"aes{bits}", vendor=vendor), "zip")
    strong = stored(NAME.encode(), TEXT, flags=0x41)
    yield ("ZIP", "PKWARE strong encryption"), Example(archive(strong), "zip")
    yield ("7z", "AES-256"), Example(seven_zip([NAME], folder(TEXT, password=RIGHT)), "7z")
    hidden = seven_zip([NAME], folder(TEXT, password=RIGHT), locked=RIGHT)
    yield ("7z", "AES-256, names too"), Example(hidden, "7z")
    yield ("RAR 1.5", "its own"), Example(rar("rar15"), "rar")
    yield ("RAR 2", "its own"), Example(rar("rar20"), "rar")
    for version, name, cipher in (("rar30", "RAR 3 and 4", "AES-128"), ("rar50", "RAR 5 to 7", "AES-256")):
        yield (name, cipher), Example(rar(version), "rar")
        yield (name, f"{cipher}, names too"), Example(rar(version, headers=True), "rar")
    yield from office_documents()
    for name, revision, aes in (
        ("RC4-40", 2, False),
        ("RC4-128", 3, False),
        ("AES-128", 4, True),
        ("AES-256", 6, True),
    ):
        yield ("PDF", name), Example(pdf(revision, aes=aes), "pdf")
    yield ("PDF", "empty user password"), Example(pdf(6, "", aes=True), "pdf")
    other = pdf(4, aes=True, packed=False).replace(b"/Filter /Standard", b"/Filter /AdobePS")
    yield ("PDF", "another security handler"), Example(other, "pdf")


def office_documents() -> Iterator[tuple[tuple[str, str], Example]]:
    rc4, api = office.Rc4(RIGHT), office.CryptoApi(RIGHT)
    known = office.CryptoApi("VelvetSweatshop")
    files = {
        ("Office Open XML", "standard (AES)"): (office.standard(PACKAGE, RIGHT), "encrypted-office"),
        ("Office Open XML", "agile (AES)"): (office.agile(PACKAGE, RIGHT), "encrypted-office"),
        ("Office Open XML", "rights management"): (compound_file(SEALED_FOR_PEOPLE), "encrypted-office"),
        ("Word (.doc)", "XOR"): (office.xor_word(RIGHT), "doc"),
        ("Word (.doc)", "RC4"): (office.rc4_word(rc4), "doc"),
        ("Word (.doc)", "RC4 CryptoAPI"): (office.rc4_word(api), "doc"),
        ("Excel (.xls)", "XOR"): (office.xor_workbook(RIGHT), "xls"),
        ("Excel (.xls)", "RC4"): (office.rc4_workbook(rc4), "xls"),
        ("Excel (.xls)", "RC4 CryptoAPI"): (office.rc4_workbook(api), "xls"),
        ("Excel (.xls)", "the program's own password"): (office.rc4_workbook(known), "xls"),
        ("PowerPoint (.ppt)", "RC4 CryptoAPI"): (office.powerpoint(api), "ppt"),
    }
    for line, (content, kind) in files.items():
        yield line, Example(content, kind)


@cache
def examples() -> dict[tuple[str, str], Example]:
    return dict([*plain(), *locked()])


def table() -> dict[tuple[str, str], tuple[str, str, str]]:
    """Format and encryption → state with the password, without it, and what is shown without it."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:2] == "| "]
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in rows[1:] if len(row) == 5}


LINES = {" | ".join(line): line for line in table()}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_says_what_happens(line: tuple[str, str]) -> None:
    example = examples()[line]
    right, wrong = (opened(example.content, said, kind=example.kind, name=NAME) for said in (RIGHT, "not-this-1"))
    nothing = opened(example.content, kind=example.kind, name=NAME)
    assert wrong.state is nothing.state
    assert table()[line] == (right.state, nothing.state, shown(nothing))
    assert right.encrypted is example.encrypted
    if right.state is State.INSPECTED:
        assert TEXT in contents(right) or right.decrypted


def shown(found: Opened) -> str:
    """What the directory gives away of the one file inside."""
    if found.decrypted or any(each.content is not None for each in found.children):
        return "all"
    facts = [fact for each in found.children for fact in facts_of(each)]
    return ", ".join(facts) or "nothing"


def facts_of(child: Child) -> Iterator[str]:
    if child.name == NAME:
        yield "name"
    if child.size == len(TEXT):
        yield "size"
    if child.crc32 is not None:
        yield "CRC-32"


def contents(found: Opened) -> list[bytes | None]:
    return [each.content for each in found.children]


def test_every_example_has_its_line_and_every_line_its_example() -> None:
    assert sorted(table()) == sorted(examples())


def test_no_format_is_forgotten() -> None:
    """Files within files, parts of documents and what has no reader are no lines of the table."""
    kinds = {example.kind for example in examples().values()}
    known = {each.name for each in opener.loaded().values if not kinds & each.kinds}
    assert known == {"file", "package", "unread"}


def test_what_has_no_reader_is_named_on_the_page_and_unsupported() -> None:
    (listed,) = re.findall(r"^Kinds without a reader: (.*?)\.\n", PAGE, re.MULTILINE | re.DOTALL)
    kinds = set(re.findall(r"`([^`]+)`", listed))
    assert kinds == unread.FORMAT.kinds
    for kind in kinds:
        assert opened(bytes(200), RIGHT, kind=kind, name="a.bin").state is State.UNSUPPORTED
