"""How surely the password that a mail gives away is found, in many languages and ways of writing.

Every wording of ``passwords.toml`` and every trap below becomes a whole mail with a locked ZIP, read by the real path.
The candidates then open a ZipCrypto and an AES-256 archive (found within the budget), and their order says what 7z, RAR
and Office files would see (the first twenty). Passwords come from a seed, and from real ones where
``archive_passwords.tsv`` is found (``../shared/data`` or ``SERIEMA_DATA``).

    python bench/passwords.py [--misses] [--seed N]
"""

import argparse
import csv
import os
import random
import statistics
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

from seriema import dissect, unlock
from seriema.exercise.archives import Member, zip_of
from seriema.model.artifact import Artifact, State
from seriema.model.limits import Limits
from seriema.model.password import Candidate, Text
from seriema.model.plan import Plan
from seriema.unlock.words import vocabulary

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("SERIEMA_DATA", ROOT / ".." / "shared" / "data"))
WORDINGS: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
FIRST = 20
SENT = datetime.fromisoformat("2022-03-14T09:26:00+01:00")
COMPANY = "northpier"
INNOCENT = 300
#: Scripts without spaces write the colon wide.
WIDE = ("ja", "zh", "zh-hant", "ko")


@dataclass(frozen=True)
class Lure:
    """One mail: what stands where, and the passwords that must be found."""

    language: str
    trap: str
    passwords: tuple[str, ...]
    body: str = ""
    html: str = ""
    subject: str = "Re: schedule"
    file: str = "documents.zip"
    older: str = ""
    encoding: str = "utf-8"

    def raw(self) -> bytes:
        """The whole mail."""
        mail = EmailMessage()
        mail["From"], mail["To"] = f"Marta Lind <marta@{COMPANY}.example>", "priya@customer.example"
        mail["Subject"], mail["Date"] = self.subject, format_datetime(SENT)
        mail["Message-ID"] = "<1@northpier.example>"
        quoted = f"\n\nOn Mon, 7 Mar 2022 at 08:14, Marta Lind <marta@{COMPANY}.example> wrote:\n"
        older = quoted + "".join(f"> {line}\n" for line in self.older.split("\n")) if self.older else ""
        if self.html:
            mail.set_content(self.html, "html")
        else:
            mail.set_content(self.body + older)
        mail.add_attachment(self.archive("aes256"), "application", "zip", filename=self.file)
        return mail.as_bytes()

    def archive(self, method: str) -> bytes:
        """A file for each password, locked with it."""
        members = [
            Member(
                f"plan{number}.txt", b"inert text %d " % number * 9, password, method, password_encoding=self.encoding
            )
            for number, password in enumerate(self.passwords)
        ]
        return zip_of(members)


@dataclass
class Score:
    """What became of one lure."""

    lure: Lure
    texts: tuple[Text, ...]
    named: dict[str, Any]
    found: tuple[Candidate, ...] = ()
    opened: dict[str, bool] = field(default_factory=dict)

    @property
    def rank(self) -> int | None:
        """Of the last of its passwords; from 0."""
        values = [each.value for each in self.found]
        if any(password not in values for password in self.lure.passwords):
            return None
        return max(values.index(password) for password in self.lure.passwords)


# -- passwords ---------------------------------------------------------------------------------------------------------


def passwords(dice: random.Random) -> Iterator[str]:
    """Without end: real ones where there are any, and others in the shapes of real ones."""
    known: list[str] = []
    listed = DATA / "archive_passwords.tsv"
    if listed.exists():
        with listed.open(encoding="utf-8") as lines:
            known = sorted({row["password"] for row in csv.DictReader(lines, delimiter="\t")})
    small, large, digits = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789"

    def some(letters: str, least: int, most: int) -> str:
        return "".join(dice.choices(letters, k=dice.randint(least, most)))

    shapes: list[Callable[[], str]] = [
        lambda: some(digits, 3, 6),
        lambda: some(large, 1, 2) + some(digits, 2, 5),
        lambda: some(small, 2, 3) + some(digits, 2, 4),
        lambda: some(small + large + digits, 7, 9) + dice.choice(digits),
        lambda: dice.choice(["office", "august", "info", "doc", "Winter", "Plan"]) + some(digits, 4, 4),
        lambda: some(large, 1, 1) + some(small, 3, 6) + some(digits, 2, 4) + dice.choice("!#$%*"),
        lambda: some(small + digits, 3, 4) + "-" + some(large + digits, 3, 4) + dice.choice(digits),
    ]
    if known:
        shapes += [lambda: dice.choice(known)] * 5
    while True:
        yield dice.choice(shapes)()


# -- traps -------------------------------------------------------------------------------------------------------------

#: What a trap makes of a language's wordings and a password: the parts of the mail.
Trap = Callable[[dict[str, Any], str, random.Random], dict[str, Any]]


def _around(words: dict[str, Any], line: str) -> str:
    return f"{words['open']}\n\n{words['middle']}\n\n{line}\n\n{words['close']}\n"


def _line(form: str) -> Trap:
    """The label and the password as ``form`` writes them, between the usual sentences."""
    return lambda words, value, _: {"body": _around(words, form.format(label=words["label"], p=value))}


def _web(form: str) -> Trap:
    def made(words: dict[str, Any], value: str, _dice: random.Random) -> dict[str, Any]:
        line = form.format(
            label=escape(words["label"]), p=escape(value), first=escape(value[0]), rest=escape(value[1:])
        )
        before = f"<p>{escape(words['open'])}</p><p>{escape(words['middle'])}</p>"
        return {"html": f"<html><body>{before}{line}<p>{escape(words['close'])}</p></body></html>"}

    return made


def _wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _lookalike(text: str) -> str:
    pairs = dict(zip("aeopcx", "аеорсх", strict=True))
    if any("а" <= letter <= "я" for letter in text.lower()):
        pairs = {other: latin for latin, other in pairs.items()}
    return "".join(pairs.get(letter, letter) for letter in text)


def _quoted(words: dict[str, Any], value: str, dice: random.Random) -> dict[str, Any]:
    pairs = ["“”", "„“", "«»", "‘’", "「」", '""', "''", "‹›", "『』"]
    opening, closing = dice.choice(pairs)
    return {"body": _around(words, f"{words['label']}: {opening}{value}{closing}")}


def _lure_sentence(number: int) -> Trap:
    def made(words: dict[str, Any], value: str, _dice: random.Random) -> dict[str, Any]:
        return {"body": _around(words, words["lures"][number].format(p=value))}

    return made


def _decoys(words: dict[str, Any], value: str, _dice: random.Random) -> dict[str, Any]:
    noise = "Ref. 88213-04, IBAN DE02 1203 0000 0000 2020 51, tel. +49 221 555 0198, 14:30, EUR 1,204.00, A4, v2.1"
    return {"body": _around(words, f"{noise}\n\n{words['label']}: {value}\n\n{noise}"), "subject": "Order 4471 / 2022"}


def _date(words: dict[str, Any], _value: str, _dice: random.Random) -> dict[str, Any]:
    mask = words["mask"]
    short = len(mask.replace(".", "")) < len("DDMMYYYY")
    form = "%Y%m%d" if mask[0] in "ÅÉY" else "%d.%m.%Y" if "." in mask else "%d%m%y" if short else "%d%m%Y"
    return {"body": _around(words, words["date"].format(mask=mask)), "passwords": (SENT.strftime(form),)}


def _company(words: dict[str, Any], _value: str, _dice: random.Random) -> dict[str, Any]:
    return {"body": _around(words, words["name"]), "passwords": (COMPANY,)}


def _digits(words: dict[str, Any], _value: str, _dice: random.Random) -> dict[str, Any]:
    return {"body": _around(words, words["digits"]), "passwords": ("1947",)}


def _two(words: dict[str, Any], value: str, dice: random.Random) -> dict[str, Any]:
    other = next(each for each in passwords(dice) if each != value)
    lines = f"{words['label']}\nplan0.txt: {value}\nplan1.txt: {other}"
    return {"body": _around(words, lines), "passwords": (value, other)}


#: Passwords that are not ASCII, and the bytes an old packer makes of them.
FOREIGN = [
    ("grün2022", "cp1252"),
    ("été-44", "cp437"),
    ("Ünal77", "utf-8"),
    ("パス777", "cp932"),
    ("секрет5", "cp1251"),
    ("密码88", "gbk"),
]


def _foreign(words: dict[str, Any], value: str, dice: random.Random) -> dict[str, Any]:
    value, encoding = dice.choice(FOREIGN)
    return {
        "body": _around(words, f"{words['label']}: {value}"),
        "passwords": (value,),
        "encoding": encoding,
    }


TRAPS: dict[str, Trap] = {
    "colon": _line("{label}: {p}"),
    "no space": _line("{label}:{p}"),
    "full-width": lambda words, value, _: {"body": _around(words, f"{words['label']}：{_wide(value)}")},
    "ideographic space": _line("{label}\u3000{p}\u3000"),
    "no-break space": _line("{label}\u00a0: {p}"),
    "dash": _line("{label} – {p}"),
    "next line": _line("{label}\n{p}"),
    "line of its own": lambda words, value, _: {"body": _around(words, f"{words['own']}:\n\n    {value}")},
    "tab": _line("{label}\t{p}"),
    "list": _line("* {label} = {p}"),
    "table": _web("<table><tr><td>{label}</td><td>{p}</td></tr></table>"),
    "table, other row": _web(
        "<table><tr><th>File</th><th>{label}</th></tr><tr><td>a.zip</td><td>{p}</td></tr></table>"
    ),
    "bold": _web("<p>{label}: <b>{p}</b>.</p>"),
    "torn by tags": _web("<p>{label}: <span>{first}</span><span>{rest}</span></p>"),
    "quotes": _quoted,
    "brackets": _line("{label} ({p})"),
    "full stop": _line("{label}: {p}."),
    "own full stop": lambda words, value, _: {
        "body": _around(words, f"{words['label']}: {value}."),
        "passwords": (f"{value}.",),
    },
    "zero width": lambda words, value, _: {
        "body": _around(words, f"{words['label'][:2]}\u200b{words['label'][2:]}: {value[:1]}\u200b{value[1:]}")
    },
    "soft hyphen": lambda words, value, _: {
        "body": _around(words, f"{words['label'][:3]}\u00ad{words['label'][3:]}: {value}")
    },
    "lookalikes": lambda words, value, _: {"body": _around(words, f"{_lookalike(words['label'])}: {value}")},
    "spelled": lambda words, value, _: {"body": _around(words, f"{words['label']}: {' '.join(value)}")},
    "pwd=": _line("pwd={p}"),
    "decoys": _decoys,
    "subject": lambda words, value, _: {
        "body": _around(words, words["middle"]),
        "subject": f"{words['label']}: {value}",
    },
    "subject alone": lambda words, value, _: {
        "body": _around(words, words["middle"]),
        "subject": f"Re: 12 [{value}]",
    },
    "file name": lambda words, value, _: {"body": _around(words, words["middle"]), "file": f"plan_{value}.zip"},
    "address": _line("{label}: https://files.example/get?id=a81&pw={p}"),
    "quoted mail": lambda words, value, _: {
        "body": _around(words, words["middle"]),
        "older": _around(words, words["older"].format(p=value)),
    },
    "no word at all": lambda words, value, _: {"body": f"{words['open']}\n\n{words['middle']}\n\n{value}\n"},
    "date rule": _date,
    "company rule": _company,
    "digits rule": _digits,
    "two members": _two,
    "encodings": _foreign,
}
#: What a trap needs of a language's table.
NEEDS = {"date rule": "date", "company rule": "name", "digits rule": "digits"}


def lures(seed: int) -> list[Lure]:
    """Every sentence and every trap in every language."""
    dice = random.Random(seed)
    values = passwords(dice)
    made = []
    for language, words in WORDINGS.items():
        traps = {f"sentence {number + 1}": _lure_sentence(number) for number in range(len(words["lures"]))}
        for trap, make in (traps | TRAPS).items():
            if NEEDS.get(trap, "open") in words:
                value = next(values)
                made.append(Lure(language, trap, **{"passwords": (value,), **make(words, value, dice)}))
    return made


# -- measuring ---------------------------------------------------------------------------------------------------------


def read(lure: Lure) -> Score:
    """The texts and facts in which a dissection looks for the lure's password."""
    heard: list[tuple[tuple[Text, ...], dict[str, Any]]] = []
    whole = unlock.passwords.candidates

    def listening(texts: Sequence[Text], limits: Limits, **named: Any) -> tuple[Candidate, ...]:
        heard.append((tuple(texts), named))
        return whole(texts, limits, **named)

    unlock.passwords.candidates = listening
    try:
        for _ in dissect.dissect(lure.raw(), Plan()):
            pass
    finally:
        unlock.passwords.candidates = whole
    texts, named = heard[-1]
    return Score(lure, texts, named)


def measure(score: Score, without: str = "") -> Score:
    """Candidates and real openings; ``without`` the vocabulary of one language."""
    words = vocabulary(frozenset({without.partition("-")[0]} if without else ()))
    found = unlock.candidates(score.texts, Limits(), words=words, **score.named)
    again = Score(score.lure, score.texts, score.named, found)
    for method in ("zipcrypto", "aes256"):
        again.opened[method] = opens(score.lure.archive(method), found) is State.INSPECTED
    return again


def opens(content: bytes, found: Sequence[Candidate]) -> State:
    """The state of the archive when these are tried."""
    opened = unlock.open_artifact(Artifact("1", ("a.zip",), "a.zip", "zip", len(content)), content, found, Limits())
    assert opened is not None
    return opened.state


def innocents(read_ones: Sequence[Score], seed: int) -> tuple[int, int]:
    """Mails beside archives whose password they do not name: how many were tried, how many opened falsely.

    Every other mail names none at all, the rest name another one.
    """
    dice = random.Random(seed)
    false = 0
    for number, score in enumerate(dice.sample(read_ones, INNOCENT)):
        texts = score.texts
        if number % 2:
            words = WORDINGS[score.lure.language]
            texts = (Text("subject", "Re: schedule"), Text("body", _around(words, "")), Text("name", "documents.zip"))
        secret = "".join(dice.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=12))
        found = unlock.candidates(texts, Limits(), **score.named)
        for method in ("zipcrypto", "aes256"):
            sizes = [dice.randint(1, 60) for _ in range(dice.randint(1, 3))]
            members = [Member(f"{at}.txt", dice.randbytes(size), secret, method) for at, size in enumerate(sizes)]
            false += opens(zip_of(members), found) is State.INSPECTED
    return INNOCENT, false


def table(title: str, groups: dict[str, list[Score]]) -> None:
    print(f"\n{title:18} lures ZipCrypto      AES   first {FIRST}   median rank   median candidates")
    for name, scores in groups.items():
        ranks = [score.rank + 1 for score in scores if score.rank is not None]
        shares = [
            sum(score.opened["zipcrypto"] for score in scores),
            sum(score.opened["aes256"] for score in scores),
            sum(rank <= FIRST for rank in ranks),
        ]
        percent = "  ".join(f"{100 * share / len(scores):6.1f} %" for share in shares)
        rank, count = statistics.median(ranks or [0]), statistics.median(len(score.found) for score in scores)
        print(f"{name:18} {len(scores):5}  {percent}   {rank:11.0f}   {count:17.0f}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--misses", action="store_true", help="print each lure whose password is late or not found")
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    dissect.warm()
    reads = [read(lure) for lure in lures(given.seed)]
    scores = [measure(score) for score in reads]
    by_language, by_trap = defaultdict(list), defaultdict(list)
    for score in scores:
        by_language[score.lure.language].append(score)
        by_trap["sentences" if score.lure.trap.startswith("sentence") else score.lure.trap].append(score)
    table("language", by_language)
    table("trap", by_trap)
    table("", {"all": scores})
    if given.misses:
        for score in scores:
            if score.rank is None or score.rank >= FIRST or not all(score.opened.values()):
                print(score.rank, score.opened, score.lure.language, score.lure.trap, score.lure.passwords)
    print("\nwithout the language's own words")
    left_out = {name: [measure(score, name) for score in some] for name, some in by_language.items()}
    table("left out", left_out)
    table("", {"all": [score for some in left_out.values() for score in some]})
    tried, false = innocents(reads, given.seed)
    print(f"\ninnocent mails {tried}, opened falsely {false}")


if __name__ == "__main__":
    main()
