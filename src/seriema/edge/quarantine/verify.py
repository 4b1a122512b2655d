"""The integrity check: every mail that is kept can be read, and every file belongs to a mail."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from seriema.edge.quarantine.entry import Entry, State
from seriema.edge.quarantine.register import Register, entries, register_held, set_states
from seriema.edge.quarantine.vault import Vault
from seriema.model.errors import Malformed


@dataclass(slots=True)
class Report:
    """What was found; ids with words for a person. ``clean`` when nothing is left to do."""

    mails: int = 0  #: whose content is kept
    unreadable: dict[str, str] = field(default_factory=dict)  #: kept, but gone or damaged
    unregistered: list[str] = field(default_factory=list)  #: readable files that no mail belongs to
    leftover: list[str] = field(default_factory=list)  #: files of mails that were given up, and drafts
    repaired: bool = False

    @property
    def clean(self) -> bool:
        """Everything is as it should be, or was made so."""
        return self.repaired or not (self.unreadable or self.unregistered or self.leftover)


def check(vault: Vault, register: Register, now: datetime, kept_for: timedelta, *, repair: bool) -> Report:
    """Compare files and register both ways. ``repair`` makes three changes.

    - A readable file without a mail becomes one, held for everybody in its envelope.
    - A mail whose content cannot be read is ``lost`` from now on, its file is set aside.
    - What was left over is removed.
    """
    report = Report(repaired=repair)
    with register.writing() as connection:
        known = {one.sha256: one for one in entries(connection)}
        for one in known.values():
            if one.state.has_content or any(each.state.has_content for each in one.recipients):
                _check_mail(vault, connection, one, now, report)
        for sha256 in list(vault.digests()):
            entry = known.get(sha256)
            if entry is None:
                _check_file(vault, connection, sha256, kept_for, now, report)
            elif not any(each.state.has_content for each in entry.recipients):
                report.leftover.append(entry.id)
                if repair:
                    vault.drop(sha256)
    for draft in vault.drafts():
        report.leftover.append(draft.name)
        if repair:
            draft.unlink(missing_ok=True)
    return report


def _check_mail(vault: Vault, connection: sa.Connection, entry: Entry, now: datetime, report: Report) -> None:
    report.mails += 1
    try:
        vault.get(entry.sha256)
    except Malformed as error:
        report.unreadable[entry.id] = error.reason
        if report.repaired:
            waiting = [one.address for one in entry.recipients if one.state.has_content]
            set_states(connection, entry.sha256, waiting, State.LOST, now, reason=error.reason)
            vault.set_aside(entry.sha256)


def _check_file(
    vault: Vault, connection: sa.Connection, sha256: str, kept_for: timedelta, now: datetime, report: Report
) -> None:
    try:
        held = vault.get(sha256)
    except Malformed as error:
        report.unreadable[sha256[:32]] = error.reason
        if report.repaired:
            vault.set_aside(sha256)
        return
    report.unregistered.append(sha256[:32])
    if report.repaired:
        register_held(connection, sha256, held, kept_for, now)
