"""The ordinary mail around it all: notices, newsletters, lists and talk, at the same time and in the years before."""

from datetime import datetime, timedelta

from seriema.exercise.conversation import Circle, list_talk, machine_talk, people_talk
from seriema.exercise.figures import Silence
from seriema.exercise.stage import Entry
from seriema.exercise.twins import Setting
from seriema.exercise.wording import topic

BEFORE = 120  #: days before the scene on which ordinary mail begins


def ordinary(setting: Setting, key: str) -> list[Entry]:
    """One conversation or notice about the topic ``key`` with somebody of the organisation."""
    dice, cast, language = setting.dice, setting.cast, setting.language
    trade = dice.choice(("consulting", "it", "health", "manufacturing"))
    home = setting.company.own if key == "internal" else cast.organisation(trade, language)
    reader, moment = setting.target(), _moment(setting)
    about = topic(dice, language, key, home, setting.company.own, reader.name)
    shown, _, local = about.sender.partition("|")
    if about.kind == "people":
        writer = cast.person(home)
        others = tuple(person for person in dice.sample(setting.company.employees, 2) if person is not reader)
        letters = people_talk(dice, about, Circle(writer, reader, others), moment, Silence.WEEKS)
    elif about.kind == "list":
        sender = cast.machine(shown, local, home)
        letters = list_talk(dice, about, sender, cast.person(cast.organisation(trade, language)), moment)
    else:
        letters = machine_talk(dice, about, cast.machine(shown, local, home), (reader,), moment)
    return [Entry(letter, about=about) for letter in letters]


def _moment(setting: Setting) -> datetime:
    """Some time from months before the scene to its end."""
    return setting.moment() - timedelta(days=setting.dice.randrange(BEFORE))
