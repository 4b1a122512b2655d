"""Files of which two programs would show different contents: all of them are opened, and none is all that is said."""

import random
import struct
import zlib

from tests.builders import tars, zip_lies
from tests.builders.cabinets import cabinet
from tests.builders.discs import Fat, OnDisc, disc
from tests.builders.files import package, pdf, stream, windows_program
from tests.builders.office import fib
from tests.builders.rars import MARK5, SERVICE5, File3, File5, end5, main5, rar3, rar5, vint
from tests.builders.seven_zips import archive as seven_zip
from tests.builders.seven_zips import folder
from tests.builders.tnefs import BINARY, DATA_PROPERTY, LONG_NAME, TEXT, attachment, tnef
from tests.builders.zips import archive, local, stored
from tests.unlock.hostile.case import Case, says

from seriema.exercise.archives import zip_bytes
from seriema.exercise.compound_file import compound_file
from seriema.model.artifact import State

EVIL = stored(b"macro.js", b"inert stand-in")
ZIP = archive(EVIL)
BOTH = frozenset({"letter.txt", "macro.js"})
SCRIPT = frozenset({"macro.js"})
PICTURE = b"\x89PNG\r\n\x1a\n" + struct.pack(">L", 13) + b"IHDR" + bytes(17) + bytes(900)

MALFORMED, INSPECTED, UNSUPPORTED = State.MALFORMED, State.INSPECTED, State.UNSUPPORTED


def rar_of_two_directories() -> bytes:
    """Its quick open data shows another name than the header of the file."""
    real = File5("letter.txt", b"inert").bytes5()
    shown = File5("letter.exe", b"inert").bytes5()[:-5]
    body = vint(0) + vint(len(real)) + vint(len(shown)) + shown
    entry = vint(len(body)) + body
    quick = struct.pack("<L", zlib.crc32(entry)) + entry
    return MARK5 + main5() + real + File5("QO", quick, kind=SERVICE5).bytes5() + end5()


def disc_that_is_a_disk() -> bytes:
    fat = Fat(16)
    fat.root = fat.entry("macro.js", b"inert stand-in", b"MACRO   JS ")
    whole = bytearray(fat.image().ljust(0x8800, b"\0"))
    whole[0x8000:0x8007] = b"\1CD001\1"
    return bytes(whole)


def two_documents() -> bytes:
    return compound_file({"WordDocument": fib(0), "EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": bytes(5000)})


def case(make: bytes, name: str, *shown: str, state: State = MALFORMED, facts: tuple[str, ...] = ()) -> Case:
    return Case(lambda: make, state, name, facts=frozenset(facts), shown=frozenset(shown))


#: Of the ZIPs' lies those that hide one of two files.
HIDING = {
    "a file only local headers show",
    "a file in front of the first",
    "an archive in the comment",
    "size and offset lead to two directories",
    "a ZIP64 record that leads elsewhere",
    "no directory at all",
}

CASES: dict[str, Case] = {
    **{
        f"ZIP, {name}": case(data, "info.zip", *(BOTH if name in HIDING else ()), facts=(fact,) if fact else ())
        for name, (data, fact) in zip_lies.VIEWS.items()
        if name != "a cabinet in front"
    },
    **{f"tar, {name}": case(data, "info.tar", "b.js") for name, data in tars.VIEWS.items()},
    "RAR of two directories": case(rar_of_two_directories(), "info.rar", "letter.txt", "letter.exe"),
    "RAR behind a RAR": case(rar5(File5("a.txt")) + rar5(File5("macro.js")), "info.rar"),
    "RAR 4 behind a RAR 5": case(rar5(File5("a.txt")) + rar3(File3(b"macro.js")), "info.rar"),
    "RAR whose header was changed": case(rar5(File5("info.txt")).replace(b"info.txt", b"info.exe"), "info.rar"),
    "RAR without an end": case(rar5(File5())[: -len(end5())], "info.rar"),
    "7z behind a 7z": case(
        seven_zip(["a.txt"], folder(b"inert")) + seven_zip(["macro.js"], folder(b"inert stand-in")),
        "info.7z",
        "a.txt",
        "macro.js",
    ),
    "7z of a wrong checksum": case(seven_zip(["a.js"], folder(b"inert").but(crcs=(1,))), "info.7z"),
    "ZIP behind a cabinet": case(cabinet(("a.txt", b"inert")) + ZIP, "info.cab", "macro.js"),
    "ZIP behind a tar": case(tars.tar(("a.txt", b"inert")) + ZIP, "info.tar", "a.txt"),
    "7z behind a ZIP": case(ZIP + seven_zip(["a.js"], folder(b"inert")), "info.zip", "macro.js"),
    "cabinet behind a cabinet": case(cabinet(("a.txt", b"x")) + cabinet(("macro.js", b"inert")), "info.cab", "a.txt"),
    "ISO whose older view hides no file": case(
        disc(
            [OnDisc("LETTER.TXT", "letter.txt", b"inert"), OnDisc("M.JS", "macro.js", b"x", joliet=False)], joliet=True
        ),
        "info.iso",
        "letter.txt",
        "M.JS",
        facts=("iso.two-views",),
    ),
    "ISO of two kinds of one file": case(
        disc([OnDisc("LETTER.JS", "letter.txt", b"inert stand-in")], joliet=True), "info.iso", "letter.txt", "LETTER.JS"
    ),
    "ISO that is a FAT disk": case(disc_that_is_a_disk(), "info.iso", "macro.js"),
    "TNEF of two contents": case(
        tnef(attachment(b"a.doc", b"harmless", (DATA_PROPERTY, BINARY, b"inert stand-in"))),
        "winmail.dat",
        facts=("tnef.two-contents",),
    ),
    "TNEF of two names": case(
        tnef(attachment(b"letter.txt", b"inert", (LONG_NAME, TEXT, b"macro.js\0"))), "winmail.dat", *BOTH
    ),
    "document with a file in front": case(
        archive(stored(b"word/document.xml", b"<w/>"), before=local(EVIL)), "info.docx", "macro.js"
    ),
    "document that is two": case(two_documents(), "info.doc"),
    # An archive in what is none: another file, which is opened; what holds it is as good as it is by itself.
    "ZIP behind a picture": case(
        PICTURE + ZIP, "info.png", "macro.js", state=INSPECTED, facts=("file.appended-archive",)
    ),
    "ZIP within a picture": case(
        PICTURE + ZIP + bytes(70_000), "info.png", "macro.js", state=INSPECTED, facts=("file.appended-archive",)
    ),
    "RAR behind a picture": case(
        PICTURE + rar5(File5("macro.js")), "info.png", "macro.js", state=INSPECTED, facts=("file.appended-archive",)
    ),
    "7z behind a picture": case(
        PICTURE + seven_zip(["macro.js"], folder(b"inert")), "info.png", "macro.js", state=INSPECTED
    ),
    "7z behind a hundred false marks behind a picture": case(
        PICTURE + b"7z\xbc\xaf\x27\x1c" * 100 + seven_zip(["macro.js"], folder(b"inert")), "info.png", state=State.LIMIT
    ),
    "20,000 cabinets behind a picture": case(
        PICTURE + cabinet(("macro.js", b"inert")) * 20_000, "info.png", state=State.LIMIT
    ),
    "7z behind a program": case(
        windows_program() + seven_zip(["macro.js"], folder(b"inert")), "info.exe", "macro.js", state=UNSUPPORTED
    ),
    "ZIP behind a PDF": case(pdf(b"<< >>", stream(b"x")) + ZIP, "info.pdf", "macro.js", state=INSPECTED),
    "ZIP behind a document": case(b"{\\rtf1 x}" + ZIP, "info.doc", "macro.js", state=INSPECTED),
    "ZIP in the middle of a document": case(
        package({"word/document.xml": "<w:t>x</w:t>"}) + bytes(70_000) + ZIP, "info.docx", "macro.js"
    ),
    "locked ZIP behind a picture": Case(
        lambda: PICTURE + zip_bytes([("macro.js", b"inert")], "other"), State.LOCKED, "info.png", says("U4613")
    ),
    "noise called a ZIP": case(random.Random(1).randbytes(3000), "info.zip", state=UNSUPPORTED),
    "program called a picture": case(windows_program(), "info.jpg", state=UNSUPPORTED),
}
