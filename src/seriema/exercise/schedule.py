"""When each mail of a case is sent and from which account: bursts, second waves, and one mail at least on each day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from seriema.exercise.dice import Dice
from seriema.exercise.figures import Scene

BURST = 3  #: mails of the first account on the first day of a case with waves
HOUR = 3600  #: seconds
SECOND_WAVE = 2  #: accounts that follow some hours later


@dataclass(frozen=True, slots=True)
class Slot:
    """One mail to be written: its account's number, its day and the second of it on the organisation's own clock."""

    account: int
    day: date
    second: int

    def moment(self, zone: int) -> datetime:
        """The same as an aware time, for a clock ``zone`` hours east of UTC."""
        midnight = datetime.combine(self.day, time(), UTC)
        return midnight + timedelta(seconds=self.second, hours=-zone)


def slots(dice: Dice, scene: Scene, zone: int) -> list[Slot]:
    """One slot for each mail of the scene, in order of time."""
    pairs = _in_waves(dice, scene) if scene.waves else _in_bursts(dice, scene)
    by_day: dict[int, list[int]] = {}
    for account, day in sorted(pairs, key=lambda pair: pair[1]):
        by_day.setdefault(day, []).append(account)
    found = []
    for day, accounts in by_day.items():
        seconds = sorted(hour(dice, zone) for _ in accounts)
        if scene.waves and day == 0:
            seconds = _first_day(dice)
        found += [Slot(a, scene.start + timedelta(days=day), s) for a, s in zip(accounts, seconds, strict=True)]
    return found


def hour(dice: Dice, zone: int) -> int:
    """A second of the day: office hours, now and then early in the morning. Far east a day begins later in UTC."""
    earliest = max(5, zone)
    if dice.chance(0.08):
        return dice.randrange(earliest * HOUR, (earliest + 2) * HOUR)
    return int(dice.triangular(max(7, earliest) * HOUR, 18 * HOUR, 11 * HOUR))


def rested(dice: Dice, moment: datetime, days: tuple[float, float], zone: int) -> datetime:
    """A moment so many days before ``moment``, in office hours when it is more than a few."""
    before = moment - timedelta(seconds=int(dice.uniform(*days) * 24 * HOUR))
    if days[0] < 1:
        return before
    return Slot(-1, before.date(), hour(dice, zone)).moment(zone)


def _first_day(dice: Dice) -> list[int]:
    """Early morning, some hours later twice more, then the second wave in the afternoon."""
    first = dice.randrange(5 * HOUR + 1200, 6 * HOUR + 2400)
    second = first + dice.randrange(3 * HOUR, 4 * HOUR)
    third = second + dice.randrange(600, HOUR)
    return [first, second, third, *sorted(dice.randrange(14 * HOUR, 16 * HOUR) for _ in range(SECOND_WAVE))]


def _in_waves(dice: Dice, scene: Scene) -> list[tuple[int, int]]:
    """(account, day): the first day's waves, then every later day at least once, every account at least once."""
    count = len(scene.accounts)
    first = [(0, 0)] * BURST + [(1, 0), (2, 0)]
    left = scene.mails - len(first)
    days = [*range(1, scene.days), *(dice.randrange(1, scene.days) for _ in range(left - scene.days + 1))]
    pending = list(range(BURST, count))
    accounts = [*pending, *(dice.randrange(1, count) for _ in range(left - len(pending)))]
    dice.shuffle(accounts)
    return first + list(zip(accounts, sorted(days), strict=True))


def _in_bursts(dice: Dice, scene: Scene) -> list[tuple[int, int]]:
    """(account, day): every account has a day of its own, the first and the last day are used."""
    count = len(scene.accounts)
    shares = [1] * count
    for _ in range(scene.mails - count):
        shares[dice.randrange(count)] += 1
    order = [account for account, share in enumerate(shares) for _ in range(share)]
    own = [round(account * (scene.days - 1) / max(1, count - 1)) for account in range(count)]
    pairs = [(account, own[account]) for account in order]
    pairs[-1] = (pairs[-1][0], scene.days - 1)
    return pairs


def spread(dice: Dice, taken: list[Slot], zone: int) -> Slot:
    """A slot for a twin: any day of the same time, the same kind of hour."""
    days = sorted({slot.day for slot in taken})
    return Slot(-1, days[0] + timedelta(days=dice.randint(0, (days[-1] - days[0]).days)), hour(dice, zone))
