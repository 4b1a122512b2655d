"""What a file's name alone says: tricks that make it look like another kind, and a name that its content contradicts.

Known for locked members too, whose names stand in the archive's directory. Facts without weight: many an honest export
is called .xls and holds HTML.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from seriema.examine.identify import identify, kind_of_name
from seriema.examine.kinds import KINDS
from seriema.model.artifact import Artifact, FileClass
from seriema.model.finding import Finding

#: Explicit directional formatting characters (Unicode Bidirectional Algorithm, 2.1 to 2.4).
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Characters that take no room on the screen.
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e") | frozenset(map(chr, range(32)))
#: A gap that pushes the true extension out of sight.
_PADDING = re.compile(r"[ \u00a0\u2000-\u200a\u2800\u3000_]{8}")
_RUNS = frozenset({FileClass.EXECUTABLE, FileClass.SCRIPT, FileClass.SHORTCUT, FileClass.DISK_IMAGE})
_UNSAID = frozenset({"", "unknown", "empty", "ole"})
#: Characters of a name that are looked at and quoted.
SHOWN = 300
#: Other names of one file that are looked at.
OTHERS = 20


def findings(artifact: Artifact) -> tuple[Finding, ...]:
    """What its name shows. ``place`` is "name"; ``detail`` quotes it."""
    name = artifact.name[:SHOWN]
    facts = (
        ("name.direction-override", not _DIRECTION.isdisjoint(name)),
        ("name.invisible-characters", not _INVISIBLE.isdisjoint(name)),
        ("name.padded", _PADDING.search(name) is not None),
        ("name.double-extension", _double(name)),
        ("name.contradicts-content", _contradicts(artifact)),
    )
    return tuple(
        Finding(fact, artifact.id, "name", f"{name} is {artifact.kind}" if fact.endswith("content") else name)
        for fact, seen in facts
        if seen
    )


def also_called(artifact: Artifact, content: bytes, others: Iterable[str]) -> tuple[Artifact, tuple[Finding, ...]]:
    """A mail part with further names: the artifact as the worst of them makes it, and what they show.

    Which of two contradicting names counts differs from reader to reader (RFC 2183, 2.3; RFC 2046, 4.5.1).
    """
    facts: list[Finding] = []
    for name in islice(others, OTHERS):
        known = identify(content, name)
        if known.file_class in _RUNS and artifact.file_class not in _RUNS:
            artifact = replace(artifact, kind=known.kind, file_class=known.file_class)
        facts += findings(replace(artifact, name=name))
    return artifact, tuple(facts)


def _double(name: str) -> bool:
    """A file that runs, dressed as one that is read: ``invoice.pdf.js``."""
    last = kind_of_name(name)
    before = kind_of_name(name.rpartition(".")[0].rstrip(" _\u00a0"))
    return bool(last and before) and KINDS[last].file_class in _RUNS and KINDS[before].file_class not in _RUNS


def _contradicts(artifact: Artifact) -> bool:
    """Name and content belong to different classes. A locked file has only its name to go by."""
    named = kind_of_name(artifact.name)
    if named in _UNSAID or artifact.kind in _UNSAID or artifact.kind not in KINDS:
        return False
    return KINDS[named].file_class is not KINDS[artifact.kind].file_class
