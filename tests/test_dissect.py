"""The worklist: what the rooms say of one mail put together, in this process."""

from collections.abc import Iterator

import pytest
from tests.builders import office
from tests.builders.files import zipped
from tests.builders.mail import attached, mail, multipart_mail, part

from seriema.edge.jail import run_unlocked
from seriema.exercise.archives import Member, zip_bytes, zip_of
from seriema.model.artifact import Artifact, FileClass, State
from seriema.model.password import Candidate
from seriema.model.plan import Depth, Dissection, Plan, Subject


def dissected(raw: bytes, depth: Depth = Depth.FULL) -> Dissection:
    return run_unlocked(raw, Plan(depth))


def artifact(raw: bytes, identity: str) -> Artifact:
    return next(one for one in dissected(raw).artifacts if one.id == identity)


def called(content: bytes, first: str, second: str) -> bytes:
    kind = f'Content-Type: application/octet-stream; name="{second}"\n'
    return multipart_mail(part("Hello"), part(content, f'{kind}Content-Disposition: attachment; filename="{first}"\n'))


def test_the_header_plan_says_what_the_header_says_and_no_more():
    raw = multipart_mail(part("Hello"), attached("a.zip", zipped({"a.txt": b"x"})))
    seen = dissected(raw, Depth.HEADERS)
    assert seen.message.subject == "Contract"
    assert [(one.id, one.state) for one in seen.artifacts] == [("0", State.LIMIT)]
    assert [one.name for one in seen.findings] == ["mail.limit-header-only"]


def _offered(raw: bytes) -> Iterator[str]:
    yield from (one.value for one in dissected(raw).candidates)


@pytest.mark.parametrize(
    "raw",
    [
        mail("<p><!-- Password: k7m2xq -->See the attached file.</p>", "Content-Type: text/html\n"),
        mail("<title>Password: k7m2xq</title><p>See the attached file.</p>", "Content-Type: text/html\n"),
        mail("See the attached file.", "X-Note: x\n", top="From: Ann <ann@a.example>\nSubject: Password: k7m2xq\n"),
    ],
    ids=["comment", "title", "subject"],
)
def test_a_password_is_found_wherever_a_text_may_hold_it(raw):
    assert "k7m2xq" in _offered(raw)


def test_a_part_called_a_mail_is_read_as_one_however_it_begins():
    inner = b"we spoke about it yesterday\r\n\r\nFrom: Eve <eve@e.example>\r\n\r\nPlease pay today."
    raw = multipart_mail(part("Hello"), part(inner, "Content-Type: message/rfc822\n"))
    assert (artifact(raw, "1").kind, artifact(raw, "1").file_class) == ("message", FileClass.MAIL)
    assert artifact(raw, "1").state is State.INSPECTED


def test_a_part_called_a_mail_that_is_an_archive_is_opened():
    raw = multipart_mail(part("Hello"), attached("a.zip", zipped({"a.txt": b"x"}), "message/rfc822"))
    assert artifact(raw, "1.1").name == "a.txt"


def test_every_name_of_a_file_counts():
    raw = called(b"x = new ActiveXObject('WScript.Shell')\n", "invoice.txt", "invoice.pdf.js")
    assert (artifact(raw, "1").name, artifact(raw, "1").kind) == ("invoice.txt", "js")
    found = {(one.name, one.detail) for one in dissected(raw).findings if one.artifact == "1"}
    assert ("name.double-extension", "invoice.pdf.js") in found
    assert "script.present" in {name for name, _ in found}


def test_a_further_name_that_says_nothing_changes_nothing():
    raw = called(b"x = 1\n", "notes.txt", "notes (1).txt")
    assert artifact(raw, "1").kind == "text"
    assert not [one for one in dissected(raw).findings if one.artifact == "1" and one.name.startswith("name.")]


def test_an_archive_of_many_locked_files_counts_once_though_it_is_opened_again():
    whole = zip_bytes([(f"{number}.txt", b"inert") for number in range(1_500)], "U4613")
    seen = dissected(multipart_mail(part("The password is U4613.\n"), attached("info.zip", whole)))
    assert {one.state for one in seen.artifacts if one.parent == "1"} == {State.INSPECTED}


def test_a_chain_of_passwords_ends():
    chain = [Member(f"{number}.txt", b"password: key%d" % (number + 1), f"key{number}") for number in range(200)]
    seen = dissected(multipart_mail(part("The password is key0.\n"), attached("info.zip", zip_of(chain))))
    states = {one.id: one.state for one in seen.artifacts}
    assert (states["1"], states["1.1"], states["1.3"]) == (State.LIMIT, State.INSPECTED, State.INSPECTED)


def test_what_was_refused_before_is_not_tried_again_on_the_file_but_on_what_lies_in_it():
    """A kept file with the passwords that its own mail named, which all were tried when that came."""
    outer = zip_bytes([("inner.zip", zip_bytes([("a.txt", b"hello")], "Own7word", "aes256"))], "Late7word", "aes256")
    refused = tuple(Candidate(word, "body") for word in ("Own7word", "Other7word"))

    def kept(*late: str) -> Dissection:
        given = tuple(Candidate(one, "message:x") for one in late)
        return run_unlocked(outer, Plan(subject=Subject.FILE, name="outer.zip", passwords=given, refused=refused))

    by_name = "inner.zip: wrong password: none of 4 candidates fits"
    assert kept().artifacts[0].state_reason == by_name
    assert kept("wrong").artifacts[0].state_reason == by_name.replace("4", "5")
    opened = {one.name: one for one in kept("Late7word").artifacts}
    assert (opened["a.txt"].state, opened["inner.zip"].password_source) == (State.INSPECTED, "message:x")
    assert opened["a.txt"].password_source == "body"


@pytest.mark.parametrize("scheme", [office.Rc4, office.CryptoApi])
def test_a_document_that_is_as_large_decrypted_as_it_was_locked_opens(scheme: type[office.Rc4 | office.CryptoApi]):
    raw = multipart_mail(part("Password: Right7word"), attached("a.xls", office.rc4_workbook(scheme("Right7word"))))
    opened = artifact(raw, "1")
    assert (opened.state, opened.state_reason, opened.password_source) == (State.INSPECTED, "", "body")
    assert opened.decrypted_sha256 is not None
