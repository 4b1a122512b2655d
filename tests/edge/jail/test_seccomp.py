"""The filter program gives every call its verdict, on architectures we cannot run on too: BPF is interpreted here."""

import struct

import pytest

from seriema.edge.jail.seccomp import program
from seriema.edge.jail.syscalls import ABSENT, ALLOWED, ALLOWED_WITHOUT_EXEC, ARCHITECTURES, KILLED

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000


def run(code: bytes, number: int, audit: int, third: int = 0) -> int:
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


@pytest.mark.parametrize("machine", ARCHITECTURES)
@pytest.mark.parametrize(
    ("names", "verdict"), [(ALLOWED, ALLOW), (ALLOWED_WITHOUT_EXEC, ALLOW), (KILLED, KILL), (ABSENT, ENOSYS)]
)
def test_listed_calls(machine: str, names: tuple[str, ...], verdict: int) -> None:
    architecture = ARCHITECTURES[machine]
    code = program(architecture)
    for name in names:
        assert run(code, architecture.numbers[name], architecture.audit, third=3) == verdict, name


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_executable_memory_is_refused_in_every_combination(machine: str) -> None:
    architecture = ARCHITECTURES[machine]
    code = program(architecture)
    for name in ALLOWED_WITHOUT_EXEC:
        for protection in range(8):
            expected = EPERM if protection & 4 else ALLOW
            assert run(code, architecture.numbers[name], architecture.audit, third=protection) == expected


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_all_other_numbers_are_refused(machine: str) -> None:
    architecture = ARCHITECTURES[machine]
    code = program(architecture)
    listed = {architecture.numbers[name] for name in (*ALLOWED, *ALLOWED_WITHOUT_EXEC, *KILLED, *ABSENT)}
    for number in [*range(600), 0x40000000, 0x40000001, 0xFFFFFFFF]:
        if number not in listed:
            assert run(code, number, architecture.audit) == EPERM, number


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_calls_of_another_architecture_end_the_process(machine: str) -> None:
    assert run(program(ARCHITECTURES[machine]), ARCHITECTURES[machine].numbers["read"], 0x40000003) == KILL
