"""tar archives in memory: honest ones by the library, headers and records by hand where one is to lie."""

import io
import tarfile
from collections.abc import Callable

TEXT = b"Dear Bob, inert text. " * 50
END = bytes(1024)


def info(name: str, kind: bytes = tarfile.REGTYPE, **fields: object) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type = kind
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def tar(
    *files: tuple[str, bytes] | tarfile.TarInfo,
    dialect: int = tarfile.PAX_FORMAT,
) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=dialect) as writer:
        for each in files:
            if isinstance(each, tarfile.TarInfo):
                writer.addfile(each)
            else:
                writer.addfile(info(each[0], size=len(each[1])), io.BytesIO(each[1]))
    return out.getvalue()


def block(name: bytes, size: int, kind: bytes = b"0", amend: Callable[[bytearray], None] | None = None) -> bytes:
    """One header of the old kind, its checksum right."""
    made = bytearray(512)
    made[: len(name)] = name
    made[100:107], made[124:135] = b"0000644", b"%011o" % size
    made[156:157] = kind
    if amend:
        amend(made)
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % sum(made)
    return bytes(made)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


def sparse_in_records(records: dict[str, str], data: bytes) -> bytes:
    text = b"".join(record(key, value) for key, value in records.items())
    return block(b"x", len(text), b"x") + padded(text) + block(b"sparse", len(data)) + padded(data) + END


def record(key: str, value: str) -> bytes:
    body = f" {key}={value}\n".encode()
    length = len(body) + len(str(len(body) + 2))
    return str(length).encode() + body


A, B = tar(("a.txt", TEXT))[: 512 + 1536], tar(("b.js", b"inert"))[:1024]
TWO_SIZES = record("size", "0")

#: Archives whose readers would see different files.
VIEWS = {
    "files behind the end mark": A + END + B + END,
    "a size that pax amends": block(b"x", len(TWO_SIZES), b"x")
    + padded(TWO_SIZES)
    + block(b"outer", 1024)
    + B
    + A
    + END,
    "a link with data": block(b"link", 1024, b"2") + B + A + END,
    "a torn header in between": A + b"x" * 512 + B + END,
    "a false checksum": A + B.replace(b"b.js", b"c.js") + B + END,
}
