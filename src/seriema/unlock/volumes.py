"""Files of one mail or container that are volumes of one archive, found by their names and by how they begin.

``name.part1.rar``, ``name.rar`` with ``name.r00`` (RAR), ``name.z01`` with ``name.zip`` (split ZIP), ``name.7z.001``
and any other ``.001`` (cut into pieces). The archive stands in the place of the part that a person would open; a part
that is missing is named, and then nothing of it counts as inspected.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from seriema.model.artifact import Artifact, FileClass, State
from seriema.model.limits import Limits
from seriema.unlock.rar.entries import MARK
from seriema.unlock.rar.volumes import first_mark
from seriema.unlock.zip import split

_NEW_RAR = re.compile(r"(.+)\.part(\d{1,5})\.(?:rar|exe)", re.IGNORECASE | re.DOTALL)
_OLD_RAR = re.compile(r"(.+)\.(?:(rar|exe)|([r-z])(\d\d))", re.IGNORECASE | re.DOTALL)
_ZIP = re.compile(r"(.+)\.(?:(zip|zipx)|zx?(\d\d))", re.IGNORECASE | re.DOTALL)
_PIECE = re.compile(r"(.+)\.(\d{3})", re.DOTALL)
_EXTENSION = re.compile(r"\.(?:7z|[a-z][a-z0-9]{1,4})\Z", re.IGNORECASE)
#: The piece that a split ZIP ends in stands behind all numbers.
_LAST = 1 << 20
#: What says itself where it ends, so that what was read of it without an error was all.
_WITH_AN_END = frozenset({FileClass.ARCHIVE, FileClass.DISK_IMAGE})

#: Parts of a set by their number, the first 1.
_Parts = Mapping[int, tuple[Artifact, bytes]]


@dataclass(frozen=True, slots=True)
class VolumeSet:
    """Volumes that belong together."""

    lead: str  #: id of the artifact under which the archive stands
    parts: tuple[str, ...]  #: ids of the others
    name: str  #: of the archive without its numbers
    content: bytes | None  #: what to open in the lead's place; None when it cannot be opened
    state: State = State.INSPECTED  #: the least the archive ends in
    state_reason: str = ""
    open_ended: str = ""  #: name of the last part, when nothing says whether another should follow
    even: bool = False  #: and it is as large as those before it, as all but the last one are as a rule


@dataclass(slots=True)
class Volumes:
    """The sets of one mail as its files come to light."""

    sets: dict[str, VolumeSet] = field(default_factory=dict)  #: by the id of the lead
    lead_of: dict[str, str] = field(default_factory=dict)  #: of each part, and of a lead that cannot be opened
    _own: dict[str, bytes] = field(default_factory=dict)  #: what each lead is by itself

    def found(self, files: Sequence[tuple[Artifact, bytes]], limits: Limits) -> Iterator[VolumeSet]:
        """Sets among files that lie beside each other which are new, or larger than before."""
        beside = [(one, self._own.get(one.id, content)) for one, content in files if may_be_volume(one.name)]
        contents = {one.id: content for one, content in beside}
        for one in volume_sets(beside, limits):
            before = self.sets.get(one.lead)
            if before is None or (before.parts, before.state_reason) != (one.parts, one.state_reason):
                self.sets[one.lead] = one
                self._own[one.lead] = contents[one.lead]
                self.lead_of.pop(one.lead, None)
                self.lead_of |= dict.fromkeys(
                    one.parts if one.content is not None else (one.lead, *one.parts), one.lead
                )
                yield one

    def settled(self, artifacts: Mapping[str, Artifact]) -> Iterator[Artifact]:
        """How far each lead and part was inspected in the end, given how far the leads were."""
        for lead, one in self.sets.items():
            whole, missing = artifacts[lead], f"a part after {one.open_ended} may be missing"
            if whole.state is State.MALFORMED and one.open_ended:
                yield (whole := replace(whole, state_reason=f"{whole.state_reason}; {missing}"))
            elif whole.state is State.INSPECTED and one.even and whole.file_class not in _WITH_AN_END:
                yield (whole := replace(whole, state=State.UNSUPPORTED, state_reason=missing))
            yield from (artifacts[part].as_part_of(whole) for part in one.parts if self.lead_of[part] == lead)


def may_be_volume(name: str) -> bool:
    """Whether a file of this name may belong to a set; cheap."""
    return any(pattern.fullmatch(name) for pattern in (_NEW_RAR, _OLD_RAR, _ZIP, _PIECE))


def volume_sets(files: Sequence[tuple[Artifact, bytes]], limits: Limits) -> tuple[VolumeSet, ...]:
    """The sets among files that lie beside each other; each file is in one at most."""
    taken: set[str] = set()
    found: list[VolumeSet] = []
    for number_of, joined in ((_new_rar, _rar), (_old_rar, _rar), (_zip, _split_zip), (_piece, _pieces)):
        rest = [file for file in files if file[0].id not in taken]
        for name, parts in _groups(rest, number_of):
            one = joined(name, parts, limits)
            if one:
                found.append(one)
                taken |= {one.lead, *one.parts}
    return tuple(found)


def _groups(
    files: Iterable[tuple[Artifact, bytes]], number_of: Callable[[Artifact, bytes], tuple[str, int] | None]
) -> Iterator[tuple[str, _Parts]]:
    groups: dict[str, tuple[str, dict[int, tuple[Artifact, bytes]]]] = {}
    for artifact, content in files:
        numbered = number_of(artifact, content)
        if numbered:
            name, number = numbered
            groups.setdefault(name.casefold(), (name, {}))[1].setdefault(number, (artifact, content))
    for name, parts in groups.values():
        yield name, dict(sorted(parts.items()))


# -- how volumes are numbered ------------------------------------------------------------------------------------------


def _is_rar(artifact: Artifact, content: bytes) -> bool:
    program = artifact.name.lower().endswith(".exe")
    return content.startswith(MARK) or (program and first_mark(content) >= 0)


def _new_rar(artifact: Artifact, content: bytes) -> tuple[str, int] | None:
    fits = _NEW_RAR.fullmatch(artifact.name)
    return (f"{fits[1]}.rar", int(fits[2])) if fits and _is_rar(artifact, content) else None


def _old_rar(artifact: Artifact, content: bytes) -> tuple[str, int] | None:
    """``.rar``, then ``.r00`` to ``.r99``, ``.s00`` and so on."""
    fits = _OLD_RAR.fullmatch(artifact.name)
    if not fits or not _is_rar(artifact, content):
        return None
    number = 1 if fits[2] else 2 + 100 * (ord(fits[3].lower()) - ord("r")) + int(fits[4])
    return f"{fits[1]}.rar", number


def _zip(artifact: Artifact, content: bytes) -> tuple[str, int] | None:
    fits = _ZIP.fullmatch(artifact.name)
    if not fits or (fits[2] and not split.volumes_before(content)):
        return None
    return f"{fits[1]}.zip", _LAST if fits[2] else int(fits[3])


def _piece(artifact: Artifact, content: bytes) -> tuple[str, int] | None:
    fits = _PIECE.fullmatch(artifact.name)
    return (fits[1], int(fits[2])) if fits and int(fits[2]) and content else None


# -- what a group comes to ---------------------------------------------------------------------------------------------


def _gap(numbers: Iterable[int]) -> int:
    """The first number that is missing, counted from 1; 0 for none up to the last."""
    return next((wanted for wanted, number in enumerate(numbers, 1) if wanted != number), 0)


def _joined(parts: _Parts, limits: Limits, join: Callable[[Sequence[bytes]], bytes]) -> tuple[bytes | None, State, str]:
    contents = [content for _, content in parts.values()]
    if sum(map(len, contents)) > limits.opened_bytes:
        return None, State.LIMIT, "its volumes together are larger than what one mail may open"
    return join(contents), State.INSPECTED, ""


def _set(lead: int, name: str, parts: _Parts, outcome: tuple[bytes | None, State, str], last: str = "") -> VolumeSet:
    ids = {number: artifact.id for number, (artifact, _) in parts.items()}
    return VolumeSet(ids.pop(lead), tuple(ids.values()), name, *outcome, last)


def _rar(name: str, parts: _Parts, limits: Limits) -> VolumeSet | None:
    """What no name shows (the last part missing, another order) the headers of the volumes tell."""
    lead, gap = min(parts), _gap(parts)
    if len(parts) == 1:
        return None
    content, state, reason = _joined(parts, limits, b"".join)
    if content is not None and gap:
        state, reason = State.UNSUPPORTED, f"part {gap} of {name} is missing"
    return _set(lead, name, parts, (content, state, reason))


def _split_zip(name: str, parts: _Parts, limits: Limits) -> VolumeSet | None:
    if _LAST not in parts:
        return _set(min(parts), name, parts, (None, State.UNSUPPORTED, f"{name}, its last part, is missing"))
    last = parts[_LAST][1]
    before = split.volumes_before(last)
    parts = {number: part for number, part in parts.items() if number <= before or number == _LAST}
    gap = _gap((*[number for number in parts if number != _LAST], before + 1))
    if gap:
        return _set(_LAST, name, parts, (last, State.UNSUPPORTED, f"part {gap} of {before + 1} of {name} is missing"))
    return _set(_LAST, name, parts, _joined(parts, limits, split.joined))


def _pieces(name: str, parts: _Parts, limits: Limits) -> VolumeSet | None:
    """A later piece is surely one when its name has another extension, or when it is of no kind by itself."""
    lead, gap = min(parts), _gap(parts)
    if not gap:
        last = parts[max(parts)][0].name
        even = len(parts) > 1 and len({len(content) for _, content in parts.values()}) == 1
        return replace(_set(lead, name, parts, _joined(parts, limits, b"".join), last), even=even)
    if _EXTENSION.search(name) or any(artifact.kind == "unknown" for artifact, _ in parts.values()):
        return _set(lead, name, parts, (None, State.UNSUPPORTED, f"piece {gap} of {name} is missing"))
    return None
