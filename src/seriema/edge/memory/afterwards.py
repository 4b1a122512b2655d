"""What is learned of mails after their arrival: judgements, exemptions, later evidence, and forgetting people."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from seriema.edge.memory import later, notes, sealed, suspects
from seriema.edge.memory.opened import Opened, asking
from seriema.edge.memory.records import ALWAYS, microseconds
from seriema.model.case import Evidence, Kept
from seriema.model.judgement import Exemption, Judgement
from seriema.model.password import Proven


class Afterwards(Opened):
    """What people and later evidence say about mails."""

    def condemn(self, case: str, since: datetime | None = None) -> None:
        """Queue that a mail is harmful: what it showed is no habit and counts no more, but as suspicion.

        Asked as of a moment before ``since`` it still counts; None (a person's word) is for every moment. The mail may
        be remembered earlier or later than this.
        """
        known = ALWAYS if since is None else microseconds(since)
        self._writer.enqueue(partial(later.condemn, self._rows, self._keyring, bytes.fromhex(case), known))

    def acquit(self, case: str) -> None:
        """Queue that a mail is not harmful: takes back what ``condemn`` did."""
        self._writer.enqueue(partial(later.acquit, self._rows, self._keyring, bytes.fromhex(case)))

    def forget(self, address: str) -> int:
        """Remove all that is kept of a person, at once; how many of its mails that were.

        Its mails go with all they taught and all that is sealed of them or to it; other mails no longer name it. An
        SQLite file is written anew, so that nothing stays in its free pages; raises MemoryUnavailable when all is
        removed but that was not possible.
        """
        with self._writer.at_once():
            count = later.forget(self._rows, self._keyring, address.lower())
        with self._writer.reading():
            self._database.rewrite()
        return count

    def judged(self, judgement: Judgement) -> None:
        """Queue a person's word on a mail. It changes nothing else: condemning is the caller's."""
        self._writer.enqueue(partial(notes.judge, self._database, self._keyring, judgement))

    def judgements(self, case: str = "") -> tuple[Judgement, ...]:
        """People's words on one mail or on all, in the order of their giving."""
        with self._writer.reading():
            return notes.judgements(self._database, self._keyring, case)

    def exempt(self, exemption: Exemption) -> None:
        """Queue an exemption; one of the same pair and fact is replaced."""
        self._writer.enqueue(partial(notes.exempt, self._database, self._keyring, exemption))

    def revoke(self, exemption: Exemption) -> None:
        """Queue the end of an exemption."""
        self._writer.enqueue(partial(notes.revoke, self._database, self._keyring, exemption))

    def exemptions(self, at: datetime) -> tuple[Exemption, ...]:
        """Those in force at a moment."""
        with self._writer.reading():
            kept = notes.exemptions(self._database, self._keyring)
        return tuple(one for one in kept if one.since <= at < one.until)

    def keep_suspect(self, kept: Kept) -> None:
        """Seal the evidence (without text) of a mail judged tag or ask for 30 days; replaces what was kept of it."""
        self._keep(kept.evidence, suspects.sealing(kept, self._keyring, self._now()))

    def suspect(self, case: str) -> Kept | None:
        """What is kept of one such mail."""
        with self._writer.reading():
            return suspects.of_case(self._rows, self._keyring, case)

    def suspects_for(self, evidence: Evidence, opened_with: Sequence[Proven]) -> tuple[Kept, ...]:
        """Earlier mails judged tag or ask that this one may bring to light, as of its own time, at most 24.

        Of the same account, of accounts that lately did the like towards the same organisation, or with the same
        password, archive, active file or host.
        """
        with self._writer.reading():
            self._rows.look()
            asked = asking(evidence.as_of, evidence.id)
            return suspects.suspects_for(self._rows, self._keyring, evidence, opened_with, self._own_domains, asked)

    def drop_suspect(self, case: str) -> None:
        """Queue that the evidence of such a mail is needed no more: it stands condemned or acquitted."""
        mail = sealed.mail_key(case, self._keyring)
        self._writer.enqueue(partial(sealed.settle, self._database, mail, suspects.HOLDS))
