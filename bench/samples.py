"""Plays grafts against memories of real mail, and keeps what came of each judged mail as a sample.

A corpus is dissected once and remembered in snapshots, one each ten days; a play gets a copy of the one that fits its
time, so that what it leaves in memory meets nobody else. Memory answers as of a moment: mails that came later, but
before the snapshot, are not seen.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import grounds
from grafts import Play, Step, plays
from seriema import flow, plugins, verdict
from seriema.edge.jail.unlocked import run_unlocked
from seriema.edge.memory import Memory
from seriema.model.case import Case, Evidence
from seriema.model.plan import Dissection, Plan
from seriema.verdict.double_click import RUNS
from seriema.verdict.signal import Signal

SIGNALS = plugins.load("seriema.verdict.signals", "SIGNAL", Signal, "seriema.signals").values
STATES = ("warm", "month", "cold")
GRID = timedelta(days=10)
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sample:
    """One judged mail with what is true of it."""

    lure: bool
    pattern: str
    brings: str
    language: str
    thread_language: str
    corpus: str
    conversation: str
    account: str  #: whose mailbox or name it is
    silence: str
    state: str
    number: int  #: in its sweep, from 0
    own_route: bool
    tier: str
    score: float
    summary: str
    reasons: tuple[tuple[str, float, str], ...]
    strengths: dict[str, float]
    opened: bool  #: everything locked in it was opened and read
    raw: bytes = field(repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)


class InProcess:
    """The jail's contract without its wall."""

    level = "none"

    async def dissect(self, raw: bytes, plan: Plan) -> Dissection:
        """Read one mail here and now."""
        return run_unlocked(raw, plan)


class Blank:
    """A memory that is always new: it answers as an empty one and keeps nothing."""

    def __init__(self, empty: Memory) -> None:
        self._empty = empty

    def __getattr__(self, name: str) -> Any:
        return getattr(self._empty, name)

    def remember(self, *_: object) -> None:
        """Keep nothing; the same for what is kept sealed."""

    keep_locked = keep_candidates = keep_proven = keep_suspect = drop_suspect = condemn = settle = remember

    async def stored(self) -> None:
        """Nothing waits."""


def rules(reader: str) -> flow.Rules:
    return flow.Rules(policy=verdict.preset("balanced"), authserv_ids=(f"mx.{reader}",))


# -- memories ----------------------------------------------------------------------------------------------------------


class Memories:
    """Snapshots of one corpus: what was remembered by each tenth day, all of it and the last month of it."""

    def __init__(self, corpus: grounds.Corpus, folder: Path) -> None:
        self.corpus, self.folder = corpus, folder
        self.seen = [run_unlocked(raw, Plan()) for raw in corpus.raws]
        self.times = [one.time or flow.EPOCH for one in corpus.mails]
        self.begin, self.end = min(self.times), max(self.times)
        self.whole: list[tuple[datetime, Path]] = []
        self.windows: list[tuple[datetime, Path]] = []

    async def build(self) -> None:
        """Learn the corpus once in steps, and each month of it apart."""
        moment = self.begin
        path, done = self.folder / f"{self.corpus.name}-0.db", self.begin
        while done <= self.end:
            moment = done + GRID
            await self._learn(path, lambda when, low=done, high=moment: low <= when < high)
            if any(done <= when < moment for when in self.times) or not self.whole:
                self.whole.append((moment, path))
                path = self._copied(path, self.folder / f"{self.corpus.name}-{len(self.whole)}.db")
            done = moment
        done = self.begin
        while done <= self.end:
            chosen = [when for when in self.times if done <= when < done + 4 * GRID]
            if chosen:
                window = self.folder / f"{self.corpus.name}-month-{len(self.windows)}.db"
                await self._learn(window, lambda when, low=done: low <= when < low + 4 * GRID)
                self.windows.append((done, window))
            done += GRID

    async def _learn(self, path: Path, wanted: Callable[[datetime], bool]) -> None:
        memory = Memory.open(f"sqlite:///{path}", own_domains=self.corpus.own)
        edge = flow.Edge(InProcess(), memory)
        for raw, seen, when in zip(self.corpus.raws, self.seen, self.times, strict=True):
            if wanted(when):
                await flow.learned(flow.Incoming("corpus", raw), seen, edge, rules(""))
        await memory.stored()
        memory.close()

    @staticmethod
    def _copied(source: Path, target: Path) -> Path:
        for suffix in ("", ".key", "-wal"):
            if Path(f"{source}{suffix}").exists():
                shutil.copyfile(f"{source}{suffix}", f"{target}{suffix}")
        for suffix in ("-wal", "-shm"):
            if not Path(f"{source}{suffix}").exists():
                Path(f"{target}{suffix}").unlink(missing_ok=True)
        return target

    def opened(self, state: str, play: Play, last: datetime) -> Memory:
        """A memory of its own for one play, as it stood then. ``last``: of the conversation's earlier mails."""
        moment = play.steps[0].moment
        own = self.corpus.own | {play.steps[0].reader}
        if state == "cold":
            return Memory.open(own_domains=own)
        if state == "warm":
            source = next((path for until, path in self.whole if until >= moment), self.whole[-1][1])
        else:
            after = [path for begun, path in self.windows if begun <= moment - MONTH < begun + GRID]
            later = [path for begun, path in self.windows if begun > last]
            source = (after or later or [self.windows[-1][1]])[-1]
        target = self._copied(source, self.folder / "play.db")
        return Memory.open(f"sqlite:///{target}", own_domains=own)


# -- judging -----------------------------------------------------------------------------------------------------------


async def played(play: Play, state: str, memories: Memories, known: dict[bytes, Dissection]) -> list[Sample]:
    """The judged mails of one play in one state of memory."""
    last = max((when for when in memories.times if when < play.steps[0].moment), default=flow.EPOCH)
    memory = memories.opened(state, play, last)
    edge = flow.Edge(InProcess(), memory)
    found = []
    try:
        since = {"warm": flow.EPOCH, "month": play.steps[0].moment - MONTH}.get(state)
        for step in play.prelude:
            if since is not None and step.moment >= since:
                await flow.learned(_incoming(step), _seen(step, known), edge, rules(step.reader))
        for number, step in enumerate(play.steps):
            case, *_ = await flow.conclude(_incoming(step), _seen(step, known), edge, rules(step.reader))
            if number == 0 or play.lure:
                found.append(sample(play, number, state, case, step))
    finally:
        memory.close()
    return found


def _incoming(step: Step) -> flow.Incoming:
    return flow.Incoming("graft", step.raw, fallback=step.moment)


def _seen(step: Step, known: dict[bytes, Dissection]) -> Dissection:
    """Dissected once; memory has no part in it."""
    if step.raw not in known:
        known[step.raw] = run_unlocked(step.raw, Plan(authserv_ids=(f"mx.{step.reader}",)))
    return known[step.raw]


def sample(play: Play, number: int, state: str, case: Case, step: Step) -> Sample:
    judged = case.verdict
    return Sample(
        play.lure, play.pattern, play.brings, play.language, play.thread_language, play.corpus,
        play.conversations[min(number, len(play.conversations) - 1)], play.account,
        play.silences[min(number, len(play.silences) - 1)],
        state, number, play.own_route, judged.tier.value, judged.score, judged.summary,
        tuple((one.signal, one.weight, one.text) for one in judged.reasons), strengths(case.evidence),
        judged.inspection.complete, step.raw, (*step.names, step.locked_by),
    )  # fmt: skip


def strengths(evidence: Evidence) -> dict[str, float]:
    """What each signal saw, before any weight."""
    seen = ((one.name, one.observe(evidence)) for one in SIGNALS)
    return {name: what.strength for name, what in seen if what}


async def grafted(
    corpora: Sequence[grounds.Corpus], counts: dict[str, int]
) -> tuple[list[Sample], dict[str, list[Sample]]]:
    """All samples of grafts, and those of the real mails themselves by state."""
    found: list[Sample] = []
    real: dict[str, list[Sample]] = {"warm": [], "cold": []}
    for corpus in corpora:
        with tempfile.TemporaryDirectory() as folder:
            memories = Memories(corpus, Path(folder))
            await memories.build()
            print(f"{corpus.name}: {len(corpus.mails)} mails, {len(memories.whole)} snapshots", file=sys.stderr)
            places = grounds.Grounds(corpus)
            for play in plays(places, counts[corpus.name]):
                known: dict[bytes, Dissection] = {}
                for state in STATES:
                    found += await played(play, state, memories, known)
            for state in real:
                real[state] += await plainly(memories, state)
    return found, real


async def plainly(memories: Memories, state: str) -> list[Sample]:
    """The corpus itself, each mail at its own arrival: with all before it remembered, or with nothing."""
    found = []
    memory = Memory.open(own_domains=memories.corpus.own)
    edge = flow.Edge(InProcess(), Blank(memory) if state == "cold" else memory)  # type: ignore[arg-type] - enough of one
    for mail, raw, seen in zip(memories.corpus.mails, memories.corpus.raws, memories.seen, strict=True):
        case, *_ = await flow.conclude(flow.Incoming(mail.message_id, raw), seen, edge, rules(""))
        if locked_or_active(case.evidence):
            continue
        language = mail.body.reply_language
        play = Play(
            "real", "none", language, language, memories.corpus.name, mail.sender.key, (mail.sha256,), ("",), (),
        )  # fmt: skip
        found.append(sample(play, 0, state, case, Step(raw, mail.time or flow.EPOCH)))
    memory.close()
    return found


def locked_or_active(evidence: Evidence) -> bool:
    """The mail brings a file that is locked or can act."""
    return any(one.encrypted or one.file_class in RUNS for one in evidence.artifacts) or any(
        one.name.startswith("macro.") for one in evidence.findings
    )
