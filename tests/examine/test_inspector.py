"""Every file gets a state: what nothing reads is unsupported, what crashes is crashed, and other facts stay."""

import pytest
from tests.builders.files import artifact, examined, names_of, windows_program, zipped

from seriema import plugins
from seriema.examine import Examined, Inspector, examine, inspector, load
from seriema.examine.kinds import KINDS
from seriema.exercise.documents import docx
from seriema.model.artifact import FileClass, State
from seriema.model.errors import LimitReached, Locked, Malformed, Unsupported
from seriema.model.finding import Finding
from seriema.model.limits import Limits

PICTURE = b"\xff\xd8\xff\xe0" + bytes(99)


def test_every_inspector_of_ours_loads():
    assert load() == ()


@pytest.fixture
def installed(monkeypatch):
    def install(*inspectors):
        loaded = plugins.Loaded(tuple(inspectors))
        monkeypatch.setattr(inspector, "_loaded", lambda: loaded)
        inspector._fitting.cache_clear()

    yield install
    inspector._fitting.cache_clear()


def fact(one, content, limits):
    return Examined((Finding("test.fact", one.id),))


def fails(error):
    def inspect(one, content, limits):
        raise error

    return inspect


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ZeroDivisionError("oops"), State.CRASHED),
        (RecursionError(), State.CRASHED),
        (MemoryError(), State.LIMIT),
        (Malformed("torn", "offset 3"), State.MALFORMED),
        (LimitReached("too many"), State.LIMIT),
        (Unsupported("method 97"), State.UNSUPPORTED),
        (Locked("sealed"), State.LOCKED),
    ],
)
def test_what_stops_one_inspector_is_a_state_and_costs_nobody_elses_facts(installed, error, state):
    pictures = frozenset({FileClass.PICTURE})
    installed(Inspector("a", fails(error), classes=pictures), Inspector("b", fact, classes=pictures))
    seen = examined(PICTURE, "x.jpg")
    assert (seen.state, names_of(seen)) == (state, {"test.fact"})
    assert seen.state_reason


def test_an_inspector_that_only_adds_facts_does_not_make_a_file_read(installed):
    installed(Inspector("a", fact, frozenset({"rar"}), reads=False))
    seen = examined(b"Rar!\x1a\x07\x01\0", "x.rar")
    assert (seen.state, names_of(seen)) == (State.UNSUPPORTED, {"test.fact"})


def test_an_inspector_names_kinds_that_exist():
    with pytest.raises(ValueError, match="unknown kinds: nonsense"):
        Inspector("a", fact, frozenset({"nonsense"}))


def test_more_findings_than_the_limit_are_a_limit(installed):
    def many(one, content, limits):
        return Examined(tuple(Finding("test.fact", one.id, str(number)) for number in range(50)))

    installed(Inspector("a", many, classes=frozenset({FileClass.PICTURE})))
    seen = examined(PICTURE, "x.jpg", Limits(findings=10))
    assert (len(seen.findings), seen.state) == (10, State.LIMIT)


ORDINARY = {
    "photo.jpg": PICTURE,
    "logo.png": b"\x89PNG\r\n\x1a\n" + bytes(9),
    "notes.txt": b"Hello",
    "table.csv": b"a,b\n1,2\n",
    "invite.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "card.vcf": b"BEGIN:VCARD\r\n",
    "letter.docx": docx("Dear all"),
    "page.html": b"<html><body>Hello</body></html>",
    "smime.p7s": bytes.fromhex("308006092a864886f70d010702a080") + bytes(200),
    "signature.asc": b"-----BEGIN PGP SIGNATURE-----\n",
    "song.mp3": b"ID3\x03" + bytes(9),
    "empty": b"",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_attachments_are_inspected(name):
    assert examined(ORDINARY[name], name).state is State.INSPECTED


UNREAD = {
    "x.rar": b"Rar!\x1a\x07\x01\0",
    "x.zip": zipped({"a": b""}),
    "x.iso": bytes(0x8001) + b"CD001" + bytes(200),
    "x.exe": windows_program(),
    "x.chm": b"ITSF\x03\0\0\0",
    "x.bin": bytes(range(256)),
    "message.asc": b"-----BEGIN PGP MESSAGE-----\n",
    "x.accdb": b"\0\x01\0\0Standard ACE DB",
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_nothing_reads_is_unsupported_with_a_reason(name):
    seen = examined(UNREAD[name], name)
    assert seen.state is State.UNSUPPORTED
    assert seen.state_reason


def test_what_the_unlock_room_opened_need_not_be_read_here():
    archive = zipped({"a": b""})
    assert examine(artifact(archive, "x.zip"), archive, Limits(), opened=True).state is State.INSPECTED


def test_a_kind_that_a_plugin_made_up_is_unread():
    assert examine(artifact(b"x", "x", kind="acme"), b"x", Limits()).state is State.UNSUPPORTED


def test_a_text_declared_as_a_page_is_read_as_one():
    page = b"Dear all <form action='http://a.test/'><input type=password></form>"
    assert "html.password-form" in names_of(examined(page, "x", declared_type="text/html"))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_state_for_any_content(kind):
    for content in (b"", b"x", bytes(4096), b"<>" * 99):
        seen = examine(artifact(content, "x", kind=kind, file_class=KINDS[kind].file_class), content, Limits())
        assert seen.state is State.INSPECTED or seen.state_reason
        assert seen.state is not State.CRASHED
