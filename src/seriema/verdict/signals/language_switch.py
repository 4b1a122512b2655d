"""The reply is written in another language than the thread, and than this sender is known to write (R49–R51)."""

from seriema.model.case import Evidence
from seriema.model.thread import Kind
from seriema.verdict.signal import Observation, Reads, Signal

_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
#: Of so few letters a language is less sure; a greeting is enough to tell it at all.
SHORT_LETTERS, SHORT_SHARE = 40, 0.7
#: Only what a client or a list added may be in the other language.
LIST_SHARE = 0.5


def observe(evidence: Evidence) -> Observation | None:
    """Bilingual pairs are ordinary: a language that is a habit of this sender never counts."""
    thread, history = evidence.thread, evidence.history
    reply, usual = thread.reply_language, thread.thread_language
    if not thread.reply or not reply or not usual or reply == usual:
        return None
    known = (*history.sender.languages, *(way for pair in history.pairs for way in pair.languages))
    if any(way.habit and way.value == reply for way in known):
        return None
    strength = SHORT_SHARE if len(evidence.message.body.reply.strip()) < SHORT_LETTERS else 1.0
    if thread.kind is Kind.LIST:
        strength *= LIST_SHARE
    habit = [_NAMES.get(way.value, way.value) for way in history.sender.languages if way.habit]
    used = f"; so far this sender wrote {' and '.join(habit)}" if habit else ""
    return Observation(f"{_NAMES.get(reply, reply)} reply in a thread in {_NAMES.get(usual, usual)}{used}", strength)


SIGNAL = Signal("language_switch", Reads.CONVERSATION, observe)
