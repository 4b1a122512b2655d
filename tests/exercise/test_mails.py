"""The mails themselves: real enough for every reader, inert, and lures written as their twins are."""

import email
import io
import json
import mailbox as standard
import re
from collections import Counter, defaultdict
from contextlib import closing
from email.header import decode_header, make_header
from email.message import Message
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import olefile
import pytest
import pyzipper
from tests.builders.practice import EVERY, exercise, incident, lures, mail, texts

from seriema.examine.vba.compression import decompressed
from seriema.exercise import Mailbox, MailTruth, Role, files, make

RESERVED = tuple(map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")))
HOST = re.compile(r"(?:@|://|header\.(?:from|d)=|from |by )([\w-]+(?:\.[\w-]+)+)")
ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9a-f.:]+)\]")


def parsed(seed: int | None) -> list[tuple[MailTruth, Message]]:
    return [(truth, email.message_from_bytes(mail(seed, truth).raw)) for truth in exercise(seed).truth.mails]


def archive(message: Message) -> pyzipper.AESZipFile:
    part = next(part for part in message.walk() if (part.get_filename() or "").endswith(".zip"))
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return pyzipper.AESZipFile(io.BytesIO(content))


def macro(document: bytes) -> str:
    """The source in an old Word document; "" for the newer kind."""
    if not olefile.isOleFile(document):
        return ""
    with olefile.OleFileIO(document) as opened:
        stream = opened.openstream("Macros/VBA/Module1").read()
    return decompressed(stream, 1 << 20)[0].decode("cp1252")


def test_the_standard_library_reads_every_mail_without_a_defect() -> None:
    for truth, message in parsed(None):
        assert message["Message-ID"] == f"<{truth.message_id}>"
        for part in message.walk():
            assert not part.defects
        assert all(len(line) < 999 for line in message.as_bytes().split(b"\n"))
        assert str(make_header(decode_header(message["Subject"])))
        assert texts(message)


@pytest.mark.parametrize("seed", [None, 3])
def test_every_archive_opens_with_the_password_of_the_truth_and_holds_the_documents(seed: int | None) -> None:
    for truth, message in parsed(seed):
        if not truth.file.archive:
            continue
        with archive(message) as opened:
            assert tuple(opened.namelist()) == truth.file.documents
            assert all(bool(info.flag_bits & 1) == bool(truth.file.password) for info in opened.infolist())
            for name in opened.namelist():
                assert opened.read(name, pwd=truth.file.password.encode() or None)


@pytest.mark.parametrize("seed", EVERY)
def test_a_lures_password_stands_in_its_own_text_or_in_the_mail_it_sends_on(seed: int | None) -> None:
    for truth in exercise(seed).truth.mails:
        if truth.role is Role.LURE:
            message = email.message_from_bytes(mail(seed, truth).raw)
            alone = truth.forward and not truth.thread.quoted if truth.thread else False
            assert (truth.file.password in texts(message)[0]) is not alone


def test_a_lures_document_names_the_address_and_the_path_of_the_truth() -> None:
    plain = 0
    for case in ("F1", "F2"):
        for truth in lures(None, case):
            address = urlsplit(truth.file.url)
            assert re.fullmatch(r"/wp-content/themes/\w+/_[0-9A-Za-z]{16}\.php", address.path)
            assert len(address.query.removeprefix("x=")) == 152
            assert truth.file.saved_as[1:3] == ":\\"
            with archive(email.message_from_bytes(mail(None, truth).raw)) as opened:
                plain += truth.file.url in macro(opened.read(truth.file.documents[0], truth.file.password.encode()))
    assert plain > 5


@pytest.mark.parametrize("seed", [None, 5])
def test_every_name_and_address_is_reserved(seed: int | None) -> None:
    for truth, message in parsed(seed):
        head = "\n".join(f"{name}: {make_header(decode_header(str(value)))}" for name, value in message.items())
        everything = "\n".join([head, *texts(message), truth.file.url])
        for host in HOST.findall(everything):
            assert host.endswith((".test", ".example")), host
        for address in ADDRESS.findall(everything):
            assert any(ip_address(address) in network for network in RESERVED), address


def test_no_line_needs_quoting_in_an_mbox() -> None:
    for box in exercise(None).mailboxes:
        for one in box.mails:
            assert not re.search(rb"^>*From ", one.raw, re.MULTILINE)
            assert one.raw.endswith(b"\n")
            assert not one.raw.endswith(b"\n\n")
            assert b"\r" not in one.raw


def test_the_files_hold_the_same_mails(tmp_path: Path) -> None:
    for name, content in files(exercise(None)):
        (tmp_path / name).write_bytes(content)
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert truth["schema"] == "seriema.exercise/1"
    assert len(truth["mails"]) == len(exercise(None).truth.mails)
    for box in exercise(None).mailboxes:
        with closing(standard.mbox(tmp_path / f"{box.name}.mbox")) as read:
            assert [read.get_bytes(key) for key in sorted(read.iterkeys())] == [one.raw for one in box.mails]
    assert "inert" in (tmp_path / "README.txt").read_text()
    assert truth["operations"] == [
        {"incidents": ["F1", "F2"], "by": "password", "stepping_stones": truth["operations"][0]["stepping_stones"]}
    ]


# -- one writer for both -----------------------------------------------------------------------------------------------


def test_lures_and_twins_come_from_the_same_programs_in_the_same_shapes() -> None:
    seen: dict[Role, set[str]] = defaultdict(set)
    for seed in (None, 1, 2, 3):
        for truth, message in parsed(seed):
            if not truth.forward:
                seen[truth.role].add("|".join(message.keys()).lower())
    assert len(seen[Role.LURE]) > 10
    assert seen[Role.LURE] <= seen[Role.TWIN]


def test_the_wording_varies() -> None:
    own = Counter()
    for truth in exercise(None).truth.mails:
        if truth.role is Role.LURE:
            text = texts(email.message_from_bytes(mail(None, truth).raw))[0]
            own[text.replace(truth.file.password, "").partition("\n\n--")[0][:160]] += 1
    assert len(own) > 0.9 * sum(own.values())


@pytest.mark.parametrize("seed", EVERY)
def test_stolen_accounts_write_innocent_mails_too(seed: int | None) -> None:
    twins = {truth.account for truth in exercise(seed).truth.mails if truth.role is Role.TWIN}
    for case in ("F1", "F2"):
        assert len(set(incident(seed, case).accounts) & twins) > 1


def test_each_mailbox_trusts_its_own_gateway_only() -> None:
    for box in exercise(None).mailboxes:
        assert isinstance(box, Mailbox)
        for one in box.mails:
            results = email.message_from_bytes(one.raw).get_all("Authentication-Results") or []
            assert len(results) == 1
            assert results[0].startswith(box.authserv_id)
            assert "fail" not in results[0]


def test_make_touches_nothing_but_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.open", None)
    assert make(99).truth.seed == 99
