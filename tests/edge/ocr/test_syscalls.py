"""The filter of a reader of pictures, on architectures we cannot run on too."""

import pytest
from tests.builders.bpf import ALLOW, EPERM, KILL, answer

from seriema.edge.jail.seccomp import program
from seriema.edge.ocr.syscalls import READERS, calls


@pytest.mark.parametrize("machine", READERS)
def test_files_are_opened_for_reading_only(machine):
    architecture = READERS[machine]
    code = program(architecture, calls(machine))
    number = architecture.numbers["openat"]
    assert answer(code, number, architecture.audit, third=0o2000000) == ALLOW  # O_RDONLY | O_CLOEXEC
    for flags in (0o1, 0o2, 0o101, 0o1000, 0o102, 0o2000001):
        assert answer(code, number, architecture.audit, third=flags) == EPERM


@pytest.mark.parametrize("machine", READERS)
def test_no_call_is_named_that_an_architecture_lacks(machine):
    named = calls(machine)
    assert {*named.allowed, *named.without, *named.killed, *named.absent} <= set(READERS[machine].numbers)


@pytest.mark.parametrize("machine", READERS)
def test_numbers_are_not_given_twice(machine):
    numbers = READERS[machine].numbers
    assert len(set(numbers.values())) == len(numbers)


@pytest.mark.parametrize("machine", READERS)
@pytest.mark.parametrize(("name", "verdict"), [("ptrace", KILL), ("bpf", KILL), ("execve", ALLOW)])
def test_what_is_refused_to_all(machine, name, verdict):
    architecture = READERS[machine]
    assert answer(program(architecture, calls(machine)), architecture.numbers[name], architecture.audit) == verdict
