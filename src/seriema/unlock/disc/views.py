"""What the file systems of one image list, laid side by side.

Which of them a person sees depends on the system that mounts the image. A file is the same in two views when its bytes
lie at the same place; then it is listed once, by the name that most see. Whatever one view alone shows is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from seriema.model.artifact import SEVERITY, State
from seriema.model.finding import Finding
from seriema.unlock.disc.listing import Extent, Found, Listing, pieces
from seriema.unlock.format import Container, Key, Member

_SHORT_EXTENSION = 3


@dataclass(slots=True)
class _Merged:
    """The files of all views together."""

    files: list[tuple[Found, str]] = field(default_factory=list)
    facts: list[tuple[str, str, str]] = field(default_factory=list)
    trouble: str = ""

    def note(self, fact: str, place: str, detail: str) -> None:
        self.facts.append((fact, place, detail))
        self.trouble = self.trouble or detail


def container(artifact: str, prefix: str, content: bytes, listings: Sequence[Listing]) -> Container:
    """One container of all views, those that most people see first."""
    merged = _merged(listings)
    state, reason = _worst(listings)
    if merged.trouble and SEVERITY.index(state) < SEVERITY.index(State.MALFORMED):
        state, reason = State.MALFORMED, merged.trouble
    facts = dict.fromkeys([*merged.facts, *(fact for each in listings for fact in each.facts)])
    return Container(
        members=tuple(_member(content, found, view) for found, view in merged.files),
        findings=tuple(Finding(f"{prefix}.{fact}", artifact, place, detail) for fact, place, detail in facts),
        state=state,
        state_reason=reason,
    )


def _merged(listings: Sequence[Listing]) -> _Merged:
    merged = _Merged()
    known: dict[tuple[Extent, ...], set[str]] = {}
    for number, listing in enumerate(listings):
        own: dict[tuple[Extent, ...], set[str]] = {}
        for found in listing.files:
            extension = _extension(found.name)
            if found.extents:
                own.setdefault(found.extents, set()).add(extension)
            if number == 0 or _new(found, extension, known, short=listing.short_names):
                merged.files.append((found, listing.view))
                if number:
                    told = f"{listing.view} shows a file that {listings[0].view} does not"
                    merged.note("two-views", found.name, told)
        hidden = known.keys() - own.keys()
        if number and hidden and not listing.reason:
            told = f"{listings[0].view} shows files that {listing.view} does not"
            merged.note("two-views", listing.view, told)
        for extents, extensions in own.items():
            known.setdefault(extents, set()).update(extensions)
    return merged


def _new(found: Found, extension: str, known: dict[tuple[Extent, ...], set[str]], *, short: bool) -> bool:
    """Whether no earlier view shows these bytes as this kind of file; empty files are only shown by the first."""
    if not found.extents:
        return bool(found.trouble)
    others = known.get(found.extents)
    if others is None:
        return True
    if short:
        return extension not in {each[:_SHORT_EXTENSION] for each in others}
    return extension not in others


def _extension(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[2].casefold() if "." in name.rpartition("/")[2] else ""


def _worst(listings: Sequence[Listing]) -> tuple[State, str]:
    states: Iterator[tuple[State, str]] = ((each.state, each.reason) for each in listings)
    return max(states, key=lambda each: SEVERITY.index(each[0]), default=(State.MALFORMED, "no file system"))


def _member(content: bytes, found: Found, view: str) -> Member:
    def read(_key: Key | None) -> Iterator[bytes]:
        return pieces(content, found)

    recorded = sum(length for offset, length in found.extents if offset >= 0)
    return Member(
        name=found.name,
        size=found.size,
        stored=min(found.size, recorded),
        read=None if found.trouble else read,
        method=view,
        state=found.state,
        state_reason=found.trouble,
    )
