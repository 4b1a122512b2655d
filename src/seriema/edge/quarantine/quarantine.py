"""The quarantine as its users see it. Every method may raise QuarantineUnavailable; any thread may call them."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from seriema.edge.quarantine.entry import Entry, Held, State
from seriema.edge.quarantine.keys import Keys
from seriema.edge.quarantine.register import (
    MAIL,
    PASSAGE,
    RECIPIENT,
    Register,
    add_recipients,
    entries,
    register_held,
    set_states,
    stamp,
)
from seriema.edge.quarantine.vault import Vault
from seriema.edge.quarantine.verify import Report, check
from seriema.model.errors import ConfigurationError, InputError, Malformed, QuarantineUnavailable

#: How long a mail is kept unless told otherwise, and how long it is known what became of it.
KEPT_FOR, KNOWN_FOR = timedelta(days=30), timedelta(days=365)
#: A released mail comes back within this time, or not at all.
PASSAGE_FOR = timedelta(minutes=15)


def _now() -> datetime:
    return datetime.now(UTC)


class Quarantine:
    """Held mails in a folder with a database. ``Quarantine.open`` it; ``close`` it."""

    def __init__(self, vault: Vault, register: Register, kept_for: timedelta, clock: Callable[[], datetime]) -> None:
        self._vault, self._register, self._kept_for, self._clock = vault, register, kept_for, clock

    @classmethod
    def open(
        cls,
        folder: Path,
        key: Path,
        url: str = "",
        kept_for: timedelta = KEPT_FOR,
        clock: Callable[[], datetime] = _now,
    ) -> "Quarantine":
        """Open it, making folder, key and database if they are not there.

        :param key: the key file, outside the folder.
        :param url: its database, by default SQLite in the folder.
        :raises ConfigurationError: for a key within the folder or one that is none, a wrong database.
        """
        if key.resolve().is_relative_to(folder.resolve()):
            raise ConfigurationError(f"quarantine key {key}: it must lie outside of {folder}, or it protects nothing")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise QuarantineUnavailable(f"quarantine {folder}: {error.strerror}") from None
        register = Register.open(url or f"sqlite:///{folder / 'quarantine.db'}")
        return cls(Vault(folder, Keys.of_file(key)), register, kept_for, clock)

    def close(self) -> None:
        """Let go of the database."""
        self._register.close()

    def hold(self, held: Held) -> Entry:
        """Take a mail in; when this returns it survives a power cut. The same mail again changes no other recipients.

        For whom it was held, is on its way or released, it stays so; for whom it was deleted or expired it is held.
        """
        sha256, now = hashlib.sha256(held.raw).hexdigest(), self._clock()
        with self._register.writing() as connection:
            before = entries(connection, MAIL.c.sha256 == sha256)
            known = _states(before[0]) if before else {}
            whole = replace(held, recipients=tuple(dict.fromkeys((*known, *held.recipients))))
            self._vault.put(whole, sha256)
            if before:
                expires = stamp(held.received + self._kept_for)
                connection.execute(MAIL.update().where(MAIL.c.sha256 == sha256).values(expires=expires))
                again = [one for one in held.recipients if one in known and not known[one].has_content]
                set_states(connection, sha256, again, State.HELD, now)
                add_recipients(connection, sha256, whole.recipients[len(known) :], len(known), now)
            else:
                register_held(connection, sha256, whole, self._kept_for, now)
            return entries(connection, MAIL.c.sha256 == sha256)[0]

    def judged_again(self, case: str, tier: str, inspection: str, summary: str) -> Entry:
        """Write down a later judgement of a mail. Raises InputError when it is not held."""
        with self._register.writing() as connection:
            where = MAIL.c.sha256.startswith(case, autoescape=True)
            connection.execute(MAIL.update().where(where).values(tier=tier, inspection=inspection, summary=summary))
        return self.entry(case)

    def entries(self, state: State | None = None) -> list[Entry]:
        """All mails, or those that are in a state for anybody; the latest first."""
        where: tuple[sa.ColumnElement[bool], ...] = ()
        if state is not None:
            where = (MAIL.c.sha256.in_(sa.select(RECIPIENT.c.sha256).where(RECIPIENT.c.state == state.value)),)
        with self._register.reading() as connection:
            return entries(connection, *where)

    def entry(self, name: str) -> Entry:
        """One mail by its id or the beginning of it. Raises InputError when there is none or more than one."""
        wanted = name.lower()
        if not wanted or not set(wanted) <= set("0123456789abcdef"):
            raise InputError(f"{name!r} is no id of a held mail")
        with self._register.reading() as connection:
            found = entries(connection, MAIL.c.sha256.startswith(wanted, autoescape=True))
        if len(found) != 1:
            raise InputError(f"{name}: {'more than one held mail' if found else 'no held mail'} of this id")
        return found[0]

    def mail(self, entry: Entry) -> Held:
        """The mail itself. Raises InputError when its content is not kept, or damaged."""
        try:
            return self._vault.get(entry.sha256)
        except Malformed as error:
            if not entry.state.has_content:
                raise InputError(f"{entry.id}: {entry.state}, its content is not kept any more") from None
            raise InputError(f"{entry.id}: its content is {error.reason} (seriema held verify)") from None

    def delete(self, entry: Entry, recipients: Sequence[str], by: str, reason: str) -> tuple[str, ...]:
        """Give a mail up for some recipients; those for whom that changed anything."""
        with self._register.writing() as connection:
            [now] = entries(connection, MAIL.c.sha256 == entry.sha256)
            known = _states(now)
            found = tuple(one for one in recipients if known.get(one, State.DELETED).has_content)
            set_states(connection, entry.sha256, found, State.DELETED, self._clock(), by, reason)
            kept = any(state.has_content for one, state in known.items() if one not in found)
        if not kept:
            self._vault.drop(entry.sha256)
        return found

    def begin_release(
        self, entry: Entry, recipients: Sequence[str], by: str, reason: str, *, again: bool = False
    ) -> tuple[str, ...]:
        """Let a mail pass our own filter once for each of these; those for whom it is still held.

        ``again``: also those for whom nobody knows whether an earlier release got through.
        """
        releasable = (State.HELD, State.RELEASING) if again else (State.HELD,)
        until = stamp(self._clock() + PASSAGE_FOR)
        with self._register.writing() as connection:
            [now] = entries(connection, MAIL.c.sha256 == entry.sha256)
            known = _states(now)
            found = tuple(one for one in recipients if known.get(one) in releasable)
            set_states(connection, entry.sha256, found, State.RELEASING, self._clock(), by, reason)
            where = (PASSAGE.c.sha256 == entry.sha256, PASSAGE.c.address.in_(found))
            connection.execute(PASSAGE.delete().where(*where))
            rows = [{"sha256": entry.sha256, "address": one, "until": until, "used": False} for one in found]
            if rows:
                connection.execute(PASSAGE.insert(), rows)
        return found

    def end_release(self, entry: Entry, recipients: Sequence[str], *, delivered: bool) -> None:
        """What became of it. What was not delivered is held again; a passage that is not used ends."""
        with self._register.writing() as connection:
            [now] = entries(connection, MAIL.c.sha256 == entry.sha256)
            state = State.RELEASED if delivered else State.HELD
            for one in now.recipients:
                if one.address in recipients and one.state is State.RELEASING:
                    set_states(connection, entry.sha256, [one.address], state, self._clock(), one.by, one.reason)
            where = (PASSAGE.c.sha256 == entry.sha256, PASSAGE.c.address.in_(recipients))
            connection.execute(PASSAGE.delete().where(*where))

    def pass_once(self, raw: bytes, recipients: Sequence[str]) -> bool:
        """Whether this very mail was released to all of these, and has not come back before. True only once."""
        sha256, now, wanted = hashlib.sha256(raw).hexdigest(), stamp(self._clock()), set(recipients)
        table = PASSAGE.c
        where = (table.sha256 == sha256, table.address.in_(wanted), table.until > now, table.used.is_(other=False))
        with self._register.writing() as connection:
            found = set(connection.execute(sa.select(table.address).where(*where)).scalars())
            if not wanted or found != wanted:
                return False
            connection.execute(PASSAGE.update().where(*where).values(used=True))
        return True

    def expire(self) -> int:
        """Give up what was kept long enough, and forget what is long past; how many mails were given up."""
        now = self._clock()
        with self._register.writing() as connection:
            kept = sa.select(RECIPIENT.c.sha256).where(RECIPIENT.c.state.in_([one for one in State if one.has_content]))
            over = entries(connection, MAIL.c.expires <= stamp(now), MAIL.c.sha256.in_(kept))
            for one in over:
                waiting = [each.address for each in one.recipients if each.state in (State.HELD, State.RELEASING)]
                set_states(connection, one.sha256, waiting, State.EXPIRED, now)
                done = [each.address for each in one.recipients if each.state is State.RELEASED]
                set_states(connection, one.sha256, done, State.EXPIRED, now, reason="released before")
            long_past = sa.select(MAIL.c.sha256).where(MAIL.c.expires <= stamp(now - KNOWN_FOR))
            connection.execute(RECIPIENT.delete().where(RECIPIENT.c.sha256.in_(long_past)))
            connection.execute(MAIL.delete().where(MAIL.c.expires <= stamp(now - KNOWN_FOR)))
            connection.execute(PASSAGE.delete().where(PASSAGE.c.until <= stamp(now)))
        for one in over:
            self._vault.drop(one.sha256)
        return len(over)

    def counts(self) -> dict[State, int]:
        """How many recipients are in each state."""
        query = sa.select(RECIPIENT.c.state, sa.func.count()).group_by(RECIPIENT.c.state)
        with self._register.reading() as connection:
            return {State(state): count for state, count in connection.execute(query)}

    def verify(self, *, repair: bool = False) -> Report:
        """Look at every mail and every file; ``repair`` mends what can be mended."""
        return check(self._vault, self._register, self._clock(), self._kept_for, repair=repair)

    def rotate(self) -> int:
        """Seal everything with a new key and forget the old ones; how many mails. Can be repeated after a crash."""
        fresh = self._vault.keys.add()
        done = self._reseal(fresh)
        with self._register.writing():  # nobody takes a mail in meanwhile
            done += self._reseal(fresh)
            self._vault.keys.drop_others(fresh)
        return done

    def _reseal(self, key: bytes) -> int:
        done = 0
        for sha256 in list(self._vault.digests()):
            if self._vault.key_of(sha256) != key:
                self._vault.put(self._vault.get(sha256), sha256)
                done += 1
        return done


def _states(entry: Entry) -> dict[str, State]:
    return {one.address: one.state for one in entry.recipients}
