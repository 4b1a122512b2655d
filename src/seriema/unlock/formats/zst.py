"""Zstandard files, of one frame or several (RFC 8878)."""

from seriema.model.artifact import Artifact
from seriema.model.limits import Limits
from seriema.unlock.format import Container, Format
from seriema.unlock.streams import single, unzstd


def recognise(content: bytes) -> bool:
    """Whether it begins with a frame; one to be skipped proves nothing."""
    return content.startswith(b"\x28\xb5\x2f\xfd")


def _open(artifact: Artifact, content: bytes, _limits: Limits) -> Container:
    return single(artifact, content, "zstd", unzstd)


FORMAT = Format(name="zst", kinds=frozenset({"zst"}), recognise=recognise, open=_open)
