"""A thread comes to life after a silence far beyond what these people are used to (R7, R12)."""

import math

from seriema.model.case import Evidence
from seriema.model.thread import Clock
from seriema.verdict.signal import Observation, Reads, Signal

#: Below this no silence is remarkable, whatever the habit.
FLOOR_DAYS = 45.0
#: A silence counts when it is this many times the longest one known between the two.
BEYOND_HABIT = 3.0
#: From here on a longer silence says no more.
FULL_DAYS = 365.0
#: What is left when only dates that the mail itself states were counted: anybody may quote an old mail, from an archive
#: for example, and nothing shows that it came to these people then.
CLAIMED_SHARE = 0.6


def observe(evidence: Evidence) -> Observation | None:
    """Compare the silence with the longest earlier one between sender and recipients, if these write to each other."""
    thread = evidence.thread
    if not thread.reply or thread.silent_days is None:
        return None
    habit = max((gap for pair in evidence.history.pairs if pair.habit for gap in pair.gap_days), default=0.0)
    ordinary = max(FLOOR_DAYS, habit * BEYOND_HABIT)
    if thread.silent_days < ordinary:
        return None
    strength = math.log(thread.silent_days / ordinary + 1) / math.log(FULL_DAYS / FLOOR_DAYS + 1)
    claimed = ""
    if thread.clock is Clock.CLAIMED:
        claimed, strength = " by the dates it quotes", strength * CLAIMED_SHARE
    usual = f" (longest known pause of the two: {habit:.0f} days)" if habit >= 1 else ""
    return Observation(f"thread silent for {thread.silent_days:.0f} days{claimed}{usual}", min(1.0, strength))


SIGNAL = Signal("dormant_thread", Reads.CONVERSATION, observe)
