"""Files that are two at once: an archive behind a picture, a document or a program, read by whoever looks from the end.

A ZIP is found by its end mark (APPNOTE 4.3.16), RAR and 7z by their signatures. The archive becomes a file of its own.
Compound files are left out: Office keeps themes in them as ZIP.
"""

from seriema.examine.inspector import Examined, Inspector
from seriema.examine.package import embedded_zip
from seriema.model.artifact import Artifact, Child, FileClass
from seriema.model.finding import Finding
from seriema.model.limits import Limits

_SIGNATURES = ((b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"))
#: Bytes between the start, where the file's own signature is, and where a second one is looked for.
_BEYOND = 16


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:  # noqa: ARG001 - the contract's shape
    """An archive that begins inside the file."""
    at, kind = embedded_zip(content), "zip"
    if at < 0:
        places = ((content.find(mark, _BEYOND), kind) for mark, kind in _SIGNATURES)
        at, kind = min((place for place in places if place[0] >= 0), default=(-1, ""))
    if at < 0:
        return Examined()
    inner = content[at:]
    return Examined(
        (Finding("file.appended-archive", artifact.id, f"offset {at}", f"{kind} of {len(inner)} bytes"),),
        children=(Child(f"appended.{kind}", inner, len(inner)),),
    )


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
