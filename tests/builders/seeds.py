"""Sound files of every format, to be damaged: where there is a lock, "777" opens it.

A mutant is known by its format and number, and is the same in every run. In half of them the checksums of the headers
are put right again, so that what was changed in a header is read.
"""

import bz2
import gzip
import io
import lzma
import random
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pikepdf
import py7zr
import py7zr.properties
from backports import zstd
from tests.builders import msg, office
from tests.builders.cabinets import MSZIP, STORED, cabinet
from tests.builders.discs import Fat, OnDisc, disc, partitioned
from tests.builders.files import package, pdf, stream
from tests.builders.mail import attached, multipart_mail, part
from tests.builders.mutants import mutated
from tests.builders.rars import MARK5, File3, File5, compressed5, locked5, packed, rar3, rar5
from tests.builders.seven_zips import archive, folder, framed
from tests.builders.tars import TEXT, block, info, padded, record, sparse_in_records, tar
from tests.builders.tnefs import (
    BINARY,
    DATA_PROPERTY,
    LONG_NAME,
    OBJECT,
    PLAIN_BODY,
    PROPERTIES,
    RTF_BODY,
    WIDE,
    attachment,
    attribute,
    properties,
    tnef,
)
from tests.builders.tnefs import TEXT as NARROW

from seriema.exercise.archives import Member, zip_bytes, zip_of
from seriema.exercise.documents import docm_with_macro

PASSWORD = "777"
MEMBERS = [("a.js", b"inert text " * 30), ("b.bin", bytes(range(256)))]
FILES = dict(MEMBERS)
#: The example of [MS-OXRTFCP] 4.1.
PACKED_RTF = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
DATA = TEXT + bytes(range(256)) * 2
WINDOW = 512


@dataclass(frozen=True)
class Seed:
    """A file; ``mend`` puts the checksums of its headers right."""

    name: str
    kind: str  #: as ``examine.identify`` names it, in which it is opened even when damage hides that
    content: bytes
    mend: Callable[[bytes], bytes] = bytes


def mutant(seed: Seed, number: int) -> bytes:
    """Damage anywhere, or in one piece of the file that is not empty; half of them are mended."""
    content = seed.content
    places = [at for at in range(0, len(content), WINDOW) if any(content[at : at + WINDOW])]
    dice = random.Random(f"choices {number}")
    if len(places) > 2 and dice.random() < 0.75:
        at = dice.choice(places)
        made = mutated(content, number, at, at + WINDOW)
    else:
        made = mutated(content, number)
    return seed.mend(made) if dice.random() < 0.5 else made


# -- mending -----------------------------------------------------------------------------------------------------------


def reframed(content: bytes) -> bytes:
    """Of a 7z archive the start header and the header."""
    if len(content) < 32:
        return content
    offset, size = struct.unpack_from("<QQ", content, 12)
    if 32 + offset + size > len(content):
        return content
    return framed(content[32 : 32 + offset], content[32 + offset : 32 + offset + size])


def tar_mended(content: bytes) -> bytes:
    """Of a tar archive every block that was a header."""
    out = bytearray(content)
    for at in range(0, len(out) - 511, 512):
        if out[at + 154 : at + 156] in (b"\0 ", b" \0") and out[at + 148 : at + 152].isdigit():
            out[at + 148 : at + 156] = b" " * 8
            out[at + 148 : at + 156] = b"%06o\0 " % (sum(out[at : at + 512]) & 0o777777)
    return bytes(out)


def rar5_mended(content: bytes) -> bytes:
    """Of a RAR 5 archive every header that one finds by the sizes."""
    out, at = bytearray(content), len(MARK5)
    while at + 8 < len(out) and out[at + 4] < 0x80:
        size = out[at + 4]
        head = bytes(out[at + 4 : at + 5 + size])
        out[at : at + 4] = struct.pack("<L", zlib.crc32(head))
        at += 5 + size + _data5(head)
    return bytes(out)


def _data5(head: bytes) -> int:
    """Bytes of data behind a header."""
    numbers, at = [], 1
    while len(numbers) < 4 and at < len(head):
        value = shift = 0
        while at < len(head):
            value |= (head[at] & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if not head[at - 1] & 0x80:
                break
        numbers.append(value)
    numbers += [0] * (4 - len(numbers))
    flags = numbers[1]
    return numbers[2 + (flags & 1)] if flags & 2 else 0


def rar3_mended(content: bytes) -> bytes:
    """The same before RAR 5."""
    out, at = bytearray(content), 7
    while at + 7 <= len(out):
        flags, size = struct.unpack_from("<HH", out, at + 3)
        if size < 7:
            break
        struct.pack_into("<H", out, at, zlib.crc32(out[at + 2 : at + size]) & 0xFFFF)
        data = struct.unpack_from("<L", out, at + 7)[0] if flags & 0x8000 and at + 11 <= len(out) else 0
        at += size + data
    return bytes(out)


# -- seeds -------------------------------------------------------------------------------------------------------------


def _zips() -> list[bytes]:
    locks = (
        ("", "zipcrypto", "deflate"),
        (PASSWORD, "zipcrypto", "stored"),
        (PASSWORD, "aes128", "deflate"),
        (PASSWORD, "aes256", "lzma"),
        ("", "zipcrypto", "bzip2"),
        ("", "zipcrypto", "deflate64"),
        (PASSWORD, "aes192", "zstd"),
        ("", "zipcrypto", "xz"),
    )
    streamed = [Member(name, content, PASSWORD, "zipcrypto", streamed=True) for name, content in MEMBERS]
    return [zip_bytes(MEMBERS, *each) for each in locks] + [zip_of(streamed, comment=b"a comment")]


def _by_py7zr(*filters: dict[str, int]) -> bytes:
    made = io.BytesIO()
    with py7zr.SevenZipFile(made, "w", filters=[*filters]) as writer:
        for name, content in MEMBERS:
            writer.writestr(content, name)
    return made.getvalue()


def _seven_zips() -> list[bytes]:
    names, contents = [*FILES], [*FILES.values()]
    lzma2 = {"id": py7zr.FILTER_LZMA2, "preset": 1}
    return [
        archive(names, folder(*contents)),
        archive(names, folder(*contents, method="copy"), encoded=1),
        archive(names, folder(*contents, password=PASSWORD)),
        archive(names, folder(contents[0], password=PASSWORD), folder(contents[1]), locked=PASSWORD),
        *(
            _by_py7zr(*filters)
            for filters in (
                ({"id": py7zr.FILTER_X86}, lzma2),
                ({"id": py7zr.FILTER_ARM}, lzma2),
                ({"id": py7zr.FILTER_DELTA}, lzma2),
                ({"id": py7zr.FILTER_LZMA, "preset": 1},),
                ({"id": py7zr.FILTER_DEFLATE},),
                ({"id": py7zr.properties.FILTER_DEFLATE64},),
                ({"id": py7zr.FILTER_BZIP2},),
                ({"id": py7zr.FILTER_ZSTD, "level": 3},),
                ({"id": py7zr.FILTER_BROTLI, "level": 3},),
            )
        ),
    ]


def _rars() -> list[Seed]:
    text = MEMBERS[0][1]
    sealed = File5("a.js", compressed5(text), PASSWORD, method=3, size=len(text), crc=zlib.crc32(text))
    newer = [
        packed(MEMBERS, format="rar50", solid=True),
        rar5(sealed, File5("b.txt", password=PASSWORD)),
    ]
    older = [
        packed(MEMBERS, format="rar40", solid=True, comment=b"a comment"),
        rar3(File3(), File3(b"b.txt", version=20)),
        packed(MEMBERS, format="rar20", password=PASSWORD),
        packed(MEMBERS[:1], format="rar40", password=PASSWORD),
    ]
    return [
        *(Seed("a.rar", "rar", each, rar5_mended) for each in newer),
        *(Seed("a.rar", "rar", each, rar3_mended) for each in older),
        Seed("a.rar", "rar", locked5(PASSWORD, File5(), File5("b.txt", password=PASSWORD))),
    ]


def _tars() -> list[bytes]:
    def old(made: bytearray) -> None:
        made[257:265] = b"ustar  \0"
        made[386:410] = b"%011o\0%011o\0" % (1000, 4)
        made[483:494] = b"%011o" % 3000

    long = "folder/" * 20 + "letter.txt"
    size = record("size", "5")
    return [
        tar((long, TEXT), ("größe.txt", b"x"), info("link", b"2", linkname="/etc/passwd")),
        tar((long, TEXT), ("b.txt", b"x"), dialect=1),
        block(b"sparse", 4, b"S", old) + padded(b"data") + bytes(1024),
        sparse_in_records({"GNU.sparse.size": "3000", "GNU.sparse.map": "1000,4"}, b"data"),
        sparse_in_records(
            {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "3000"},
            padded(b"1\n1000\n4\n") + b"data",
        ),
        block(b"x", len(size), b"x") + padded(size) + block(b"a.js", 9) + padded(b"inert") + bytes(1024),
    ]


def _discs() -> list[bytes]:
    files = [OnDisc("INFO_06.JS", "info_06_24_long name.js", b"inert " * 900), OnDisc("A.TXT", "a.txt", b"x")]
    return [disc(files), disc(files, joliet=True, rock_ridge=True), disc(files, udf=True)]


def _disk(bits: int) -> bytes:
    fat = Fat(bits)
    fat.root += fat.entry("info_06_24 long Namé.js", b"inert " * 300, b"INFO_0~1JS ")
    fat.root += fat.entry("list", fat.entry("b.txt", b"x", b"B       TXT", long=False), b"LIST       ", 0x10)
    return fat.image()


def _tnefs() -> list[bytes]:
    letter = attachment(b"A~1.DOC", b"inert", (LONG_NAME, WIDE, "résumé.doc\0".encode("utf-16-le")))
    bodies = properties((PLAIN_BODY, NARROW, b"777"), (RTF_BODY, BINARY, PACKED_RTF))
    within = attachment(b"Fwd", None, (DATA_PROPERTY, OBJECT, bytes(16) + tnef(letter)))
    return [tnef(attribute(1, PROPERTIES, bodies), letter, letter), tnef(within, letter)]


def _documents() -> list[Seed]:
    inner = package({"word/media/image1.png": random.Random(1).randbytes(2000)})
    locked = [
        ("encrypted-office", office.agile(inner, PASSWORD)),
        ("xls", office.rc4_workbook(office.Rc4(PASSWORD))),
        ("xls", office.rc4_workbook(office.CryptoApi(PASSWORD))),
        ("xls", office.xor_workbook(PASSWORD)),
        ("doc", office.rc4_word(office.Rc4(PASSWORD))),
        ("doc", office.rc4_word(office.CryptoApi(PASSWORD))),
        ("doc", office.xor_word(PASSWORD)),
        ("ppt", office.powerpoint(office.CryptoApi(PASSWORD))),
        ("encrypted-office", office.standard(inner, PASSWORD)),
    ]
    return [Seed("report.doc", kind, content) for kind, content in locked]


def _packages() -> list[Seed]:
    document = docm_with_macro({"Module1": 'Sub AutoOpen()\nShell "cmd"\nEnd Sub'}, "Dear all")
    parts = [("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:t>x</w:t>")]
    locked = zip_of([*(Member(*each) for each in parts), Member("word/settings.xml", b"<s/>", PASSWORD)])
    return [Seed("report.docm", "docm", document), Seed("report.docx", "docx", locked)]


def _pdfs() -> list[bytes]:
    plain = pdf(
        b"<< /OpenAction 2 0 R >>", b"<< /S /URI /URI (http://a.test/) >>", stream(b"<< /JS (x) >>", b"/ObjStm ")
    )
    return [
        plain,
        *(_locked_pdf(revision, aes=aes) for revision, aes in ((2, False), (4, False), (4, True), (6, True))),
    ]


def _locked_pdf(revision: int, *, aes: bool) -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        out = io.BytesIO()
        document.save(
            out,
            static_id=True,
            encryption=pikepdf.Encryption(user=PASSWORD, owner="other", R=revision, aes=aes, metadata=aes),
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return out.getvalue()


def _outlook() -> list[bytes]:
    inner = msg.message([msg.text(0x0037, "within")], {}, embedded=True)
    storages = {
        "__recip_version1.0_#00000000": msg.recipient(1, "bob@b.example", "Bob"),
        "__attach_version1.0_#00000000": msg.attachment("a.zip", zip_bytes(MEMBERS[:1], PASSWORD)),
        "__attach_version1.0_#00000001": msg.attachment("Fwd", inner),
    }
    streams = [msg.text(0x0037, "Contract"), msg.text(0x1000, "The password is 777."), msg.binary(0x1009, PACKED_RTF)]
    return [msg.write(msg.message(streams, storages))]


def _of(name: str, kind: str, contents: list[bytes], mend: Callable[[bytes], bytes] = bytes) -> list[Seed]:
    return [Seed(name, kind, each, mend) for each in contents]


def seeds() -> Mapping[str, list[Seed]]:
    """All of them, by format."""
    picture = b"\x89PNG\r\n\x1a\n" + bytes(300)
    mail = multipart_mail(part("The password is 777.\n"), attached("a.zip", zip_bytes(MEMBERS, PASSWORD)))
    return {
        "ZIP": _of("a.zip", "zip", _zips()),
        "7z": _of("a.7z", "7z", _seven_zips(), reframed),
        "RAR": _rars(),
        "tar": _of("a.tar", "tar", _tars(), tar_mended),
        "gz": _of("a.gz", "gz", [gzip.compress(DATA, mtime=0), gzip.compress(DATA, 0, mtime=0) * 2]),
        "bz2": _of("a.bz2", "bz2", [bz2.compress(DATA), bz2.compress(DATA) * 2]),
        "xz": _of("a.xz", "xz", [lzma.compress(DATA), lzma.compress(DATA) * 2]),
        "lzma": _of("a.lzma", "lzma", [lzma.compress(DATA, lzma.FORMAT_ALONE)]),
        "zst": _of("a.zst", "zst", [zstd.compress(DATA), zstd.compress(DATA) * 2]),
        "CAB": _of("a.cab", "cab", [cabinet(*MEMBERS, method=each) for each in (STORED, MSZIP)]),
        "ISO": _of("a.iso", "iso", _discs()),
        "FAT": _of("a.img", "img", [_disk(12), _disk(16), _disk(32), partitioned((6, _disk(12)))]),
        "TNEF": _of("winmail.dat", "tnef", _tnefs()),
        "Office": _documents(),
        "package": _packages(),
        "PDF": _of("report.pdf", "pdf", _pdfs()),
        "msg": _of("a.msg", "outlook-message", _outlook()),
        "mail": _of("a.eml", "message", [mail]),
        "hidden": _of(
            "a.png", "png", [picture + zip_bytes(MEMBERS), picture + _seven_zips()[0], picture + rar5(File5())]
        ),
    }
