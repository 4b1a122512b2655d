"""Paths become mails: every kind of input, in a fixed order, and nothing passed over in silence."""

import contextlib
import hashlib
import io
import os
import socket
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.edge.intake import Mark, Problem, Tally, discover, measure
from seriema.edge.intake.store import CHUNK
from seriema.model.errors import InputError, LimitReached
from seriema.model.plan import Subject

LINE = b"From a@bank.example Thu Aug 22 12:36:23 2002\n"


def mail(number: int, body: bytes = b"text\n") -> bytes:
    return b"From: a@bank.example\nSubject: %d\n\n%s" % (number, body)


def box(*mails: bytes) -> bytes:
    return b"".join(LINE + one + b"\n" for one in mails)


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Write files by their paths, and stand beside them."""
    monkeypatch.chdir(tmp_path)

    def write(files):
        for path, content in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(content)

    return write


def found(*paths, stdin=b"", after=None):
    tally = Tally()
    inputs = list(discover(paths, tally, stdin=io.BytesIO(stdin), after=after))
    return inputs, tally


MEMBERS = {"b.eml": mail(1), "sub/a.txt": mail(2)}

#: Files to write → paths given → what comes out: source, kind, bytes; problems; files that were no mail.
CASES = {
    "one mail": ({"a.eml": mail(1)}, ["a.eml"], [("a.eml", "mail", mail(1))], [], 0),
    "a name with spaces, no extension": ({"my mail": mail(1)}, ["my mail"], [("my mail", "mail", mail(1))], [], 0),
    "a mail in a file of another name": ({"a.zip": mail(1)}, ["a.zip"], [("a.zip", "mail", mail(1))], [], 0),
    "a mailbox": (
        {"in.box": box(mail(1), mail(2))},
        ["in.box"],
        [("in.box#0", "mail", mail(1)), ("in.box#1", "mail", mail(2))],
        [],
        0,
    ),
    "one mail with its From line is that file": (
        {"a": LINE + mail(1, b">From\n")},
        ["a"],
        [("a", "mail", LINE + mail(1, b">From\n"))],
        [],
        0,
    ),
    "a folder, sorted, with what is no mail counted": (
        {"d/b": mail(2), "d/a": mail(1), "d/a.d/z": mail(3), "d/notes.txt": b"notes\n", "d/x.zip": zipped(x=b"x")},
        ["d"],
        [("d/a", "mail", mail(1)), ("d/a.d/z", "mail", mail(3)), ("d/b", "mail", mail(2))],
        [],
        2,
    ),
    "a folder written with a slash": ({"d/a": mail(1)}, ["d/"], [("d/a", "mail", mail(1))], [], 0),
    "a Maildir with folders": (
        {
            "m/cur/1:2,S": mail(1),
            "m/new/2": mail(2),
            "m/tmp/3": mail(3),
            "m/dovecot-uidlist": b"3 V1\n",
            "m/.Sent/cur/4": mail(4),
            "m/.Sent/new/.x": mail(5),
            "m/.Sent/tmp/6": mail(6),
            "m/.Sent/maildirfolder": b"",
        },
        ["m"],
        [
            ("m/.Sent/cur/4", "mail", mail(4)),
            ("m/.Sent/new/.x", "mail", mail(5)),
            ("m/cur/1:2,S", "mail", mail(1)),
            ("m/new/2", "mail", mail(2)),
        ],
        [],
        1,
    ),
    "mailboxes and archives within a folder": (
        {"d/box": box(mail(1), mail(2)), "d/z": zipped(**MEMBERS)},
        ["d"],
        [
            ("d/box#0", "mail", mail(1)),
            ("d/box#1", "mail", mail(2)),
            ("d/z!b.eml", "mail", mail(1)),
            ("d/z!sub/a.txt", "mail", mail(2)),
        ],
        [],
        0,
    ),
    "an archive of mails": (
        {"z": zipped(**MEMBERS)},
        ["z"],
        [("z!b.eml", "mail", mail(1)), ("z!sub/a.txt", "mail", mail(2))],
        [],
        0,
    ),
    "what lies beside mails in an archive is not lost": (
        {"z": zipped(a=mail(1), b=mail(2), c=b"MZ")},
        ["z"],
        [("z!a", "mail", mail(1)), ("z!b", "mail", mail(2)), ("z!c", "file", b"MZ")],
        [],
        0,
    ),
    "an archive with a mailbox": (
        {"z": zipped(all=box(mail(1), mail(2, b">From me\n")))},
        ["z"],
        [("z!all#0", "mail", mail(1)), ("z!all#1", "mail", mail(2, b"From me\n"))],
        [],
        0,
    ),
    "what macOS adds to an archive": (
        {"z": zipped(a=mail(1), __MACOSX=b"\x00\x05\x16\x07" + bytes(60), DS=b"\x00\x00\x00\x01Bud1")},
        ["z"],
        [("z!a", "mail", mail(1))],
        [],
        0,
    ),
    "an archive with one mail among files is a bare archive": (
        {"z": zipped(a=mail(1), b=b"MZ")},
        ["z"],
        [("z", "file", zipped(a=mail(1), b=b"MZ"))],
        [],
        0,
    ),
    "a bare document": ({"x.eml": b"%PDF-1.7\n"}, ["x.eml"], [("x.eml", "file", b"%PDF-1.7\n")], [], 0),
    "noise": ({"x": bytes(range(256))}, ["x"], [("x", "file", bytes(range(256)))], [], 0),
    "an empty file": ({"x": b""}, ["x"], [("x", "mail", b"")], [], 0),
    "an empty mail in a folder": (
        {"d/a": b"", "d/b": mail(1)},
        ["d"],
        [("d/a", "mail", b""), ("d/b", "mail", mail(1))],
        [],
        0,
    ),
    "standard input": ({}, ["-"], [("-", "mail", b"<stdin>")], [], 0),
    "a missing path": (
        {"a": mail(1)},
        ["gone", "a"],
        [("a", "mail", mail(1))],
        ["gone: No such file or directory"],
        0,
    ),
    "a folder without mail": ({"d/notes": b"notes\n"}, ["d"], [], ["d: holds no mail"], 1),
    "a device": ({}, ["/dev/null"], [], ["/dev/null: neither a file nor a folder"], 0),
    "the same path twice": ({"a": mail(1)}, ["a", "a"], [("a", "mail", mail(1))] * 2, [], 0),
}


@pytest.mark.parametrize(("files", "paths", "expected", "problems", "not_mail"), CASES.values(), ids=CASES.keys())
def test_finds(folder, files, paths, expected, problems, not_mail):
    folder(files)
    inputs, tally = found(*paths, stdin=mail(0))
    expected = [(source, kind, mail(0) if content == b"<stdin>" else content) for source, kind, content in expected]
    assert [(one.source, one.kind.value, one.read(1 << 20)) for one in inputs] == expected
    assert [str(one) for one in tally.problems] == problems
    assert tally.not_mail == not_mail


def test_a_mailbox_that_was_cut_is_said_and_read(folder):
    folder({"box": box(mail(1), mail(2), mail(3))[:-20], "whole": box(mail(1), mail(2))})
    inputs, tally = found("box", "whole")
    assert [one.source for one in inputs] == ["box#0", "box#1", "box#2", "whole#0", "whole#1"]
    assert tally == Tally(notes=[Problem("box", "ends in the middle of a line; its last mail may be cut")])


def test_names_are_the_files_own(folder):
    folder({"d/a b.eml": mail(1), "box": box(mail(1), mail(2)), "z": zipped(**MEMBERS)})
    inputs, _ = found("d", "box", "z", "-", stdin=mail(3))
    assert [one.name for one in inputs] == ["a b.eml", "box", "box", "b.eml", "a.txt", "-"]


STREAMS = {
    "a mail": (mail(1), [("-", mail(1))]),
    "a mailbox": (box(mail(1), mail(2)), [("-#0", mail(1)), ("-#1", mail(2))]),
    "an archive of mails": (zipped(**MEMBERS), [("-!b.eml", mail(1)), ("-!sub/a.txt", mail(2))]),
    "a large mail": (mail(1, b"x" * 3_000_000), [("-", mail(1, b"x" * 3_000_000))]),
    "nothing": (b"", [("-", b"")]),
}


@pytest.mark.parametrize(("content", "expected"), STREAMS.values(), ids=STREAMS.keys())
def test_standard_input_is_told_by_content_and_read_twice(content, expected):
    inputs, tally = found("-", stdin=content)
    assert [(one.source, one.read(1 << 24)) for one in inputs] == expected
    assert [(one.source, one.read(1 << 24)) for one in inputs] == expected
    assert tally == Tally()


def test_a_file_as_standard_input_is_not_copied(folder):
    folder({"box": box(mail(1), mail(2))})
    with Path("box").open("rb") as stdin:
        inputs = list(discover(["-"], Tally(), stdin=stdin))
        assert [one.read(1000) for one in inputs] == [mail(1), mail(2)]


def test_a_named_pipe_is_read():
    reading, writing = os.pipe()
    os.write(writing, mail(1))
    os.close(writing)
    [one] = list(discover([f"/dev/fd/{reading}"], Tally()))
    os.close(reading)
    assert one.read(1000) == mail(1)


def test_pipes_and_sockets_in_a_folder_are_never_opened(folder):
    folder({"d/a": mail(1)})
    os.mkfifo("d/pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("d/socket")
        inputs, tally = found("d")
    assert [one.source for one in inputs] == ["d/a"]
    assert tally == Tally(not_mail=2)


def test_links_that_go_round_end(folder):
    folder({"d/a": mail(1), "d/e/b": mail(2)})
    Path("d/e/up").symlink_to("..")
    Path("d/lost").symlink_to("nowhere")
    Path("d/link").symlink_to("a")
    inputs, tally = found("d")
    assert [one.source for one in inputs] == ["d/a", "d/e/b", "d/link"]
    assert tally.problems == [Problem("d/lost", "No such file or directory")]


def test_what_may_not_be_read_is_named_and_the_others_are_read(folder, monkeypatch):
    folder({"d/a": mail(1), "d/b": mail(2), "d/c/x": mail(3)})

    def refusing(real, *paths):
        def refuse(path, *rest, **options):
            if path in paths:
                raise PermissionError(13, "Permission denied")
            return real(path, *rest, **options)

        return refuse

    monkeypatch.setattr("builtins.open", refusing(open, "d/a"))
    monkeypatch.setattr(os, "listdir", refusing(os.listdir, "d/c"))
    inputs, tally = found("d")
    assert [one.source for one in inputs] == ["d/b"]
    assert [str(one) for one in tally.problems] == ["d/a: Permission denied", "d/c: Permission denied"]


def test_an_empty_folder_holds_no_mail(tmp_path):
    assert found(str(tmp_path)) == ([], Tally([Problem(str(tmp_path), "holds no mail")]))


def test_a_failing_disk_is_named_and_the_others_are_read(folder, monkeypatch):
    folder({"d/a": mail(1), "d/b": mail(2)})
    real = os.pread

    def failing(descriptor, length, offset):
        if Path(f"/proc/self/fd/{descriptor}").readlink().name == "a":
            raise OSError(5, "Input/output error")
        return real(descriptor, length, offset)

    monkeypatch.setattr(os, "pread", failing)
    inputs, tally = found("d")
    assert [one.source for one in inputs] == ["d/b"]
    assert tally.problems == [Problem("d/a", "Input/output error")]


def test_a_name_that_is_no_unicode_can_be_read_and_shown(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9")
    path.write_bytes(mail(1))
    [one] = list(discover([str(path)], Tally()))
    assert one.source == f"{tmp_path}/caf\\xe9"
    assert one.read(1000) == mail(1)


def test_a_mail_above_the_limit_is_not_read_but_has_its_hash(folder):
    large = {"a": mail(1, b"x" * 3_000_000), "b": mail(2, b">From x\n" * 300_000)}
    folder({"a": large["a"], "box": box(large["b"], mail(2)), "z": zipped(**large)})
    inputs, _ = found("a", "box", "z")
    assert [one.source for one in inputs] == ["a", "box#0", "box#1", "z!a", "z!b"]
    for one in (inputs[0], inputs[1], *inputs[3:]):
        with pytest.raises(LimitReached):
            one.read(1_000_000)
        assert len(one.head(1000)) == 1000
    assert [one.sha256() for one in inputs] == [hashlib.sha256(one.read(1 << 24)).hexdigest() for one in inputs]


def test_what_vanishes_or_shrinks_is_an_error_of_its_own(folder):
    folder({"a": mail(1), "b": mail(2), "z": zipped(**MEMBERS)})
    inputs, _ = found("a", "b", "z")
    Path("a").unlink()
    os.truncate("b", 5)
    os.truncate("z", 60)
    for one in inputs:
        with pytest.raises(InputError, match=one.source):
            one.read(1000)


def test_progress_runs_up_to_the_measured_size(folder):
    folder({"d/a": mail(1), "d/box": box(mail(2), mail(3)), "d/z": zipped(**MEMBERS), "d/zz": mail(9)})
    inputs, _ = found("d", "d/a")
    done = [one.done for one in inputs]
    assert done == sorted(done)
    assert done[-1] == measure(["d", "d/a"])
    assert measure(["gone"]) == 0


MANY = {
    "d/a": mail(1),
    "d/box": box(mail(2), mail(3), mail(4)),
    "d/e/z": zipped(**MEMBERS),
    "d/f": mail(5),
    "g": box(mail(6), mail(7)),
    "h": mail(8),
}


def test_an_interrupted_run_goes_on_behind_any_mark(folder):
    folder(MANY)
    paths = ["d", "g", "h"]
    inputs, _ = found(*paths)
    for number, one in enumerate(inputs):
        rest, tally = found(*paths, after=one.mark)
        assert [(other.source, other.done) for other in rest] == [(o.source, o.done) for o in inputs[number + 1 :]]
        assert tally.problems == []


def test_what_was_added_to_a_mailbox_comes_out_behind_the_mark(folder):
    folder({"box": box(mail(1), mail(2))})
    inputs, _ = found("box")
    folder({"box": box(mail(1), mail(2), mail(3))})
    rest, _ = found("box", after=inputs[-1].mark)
    assert [(one.source, one.read(1000)) for one in rest] == [("box#2", mail(3))]


def test_a_mark_on_a_file_that_is_gone_still_says_where_to_go_on(folder):
    folder({"d/a": mail(1), "d/b": mail(2), "d/c": mail(3)})
    inputs, _ = found("d")
    Path("d/b").unlink()
    rest, _ = found("d", after=inputs[1].mark)
    assert [one.source for one in rest] == ["d/c"]


@pytest.mark.parametrize(
    "mark", [Mark("elsewhere", 5, 1), Mark("box", 7, 1)], ids=["another path", "no mail begins there"]
)
def test_a_mark_that_does_not_fit_is_ignored(folder, mark):
    folder({"box": box(mail(1), mail(2))})
    rest, _ = found("box", after=mark)
    assert [one.source for one in rest] == ["box#0", "box#1"]


def bomb() -> bytes:
    """Few bytes that claim to be 3 GB of mails."""
    content = zipped(**{f"{number}.eml": mail(number) for number in range(3)})
    claim = (1_000_000_000).to_bytes(4, "little")
    for entry in range(3):
        at = -1
        for _ in range(entry + 1):
            at = content.index(b"PK\x01\x02", at + 1)
        content = content[: at + 24] + claim + content[at + 28 :]
    return content


def locked() -> bytes:
    content = bytearray(zipped(a=mail(1)))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def nameless() -> bytes:
    content = bytearray(zipped(a=b"x"))
    content[content.index(b"PK\x01\x02") + 46] = 0
    return bytes(content)


def other_method() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a", mail(1))
    return file.getvalue()


ARCHIVES = {
    "it claims to be huge": bomb(),
    "it is locked": locked(),
    "another method": other_method(),
    "cut": zipped(**MEMBERS)[:-30],
    "damaged member": zipped(**MEMBERS).replace(b"PK\x03\x04", b"PK\x03\x05", 1)[:40]
    + bytes(20)
    + zipped(**MEMBERS)[60:],
    "empty": zipped(),
    "only its first bytes": b"PK\x03\x04",
    "a member without a name": nameless(),
}


@pytest.mark.parametrize("content", ARCHIVES.values(), ids=ARCHIVES.keys())
def test_an_archive_that_is_unusual_is_left_to_the_jail(folder, content):
    folder({"z": content})
    inputs, tally = found("z")
    assert [(one.source, one.kind, one.read(1 << 20)) for one in inputs] == [("z", Subject.FILE, content)]
    assert tally == Tally()


def test_a_directory_without_end_is_not_read(folder, monkeypatch):
    monkeypatch.setattr("seriema.edge.intake.archive.DIRECTORY_BYTES", 1000)
    folder({"z": zipped(**{f"{number:030}": mail(number) for number in range(20)})})
    inputs, _ = found("z")
    assert [one.source for one in inputs] == ["z"]


def test_a_damaged_member_does_not_pass_for_its_mail(folder):
    content = zipped(a=mail(1, os.urandom(40_000)), b=mail(2))
    folder({"z": content[:30_000] + b"\0\0\0\0" + content[30_004:]})
    inputs, _ = found("z")
    with pytest.raises(InputError, match=r"z!a: .*damaged"):
        inputs[0].read(1 << 20)
    assert inputs[1].read(1 << 20) == mail(2)


@settings(max_examples=100)
@given(st.binary(max_size=60), st.integers(0, 400), st.booleans())
def test_any_bytes_are_an_input(tmp_path_factory, noise, at, archive):
    content = zipped(**MEMBERS) if archive else box(mail(1), mail(2))
    content = content[:at] + noise + content[at + len(noise) :]
    inputs, tally = found("-", stdin=content)
    assert inputs
    assert not tally.problems
    for one in inputs:
        with contextlib.suppress(InputError, LimitReached):  # a damaged member, or one that claims to be huge
            one.read(1 << 20)


def test_memory_does_not_grow_with_the_mailbox(folder):
    """What is kept of a mail is its place."""
    folder({"box": box(*(mail(number, b"x" * 50_000) for number in range(200)))})
    inputs, _ = found("box")
    assert sum(sys.getsizeof(one) + sys.getsizeof(one.source) for one in inputs) < 200 * 400


def test_a_member_that_swells_comes_in_small_pieces(folder):
    folder({"z": zipped(a=mail(1, b"x" * 9_000_000))})
    [one], _ = found("z")
    pieces = list(one.store.pieces(0, one.size))
    assert max(map(len, pieces)) <= CHUNK
    assert b"".join(pieces) == one.read(10_000_000)
