"""Locks that cost too much, that two keys open, or that a wrong key seems to open."""

import re
import struct
from base64 import b64encode
from collections.abc import Callable
from functools import partial
from io import BytesIO

import olefile
from tests.builders import office
from tests.builders.files import package
from tests.builders.rars import IV, MARK5, SALT, File5, block3, block5, end3, rar5, record
from tests.builders.seven_zips import archive, coder, folder
from tests.builders.zip_lies import AMBIGUOUS
from tests.builders.zips import archive as zipped
from tests.builders.zips import stored
from tests.unlock.hostile.case import Case, File, says

from seriema.exercise.archives import Member, zip_bytes, zip_of
from seriema.model.artifact import State

WORDS = "\n".join(f"word{number}x" for number in range(400))
LETTER = b"Dear Bob, inert text. " * 300


def absurd_7z(power: int) -> bytes:
    """What it was locked with does not matter: nobody should ever come to know."""
    shape = folder(LETTER, password="U4613")
    cipher = coder("06f10701", bytes([0x40 | power, 0x0F]) + bytes(16))
    return archive(["a.js"], shape.but(coders=(shape.coders[0], cipher)))


def absurd_rar5(rounds: int, *, headers: bool = False) -> bytes:
    said = bytes((0, 1, rounds)) + SALT
    if headers:
        return MARK5 + block5(4, said + bytes(12)) + bytes(400)
    return rar5(File5("a.js", bytes(64), extra=record(1, said + IV + bytes(12))))


def many_salts_rar3() -> bytes:
    files = b"".join(
        block3(
            0x74,
            0x8404,
            struct.pack("<LLBLLBBHL", 16, 9, 2, 0, 0, 29, 0x30, 1, 0x20) + b"a" + struct.pack("<Q", each),
        )
        + bytes(16)
        for each in range(300)
    )
    return b"Rar!\x1a\x07\x00" + block3(0x73, 0, bytes(6)) + files + end3()


def agile(**changes: str) -> bytes:
    """Its description changed."""
    with olefile.OleFileIO(BytesIO(office.agile(package({}), "U4613"))) as ole:
        sealed, info = (ole.openstream(name).read() for name in ("EncryptedPackage", "EncryptionInfo"))
    text = info.decode("utf-8", "surrogateescape")
    for name, value in changes.items():
        text = re.sub(rf'\b{name}="[^"]*"', f'{name}="{value}"', text)
    return office.encrypted_package(text.encode("utf-8", "surrogateescape"), sealed)


def entities() -> bytes:
    """A description in which each entity holds ten of the one before."""
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE a [<!ENTITY e0 "inert">{declared}]><a>&e11;</a>'
    return office.encrypted_package(struct.pack("<HHI", 4, 4, 0x40) + text.encode(), bytes(4096))


def damaged_aes() -> bytes:
    whole = bytearray(zip_of([Member("a.js", bytes(range(256)), "U4613", "aes256", "stored")]))
    whole[100] ^= 1
    return bytes(whole)


def costly_7z(password: str) -> bytes:
    return archive(["a.js"], folder(LETTER, password=password, power=19))


def costly_office(password: str) -> bytes:
    return office.agile(package({}), password, 100_000)


def thirty(make: Callable[[str], bytes], ending: str, *passwords: str) -> list[File]:
    """Files with these passwords in turn; nothing that follows from one helps with the others."""
    return [(f"{n}{ending}", make(passwords[n % len(passwords)])) for n in range(30)]


LIMIT, MALFORMED, LOCKED, UNSUPPORTED = State.LIMIT, State.MALFORMED, State.LOCKED, State.UNSUPPORTED
NAMED = says("U4613")

CASES: dict[str, Case] = {
    "ZipCrypto that two passwords open": Case(partial(zipped, AMBIGUOUS), MALFORMED, text=says("501464", "920086")),
    "ZipCrypto that two passwords open, said apart": Case(
        partial(zipped, AMBIGUOUS), MALFORMED, text="Code 501464. Perhaps it was 920086?\n"
    ),
    "ZipCrypto of a document that is none": Case(
        lambda: zip_bytes([("report.docx", b"not a document")], "U4613"), MALFORMED, text=NAMED
    ),
    "ZipCrypto of a picture that is none": Case(
        lambda: zip_bytes([("photo.png", bytes(range(200)))], "U4613"), MALFORMED, text=NAMED
    ),
    "ZipCrypto without its header": Case(lambda: zipped(stored(b"a.js", b"short", flags=1)), MALFORMED, text=NAMED),
    "ZipCrypto of 2,000 files, 400 words": Case(
        lambda: zip_bytes([(f"{n}.js", b"inert %d" % n) for n in range(2_000)], "other"), LOCKED, text=WORDS
    ),
    "AES of 500 salts, 400 words": Case(
        lambda: zip_of([Member(f"{n}.js", b"inert", f"other{n}", "aes256") for n in range(500)]), LIMIT, text=WORDS
    ),
    "AES without its field": Case(lambda: zipped(stored(b"a.js", bytes(60), flags=1, method=99)), MALFORMED),
    "AES of damaged data": Case(damaged_aes, MALFORMED, text=NAMED),
    "7z of 2^62 rounds": Case(partial(absurd_7z, 62), LIMIT, "info.7z", NAMED),
    "7z of 2^24 rounds": Case(partial(absurd_7z, 24), LIMIT, "info.7z", WORDS),
    "7z of no rounds at all": Case(partial(absurd_7z, 63), LOCKED, "info.7z", NAMED),
    "7z of ordinary rounds, 400 words": Case(
        lambda: archive(["a.js"], folder(LETTER, password="other", power=19)), LIMIT, "info.7z", WORDS
    ),
    "7z of a locked directory, 400 words": Case(
        lambda: archive(["a.js"], folder(LETTER), locked="other", power=19), LIMIT, "info.7z", WORDS
    ),
    "RAR of 2^24 rounds": Case(partial(absurd_rar5, 24), LIMIT, "info.rar", WORDS),
    "RAR of 2^60 rounds": Case(partial(absurd_rar5, 60), UNSUPPORTED, "info.rar", NAMED),
    "RAR of a directory of 2^24 rounds": Case(partial(absurd_rar5, 24, headers=True), LIMIT, "info.rar", WORDS),
    "RAR of a directory of 2^60 rounds": Case(partial(absurd_rar5, 60, headers=True), UNSUPPORTED, "info.rar", NAMED),
    "RAR 4 of 300 salts, 400 words": Case(many_salts_rar3, LIMIT, "info.rar", WORDS),
    "RAR of damaged data": Case(lambda: rar5(File5("a.js", password="U4613", crc=7)), MALFORMED, "info.rar", NAMED),
    "Office of ten million rounds": Case(partial(agile, spinCount="10000000"), LIMIT, "info.docx", NAMED),
    "Office of a hundred thousand million rounds": Case(
        partial(agile, spinCount="99999999999"), MALFORMED, "info.docx", NAMED
    ),
    "Office of ordinary rounds, 400 words": Case(
        lambda: office.agile(package({}), "other", 100_000), LIMIT, "info.docx", WORDS
    ),
    "30 files of 7z in a ZIP, 400 words": Case(lambda: zip_bytes(thirty(costly_7z, ".7z", "other")), LIMIT, text=WORDS),
    "30 files of 7z, 400 words": Case(lambda: thirty(costly_7z, ".7z", "other"), LIMIT, text=WORDS),
    "30 files of 7z, the last with the first word": Case(
        lambda: zip_bytes([*thirty(costly_7z, ".7z", "other"), ("last.7z", costly_7z("U4613"))]),
        LIMIT,
        text=NAMED + WORDS,
        shown=frozenset({"a.js"}),
    ),
    "30 files of 7z in a ZIP of one password": Case(
        lambda: zip_bytes(thirty(costly_7z, ".7z", "word30x")), State.INSPECTED, text=WORDS, shown=frozenset({"a.js"})
    ),
    "30 documents in a ZIP, 400 words": Case(
        lambda: zip_bytes(thirty(costly_office, ".docx", "other")), LIMIT, text=WORDS
    ),
    "30 workbooks in a ZIP, 400 words": Case(
        lambda: zip_bytes(thirty(costly_office, ".xlsx", "other")), LIMIT, text=WORDS
    ),
    "30 of 7z and Office in a ZIP of two passwords": Case(
        lambda: zip_bytes(
            thirty(costly_7z, ".7z", "U4613", "other")[:15] + thirty(costly_office, ".docx", "other")[:15]
        ),
        LIMIT,
        text=NAMED + WORDS,
        shown=frozenset({"a.js"}),
    ),
    "30 AES ZIPs in a ZIP, 400 words": Case(
        lambda: zip_bytes(
            thirty(lambda password: zip_of([Member("a.js", b"inert", password, "aes256")]), ".zip", "other")
        ),
        LIMIT,
        text=WORDS,
    ),
    "Office of a key of 4,096 bits": Case(partial(agile, keyBits="4096"), MALFORMED, "info.docx", NAMED),
    "Office of a verifier of five bytes": Case(
        partial(agile, encryptedVerifierHashInput=b64encode(bytes(5)).decode()), LOCKED, "info.docx", NAMED
    ),
    "Office of zeros": Case(
        lambda: office.agile(package({"word/document.xml": bytes(200 << 20)}), "U4613"), LIMIT, "info.docx", NAMED
    ),
    "PDF of 60,000 encryption dictionaries": Case(
        lambda: b"%PDF-1.7\n" + b"/Encrypt << /Filter /Standard /R 6 /O (x) /U (y) >> " * 60_000,
        MALFORMED,
        "info.pdf",
        NAMED,
    ),
    "PDF of 60,000 references to one": Case(
        lambda: b"%PDF-1.7\n" + b"".join(b"/Encrypt %d 0 R " % n for n in range(60_000)), MALFORMED, "info.pdf", NAMED
    ),
    "Office of entities in entities": Case(entities, MALFORMED, "info.docx", NAMED),
}
