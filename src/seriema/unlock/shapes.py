"""How much a piece of text looks like a password, by its characters alone: the same in every language.

The shapes are those of real lures (digits, letters with digits, words with a date) and of generated passwords; what
prose is full of (plain words, dates, times, amounts, addresses, file names) scores low but never nothing.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Shape:
    """A pattern for the whole piece, and its points."""

    points: float
    pattern: re.Pattern[str]


def _shape(points: float, pattern: str) -> _Shape:
    return _Shape(points, re.compile(pattern))


_MONTHS = "jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez"
#: The first that fits decides. All patterns are linear: no nested or overlapping repetition.
_SHAPES = (
    _shape(0.0, r"\S{49,}"),
    _shape(0.5, r"(?:https?|ftp|hxxps?|file)://\S*|www\.\S*|mailto:\S*"),
    _shape(0.5, r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    _shape(4.5, r"(?:19|20)\d\d"),
    _shape(7.5, r"\d{3,8}"),
    _shape(4.0, r"\d{9,12}"),
    _shape(1.5, r"\d{1,2}|\d{13,}"),
    _shape(1.0, r"[\d.,:/+\-]+%?|\d+(?:st|nd|rd|th|am|pm|kg|km|cm|mm|gb|mb|kb|eur|usd|px|pt|er|h|x)|[$€£¥]\d[\d.,]*"),
    _shape(2.0, r"(?i:q[1-4]|h[1-6]|a[3-5]|mp[34]|utf-?8|x64|x86|win32|covid-?19|[1-9]\.?)"),
    _shape(
        1.0, r"\w+\.(?i:zip|7z|rar|docx?|xlsx?|pptx?|pdf|exe|iso|img|html?|txt|jpe?g|png|gif|eml|msg|com|net|org|de|jp)"
    ),
    _shape(8.0, rf"(?i:{_MONTHS})[a-z]*\d{{1,8}}"),
    _shape(8.5, r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{3,16}"),
    _shape(5.0, r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{17,48}"),
    _shape(1.0, r"(?=.*\d)\w+(?:[-/]\w+){2,}"),
    _shape(8.0, r"(?=\D*\d)(?=[^A-Za-z]*[A-Za-z])[!-~]{4,24}"),
    _shape(6.0, r"(?=\w*[!#$%&*+=?@^~])(?=[^A-Za-z]*[A-Za-z])[!-~]{5,24}"),
    _shape(5.0, r"[A-Z]?[a-z]+[A-Z][A-Za-z]*|[a-z]*[bcdfghjklmnpqrstvwxz]{5,}[a-z]*"),
    _shape(3.0, r"[A-Z]{3,16}"),
    _shape(0.8, r"[A-Z][a-z]+"),
    _shape(0.5, r"[a-z]{4,}"),
    _shape(0.2, r"\w+"),
)


def looks(piece: str) -> float:
    """Points from 0 to 9 for a piece without white space; a piece with white space gets 1."""
    if " " in piece:
        return 1.0
    return next((shape.points for shape in _SHAPES if shape.pattern.fullmatch(piece)), 0.3)
