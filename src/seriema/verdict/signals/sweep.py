"""One account writes into one unrelated thread after the other within a day (R8, R23, R28)."""

from seriema.model.case import Evidence
from seriema.model.history import SenderHistory
from seriema.model.thread import Kind
from seriema.verdict.signal import Observation, Reads, Signal
from seriema.verdict.signals.dormant_thread import FLOOR_DAYS

#: Threads taken up within a day, this one included, from which on it is a sweep: silent ones, and any.
LEAST_SILENT, LEAST_ANY = 2, 6
#: More than people take up of themselves on a busy day, in silent threads and in any.
FULL_SILENT, FULL_ANY = 4, 16
#: Of the mails somebody usually writes in a day, so many may take up a silent thread by themselves.
SHARE_SILENT = 0.25
#: A day is out of the ordinary with so many times the usual mails.
BEYOND_USUAL = 4.0
#: From so many mails on an account's usual day is known.
ENOUGH_MAILS, ENOUGH_DAYS = 10, 14.0
#: Threads that talk say less than silent ones: a busy day is no attack.
LIVE_SHARE = 0.5


def observe(evidence: Evidence) -> Observation | None:
    """Replies among people only: lists and machines write into many threads every day."""
    thread, sender = evidence.thread, evidence.history.sender
    if not thread.reply or thread.own_kind in (Kind.LIST, Kind.NOTIFICATION) or thread.kind is Kind.LIST:
        return None
    usual = _mails_a_day(sender, evidence)
    silent = sender.recent_dormant + 1
    is_silent = thread.silent_days is not None and thread.silent_days >= FLOOR_DAYS
    if is_silent and silent >= max(LEAST_SILENT, SHARE_SILENT * (usual or 0) + 1):
        text = f"this account takes up {silent} long silent threads within a day"
        return Observation(text, min(1.0, (silent - 1) / (FULL_SILENT - 1) + 0.1))
    threads = sender.recent_threads + 1
    if usual is None or threads < max(LEAST_ANY, BEYOND_USUAL * usual):
        return None
    text = f"{threads} different threads within a day from an account that writes {max(usual, 0.1):.1f} mails on others"
    return Observation(text, LIVE_SHARE * min(1.0, threads / max(FULL_ANY, BEYOND_USUAL * usual)))


def _mails_a_day(sender: SenderHistory, evidence: Evidence) -> float | None:
    """Before the last day, as far as it is known; None while there is too little to call anything usual."""
    if sender.first is None:
        return None
    days = (evidence.as_of - sender.first).total_seconds() / 86_400 - 1
    mails = sender.sent - sender.recent_threads
    return mails / days if days >= ENOUGH_DAYS and mails >= ENOUGH_MAILS else None


SIGNAL = Signal("sweep", Reads.CONVERSATION, observe)
