"""The earlier letters of a thread: who wrote what to whom before the mail at hand, in the order of time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from seriema.exercise.cast import Person
from seriema.exercise.dice import Dice
from seriema.exercise.figures import Silence
from seriema.exercise.letter import Letter, new_id
from seriema.exercise.wording import Topic, answered, phrase, talk, topic, topics

LETTERS = (1, 1, 2, 2, 3, 4)  #: earlier letters of a thread between people


@dataclass(frozen=True, slots=True)
class Circle:
    """The people of a thread: the account, the one in the mailbox, others."""

    account: Person
    target: Person
    others: tuple[Person, ...] = ()

    @property
    def people(self) -> tuple[Person, ...]:
        """All of them."""
        return (self.account, self.target, *self.others)


def people_talk(
    dice: Dice, about: Topic, circle: Circle, last: datetime, silence: Silence, bilingual: str = ""
) -> tuple[Letter, ...]:
    """A thread between people whose latest letter is of ``last``. ``bilingual`` is what the account writes in it."""
    count = dice.choice(LETTERS)
    moments = [last]
    while len(moments) < count:
        moments.insert(0, _before(dice, moments[0], silence))
    letters: list[Letter] = []
    for part, (author, moment) in enumerate(zip(_authors(dice, circle, count), moments, strict=True)):
        previous = letters[-1] if letters else None
        letters.append(_turn(dice, about, circle, author, moment, previous, part, bilingual))
    return tuple(letters)


def _before(dice: Dice, moment: datetime, silence: Silence) -> datetime:
    """When the letter before was sent: in a live thread within hours, else some days before at some hour of the day."""
    if silence is Silence.LIVE:
        return moment - timedelta(seconds=dice.randrange(1200, 18000))
    return moment - timedelta(days=dice.randrange(1, 6), seconds=dice.randrange(-5400, 5400))


def _authors(dice: Dice, circle: Circle, count: int) -> list[Person]:
    """Nobody answers himself; the last word is seldom the account's."""
    found = [circle.account if dice.chance(0.2) else dice.choice((circle.target, circle.target, *circle.others))]
    while len(found) < count:
        found.insert(0, dice.choice([person for person in circle.people if person is not found[0]]))
    return found


def _turn(
    dice: Dice,
    about: Topic,
    circle: Circle,
    author: Person,
    moment: datetime,
    previous: Letter | None,
    part: int,
    bilingual: str,
) -> Letter:
    others = [person for person in circle.people if person is not author]
    first = previous.author if previous and previous.author is not author else others[0]
    if author is not circle.target and author is not circle.account and previous is None:
        first = circle.target
    said, language = about, about.language
    if bilingual and author is circle.account and dice.chance(0.7):
        key = dice.choice([entry["key"] for entry in topics(bilingual) if "kind" not in entry])
        said = topic(dice, bilingual, key, author.organisation, circle.target.organisation)
        language = bilingual
    return Letter(
        author=author,
        to=(first,),
        cc=tuple(person for person in others if person is not first),
        sent=moment,
        subject=answered(about.subject, author) if previous else about.subject,
        words=talk(dice, said, part, first),
        language=language,
        conversation=dice.tag,
        message_id=new_id(dice, author),
        signature=closing_lines(dice, author),
        parent=previous,
        delay=dice.randrange(2, 40),
    )


def machine_talk(
    dice: Dice, about: Topic, sender: Person, readers: tuple[Person, ...], last: datetime
) -> tuple[Letter, ...]:
    """One letter of a machine or of an advertiser to all ``readers``."""
    return (
        Letter(
            author=sender,
            to=readers[:1],
            cc=readers[1:],
            sent=last,
            subject=about.subject,
            words=talk(dice, about, 0, readers[0]),
            language=about.language,
            conversation=dice.tag,
            message_id=new_id(dice, sender),
            extra=machine_fields(dice, about, sender),
            delay=dice.randrange(2, 40),
        ),
    )


def list_talk(dice: Dice, about: Topic, home: Person, writer: Person, last: datetime) -> tuple[Letter, ...]:
    """One letter of a member to a mailing list."""
    return (
        Letter(
            author=writer,
            to=(home,),
            sent=last,
            subject=about.subject,
            words=talk(dice, about, 0, home),
            language=about.language,
            conversation=dice.tag,
            message_id=new_id(dice, writer),
            signature=closing_lines(dice, writer),
            extra=machine_fields(dice, about, home),
            relay=home,
            delay=dice.randrange(2, 40),
        ),
    )


def machine_fields(dice: Dice, about: Topic, sender: Person) -> tuple[tuple[str, str], ...]:
    """What lists, notices and bulk mail say about themselves (RFC 2369, 2919, 3834)."""
    domain = sender.organisation.domain
    local = sender.address.partition("@")[0]
    leave = f"<https://{domain}/leave/{dice.shape('{h10}')}>"
    if about.kind == "list":
        return (
            ("List-Id", f"<{local}.{domain}>"),
            ("List-Post", f"<mailto:{sender.address}>"),
            ("List-Unsubscribe", leave),
            ("Precedence", "list"),
        )
    if about.kind == "bulk":
        return (("List-Unsubscribe", leave), ("Precedence", "bulk"))
    return (("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"))


def closing_lines(dice: Dice, author: Person) -> str:
    """The author's signature; on a phone sometimes only the phone's own line."""
    if author.client.mobile and dice.chance(0.6):
        return phrase(dice, author.language, "mobile")
    return author.signature if dice.chance(0.9) else ""
