"""Passwords that opened something: the usual ones of a pair of people, and a pool of a few for everybody's files.

People agree on a password once and then say "the usual one": what opened a file between two organisations' people is
tried on their next locked files for half a year. Gangs use one password over days and senders: what opened something
lately anywhere is tried on files that stayed locked, five of them early.

Both are sealed as locked files are (``sealed``), with keys of their own, so that a flood of locked mail pushes none of
them out. In the pool an organisation has at most three, so that none can fill it; whose mail they opened is not kept
there. What a person or the administrator gave is for the pair alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import msgspec
from sqlalchemy import bindparam, select

from seriema.edge.memory import sealed
from seriema.edge.memory.database import Database
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.schema import SEALED
from seriema.edge.memory.sealed import Near, Passwords, Sealing
from seriema.model.case import Evidence
from seriema.model.message import Message
from seriema.model.password import Candidate, Proven

#: How long a pair's passwords are kept, and how far apart its mails may be; and the same of the pool.
USUAL_FOR, POOLED_FOR = timedelta(days=180), timedelta(days=14)
#: Of one mail and of one organisation; and those that a look-up gives back.
USUAL_OF_MAIL, USUAL_ROWS, USUAL_MAILS = 20, 200, 20
#: Of one mail, of one organisation and of all; and those that a look-up gives back.
POOL_OF_MAIL, POOL_ROWS_OF_ONE, POOL_ROWS, POOL_GIVEN = 3, 3, 300, 20
#: Recipients whose own mail to the sender is looked at, too.
_WAY_BACK = 4

_USUAL, _POOL = "usual", "pool"
#: Dates as passwords hold them, and the words that ``unlock.order`` fills in, the longest first.
_DATES = (("%Y%m%d", "YYYYMMDD"), ("%d%m%Y", "DDMMYYYY"), ("%y%m%d", "YYMMDD"), ("%d%m%y", "DDMMYY"),
          ("%m%d", "MMDD"), ("%d%m", "DDMM"))  # fmt: skip
#: Of these sources nothing goes into the pool: it is for the people it was given for.
_PRIVATE = frozenset({"user", "admin"})
_MICROSECOND = timedelta(microseconds=1)

_T = SEALED.c
_FIELDS = (_T.number, _T.conversation, _T.sender, _T.received, _T.recipients, _T.size)
_BETWEEN = (
    select(*_FIELDS)
    .where(
        _T.organisation == bindparam("of"),
        _T.mail != bindparam("asking"),
        _T.received <= bindparam("before"),
        _T.received >= bindparam("since"),
    )
    .order_by(_T.received.desc(), _T.number.desc())
    .limit(USUAL_ROWS)
)
_POOLED = (
    select(*_FIELDS, _T.organisation)
    .where(_T.conversation == bindparam("pool"), _T.received <= bindparam("before"), _T.received >= bindparam("since"))
    .order_by(_T.received.desc(), _T.number.desc())
    .limit(POOL_ROWS)
)
_DECODER = msgspec.msgpack.Decoder(Passwords)


def sealings(evidence: Evidence, proven: Sequence[Proven], keyring: Keyring, now: int) -> list[Sealing]:
    """What is kept of the passwords that opened something in a mail."""
    opened = dict.fromkeys(one.value for one in proven)
    values = tuple(opened | dict.fromkeys(_described(one, evidence.message.date) for one in opened))[:USUAL_OF_MAIL]
    source = f"message:{evidence.message.message_id or evidence.id}"
    content = msgspec.msgpack.encode(Passwords(source, tuple((one, 0) for one in values)))
    organisation = sealed.organisation_of(evidence.message.sender.domain)
    usual = sealed.sealing(_USUAL, evidence, content, keyring, now, USUAL_FOR)
    own_keys = {"organisation": keyring.number(_USUAL, organisation), "conversation": keyring.number(_USUAL, "")}
    kept = [replace(usual, row=usual.row | own_keys, most=USUAL_ROWS, renewed=True)]
    shared = dict.fromkeys(one.value for one in proven if one.source not in _PRIVATE)
    kept += [_pooled(evidence, value, organisation, keyring, now) for value in list(shared)[:POOL_OF_MAIL]]
    return kept


def _described(value: str, sent: date | None) -> str:
    """A password that holds the date of its mail, with that date described: the next one will hold another."""
    if sent is None:
        return value
    written = ((sent.strftime(form), words) for form, words in _DATES)
    return next((value.replace(found, words) for found, words in written if found in value), value)


def _pooled(evidence: Evidence, value: str, organisation: str, keyring: Keyring, now: int) -> Sealing:
    """One password as one organisation's mail brought it; of the mail only its time is kept."""
    mail = keyring.number(_POOL, f"{organisation}\n{value}")
    content = msgspec.msgpack.encode(Passwords(_POOL, ((value, 0),)))
    pooled = sealed.sealing(_POOL, evidence, content, keyring, now, POOLED_FOR, mail=mail)
    own_keys = {
        "organisation": keyring.number(_POOL, organisation),
        "conversation": keyring.number(_POOL, ""),
        "sender": 0,
        "recipients": b"",
    }
    return replace(pooled, row=pooled.row | own_keys, most=POOL_ROWS_OF_ONE, together=POOL_ROWS, renewed=True)


def usual_for(database: Database, keyring: Keyring, message: Message, before: int) -> tuple[Candidate, ...]:
    """What opened files between these people before, in either direction, the latest first."""
    ours, sender = set(sealed.recipients_of(message, keyring)), keyring.number("who", message.sender.key)
    back = {keyring.number("sender", one.key): one for one in message.recipients[:_WAY_BACK] if one.key}
    organisations = dict.fromkeys(sealed.organisation_of(one.domain) for one in (message.sender, *back.values()))
    values = {
        "asking": sealed.mail_key(message.sha256[:32], keyring),
        "before": before,
        "since": before - USUAL_FOR // _MICROSECOND,
    }
    own = keyring.number(_USUAL, sealed.organisation_of(message.sender.domain))
    rows = []
    for of in (keyring.number(_USUAL, one) for one in organisations):
        for row in map(Near._make, database.read(_BETWEEN, values | {"of": of})):
            people = set(sealed.pieces(row.recipients))
            there = of == own and ours & people
            if there or (row.sender in back and sender.to_bytes(8, "big", signed=True) in people):
                rows.append(row)
    latest = sorted(rows, key=lambda row: (-row.received, -row.number))[:USUAL_MAILS]
    return tuple(_named(database, keyring, _USUAL, latest))


def pool_for(database: Database, keyring: Keyring, before: int) -> tuple[Candidate, ...]:
    """What opened something lately: what several organisations' mails were opened with first, then the latest."""
    values = {"pool": keyring.number(_POOL, ""), "before": before, "since": before - POOLED_FOR // _MICROSECOND}
    of_one: Counter[int] = Counter()
    rows = []
    for *fields, organisation in database.read(_POOLED, values):
        of_one[organisation] += 1
        if of_one[organisation] <= POOL_ROWS_OF_ONE:
            rows.append(Near._make(fields))
    named = [one.value for one in _named(database, keyring, _POOL, rows)]
    often = Counter(named)
    ranked = sorted(dict.fromkeys(named), key=lambda value: -often[value])[:POOL_GIVEN]
    return tuple(Candidate(value, _POOL, rank) for rank, value in enumerate(ranked))


def _named(database: Database, keyring: Keyring, holds: str, rows: Sequence[Near]) -> Iterator[Candidate]:
    for data in sealed.contents(database, keyring, holds, rows):
        with suppress(msgspec.MsgspecError):  # of a version that kept them differently
            passwords = _DECODER.decode(data)
            yield from (Candidate(value, passwords.source, rank) for value, rank in passwords.values)
