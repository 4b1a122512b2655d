"""What all formats have in common: order of tries, budgets, states, crashes that cost one format only."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence

import pytest
from tests.builders.opening import contents, opened

from seriema.model.artifact import Artifact, State
from seriema.model.errors import LimitReached, Locked, Malformed, PluginError, Unsupported
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.plugins import Loaded
from seriema.unlock import open_artifact, opener
from seriema.unlock.format import Container, Format, Key, Lock, Member


def lock(right: str, *, cost: float = 1.0, log: list[str] | None = None, **options: object) -> Lock:
    def fits(passwords: Sequence[str]) -> Iterator[tuple[int, Key]]:
        for index, password in enumerate(passwords):
            if log is not None:
                log.append(password)
            if password == right:
                yield index, password.encode()

    return Lock("test", cost, fits, **options)


def member(name: str, content: bytes = b"x", behind: Lock | None = None, **options: object) -> Member:
    return Member(
        name, len(content), len(content), lambda _: iter([content]), behind, encrypted=bool(behind), **options
    )


def installed(monkeypatch: pytest.MonkeyPatch, *formats: Format) -> None:
    monkeypatch.setattr(opener, "loaded", lambda: Loaded(formats))


def holding(monkeypatch: pytest.MonkeyPatch, container: Container) -> None:
    installed(monkeypatch, Format("toy", frozenset({"zip"}), lambda _: True, lambda *_: container))


def failing(error: Exception) -> Format:
    def fail(*_: object) -> Container:
        raise error

    return Format("failing", frozenset({"zip"}), lambda _: True, fail)


def test_what_no_format_knows_is_none() -> None:
    artifact = Artifact("1", ("a",), "a.txt", "text", 3)
    assert open_artifact(artifact, b"abc", (), Limits()) is None


def test_one_of_our_own_that_does_not_load_is_no_small_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = PluginError("plugin seriema.unlock.formats.zip: ImportError")
    monkeypatch.setattr(opener.plugins, "load", lambda *_: Loaded((), (PluginError("plugin yours: no"), ours)))
    with pytest.raises(PluginError, match=r"formats\.zip"):
        opener.loaded.__wrapped__()


def test_our_formats_all_load() -> None:
    assert opener.broken_formats() == ()
    assert {each.name for each in opener.loaded().values} >= {"office", "package", "zip"}


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Malformed("torn"), State.MALFORMED),
        (Unsupported("volume"), State.UNSUPPORTED),
        (LimitReached("depth"), State.LIMIT),
        (Locked("sealed"), State.LOCKED),
        (KeyError("x"), State.CRASHED),
        (MemoryError(), State.LIMIT),
        (RecursionError(), State.CRASHED),
    ],
)
def test_each_error_is_a_state(monkeypatch: pytest.MonkeyPatch, error: Exception, state: State) -> None:
    installed(monkeypatch, failing(error))
    assert opened(b"").state is state


def test_a_format_that_crashes_costs_only_its_own_view(monkeypatch: pytest.MonkeyPatch) -> None:
    good = Format("good", frozenset(), lambda _: True, lambda *_: Container((member("a"),)))
    broken = Format("broken", frozenset(), lambda _: 1 / 0 > 0, lambda *_: Container((member("never"),)))
    installed(monkeypatch, failing(KeyError("x")), good, broken)
    found = opened(b"")
    assert (found.state, contents(found)) == (State.CRASHED, {"a": b"x"})


def test_a_member_that_crashes_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: Key | None) -> Iterator[bytes]:
        yield b"begin"
        raise IndexError

    holding(monkeypatch, Container((Member("bad", 9, 9, crash), member("good"))))
    found = opened(b"")
    assert [(each.state, each.content) for each in found.children] == [
        (State.CRASHED, b"begin"),
        (State.INSPECTED, b"x"),
    ]


def test_a_lock_that_crashes_costs_only_what_lies_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: Sequence[str]) -> Iterator[tuple[int, Key]]:
        raise IndexError

    holding(monkeypatch, Container((member("bad", behind=Lock("test", 1.0, crash)), member("good"))))
    assert [each.state for each in opened(b"", "777").children] == [State.CRASHED, State.INSPECTED]


def test_every_view_of_the_same_bytes_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    formats = [
        Format(name, frozenset(), lambda _: True, lambda *_, name=name: Container((member(name),)))
        for name in ("iso", "zip")
    ]
    installed(monkeypatch, *formats)
    assert contents(opened(b"")) == {"iso": b"x", "zip": b"x"}


def test_a_format_may_stand_in_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    document = Format(
        "document", frozenset({"zip"}), lambda _: False, lambda *_: Container((member("d"),)), frozenset({"other"})
    )
    other = Format("other", frozenset(), lambda _: True, lambda *_: Container((member("o"),)))
    installed(monkeypatch, document, other)
    assert contents(opened(b"")) == {"d": b"x"}


def test_members_of_one_lock_share_one_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    shared = lock("777", log=tried)
    holding(monkeypatch, Container((member("a", behind=shared), member("b", behind=shared))))
    assert opened(b"", "1", "777").state is State.INSPECTED
    assert tried == ["1", "777"]


def test_costly_locks_take_turns_and_a_winner_is_tried_next_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = [], []
    locks = lock("p15", cost=70, log=first), lock("p15", cost=70, log=second)
    holding(monkeypatch, Container((member("a", behind=locks[0]), member("b", behind=locks[1]))))
    found = opened(b"", *(f"p{n}" for n in range(100)))
    assert found.state is State.INSPECTED
    assert first == [f"p{n}" for n in range(16)]
    assert second == [*(f"p{n}" for n in range(10)), "p15"]


def test_a_costly_decoy_does_not_use_up_the_budget_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    decoy, real = lock("never", cost=70), lock("p3", cost=70)
    holding(monkeypatch, Container((member("decoy", behind=decoy), member("real", behind=real))))
    found = opened(b"", *(f"p{n}" for n in range(100)), limits=Limits(password_work=2_000))
    assert [each.state for each in found.children] == [State.LIMIT, State.INSPECTED]
    assert found.spent.password_work <= 2_000


def test_many_locks_share_one_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    locks = [lock("never", cost=1) for _ in range(500)]
    holding(monkeypatch, Container(tuple(member(f"{n}", behind=each) for n, each in enumerate(locks))))
    found = opened(b"", *(f"p{n}" for n in range(400)))
    assert found.state is State.LIMIT
    assert found.spent.password_work <= 3_000


def test_the_one_password_of_many_locks_is_found_though_it_ranks_low(monkeypatch: pytest.MonkeyPatch) -> None:
    locks = [lock("p300", cost=1) for _ in range(500)]
    holding(monkeypatch, Container(tuple(member(f"{n}", behind=each) for n, each in enumerate(locks))))
    assert opened(b"", *(f"p{n}" for n in range(400))).state is State.INSPECTED


def test_an_encrypted_directory_is_opened_first(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = Container((member("a", behind=lock("777")),))
    outer = Container(directory=lock("777"), reveal=lambda key: inner if key == b"777" else Container())
    holding(monkeypatch, outer)
    assert (opened(b"").state, opened(b"").encrypted) == (State.LOCKED, True)
    assert opened(b"", "1").state_reason == "wrong password: none of 1 candidates fits"
    found = opened(b"", "1", "777")
    assert (found.state, found.password_source, contents(found)) == (State.INSPECTED, "body", {"a": b"x"})


def test_a_document_takes_its_own_decrypted_form(monkeypatch: pytest.MonkeyPatch) -> None:
    holding(monkeypatch, Container((member("", b"plain", lock("777"), itself=True), member("attached"))))
    found = opened(b"", "777")
    assert (found.decrypted, contents(found)) == (b"plain", {"attached": b"x"})
    assert found.decrypted_sha256 is not None
    assert found.decrypted_sha256.startswith("a116c9ed")
    assert opened(b"").state is State.LOCKED


def test_the_worst_member_counts_and_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    unsupported = Member("u", 1, 1, None, state=State.UNSUPPORTED, state_reason="compression X")
    holding(monkeypatch, Container((member("a"), unsupported, member("b", behind=lock("777")))))
    found = opened(b"", "1")
    assert (found.state, found.state_reason) == (State.LOCKED, "b: wrong password: none of 1 candidates fits")


def test_findings_carry_the_artifact_and_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = tuple(Finding("toy.fact", "1", str(n)) for n in range(50))
    holding(monkeypatch, Container(tuple(member(f"../{n}") for n in range(50)), facts))
    found = opened(b"", limits=Limits(findings=60))
    assert len(found.findings) == 60
    assert {each.artifact for each in found.findings} == {"1"}


def test_a_worker_needs_no_further_file_once_all_is_loaded() -> None:
    code = """
        import sys
        from seriema import unlock
        from seriema.exercise.archives import COMPRESSIONS, zip_bytes
        from seriema.model.artifact import Artifact
        from seriema.model.limits import Limits
        from seriema.model.password import Text
        archives = [zip_bytes([("a.txt", b"x" * 99)], "Grün7", method, compression)
                    for method in ("zipcrypto", "aes128", "aes256") for compression in COMPRESSIONS]
        unlock.load()
        before = set(sys.modules)
        def forbid(event, arguments):
            if event == "open":
                raise SystemExit(f"opened {arguments}")
        sys.addaudithook(forbid)
        text = "パスワード：Grün7 Passwort „Grün7“ пароль"
        found = unlock.candidates([Text("body", text)], Limits())
        unlock.announced([Text("body", text)]), unlock.mentions_password([Text("body", text)])
        for data in archives:
            artifact = Artifact("1", ("a",), "a.zip", "zip", len(data))
            assert unlock.open_artifact(artifact, data, found, Limits()).state == "inspected"
        new = set(sys.modules) - before
        assert not new, new
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
