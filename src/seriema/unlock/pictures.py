"""Which few pictures of a mail to read, because a password for a file that stayed locked may stand in them.

The nearest to a locked file come first, before them those whose names speak of a password. Size and number are bounded;
what a bound leaves out is said, for a password may stand there.
"""

from collections.abc import Iterable, Iterator, Mapping

from seriema.model.artifact import Artifact
from seriema.model.finding import Finding
from seriema.model.password import Text
from seriema.model.picture import Picture
from seriema.unlock.mentions import mentions_password
from seriema.unlock.picture_size import READERS, size_of

#: Pictures of one mail, and bytes and pixels of one and of all: a printed page at 300 dots an inch is read in 5 s.
MOST, MOST_BYTES, BYTES_TOGETHER, MOST_PIXELS, PIXELS_TOGETHER = 4, 4 << 20, 8 << 20, 9_000_000, 16_000_000
#: A picture that is narrower or lower holds no word: tracking pixels, rules, bullets.
LEAST_WIDTH, LEAST_HEIGHT = 24, 8
#: Pictures that are looked at, reasons that are given one by one, and locked files to which they are near.
_LOOKED_AT, _SAID, _PLACES = 200, 8, 32


def pictures(
    beside: Iterable[tuple[Artifact, bytes]], shut: Mapping[str, bool], *, read: bool = False
) -> Iterator[Picture | Finding]:
    """Of the pictures in ``beside`` those worth reading, best first, and what was left out.

    ``shut`` says by place what a password may still open; ``read`` that the pictures were read already.
    """
    places = [_steps(one) for one, is_shut in shut.items() if is_shut][:_PLACES]
    if not places:
        return
    ranked: dict[str | None, tuple[Artifact, bytes]] = {}
    for each in sorted(beside, key=lambda each: _rank(each[0], places)):
        ranked.setdefault(each[0].sha256, each)
    bytes_left, pixels_left, taken, said = BYTES_TOGETHER, PIXELS_TOGETHER, 0, 0
    for number, (one, content) in enumerate(ranked.values()):
        size = size_of(one.kind, content) if one.kind in READERS else (LEAST_WIDTH, LEAST_HEIGHT)
        if size and (size[0] < LEAST_WIDTH or size[1] < LEAST_HEIGHT):
            continue
        if taken == MOST or number == _LOOKED_AT or said == _SAID:
            left = len(ranked) - number
            yield Finding("picture.not-read", "0", detail=f"{left} more beside a locked file, {taken} were chosen")
            return
        if why := _unfit(one, size, len(content), bytes_left, pixels_left):
            said += 1
            yield Finding("picture.not-read", one.id, detail=why)
        else:
            assert size is not None
            taken, bytes_left, pixels_left = taken + 1, bytes_left - len(content), pixels_left - size[0] * size[1]
            if not read:
                yield Picture(one.id, content)


def _unfit(picture: Artifact, size: tuple[int, int] | None, length: int, most_bytes: int, most_pixels: int) -> str:
    if picture.kind not in READERS:
        return f"no reader for {picture.kind}"
    if size is None:
        return "its header is broken"
    if size[0] * size[1] > min(MOST_PIXELS, most_pixels):
        return f"{size[0]} × {size[1]} pixels are too many"
    return "too large" if length > min(MOST_BYTES, most_bytes) else ""


def _rank(picture: Artifact, places: list[list[int]]) -> tuple[bool, tuple[int, int], list[int]]:
    """Lower is better."""
    at = _steps(picture.id)
    silent = not mentions_password([Text("subject", picture.name)])
    return silent, min(_distance(at, place) for place in places), at


def _steps(identity: str) -> list[int]:
    return [int(step) for step in identity.split(".")]


def _distance(one: list[int], other: list[int]) -> tuple[int, int]:
    """Containers to leave and to enter, then how far apart in the container that both lie in."""
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    apart = abs(one[shared] - other[shared]) if shared < min(len(one), len(other)) else 0
    return len(one) + len(other) - 2 * shared, apart
