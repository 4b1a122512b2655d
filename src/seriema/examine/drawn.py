"""The pictures among files: those that are pictures, and those within documents, as they lie in their packages.

Source: ECMA-376 part 1, 15.2.14 (image parts, by habit below ``media/``); OpenDocument 1.3 part 2, 3.7 (``Pictures/``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from seriema.examine.identify import identify
from seriema.examine.package import Package, open_package
from seriema.model.artifact import Artifact, FileClass
from seriema.model.errors import HostileInput

#: Parts of one package that are listed; pictures of all documents together, and their bytes.
_PARTS, _PICTURES, _BYTES = 2_000, 32, 16 << 20

Drawn = tuple[Artifact, bytes]


def drawn(files: Iterable[Drawn]) -> Iterator[Drawn]:
    """Every picture with its bytes. One within a document is called by its part's name and has the document's place."""
    pictures, left = 0, _BYTES
    for artifact, content in files:
        if artifact.file_class is FileClass.PICTURE:
            yield artifact, content
        elif artifact.file_class is FileClass.OFFICE and pictures < _PICTURES and left > 0:
            for found in _within(artifact, content, left):
                pictures, left = pictures + 1, left - len(found[1])
                yield found
                if pictures == _PICTURES:
                    break


def _within(artifact: Artifact, content: bytes, most: int) -> Iterator[Drawn]:
    try:
        package = open_package(content, _PARTS, most)
    except HostileInput:
        return  # what opened or examined the document says so
    for member in package.members.values():
        if "/media/" in f"/{member.name.lower()}" or member.name.startswith("Pictures/"):
            yield from _part(artifact, package, member.name, most)


def _part(artifact: Artifact, package: Package, name: str, most: int) -> Iterator[Drawn]:
    try:
        content = package.read(name, most)
    except HostileInput:
        return
    known = identify(content, name)
    if known.file_class is FileClass.PICTURE:
        digest = sha256(content).hexdigest()
        yield replace(artifact, name=name, kind=known.kind, file_class=known.file_class, sha256=digest), content
