"""Makes the exercise: draws the cast, plays each scene, writes its mails in the order of their arrival."""

from collections.abc import Iterator, Sequence

from seriema.exercise.cast import Cast
from seriema.exercise.company import Company, company
from seriema.exercise.dice import Dice
from seriema.exercise.figures import STEPPING_STONE, Scene, scenes
from seriema.exercise.mailbox import Exercise, IncidentTruth, Mail, Mailbox, MailTruth, Truth
from seriema.exercise.ordinary import ordinary
from seriema.exercise.stage import Entry, Stage
from seriema.exercise.truth import incident, mail_truths
from seriema.exercise.twins import TWINS, Setting
from seriema.exercise.wording import password
from seriema.exercise.writer import raw


def make(seed: int | None = None) -> Exercise:
    """The practice mailboxes with their truth. Without a seed the cases have the report's own figures.

    Pure: the same seed gives the same bytes (with the same zlib; another build may compress to other bytes).
    """
    boxes: list[Mailbox] = []
    mails: list[MailTruth] = []
    incidents: list[IncidentTruth] = []
    for mailbox, truths, figures in played(seed):
        boxes.append(mailbox)
        mails.extend(truths)
        incidents.append(figures)
    return Exercise(tuple(boxes), Truth(seed, tuple(mails), tuple(incidents)))


def played(seed: int | None = None) -> Iterator[tuple[Mailbox, tuple[MailTruth, ...], IncidentTruth]]:
    """The same one mailbox at a time, for a face that wants to begin before the last one is written."""
    dice = Dice(f"exercise/{'report' if seed is None else seed}")
    cast = Cast(dice)
    stepping_stone = cast.person(cast.organisation(*STEPPING_STONE))
    for scene in scenes(seed):
        setting = Setting(dice.child(scene.case), cast, scene, company(cast, scene, stepping_stone))
        entries = sorted(_entries(dice, setting), key=lambda entry: (entry.letter.arrived, entry.letter.message_id))
        mailbox = _mailbox(scene, setting.company, entries)
        yield mailbox, mail_truths(mailbox, entries), incident(scene, setting.company.own, entries)


def _entries(dice: Dice, setting: Setting) -> Iterator[Entry]:
    """Lures with their twins, twins of other shapes, ordinary mail."""
    scene = setting.scene
    secret = password(dice.child(f"campaign/{scene.campaign or scene.case}"))
    yield from Stage(setting.dice, setting.cast, scene, setting.company, secret).entries()
    for number, name in enumerate(scene.twins):
        yield from TWINS[name](setting.apart(f"shape/{number}"))
    for number, key in enumerate(scene.background):
        yield from ordinary(setting.apart(f"ordinary/{number}"), key)


def _mailbox(scene: Scene, players: Company, entries: Sequence[Entry]) -> Mailbox:
    gateway = players.gateway
    mails = tuple(
        Mail(raw(entry.letter, gateway), f"#{index}", entry.letter.arrived, entry.letter.envelope_sender)
        for index, entry in enumerate(entries)
    )
    return Mailbox(scene.name, players.own.name, gateway.own_domains, gateway.host, mails)
