"""Locked files and passwords that may still be needed for each other, encrypted, bounded and with an end.

A password may come in another mail than the file it opens, earlier or later: in the same conversation, or from the same
address or organisation to one of the same recipients within a week (the custom of sending ZIP and password apart). Both
windows are of the mails' own times; how long things are kept at all is of the clock on the wall.

What opened something is kept in ``proven``, by the same means.

Content is sealed (``keyring``), bound to its mail and its purpose.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import and_, bindparam, delete, func, insert, or_, select

from seriema.edge.memory.database import Database
from seriema.edge.memory.facts import others
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.records import microseconds
from seriema.edge.memory.schema import SEALED
from seriema.edge.memory.statement import lookups
from seriema.model.case import Evidence, Kept
from seriema.model.message import Message
from seriema.model.password import Candidate
from seriema.model.thread import Thread

#: How long anything is kept; also how far apart file and password may be in one conversation.
KEPT_FOR = timedelta(days=14)
#: How far apart they may be between the same people.
APART = timedelta(days=7)
#: Rows and bytes of one organisation, and of all; the oldest go first, and of all those of the one that has most.
ORGANISATION_ROWS, ORGANISATION_BYTES = 500, 256 << 20
ROWS, BYTES = 20_000, 2 << 30
#: A look-up gives back passwords or locked files of so many mails, and so many bytes of files.
PASSWORD_MAILS, LOCKED_MAILS, LOCKED_BYTES = 50, 24, 128 << 20
#: Passwords of one mail that are tried before those of the next mail have their turn.
TURN = 5
#: Recipients of a mail by which it is paired, and its passwords that are kept.
RECIPIENTS, CANDIDATES = 64, 200
#: The bound on everything is looked at once in so many rows.
LOOK_EVERY = 64

_LOCKED, _PASSWORDS, _UNPAID = "locked", "passwords", "unpaid"
_MICROSECOND = timedelta(microseconds=1)

_T = SEALED.c
_NEAR = (
    select(_T.number, _T.conversation, _T.sender, _T.received, _T.recipients, _T.size)
    .where(
        _T.holds == bindparam("what"),
        _T.mail != bindparam("asking"),
        _T.received <= bindparam("before"),
        or_(
            and_(_T.conversation == bindparam("talk"), _T.received >= bindparam("talk_since")),
            and_(_T.organisation == bindparam("from_organisation"), _T.received >= bindparam("people_since")),
        ),
    )
    .order_by(_T.received.desc(), _T.number.desc())
    .limit(1_000)
)
_CONTENT_OF = select(_T.content).where(_T.mail == bindparam("of_mail"), _T.holds == bindparam("what"))
_ALL_UNPAID = select(_T.mail).where(_T.conversation == bindparam("talk")).order_by(_T.number).limit(LOCKED_MAILS)
_OF_MAIL = select(_T.received).where(_T.mail == bindparam("of_mail"), _T.holds == bindparam("what"))
_FORGET = delete(SEALED).where(_T.mail == bindparam("of_mail"), _T.holds == bindparam("what"))
_EXPIRE = delete(SEALED).where(_T.expires <= bindparam("now"))
_INSERT = insert(SEALED).values({one.name: bindparam(one.name) for one in _T if one.name != "number"}).inline()
_SIZE = select(func.count(), func.coalesce(func.sum(_T.size), 0))
_SIZE_OF_ONE = _SIZE.where(_T.organisation == bindparam("of"))
_LARGEST = select(_T.organisation).group_by(_T.organisation).order_by(func.sum(_T.size + 1_000).desc()).limit(1)
_OLDEST = select(_T.number, _T.size).where(_T.organisation == bindparam("of")).order_by(_T.received, _T.number)
_BEYOND = (
    select(_T.number)
    .where(_T.conversation == bindparam("talk"))
    .order_by(_T.received.desc(), _T.number.desc())
    .limit(LOOK_EVERY)
    .offset(bindparam("most"))
)
_WHOSE = select(_T.number, _T.sender, _T.recipients)
_DROP = delete(SEALED).where(_T.number == bindparam("row"))


class Passwords(msgspec.Struct, array_like=True, frozen=True):
    """The passwords one mail names: (value, rank)."""

    source: str
    values: tuple[tuple[str, int], ...]


class Near(NamedTuple):
    """A row that may serve, without its content."""

    number: int
    conversation: int
    sender: int
    received: int
    recipients: bytes
    size: int


class Sealed(NamedTuple):
    """What a row holds, still encrypted, and the mail it is bound to."""

    mail: int
    content: bytes


_KEPT = msgspec.msgpack.Decoder(Kept)
_CANDIDATES = msgspec.msgpack.Decoder(Passwords)


@dataclass(frozen=True, slots=True)
class Sealing:
    """One thing to be kept, already encrypted, and the keys by which it is found again.

    ``most``: rows that its organisation may have, unless as many as any; ``together``: rows of its conversation, 0 for
    no such bound; ``renewed``: what takes its place brings its own time, too.
    """

    row: dict[str, Any]
    most: int | None = None
    together: int = 0
    renewed: bool = False


def sealed_file(kept: Kept, keyring: Keyring, now: int) -> Sealing:
    """A mail with its locked files."""
    return sealing(_LOCKED, kept.evidence, msgspec.msgpack.encode(kept), keyring, now)


def sealed_mark(kept: Kept, keyring: Keyring, now: int) -> Sealing:
    """That a mail has files which could not be tried enough; found again by itself."""
    marked = sealing(_UNPAID, kept.evidence, b"", keyring, now)
    organisation = keyring.number(_UNPAID, organisation_of(kept.evidence.message.sender.domain))
    own_keys = {"conversation": keyring.number(_UNPAID, ""), "organisation": organisation}
    return replace(marked, row=marked.row | own_keys)


def sealed_passwords(evidence: Evidence, candidates: tuple[Candidate, ...], keyring: Keyring, now: int) -> Sealing:
    """The passwords a mail names, the likeliest ones if there are too many."""
    likely = sorted(candidates, key=lambda one: one.rank)[:CANDIDATES]
    source = f"message:{evidence.message.message_id or evidence.id}"
    content = Passwords(source, tuple((one.value, one.rank) for one in likely))
    return sealing(_PASSWORDS, evidence, msgspec.msgpack.encode(content), keyring, now)


def keep(database: Database, sealing: Sealing) -> None:
    """Write it in the place of what was kept of that mail, which keeps its time. Then see to the bounds."""
    row = sealing.row
    before = database.read(_OF_MAIL, {"of_mail": row["mail"], "what": row["holds"]})
    if before:
        if not sealing.renewed:
            row = row | {"received": before[0][0]}
        database.write(_FORGET, {"of_mail": row["mail"], "what": row["holds"]})
    if row["holds"] == _LOCKED:
        database.write(_FORGET, {"of_mail": row["mail"], "what": _UNPAID})
    database.write(_INSERT, row)
    _bound_one(database, row["organisation"], sealing.most or ORGANISATION_ROWS, ORGANISATION_BYTES)
    if sealing.together:
        _bound_conversation(database, row["conversation"], sealing.together)
    [(rows, _)] = database.read(_SIZE_OF_ONE, {"of": row["organisation"]})
    if rows % LOOK_EVERY == 1:
        bound_all(database)


def settle(database: Database, mail: int, *holds: str) -> None:
    """Forget what is kept of a mail, its locked files unless something else is named."""
    for what in holds or (_LOCKED, _UNPAID):
        database.write(_FORGET, {"of_mail": mail, "what": what})


def expire(database: Database, now: int) -> None:
    """Forget what was kept long enough."""
    database.write(_EXPIRE, {"now": now})


def forget(database: Database, sender: int, recipient: bytes) -> None:
    """Forget everything from or to a person."""
    for number, own, recipients in database.read(_WHOSE):
        if own == sender or recipient in pieces(bytes(recipients)):
            database.write(_DROP, {"row": number})


def bound_all(database: Database) -> None:
    """Take from whoever has most until everything together is within its bounds."""
    for _ in range(ROWS):
        [(rows, size)] = database.read(_SIZE)
        if rows <= ROWS and size <= BYTES:
            return
        [(organisation,)] = database.read(_LARGEST)
        [(own_rows, own_size)] = database.read(_SIZE_OF_ONE, {"of": organisation})
        _bound_one(database, organisation, own_rows * 3 // 4, own_size * 3 // 4)


def passwords_for(
    database: Database, keyring: Keyring, message: Message, thread: Thread, before: int
) -> tuple[Candidate, ...]:
    """Passwords of earlier mails: of the conversation first, then of the same sender, then of its organisation.

    The likeliest of each mail come before the others of any.
    """
    rows = _near(database, keyring, _PASSWORDS, message, thread, before)[:PASSWORD_MAILS]
    named: list[Candidate] = []
    for data in contents(database, keyring, _PASSWORDS, rows):
        try:
            passwords = _CANDIDATES.decode(data)
        except msgspec.MsgspecError:
            continue  # of a version that kept them differently
        named += [Candidate(value, passwords.source, rank) for value, rank in passwords.values]
    found: dict[str, Candidate] = {}
    for one in sorted(named, key=lambda one: one.rank // TURN):
        found.setdefault(one.value, one)
    return tuple(found.values())


def files_for(database: Database, keyring: Keyring, message: Message, thread: Thread, before: int) -> tuple[Kept, ...]:
    """Earlier mails whose locked files this mail's passwords may open, in the same order."""
    rows, size = [], 0
    for row in _near(database, keyring, _LOCKED, message, thread, before)[:LOCKED_MAILS]:
        size += row.size
        if size <= LOCKED_BYTES:
            rows.append(row)
    return tuple(_decoded(contents(database, keyring, _LOCKED, rows)))


def file_of(database: Database, keyring: Keyring, mail: int, holds: str = _LOCKED) -> Kept | None:
    """What is kept of one mail."""
    rows = database.read(_CONTENT_OF, {"of_mail": mail, "what": holds})
    sealed = (Sealed(mail, content) for (content,) in rows)
    return next(_decoded(_unsealed(keyring, holds, sealed)), None)


def unpaid(database: Database, keyring: Keyring) -> tuple[Kept, ...]:
    """Mails whose files could not be tried enough, the longest kept first; as many as a look-up gives back."""
    marked = database.read(_ALL_UNPAID, {"talk": keyring.number(_UNPAID, "")})
    found = (file_of(database, keyring, mail) for (mail,) in marked)
    return tuple(one for one in found if one)


def _decoded(data: Iterable[bytes]) -> Iterator[Kept]:
    for one in data:
        try:
            yield _KEPT.decode(one)
        except msgspec.MsgspecError:
            continue  # of a version that kept them differently


def mail_key(case: str, keyring: Keyring) -> int:
    """The key of a mail in this store."""
    return keyring.number("sealed", case)


def sealing(
    holds: str,
    evidence: Evidence,
    content: bytes,
    keyring: Keyring,
    now: int,
    kept_for: timedelta = KEPT_FOR,
    mail: int | None = None,
) -> Sealing:
    """A row to be kept of a mail, its content encrypted; ``mail`` is the key it is bound to, if not the mail's own."""
    message = evidence.message
    mail = mail_key(evidence.id, keyring) if mail is None else mail
    sealed = keyring.sealed(_bound_to(holds, mail), content)
    return Sealing(
        {
            "holds": holds,
            "mail": mail,
            "received": microseconds(evidence.as_of),
            "expires": now + kept_for // _MICROSECOND,
            "conversation": keyring.number("talk", evidence.thread.conversation or evidence.id),
            "sender": keyring.number("sender", message.sender.key),
            "organisation": keyring.number("organisation", organisation_of(message.sender.domain)),
            "recipients": b"".join(recipients_of(message, keyring)),
            "size": len(sealed),
            "content": sealed,
        }
    )


def _near(
    database: Database, keyring: Keyring, holds: str, message: Message, thread: Thread, before: int
) -> list[Near]:
    """Rows of the conversation or the same people: the conversation's first, then the sender's own; latest first."""
    case = message.sha256[:32]
    talk = keyring.number("talk", thread.conversation or case)
    sender = keyring.number("sender", message.sender.key)
    values = {
        "what": holds,
        "asking": mail_key(case, keyring),
        "before": before,
        "talk": talk,
        "talk_since": before - KEPT_FOR // _MICROSECOND,
        "from_organisation": keyring.number("organisation", organisation_of(message.sender.domain)),
        "people_since": before - APART // _MICROSECOND,
    }
    ours = set(recipients_of(message, keyring))
    rows = [
        row
        for row in map(Near._make, database.read(_NEAR, values))
        if row.conversation == talk or ours.intersection(pieces(row.recipients))
    ]
    return sorted(rows, key=lambda row: (row.conversation != talk, row.sender != sender))


def contents(database: Database, keyring: Keyring, holds: str, rows: Sequence[Near]) -> Iterator[bytes]:
    """What the rows hold, in their order; what this key does not open is passed over."""
    found = {}
    for query, values in lookups((one.number for one in rows), _T.number, _T.number, _T.mail, _T.content):
        found.update({number: Sealed(mail, content) for number, mail, content in database.read(query, values)})
    return _unsealed(keyring, holds, (found[one.number] for one in rows))


def _bound_conversation(database: Database, conversation: int, most: int) -> None:
    """Let the oldest rows of one conversation give way when it has more than ``most``."""
    for (number,) in database.read(_BEYOND, {"talk": conversation, "most": most}):
        database.write(_DROP, {"row": number})


def _unsealed(keyring: Keyring, holds: str, rows: Iterable[Sealed]) -> Iterator[bytes]:
    for one in rows:
        content = keyring.unsealed(_bound_to(holds, one.mail), bytes(one.content))
        if content is not None:
            yield content


def _bound_one(database: Database, organisation: int, most_rows: int, most_bytes: int) -> None:
    [(rows, size)] = database.read(_SIZE_OF_ONE, {"of": organisation})
    if rows <= most_rows and size <= most_bytes:
        return
    for number, one in database.read(_OLDEST, {"of": organisation}):
        if rows <= most_rows and size <= most_bytes:
            return
        database.write(_DROP, {"row": number})
        rows, size = rows - 1, size - one


def recipients_of(message: Message, keyring: Keyring) -> list[bytes]:
    """The keys of those to whom a mail went."""
    return [keyring.number("who", one).to_bytes(8, "big", signed=True) for one in others(message)[:RECIPIENTS]]


def pieces(packed: bytes) -> Iterator[bytes]:
    """The keys in a row's list of recipients."""
    return (packed[start : start + 8] for start in range(0, len(packed), 8))


def _bound_to(holds: str, mail: int) -> str:
    return f"{holds} {mail}"


def organisation_of(domain: str) -> str:
    """The registered domain above a mail domain; the domain itself where there is none."""
    return _suffixes().privatesuffix(domain) or domain


@cache
def _suffixes() -> Any:
    """The public suffix list, as shipped with its library; read when first needed, which takes 30 ms."""
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - few mails have locked files or passwords

    return PublicSuffixList()
