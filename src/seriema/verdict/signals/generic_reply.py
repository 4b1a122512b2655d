"""A few words that would fit anywhere, above a long thread, point to a file or link (R13, R21)."""

import re
from itertools import pairwise

from seriema.language import fold, plain
from seriema.model.artifact import FileClass
from seriema.model.case import Evidence
from seriema.model.message import Message
from seriema.model.thread import Kind
from seriema.verdict.outcome import harmless, locked
from seriema.verdict.phrases import said
from seriema.verdict.signal import Observation, Reads, Signal

#: Letters that a short reply has at most, and a long thread below it at least; or mails that are remembered of it.
FEW_LETTERS, MANY_LETTERS, MANY_MAILS = 300, 400, 3
#: Letters of a word that carries matter. Of scripts without blanks two signs together are taken.
LONG_WORD = 5
#: Without a set phrase, and for a link or a file that is not locked, or opened and was harmless.
NO_PHRASE, NOT_LOCKED = 0.6, 0.4

_WORD = re.compile(r"[^\W\d_]+")
_SIGNS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_ASIDE = frozenset({FileClass.PICTURE, FileClass.TEXT, FileClass.MEDIA, FileClass.MAIL, FileClass.PROTECTED})


def observe(evidence: Evidence) -> Observation | None:
    """Replies among people that share no word of matter with what they quote; the names of people do not count."""
    message, thread = evidence.message, evidence.thread
    reply, quoted = message.body.reply.strip(), message.body.quoted
    if not thread.reply or thread.kind is Kind.LIST or thread.own_kind in (Kind.LIST, Kind.NOTIFICATION) or not reply:
        return None
    if len(reply) > FEW_LETTERS or (len(quoted) < MANY_LETTERS and thread.messages < MANY_MAILS):
        return None
    brings = _brings(evidence)
    if not brings or not quoted or _matter(reply) & _matter(f"{quoted[:20_000]} {message.subject}") - _names(message):
        return None
    phrase = said(reply, "look")
    strength = (1.0 if phrase else NO_PHRASE) * (1.0 if brings == "a locked file" else NOT_LOCKED)
    words = f" (“{phrase}”)" if phrase else ""
    return Observation(
        f"a reply of {len(reply)} characters{words} brings {brings} and takes up nothing of the thread", strength
    )


def _brings(evidence: Evidence) -> str:
    if any(not harmless(one, evidence) for one in locked(evidence)):
        return "a locked file"
    if any(one.parent == "0" and one.id != "0" and one.file_class not in _ASIDE for one in evidence.artifacts):
        return "a file"
    return "a link" if any(one.place == "reply" for one in evidence.message.links) else ""


def _matter(text: str) -> frozenset[str]:
    folded = fold(plain(text))
    words = {word for word in _WORD.findall(folded) if len(word) >= LONG_WORD and not _SIGNS.match(word)}
    if not folded.isascii():
        words.update(a + b for run in _SIGNS.findall(folded) for a, b in pairwise(run))
    return frozenset(words)


def _names(message: Message) -> frozenset[str]:
    people = (message.sender, *message.recipients)
    return frozenset(_WORD.findall(fold(plain(" ".join(f"{one.name} {one.key}" for one in people)))))


SIGNAL = Signal("generic_reply", Reads.CONVERSATION, observe)
