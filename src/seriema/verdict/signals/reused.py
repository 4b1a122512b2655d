"""Mails of unrelated senders share a password, an archive, a document or where a file reaches for (R29, R48)."""

from seriema.model.case import Evidence
from seriema.model.history import Reuse, Shared
from seriema.verdict.outcome import fetches, harmless
from seriema.verdict.signal import Observation, Reads, Signal

#: How strongly one other sender speaks. Short passwords are alike by chance, and files that can act are passed on.
_STRENGTH = {Shared.PASSWORD: 0.5, Shared.ARCHIVE: 0.8, Shared.DOCUMENT: 0.8, Shared.TARGET: 0.8}
_WORDS = {
    Shared.PASSWORD: "the password of {name} opened files",
    Shared.ARCHIVE: "the same archive as {name} came",
    Shared.DOCUMENT: "the same document as {name} came",
    Shared.TARGET: "what {name} reaches for stood in mails",
}
#: Each further sender adds so much.
_MORE = 0.1
#: What is left where the file opened and nothing was found in it: forms and catalogues go round.
_HARMLESS = 0.4


def observe(evidence: Evidence) -> Observation | None:
    """The most telling one."""
    ranked = [
        (_strength(one, evidence), one) for one in evidence.history.reused if one.senders and _telling(one, evidence)
    ]
    if not ranked:
        return None
    strength, shared = max(ranked, key=lambda each: each[0])
    name = next((one.path[-1] for one in evidence.artifacts if one.id == shared.artifact), "a file")
    others = f"{shared.senders} other unrelated sender{'s' * (shared.senders != 1)}"
    latest = f", last on {shared.mails[-1].received:%Y-%m-%d}" if shared.mails else ""
    return Observation(f"{_WORDS[shared.shared].format(name=name)} from {others}{latest}", strength)


def _telling(shared: Reuse, evidence: Evidence) -> bool:
    """Many letters link to one place; that two files fetch from one is another matter."""
    return shared.shared is not Shared.TARGET or fetches(shared.artifact, evidence)


def _strength(shared: Reuse, evidence: Evidence) -> float:
    strength = min(1.0, _STRENGTH[shared.shared] + _MORE * (shared.senders - 1))
    top = next((one for one in evidence.artifacts if one.id == shared.artifact.partition(".")[0]), None)
    return strength * _HARMLESS if top is not None and harmless(top, evidence) else strength


SIGNAL = Signal("reused", Reads.CONTENT, observe)
