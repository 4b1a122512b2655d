"""Artifact and candidates → what is inside, with which password. Pure.

Entry: ``open_artifact(artifact, content, candidates, limits)`` → ``Opened``.
"""

from seriema.unlock.opened import Opened
from seriema.unlock.opener import broken_formats, loaded, open_artifact

__all__ = ["Opened", "broken_formats", "load", "open_artifact"]


def load() -> None:
    """Import every format and all they use, so that a locked worker never opens a file."""
    loaded()
