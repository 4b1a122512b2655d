"""Files that are two at once: an archive behind a picture, a document or a program, read by whoever looks from the end.

A ZIP is found by its end mark (APPNOTE 4.3.16), RAR and 7z by their signatures. The archive becomes a file of its own.
Compound files are left out: Office keeps themes in them as ZIP.
"""

import zlib

from seriema.examine.inspector import Examined, Inspector
from seriema.examine.package import embedded_zip
from seriema.model.artifact import Artifact, Child, FileClass
from seriema.model.finding import Finding
from seriema.model.limits import Limits

_RAR, _7Z = b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"
#: Bytes between the start, where the file's own signature is, and where a second one is looked for.
_BEYOND = 16
#: Signatures of 7z looked at; programs that read the format hold it as a constant.
_SIGNATURES = 64


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:  # noqa: ARG001 - the contract's shape
    """An archive that begins inside the file."""
    at, kind = embedded_zip(content), "zip"
    if at < 0:
        places = ((content.find(_RAR, _BEYOND), "rar"), (_7z_start(content), "7z"))
        at, kind = min((place for place in places if place[0] >= 0), default=(-1, ""))
    if at < 0:
        return Examined()
    inner = content[at:]
    return Examined(
        (Finding("file.appended-archive", artifact.id, f"offset {at}", f"{kind} of {len(inner)} bytes"),),
        children=(Child(f"appended.{kind}", inner, len(inner)),),
    )


def _7z_start(content: bytes) -> int:
    """Where a 7z archive begins: its start header agrees with its CRC-32 (7zFormat.txt). -1 when none does."""
    at = _BEYOND - 1
    for _ in range(_SIGNATURES):
        at = content.find(_7Z, at + 1)
        if at < 0:
            return -1
        if zlib.crc32(content[at + 12 : at + 32]) == int.from_bytes(content[at + 8 : at + 12], "little"):
            return at
    return -1


INSPECTOR = Inspector(
    "appended",
    inspect,
    frozenset({"rtf", "onenote"}),
    classes=frozenset(
        {
            FileClass.PICTURE,
            FileClass.MEDIA,
            FileClass.PDF,
            FileClass.EXECUTABLE,
            FileClass.TEXT,
            FileClass.WEB,
            FileClass.SCRIPT,
            FileClass.SHORTCUT,
            FileClass.OTHER,
        }
    ),
    reads=False,
    stands_in=True,
)
