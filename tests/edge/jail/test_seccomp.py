"""The filter program gives every call its verdict, on architectures we cannot run on too: BPF is interpreted here."""

import pytest
from tests.builders.bpf import ALLOW, ENOSYS, EPERM, KILL
from tests.builders.bpf import answer as run

from seriema.edge.jail.seccomp import program
from seriema.edge.jail.syscalls import ABSENT, ALLOWED, ALLOWED_WITHOUT_EXEC, ARCHITECTURES, KILLED


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
