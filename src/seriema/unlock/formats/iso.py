"""Disc images: ISO 9660 (ECMA-119) with Joliet and Rock Ridge, and UDF (ECMA-167), all views of them.

Windows mounts one on a double click and shows UDF before Joliet before plain names; macOS and Linux show Rock Ridge.
"""

from seriema.model.artifact import Artifact
from seriema.model.errors import Malformed
from seriema.model.limits import Limits
from seriema.unlock.disc import iso9660, udf, views
from seriema.unlock.format import Container, Format

_KINDS = frozenset({"iso", "udf"})
#: Best seen first.
_ORDER = ("UDF", "Joliet", "Rock Ridge", "ISO 9660")


def _open(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    listings = list(iso9660.listings(content, limits.members))
    if udf.recognise(content):
        listings.append(udf.listing(content, limits.members))
    if not listings:
        raise Malformed("no volume can be read")
    listings.sort(key=lambda each: _ORDER.index(each.view))
    return views.container(artifact.id, "iso", content, listings)


def recognise(content: bytes) -> bool:
    """Whether it holds a volume of either kind."""
    return iso9660.recognise(content) or udf.recognise(content)


FORMAT = Format(name="iso", kinds=_KINDS, recognise=recognise, open=_open)
