"""A mail on its way: judged, and delivered onwards, kept or left with its sender.

The promise: 250 only when a mail goes onwards or lies safely in the quarantine; whenever anything here is out of order,
4xx, and its sender has it still. In shadow mode every mail goes onwards unchanged and at once, and is judged
afterwards.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from seriema import config, flow
from seriema.cli.session import Session
from seriema.edge.quarantine import Held, Quarantine, State
from seriema.model.case import Case
from seriema.model.errors import InputError, JailUnavailable, MemoryUnavailable, SeriemaError, ServiceError
from seriema.model.verdict import Tier
from seriema.service import decision, log, reinject
from seriema.service.journal import TRIES, Journal
from seriema.service.metrics import Metrics
from seriema.service.milter import Received
from seriema.service.milter import answers as a
from seriema.service.milter.server import LATER
from seriema.service.outage import Outage, harmless_without_memory

_LOG = logging.getLogger(__name__)
#: Mails that are judged after they went onwards, at once, in shadow mode.
WATCHED = 64
_UNREAD = "Reading this mail failed twice, so nobody knows what it holds."


class Gateway:
    """Judges mails for a milter server. ``rules`` and ``settings`` may be replaced between two mails."""

    def __init__(
        self,
        session: Session,
        settings: config.Settings,
        clock: Callable[[], datetime],
        quarantine: Quarantine | None,
        journal: Journal | None,
    ) -> None:
        self.settings, self.rules = settings, session.rules
        self.metrics = Metrics()
        self.outage = Outage(settings.service.open_after_hours)
        self._edge, self._clock = session.edge, clock
        self._quarantine, self._journal = quarantine, journal
        self._later: set[asyncio.Task[None]] = set()

    async def judge(self, mail: Received) -> Sequence[a.Answer]:
        """What to do with a mail."""
        if self.settings.service.mode == "shadow" or self._quarantine is None or self._journal is None:
            if len(self._later) < WATCHED:
                self._afterwards(self._watch(mail))
            else:
                self.metrics.count("seriema_unwatched_total")
            return (a.Accept(),)
        return await self._act(mail, self._quarantine, self._journal)

    async def returned(self, mail: Received) -> Sequence[a.Answer]:
        """The same on the listener that takes released mail back: what was released passes, once."""
        if self._quarantine is not None:
            try:
                released = await asyncio.to_thread(self._quarantine.pass_once, mail.raw, mail.envelope.recipients)
            except ServiceError as error:
                return self._unavailable(mail, error)
            if released:
                log.mail("released mail passed", event__action="release", email__local_id=mail.envelope.queue_id)
                return (a.Accept(),)
        return await self.judge(mail)

    async def retry(self) -> None:
        """Try again what waits for its sender's share of work, and what follows from that."""
        for case in await flow.retry(self._clock(), self._edge, self.rules):
            self._afterwards(self._judged_again(case))

    async def finish(self) -> None:
        """Wait for what is done afterwards."""
        while self._later:
            await asyncio.wait(self._later)

    async def _act(self, mail: Received, quarantine: Quarantine, journal: Journal) -> Sequence[a.Answer]:
        if mail.excess:
            log.mail("refused: " + mail.excess, event__action="refuse", email__local_id=mail.envelope.queue_id)
            return (decision.TOO_LARGE,)
        digest = hashlib.sha256(mail.raw).hexdigest()
        try:
            if journal.failures(digest) >= TRIES:
                await self._keep(mail, quarantine, None)
                journal.forget(digest)
                return (a.Discard(),)
            with journal.attempt(digest):
                case = await self._judged(mail)
                if decision.must_be_kept(case):
                    await self._keep(mail, quarantine, case)
        except MemoryUnavailable as error:
            return await self._without_memory(mail, digest, error)
        except ServiceError as error:
            return self._unavailable(mail, error)
        self.outage.ended()
        return decision.answers(case, mail.names)

    async def _judged(self, mail: Received) -> Case:
        began = time.perf_counter()
        case, *earlier = await flow.handle(self._incoming(mail), self._edge, self.rules)
        took = time.perf_counter() - began
        self._note(mail, case, took)
        for one in earlier:
            self._afterwards(self._judged_again(one))
        return case

    async def _keep(self, mail: Received, quarantine: Quarantine, case: Case | None) -> None:
        """Into the quarantine; safe on disk when this returns. Without a case it was never read."""
        envelope = mail.envelope
        held = Held(mail.raw, self._clock(), envelope.sender, envelope.recipients, summary=_UNREAD)
        if case is not None:
            verdict = case.verdict
            held = Held(
                raw=mail.raw,
                received=held.received,
                sender=envelope.sender,
                recipients=envelope.recipients,
                author=case.evidence.message.sender.address,
                tier=verdict.tier.value,
                inspection=str(verdict.inspection),
                summary=verdict.summary,
                queue_id=envelope.queue_id,
            )
        entry = await asyncio.to_thread(quarantine.hold, held)
        log.mail("held", event__action="hold", seriema__case=entry.id, email__local_id=envelope.queue_id)

    async def _judged_again(self, case: Case) -> None:
        """An earlier mail's locked file opened: what is held of it goes onwards, or is known better now."""
        quarantine, relay = self._quarantine, self.settings.quarantine.relay
        if quarantine is None or self.settings.service.mode == "shadow":
            return
        verdict = case.verdict
        words = (verdict.tier.value, str(verdict.inspection), verdict.summary)
        try:
            entry = await asyncio.to_thread(quarantine.judged_again, case.evidence.id, *words)
            waiting = [one.address for one in entry.recipients if one.state is State.HELD]
            if verdict.tier in (Tier.DELIVER, Tier.TAG) and verdict.inspection.complete and waiting and relay:
                release = reinject.release
                why = "its file was opened with the password of another mail"
                await asyncio.to_thread(release, quarantine, entry, waiting, relay, by="seriema", reason=why)
                log.mail("released", event__action="release", seriema__case=entry.id)
        except InputError:
            pass  # it was not held
        except SeriemaError as error:
            _LOG.warning("case %s stays held: %s", case.evidence.id, error)

    async def _watch(self, mail: Received) -> None:
        if mail.excess:
            log.mail("not judged: " + mail.excess, event__action="pass", email__local_id=mail.envelope.queue_id)
            return
        try:
            await self._judged(mail)
        except ServiceError as error:
            self._unavailable(mail, error)

    async def _without_memory(self, mail: Received, digest: str, error: MemoryUnavailable) -> Sequence[a.Answer]:
        """Nobody knows what went before. After some hours of that, what a worker finds harmless goes onwards."""
        later = self._unavailable(mail, error)
        if not self.outage.is_open(self._clock()):
            return later
        try:
            seen = await flow.dissect(self._incoming(mail), self._edge, self.rules)
        except JailUnavailable:
            return later
        if not harmless_without_memory(seen):
            return later
        log.mail("delivered unjudged", event__action="pass", seriema__case=digest[:32])
        return decision.unjudged(mail.names, digest)

    def _unavailable(self, mail: Received, error: ServiceError) -> Sequence[a.Answer]:
        self.outage.failed(self._clock())
        self.metrics.count("seriema_failures_total", "service", type(error).__name__)
        _LOG.error("mail %s not judged: %s", mail.envelope.queue_id, error)
        return (LATER,)

    def _incoming(self, mail: Received) -> flow.Incoming:
        return flow.Incoming(f"milter:{mail.envelope.queue_id}", mail.raw, arrived=self._clock())

    def _note(self, mail: Received, case: Case, took: float) -> None:
        envelope, verdict = mail.envelope, case.verdict
        self.metrics.count("seriema_mails_total", "tier", verdict.tier.value)
        self.metrics.took(took)
        for reason in sorted({gap.reason.value for gap in verdict.inspection.gaps}):
            self.metrics.count("seriema_uninspected_total", "reason", reason)
        log.mail(
            "judged",
            event__action=verdict.tier.value,
            event__duration=int(took * 1e9),
            email__local_id=envelope.queue_id,
            email__message_id=case.evidence.message.message_id,
            email__from__address=[case.evidence.message.sender.address],
            email__to__address=list(envelope.recipients[:50]),
            source__ip=envelope.client,
            seriema__case=case.evidence.id,
            seriema__mode=self.settings.service.mode,
            seriema__inspection=str(verdict.inspection),
            seriema__score=round(verdict.score, 3),
            seriema__signals=[one.signal for one in verdict.reasons],
        )

    def _afterwards(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._later.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.metrics.count("seriema_failures_total", "service", "error")
            _LOG.error("something failed afterwards", exc_info=error)
