"""Real conversations to graft on, and how their people's mail programs and servers write.

A ground is a conversation up to one moment: the mail that is answered, who answers, to whom. People, texts,
identifiers, header order and routes are those of the corpus; nothing of a ground is written by the bench.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from pathlib import Path

import threads
from seriema import exercise
from seriema.exercise.cast import Organisation, Person
from seriema.exercise.clients import Client
from seriema.exercise.dice import Dice
from seriema.exercise.figures import DAYS, RESTED, Silence
from seriema.exercise.letter import Letter
from seriema.message.parse import parse
from seriema.model.limits import Limits
from seriema.model.message import Address, Message
from seriema.model.thread import Kind
from seriema.thread.kind import kind

#: Practice mailboxes whose ordinary mail is grafted on; the tests use the seeds up to 20.
SEEDS = tuple(range(101, 109))
LANGUAGES = ("en", "de", "es", "fr", "it", "ja")
#: Header fields the practice writer can fill in; others of a mail program are left out.
FIELDS = frozenset(
    {
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "message-id",
        "in-reply-to",
        "references",
        "mime-version",
        "content-type",
        "x-mailer",
        "user-agent",
        "thread-topic",
        "thread-index",
        "accept-language",
        "content-language",
        "x-ms-has-attach",
        "x-sender",
    }
)
NEEDED = (
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
)
#: Styles of quoting the practice writer has, by what the reader of quotes calls them.
QUOTING = {"outlook": "outlook", "exchange": "outlook", "gmail": "gmail", "apple": "apple"}
_RUN = re.compile(r"(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{6,}|(?=[0-9]*[A-F])(?=[A-F]*[0-9])[0-9A-F]{6,}|\d+")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Mails in order of time, and the domains whose mailboxes these are."""

    name: str
    mails: tuple[Message, ...]
    raws: tuple[bytes, ...]
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ground:
    """A conversation to be answered at ``moment`` by ``sender``, to ``target``."""

    corpus: str
    conversation: str
    answered: Message
    before: tuple[Message, ...]  #: earlier mails of the conversation, oldest first
    sender: Address
    target: Address
    others: tuple[Address, ...]
    moment: datetime
    silence: Silence
    language: str
    style: Message  #: a mail of the sender's own, for how it writes
    lists: bool  #: the conversation is on a mailing list


def corpora() -> tuple[Corpus, Corpus]:
    """Easy ham and the ordinary mail of the exercise's mailboxes."""
    folder = threads.corpora() / threads.CORPUS
    return _corpus("easy-ham", _read(folder), frozenset({"spamassassin.taint.org"})), _practice()


def _read(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*/*.txt"))]


def _practice() -> Corpus:
    raws, own = [], set()
    for seed in SEEDS:
        made = exercise.make(seed)
        ordinary = {mail.id for mail in made.truth.mails if mail.role is exercise.Role.ORDINARY}
        for box in made.mailboxes:
            raws += [mail.raw for mail in box.mails if mail.id in ordinary]
            own.update(box.own_domains)
    return _corpus("exercise", raws, frozenset(own))


def _corpus(name: str, raws: Iterable[bytes], own: frozenset[str]) -> Corpus:
    read = [(parse(raw, Limits()).message, raw) for raw in raws]
    read = sorted((one for one in read if one[0].time), key=lambda one: (one[0].time, one[0].sha256))
    return Corpus(name, tuple(one for one, _ in read), tuple(raw for _, raw in read), own)


def is_list(mail: Message) -> bool:
    return bool(mail.header("List-Id") or mail.header("List-Post") or mail.header("Precedence"))


class Grounds:
    """All places in one corpus where somebody could answer somebody."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        truth = threads.truth_of(corpus.mails)
        self.conversations: dict[str, list[Message]] = defaultdict(list)
        for mail in corpus.mails:
            self.conversations[truth.conversations[mail.sha256]].append(mail)
        self.written: dict[str, list[Message]] = defaultdict(list)
        for mail in corpus.mails:
            if kind(mail) in {Kind.PEOPLE, Kind.LIST} and mail.sender.name and "@" in mail.sender.address:
                self.written[mail.sender.key].append(mail)
        self.places = sorted(self._places())  # (sender key, conversation, target key)
        self.by_sender: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for sender, conversation, target in self.places:
            self.by_sender[sender].append((conversation, target))
        self.senders = sorted(self.by_sender)

    def _places(self) -> Iterable[tuple[str, str, str]]:
        for name, mails in self.conversations.items():
            people = {one.key for mail in mails for one in (mail.sender, *mail.recipients) if self._person(one)}
            for sender in people & self.written.keys():
                if self._outside(sender):
                    yield from ((sender, name, target) for target in sorted(people - {sender}) if self._inside(target))

    def _person(self, one: Address) -> bool:
        """Somebody who wrote a mail; in the practice mailboxes the own people need not have."""
        return one.key in self.written or (self.corpus.name != "easy-ham" and one.domain in self.corpus.own)

    def _outside(self, address: str) -> bool:
        return self.corpus.name == "easy-ham" or address.rpartition("@")[2] not in self.corpus.own

    def _inside(self, address: str) -> bool:
        return "@" in address and (self.corpus.name == "easy-ham" or address.rpartition("@")[2] in self.corpus.own)

    def ground(self, dice: Dice, sender: str, conversation: str, target: str, moment: datetime | None = None) -> Ground:
        """The conversation answered after a drawn silence, or at ``moment``."""
        mails = self.conversations[conversation]
        silence = dice.choice(RESTED)
        if moment is None:
            last = dice.choice(mails) if silence is Silence.LIVE else mails[-1]
            moment = _aware(last) + timedelta(days=dice.uniform(*DAYS[silence]))
        before = tuple(mail for mail in mails if _aware(mail) < moment) or (mails[0],)
        addresses = {one.key: one for mail in before for one in (*mail.recipients, mail.sender)}
        addresses = {one.key: one for mail in mails for one in (*mail.recipients, mail.sender)} | addresses
        style = [mail for mail in self.written[sender] if _aware(mail) < moment] or self.written[sender][:1]
        others = tuple(one for key, one in addresses.items() if key not in {sender, target} and self._person(one))
        spoken = [mail.body.reply_language for mail in before if mail.body.reply_language in LANGUAGES]
        return Ground(
            self.corpus.name, conversation, before[-1], before, style[-1].sender, addresses[target], others,
            moment.astimezone(UTC).replace(microsecond=0), silence, spoken[-1] if spoken else "en", style[-1],
            any(map(is_list, before)),
        )  # fmt: skip


def _aware(mail: Message) -> datetime:
    assert mail.time
    return mail.time


# -- how people's programs write ---------------------------------------------------------------------------------------


def person(address: Address, style: Message, language: str) -> Person:
    """The mailbox ``address`` writing as ``style`` was written."""
    name = re.sub(r'[\\"<>\r\n\t]', " ", address.name or address.address.partition("@")[0]).strip()
    offset = style.date.utcoffset() if style.date else None
    zone = round(offset.total_seconds() / 3600) if offset is not None else 0
    home = Organisation(address.domain, address.domain or "localhost.test", language, zone, "192.0.2.1", "s1")
    return Person(name, "", address.address, home, client(style, address.domain == style.sender.domain))


@cache
def client(style: Message, own: bool = True) -> Client:  # noqa: ARG001, FBT001, FBT002 - part of the cache's key only
    """How the program that wrote ``style`` writes."""
    written = [field.name for field in style.headers if field.name.lower() in FIELDS]
    order = list(dict.fromkeys(written))
    low = {name.lower() for name in order}
    order += [name for name in NEEDED if name.lower() not in low]
    quoting = next((QUOTING[one.style] for one in style.body.quotes if one.style in QUOTING), "thunderbird")
    return Client(
        "corpus",
        pattern(style.message_id, style.sender.domain) or "{h32}@{domain}",
        pattern(_boundary(style), "") or "----=_Part_{d5}_{d9}.{d13}",
        " ".join(order),
        quoting,
        agent=(style.header("X-Mailer") or style.header("User-Agent")).encode("ascii", "replace").decode()[:120],
        wrap=72,
    )


def _boundary(mail: Message) -> str:
    found = re.search(r'boundary="?([^";\s]+)', mail.header("Content-Type"), re.IGNORECASE)
    return found[1] if found else ""


def pattern(text: str, domain: str) -> str:
    """A pattern for ``Dice.shape``: digits and hexadecimal runs drawn anew, the rest as it stands."""
    text = text.encode("ascii", "ignore").decode().replace("{", "").replace("}", "")
    if domain and text.lower().endswith(f"@{domain}"):
        text = text[: -len(domain)] + "\0"
    shaped = _RUN.sub(
        lambda run: f"{{{'d' if run[0].isdigit() else 'h' if run[0].islower() else 'H'}{len(run[0])}}}", text
    )
    return shaped.replace("\0", "{domain}")


def trace(style: Message, moment: datetime, dice: Dice, reader: str) -> list[tuple[str, str]]:
    """The trace fields of ``style`` at another moment. Of list mail only the hops up to the list are the author's."""
    fields = [one.value for one in style.headers if one.name.lower() == "received"]
    hops = list(zip(fields, style.received, strict=False))
    if is_list(style):
        hops = hops[-2:]
    begun = _aware(style)
    found = []
    for number, (value, hop) in enumerate(hops):
        when = hop.date or begun
        shift = when - begun if abs(when - begun) < timedelta(hours=6) else timedelta(seconds=-2 * number)
        stamp = format_datetime((moment + shift).astimezone((hop.date or moment).tzinfo))
        body = re.sub(
            r"\bid ([\w.-]+)",
            lambda one: "id " + re.sub(r"\d", lambda _: dice.choice("0123456789"), one[1]),
            value.rpartition(";")[0] or value,
        )
        body = re.sub(r" for <?[^ >]+@[^ >]+>?", f" for <{reader}>", body)
        found.append(("Received", f"{' '.join(body.split())};\n\t{stamp}"))
    here = f"mx.{reader.rpartition('@')[2]}"
    plain = f"from mail.{style.sender.domain} ([192.0.2.9]) by {here};\n\t{format_datetime(moment)}"
    return found or [("Received", plain)]


def letters(mails: Sequence[Message], language: str) -> Letter | None:
    """The mails as letters that quote each other, newest first; at most three deep."""
    parent: Letter | None = None
    for mail in mails[-3:]:
        author = person(mail.sender, mail, language)
        parent = Letter(
            author=author,
            to=tuple(person(one, mail, language) for one in mail.to[:6]) or (author,),
            cc=tuple(person(one, mail, language) for one in mail.cc[:6]),
            sent=mail.date if mail.date and mail.date.utcoffset() is not None else _aware(mail),
            subject=" ".join(mail.subject.split()),
            words=clean(mail.body.reply)[:4_000] or "(see below)",
            language=language,
            conversation="",
            message_id=mail.message_id or f"{mail.sha256[:20]}@{mail.sender.domain}",
            signature=clean(mail.body.signature)[:500],
            parent=parent,
        )
    return parent


def clean(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b-\x1f]", " ", text.replace("\r\n", "\n")).strip()
