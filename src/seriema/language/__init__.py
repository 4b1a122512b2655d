"""Language of short texts, and vocabularies of many languages as data. Words and languages, no judgement.

Any room may import this one. ``load()`` reads everything, so that a locked process needs no file afterwards.
"""

from seriema.language import detection, subject
from seriema.language import vocabulary as vocabularies
from seriema.language.detection import detect
from seriema.language.phrases import Hit, Phrases
from seriema.language.subject import base_subject, is_reply_subject
from seriema.language.text import fold, plain
from seriema.language.vocabulary import languages_of, vocabulary

__all__ = [
    "Hit",
    "Phrases",
    "base_subject",
    "detect",
    "fold",
    "is_reply_subject",
    "languages_of",
    "load",
    "plain",
    "vocabulary",
]


def load() -> None:
    """Read every data file and the model."""
    vocabularies.load()
    subject.load()
    detection.load()
