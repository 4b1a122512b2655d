"""Which files a double click runs, shared by the signals about them."""

from seriema.model.artifact import Artifact, FileClass

#: Classes of files that run, or make something run, when they are opened.
RUNS = frozenset({FileClass.EXECUTABLE, FileClass.SCRIPT, FileClass.SHORTCUT, FileClass.DISK_IMAGE})
#: Source code that no desktop runs: an editor opens it, or the reader has to know how to start it.
_SOURCE = frozenset({"sh", "py", "pl", "php", "rb", "lua", "vba"})
#: But macOS runs shell scripts of this extension in a terminal.
_BY_CLICK_AFTER_ALL = frozenset({"command"})


def is_source(artifact: Artifact) -> bool:
    """A script of a kind that nobody runs by opening it."""
    return artifact.kind in _SOURCE and artifact.extension not in _BY_CLICK_AFTER_ALL
