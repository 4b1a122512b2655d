"""The contract of an inspector, and ``examine``, which runs those that fit a file and keeps what each of them saw.

An inspector is a value ``INSPECTOR = Inspector(...)`` in a file of its own under ``inspectors/``. It reports located
facts without weight. It may raise ``HostileInput`` when the file stops it; what it saw before belongs in ``Examined``
with the state said there. *Not inspected* is never clean: a kind that nothing reads is ``unsupported``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial

from seriema import plugins
from seriema.examine import lures, names, url_shapes
from seriema.examine.kinds import BY_DECLARED_TYPE, KINDS
from seriema.model.artifact import SEVERITY, Artifact, Child, FileClass, State
from seriema.model.errors import HostileInput, LimitReached, Locked, Malformed, PluginError
from seriema.model.finding import Finding, Indicator
from seriema.model.limits import Limits
from seriema.model.password import Text

PACKAGE, GROUP = "seriema.examine.inspectors", "seriema.inspectors"


@dataclass(frozen=True, slots=True)
class Examined:
    """What was seen in one file. ``state`` is ``INSPECTED`` only when nothing the kind can hold was left unread."""

    findings: tuple[Finding, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    children: tuple[Child, ...] = ()  #: files that lie in it; they become artifacts of their own
    texts: tuple[Text, ...] = ()  #: what a person would read in it; passwords may stand there
    state: State = State.INSPECTED
    state_reason: str = ""


_NOTHING = Examined()
#: Documents that may ask their reader to let something run.
_ASKING = frozenset({FileClass.OFFICE, FileClass.PDF})


@dataclass(frozen=True, slots=True)
class Inspector:
    """A reader of some kinds of files (``kinds.KINDS``) or of whole classes.

    ``inspect`` gets the artifact, its bytes and the limits left for this mail. ``reads`` is False for one that only
    adds facts, so that its kinds still count as unread.
    """

    name: str
    inspect: Callable[[Artifact, bytes, Limits], Examined]
    kinds: frozenset[str] = frozenset()
    classes: frozenset[FileClass] = field(default_factory=frozenset)
    reads: bool = True

    def __post_init__(self) -> None:
        unknown = self.kinds - KINDS.keys()
        if unknown:
            raise ValueError(f"inspector {self.name} names unknown kinds: {', '.join(sorted(unknown))}")

    def fits(self, kind: str, file_class: FileClass) -> bool:
        """It has something to say about such a file."""
        return kind in self.kinds or file_class in self.classes


def load() -> tuple[PluginError, ...]:
    """Import every inspector now, so that a locked worker need not; what is wrong with third parties' left out.

    Raises ``PluginError`` when one of our own does not load: without it, unread files would look read.
    """
    url_shapes.shapes()
    lures.vocabulary()
    return _loaded().errors


@cache
def _loaded() -> plugins.Loaded[Inspector]:
    loaded = plugins.load(PACKAGE, "INSPECTOR", Inspector, GROUP)
    for error in loaded.errors:
        if PACKAGE in str(error):
            raise error
    return loaded


@cache
def _fitting(kind: str, file_class: FileClass) -> tuple[Inspector, ...]:
    return tuple(one for one in _loaded().values if one.fits(kind, file_class))


def examine(artifact: Artifact, content: bytes | None, limits: Limits, *, opened: bool = False) -> Examined:
    """Everything the inspectors see in one file; never raises for what the file holds.

    ``content`` is None for a file that is still locked: then only its name speaks. ``opened`` says that the unlock room
    read the container, so that it need not be read here.
    """
    named = names.findings(artifact)
    looked = Examined(named) if named else _NOTHING
    if content is None:
        return looked
    fitting = _fitting(*_treated_as(artifact))
    pieces = [looked, *(_inspected(one, artifact, content, limits) for one in fitting)]
    if not opened and not KINDS[_known(artifact.kind)].harmless and not any(one.reads for one in fitting):
        pieces.append(Examined(state=State.UNSUPPORTED, state_reason=f"nothing here reads {artifact.kind} files"))
    if artifact.file_class in _ASKING:
        pieces += [Examined(tuple(lures.findings(artifact.id, one.texts))) for one in pieces if one.texts]
    return _joined(pieces, limits)


def _known(kind: str) -> str:
    return kind if kind in KINDS else "unknown"


def _treated_as(artifact: Artifact) -> tuple[str, FileClass]:
    """Its kind, or for a plain text the kind that its MIME type makes a reader's program open it as."""
    declared = BY_DECLARED_TYPE.get(artifact.declared_type.lower(), "")
    kind = declared if declared and artifact.kind == "text" else artifact.kind
    return kind, KINDS[_known(kind)].file_class


def _inspected(inspector: Inspector, artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """One inspector's facts; what stops it becomes a state, and the others' facts stay."""
    try:
        seen = plugins.guarded(inspector.name, partial(inspector.inspect, artifact, content, limits))
    except HostileInput as stopped:
        state = next((state for error, state in _STATES if isinstance(stopped, error)), State.UNSUPPORTED)
        return Examined(state=state, state_reason=str(stopped))
    if isinstance(seen, plugins.Crash):
        return Examined(state=State.CRASHED, state_reason=f"{seen.plugin}: {seen.reason}")
    return seen


_STATES = ((Malformed, State.MALFORMED), (LimitReached, State.LIMIT), (Locked, State.LOCKED))


def _joined(pieces: list[Examined], limits: Limits) -> Examined:
    """All facts in order, equal ones once, and the worst state with the reasons of all that share it."""
    pieces = [one for one in pieces if one is not _NOTHING] or pieces
    if len(pieces) == 1 and not (pieces[0].findings or pieces[0].indicators or pieces[0].children):
        return pieces[0]
    state = max((piece.state for piece in pieces), key=SEVERITY.index)
    reasons = dict.fromkeys(piece.state_reason for piece in pieces if piece.state is state and piece.state_reason)
    indicators = dict.fromkeys(one for piece in pieces for one in piece.indicators)
    shaped = url_shapes.findings(indicators)
    findings = tuple(dict.fromkeys((*(one for piece in pieces for one in piece.findings), *shaped)))
    if len(findings) > limits.findings and state is State.INSPECTED:
        state, reasons = State.LIMIT, {f"more than {limits.findings} findings": None}
    return Examined(
        findings[: limits.findings],
        tuple(indicators)[: limits.findings],
        tuple(one for piece in pieces for one in piece.children)[: limits.members],
        tuple(one for piece in pieces for one in piece.texts),
        state,
        "; ".join(reasons),
    )
