"""Encrypted Office documents: what opens them, what does not, and what is no password's fault."""

import random
import re
from base64 import b64encode
from io import BytesIO
from struct import pack

import msoffcrypto
import olefile
import pytest
from tests.builders import office
from tests.builders.files import package
from tests.builders.opening import opened

from seriema.exercise.compound_file import compound_file
from seriema.model.artifact import State
from seriema.model.errors import LimitReached
from seriema.model.limits import Limits
from seriema.unlock.formats.office import FORMAT
from seriema.unlock.office.excel import records
from seriema.unlock.opened import Opened

RIGHT = "Winter-26"
PACKAGE = package({"word/media/image1.png": random.Random(1).randbytes(9000)})
AGILE, STANDARD = office.agile(PACKAGE, RIGHT), office.standard(PACKAGE, RIGHT)

DOCUMENTS = {
    "agile": (AGILE, "encrypted-office"),
    "standard": (STANDARD, "encrypted-office"),
    "xls RC4": (office.rc4_workbook(office.Rc4(RIGHT)), "xls"),
    "xls CryptoAPI 40": (office.rc4_workbook(office.CryptoApi(RIGHT, 40)), "xls"),
    "xls CryptoAPI 56": (office.rc4_workbook(office.CryptoApi(RIGHT, 56)), "xls"),
    "xls CryptoAPI 128": (office.rc4_workbook(office.CryptoApi(RIGHT)), "xls"),
    "xls XOR": (office.xor_workbook(RIGHT), "xls"),
    "xls 95 XOR": (office.xor_workbook(RIGHT, old=True), "xls"),
    "doc RC4": (office.rc4_word(office.Rc4(RIGHT)), "doc"),
    "doc CryptoAPI": (office.rc4_word(office.CryptoApi(RIGHT)), "doc"),
    "doc XOR": (office.xor_word(RIGHT), "doc"),
    "doc 95 XOR": (office.xor_word(RIGHT, old=True), "doc"),
    "ppt CryptoAPI": (office.powerpoint(office.CryptoApi(RIGHT)), "ppt"),
}
EVERY = pytest.mark.parametrize(("content", "kind"), DOCUMENTS.values(), ids=DOCUMENTS)
NAMED = {"doc": b"The letter's text. " * 20, "xls": b"a cell's text " * 40, "ppt": office.MACRO}


def open_office(
    content: bytes,
    *passwords: str,
    kind: str = "encrypted-office",
    name: str = "report.xlsx",
    limits: Limits | None = None,
) -> Opened:
    return opened(content, *passwords, kind=kind, name=name, limits=limits)


@EVERY
def test_the_right_password_among_wrong_ones_opens_it(content: bytes, kind: str) -> None:
    found = open_office(content, "wrong", "Winter-25", RIGHT, "later", kind=kind)
    assert (found.state, found.state_reason, found.encrypted, found.sealed) == (State.INSPECTED, "", True, False)
    assert (found.password_source, [each.value for each in found.passwords]) == ("body", [RIGHT])
    assert found.decrypted is not None
    if kind == "encrypted-office":
        assert found.decrypted == PACKAGE
    else:
        assert len(found.decrypted) == len(content)
        with olefile.OleFileIO(BytesIO(found.decrypted)) as ole:
            streams = b"".join(ole.openstream(path).read() for path in ole.listdir())
        assert NAMED[kind] in streams
        assert open_office(found.decrypted, kind=kind).encrypted is False


@EVERY
@pytest.mark.parametrize("passwords", [(), ("",), ("winter-26",), ("Winter-26 ", "x" * 300, "\udcff", "パスワード")])
def test_without_it_the_document_is_locked(content: bytes, kind: str, passwords: tuple[str, ...]) -> None:
    found = open_office(content, *passwords, kind=kind)
    assert (found.state, found.encrypted, found.decrypted, found.sealed) == (State.LOCKED, True, None, True)
    assert ("wrong password" in found.state_reason) == bool(passwords)
    assert not found.covers


@pytest.mark.parametrize("name", ["xls RC4", "xls CryptoAPI 128", "xls XOR", "doc CryptoAPI", "ppt CryptoAPI", "agile"])
def test_what_comes_out_is_what_msoffcrypto_makes_of_it(name: str) -> None:
    content, kind = DOCUMENTS[name]
    file, plain = msoffcrypto.OfficeFile(BytesIO(content)), BytesIO()
    file.load_key(password=RIGHT)
    file.decrypt(plain)
    assert open_office(content, RIGHT, kind=kind).decrypted == plain.getvalue()


@pytest.mark.parametrize(
    ("streams", "left"),
    [
        ({"Pictures": b"sealed"}, "its pictures stay encrypted"),
        ({"Pictures": b"sealed", "EncryptedSummary": b"x"}, "its pictures and properties stay encrypted"),
    ],
)
@pytest.mark.parametrize("password", [RIGHT, "/01Hannes Ruescher/01"])
def test_what_stays_encrypted_in_a_presentation_is_not_inspected(
    streams: dict[str, bytes], left: str, password: str
) -> None:
    found = open_office(office.powerpoint(office.CryptoApi(password), **streams), RIGHT, kind="ppt")
    assert (found.state, found.state_reason, found.sealed) == (State.UNSUPPORTED, left, False)
    assert found.decrypted is not None


@pytest.mark.parametrize(
    ("password", "program"), [("VelvetSweatshop", "Excel"), ("/01Hannes Ruescher/01", "PowerPoint")]
)
def test_a_password_that_programs_try_by_themselves_needs_no_candidate(password: str, program: str) -> None:
    for content, kind in (
        (office.agile(PACKAGE, password), "encrypted-office"),
        (office.rc4_workbook(office.CryptoApi(password)), "xls"),
        (office.powerpoint(office.CryptoApi(password)), "ppt"),
    ):
        found = open_office(content, "wrong", kind=kind)
        assert (found.state, found.encrypted, found.password_source) == (State.INSPECTED, True, None)
        assert program in found.state_reason
        assert found.decrypted is not None
        assert found.spent.password_work > 0
        assert found.passwords == ()


@pytest.mark.parametrize(("name", "tried"), [("report.docx", 0), ("report.xlsx", 2), ("report", 2)])
def test_word_tries_no_password_by_itself(name: str, tried: int) -> None:
    content = office.agile(PACKAGE, RIGHT, rounds=20_000)
    assert open_office(content, name=name).spent.password_work == 18 * tried
    found = open_office(content, name=name, limits=Limits(password_work=17))
    assert (found.state, found.spent.password_work) == (State.LIMIT if tried else State.LOCKED, 0)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (compound_file({"Workbook": office.BEGIN + office.record(0x86, b"") + office.REST}), "xls"),
        (compound_file({"WordDocument": office.fib(0x0C00)}), "doc"),  # read-only recommended, write reservation
        (compound_file({"Contents": b"x" * 5000}), "ole"),
    ],
)
def test_write_protection_alone_is_no_encryption(content: bytes, kind: str) -> None:
    found = open_office(content, "x", kind=kind)
    assert (found.state, found.encrypted, found.covers, found.spent.password_work) == (State.INSPECTED, False, False, 0)


def test_damage_behind_the_right_password_is_malformed_and_what_was_read_stays() -> None:
    with olefile.OleFileIO(BytesIO(AGILE)) as ole:
        sealed, info = ole.openstream("EncryptedPackage").read(), ole.openstream("EncryptionInfo").read()
    damaged = bytearray(sealed)
    damaged[len(damaged) // 2] ^= 1
    found = open_office(office.encrypted_package(info, bytes(damaged)), RIGHT)
    assert (found.state, found.password_source) == (State.MALFORMED, "body")
    assert "HMAC" in found.state_reason
    assert found.decrypted is not None
    short = open_office(office.encrypted_package(info, sealed[:-100]), RIGHT)
    assert short.state is State.MALFORMED


def test_a_workbook_whose_flags_come_out_wrong_needs_another_password() -> None:
    wrong = office.WORKBOOK_TAIL.replace(office.record(0x22, b"\0\0"), office.record(0x22, b"\x07\x31"))
    found = open_office(office.xor_workbook(RIGHT, wrong), RIGHT, kind="xls")
    assert (found.state, found.decrypted) == (State.MALFORMED, None)


def test_a_piece_table_outside_its_stream_needs_another_password() -> None:
    found = open_office(office.xor_word(RIGHT, table=office.TABLE[:100]), RIGHT, kind="doc")
    assert (found.state, found.decrypted) == (State.MALFORMED, None)


def description(**changes: str) -> bytes:
    """The agile description, some attributes changed."""
    with olefile.OleFileIO(BytesIO(AGILE)) as ole:
        info = ole.openstream("EncryptionInfo").read().decode("utf-8", "surrogateescape")
    for name, value in changes.items():
        info = re.sub(rf'\b{name}="[^"]*"', f'{name}="{value}"', info)
    return info.encode("utf-8", "surrogateescape")


HOSTILE = [
    # EncryptionInfo, state, what the reason says
    (description(spinCount="10000000"), State.LIMIT, "10000000 rounds"),
    (description(spinCount="99999999999"), State.MALFORMED, "spinCount"),
    (description(spinCount="-1"), State.MALFORMED, "spinCount"),
    (description(keyBits="4096"), State.MALFORMED, "keyBits"),
    (description(hashAlgorithm="WHIRLPOOL"), State.UNSUPPORTED, "WHIRLPOOL"),
    (description(cipherAlgorithm="RC2"), State.UNSUPPORTED, "RC2"),
    (description(cipherChaining="ChainingModeCFB"), State.UNSUPPORTED, "CFB"),
    (description(saltValue="!"), State.LOCKED, ""),
    (description(encryptedKeyValue=""), State.MALFORMED, "too short"),
    (description(encryptedVerifierHashInput=b64encode(bytes(5)).decode()), State.LOCKED, ""),
    (pack("<HHI", 4, 4, 0x40) + b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", State.MALFORMED, "document type"),
    (pack("<HHI", 4, 4, 0x40) + b"<a>" * 30_000, State.LIMIT, "too long"),
    (pack("<HHI", 4, 4, 0x40) + b"<a>" * 20_000, State.MALFORMED, "no XML"),
    (pack("<HHI", 4, 4, 0x40) + b"<a/>", State.MALFORMED, "not understood"),
    (pack("<HHI", 4, 3, 0x40) + b"<a/>", State.UNSUPPORTED, "version 4.3"),
    (pack("<HHII", 3, 2, 0x24, 0xFFFFFFF0) + bytes(100), State.MALFORMED, "breaks off"),
    (pack("<HHII", 3, 2, 0x04, 32) + pack("<8xIII", 0x6801, 0x8004, 128) + bytes(100), State.UNSUPPORTED, "0x6801"),
    (b"\x04\0", State.MALFORMED, "breaks off"),
]


@pytest.mark.parametrize(("info", "state", "reason"), HOSTILE)
def test_parameters_are_checked_before_they_are_used(info: bytes, state: State, reason: str) -> None:
    found = open_office(office.encrypted_package(info, bytes(4096)), "x", RIGHT)
    assert (found.state, found.encrypted, found.decrypted) == (state, True, None)
    assert reason in found.state_reason
    assert found.spent.password_work <= 5


def test_rights_management_is_no_password() -> None:
    content = compound_file(
        {"EncryptedPackage": bytes(5000), "\x06DataSpaces/TransformInfo/DRMEncryptedTransform/x": b"x"}
    )
    found = open_office(content, RIGHT)
    assert (found.state, found.encrypted) == (State.UNSUPPORTED, True)
    assert "IRM" in found.state_reason


def test_two_documents_in_one_file_are_never_inspected() -> None:
    """Which of them a person sees depends on the program."""
    with olefile.OleFileIO(BytesIO(office.agile(PACKAGE, "VelvetSweatshop"))) as ole:
        streams = {name: ole.openstream(name).read() for name in ("EncryptedPackage", "EncryptionInfo")}
    found = open_office(compound_file(streams | {"WordDocument": office.fib(0)}))
    assert (found.state, found.encrypted, found.decrypted) == (State.MALFORMED, True, None)


def test_a_file_called_encrypted_whose_package_cannot_be_reached_is_malformed() -> None:
    found = open_office(compound_file({"Contents": b"x" * 5000}), RIGHT)
    assert (found.state, found.encrypted) == (State.MALFORMED, True)


def test_a_workbook_of_countless_records_is_a_limit() -> None:
    with pytest.raises(LimitReached, match="records"):
        list(records(bytes(4 * 2_000_001)))


def test_the_budget_ends_at_the_same_candidate() -> None:
    many = [f"w{number}" for number in range(40)]
    content = office.agile(PACKAGE, RIGHT, rounds=20_000)  # 18 units a try, two by itself
    found = open_office(content, *many, RIGHT, limits=Limits(password_work=200))
    assert found.state is State.LIMIT
    assert "spent after 9 candidates" in found.state_reason


@EVERY
def test_mutants_end_in_a_declared_state(content: bytes, kind: str) -> None:
    """200 of each; one that still opens gives bytes, and none crashes."""
    dice = random.Random(content[600])
    costly = "standard" if content is STANDARD else ""
    for _ in range(20 if costly else 200):
        mutant = bytearray(content)
        for _ in range(dice.randrange(1, 6)):
            mutant[dice.randrange(len(mutant))] = dice.randrange(256)
        cut = len(mutant) if dice.random() < 0.8 else dice.randrange(8, len(mutant))
        found = open_office(bytes(mutant[:cut]), "wrong", RIGHT, kind=kind)
        assert found.state in (
            State.INSPECTED, State.LOCKED, State.MALFORMED, State.UNSUPPORTED, State.LIMIT,
        ), found.state_reason  # fmt: skip


def test_the_format_claims_what_examining_calls_so() -> None:
    assert {kind for _, kind in DOCUMENTS.values()} <= FORMAT.kinds
