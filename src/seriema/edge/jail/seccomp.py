"""The system call filter: a classic BPF program that answers for every call this process will ever make.

Source: seccomp(2) and the kernel's Documentation/userspace-api/seccomp_filter.rst. Everything is refused with EPERM but
the short list of ``syscalls``; the filter can never be taken off again, and it holds for all threads (TSYNC).
"""

import ctypes
import errno
import os
import struct
from collections.abc import Mapping

from seriema.edge.jail import libc
from seriema.edge.jail.syscalls import ARCHITECTURES, WORKER, Architecture, Calls

_SET_MODE_FILTER, _TSYNC = 1, 1

_KILL_PROCESS = 0x80000000
_ALLOW = 0x7FFF0000
_EPERM = 0x00050000 | errno.EPERM
_ENOSYS = 0x00050000 | errno.ENOSYS

_LOAD, _JUMP_EQUAL, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
#: Offsets in struct seccomp_data; the low half of an argument stands first on both (little-endian) architectures.
_NUMBER, _ARCH, _THIRD_ARGUMENT = 0, 4, 32


def _line(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def _when(number: int, verdict: int) -> bytes:
    return _line(_JUMP_EQUAL, number, 0, 1) + _line(_RETURN, verdict)


def program(architecture: Architecture, calls: Calls = WORKER) -> bytes:
    """The filter in BPF instructions of eight bytes, the most frequent calls first."""
    numbers = architecture.numbers
    lines = [
        _line(_LOAD, _ARCH),
        _line(_JUMP_EQUAL, architecture.audit, 1, 0),
        _line(_RETURN, _KILL_PROCESS),
        _line(_LOAD, _NUMBER),
    ]
    for names, verdict in ((calls.allowed, _ALLOW), (calls.absent, _ENOSYS), (calls.killed, _KILL_PROCESS)):
        lines += [_when(numbers[name], verdict) for name in names]
    for name, bits in calls.without.items():
        lines.append(_line(_JUMP_EQUAL, numbers[name], 0, 4))
        lines.append(_line(_LOAD, _THIRD_ARGUMENT) + _line(_JUMP_ANY_BIT, bits, 0, 1))
        lines.append(_line(_RETURN, _EPERM) + _line(_RETURN, _ALLOW))
    lines.append(_line(_RETURN, _EPERM))
    return b"".join(lines)


def lock(calls: Calls = WORKER, architectures: Mapping[str, Architecture] = ARCHITECTURES) -> None:
    """Put the filter on. Raises OSError: ENOSYS where kernel or architecture has none, EPERM where it is forbidden."""
    architecture = architectures.get(os.uname().machine)
    if architecture is None:
        raise OSError(errno.ENOSYS, f"no table of system calls for {os.uname().machine}")
    code = program(architecture, calls)
    held = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: a count of 16 bits, then a pointer on its natural boundary.
    header = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(held)))
    libc.syscall(architecture.numbers["seccomp"], _SET_MODE_FILTER, _TSYNC, ctypes.byref(header))
