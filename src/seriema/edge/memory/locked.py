"""The part of a memory that keeps locked files and passwords for each other (``sealed``, ``proven``)."""

from datetime import datetime
from functools import partial

from seriema.edge.memory import proven, sealed
from seriema.edge.memory.opened import Opened
from seriema.edge.memory.records import microseconds
from seriema.model.case import Evidence, Kept
from seriema.model.message import Message
from seriema.model.password import Candidate, Proven
from seriema.model.thread import Thread


class Locked(Opened):
    """Locked files wait for passwords, passwords for locked files."""

    def keep_locked(self, kept: Kept) -> None:
        """Seal a mail's locked files until a password comes or they expire; replaces what is kept of that mail.

        The oldest of the same organisation give way when it has too much here (``sealed``).
        """
        now = self._now()
        self._keep(kept.evidence, sealed.sealed_file(kept, self._keyring, now))
        if any(one.unpaid for one in kept.locked):
            self._keep(kept.evidence, sealed.sealed_mark(kept, self._keyring, now))

    def keep_candidates(self, evidence: Evidence, candidates: tuple[Candidate, ...]) -> None:
        """Seal the passwords a mail names, at most 200, the likeliest."""
        self._keep(evidence, sealed.sealed_passwords(evidence, candidates, self._keyring, self._now()))

    def keep_proven(self, evidence: Evidence, opened_with: tuple[Proven, ...]) -> None:
        """Seal the passwords that opened something in a mail, for its people and for the pool (``proven``)."""
        now = self._now()
        for one in proven.sealings(evidence, opened_with, self._keyring, now):
            self._keep(evidence, one)

    def candidates_for(self, message: Message, thread: Thread, before: datetime) -> tuple[Candidate, ...]:
        """Passwords from mails received until then; ``source`` is message:<that mail's id or case>, or pool.

        First what near mails named, the nearest first: those of the same conversation of the last 14 days, and of the
        same address or organisation to one of the same recipients of the last 7; at most 50 mails' passwords. Then what
        opened files between these people in the last 180 days, and the pool's.
        """
        moment = microseconds(before)
        with self._writer.reading():
            named = sealed.passwords_for(self._database, self._keyring, message, thread, moment)
            usual = proven.usual_for(self._database, self._keyring, message, moment)
            pooled = proven.pool_for(self._database, self._keyring, moment)
        found: dict[str, Candidate] = {}
        for one in (*named, *usual, *pooled):
            found.setdefault(one.value, one)
        return tuple(found.values())

    def locked_for(self, message: Message, thread: Thread, before: datetime) -> tuple[Kept, ...]:
        """Mails received until then whose locked files this mail's passwords may open: near in the same sense.

        At most 24 mails and 128 MB. Things sealed by a version that kept them differently are passed over.
        """
        with self._writer.reading():
            return sealed.files_for(self._database, self._keyring, message, thread, microseconds(before))

    def kept(self, case: str) -> Kept | None:
        """What is kept locked of one mail, by its case."""
        with self._writer.reading():
            return sealed.file_of(self._database, self._keyring, sealed.mail_key(case, self._keyring))

    def unpaid(self) -> tuple[Kept, ...]:
        """Mails with files that were not tried enough because their sender had spent its share of work, at most 24."""
        with self._writer.reading():
            return sealed.unpaid(self._database, self._keyring)

    def settle(self, case: str) -> None:
        """Queue that a mail's locked files are not needed any more."""
        self._writer.enqueue(partial(sealed.settle, self._database, sealed.mail_key(case, self._keyring)))
