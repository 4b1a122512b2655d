"""The few system calls that the standard library does not offer, through ctypes. Linux only.

Source: prctl(2), unshare(2), capset(2), syscall(2). Every function raises OSError with the kernel's errno.
"""

import ctypes
import os

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long

PR_SET_PDEATHSIG, PR_GET_PDEATHSIG = 1, 2
PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4
PR_SET_NAME = 15
PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS = 38, 39

CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x08000000, 0x10000000, 0x40000000

#: _LINUX_CAPABILITY_VERSION_3 takes two sets of three 32-bit words.
_CAPABILITY_VERSION = 0x20080522


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _long(value: object) -> object:
    """Integers go as longs: in a variadic call an int of 32 bits would leave the upper half of a register unset."""
    return ctypes.c_long(value) if isinstance(value, int) else value


def syscall(number: int, *arguments: object) -> int:
    """Any system call by number; the result, or OSError."""
    return _checked(_LIBC.syscall(ctypes.c_long(number), *(_long(one) for one in arguments)))


def prctl(option: int, *arguments: object) -> int:
    """Operations on this process, the unused arguments zero."""
    four = (*arguments, 0, 0, 0, 0)[:4]
    return _checked(_LIBC.prctl(ctypes.c_int(option), *(_long(one) for one in four)))


def death_signal() -> int:
    """The signal this process gets when its parent dies."""
    number = ctypes.c_int()
    prctl(PR_GET_PDEATHSIG, ctypes.byref(number))
    return number.value


def unshare(flags: int) -> None:
    """Leave the namespaces that ``flags`` names for new, empty ones."""
    _checked(_LIBC.unshare(ctypes.c_int(flags)))


def drop_capabilities() -> None:
    """Give up every capability, which a new user namespace hands out in full."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _checked(_LIBC.capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)())))
