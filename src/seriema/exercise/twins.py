"""Innocent mails of shapes no lure has: two-mail passwords, statements, plain bundles, digests, signed mail, macros.

Each is a function from the scene to its letters with their truth; ``TWINS`` names them as ``figures.py`` does. Only two
shapes may be asked about: a file whose password is still to come, and a statement whose password only its reader knows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from seriema.exercise.attachments import EMPTY_PROJECT, ON_OPENING, bundle, page
from seriema.exercise.cast import Cast, Person
from seriema.exercise.company import Company
from seriema.exercise.conversation import Circle, closing_lines, machine_fields, people_talk
from seriema.exercise.dice import Dice
from seriema.exercise.documents import doc_with_macro, docx
from seriema.exercise.figures import DAYS, Scene, Silence
from seriema.exercise.letter import Attachment, Letter, new_id
from seriema.exercise.mailbox import FileFacts, Role
from seriema.exercise.schedule import Slot, hour, rested
from seriema.exercise.stage import PASSING, Entry
from seriema.exercise.wording import LONG_PASSWORD, Topic, answered, phrase, short, topic, topics

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a twin is written from."""

    dice: Dice
    cast: Cast
    scene: Scene
    company: Company

    @property
    def language(self) -> str:
        """The organisation's."""
        return self.company.own.language

    def apart(self, label: str) -> "Setting":
        """The same with dice of its own."""
        return replace(self, dice=self.dice.child(label))

    def moment(self) -> datetime:
        """Some time within the scene's days."""
        day = self.scene.start + timedelta(days=self.dice.randrange(self.scene.days))
        return Slot(-1, day, hour(self.dice, self.company.own.zone)).moment(self.company.own.zone)

    def target(self) -> Person:
        """Somebody of the organisation."""
        return self.dice.choice(self.company.employees)

    def topic(self, writer: Person, key: str = "") -> Topic:
        """What a thread with ``writer`` is about."""
        keys = [entry["key"] for entry in topics(self.language) if "kind" not in entry]
        return topic(self.dice, self.language, key or self.dice.choice(keys), writer.organisation, self.company.own)


def _letter(setting: Setting, author: Person, to: tuple[Person, ...], subject: str, words: str, **more: Any) -> Letter:
    """A letter in the organisation's language at some time of the scene."""
    dice = setting.dice
    values: dict[str, Any] = {
        "sent": setting.moment(),
        "language": setting.language,
        "conversation": dice.tag,
        "message_id": new_id(dice, author),
        "signature": closing_lines(dice, author),
        "delay": dice.randrange(2, 40),
    }
    return Letter(author=author, to=to, subject=subject, words=words, **(values | more))


def _in_answer(setting: Setting, author: Person, silence: Silence) -> tuple[list[Entry], dict[str, Any]]:
    """An earlier thread with ``author``, and how a letter that answers it is addressed."""
    dice, target, moment = setting.dice, setting.target(), setting.moment()
    last = rested(dice, moment, DAYS[silence], setting.company.own.zone)
    about = setting.topic(author)
    letters = people_talk(dice, about, Circle(author, target), last, silence)
    entries = [Entry(letter, about=about) for letter in letters]
    return entries, {
        "to": (target,),
        "subject": answered(letters[-1].subject, author),
        "parent": letters[-1],
        "conversation": letters[-1].conversation,
        "sent": moment,
    }


def _twin(letter: Letter, name: str, file: FileFacts | None = None, **more: Any) -> Entry:
    values: dict[str, Any] = {"case": name, "role": Role.TWIN, "expected": PASSING}
    return Entry(letter, file=file or FileFacts(), **(values | more))


def _documents(setting: Setting, about: Topic, count: int) -> list[tuple[str, bytes]]:
    """Plain documents about the topic: Word and PDF in turn."""
    stem = about.key
    return [
        (f"{stem}_{number + 1}.docx", docx("\n".join((about.subject, *about.lines))))
        if number % 2 == 0
        else (f"{stem}_{number + 1}.pdf", page(f"{setting.company.own.domain} {number}", [about.key]))
        for number in range(count)
    ]


def ppap(setting: Setting) -> list[Entry]:
    """A locked ZIP, its password minutes later in a second mail: the custom of Japan, elsewhere now and then."""
    return _pair(setting, "ppap", setting.company.accounts[-1], waiting=True)


def gateway(setting: Setting) -> list[Entry]:
    """A mail system that locks what is attached and sends the password by itself."""
    return _pair(setting, "gateway", setting.company.accounts[0], waiting=True, automatic=True)


def gateway_first(setting: Setting) -> list[Entry]:
    """The same, and the mail with the password happens to come first."""
    return _pair(setting, "gateway", setting.company.accounts[0], waiting=False, automatic=True)


def _pair(setting: Setting, name: str, account: Person, *, waiting: bool, automatic: bool = False) -> list[Entry]:
    dice, language = setting.dice, setting.language
    writer = setting.cast.person(account.organisation)
    about, target, secret = setting.topic(writer), setting.target(), dice.shape(LONG_PASSWORD)
    company = writer.organisation.name
    follows = phrase(dice, language, "gateway", company=company) if automatic else phrase(dice, language, "follows")
    words = short(dice, language, target, note=follows)
    bare = _letter(setting, writer, (target,), about.subject, words)
    enclosed = bundle(dice, bare, _documents(setting, about, 1), secret)
    file = replace(bare, attachments=enclosed.attachments)
    if automatic:
        sender = setting.cast.machine(f"{company} Mail Gateway", "gateway", writer.organisation)
        told = phrase(dice, language, "gateway_password", company=company, subject=about.subject, password=secret)
    else:
        sender, told = writer, phrase(dice, language, "follow_up", password=secret)
    after = timedelta(seconds=dice.randrange(60, 700)) * (1 if waiting else -1)
    second = _letter(
        setting,
        sender,
        (target,),
        about.subject,
        told,
        sent=file.sent + after,
        linked=False,
        conversation=dice.child("notice").tag,
    )
    truth = {"expected": ("ask",), "state": "waiting", "then": "deliver", "opened_by": second.message_id}
    return [_twin(file, name, enclosed.facts, **(truth if waiting else {})), _twin(second, f"{name}-password")]


def statement(setting: Setting) -> list[Entry]:
    """A bank's statement, locked with what only its customer knows."""
    dice = setting.dice
    bank = setting.cast.organisation("bank", setting.language)
    sender, reader = setting.cast.machine(f"{bank.name} Service", "statements", bank), setting.target()
    words = phrase(dice, setting.language, "statement")
    bare = _letter(setting, sender, (reader,), f"{bank.name} {dice.shape('{d8}')}", words, signature=bank.name)
    secret = dice.shape("{d8}{d8}")
    enclosed = bundle(dice, bare, [(f"statement_{dice.shape('{d6}')}.pdf", page(bank.name, ["0.00"]))], secret)
    letter = replace(bare, attachments=enclosed.attachments)
    return [_twin(letter, "statement", enclosed.facts, expected=("ask",), state="locked", partner=sender.address)]


def true_reply(setting: Setting) -> list[Entry]:
    """Somebody answers after two years and attaches a plain document."""
    writer = setting.cast.person(setting.cast.organisation("consulting", setting.language))
    entries, answer = _in_answer(setting, writer, Silence.YEARS)
    words = short(setting.dice, setting.language, answer["to"][0])
    name, content = _documents(setting, setting.topic(writer), 1)[0]
    letter = _letter(setting, writer, words=words, attachments=(Attachment(name, content, DOCX),), **answer)
    return [*entries, _twin(letter, "true-reply", FileFacts(documents=(name,)), about=entries[0].about)]


def true_reply_zip(setting: Setting) -> list[Entry]:
    """The same with an archive that needs no password."""
    writer = setting.cast.person(setting.cast.organisation("consulting", setting.language))
    entries, answer = _in_answer(setting, writer, Silence.YEARS)
    bare = _letter(setting, writer, words=short(setting.dice, setting.language, answer["to"][0]), **answer)
    enclosed = bundle(setting.dice, bare, _documents(setting, setting.topic(writer), 2))
    letter = replace(bare, attachments=enclosed.attachments)
    return [*entries, _twin(letter, "true-reply", enclosed.facts, about=entries[0].about)]


def court_bundle(setting: Setting) -> list[Entry]:
    """The law firm sends the papers of a case to everybody concerned."""
    dice, company = setting.dice, setting.company
    writer = setting.cast.person(company.accounts[0].organisation)
    about = setting.topic(writer, "courtcase")
    readers = tuple(dice.sample(company.employees, 3))
    others = tuple(setting.cast.person(setting.cast.organisation("law", setting.language)) for _ in range(3))
    bare = _letter(
        setting,
        writer,
        readers[:1],
        about.subject,
        short(dice, setting.language, readers[0]),
        cc=(*readers[1:], *others),
    )
    enclosed = bundle(dice, bare, _documents(setting, about, 6))
    return [_twin(replace(bare, attachments=enclosed.attachments), "court-bundle", enclosed.facts)]


def payroll(setting: Setting) -> list[Entry]:
    """The accountant sends the month's payroll, locked, with the agreed password in the text."""
    dice = setting.dice
    writer = setting.cast.person(setting.cast.organisation("consulting", setting.language))
    key = next(key for key in ("payroll", "paie", "") if not key or _has(setting.language, key))
    about, target, secret = setting.topic(writer, key), setting.target(), dice.shape("{l4}{d4}")
    bare = _letter(setting, writer, (target,), about.subject, short(dice, setting.language, target, secret))
    enclosed = bundle(dice, bare, _documents(setting, about, 3), secret)
    return [_twin(replace(bare, attachments=enclosed.attachments), "payroll", enclosed.facts)]


def _has(language: str, key: str) -> bool:
    return any(entry["key"] == key for entry in topics(language))


def colleague_macro(setting: Setting) -> list[Entry]:
    """A report that formats itself when opened, between colleagues."""
    dice, language = setting.dice, setting.language
    writer, reader = dice.sample(setting.company.employees, 2)
    about = setting.topic(writer)
    content = doc_with_macro({**EMPTY_PROJECT, "Module1": ON_OPENING}, "\n".join((about.subject, *about.lines)))
    name = f"{about.key}_{setting.scene.start:%m}.doc"
    letter = _letter(
        setting,
        writer,
        (reader,),
        about.subject,
        short(dice, language, reader),
        attachments=(Attachment(name, content, DOC),),
    )
    return [_twin(letter, "macro", FileFacts(documents=(name,)))]


def list_archive(setting: Setting) -> list[Entry]:
    """A mailing list's monthly archive as a plain ZIP of text."""
    dice, language = setting.dice, setting.language
    about = setting.topic(setting.target(), "gardeners")
    shown, _, local = about.sender.partition("|")
    home = setting.cast.machine(shown, local, setting.cast.organisation("post", language))
    text = "".join(f"{number}. {line}\n\n" for number, line in enumerate(about.lines * 20, 1))
    bare = _letter(
        setting,
        home,
        (setting.target(),),
        f"{about.subject.partition(' ')[0]} archive",
        about.lines[0],
        extra=machine_fields(dice, about, home),
        signature=shown,
    )
    enclosed = bundle(dice, bare, [(f"{local}-{setting.scene.start:%Y-%m}.txt", text.encode())])
    return [_twin(replace(bare, attachments=enclosed.attachments), "list-archive", enclosed.facts)]


def signed(setting: Setting) -> list[Entry]:
    """A clear-signed answer: sealed by its sender, readable by everybody."""
    writer = setting.cast.person(setting.cast.organisation("consulting", setting.language))
    entries, answer = _in_answer(setting, writer, Silence.MONTHS)
    letter = _letter(
        setting, writer, words=short(setting.dice, setting.language, answer["to"][0]), signed=True, **answer
    )
    return [*entries, _twin(letter, "signed", about=entries[0].about)]


TWINS: dict[str, Callable[[Setting], list[Entry]]] = {
    "ppap": ppap,
    "gateway": gateway,
    "gateway-first": gateway_first,
    "statement": statement,
    "true-reply": true_reply,
    "true-reply-zip": true_reply_zip,
    "court-bundle": court_bundle,
    "payroll": payroll,
    "macro": colleague_macro,
    "list-archive": list_archive,
    "signed": signed,
}
