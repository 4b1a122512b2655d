"""Who talks: people, a mailing list, a machine to one person, or one sender to many.

Judged from the headers a mail arrived with (RFC 3834, 2919, 2369 and what mail systems add), from who wrote it, and
from the sentences machines put under their mails; for a mail that is known only because another quotes it, from the
quoted author, subject and text. The table is ``machine_mail.toml``; nothing here is a judgement about risk.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from seriema.model.message import Address, Message, Quote
from seriema.model.thread import Kind

#: Characters of a text that are searched for machine sentences: its head, and its end where footers stand.
HEAD, FOOT = 2_000, 2_000
#: Sentences that are looked at one by one.
SENTENCES = 100
#: A strong word of spam counts together with so many others.
WORDS_OF_SPAM = 2

_MARKS = re.compile(r"[\W_]+")
_TAG = re.compile(r"\[([^\[\]]{1,60})\]")
_SERVICE = re.compile(r"\s(?:via|on)\s")
#: Line ends and the punctuation within sentences become blanks, that at their ends line ends. A table is many times
#: faster than a pattern over a whole text.
_TO_SENTENCES = str.maketrans(
    dict.fromkeys("""\r\n"#$%&'()*+,-/:;<=>@[\\]^_`{|}~«»‘’‚“”„–—·•、「」『』（）：；，""", " ")
    | dict.fromkeys(".!?…。！？", "\n")
)


def kind(message: Message) -> Kind:
    """The kind of one mail as it arrived; people when nothing says otherwise."""
    table = _table()
    named = ((field.name.lower(), field.value) for field in reversed(message.headers))
    fields = {name: value for name, value in named if name in table.telling}
    for found, wanted in table.headers if fields else ():
        if any(_begins(fields[name], wanted[name]) for name in wanted.keys() & fields.keys()):
            return found
    return _of_author(message.sender) or _of_text(message.subject, message.body.reply) or Kind.PEOPLE


def quoted_kind(quote: Quote, subject: str = "") -> Kind:
    """The kind of a quoted mail, from its author, its subject (``subject`` where the block gives none) and its text."""
    subject = quote.subject or subject
    if found := _of_author(quote.author):
        return found
    return Kind.LIST if _to_list(quote, subject) else _of_text(subject, quote.body) or Kind.PEOPLE


def _to_list(quote: Quote, subject: str) -> bool:
    """It went to a list's domain, or to the list that its subject names."""
    tags = {_folded(tag) for tag in _TAG.findall(subject[:500])}
    return any(
        one.key.partition("@")[0] in tags or not _table().list_labels.isdisjoint(one.domain.split(".")[:-1])
        for one in quote.recipients[:100]
    )


def _begins(value: str, beginnings: tuple[str, ...]) -> bool:
    return value.strip().lower().startswith(beginnings)


def _of_author(author: Address) -> Kind | None:
    """From the words of the address, its domain, or the name of a service."""
    table = _table()
    local = author.key[:200].rpartition("@")[0].partition("+")[0]
    tokens = _MARKS.split(local)
    bare = "".join(tokens)
    stem = bare.rstrip("0123456789")
    for found, rules in table.locals:
        if stem in rules["exact"] or not rules["token"].isdisjoint(tokens) or _any(rules["within"], bare):
            return found
    if len(tokens) > 1 and tokens[-1] in table.list_suffixes:
        return Kind.LIST
    return _of_service(author)


def _of_service(author: Address) -> Kind | None:
    table = _table()
    folded = _folded(author.name[:200])
    spoken = {_MARKS.sub(" ", piece).strip() for piece in (folded, _SERVICE.split(folded, maxsplit=4)[-1])}
    labels = author.domain[:255].split(".")
    domains = {".".join(labels[start:]) for start in range(max(0, len(labels) - 4), len(labels))}
    return next((found for found, names in table.names if names & spoken or names & domains), None)


def _of_text(subject: str, text: str) -> Kind | None:
    """From the sentences of machines, and from the matter of the commonest spam."""
    table = _table()
    title, sentences = _words(subject[:500]), _sentences(f"{text[:HEAD]}\n{text[HEAD:][-FOOT:]}")
    body = f" {' '.join(' '.join(sentences).split())} "
    single = frozenset(body.split())
    for found, phrases in table.phrases:
        if phrases.within(body, single):
            return found
    for spoken in map(frozenset, map(str.split, (title, *sentences))):
        for found, groups in table.sentences:
            if not any(map(spoken.isdisjoint, groups)):
                return found
    named = table.strong.within(title, frozenset(title.split()))
    strong = named | table.strong.within(body, single)
    if named or (strong and _enough(strong, body, single)):
        return Kind.BULK
    return None


def _enough(strong: set[str], words: str, single: frozenset[str]) -> bool:
    weak = {one for one in _table().weak.within(words, single) if not any(one in other for other in strong)}
    return len(strong | weak) >= WORDS_OF_SPAM


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _words(text: str) -> str:
    """The words of a text with one blank around each."""
    return f" {' '.join(' '.join(_sentences(text)).split())} "


def _sentences(text: str) -> list[str]:
    return _folded(text).translate(_TO_SENTENCES).split("\n")[:SENTENCES]


def _any(words: Iterable[str], text: str) -> bool:
    return any(word in text for word in words)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases to be found in a text that was split into words; each is looked for only where one word of it stands."""

    by_word: dict[str, tuple[str, ...]]
    unspaced: tuple[str, ...]  #: of scripts that write no spaces between words

    def within(self, words: str, single: frozenset[str]) -> set[str]:
        """Those that stand in ``words``, a text as ``_words`` gives it, whose single words are ``single``."""
        known = self.by_word.keys() & single
        found = {phrase for word in known for phrase in self.by_word[word] if phrase in words}
        if not words.isascii():
            found.update(phrase for phrase in self.unspaced if phrase in words)
        return found


def _phrases(written: list[str]) -> Phrases:
    by_word: dict[str, tuple[str, ...]] = {}
    unspaced = []
    for phrase in map(_words, written):
        if min(phrase.replace(" ", "")) < "\u2e80":
            longest = max(phrase.split(), key=len)
            by_word[longest] = (*by_word.get(longest, ()), phrase)
        else:
            unspaced.append(phrase.strip())
    return Phrases(by_word, tuple(unspaced))


@dataclass(frozen=True, slots=True)
class Table:
    """``machine_mail.toml``, made ready for comparison."""

    headers: tuple[tuple[Kind, dict[str, tuple[str, ...]]], ...]
    telling: frozenset[str]  #: all their names
    locals: tuple[tuple[Kind, dict[str, frozenset[str]]], ...]
    list_suffixes: frozenset[str]
    list_labels: frozenset[str]
    names: tuple[tuple[Kind, frozenset[str]], ...]
    phrases: tuple[tuple[Kind, Phrases], ...]
    sentences: tuple[tuple[Kind, tuple[frozenset[str], ...]], ...]
    strong: Phrases
    weak: Phrases


@cache
def _table() -> Table:
    data: dict[str, Any] = tomllib.loads((files("seriema.thread") / "machine_mail.toml").read_text("utf-8"))
    headers = [
        (Kind(rule.pop("kind")), {name: tuple(values) for name, values in rule.items()}) for rule in data["header"]
    ]
    machines = (Kind.NOTIFICATION, Kind.LIST, Kind.BULK)
    local = {one: {name: frozenset(words) for name, words in data["local"][one].items()} for one in machines}
    empty: frozenset[str] = frozenset()
    return Table(
        headers=tuple(headers),
        telling=frozenset(name for _, wanted in headers for name in wanted),
        locals=tuple((one, {"exact": empty, "within": empty, "token": empty} | local[one]) for one in machines),
        list_suffixes=local[Kind.LIST]["suffix"],
        list_labels=frozenset(data["list"]["labels"]),
        names=tuple(
            (one, frozenset((*data["names"][one], *data["domains"][one]))) for one in (Kind.NOTIFICATION, Kind.BULK)
        ),
        phrases=tuple((one, _phrases(data["phrases"][one])) for one in (Kind.LIST, Kind.NOTIFICATION, Kind.BULK)),
        sentences=tuple((Kind(one["kind"]), tuple(map(frozenset, one["words"]))) for one in data["sentence"]),
        strong=_phrases(data["spam"]["strong"]),
        weak=_phrases(data["spam"]["weak"]),
    )
