"""The system calls of a confined reader of pictures: what a C program needs to start, read one file and write one.

Source: as in ``edge.jail.syscalls``. Files may be opened for reading only; there is no other process, thread or socket.
"""

from dataclasses import replace

from seriema.edge.jail import syscalls
from seriema.edge.jail.syscalls import ARCHITECTURES, Calls

_O_WRITING = 0o1 | 0o2 | 0o100 | 0o1000  #: O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
_PROT_EXEC = 4

#: Beyond those of a worker. A call that an architecture does not have is left out for it.
_MORE = (
    "execve", "mmap", "pread64", "readv", "writev", "newfstatat", "stat", "lstat", "statx", "access", "faccessat",
    "faccessat2", "readlink", "readlinkat", "getdents64", "getcwd", "fadvise64", "fcntl", "sysinfo", "uname",
    "prlimit64", "arch_prctl", "set_tid_address", "set_robust_list", "rseq", "tgkill",
)  # fmt: skip

_NUMBERS = {
    "x86_64": {
        "stat": 4, "lstat": 6, "pread64": 17, "readv": 19, "writev": 20, "access": 21, "uname": 63, "fcntl": 72,
        "getcwd": 79, "readlink": 89, "sysinfo": 99, "arch_prctl": 158, "getdents64": 217, "set_tid_address": 218,
        "fadvise64": 221, "tgkill": 234, "openat": 257, "newfstatat": 262, "readlinkat": 267, "faccessat": 269,
        "set_robust_list": 273, "prlimit64": 302, "statx": 332, "rseq": 334, "faccessat2": 439,
    },
    "aarch64": {
        "getcwd": 17, "fcntl": 25, "faccessat": 48, "openat": 56, "getdents64": 61, "readv": 65, "writev": 66,
        "pread64": 67, "readlinkat": 78, "newfstatat": 79, "set_tid_address": 96, "set_robust_list": 99,
        "tgkill": 131, "uname": 160, "sysinfo": 179, "fadvise64": 223, "prlimit64": 261, "statx": 291, "rseq": 293,
        "faccessat2": 439,
    },
}  # fmt: skip

#: By ``os.uname().machine``.
READERS = {
    machine: replace(known, numbers={**known.numbers, **_NUMBERS[machine]}) for machine, known in ARCHITECTURES.items()
}


def calls(machine: str) -> Calls:
    """What becomes of a reader's calls on this machine. Raises KeyError for one that has no table."""
    numbers = READERS[machine].numbers
    return Calls(
        allowed=(*syscalls.ALLOWED, *(name for name in _MORE if name in numbers)),
        without={"openat": _O_WRITING, "mprotect": _PROT_EXEC},
        killed=tuple(name for name in syscalls.KILLED if name != "execve"),
    )
