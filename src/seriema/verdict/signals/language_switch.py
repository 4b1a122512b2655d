"""The reply is written in another language than the thread, and than this sender is known to write (R49, R50)."""

from seriema.model.case import Evidence
from seriema.verdict.signal import Observation, Reads, Signal

_NAMES = {
    "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian", "ja": "Japanese", "nl": "Dutch",
    "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "zh": "Chinese",
}  # fmt: skip


def observe(evidence: Evidence) -> Observation | None:
    """Bilingual pairs are ordinary: a language the sender used before never counts."""
    thread = evidence.thread
    reply, usual = thread.reply_language, thread.thread_language
    if not thread.reply or not reply or not usual or reply == usual:
        return None
    history = evidence.history
    known = (*history.sender.languages, *(way for pair in history.pairs for way in pair.languages))
    if any(way.value == reply for way in known):
        return None
    return Observation(f"{_NAMES.get(reply, reply)} reply in a thread in {_NAMES.get(usual, usual)}")


SIGNAL = Signal("language_switch", Reads.CONVERSATION, observe)
