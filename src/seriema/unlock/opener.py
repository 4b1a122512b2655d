"""Opens an artifact with every format that claims or recognises it.

One level only: what comes out are children, and ``dissect`` sends them round again. Formats are plugins (see
``format``); what they have in common, budgets, order of tries and the states that follow, is in ``opening``.
"""

from collections.abc import Sequence
from functools import cache, partial

from seriema import plugins
from seriema.model.artifact import Artifact, FileClass, State
from seriema.model.errors import HostileInput, PluginError
from seriema.model.limits import Limits
from seriema.model.password import Candidate
from seriema.unlock.format import Format
from seriema.unlock.opened import UNTRIED, Opened, Tries, joined
from seriema.unlock.opening import open_container
from seriema.unlock.reading import Meter, state_of

PACKAGE = "seriema.unlock.formats"
#: Entry points of this group name values of ``Format``.
ENTRY_POINTS = "seriema.unlock.formats"


@cache
def loaded() -> plugins.Loaded[Format]:
    """All installed formats, our own first, and what is wrong with third parties' that were left out.

    Raises ``PluginError`` when one of our own does not load: without it, locked files would look like unknown ones.
    """
    found = plugins.load(PACKAGE, "FORMAT", Format, ENTRY_POINTS)
    for error in found.errors:
        if f"plugin {PACKAGE}." in str(error):
            raise error
    return found


def broken_formats() -> tuple[PluginError, ...]:
    """The formats that were left out, each with its reason, for ``doctor`` and the service to report."""
    return loaded().errors


def open_artifact(
    artifact: Artifact, content: bytes, candidates: Sequence[Candidate], limits: Limits, before: Tries = UNTRIED
) -> Opened | None:
    """Open ``content`` with every format that claims or recognises it; None when none does.

    ``candidates`` come best first; ``limits`` are what is left of the mail's; ``before`` is what was tried on the same
    bytes already. Nothing is raised for what the data does: each error is a state with its reason, and what was read
    before it stays.
    """
    opened: Opened | None = None
    for each in _formats_for(artifact, content):
        left = limits if opened is None else limits.less(opened.spent)
        view = _open(each, artifact, content, candidates, left, before)
        opened = view if opened is None else joined(opened, view)
    return opened


def _formats_for(artifact: Artifact, content: bytes) -> list[Format]:
    """Those that claim its kind, then those that recognise its bytes and are not covered by one that claims it.

    Office documents hold ZIPs of their own (themes, packages), which ``examine`` reads: what does not claim the kind is
    asked about them only when it can tell these apart. Archives and disk images hold other archives as members.
    """
    known = loaded().values
    claiming = [each for each in known if artifact.kind in each.kinds]
    covered = {name for each in claiming for name in each.instead_of}
    others = [each for each in known if artifact.kind not in each.kinds and each.name not in covered]
    if artifact.file_class is FileClass.OFFICE:
        others = [each for each in others if each.within_documents]
    elif claiming and artifact.file_class in (FileClass.ARCHIVE, FileClass.DISK_IMAGE):
        others = [each for each in others if not each.anywhere]
    return claiming + [each for each in others if plugins.guarded(each.name, partial(each.recognise, content)) is True]


def _open(
    used: Format,
    artifact: Artifact,
    content: bytes,
    candidates: Sequence[Candidate],
    limits: Limits,
    before: Tries,
) -> Opened:
    if not limits.members:
        return Opened(State.LIMIT, "the mail holds more files than are opened")
    try:
        listed = plugins.guarded(used.name, lambda: used.open(artifact, content, limits))
    except HostileInput as error:
        return Opened(state_of(error), str(error))
    if isinstance(listed, plugins.Crash):
        return Opened(State.CRASHED, f"{listed.plugin}: {listed.reason}")
    return open_container(artifact, listed, candidates, Meter(limits, len(content), before))
