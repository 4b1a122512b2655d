"""What nothing here reads is named, is never a wrong password, and is never inspected."""

import random
from base64 import b64encode
from struct import pack

import pytest
from tests.builders.opening import opened

from seriema.examine import identify
from seriema.model.artifact import State
from seriema.unlock import opener
from seriema.unlock.formats.unread import FORMAT


def arj_header(flags: int, kind: int = 0, size: int = 0) -> bytes:
    """A header of 30 bytes and two empty names."""
    fields = bytes((30, 11, 1, 0, flags, 1, kind, 0)) + bytes(4) + pack("<I", size) + bytes(14) + b"\0\0"
    return b"\x60\xea" + pack("<H", len(fields)) + fields + bytes(4) + bytes(2)


def arj(flags: int) -> bytes:
    return arj_header(0, 2) + arj_header(0, 0, 5) + b"plain" + arj_header(flags, 0, 5) + b"12345" + b"\x60\xea\0\0"


def ace(flags: int) -> bytes:
    main = b"\0" + pack("<H", 0x9000) + b"**ACE**" + bytes(20)
    return bytes(2) + pack("<H", len(main)) + main + bytes(2) + pack("<HBH", 31, 1, flags) + bytes(28)


def alz(descriptor: int) -> bytes:
    return b"ALZ\x01\x0a\0\0\0BLZ\x01" + pack("<HBIB", 5, 0x20, 0, descriptor) + bytes(20)


def program(mark: bytes) -> bytes:
    return b"MZ" + bytes(58) + pack("<I", 64) + b"PE\0\0" + bytes(400) + mark + bytes(100)


SKESK = b"\x8c\x0d\x04\x09\x03\x02" + bytes(9) + b"\xd2\x3c\x01" + bytes(60)
PKESK = b"\x85\x01\x0c\x03" + bytes(8) + b"\x01" + bytes(270)


def armored(packets: bytes) -> bytes:
    return b"-----BEGIN PGP MESSAGE-----\nVersion: x\n\n" + b64encode(packets) + b"\n-----END PGP MESSAGE-----\n"


CASES = [
    # content, what the reason names, encrypted
    (bytes((22, 0)) + b"-lh5-" + bytes(40), "LZH", False),
    (arj(0), "ARJ", False),
    (arj(1), "ARJ", True),
    (ace(0x8001), "ACE", False),
    (ace(0xC001), "ACE", True),
    (alz(0), "ALZ", False),
    (alz(1), "ALZ", True),
    (b"EGGA\0\x01" + bytes(40), "EGG", False),
    (b"EGGA\0\x01" + bytes(20) + b"\x0f\x47\xd1\x08" + bytes(20), "EGG", True),
    (b"ZOO 2.10 Archive.\x1a\0\0\xdc\xa7\xc4\xfd" + bytes(40), "ZOO", False),
    (bytes(7) + b"-sqx-" + bytes(40), "SQX", False),
    (b"SIT!" + bytes(40), "StuffIt", False),
    (b"StuffIt!" + bytes(40), "StuffIt", False),
    (b"\x03\0\0\0_AttacheCaseData" + bytes(40), "AttacheCase", True),
    (b"AES\x02\0" + bytes(40), "AES Crypt", True),
    (b"Salted__" + bytes(range(40)), "OpenSSL", True),
    (b"age-encryption.org/v1\n-> scrypt x 18\n", "age", True),
    (b"conectix" + bytes(504), "VHD", False),
    (b"vhdxfile" + bytes(504), "VHDX", False),
    (bytes(1024) + b"koly" + bytes(508), "DMG", False),
    (b"encrcdsa\0\0\0\2" + bytes(500), "DMG", True),
    (b"LUKS\xba\xbe\0\1" + bytes(500), "LUKS", True),
    (b"\xeb\x58\x90-FVE-FS-" + bytes(500), "BitLocker", True),
    (b"MSWIM\0\0\0" + bytes(200), "WIM", False),
    (b"ITSF\x03\0\0\0" + bytes(100), "CHM", False),
    (SKESK, "passphrase", True),
    (PKESK, "recipient", True),
    (armored(SKESK), "passphrase", True),
    (armored(PKESK), "recipient", True),
    (program(b"_AttacheCaseData"), "AttacheCase", True),
    (program(b"ARJ-SFX"), "ARJ", False),
    (program(b"Inno Setup Setup Data (6.0.0)"), "Inno Setup", False),
]


@pytest.mark.parametrize(
    ("content", "named", "encrypted"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_it_is_named_and_never_a_wrong_password(content: bytes, named: str, *, encrypted: bool) -> None:
    known = identify(content, "x.bin")
    found = opened(content, "777", "888", kind=known.kind, name="x.bin")
    assert (found.state, found.encrypted, found.sealed) == (State.UNSUPPORTED, encrypted, True)
    assert named in found.state_reason
    assert "password:" not in found.state_reason
    assert found.spent.password_work == 0


def test_no_other_format_reads_what_is_said_to_have_no_reader() -> None:
    others = [each for each in opener.loaded().values if each.name != FORMAT.name]
    assert not [each.name for each in others if each.kinds & FORMAT.kinds]


def test_a_program_that_unpacks_nothing_is_the_examiners() -> None:
    assert not FORMAT.recognise(program(b""))


def test_damage_leaves_the_name() -> None:
    """200 mutants of each."""
    dice = random.Random(1)
    for content, kind in [(each, identify(each, "x.bin").kind) for each, _, _ in CASES]:
        for _ in range(200 if kind in FORMAT.kinds else 0):
            mutant = bytearray(content[: dice.randrange(8, len(content) + 1)])
            for _ in range(dice.randrange(4)):
                mutant[dice.randrange(len(mutant))] = dice.randrange(256)
            assert opened(bytes(mutant), "777", kind=kind, name="x").state is not State.CRASHED
