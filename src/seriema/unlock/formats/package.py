"""Document packages (Office Open XML, OpenDocument) looked at as the ZIPs they are.

Their parts and embedded files are read by ``examine``, which goes by the central directory. But a package is a ZIP
(ECMA-376 part 2, ODF 1.3 part 2), and a person may open it as one: here are encrypted members, and where the views of
the archive disagree, every file that is no part of a document.
"""

from dataclasses import replace

from seriema.model.artifact import Artifact, State
from seriema.model.limits import Limits
from seriema.unlock.format import Container, Format, Member
from seriema.unlock.formats.zip import open_zip
from seriema.unlock.zip.directory import recognise

_KINDS = frozenset(
    "docx docm xlsx xlsm xlsb pptx pptm office-xml odt ods odp".split()  # noqa: SIM905 - reads as one list
)
#: Extensions of parts that documents are made of.
_PARTS = frozenset(
    "xml rels vml bin data png jpg jpeg jpe gif bmp tif tiff emf wmf emz wmz wdp svg svm ico ttf odttf fntdata "  # noqa: SIM905 - the same
    "mp3 mp4 m4a m4v wav wma wmv avi mov rdf crtx glox thmx psmdcp sigs dat".split()
)


def _part(member: Member) -> bool:
    """Whether it may be a part of a document."""
    name = member.name.replace("\\", "/").lower()
    extension = name.rpartition(".")[2] if "." in name.rpartition("/")[2] else ""
    return extension in _PARTS or name == "mimetype"


def _open(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    if not recognise(content):
        return Container(covers=False)
    listed = open_zip(artifact, content, limits)
    torn = listed.state is State.MALFORMED
    members = tuple(each for each in listed.members if each.encrypted or (torn and not _part(each)))
    return replace(listed, members=members, covers=False)


FORMAT = Format(name="package", kinds=_KINDS, recognise=lambda _: False, open=_open, instead_of=frozenset({"zip"}))
