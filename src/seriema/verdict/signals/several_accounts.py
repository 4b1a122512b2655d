"""Several outside accounts do the same unusual thing to one organisation within days (R16, R29, R35, R40).

A large organisation always has somebody who takes up an old thread or sends a locked file, so others count only for a
mail that does the same, and both at once say more.
"""

from seriema.model.case import Direction, Evidence
from seriema.model.thread import Kind
from seriema.verdict.outcome import harmless, locked, opened_by_own_password
from seriema.verdict.signal import Observation, Reads, Signal
from seriema.verdict.signals.dormant_thread import FLOOR_DAYS

#: Other accounts at which one kind of likeness speaks fully.
FULL_LOCKED, FULL_DORMANT = 4, 8
#: What silent threads add to locked files; alone they are taken up in good faith every day.
DORMANT_MORE, DORMANT_SHARE = 0.25, 0.4
#: What is left once all locked files opened and nothing was found in them.
HARMLESS = 0.3


def observe(evidence: Evidence) -> Observation | None:
    """Count the other accounts that did what this one does."""
    thread, ours = evidence.thread, evidence.history.organisation
    if evidence.direction is not Direction.INCOMING or not thread.reply or thread.own_kind is Kind.LIST:
        return None
    dormant = thread.silent_days is not None and thread.silent_days >= FLOOR_DAYS and ours.dormant_accounts
    opened = opened_by_own_password(evidence) is not None and ours.locked_accounts
    if opened:
        text = f"{opened} other accounts sent a locked file with its password to {ours.domain} within a week"
        strength = min(1.0, opened / FULL_LOCKED + (DORMANT_MORE if dormant else 0.0))
        return Observation(
            text, strength * (HARMLESS if all(harmless(one, evidence) for one in locked(evidence)) else 1.0)
        )
    if not dormant:
        return None
    text = f"{dormant} other accounts took up silent threads with {ours.domain} within a week"
    return Observation(text, DORMANT_SHARE * min(1.0, dormant / FULL_DORMANT))


SIGNAL = Signal("several_accounts", Reads.CONVERSATION, observe)
