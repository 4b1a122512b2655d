"""An established sender's mail was made in a way that this sender's mail never was (Gascon et al. 2018).

People move to a phone, to another program, provider or country; then several marks change together and all of them are
in order. So these changes only support what such a move does not explain: an id that names no host, a server's login
of a strange domain, a program's name without the version that it always writes.
"""

import re
from collections.abc import Iterable, Iterator

from seriema.model.case import Evidence
from seriema.model.history import Habits, Observed
from seriema.verdict.resemblance import same_house
from seriema.verdict.signal import Observation, Reads, Signal

#: What no move to another program or place explains, and what only adds to it.
NO_HOST, STRANGE_HOST, STRANGE_LOGIN, NO_VERSION = 1.0, 0.7, 0.7, 0.7
OTHER_PROGRAM, OTHER_ZONE, OTHER_NETWORK = 0.5, 0.5, 0.3
#: Together they must reach the first of these, and speak fully from the second on.
LEAST, FULL = 1.2, 2.4
#: Zones of one place differ by an hour between summer and winter.
SEASON_MINUTES = 60

#: Whose names mail providers put into the ids of their customers' mail.
_PROVIDERS = frozenset(
    (
        *("gmail.com", "googlemail.com", "google.com", "outlook.com", "hotmail.com", "live.com", "office365.com"),
        *("yahoo.com", "icloud.com", "me.com", "apple.com", "android.com", "aol.com", "gmx.net", "gmx.de", "web.de"),
        *("mail.ru", "yandex.ru", "qq.com", "163.com", "protonmail.com", "proton.me", "zoho.com", "amazonses.com"),
    )
)
_LOOPBACK = re.compile(r"(?:localhost(?:\.localdomain)?|\[?127(?:\.\d{1,3}){3}\]?)\Z", re.IGNORECASE)
_LOGIN = re.compile(r"\(Authenticated sender: {0,3}<?[^\s@<>()]{1,64}@([\w.-]{1,253})", re.IGNORECASE)
#: Programs that always write their version behind their name.
_VERSIONED = frozenset({"apple mail", "iphone mail", "ipad mail", "thunderbird", "mozilla thunderbird"})

Change = tuple[float, str]


def observe(evidence: Evidence) -> Observation | None:
    """Count what changed; without habits, or without something telling among the changes, nothing is said."""
    habits = evidence.history.sender.habits
    if not _habit(habits.id_shape) and not _habit(habits.client):
        return None
    telling = list(_telling(evidence, habits))
    if not telling:
        return None
    changes = (*telling, *_supporting(evidence, habits))
    total = sum(points for points, _ in changes)
    if total < LEAST:
        return None
    return Observation(
        "unlike this sender's earlier mail: " + ", ".join(text for _, text in changes), min(1.0, total / FULL)
    )


def _telling(evidence: Evidence, habits: Habits) -> Iterator[Change]:
    message, traits = evidence.message, evidence.message.traits
    host = message.message_id.rpartition("@")[2]
    whose, known = traits.id_shape.rpartition("@")[2], {one.rpartition("@")[2] for one in _habit(habits.id_shape)}
    if known and whose == "local" and "local" not in known and _LOOPBACK.match(host):
        yield NO_HOST, f"the Message-ID names {host}"
    elif known == {"own"} and "." in whose and whose not in _PROVIDERS and whose != traits.helo:
        yield STRANGE_HOST, f"the Message-ID bears {whose}"
    if login := _strange_login(evidence):
        yield STRANGE_LOGIN, f"handed in by an account of {login}"
    for name in ("X-Mailer", "User-Agent"):
        value = message.header(name).strip()
        if value.lower() in _VERSIONED:
            yield NO_VERSION, f"{value} without its version"


def _strange_login(evidence: Evidence) -> str:
    """The domain of the account by which a server took the mail, if it is not the sender's."""
    for field in evidence.message.headers:
        if field.name.lower() == "received" and (login := _LOGIN.search(field.value[:2_000])):
            domain = login[1].lower().rstrip(".")
            return "" if same_house(domain, evidence.message.sender.domain) else domain
    return ""


def _supporting(evidence: Evidence, habits: Habits) -> Iterator[Change]:
    traits = evidence.message.traits
    if _new(traits.client, habits.client):
        yield OTHER_PROGRAM, f"written with {traits.client}"
    elif _new(traits.fields, habits.fields) and _new(traits.id_shape, habits.id_shape):
        yield OTHER_PROGRAM, "written with another program"
    if _new(traits.zone, habits.zone) and all(_apart(traits.zone, one) for one in _habit(habits.zone)):
        yield OTHER_ZONE, f"in the time zone {traits.zone}"
    if _new(traits.network, habits.network) and _new(traits.helo, habits.helo):
        yield OTHER_NETWORK, f"from the network {traits.network}"


def _habit(ways: Iterable[Observed]) -> list[str]:
    return [one.value for one in ways if one.habit]


def _new(value: str, ways: Iterable[Observed]) -> bool:
    """Something else than every habit; where there is none, nothing is new."""
    known = _habit(ways)
    return bool(value and known) and value not in known


def _apart(one: str, other: str) -> bool:
    """More than summer and winter of one place."""
    return abs(_minutes(one) - _minutes(other)) > SEASON_MINUTES


def _minutes(zone: str) -> int:
    """Of an offset such as +0130: 90."""
    digits = zone[1:5]
    if not digits.isdigit():
        return 0
    return (int(digits[:2]) * 60 + int(digits[2:])) * (-1 if zone.startswith("-") else 1)


SIGNAL = Signal("other_hand", Reads.CONVERSATION, observe)
