"""Archives, images and sealed files that are known by name only: no reader is at hand, so no password is wrong.

Each is ``unsupported`` under its name. Where the header says whether it is encrypted, that is said too. What lies in
them is not listed, but an installer's or a self-extracting program's kind is named.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator
from struct import unpack_from

from seriema.model.artifact import Artifact, State
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.unlock.format import Container, Format, Member

_HEADERS = 2_000
_PROGRAM_BYTES = 2 << 20  #: of a program, in which what it unpacks is looked for


def _never(_: bytes) -> bool:
    return False


def _always(_: bytes) -> bool:
    return True


def _arj(content: bytes) -> bool:
    """Whether a local header has its GARBLED flag set (ARJ technical information)."""
    return any(flags & 1 for flags in _arj_flags(content))


def _arj_flags(content: bytes) -> Iterator[int]:
    at = 0
    for number in range(_HEADERS):
        if content[at : at + 2] != b"\x60\xea" or at + 34 > len(content):
            return
        size = unpack_from("<H", content, at + 2)[0]
        if not size:
            return
        yield content[at + 8]
        # Behind the header: its CRC, extended headers of which there are none, and a file's compressed data.
        at += 4 + size + 4 + 2 + (unpack_from("<I", content, at + 16)[0] if number else 0)


def _ace(content: bytes) -> bool:
    """The first file header's password flag; headers are a CRC, their size, type and flags."""
    at = 4 + unpack_from("<H", content, 2)[0] if len(content) >= 4 else 0  # noqa: PLR2004 - CRC and size
    return len(content) >= at + 7 and content[at + 4] == 1 and bool(unpack_from("<H", content, at + 5)[0] & 0x4000)


def _alz(content: bytes) -> bool:
    """Bit 0 of the first local file's descriptor."""
    return content[8:12] == b"BLZ\x01" and len(content) > 19 and bool(content[19] & 1)  # noqa: PLR2004 - its place


def _egg(content: bytes) -> bool:
    """The extra field "encrypt" in the first headers (EGG format specification, 3.5.4)."""
    return b"\x0f\x47\xd1\x08" in content[: 1 << 16]


def _dmg(content: bytes) -> bool:
    """The header of an encrypted image, version 2, or the trailer of version 1."""
    return content.startswith(b"encrcdsa") or content.endswith(b"cdsaencr")


#: Kind → its name, and whether a file of it is encrypted.
_UNREAD: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "lzh": ("LZH archive", _never),
    "ace": ("ACE archive", _ace),
    "arj": ("ARJ archive", _arj),
    "zoo": ("ZOO archive", _never),
    "alz": ("ALZ archive", _alz),
    "egg": ("EGG archive", _egg),
    "sqx": ("SQX archive", _never),
    "freearc": ("FreeArc archive", _never),
    "zpaq": ("ZPAQ archive", _never),
    "xar": ("XAR archive", _never),
    "stuffit": ("StuffIt archive", _never),
    "binhex": ("BinHex file", _never),
    "attache-case": ("AttacheCase file", _always),
    "aes-crypt": ("AES Crypt file", _always),
    "axcrypt": ("AxCrypt file", _always),
    "age": ("age file", _always),
    "openssl-salted": ("file encrypted by OpenSSL", _always),
    "vhd": ("VHD disk image", _never),
    "vhdx": ("VHDX disk image", _never),
    "vmdk": ("VMDK disk image", _never),
    "qcow": ("QCOW disk image", _never),
    "dmg": ("DMG disk image", _dmg),
    "wim": ("WIM image", _never),
    "luks": ("LUKS volume", _always),
    "bitlocker": ("BitLocker volume", _always),
    "chm": ("compiled HTML help (CHM)", _never),
}
#: What a program unpacks when it is run, by what stands in it: its name, and whether that is always encrypted.
_PROGRAMS = (
    (b"_AttacheCaseData", "AttacheCase", True),
    (b"**ACE**", "ACE", False),
    (b"ARJ-SFX", "ARJ", False),
    (b"LHA's SFX", "LZH", False),
    (b"LHarc's SFX", "LZH", False),
    (b"EGGA\0\x01", "EGG", False),
    (b"ALZ\x01", "ALZ", False),
    (b"\xef\xbe\xad\xdeNullsoftInst", "Nullsoft installer", False),
    (b"Inno Setup Setup Data", "Inno Setup", False),
    (b"InstallShield", "InstallShield", False),
)
_PROGRAM = re.compile(b"|".join(re.escape(mark) for mark, _, _ in _PROGRAMS))
_ARMOR = re.compile(
    rb"-----BEGIN PGP MESSAGE-----[^\n]{0,80}\n(?:[^\n:]{1,80}:[^\n]{0,200}\n){0,20}\s{0,9}([A-Za-z0-9+/]{8})"
)
#: Tags of OpenPGP packets (RFC 9580, 5): session key for a passphrase, for a recipient.
_PASSPHRASE, _RECIPIENT = 3, 1


def _open(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    del limits  # nothing is read
    if artifact.kind == "pgp-message":
        return _named(artifact, _pgp(content), encrypted=True)
    if artifact.kind in _UNREAD:
        name, encrypted = _UNREAD[artifact.kind]
        return _named(artifact, f"{name}, for which there is no reader", encrypted=encrypted(content))
    found = _PROGRAM.search(content[:_PROGRAM_BYTES])
    if found is None:
        return Container(covers=False)
    name, encrypted_always = next((name, always) for mark, name, always in _PROGRAMS if mark == found.group())
    return _named(artifact, f"program that unpacks itself ({name})", encrypted=encrypted_always)


def _named(artifact: Artifact, reason: str, *, encrypted: bool) -> Container:
    member = Member(
        artifact.name,
        artifact.size,
        artifact.size,
        None,
        state=State.UNSUPPORTED,
        state_reason=reason,
        encrypted=encrypted,
        itself=True,
    )
    return Container((member,), (Finding("unread.named", artifact.id, "", reason),), covers=False)


def _pgp(content: bytes) -> str:
    """What the first packet of an OpenPGP message is, armored or not."""
    armored = _ARMOR.search(content[:4096])
    try:
        first = b64decode(armored[1])[0] if armored else content[0]
    except (Base64Error, IndexError):
        return "OpenPGP message"
    tag = first & 0x3F if first & 0x40 else first >> 2 & 0x0F
    if tag == _PASSPHRASE:
        return "OpenPGP message, encrypted with a passphrase"
    return "OpenPGP message, encrypted for its recipient" if tag == _RECIPIENT else "OpenPGP message"


def _recognise(content: bytes) -> bool:
    return content.startswith(b"MZ") and _PROGRAM.search(content[:_PROGRAM_BYTES]) is not None


FORMAT = Format(name="unread", kinds=frozenset({*_UNREAD, "pgp-message"}), recognise=_recognise, open=_open)
