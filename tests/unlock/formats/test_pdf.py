"""Encrypted PDF: what opens it, what needs no password, and what is no password's fault."""

import random
import re
import subprocess
import sys
import time
from io import BytesIO

import pikepdf
import pytest
from tests.builders.opening import opened
from tests.builders.pdfs import LINK, OWNER, USER, pdf

from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.unlock.formats.pdf import FORMAT
from seriema.unlock.opened import Opened

DOCUMENTS = {
    f"R{revision}{' AES' * aes}{' packed' * packed}": (revision, aes, packed)
    for revision, aes in ((2, False), (3, False), (4, False), (4, True), (6, True))
    for packed in (True, False)
}
EVERY = pytest.mark.parametrize(("revision", "aes", "packed"), DOCUMENTS.values(), ids=DOCUMENTS)


def open_pdf(content: bytes, *passwords: str, limits: Limits | None = None) -> Opened:
    return opened(content, *passwords, kind="pdf", name="report.pdf", limits=limits)


@EVERY
@pytest.mark.parametrize("right", [USER, OWNER])
def test_either_password_among_wrong_ones_opens_it(revision: int, aes: bool, packed: bool, right: str) -> None:  # noqa: FBT001 - a case
    content = pdf(revision, aes=aes, packed=packed)
    found = open_pdf(content, "wrong", "winter-26", right, "later")
    assert (found.state, found.encrypted, found.password_source, found.covers) == (State.INSPECTED, True, "body", False)
    assert [each.value for each in found.passwords] == [right]
    assert found.decrypted is not None
    assert LINK in found.decrypted
    assert found.decrypted == open_pdf(content, right).decrypted
    assert open_pdf(found.decrypted).encrypted is False


@EVERY
def test_without_it_the_document_is_locked(revision: int, aes: bool, packed: bool) -> None:  # noqa: FBT001 - a case
    content = pdf(revision, aes=aes, packed=packed)
    for passwords in ((), ("", "winter-26", "x" * 300, "\udcff", "パスワード")):
        found = open_pdf(content, *passwords)
        assert (found.state, found.encrypted, found.decrypted, found.sealed) == (State.LOCKED, True, None, True)
        assert ("wrong password" in found.state_reason) == bool(passwords)


@EVERY
def test_restricted_only_it_asks_nobody(revision: int, aes: bool, packed: bool) -> None:  # noqa: FBT001 - a case
    found = open_pdf(pdf(revision, "", aes=aes, packed=packed), "wrong")
    assert (found.state, found.encrypted, found.password_source) == (State.INSPECTED, True, None)
    assert found.state_reason == "asks for no password"
    assert LINK in (found.decrypted or b"")


@pytest.mark.parametrize("revision", [4, 6])
def test_a_password_beyond_ascii(revision: int) -> None:
    assert open_pdf(pdf(revision, "Größe-7", aes=True), "x", "Größe-7").state is State.INSPECTED


def test_words_about_encryption_are_none() -> None:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Text = pikepdf.String("trailer << /Encrypt 5 0 R >>")
        out = BytesIO()
        document.save(out)
    assert b"/Encrypt 5 0 R" in out.getvalue()
    found = open_pdf(out.getvalue(), USER)
    assert (found.state, found.encrypted, found.covers) == (State.INSPECTED, False, False)


def test_other_handlers_are_named() -> None:
    content = pdf(4, aes=True, packed=False).replace(b"/Filter /Standard", b"/Filter /AdobePS")
    found = open_pdf(content, USER)
    assert (found.state, found.encrypted) == (State.UNSUPPORTED, True)
    assert "AdobePS" in found.state_reason


def test_a_name_written_in_another_way_is_found() -> None:
    content = pdf(4, aes=True, packed=False)
    assert open_pdf(content.replace(b"/Encrypt ", b"/#45ncrypt "), USER).state is State.INSPECTED


def test_a_decoy_that_another_password_opens_hides_nothing() -> None:
    decoy = re.search(rb"<< /CF.*?/V 4 >>", pdf(4, "decoy", aes=True, packed=False))
    assert decoy is not None
    content = pdf(4, aes=True, packed=False) + b"\n% /Encrypt " + decoy.group() + b"\n"
    found = open_pdf(content, "decoy", USER)
    assert (found.state, [each.value for each in found.passwords]) == (State.INSPECTED, [USER])
    assert LINK in (found.decrypted or b"")


@pytest.mark.parametrize(
    "noise",
    [b"/Encrypt 5 0 R ", b"/Encrypt %d 0 R ", b"/Encrypt << /Filter /Standard /R 6 /O (%d) /U (y) >> ", b"/ID [ %d "],
)
def test_countless_mentions_of_encryption_are_bounded(noise: bytes) -> None:
    started = time.process_time()
    mentions = b"".join(noise % number if b"%d" in noise else noise for number in range(60_000))
    assert open_pdf(b"%PDF-1.7\n/Encrypt 5 0 R\n5 0 obj <<>> endobj\n" + mentions, "x").state is State.MALFORMED
    assert time.process_time() - started < 5


def test_damage_behind_the_right_password_is_malformed() -> None:
    content = bytearray(pdf(6, aes=True))
    begin = content.index(b"stream\n") + 40
    content[begin : begin + 16] = bytes(16)
    assert open_pdf(bytes(content), USER).state is State.MALFORMED


def test_behind_a_broken_table_not_all_is_decrypted() -> None:
    content = re.sub(rb"startxref\s+\d+", b"startxref\n99", pdf(4, aes=True, packed=False))
    found = open_pdf(content, USER)
    assert (found.state, found.decrypted is None) == (State.MALFORMED, False)
    assert "reconstruct" in found.state_reason


def test_a_bomb_of_objects_is_not_unpacked() -> None:
    content = pdf(6, aes=True, text=b"A" * (40 << 20))
    assert len(content) < 1 << 20
    assert open_pdf(content, USER).state in (State.LIMIT, State.MALFORMED)


def test_what_comes_out_is_bounded() -> None:
    content = pdf(4, aes=True, text=random.Random(1).randbytes(100_000))
    found = open_pdf(content, USER, limits=Limits(member_bytes=50_000))
    assert (found.state, found.decrypted) == (State.LIMIT, None)


def test_the_budget_ends_at_the_same_candidate() -> None:
    found = open_pdf(pdf(6, aes=True), *(f"w{number}" for number in range(40)), USER, limits=Limits(password_work=30))
    assert found.state is State.LIMIT
    assert "spent after 11 candidates" in found.state_reason


def test_it_opens_without_files() -> None:
    """As in a locked worker: qpdf finds no random device there."""
    script = (
        "import resource, sys\n"
        "from seriema import unlock\n"
        "from seriema.model.artifact import Artifact\n"
        "from seriema.model.limits import Limits\n"
        "from seriema.model.password import Candidate\n"
        "content = sys.stdin.buffer.read()\n"
        "unlock.load()\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))\n"
        "artifact = Artifact('1', ('a',), 'a.pdf', 'pdf', len(content))\n"
        f"found = unlock.open_artifact(artifact, content, [Candidate({USER!r}, 'body')], Limits())\n"
        "print(found.state, len(found.decrypted or b''))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], input=pdf(6, aes=True), capture_output=True, check=True)
    assert ran.stdout.startswith(b"inspected ")
    assert not ran.stdout.rstrip().endswith(b" 0")


@EVERY
def test_mutants_end_in_a_declared_state(revision: int, aes: bool, packed: bool) -> None:  # noqa: FBT001 - a case
    """200 of each; none crashes."""
    content, dice = pdf(revision, aes=aes, packed=packed), random.Random(revision)
    for _ in range(200):
        mutant = bytearray(content)
        for _ in range(dice.randrange(1, 6)):
            mutant[dice.randrange(len(mutant))] = dice.randrange(256)
        cut = len(mutant) if dice.random() < 0.8 else dice.randrange(8, len(mutant))
        found = open_pdf(bytes(mutant[:cut]), "wrong", USER)
        assert found.state is not State.CRASHED, found.state_reason


def test_a_document_behind_other_bytes_is_recognised() -> None:
    assert FORMAT.recognise(b"GIF89a" + pdf(4, aes=True))
    assert not FORMAT.recognise(b"GIF89a%PDF-1.7")
