"""What accounts other than the sender did: towards the same organisation, and under the sender's display name."""

from collections.abc import Iterable, Sequence

from seriema.edge.memory import records
from seriema.edge.memory.acts import domain_of
from seriema.edge.memory.entries import Rows
from seriema.edge.memory.facts import within
from seriema.edge.memory.habits import DAY
from seriema.edge.memory.history import HABIT_DAYS
from seriema.edge.memory.recall import AsOf
from seriema.edge.memory.records import AccountEvent, Flag, Mark
from seriema.model.history import Namesake, OrganisationHistory

#: How long what came to an organisation bears on what comes next.
LATELY = 7 * DAY
#: Correspondents of the sender's name that are looked at.
NAMESAKES = 8

_LOCKED_BESIDE = Flag.LOCKED | Flag.BESIDE


def organisation_of(recipients: Iterable[str], sender: str, own_domains: frozenset[str]) -> str:
    """The recipients' organisation: one of our own domains if any is among them, else the first not the sender's."""
    domains = dict.fromkeys(domain_of(one) for one in recipients)
    domains.pop("", None)
    ours = [one for one in domains if within(f"@{one}", own_domains)]
    strange = [one for one in domains if one != domain_of(sender)]
    return next(iter((*ours, *strange)), "")


def came(rows: Rows, key: int) -> tuple[AccountEvent, ...]:
    """What lately came to an organisation."""
    value = rows.entry(key)
    return records.accounts(value) if value else ()


def lately(events: Iterable[AccountEvent], asking: AsOf) -> list[AccountEvent]:
    """What of it came in the last days before the mail that asks."""
    return [one for one in events if asking.before - one.received < LATELY and asking.sees((one.received, one.number))]


def organisation_history(
    domain: str, events: Iterable[AccountEvent], account: int, asking: AsOf
) -> OrganisationHistory:
    """What of it accounts other than the sender did in the last days before the mail that asks."""
    elsewhere = [one for one in lately(events, asking) if one.account != account]
    return OrganisationHistory(
        domain=domain,
        dormant_accounts=len({one.account for one in elsewhere if one.flags & Flag.DORMANT}),
        locked_accounts=len({one.account for one in elsewhere if one.flags & _LOCKED_BESIDE == _LOCKED_BESIDE}),
    )


def bearers(rows: Rows, key: int, sender: str, asking: AsOf) -> list[str]:
    """Other addresses from which earlier mails came under the same display name."""
    numbers = [abs(one) for one in rows.ring(key)]
    mails = rows.documents(numbers)
    seen = [mails[one] for one in numbers if one in mails and asking.visible(mails[one])]
    return list(dict.fromkeys(one.sender for one in seen if one.sender != sender))[:NAMESAKES]


def namesakes(answers: Sequence[tuple[str, tuple[Mark, ...]]]) -> tuple[Namesake, ...]:
    """Of the bearers of a name those whom our people answered on enough days."""
    return tuple(Namesake(address, len(days)) for address, days in answers if len(days) >= HABIT_DAYS)
