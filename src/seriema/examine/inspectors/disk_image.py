"""Disk images: named here, so that one is a fact even while nothing opens it; what lies in them is the opener's.

Windows mounts ISO, IMG and VHD on a double click, and files inside lose the mark of the web.
"""

from struct import unpack_from

from seriema.examine.inspector import Examined, Inspector
from seriema.model.artifact import Artifact, FileClass
from seriema.model.finding import Finding
from seriema.model.limits import Limits

_VOLUME = 0x8000  #: the primary volume descriptor's sector (ECMA-119, 8.4)
_VOLUME_ID, _VOLUME_SECTORS = 40, 80


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:  # noqa: ARG001 - the contract's shape
    """That it is there, and for ISO 9660 the volume's name and size."""
    detail = artifact.kind
    if artifact.kind == "iso" and content[_VOLUME + 1 : _VOLUME + 6] == b"CD001" and len(content) > _VOLUME + 128:
        name = content[_VOLUME + _VOLUME_ID : _VOLUME + _VOLUME_ID + 32].decode("ascii", "replace").strip(" \0")
        sectors = unpack_from("<I", content, _VOLUME + _VOLUME_SECTORS)[0]
        detail = f"iso, volume {name!r}, {sectors} sectors"
    return Examined((Finding("disk-image.present", artifact.id, "", detail),))


INSPECTOR = Inspector("disk_image", inspect, classes=frozenset({FileClass.DISK_IMAGE}), reads=False)
