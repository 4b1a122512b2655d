"""Landlock: this process gives up files, TCP, and reaching other processes; what it may still read, its caller names.

Source: landlock(7), Documentation/userspace-api/landlock.rst. Rights the running kernel does not know yet are left out.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from pathlib import Path

from seriema.edge.jail import libc

#: The same on every architecture that has them.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_EXECUTE, _READ_FILE, _READ_DIRECTORY = 1, 4, 8

#: How many rights on files each ABI knows; each is one bit, in the order they were added.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NETWORK_SINCE, _BIND_AND_CONNECT_TCP = 4, 0b11
_SCOPE_SINCE, _ABSTRACT_SOCKETS_AND_SIGNALS = 6, 0b11


def abi() -> int:
    """The version the kernel offers. Raises OSError: ENOSYS not built in, EOPNOTSUPP not enabled at boot."""
    return libc.syscall(_CREATE_RULESET, None, 0, _VERSION)


def lock(readable: Iterable[str] = ()) -> None:
    """Give everything up that the kernel's version can take; needs no-new-privileges. Raises OSError as ``abi``.

    What lies at or beneath the paths in ``readable``, if they exist, may be read and executed still.
    """
    version = abi()
    if version < 1:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    files = (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1
    network = _BIND_AND_CONNECT_TCP if version >= _NETWORK_SINCE else 0
    scope = _ABSTRACT_SOCKETS_AND_SIGNALS if version >= _SCOPE_SINCE else 0
    attributes = struct.pack("=QQQ", files, network, scope)
    size = 24 if scope else 16 if network else 8
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.c_char_p(attributes), size, 0)
    try:
        for path in readable:
            _allow(ruleset, path)
        libc.syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str) -> None:
    """Read and execute. A rule for a plain file must not speak of directories."""
    if not Path(path).exists():
        return
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _EXECUTE | _READ_FILE | (_READ_DIRECTORY if Path(path).is_dir() else 0)
        rule = struct.pack("=Qi", rights, place)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.c_char_p(rule), 0)
    finally:
        os.close(place)
