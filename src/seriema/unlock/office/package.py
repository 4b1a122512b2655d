"""Office Open XML inside a compound file ([MS-OFFCRYPTO] 2.3.4): the streams EncryptionInfo and EncryptedPackage."""

from struct import unpack_from

from seriema.model.errors import Malformed, Unsupported
from seriema.unlock.office import agile, standard
from seriema.unlock.office.compound import Compound
from seriema.unlock.office.document import Encrypted

PACKAGE, INFO = "EncryptedPackage", "EncryptionInfo"
_RIGHTS = ("drmcontent", "drmencrypt")


def encryption(compound: Compound) -> Encrypted:
    """The encryption of a package. ``Unsupported`` where rights management holds the key (2.2)."""
    if INFO.lower() not in compound.streams:
        if any(right in path for path in compound.streams for right in _RIGHTS):
            raise Unsupported("protected by rights management (IRM), no password opens it")
        raise Malformed("nothing says how the package is encrypted")
    sealed, info = compound.read(PACKAGE), compound.read(INFO)
    if len(info) < 8:  # noqa: PLR2004 - version and flags
        raise Malformed("the stream breaks off", INFO)
    major, minor = unpack_from("<HH", info)
    found: agile.Agile | standard.Standard
    if (major, minor) == (4, 4):
        found = agile.read_description(info[8:])
    elif major in (2, 3, 4) and minor == 2:  # noqa: PLR2004 - the versions of 2.3.4.5
        found = standard.read_parameters(info)
    else:
        raise Unsupported(f"Office encryption of version {major}.{minor}")
    return Encrypted(found.lock(), lambda key: found.package(sealed, key), len(sealed))
