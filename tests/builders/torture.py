"""Inert inputs that try to use up whoever reads them: made in memory, each known in full.

The ZIP quine follows Russ Cox, "Zip Files All The Way Down" (2010): a DEFLATE stream of stored blocks (L: print these
bytes) and back references (R: repeat the last bytes) that prints its own archive; its CRC-32 is the fixed point of an
affine map. The overlapping archive follows David Fifield, "A better zip bomb" (WOOT 2019), with quoted local headers.
"""

import io
import struct
import zipfile
import zlib
from base64 import encodebytes

from tests.builders.mail import HEAD

MEGABYTE = 1 << 20


# -- mails -------------------------------------------------------------------------------------------------------------


def nested_multiparts(depth: int) -> bytes:
    """A multipart in a multipart and so on."""
    opening = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))
    closing = "".join(f"\r\n--b{n}--\r\n" for n in reversed(range(depth)))
    return (HEAD.replace("\n", "\r\n") + opening + "Content-Type: text/plain\r\n\r\ndeep\r\n" + closing).encode()


def text_mail(body: bytes) -> bytes:
    """The usual head and this body."""
    return HEAD.replace("\n", "\r\n").encode() + b"\r\n" + body


def newlines(size: int) -> bytes:
    """Nothing but line feeds."""
    return text_mail(b"\n" * size)


def from_lines(count: int) -> bytes:
    """A quoted header block that never gets anywhere."""
    return text_mail(b"From: Ann <ann@a.example>\r\n" * count)


def many_headers(count: int) -> bytes:
    """A head of so many fields."""
    fields = b"".join(b"X-Field-%d: value %d\r\n" % (n, n) for n in range(count))
    return HEAD.replace("\n", "\r\n").encode() + fields + b"\r\nHello\r\n"


def one_line(size: int) -> bytes:
    """A body without any line end."""
    return text_mail(b"word " * (size // 5))


def with_attachment(name: str, content: bytes) -> bytes:
    """A mail with one file."""
    head = HEAD.replace("\n", "\r\n").encode()
    packed = encodebytes(content).replace(b"\n", b"\r\n")
    return (
        head
        + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\n'
        + f'Content-Type: application/zip; name="{name}"\r\n'.encode()
        + f'Content-Disposition: attachment; filename="{name}"\r\n'.encode()
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + packed
        + b"\r\n--b--\r\n"
    )


# -- archives ----------------------------------------------------------------------------------------------------------


def archive(members: dict[str, bytes]) -> bytes:
    """A plain archive, compressed as well as DEFLATE can."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def flat_bomb(size: int) -> bytes:
    """One member of zeros, written in pieces so that making it costs no memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        info = zipfile.ZipInfo("zeros.txt")
        info.compress_type = zipfile.ZIP_DEFLATED
        with packed.open(info, "w", force_zip64=size >= 1 << 31) as member:
            for _ in range(size // MEGABYTE):
                member.write(bytes(MEGABYTE))
    return out.getvalue()


def wide_bomb(members: int, size: int) -> bytes:
    """Many members, each of zeros and below any ratio that is looked at."""
    content = bytes(size)
    return archive({f"{number}.txt": content for number in range(members)})


def nested_bomb(width: int, depth: int, size: int) -> bytes:
    """An archive of archives of archives (like 42.zip): ``width`` to the power of ``depth`` files of zeros."""
    layer = archive({"zeros.txt": bytes(size)})
    for level in range(depth):
        layer = archive({f"{level}-{number}.zip": layer for number in range(width)})
    return layer


def _local(name: bytes, crc: int, packed: int, size: int) -> bytes:
    return struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, packed, size, len(name), 0) + name


def _central(name: bytes, crc: int, packed: int, size: int, offset: int) -> bytes:
    fixed = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, packed, size, len(name), *[0] * 5, offset
    )
    return fixed + name


def _end(members: int, size: int, offset: int) -> bytes:
    return struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, members, members, size, offset, 0)


def overlapping_bomb(members: int, size: int) -> bytes:
    """All members share one kernel of compressed zeros: each quotes the next one's local header and runs on into it."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream, content = squeeze.compress(bytes(size)) + squeeze.flush(), bytes(size)
    records = []
    for number in reversed(range(members)):
        name = b"%04d.txt" % number
        record = (name, zlib.crc32(content), len(stream), len(content))
        header = _local(*record)
        records.append((record, len(header) + len(stream)))
        whole = header + stream
        # A stored block that is not the last holds this header; then this member's own stream goes on.
        stream = b"\x00" + struct.pack("<HH", len(header), len(header) ^ 0xFFFF) + whole
        content = header + content
    directory = b"".join(_central(*record, len(whole) - length) for record, length in reversed(records))
    return whole + directory + _end(members, len(directory), len(whole))


# -- the quine ---------------------------------------------------------------------------------------------------------

_OPCODE = 5  # bytes of L and of R but the last


def _bits(*fields: tuple[int, int]) -> bytes:
    """Values and widths, first bit lowest, as DEFLATE packs them (RFC 1951, 3.1.1)."""
    value = width = 0
    for field, bits in fields:
        value |= field << width
        width += bits
    return value.to_bytes((width + 7) // 8, "little")


def _huffman(code: int, bits: int) -> tuple[int, int]:
    """Huffman codes are packed from their highest bit."""
    return int(f"{code:0{bits}b}"[::-1], 2), bits


def _length(length: int) -> list[tuple[int, int]]:
    """A match length in the fixed code (RFC 1951, 3.2.5), for 3 to 114."""
    extra = 0 if length <= 10 else (length - 3).bit_length() - 3
    start = 3 if not extra else 3 + (4 << extra)
    symbol = 257 + (4 * extra + 4 if extra else 0) + ((length - start) >> extra)
    field = [_huffman(symbol - 256, 7)]
    return [*field, ((length - start) & ((1 << extra) - 1), extra)] if extra else field


def _distance(distance: int) -> list[tuple[int, int]]:
    """A match distance in the fixed code, from 5 up."""
    extra = (distance - 1).bit_length() - 2
    code = 2 * extra + 2 + ((distance - 1) >> extra & 1)
    return [_huffman(code, 5), ((distance - 1) & ((1 << extra) - 1), extra)]


def _print(size: int) -> bytes:
    """L: the next ``size`` bytes as they stand."""
    return b"\x00" + struct.pack("<HH", size, size ^ 0xFFFF)


def _repeat(size: int, *lengths: int, last: bool = False, filler: bool = False) -> bytes:
    """R: the last ``size`` bytes again, in matches of these lengths; the filler is an empty block."""
    matches = [field for length in lengths for field in (*_length(length), *_distance(size))]
    empty = [(0, 1), (1, 2), _huffman(0, 7)] if filler else []
    return _bits(*empty, (int(last), 1), (1, 2), *matches, _huffman(0, 7))


def _quine_with(crc: int, packed_size: int = 0) -> bytes:
    name = b"a file that is its own archive"  # 60 bytes of header: the only length for which R fits into five bytes
    prefix_size, suffix_size = 30 + len(name), 46 + len(name) + 22
    back = prefix_size + _OPCODE
    first, four = _repeat(back, back, filler=True), _repeat(20, 10, 10)
    tail_size = suffix_size + 4  # of the last R, which needs no filler
    tail = _repeat(tail_size, tail_size, last=True)
    nothing, one = _print(0), _print(_OPCODE)
    size = packed_size + prefix_size + suffix_size
    prefix = _local(name, crc, packed_size, size)
    suffix = _central(name, crc, packed_size, size, 0)
    suffix += _end(1, len(suffix), prefix_size + packed_size)
    print_four, print_tail = _print(20), _print(tail_size)
    program = (
        *(_print(back), prefix, _print(back), first, one, first, one, one),
        *(print_four, first, one, one, print_four, four, print_four, four, print_four, four, print_four, four),
        *(print_four, four, nothing, nothing, print_tail),
        *(four, nothing, nothing, print_tail, tail, suffix, tail),
    )
    packed = b"".join(program)
    return prefix + packed + suffix if len(packed) == packed_size else _quine_with(crc, len(packed))


def quine() -> bytes:
    """An archive whose only member is the archive itself."""
    plain = zlib.crc32(_quine_with(0))
    # crc(file with c) = crc(file with 0) xor A c; wanted is c with (A + 1) c = crc(file with 0), by elimination.
    rows = [(zlib.crc32(_quine_with(1 << bit)) ^ plain ^ (1 << bit), 1 << bit) for bit in range(32)]
    crc, wanted = 0, plain
    for bit in range(32):
        pivot = next((row for row in rows if row[0] >> bit & 1), None)
        if pivot is None:
            continue
        rows = [(a ^ pivot[0], b ^ pivot[1]) if a >> bit & 1 else (a, b) for a, b in rows if (a, b) != pivot]
        if wanted >> bit & 1:
            wanted, crc = wanted ^ pivot[0], crc ^ pivot[1]
    assert wanted == 0
    return _quine_with(crc)
