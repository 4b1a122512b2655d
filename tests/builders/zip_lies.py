"""ZIP archives of which two programs would show different files, and one that two passwords open."""

import random
import struct
import zlib

from tests.builders.cabinets import cabinet
from tests.builders.zips import Entry, archive, central, deflated, end, local, stored

from seriema.exercise.archives import zip_bytes

GOOD = stored(b"letter.txt", b"harmless")
EVIL = stored(b"macro.js", b"inert stand-in")


def bomb(size: int) -> Entry:
    return deflated(b"zeros", b"\0" * size)


def overlapping(files: int) -> bytes:
    """Every directory entry points at the same data (after D. Fifield, "A better zip bomb")."""
    kernel = deflated(b"a", b"\0" * (1 << 20))
    directory = b"".join(central(kernel.but(name=b"a%d" % n), 0) for n in range(files))
    body = local(kernel)
    return body + directory + end(files, len(directory), len(body))


def hidden_before_the_directory() -> bytes:
    body = local(GOOD) + local(EVIL)
    directory = central(GOOD, 0)
    return body + directory + end(1, len(directory), len(body))


def hidden_in_front() -> bytes:
    return archive(GOOD, before=local(EVIL))


def two_directories() -> bytes:
    """A whole archive inside the comment of another: the last end record and the first lead to different files."""
    return archive(GOOD, comment=archive(EVIL))


def empty_end_behind() -> bytes:
    return archive(EVIL) + end(0, 0, 0)


def size_and_offset_disagree() -> bytes:
    body = local(GOOD) + local(EVIL)
    one, other = central(GOOD, 0), central(EVIL, len(local(GOOD)))
    return body + one + other + end(1, len(other), len(body))


def descriptor_that_lies() -> bytes:
    """Streaming readers go by what stands behind the data, the others by the directory."""
    whole = deflated(b"a.js", b"inert stand-in", flags=8)
    hushed = whole.but(crc=0, size=0, stored=0)
    body = local(hushed) + struct.pack("<4sLLL", b"PK\7\10", 1, len(whole.data), 5)
    directory = central(whole, 0)
    return body + directory + end(1, len(directory), len(body))


def offsets_counted_two_ways() -> bytes:
    """Counted from the archive's start or from the file's, an offset leads to another header."""
    front = local(stored(b"a.txt", b"harmless stuff"))
    body = local(stored(b"a.txt", b"inert stand-in"))
    directory = central(stored(b"a.txt", b"inert stand-in"), 0)
    return front + body + directory + end(1, len(directory), len(body))


def needless_zip64_record() -> bytes:
    """The plain end record leads to one directory, the ZIP64 record to another."""
    body = local(GOOD) + local(EVIL)
    one, other = central(GOOD, 0), central(EVIL, len(local(GOOD)))
    at = len(body) + len(one) + len(other)
    wide = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(one), len(body))
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    return body + one + other + wide + locator + end(1, len(other), len(body) + len(one))


def another_name_in_a_local_field() -> bytes:
    def said(name: bytes) -> bytes:
        path = b"\1" + struct.pack("<L", zlib.crc32(b"a.txt")) + name
        return struct.pack("<HH", 0x7075, len(path)) + path

    entry = stored(b"a.txt", b"inert stand-in")
    return archive((entry.but(extra=said(b"a.exe")), entry.but(extra=said(b"a.txt"))))


VIEWS = {
    "a file only local headers show": (hidden_before_the_directory(), "zip.unlisted-file"),
    "a file in front of the first": (hidden_in_front(), "zip.two-places"),
    "an archive in the comment": (two_directories(), "zip.several-directories"),
    "an empty end record behind": (empty_end_behind(), None),
    "size and offset lead to two directories": (size_and_offset_disagree(), None),
    "another name in the local header": (archive((GOOD, GOOD.but(name=b"macro.js")), EVIL), "zip.two-headers"),
    "another method in the local header": (
        archive((deflated(b"a", b"x" * 99), deflated(b"a", b"x" * 99).but(method=0))),
        "zip.two-headers",
    ),
    "another length in the local header": (archive((EVIL, EVIL.but(stored=3, size=3))), "zip.two-headers"),
    "a false flag of encryption": (archive((EVIL, EVIL.but(flags=1))), "zip.two-headers"),
    "one name for two contents": (archive(stored(b"a", b"first"), stored(b"A", b"second")), "zip.two-contents"),
    "more files announced than listed": (archive(GOOD)[:-22] + end(5, 56, len(local(GOOD))), "zip.wrong-count"),
    "a data descriptor that lies": (descriptor_that_lies(), "zip.two-headers"),
    "offsets counted in two ways": (offsets_counted_two_ways(), "zip.two-places"),
    "a ZIP64 record that leads elsewhere": (needless_zip64_record(), None),
    "another name in the local header's field": (another_name_in_a_local_field(), "zip.two-headers"),
    "a cabinet in front": (cabinet(("a.js", b"x" * 99)) + archive(GOOD), "zip.another-archive"),
    "no directory at all": (local(GOOD) + local(EVIL), "zip.no-directory"),
    "data that goes beyond the end": (archive(EVIL.but(stored=9000, size=9000)), None),
    "a header where none is": (archive(GOOD)[:-22].replace(b"PK\3\4", b"PKxx") + end(1, 56, len(local(GOOD))), None),
    "a wrong checksum": (archive(EVIL.but(crc=1)), None),
    "a wrong size": (archive(deflated(b"a", b"x" * 500).but(size=499)), None),
    "a Deflate64 code beyond the tables": (archive(stored(b"a", b"\x1b\x03" + b"\xff" * 40, method=9)), None),
    "torn deflate data": (archive(deflated(b"a", random.Random(1).randbytes(900)).but(data=b"\x05\xe0\x03")), None),
    "a torn archive": (zip_bytes([("a", b"x" * 999), ("b", b"y" * 999)], compression="stored")[:1500], None),
    "an encrypted member without its header": (archive(stored(b"a", b"short", flags=1)), None),
    "AES without its field": (archive(stored(b"a", b"x" * 60, flags=1, method=99)), None),
    "AES without encryption": (
        archive(stored(b"a", b"x" * 60, method=99, extra=struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 8))),
        None,
    ),
    "overlapping files": (overlapping(2), "zip.overlap"),
}

#: A stored member that "501464" and "920086" both open, with the same CRC-32 (found by searching a million passwords).
AMBIGUOUS = Entry(b"a", bytes(range(1, 13)) + b"\x10\x20\x30\x40\x50\x60", 0, 0x9, 154 << 8, 0x35E51425, 6)
