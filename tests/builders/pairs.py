"""Locked files whose passwords come in other mails, in all the ways people send them, with the truth of each.

A stream mixes many variations among a few organisations, so that every file has many strangers' passwords near it. All
is drawn from a seed. Words and archives are the exercise's own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from seriema.exercise.archives import zip_bytes
from seriema.exercise.cast import Cast, Person
from seriema.exercise.dice import Dice
from seriema.exercise.wording import LANGUAGES, LONG_PASSWORD, phrase, short

START = datetime(2020, 6, 1, 6, 0, tzinfo=UTC)
#: A rule once announced, and the usual one spoken of.
RULE = {
    "en": "From now on the password of our files is {word} followed by the date of sending (MMDD).",
    "de": "Ab sofort lautet das Passwort unserer Dateien {word} und dahinter das Sendedatum (MMTT).",
    "ja": "今後、添付ファイルのパスワードは「{word}」＋送信日（MMDD）となります。",
}
USUAL = {
    "en": "The password is the usual one.",
    "de": "Das Passwort ist das übliche.",
    "es": "La contraseña es la de siempre.",
    "fr": "Le mot de passe est celui d'habitude.",
    "it": "La password è la solita.",
    "ja": "パスワードはいつものものです。",
}


@dataclass(frozen=True)
class Sent:
    """One mail. ``opened_by``: ids of the mails whose password may open its file; none when nothing may."""

    id: str
    when: datetime
    raw: bytes
    variation: str
    file: bool = False
    opened_by: tuple[str, ...] = ()
    late: bool = False  #: opened only after it was judged


@dataclass(frozen=True)
class Scene:
    """Who writes to whom, in which language, when."""

    dice: Dice
    cast: Cast
    writer: Person
    readers: tuple[Person, ...]
    stranger: Person
    when: datetime
    variation: str

    @property
    def language(self) -> str:
        return self.writer.language

    @property
    def secret(self) -> str:
        return self.dice.shape(self.dice.choice((LONG_PASSWORD, "{l4}{d4}", "{U2}{d4}{l2}")))

    def later(self, least: float, most: float) -> datetime:
        """So many hours later."""
        return self.when + timedelta(hours=self.dice.uniform(least, most))


def stream(seed: int, count: int) -> tuple[Sent, ...]:
    """So many scenes of all variations in turn, in the order of their mails' times."""
    dice = Dice(f"pairs/{seed}")
    cast = Cast(dice)
    own = [cast.person(organisation) for organisation in [cast.organisation("bank", "en")] * 6]
    partners = [cast.organisation("consulting", language) for language in LANGUAGES for _ in range(2)]
    writers = {one.domain: [cast.person(one) for _ in range(2)] for one in partners}
    sent: list[Sent] = []
    for number in range(count):
        name = list(VARIATIONS)[number % len(VARIATIONS)]
        drawn = dice.child(f"{number}")
        there = drawn.choice([one for one in partners if name != "rule" or one.language in RULE])
        elsewhere = drawn.choice([one for one in partners if one is not there])
        scene = Scene(
            drawn,
            cast,
            drawn.choice(writers[there.domain]),
            tuple(drawn.sample(own, 2)),
            drawn.choice(writers[elsewhere.domain]),
            START + timedelta(hours=drawn.uniform(0, 24 * 60)),
            name,
        )
        sent += VARIATIONS[name](scene)
    return tuple(sorted(sent, key=lambda one: (one.when, one.id)))


# -- the variations ----------------------------------------------------------------------------------------------------


def after(scene: Scene) -> Iterator[Sent]:
    """The custom: file, then password within minutes."""
    yield from _pair(scene, scene.later(0.01, 0.3))


def hours_later(scene: Scene) -> Iterator[Sent]:
    yield from _pair(scene, scene.later(2, 120))


def first(scene: Scene) -> Iterator[Sent]:
    """The password comes before the file."""
    yield from _pair(scene, scene.when - timedelta(hours=scene.dice.uniform(0.01, 20)))


def other_envelope(scene: Scene) -> Iterator[Sent]:
    """A gateway of the same organisation sends the password, under an envelope of its own."""
    gateway = scene.cast.machine("Mail Gateway", f"gateway-{scene.dice.shape('{d3}')}", scene.writer.organisation)
    told = phrase(scene.dice, scene.language, "gateway_password", company="X", subject="-", password="{password}")
    yield from _pair(scene, scene.later(0.01, 0.2), sender=gateway, told=told)


def with_references(scene: Scene) -> Iterator[Sent]:
    """A colleague answers the mail with the file, in the same conversation."""
    colleague = scene.cast.person(scene.writer.organisation)
    yield from _pair(scene, scene.later(0.1, 200), sender=colleague, linked=True)


def subset(scene: Scene) -> Iterator[Sent]:
    """Only one of those who got the file gets the password."""
    yield from _pair(scene, scene.later(0.1, 5), readers=scene.readers[1:])


def interleaved(scene: Scene) -> Iterator[Sent]:
    """Two files between the same people, then their passwords in either order."""
    dice = scene.dice
    moments = sorted(scene.when + timedelta(minutes=dice.uniform(0, 90)) for _ in range(4))
    order = [1, 0] if dice.chance(0.5) else [0, 1]
    for turn in range(2):
        one = replace(scene, dice=dice.child(f"pair{turn}"), when=moments[turn])
        yield from _pair(one, moments[2 + order[turn]])


def several(scene: Scene) -> Iterator[Sent]:
    """One password for several mails' files, named once, in between."""
    secret, told = scene.secret, f"pw-{scene.dice.tag}@{scene.writer.organisation.domain}"
    moment = scene.later(1, 3)
    for number, hours in enumerate((0.0, 0.5, 20.0)):
        one = replace(scene, dice=scene.dice.child(f"file{number}"), when=scene.when + timedelta(hours=hours))
        yield _file(one, secret, (told,), late=one.when < moment)
    yield _password(scene, secret, moment, told)


def usual(scene: Scene) -> Iterator[Sent]:
    """What opened the first file opens another weeks later, and nobody names it again."""
    file, told = _pair(scene, scene.later(0.1, 2))
    yield from (file, told)
    for number in range(2):
        later = replace(
            scene, dice=scene.dice.child(f"usual{number}"), when=scene.when + timedelta(days=20 + 40 * number)
        )
        before = (file.id, told.id, *(f"file-{scene.dice.child('usual0').tag}@{scene.writer.organisation.domain}",))
        yield _file(later, _secret_of(scene), before, late=False, note=USUAL[scene.language])


def rule(scene: Scene) -> Iterator[Sent]:
    """A word and the date of sending, announced once; the next time the rule is known from what opened before."""
    word, told = scene.dice.shape("{l4}"), f"pw-{scene.dice.tag}@{scene.writer.organisation.domain}"
    announced = RULE[scene.language].format(word=word)
    yield _password(scene, "", scene.when - timedelta(hours=30), told, words=announced)
    ids = [told]
    for days in (0, 2, 25):
        one = replace(scene, dice=scene.dice.child(f"rule{days}"), when=scene.when + timedelta(days=days))
        file = _file(one, f"{word}{one.when:%m%d}", tuple(ids), late=False)
        ids.append(file.id)
        yield file


def strangers(scene: Scene) -> Iterator[Sent]:
    """The right password, but from somebody else to the same people, or from the same sender to others: no pair."""
    secret = scene.secret
    file = _file(scene, secret, (), late=False)
    yield file
    domain = scene.stranger.organisation.domain
    elsewhere = replace(scene, writer=scene.stranger)
    yield _password(elsewhere, secret, scene.later(0.1, 2), f"pw-{scene.dice.tag}@{domain}")
    alone = replace(scene, readers=(scene.cast.person(scene.stranger.organisation),))
    yield _password(alone, secret, scene.later(2, 4), f"pw2-{scene.dice.tag}@{scene.writer.organisation.domain}")


VARIATIONS: dict[str, Callable[[Scene], Iterator[Sent]]] = {
    one.__name__.replace("_", " "): one
    for one in (
        after, hours_later, first, other_envelope, with_references, subset, interleaved, several, usual, rule, strangers
    )
}  # fmt: skip


# -- mails -------------------------------------------------------------------------------------------------------------


def _secret_of(scene: Scene) -> str:
    return replace(scene, dice=scene.dice.child("secret")).secret


def _pair(
    scene: Scene,
    moment: datetime,
    *,
    sender: Person | None = None,
    readers: tuple[Person, ...] = (),
    told: str = "",
    linked: bool = False,
) -> Iterator[Sent]:
    writer = sender or scene.writer
    secret, identity = _secret_of(scene), f"pw-{scene.dice.tag}@{writer.organisation.domain}"
    file = _file(scene, secret, (identity,), late=scene.when < moment)
    yield file
    telling = replace(scene, writer=writer, readers=readers or scene.readers)
    words = told.replace("{password}", secret)
    yield _password(telling, secret, moment, identity, words=words, answers=file.id if linked else "")


def _file(scene: Scene, secret: str, opened_by: tuple[str, ...], *, late: bool, note: str = "") -> Sent:
    dice, language = scene.dice.child("file"), scene.language
    words = short(dice, language, scene.readers[0], note=note or phrase(dice, language, "follows"))
    identity = f"file-{scene.dice.tag}@{scene.writer.organisation.domain}"
    mail = _mail(scene, identity, scene.when, f"{dice.shape('{U2}')}-{dice.shape('{d4}')}", words)
    method = dice.choice(("aes256", "aes128", "zipcrypto"))
    inside = [(f"{dice.shape('{l6}')}.txt", f"What {scene.dice.label} is about.\n".encode() * 20)]
    locked = zip_bytes(inside, secret, method)
    mail.add_attachment(locked, maintype="application", subtype="zip", filename=f"{dice.shape('{l5}')}.zip")
    return Sent(identity, scene.when, mail.as_bytes(), scene.variation, file=True, opened_by=opened_by, late=late)


def _password(scene: Scene, secret: str, when: datetime, identity: str, *, words: str = "", answers: str = "") -> Sent:
    dice = scene.dice.child("password")
    text = words or phrase(dice, scene.language, "follow_up", password=secret)
    mail = _mail(scene, identity, when, dice.shape("{U2}-{d5}"), text)
    if answers:
        mail["In-Reply-To"] = mail["References"] = f"<{answers}>"
    return Sent(identity, when, mail.as_bytes(), scene.variation)


def _mail(scene: Scene, identity: str, when: datetime, subject: str, words: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["Return-Path"] = f"<bounce-{scene.dice.tag}@{scene.writer.organisation.domain}>"
    mail["From"] = f'"{scene.writer.name}" <{scene.writer.address}>'
    mail["To"] = ", ".join(one.address for one in scene.readers)
    mail["Date"] = format_datetime(when)
    mail["Message-ID"] = f"<{identity}>"
    mail["Subject"] = subject
    mail.set_content(words)
    return mail
