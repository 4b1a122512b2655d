"""System call numbers of the architectures the filter knows, and what becomes of each call.

Source: the kernel's arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h (aarch64).
A call that is in neither list is refused with EPERM, as are all that do not exist yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass

#: What a worker needs once everything is imported: its socket, memory, time, randomness, and to leave.
ALLOWED = (
    "recvfrom", "sendto", "read", "write", "close", "fstat", "lseek",
    "munmap", "mremap", "brk", "madvise", "futex",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
    "clock_gettime", "clock_getres", "gettimeofday", "nanosleep", "clock_nanosleep", "sched_yield",
    "getrandom", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getrusage",
    "sched_getaffinity",
    "exit", "exit_group",
)  # fmt: skip

#: Allowed unless the third argument asks for executable memory.
ALLOWED_WITHOUT_EXEC = ("mmap", "mprotect")

#: Nothing that reads mail calls these by mistake: the process ends at once.
KILLED = (
    "execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "mount", "umount2",
    "pivot_root", "move_mount",
    "fsopen", "open_tree", "setns", "bpf", "io_uring_setup", "io_uring_enter", "io_uring_register", "init_module",
    "finit_module", "kexec_load", "perf_event_open", "userfaultfd",
)  # fmt: skip

#: Libraries fall back to an older call when they are told that this one does not exist.
ABSENT = ("clone3",)

_PROT_EXEC = 4


@dataclass(frozen=True, slots=True)
class Calls:
    """What becomes of calls by name. ``without``: allowed unless the third argument has one of these bits."""

    allowed: tuple[str, ...]
    without: Mapping[str, int]
    killed: tuple[str, ...]
    absent: tuple[str, ...] = ABSENT


WORKER = Calls(ALLOWED, dict.fromkeys(ALLOWED_WITHOUT_EXEC, _PROT_EXEC), KILLED)


@dataclass(frozen=True, slots=True)
class Architecture:
    """``audit`` is the kernel's AUDIT_ARCH value; ``numbers`` hold only calls that exist there."""

    audit: int
    numbers: dict[str, int]


#: The same on every architecture.
CLONE3 = 435

_SHARED = {
    "open_tree": 428, "move_mount": 429, "fsopen": 430,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "clone3": CLONE3,
}  # fmt: skip

#: By ``os.uname().machine``. x32 calls carry bit 30 and match no line.
ARCHITECTURES = {
    "x86_64": Architecture(
        0xC000003E,
        {
            "read": 0, "write": 1, "close": 3, "fstat": 5, "lseek": 8, "mmap": 9, "mprotect": 10,
            "munmap": 11, "brk": 12,
            "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "sched_yield": 24, "mremap": 25,
            "madvise": 28,
            "nanosleep": 35, "getpid": 39, "sendto": 44, "recvfrom": 45, "execve": 59, "exit": 60, "gettimeofday": 96,
            "getrusage": 98, "ptrace": 101, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108,
            "getppid": 110,
            "sigaltstack": 131, "pivot_root": 155, "mount": 165, "umount2": 166, "init_module": 175, "gettid": 186,
            "futex": 202, "sched_getaffinity": 204, "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229,
            "clock_nanosleep": 230, "exit_group": 231, "kexec_load": 246, "perf_event_open": 298, "setns": 308,
            "process_vm_readv": 310, "process_vm_writev": 311, "finit_module": 313, "seccomp": 317, "getrandom": 318,
            "bpf": 321, "execveat": 322, "userfaultfd": 323, **_SHARED,
        },
    ),
    "aarch64": Architecture(
        0xC00000B7,
        {
            "umount2": 39, "mount": 40, "pivot_root": 41, "close": 57, "lseek": 62, "read": 63, "write": 64,
            "fstat": 80,
            "exit": 93, "exit_group": 94, "futex": 98, "nanosleep": 101, "kexec_load": 104, "init_module": 105,
            "clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115, "ptrace": 117, "sched_getaffinity": 123,
            "sched_yield": 124, "restart_syscall": 128, "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135,
            "rt_sigreturn": 139, "getrusage": 165, "gettimeofday": 169, "getpid": 172, "getppid": 173, "getuid": 174,
            "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178, "sendto": 206, "recvfrom": 207, "brk": 214,
            "munmap": 215, "mremap": 216, "execve": 221, "mmap": 222, "mprotect": 226, "madvise": 233,
            "perf_event_open": 241, "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271,
            "finit_module": 273,
            "seccomp": 277, "getrandom": 278, "bpf": 280, "execveat": 281, "userfaultfd": 282, **_SHARED,
        },
    ),
}  # fmt: skip
