"""How many mails were received before a moment, without counting them: sums over spans of three widths.

Spans are 1, 32 and 1,024 hours wide. A sum reads at most 31 rows of each of the narrower two and about 90 of the widest
for ten years; only the mails of the moment's own hour are counted one by one.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select

from seriema.edge.memory.database import Database
from seriema.edge.memory.schema import MAIL, META, TALLY

_HOUR = 3_600_000_000
#: Hours in a span of each width.
WIDTHS = (1, 32, 1_024)

_HIGHEST = "highest"

_BEFORE = select(
    select(func.coalesce(func.sum(TALLY.c.mails), 0))
    .where(
        or_(
            and_(TALLY.c.width == 2, TALLY.c.span < bindparam("wide")),  # noqa: PLR2004 - place in WIDTHS
            and_(TALLY.c.width == 1, TALLY.c.span >= bindparam("wide") * 32, TALLY.c.span < bindparam("middle")),
            and_(TALLY.c.width == 0, TALLY.c.span >= bindparam("middle") * 32, TALLY.c.span < bindparam("narrow")),
        )
    )
    .scalar_subquery(),
    select(func.count())
    .select_from(MAIL)
    .where(
        MAIL.c.received >= bindparam("hour"),
        or_(
            MAIL.c.received < bindparam("before"),
            and_(MAIL.c.received == bindparam("before"), MAIL.c.number < bindparam("number")),
        ),
    )
    .scalar_subquery(),
)
_EDGES = select(
    select(func.coalesce(func.sum(TALLY.c.mails), 0)).where(TALLY.c.width == len(WIDTHS) - 1).scalar_subquery(),
    select(func.coalesce(func.max(MAIL.c.number), 0)).scalar_subquery(),
    select(func.min(MAIL.c.received)).scalar_subquery(),
    select(func.max(MAIL.c.received)).scalar_subquery(),
    select(META.c.value).where(META.c.name == _HIGHEST).scalar_subquery(),
)


class Edges(NamedTuple):
    """How many mails there are, the highest number that was given, and when the first and the last were received."""

    mails: int
    number: int
    first: int | None
    last: int | None

    def with_more(self, received: Sequence[int]) -> "Edges":
        """The same with more mails, which are numbered after the others."""
        times = [one for one in (self.first, self.last, *received) if one is not None]
        return Edges(self.mails + len(received), self.number + len(received), min(times), max(times))


def edges(database: Database) -> Edges:
    """All that is remembered, in short."""
    [(mails, number, first, last, highest)] = database.read(_EDGES)
    return Edges(int(mails), max(int(number), int.from_bytes(highest or b"", "big")), first, last)


def kept_number(database: Database, highest: int) -> None:
    """No number is given twice, not even that of a mail which is gone. Inside a write."""
    database.upsert(META, [{"name": _HIGHEST, "value": highest.to_bytes(8, "big")}])


def counted(database: Database, received: Iterable[int], each: int = 1) -> None:
    """Add mails received at these moments to the sums, or take them off. Inside a write."""
    spans: dict[tuple[int, int], int] = {}
    for when in received:
        for width, hours in enumerate(WIDTHS):
            place = width, when // _HOUR // hours
            spans[place] = spans.get(place, 0) + each
    rows = [{"width": width, "span": span, "mails": mails} for (width, span), mails in spans.items()]
    database.upsert(TALLY, rows, adding="mails")


def before(database: Database, known: Edges, moment: int, number: int) -> tuple[int, int | None]:
    """How many mails came before that moment (at it, with a lower number), and when the very first came."""
    if known.last is None or known.last < moment:
        return known.mails, known.first
    narrow = moment // _HOUR
    spans = {"narrow": narrow, "middle": narrow // WIDTHS[1], "wide": narrow // WIDTHS[2]}
    values = {**spans, "hour": narrow * _HOUR, "before": moment, "number": number}
    [(summed, counted_now)] = database.read(_BEFORE, values)
    mails = int(summed) + int(counted_now)
    return mails, known.first if mails else None
