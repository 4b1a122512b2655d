"""Evidence of mails judged tag or ask, sealed for thirty days, so that later mails may bring to light what they were.

They are found by the mails that memory has of the same account, of accounts that did the like towards the same
organisation, and of whoever held the same password, archive, active file or host.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import msgspec

from seriema.edge.memory import others, records, sealed, shared
from seriema.edge.memory.acts import came_key
from seriema.edge.memory.entries import Rows
from seriema.edge.memory.facts import text
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.recall import AsOf
from seriema.edge.memory.sealed import Sealing
from seriema.model.case import Evidence, Kept
from seriema.model.password import Proven
from seriema.model.verdict import Tier

#: How long they are kept, how many of one organisation and of all, and how many a look-up gives back.
KEPT_FOR = timedelta(days=30)
ROWS_OF_ONE, ROWS, GIVEN = 200, 4_000, 24

HOLDS = "suspect"
_LOOKED_AT = frozenset({Tier.TAG.value, Tier.ASK.value})


def sealing(kept: Kept, keyring: Keyring, now: int) -> Sealing:
    """A mail's evidence, to be kept."""
    made = sealed.sealing(HOLDS, kept.evidence, msgspec.msgpack.encode(kept), keyring, now, KEPT_FOR)
    organisation = sealed.organisation_of(kept.evidence.message.sender.domain)
    own_keys = {"organisation": keyring.number(HOLDS, organisation), "conversation": keyring.number(HOLDS, "")}
    return replace(made, row=made.row | own_keys, most=ROWS_OF_ONE, together=ROWS)


def suspects_for(
    rows: Rows,
    keyring: Keyring,
    evidence: Evidence,
    proven: Sequence[Proven],
    own_domains: frozenset[str],
    asking: AsOf,
) -> tuple[Kept, ...]:
    """The latest such mails that this one may bring to light, earliest first."""
    mails = rows.documents(_near(rows, keyring, evidence, proven, own_domains, asking))
    since = asking.before - KEPT_FOR // timedelta(microseconds=1)
    near = [
        one
        for one in mails.values()
        if one.tier in _LOOKED_AT and one.condemned is None and one.received >= since and asking.visible(one)
    ]
    latest = sorted(near, key=lambda one: one.mark)[-GIVEN:]
    found = (of_case(rows, keyring, one.case.hex()) for one in latest)
    return tuple(one for one in found if one)


def of_case(rows: Rows, keyring: Keyring, case: str) -> Kept | None:
    """What is kept of one mail."""
    return sealed.file_of(rows.database, keyring, sealed.mail_key(case, keyring), HOLDS)


def _near(
    rows: Rows,
    keyring: Keyring,
    evidence: Evidence,
    proven: Sequence[Proven],
    own_domains: frozenset[str],
    asking: AsOf,
) -> set[int]:
    """Numbers of mails that have something to do with this one."""
    message = evidence.message
    sender = keyring.number("sender", text(message.sender.key))
    domain = others.organisation_of((one.key for one in message.recipients), message.sender.key, own_domains)
    organisation = came_key(domain, keyring)
    things = [one.key for one in shared.held(evidence, proven, keyring)]
    rows.load((sender, organisation, *things))
    habit = rows.entry(sender)
    found = {one.number for one in records.sender_habit(habit).events} if habit else set()
    found |= {one.number for one in others.lately(others.came(rows, organisation), asking)}
    return found | {number for key in things for number, _ in shared.ring(rows, key)}
