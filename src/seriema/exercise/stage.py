"""Plays one scene: for each lure its thread and itself, and for each lure two innocent twins made by the same steps.

A twin is drawn like the lure it accompanies – same account, topic, languages, length of silence – with fresh people,
words, days and passwords. Only then is decided what lies in the archive. So nothing but the facts tells them apart.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from seriema.exercise.attachments import cabinet_url, cms_url, harmless, payload
from seriema.exercise.cast import Cast, Person
from seriema.exercise.clients import client
from seriema.exercise.company import Company
from seriema.exercise.conversation import Circle, closing_lines, list_talk, machine_talk, people_talk
from seriema.exercise.dice import Dice
from seriema.exercise.figures import DAYS, Opening, Scene, Silence
from seriema.exercise.letter import Letter, new_id
from seriema.exercise.mailbox import FileFacts, Role
from seriema.exercise.schedule import BURST, Slot, hour, rested, slots, spread
from seriema.exercise.wording import Topic, answered, forwarded, password, phrase, short, topic

PASSING = ("deliver", "tag")
STOPPED = ("ask", "hold")
OTHERS = (0, 0, 0, 1, 1, 2, 3, 5, 7)  #: people of a thread besides the two who write
KNOWN = 0.8  #: share of threads whose earlier mails passed the gateway
LINKED = 0.75  #: share of replies that name their parent in the header
TWINS = 2  #: for each lure, on the whole
SAME_ACCOUNT = 0.6  #: share of twins from the stolen accounts, written by their owners
#: What twins are called, dealt out in turn. Each says what is unusual about an innocent mail.
NAMES = (
    "true-reply",
    "bundle",
    "new-phone",
    "true-reply",
    "assistant",
    "macro",
    "bundle",
    "moved",
    "true-reply",
    "new-phone",
)
YEARS_FROM = 500  #: days
DELIVERY_HOSTS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A letter with what is true of it."""

    letter: Letter
    case: str = "ordinary"
    role: Role = Role.ORDINARY
    expected: tuple[str, ...] = PASSING
    state: str = ""
    then: str = ""
    opened_by: str = ""  #: Message-ID
    partner: str = ""
    forward: bool = False
    file: FileFacts = FileFacts()
    about: Topic | None = None  #: of its conversation


@dataclass(frozen=True, slots=True)
class Act:
    """What a lure and its twins have in common."""

    opening: Opening
    account: Person
    silence: Silence
    known: bool
    language: str
    reply_language: str


@dataclass(frozen=True, slots=True)
class Thread:
    """An earlier conversation and who takes part."""

    about: Topic
    circle: Circle
    letters: tuple[Letter, ...]


class Stage:
    """One scene being played. The same dice, cast and scene give the same entries."""

    def __init__(self, dice: Dice, cast: Cast, scene: Scene, company: Company, secret: str) -> None:
        self._dice, self._cast, self._scene, self._company = dice, cast, scene, company
        self._secret = secret
        self._hosts = tuple(
            f"{cast.organisation('consulting', 'en').domain.rpartition('.')[0]}.test" for _ in range(DELIVERY_HOSTS)
        )
        self._twin = dice.randrange(len(NAMES))

    def entries(self) -> list[Entry]:
        """Lures, twins and the earlier mails of their threads, in no order."""
        scene, own = self._scene, self._company.own
        when = slots(self._dice.child("slots"), scene, own.zone)
        openings = self._openings(when)
        acts = [
            self._act(self._dice.child(f"act/{number}"), slot, opening)
            for number, (slot, opening) in enumerate(zip(when, openings, strict=True))
        ]
        repeats = self._repeats(when, openings)
        found: list[Entry] = []
        thread: Thread | None = None
        for number, (slot, act) in enumerate(zip(when, acts, strict=True)):
            thread, entries = self._played(
                self._dice.child(f"lure/{number}"), act, slot, "", thread if number in repeats else None
            )
            found += entries
        for number in range(TWINS * len(acts)):
            dice = self._dice.child(f"twin/{number}")
            act = self._honest(dice, acts[number % len(acts)])
            again = thread if dice.chance(scene.repeats / scene.mails) else None
            if again:
                act = replace(act, account=again.circle.account)
            slot = spread(dice, when, own.zone)
            if again and again.letters[-1].arrived > slot.moment(own.zone):
                again = None
            thread, entries = self._played(dice, act, slot, self._name(act), again)
            found += entries
        return found

    def _honest(self, dice: Dice, act: Act) -> Act:
        """What a twin takes over from a lure: mostly all of it, else only the mail program: a partner writes."""
        if dice.chance(SAME_ACCOUNT):
            return act
        language = act.account.language
        trade = dice.choice([trade for trade, spoken in self._scene.accounts if spoken == language])
        partner = replace(self._cast.person(self._cast.organisation(trade, language)), client=act.account.client)
        opening = act.opening if act.opening.language else Opening(dice.choice(self._scene.topics))
        return replace(act, account=partner, opening=opening)

    def _played(self, dice: Dice, act: Act, slot: Slot, name: str, again: Thread | None) -> tuple[Thread, list[Entry]]:
        """A lure or the twin ``name`` with its thread: ``again`` where that has another reader here, or a new one."""
        readers = [person for person in again.circle.others if person in self._company.employees] if again else []
        if again and readers:
            thread = _turned(again, readers[0])
            return thread, self._answers(dice, act, thread, slot, name)
        thread = self._thread(dice, act, slot, name)
        return thread, [*self._earlier(act, thread), *self._answers(dice, act, thread, slot, name)]

    def _repeats(self, when: list[Slot], openings: list[Opening]) -> set[int]:
        """Numbers of mails that go into the thread of the mail before, from the same account on the same day."""
        fit = [
            number
            for number in range(1, len(when))
            if (when[number].account, when[number].day) == (when[number - 1].account, when[number - 1].day)
            and openings[number] not in self._scene.openings
        ]
        return set(self._dice.child("repeats").sample(fit, min(len(fit), self._scene.repeats)))

    def _openings(self, when: list[Slot]) -> list[Opening]:
        """Which thread each mail answers: the scene's own ones where they fit, the others drawn."""
        dice, scene = self._dice.child("openings"), self._scene
        pinned = scene.openings[:BURST] if scene.waves else ()
        placed = dict(enumerate(pinned))
        rest = scene.openings[len(pinned) :]
        for opening in sorted(rest, key=lambda entry: not (entry.trade or entry.language)):
            free = [number for number in range(len(when)) if number not in placed]
            fit = [number for number in free if self._fits(opening, when[number].account)]
            placed[dice.choice(fit or free)] = opening
        return [placed.get(number) or Opening(dice.choice(scene.topics)) for number in range(len(when))]

    def _fits(self, opening: Opening, account: int) -> bool:
        trade, language = self._scene.accounts[account]
        return opening.trade in {"", trade} and (opening.language or self._scene.thread) in {
            self._scene.thread,
            language,
        }

    def _act(self, dice: Dice, slot: Slot, opening: Opening) -> Act:
        scene = self._scene
        silence = opening.silence or dice.choice(scene.silences)
        if opening.last:
            days = (slot.day - slot.day.replace(year=opening.last[0], month=opening.last[1], day=1)).days
            silence = Silence.YEARS if days > YEARS_FROM else Silence.MONTHS
        language = opening.language or scene.thread
        known = silence is Silence.LIVE or bool(opening.last) or dice.chance(KNOWN)
        account = self._company.accounts[slot.account]
        return Act(opening, account, silence, known, language, opening.language or scene.reply)

    def _thread(self, dice: Dice, act: Act, slot: Slot, name: str) -> Thread:
        """The conversation that the lure (``name`` "") or the twin of that name will answer at ``slot``."""
        zone = self._company.own.zone
        if act.opening.last and not name:
            last = _in_month(dice, act.opening, zone)
        else:
            last = rested(dice, slot.moment(zone), DAYS[act.silence], zone)
        employees = self._company.employees
        target = employees[slot.account % len(employees)] if self._scene.domains > 1 else dice.choice(employees)
        own, cast = act.account.organisation, self._cast
        about = topic(dice, act.language, act.opening.topic, own, target.organisation, target.name)
        if about.kind == "people":
            others = tuple(self._other(dice, act, target, number) for number in range(dice.choice(OTHERS)))
            circle = Circle(act.account, target, tuple(dict.fromkeys(others)))
            bilingual = act.reply_language if name == "bilingual" else ""
            letters = people_talk(dice, about, circle, last, act.silence, bilingual)
            return Thread(about, circle, letters)
        shown, _, local = about.sender.partition("|")
        sender = cast.machine(shown, local, cast.organisation("consulting", act.language))
        if about.kind == "list":
            letters = list_talk(dice, about, sender, target, last)
        else:
            about_target = target.name in about.lines[0]  # then it was written to the account alone
            readers = (act.account, target) if act.known and not about_target else (act.account,)
            letters = machine_talk(dice, about, sender, readers, last)
        return Thread(about, Circle(act.account, target), letters)

    def _other(self, dice: Dice, act: Act, target: Person, number: int) -> Person:
        """A colleague of the one or of the other."""
        if number % 2:
            return self._cast.person(act.account.organisation)
        return dice.choice([person for person in self._company.employees if person is not target])

    def _earlier(self, act: Act, thread: Thread) -> list[Entry]:
        """The thread's letters that passed the gateway."""
        ours = self._company.gateway.own_domains
        seen = (letter for letter in thread.letters if any(p.organisation.domain in ours for p in letter.people))
        return [Entry(letter, about=thread.about) for letter in seen] if act.known else []

    def _answers(self, dice: Dice, act: Act, thread: Thread, slot: Slot, name: str) -> list[Entry]:
        """The lure or the twin ``name`` that answers the thread, and what is sent on inside."""
        case, role, expected = (name, Role.TWIN, PASSING) if name else (self._scene.case, Role.LURE, STOPPED)
        secret = password(dice.child("password")) if name else self._secret
        letter = self._reply(dice, act, thread, slot, secret, name)
        files = dice.child("file")
        host = files.choice(self._hosts)
        url = cms_url(files, host) if self._scene.cms else cabinet_url(files, host)
        if name:
            enclosed = harmless(files, letter, secret, macro=name == "macro")
        else:
            enclosed = payload(files, letter, secret, url)
        letter = replace(letter, attachments=enclosed.attachments)
        entry = Entry(letter, case, role, expected, file=enclosed.facts, about=thread.about)
        return [entry, *(self._sent_on(dice, entry, number) for number in range(self._scene.forwards))]

    def _name(self, act: Act) -> str:
        self._twin += 1
        if act.language != act.reply_language and self._twin % 2:
            return "bilingual"
        return NAMES[self._twin % len(NAMES)]

    def _reply(self, dice: Dice, act: Act, thread: Thread, slot: Slot, secret: str, name: str) -> Letter:
        """The mail itself, still without its file. ``name`` is the twin's, "" for a lure."""
        words, habits = dice.child("words"), dice.child("habits")
        author, remark = self._author(habits, act, name)
        target, latest = thread.circle.target, thread.letters[-1]
        everybody = [person for person in thread.circle.people if person not in {author, target}]
        delay = habits.randrange(2, 40)
        return Letter(
            author=author,
            to=(target,),
            cc=tuple(everybody) if name and habits.chance(0.05) else (),
            sent=slot.moment(self._company.own.zone) - timedelta(seconds=delay),
            subject=answered(latest.subject, author),
            words=short(words, act.reply_language, target, secret, remark=remark),
            language=act.reply_language,
            conversation=latest.conversation,
            message_id=new_id(words, author),
            signature=closing_lines(words, author),
            parent=latest,
            linked=habits.chance(LINKED),
            delay=delay,
            away=self._cast.host() if habits.chance(0.25) else "",
        )

    def _author(self, dice: Dice, act: Act, name: str) -> tuple[Person, str]:
        """Who writes, and what the twins that are about the writer say about it, if they do."""
        cast, account, said = self._cast, act.account, dice.chance(0.4)
        if name == "new-phone" or (not name and dice.chance(0.2)):
            return replace(account, client=client("phone")), ""
        if name == "assistant":
            remark = phrase(dice, act.reply_language, "assistant", boss=account.name) if said else ""
            return cast.person(account.organisation), remark
        if name == "moved":
            remark = phrase(dice, act.reply_language, "moved") if said else ""
            return cast.at(account, cast.organisation("consulting", account.language)), remark
        return account, ""

    def _sent_on(self, dice: Dice, entry: Entry, number: int) -> Entry:
        """The same file sent on inside: to the help desk with everything below, then to colleagues without."""
        dice, company, original = dice.child(f"sent-on/{number}"), self._company, entry.letter
        author = original.to[0]
        colleagues = [person for person in company.employees if person is not author]
        reader = company.help_desk if number == 0 else dice.choice(colleagues)
        whole = number != 1 or entry.role is Role.TWIN
        told = entry.file.password if whole and dice.chance(0.5) else ""
        letter = Letter(
            author=author,
            to=(reader,),
            sent=original.arrived + timedelta(minutes=dice.randrange(9, 150) + 60 * number),
            subject=forwarded(original.subject, author),
            words=short(dice, company.own.language, reader, told, pool="help"),
            language=company.own.language,
            conversation=original.conversation,
            message_id=new_id(dice, author),
            signature=closing_lines(dice, author),
            parent=original if whole else None,
            forward=True,
            attachments=original.attachments,
            delay=dice.randrange(2, 40),
        )
        case = entry.case if entry.role is Role.LURE else "internal-help"
        return replace(entry, letter=letter, case=case, forward=True)


def _turned(thread: Thread, reader: Person) -> Thread:
    """The same thread, written to another of its people."""
    others = tuple(person for person in thread.circle.people[1:] if person is not reader)
    return replace(thread, circle=Circle(thread.circle.account, reader, others))


def _in_month(dice: Dice, opening: Opening, zone: int) -> datetime:
    """A moment in the month the thread was last touched; late in it where the answer comes early in the morning."""
    assert opening.last is not None
    day = dice.randrange(21, 28) if opening.early else dice.randrange(2, 28)
    return Slot(-1, date(*opening.last, day), hour(dice, zone)).moment(zone)
