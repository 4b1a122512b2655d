"""Archives in several attachments: joined, whatever their order; what is missing is named and never inspected."""

import random
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.builders.volumes import (
    Volume,
    locked_volumes,
    pieces,
    rar3_volumes,
    rar5_volumes,
    split_zip,
)

from seriema import dissect
from seriema.exercise.archives import zip_bytes
from seriema.model.artifact import Artifact, State
from seriema.model.limits import Limits
from seriema.model.password import Candidate
from seriema.model.plan import LockedFile, Plan, Statement, Subject
from seriema.unlock.volumes import may_be_volume, volume_sets

TEXT = b"".join(b"line %d of an inert text\n" % number for number in range(400)) + b"."
ZIP = zip_bytes([("a.txt", TEXT), ("b.txt", TEXT[:500])], compression="stored")
LOCKED = zip_bytes([("a.txt", TEXT)], "U4613", "aes256", "stored")
SETS: dict[str, tuple[str, list[Volume]]] = {
    "RAR 5": ("info.part1.rar", rar5_volumes("info", TEXT)),
    "RAR 3": ("info.rar", rar3_volumes("info", TEXT)),
    "split ZIP": ("info.zip", split_zip("info", ZIP, 3000, 7000)),
    "split ZIP in its directory": ("info.zip", split_zip("info", ZIP, 3000, ZIP.index(b"PK\1\2") + 60)),
    "pieces": ("info.zip.001", pieces("info.zip", ZIP)),
    "pieces of a document": ("report.txt.001", pieces("report.txt", TEXT)),
}


def mail(files: list[Volume], text: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@partner.example", "b@firm.example", "The files"
    message["Date"] = "Mon, 23 Nov 2026 10:00:00 +0000"
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def seen(files: list[Volume], text: str = "Hello", limits: Limits | None = None) -> dict[str, Artifact]:
    """The artifacts by their names, as they are in the end."""
    return _artifacts(dissect.dissect(mail(files, text), Plan(limits=limits or Limits())))


def _artifacts(statements: Iterator[Statement]) -> dict[str, Artifact]:
    return {one.name: one for one in statements if isinstance(one, Artifact)}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_set_is_one_archive_in_any_order(name: str, order: int) -> None:
    lead, files = SETS[name]
    shuffled = random.Random(order).sample(files, len(files))
    found = seen(shuffled)
    assert {each.state for each in found.values()} == {State.INSPECTED}
    for volume, content in files:
        part = found[volume]
        said = ("", "") if volume == lead else (found[lead].id, f"part of {lead}")
        assert (part.part_of, part.state_reason, part.size) == (*said, len(content))
    assert ("a.txt" in found) == ("document" not in name)
    assert all(found[each].parent == found[lead].id for each in ("a.txt", "b.txt") if each in found)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_missing_part_is_named_and_nothing_is_inspected(name: str, missing: int) -> None:
    _, files = SETS[name]
    found = seen([file for number, file in enumerate(files) if number != missing])
    volumes = [each for each in found.values() if each.parent == "0"]
    if name == "pieces of a document" and missing == 2:
        return  # a text without its end is a text
    assert State.INSPECTED not in {each.state for each in volumes}
    assert all("missing" in each.state_reason for each in volumes)


def test_plain_pieces_of_one_size_may_lack_the_last() -> None:
    """All but the last are of one size; an archive that was read shows itself that it is whole."""
    even = [("report.txt.001", TEXT[:5000]), ("report.txt.002", TEXT[5000:10_000])]
    said = "a part after report.txt.002 may be missing"
    found = seen(even)
    assert (found["report.txt.001"].state, found["report.txt.001"].state_reason) == (State.UNSUPPORTED, said)
    assert (found["report.txt.002"].state, said in found["report.txt.002"].state_reason) == (State.UNSUPPORTED, True)
    assert seen([*even, ("report.txt.003", TEXT[10_000:])])["report.txt.001"].state is State.INSPECTED
    whole = zip_bytes([("a.txt", TEXT[:5000])], compression="stored")
    cut = [("i.zip.001", whole[: len(whole) // 2]), ("i.zip.002", whole[len(whole) // 2 :])]
    assert len({len(content) for _, content in cut}) == 1
    assert {one.state for one in seen(cut).values()} == {State.INSPECTED}


@pytest.mark.parametrize("name", ["info.z01", "info.zip.002", "info.part2.rar", "info.r00"])
def test_a_part_alone_is_not_inspected(name: str) -> None:
    content = next(data for _, files in SETS.values() for volume, data in files if volume == name)
    assert seen([(name, content)])[name].state is not State.INSPECTED


@pytest.mark.parametrize("headers", [False, True])
def test_a_locked_set_opens_with_the_password_of_the_text(tmp_path: Path, *, headers: bool) -> None:
    files = locked_volumes(tmp_path, random.Random(1).randbytes(5000) + TEXT, "U4613", headers=headers)
    assert len(files) > 2
    opened = seen(files, "Password: U4613")
    assert (opened[files[0][0]].password_source, opened["a.bin"].size) == ("body", 5000 + len(TEXT))
    shut = seen(files)
    assert {shut[name].state for name, _ in files} == {State.LOCKED}
    assert all(shut[name].encrypted for name, _ in files)


@pytest.mark.parametrize("files", [pieces("info.zip", LOCKED), split_zip("info", LOCKED, 2000, 5000)])
def test_a_locked_set_is_kept_whole_for_a_later_password(files: list[Volume]) -> None:
    (kept,) = (one for one in dissect.dissect(mail(files, "Hello"), Plan()) if isinstance(one, LockedFile))
    plan = Plan(subject=Subject.FILE, name=kept.name, passwords=(Candidate("U4613", "user"),))
    found = _artifacts(dissect.dissect(kept.content, plan))
    assert (found[kept.name].state, found["a.txt"].state) == (State.INSPECTED, State.INSPECTED)


def test_sets_lie_in_archives_too_and_only_beside_each_other() -> None:
    files = rar5_volumes("info", TEXT)
    assert seen([("all.zip", zip_bytes(files))])["a.txt"].state is State.INSPECTED
    apart = seen([("one.zip", zip_bytes(files[:1])), ("two.zip", zip_bytes(files[1:]))])
    assert apart["one.zip"].state is State.UNSUPPORTED


def test_a_set_larger_than_what_may_be_opened_is_a_limit() -> None:
    found = seen(pieces("info.zip", ZIP), limits=Limits(opened_bytes=5000))
    assert {found[f"info.zip.00{n}"].state for n in (1, 2, 3)} == {State.LIMIT}


def test_a_file_between_the_volumes_is_looked_at_for_itself() -> None:
    files = pieces("info.zip", ZIP)
    found = seen([files[0], ("info.zip.002", b"MZ" + bytes(600)), files[2]])
    assert found["info.zip.001"].state is not State.INSPECTED
    assert found["info.zip.002"].part_of == found["info.zip.001"].id


@pytest.mark.parametrize("name", ["info.rar", "info.zip", "letter.doc", "a.0010", "photo.jpg"])
def test_files_that_are_whole_are_no_set(name: str) -> None:
    artifact = Artifact("1", (name,), name, "unknown", 10)
    assert volume_sets([(artifact, b"PK\3\4" + bytes(6))], Limits()) == ()


def test_names_decide_what_is_looked_at() -> None:
    names = ["a.part01.rar", "a.PART2.EXE", "a.r00", "a.s17", "a.z01", "a.zx02", "a.7z.001", "a.zip", "a.rar"]
    assert all(map(may_be_volume, names))
    assert not any(map(may_be_volume, ["a.txt", "a.r0", "001", "a.0001"]))


def test_mutants_of_sets_end_in_a_state() -> None:
    dice, sets = random.Random(5), [files for _, files in SETS.values()]
    for _ in range(200):
        files = dict(dice.choice(sets))
        name = dice.choice(sorted(files))
        mutant = bytearray(files[name])
        for _ in range(dice.randint(1, 4)):
            mutant[dice.randrange(len(mutant))] = dice.randrange(256)
        assert State.CRASHED not in {each.state for each in seen([*{**files, name: bytes(mutant)}.items()]).values()}
