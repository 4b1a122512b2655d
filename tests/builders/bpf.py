"""The kernel's side of a system call filter, interpreted."""

import struct

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000


def answer(code: bytes, number: int, audit: int, third: int = 0) -> int:
    """The kernel's answer to one call (classic BPF, only the four instructions the program uses)."""
    data = struct.pack("=IIQ6Q", number, audit, 0, 0, 0, third, 0, 0, 0)
    lines = list(struct.iter_unpack("=HBBI", code))
    accumulator = place = 0
    while True:
        operation, yes, no, value = lines[place]
        place += 1
        if operation == 0x06:
            return value
        if operation == 0x20:
            accumulator = struct.unpack_from("=I", data, value)[0]
        else:
            assert operation in (0x15, 0x45)
            place += yes if (accumulator == value if operation == 0x15 else accumulator & value) else no
