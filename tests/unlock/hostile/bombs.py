"""Files that are small and open to far more, or to more files, or deeper, than anybody needs."""

import bz2
import gzip
import lzma
import struct
import zlib
from collections.abc import Callable
from functools import partial

from backports import zstd
from tests.builders import torture
from tests.builders.cabinets import Listed, assembled, cabinet, mszip
from tests.builders.discs import Fat, OnDisc, disc
from tests.builders.files import package, pdf, stream
from tests.builders.mail import HEAD
from tests.builders.msg import attachment as msg_attachment
from tests.builders.msg import message as msg_message
from tests.builders.msg import write as msg_write
from tests.builders.rars import File5, compressed5, packed, rar5
from tests.builders.seven_zips import archive, files_info, folder, framed, number, prop, streams
from tests.builders.tars import block, info, sparse_in_records, tar
from tests.builders.tnefs import (
    BINARY,
    DATA_PROPERTY,
    OBJECT,
    PROPERTIES,
    RTF_BODY,
    attachment,
    attribute,
    properties,
    tnef,
)
from tests.builders.zips import archive as zipped
from tests.builders.zips import stored
from tests.unlock.hostile.case import Case, says

from seriema.exercise.archives import zip_bytes
from seriema.exercise.compound_file import compound_file
from seriema.model.artifact import State

MEGABYTE = 1 << 20
SECTOR = 2048


def zeros_zip(compression: str, password: str = "", method: str = "zipcrypto") -> bytes:
    return zip_bytes([("zeros", bytes(32 * MEGABYTE))], password, method, compression)


def layers(pack: Callable[[bytes], bytes], count: int, content: bytes = b"inert") -> bytes:
    for _ in range(count):
        content = pack(content)
    return content


def xz_that_asks(code: int) -> bytes:
    """The dictionary's size in the block header replaced (The .xz File Format 3.1, 5.3.1)."""
    whole = bytearray(lzma.compress(b"x", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": MEGABYTE}]))
    end = 12 + 4 * whole[12]
    whole[16] = code
    whole[end : end + 4] = struct.pack("<L", zlib.crc32(whole[12:end]))
    return bytes(whole)


# -- 7z ----------------------------------------------------------------------------------------------------------------


def seven_zip_header_bomb() -> bytes:
    header = folder(b"\1" + bytes(100 * MEGABYTE))
    return framed(header.data, b"\x17" + streams([header], whole=True))


def seven_zip_of_countless_files() -> bytes:
    some = 90_000
    said = files_info(["a"] * some, prop(0x0E, b"\xff" * (some // 8)) + prop(0x0F, b"\xff" * (some // 8)))
    return framed(b"", b"\1" + said.replace(number(some), number(1 << 40), 1) + b"\0")


# -- images ------------------------------------------------------------------------------------------------------------


def disc_in_a_circle() -> bytes:
    """Its root directory lists itself as a folder."""
    whole = bytearray(disc([OnDisc("INFO.JS", "info.js", b"inert")]))
    root = struct.unpack_from("<L", whole, 16 * SECTOR + 158)[0] * SECTOR
    record = bytearray(whole[root : root + 34])
    record[0], record[32:] = 40, b"\4LOOP\0"
    end = root
    while whole[end]:
        end += whole[end]
    whole[end : end + 40] = record.ljust(40, b"\0")[:40]
    return bytes(whole)


def disc_of_a_huge_file() -> bytes:
    whole = bytearray(disc([OnDisc("A.BIN", "a.bin", b"x" * 3000)]))
    struct.pack_into("<L", whole, whole.index(b"A.BIN;1") - 33 + 10, 0xFFFFFFF0)
    return bytes(whole)


def disk_in_a_circle() -> bytes:
    """A folder whose only file is the folder, and whose clusters lead back to their first."""
    fat = Fat()
    inner = fat.entry("", b"x" * 40, b"B       TXT", long=False)
    fat.root = fat.entry("list", inner, b"LIST       ", 0x10, long=False)
    place = next(place for place, data in fat.data.items() if data.startswith(b"B       TXT"))
    again = b"LIST       " + fat.root[11:]
    fat.table[place] = place
    fat.data[place] += again
    return fat.image()


def disk_of_one_file_by_many_names() -> bytes:
    fat = Fat(16)
    record = fat.entry("a", bytes(range(256)) * 800, b"A          ", long=False)
    inner = b"".join(b"%08d   " % each + record[11:] for each in range(1900))
    fat.root = fat.entry("list", inner, b"LIST       ", 0x10, long=False)
    return fat.image()


# -- mails and documents -----------------------------------------------------------------------------------------------


def tnef_of_rtf() -> bytes:
    body = b"\0inert..." * 600_000
    said = struct.pack("<LLLL", len(body) + 12, 1 << 30, 0x75465A4C, 0) + body
    return tnef(attribute(1, PROPERTIES, properties((RTF_BODY, BINARY, said))))


def tnef_of_properties() -> bytes:
    many = struct.pack("<L", 60_000) + struct.pack("<HHL", 3, 0x1001, 0) * 60_000
    return tnef(attribute(1, PROPERTIES, many))


def mail_within(content: bytes) -> bytes:
    head = HEAD.replace("\n", "\r\n").encode()
    kind = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n' % len(content)
    return head + kind + b"--b%d\r\nContent-Type: message/rfc822\r\n\r\n" % len(content) + content


def outlook_mails(depth: int) -> bytes:
    letter = msg_message([], {}, embedded=True)
    for _ in range(depth):
        letter = msg_message([], {"__attach_version1.0_#00000000": msg_attachment("Fwd", letter)}, embedded=True)
    return msg_write(letter)


def pdf_of_packed_objects() -> bytes:
    return pdf(b"<< /OpenAction 2 0 R >>", *[stream(bytes(64 * MEGABYTE), b"/Type /ObjStm ")] * 8)


def pdf_of_filters(count: int) -> bytes:
    inner = stream(bytes(MEGABYTE), b"/Type /ObjStm ")
    many = b"/Filter [" + b"/FlateDecode " * count + b"]"
    return pdf(b"<< /OpenAction 2 0 R >>", inner.replace(b"/Filter /FlateDecode", many))


def document_of_zeros() -> bytes:
    return package({"word/document.xml": bytes(200 * MEGABYTE), "word/vbaProject.bin": b"\xd0\xcf"})


def book_of_records() -> bytes:
    return compound_file({"Workbook": bytes(6 * MEGABYTE)})


LIMIT, MALFORMED, INSPECTED, UNSUPPORTED = State.LIMIT, State.MALFORMED, State.INSPECTED, State.UNSUPPORTED

CASES: dict[str, Case] = {
    "ZIP of zeros": Case(partial(torture.flat_bomb, 128 * MEGABYTE), LIMIT),
    "ZIP of many zeros": Case(partial(torture.wide_bomb, 300, MEGABYTE), LIMIT),
    "ZIP in ZIP in ZIP": Case(partial(torture.nested_bomb, 16, 4, MEGABYTE), LIMIT),
    "ZIP of overlapping files": Case(partial(torture.overlapping_bomb, 100, MEGABYTE), MALFORMED),
    "ZIP that holds itself": Case(torture.quine, LIMIT),
    "ZIP of BZip2 zeros": Case(partial(zeros_zip, "bzip2"), LIMIT),
    "ZIP of LZMA zeros": Case(partial(zeros_zip, "lzma"), LIMIT),
    "ZIP of xz zeros": Case(partial(zeros_zip, "xz"), LIMIT),
    "ZIP of Zstandard zeros": Case(partial(zeros_zip, "zstd"), LIMIT),
    "ZIP of ZipCrypto zeros": Case(partial(zeros_zip, "deflate", "U4613"), LIMIT, text=says("U4613")),
    "ZIP of AES zeros": Case(partial(zeros_zip, "deflate", "U4613", "aes256"), LIMIT, text=says("U4613")),
    "ZIP of 20,000 files": Case(lambda: zip_bytes([(f"{n}.js", b"x") for n in range(20_000)]), LIMIT),
    "ZIP that asks for a dictionary of 4 GB": Case(
        lambda: zipped(
            stored(b"a", struct.pack("<BBHBL", 9, 20, 5, 93, 0xFFFFFFFF) + bytes(20), method=14, size=0xFFFFFFF0)
        ),
        MALFORMED,
    ),
    "7z of zeros": Case(lambda: archive(["zeros"], folder(bytes(64 * MEGABYTE))), LIMIT, "info.7z"),
    "7z of 600 folders of zeros": Case(
        lambda: archive([f"{n}" for n in range(600)], *[folder(bytes(MEGABYTE))] * 600), LIMIT, "info.7z"
    ),
    "7z of a header of zeros": Case(seven_zip_header_bomb, LIMIT, "info.7z"),
    "7z of headers in headers": Case(lambda: archive(["a"], folder(b"inert"), encoded=40), LIMIT, "info.7z"),
    "7z of 2^40 files": Case(seven_zip_of_countless_files, LIMIT, "info.7z"),
    "7z in 7z, 12 deep": Case(
        partial(layers, lambda inner: archive(["inner.7z"], folder(inner)), 12), LIMIT, "info.7z"
    ),
    "RAR of zeros": Case(lambda: packed([("zeros", bytes(8 * MEGABYTE))], format="rar50"), LIMIT, "info.rar"),
    "RAR 4 of zeros": Case(lambda: packed([("zeros", bytes(8 * MEGABYTE))], format="rar40"), LIMIT, "info.rar"),
    "RAR of solid zeros": Case(
        lambda: packed([(f"{n}", bytes(MEGABYTE)) for n in range(16)], format="rar50", solid=True), LIMIT, "info.rar"
    ),
    "RAR that declares a terabyte": Case(
        lambda: rar5(File5(data=compressed5(b"inert " * 99), method=3, size=1 << 40)), LIMIT, "info.rar"
    ),
    "RAR of 20,000 files": Case(lambda: rar5(*[File5("a.js")] * 20_000), LIMIT, "info.rar"),
    "gz of zeros": Case(lambda: gzip.compress(bytes(64 * MEGABYTE)), LIMIT, "info.gz"),
    "bz2 of zeros": Case(lambda: bz2.compress(bytes(64 * MEGABYTE)), LIMIT, "info.bz2"),
    "xz of zeros": Case(lambda: lzma.compress(bytes(64 * MEGABYTE)), LIMIT, "info.xz"),
    "zst of zeros": Case(lambda: zstd.compress(bytes(64 * MEGABYTE)), LIMIT, "info.zst"),
    "gz in gz, 12 deep": Case(partial(layers, gzip.compress, 12), LIMIT, "info.gz"),
    "gz of 20,000 streams": Case(lambda: gzip.compress(b"") * 20_000, LIMIT, "info.gz"),
    "xz that asks for 3 GB": Case(partial(xz_that_asks, 39), LIMIT, "info.xz"),
    "zst that asks for 2 TB": Case(lambda: b"\x28\xb5\x2f\xfd\x00\xf8" + bytes(40), LIMIT, "info.zst"),
    "tar of a hole of 2^50 bytes": Case(
        lambda: sparse_in_records({"GNU.sparse.size": str(1 << 50), "GNU.sparse.map": "1000,4"}, b"data"),
        LIMIT,
        "info.tar",
    ),
    "tar of 16,000 folders": Case(lambda: block(b"d/", 0, b"5") * 16_000 + bytes(1024), INSPECTED, "info.tar"),
    "tar of 5,000 files": Case(lambda: tar(*[info(f"{n}.js") for n in range(5_000)]), LIMIT, "info.tar"),
    "CAB of zeros": Case(lambda: cabinet(("zeros", bytes(24 * MEGABYTE))), LIMIT, "info.cab"),
    "CAB of files that share bytes": Case(
        lambda: assembled([Listed(b"%d" % n, 1 << 19, 0) for n in range(1500)], mszip(bytes(range(256)) * 2048)),
        LIMIT,
        "info.cab",
    ),
    # A folder within itself holds nothing that is not listed already.
    "ISO in a circle": Case(
        disc_in_a_circle, INSPECTED, "info.iso", facts=frozenset({"iso.repeated-folder"}), shown=frozenset({"INFO.JS"})
    ),
    "ISO of a file beyond its end": Case(disc_of_a_huge_file, MALFORMED, "info.iso"),
    "disk image in a circle": Case(
        disk_in_a_circle,
        INSPECTED,
        "info.img",
        facts=frozenset({"img.repeated-folder"}),
        shown=frozenset({"LIST/B.TXT"}),
    ),
    "disk image of one file by 1,900 names": Case(disk_of_one_file_by_many_names, LIMIT, "info.img"),
    "TNEF of RTF that unpacks to a gigabyte": Case(tnef_of_rtf, LIMIT, "winmail.dat"),
    "TNEF of 60,000 properties": Case(tnef_of_properties, LIMIT, "winmail.dat"),
    "TNEF in TNEF, 12 deep": Case(
        partial(
            layers,
            lambda inner: tnef(attachment(b"Fwd", None, (DATA_PROPERTY, OBJECT, bytes(16) + inner))),
            12,
            tnef(attachment(b"a.js", b"inert")),
        ),
        LIMIT,
        "winmail.dat",
    ),
    "mail in mail, 60 deep": Case(partial(layers, mail_within, 60, HEAD.encode()), LIMIT, "info.eml"),
    "Outlook mail in mail, 12 deep": Case(partial(outlook_mails, 12), LIMIT, "info.msg"),
    "PDF of packed objects": Case(pdf_of_packed_objects, LIMIT, "info.pdf"),
    "PDF of 40 filters": Case(partial(pdf_of_filters, 40), UNSUPPORTED, "info.pdf"),
    "PDF of 5,000 filters": Case(partial(pdf_of_filters, 5_000), MALFORMED, "info.pdf"),
    "document of 200 MB of markup": Case(document_of_zeros, LIMIT, "info.docm"),
    "workbook of 1.5 million records": Case(book_of_records, LIMIT, "info.xls"),
}
