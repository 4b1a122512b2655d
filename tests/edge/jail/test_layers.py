"""What the layers claim is what holds: a worker that tries everything gets exactly as far as they say."""

import os
from pathlib import Path
from typing import Any

import pytest
from tests.edge.jail.inmate import ATTEMPTS

from seriema.edge.jail import Layer
from seriema.edge.jail.lock import REASONS, STEPS, Attempt, Step, try_layer
from seriema.edge.jail.settings import Terms, level
from seriema.edge.jail.syscalls import ABSENT, ALLOWED, ALLOWED_WITHOUT_EXEC, ARCHITECTURES, KILLED
from seriema.model.errors import JailUnavailable
from seriema.model.plan import Plan

NAMES = tuple(step.name for step in STEPS)
FILES = {"open", "write-file", "list"}

#: What each layer that holds must stop, whichever others are there.
STOPS = {
    "seccomp": set(ATTEMPTS),
    "landlock": FILES,
    "uid": {"raise-privileges", "chroot", "packet"},
    "rlimits": set[str](),
    "process": set[str](),
    "namespaces": set[str](),
}

#: Layers to leave out together.
LEFT_OUT = [
    (),
    ("seccomp",),
    ("landlock",),
    ("namespaces",),
    ("uid",),
    ("rlimits",),
    ("process",),
    ("seccomp", "landlock"),
    ("seccomp", "uid"),
    ("seccomp", "landlock", "namespaces"),
    NAMES,
]


@pytest.mark.parametrize("left_out", LEFT_OUT, ids=lambda names: "+".join(names) or "nothing")
def test_a_worker_gets_as_far_as_its_layers_say(left_out: tuple[str, ...], build: Any) -> None:
    with build(workers=1, leave_out=frozenset(left_out)) as prison:
        layers = {layer.name: layer for layer in prison.jail.layers}
        document = prison.run(prison.jail.dissect(b"attempt", Plan()))
    through = {one.place for one in document.findings if one.name == "inmate.got-through"}
    assert document.trouble == ""
    assert tuple(layers) == NAMES
    assert all(layer.reason for layer in layers.values())
    for name in left_out:
        assert layers[name] == Layer(name, holds=False, reason="left out by the settings")
    for name, layer in layers.items():
        if layer.holds:
            assert not through & STOPS[name], name
    if not layers["seccomp"].holds and not layers["landlock"].holds:
        assert {"open", "list"} <= through, "nothing stops this then, and nothing claims to"
    if layers["rlimits"].holds and layers["uid"].holds:
        assert not through & {"fork", "thread"}


def test_uid_and_process_protect_the_worker_from_others(build: Any) -> None:
    with build(workers=1) as prison:
        cell = next(iter(prison.jail.message.cells))
        status = Path(f"/proc/{cell.pid}/status").read_text()
        told = dict(line.split(":", 1) for line in status.splitlines())
        held = {layer.name for layer in prison.jail.layers if layer.holds}
    if "uid" in held:
        assert "0" not in told["Uid"].split()
        assert told["CapEff"].strip("\t0") == "" or os.getuid() != 0
    if "process" in held:
        assert told["NoNewPrivs"].strip() == "1"
    if "seccomp" in held:
        assert told["Seccomp"].strip() == "2"


def test_a_worker_keeps_only_its_own_descriptors(build: Any) -> None:
    with build(workers=1) as prison:
        cell = next(iter(prison.jail.message.cells))
        try:
            found = {int(one.name): str(one.readlink()) for one in Path(f"/proc/{cell.pid}/fd").iterdir()}
        except PermissionError:
            pytest.skip("only a root with all its capabilities may look")
    assert set(found) == {0, 1, 2, 3, 4}
    assert {found[number] for number in (0, 1, 2)} == {"/dev/null"}


def test_the_zygote_has_no_environment_of_ours(build: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERIEMA_SECRET", "s3cret")
    with build(workers=1) as prison:
        process = prison.jail.spawner.process
        assert b"s3cret" not in Path(f"/proc/{process.pid}/environ").read_bytes()


@pytest.mark.parametrize(
    ("holding", "expected"),
    [
        (NAMES, "strong"),
        (("seccomp", "rlimits", "uid"), "strong"),
        (("seccomp", "rlimits", "landlock"), "reduced"),
        (("landlock", "rlimits"), "reduced"),
        (("seccomp", "uid", "landlock"), "weak"),
        (("rlimits",), "weak"),
        ((), "weak"),
    ],
)
def test_levels(holding: tuple[str, ...], expected: str) -> None:
    assert level(tuple(Layer(name, name in holding, "") for name in NAMES)) == expected


def test_isolation_weaker_than_asked_for_is_refused_with_the_reasons(build: Any) -> None:
    with (
        pytest.raises(JailUnavailable, match=r"isolation is only weak, strong is asked for .*seccomp: left out"),
        build(workers=1, least="strong", leave_out=frozenset({"seccomp", "landlock"})),
    ):
        pass


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_has_a_number_for_every_call(name: str) -> None:
    numbers = ARCHITECTURES[name].numbers
    assert {*ALLOWED, *ALLOWED_WITHOUT_EXEC, *KILLED, *ABSENT, "seccomp"} <= set(numbers)
    assert len(set(numbers.values())) == len(numbers)


@pytest.mark.parametrize("number", REASONS)
def test_a_missing_layer_is_named_with_the_kernels_reason(number: int) -> None:
    def absent(_terms: Terms) -> None:
        raise OSError(number, os.strerror(number))

    found = try_layer(Step("landlock", absent, lambda _terms: (), ""), Terms(1, 1, 1))
    assert found == Layer("landlock", holds=False, reason=REASONS[number])


def test_a_layer_that_stops_nothing_does_not_hold() -> None:
    step = Step("landlock", lambda _terms: None, lambda _terms: (Attempt("a file opened", int),), "files")
    assert try_layer(step, Terms(1, 1, 1)) == Layer(
        "landlock", holds=False, reason="tried and not stopped: a file opened"
    )
