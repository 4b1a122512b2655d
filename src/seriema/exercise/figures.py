"""The seven cases of the report as figures: how many mails, days and accounts, which threads, which languages.

Without a seed the figures are the report's own (Talos, 1 July 2020: F1 fourteen mails in ten days through eight
accounts, F2 eight accounts and more than twenty mails over weeks, and so on). With a seed they are drawn.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from seriema.exercise.dice import Dice


class Silence(StrEnum):
    """How long a thread rested before the mail at hand."""

    LIVE = "live"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


#: Least and most days of each.
DAYS = {
    Silence.LIVE: (0.03, 2.0),
    Silence.WEEKS: (5.0, 40.0),
    Silence.MONTHS: (60.0, 420.0),
    Silence.YEARS: (640.0, 990.0),
}
RESTED = (Silence.LIVE, Silence.WEEKS, Silence.MONTHS, Silence.MONTHS, Silence.MONTHS, Silence.YEARS, Silence.YEARS)


@dataclass(frozen=True, slots=True)
class Opening:
    """One thread that a case must hold. ``last`` (year, month) or ``silence`` says when it was last touched."""

    topic: str
    last: tuple[int, int] | None = None
    silence: Silence | None = None
    trade: str = ""  #: the account must be of that trade
    language: str = ""  #: of thread and reply, where it is not the scene's
    early: bool = False  #: answered in the early morning


@dataclass(frozen=True, slots=True)
class Scene:
    """One case in one mailbox."""

    case: str
    name: str  #: of the mailbox
    trade: str
    language: str  #: of the organisation
    start: date
    mails: int
    days: int
    accounts: tuple[tuple[str, str], ...]  #: trade and language of each stolen account's organisation
    openings: tuple[Opening, ...]
    topics: tuple[str, ...]  #: what the other threads are about
    thread_language: str = ""  #: the organisation's where empty
    reply_language: str = ""  #: the thread's where empty
    silences: tuple[Silence, ...] = RESTED
    waves: bool = False  #: a burst on the first day, a second wave hours later, then mails on every day
    repeats: int = 0  #: mails into a thread already used, to another of its people
    domains: int = 1  #: organisations behind the gateway
    forwards: int = 0  #: times a lure is sent on to the own help desk
    targeted: str = ""  #: targeted, indiscriminate or "" for no claim
    cms: bool = True  #: delivery addresses have the report's shape, else the other one of that spring
    campaign: str = ""  #: cases of one campaign share one password
    twins: tuple[str, ...] = ()  #: besides those written in pairs with the lures
    background: tuple[str, ...] = ()  #: topics of ordinary mail

    @property
    def thread(self) -> str:
        """Language of the threads."""
        return self.thread_language or self.language

    @property
    def reply(self) -> str:
        """Language of the lures."""
        return self.reply_language or self.thread


STEPPING_STONE = ("law", "en")  #: this account is used against F1 and F2
BUSINESS = ("loan", "invoice", "audit", "meeting", "contract", "training", "figures", "realestate", "itproject")
CLAIMS = ("claim", "courtcase", "agency", "invoice", "meeting", "audit", "contract", "training")
ENGLISH = ("newsletter", "webinar", "ticketing", "delivery", "gardeners", "admins", "internal", "figures", "internal")

REPORT = (
    Scene(
        "F1", "F1-bank", "bank", "en", date(2020, 5, 26), 14, 10,
        (("realty", "en"), ("consulting", "en"), ("title", "en"), ("it", "en"), ("agency", "en"), ("consulting", "en"),
         ("health", "en"), STEPPING_STONE),
        (Opening("loan", (2020, 2), early=True), Opening("realestate", (2018, 3)), Opening("chat", (2017, 12)),
         Opening("proflink"), Opening("lottery"), Opening("itproject", silence=Silence.LIVE, trade="it")),
        BUSINESS, waves=True, targeted="targeted", campaign="spring",
        twins=("statement", "ppap", "true-reply", "macro", "list-archive"), background=ENGLISH,
    ),
    Scene(
        "F2", "F2-insurer", "insurance", "en", date(2020, 5, 6), 22, 31,
        (STEPPING_STONE, ("law", "en"), ("agency", "en"), ("health", "en"), ("consulting", "en"), ("realty", "en"),
         ("transport", "en"), ("agency", "en")),
        (Opening("courtcase", trade="law"), Opening("courtauto", trade="law"), Opening("holiday"),
         Opening("agency", trade="agency"), Opening("gardeners")),
        CLAIMS, repeats=2, targeted="targeted", campaign="spring",
        twins=("court-bundle", "gateway", "true-reply", "signed"), background=ENGLISH,
    ),
    Scene(
        "F3", "F3-transport", "transport", "en", date(2020, 5, 18), 4, 11,
        (("transport", "de"), ("manufacturing", "de"), ("transport", "de")), (),
        ("shipment", "invoice", "contract", "meeting"), reply_language="de",
        twins=("gateway-first",), background=("newsletter", "delivery", "internal", "shipment"),
    ),
    Scene(
        "F4", "F4-builder", "manufacturing", "es", date(2020, 5, 20), 2, 2, (("consulting", "en"),),
        (Opening("saludo"),), ("obra", "pedido", "reunion", "poliza"), reply_language="en",
        twins=("true-reply",), background=("boletin", "envio", "pedido"),
    ),
    Scene(
        "F5", "F5-provider", "post", "en", date(2020, 6, 2), 5, 4,
        (("health", "en"), ("consulting", "en"), ("realty", "es"), ("manufacturing", "it"), ("it", "en")),
        (Opening("dating"), Opening("pharmacy"), Opening("citas", language="es"), Opening("farmacia", language="it"),
         Opening("pharmacy")),
        ("dating", "pharmacy"), domains=5, targeted="indiscriminate", cms=False,
        twins=("statement",), background=("newsletter", "delivery", "chat", "gardeners"),
    ),
    Scene(
        "F6", "F6-maker", "manufacturing", "ja", date(2020, 6, 8), 2, 2, (("manufacturing", "ja"), ("it", "ja")), (),
        ("mitsumori", "uchiawase", "shiyo", "hinshitsu"), silences=(Silence.LIVE,),
        twins=("ppap", "ppap", "true-reply-zip"), background=("tenji", "haiso", "uchiawase"),
    ),
    Scene(
        "F7", "F7-energy", "energy", "fr", date(2020, 6, 3), 1, 1, (("manufacturing", "fr"),), (),
        ("chantier", "facture", "contrat", "inventaire"), forwards=2,
        twins=("payroll", "macro"), background=("lettre", "colis", "reunion"),
    ),
)  # fmt: skip


def scenes(seed: int | None) -> tuple[Scene, ...]:
    """The cases with the report's own figures, or with drawn ones."""
    return REPORT if seed is None else tuple(_drawn(scene, Dice(f"figures/{seed}/{scene.case}")) for scene in REPORT)


#: Least and most mails, days and accounts of each case under a seed.
RANGES = {
    "F1": ((9, 25), (5, 14), (4, 10)),
    "F2": ((16, 30), (18, 45), (5, 10)),
    "F3": ((3, 7), (4, 15), (1, 3)),
    "F4": ((1, 4), (2, 5), (1, 1)),
    "F5": ((4, 8), (3, 8), (4, 6)),
    "F6": ((1, 4), (1, 3), (1, 2)),
    "F7": ((1, 2), (1, 2), (1, 2)),
}


def _drawn(scene: Scene, dice: Dice) -> Scene:
    mails, days, accounts = (dice.randint(*limits) for limits in RANGES[scene.case])
    mails = max(mails, len(scene.openings))
    accounts = min(accounts, mails - 2 if scene.waves else mails)
    days = min(days, mails - WAVES + 1 if scene.waves else days if mails > 1 else 1)
    pool = [*scene.accounts, *(dice.choice(scene.accounts) for _ in range(accounts))]
    needed = dict.fromkeys(entry for entry in pool if entry == STEPPING_STONE or _asked(scene, entry[0]))
    others = [entry for entry in pool if entry not in needed]
    chosen = [*others[: max(0, accounts - len(needed))], *needed][:accounts]
    return replace(
        scene,
        start=scene.start + timedelta(days=dice.randint(-10, 10)),
        mails=mails,
        days=max(days, 1),
        accounts=tuple(chosen),
        openings=tuple(_shifted(opening, dice) for opening in scene.openings),
        forwards=dice.randint(1, 3) if scene.forwards else 0,
    )


WAVES = 5  #: mails of the first day of a case with waves: three of one account, then two of others


def _asked(scene: Scene, trade: str) -> bool:
    return any(opening.trade == trade for opening in scene.openings)


def _shifted(opening: Opening, dice: Dice) -> Opening:
    """The month a thread was last touched, moved by up to two months."""
    if opening.last is None:
        return opening
    months = opening.last[0] * 12 + opening.last[1] - 1 - dice.randrange(3)
    return replace(opening, last=(months // 12, months % 12 + 1))
