"""Files inside an OLE compound file: what the Packager wrapped, and what other objects hold.

Follows [MS-OLEDS] 2.3: the stream Ole10Native holds native data, ``Package`` and ``CONTENTS`` a document of its own.
"""

from struct import unpack_from

from seriema.examine.compound import SIGNATURE, Compound, open_compound
from seriema.examine.ole_object import native_file
from seriema.model.errors import HostileInput

FILES = 50
_NATIVE, _PACKAGES = "\x01ole10native", ("package", "contents", "embeddedodf")


def native_files(content: bytes, most: int) -> list[tuple[str, bytes]]:
    """Name and bytes of the files wrapped in an object's compound file; [] when it holds none that can be read."""
    if not content.startswith(SIGNATURE):
        return []
    try:
        return files_in(open_compound(content), most)
    except HostileInput:
        return []


def files_in(compound: Compound, most: int) -> list[tuple[str, bytes]]:
    """Name and bytes of the files wrapped in streams of ``compound``: one more than ``FILES`` when there are more.

    Raises ``LimitReached`` for one larger than ``most`` bytes.
    """
    found: list[tuple[str, bytes]] = []
    for path in compound.streams:
        name = path.rpartition("/")[2].lower()
        if len(found) > FILES:
            break
        if name == _NATIVE:
            raw = compound.read(path, most)
            size = unpack_from("<I", raw.ljust(4, b"\0"))[0]
            found.append(native_file(raw[4 : 4 + size] if size else raw[4:]))
        elif name in _PACKAGES and "/" in path:
            found.append((path.rpartition("/")[2], compound.read(path, most)))
    return found
