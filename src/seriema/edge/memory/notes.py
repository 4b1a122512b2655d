"""What people said: judgements of mails, exemptions of pairs. Encrypted, for their reasons may name people."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

import msgspec
from sqlalchemy import bindparam, delete, insert, select

from seriema.edge.memory.database import Database
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.schema import NOTE
from seriema.model.judgement import Exemption, Judgement

_JUDGEMENT, _EXEMPTION = "judgement", "exemption"

_T = NOTE.c
_INSERT = insert(NOTE).values({one.name: bindparam(one.name) for one in _T if one.name != "number"}).inline()
_ALL = select(_T.number, _T.about, _T.content).where(_T.holds == bindparam("what")).order_by(_T.number)
_ABOUT = _ALL.where(_T.about == bindparam("of"))
_REMOVE = delete(NOTE).where(_T.about == bindparam("of"), _T.holds == bindparam("what"))

_Said = TypeVar("_Said", Judgement, Exemption)


def judge(database: Database, keyring: Keyring, judgement: Judgement) -> None:
    """Keep a person's word on a mail, beside earlier ones."""
    _write(database, keyring, _JUDGEMENT, keyring.number(_JUDGEMENT, judgement.case), judgement)


def judgements(database: Database, keyring: Keyring, case: str) -> tuple[Judgement, ...]:
    """The words on one mail or, without a case, on all, in the order of their giving."""
    about = keyring.number(_JUDGEMENT, case) if case else None
    return tuple(one for one in _read(database, keyring, _JUDGEMENT, Judgement, about))


def unsay(database: Database, keyring: Keyring, case: str) -> None:
    """Remove the words on one mail."""
    database.write(_REMOVE, {"of": keyring.number(_JUDGEMENT, case), "what": _JUDGEMENT})


def exempt(database: Database, keyring: Keyring, exemption: Exemption) -> None:
    """Keep an exemption in the place of one of the same pair and fact."""
    revoke(database, keyring, exemption)
    _write(database, keyring, _EXEMPTION, _pair_and_fact(exemption, keyring), exemption)


def revoke(database: Database, keyring: Keyring, exemption: Exemption) -> None:
    """Remove the exemption of a pair and a fact."""
    database.write(_REMOVE, {"of": _pair_and_fact(exemption, keyring), "what": _EXEMPTION})


def exemptions(database: Database, keyring: Keyring) -> tuple[Exemption, ...]:
    """All that are kept, in the order of their giving."""
    return tuple(_read(database, keyring, _EXEMPTION, Exemption, None))


def expire(database: Database, keyring: Keyring, now: datetime) -> None:
    """Remove the exemptions whose time is over."""
    for one in exemptions(database, keyring):
        if one.until <= now:
            revoke(database, keyring, one)


def forget(database: Database, keyring: Keyring, address: str) -> None:
    """Remove the exemptions that name a person."""
    for one in exemptions(database, keyring):
        if address in (one.sender, one.recipient):
            revoke(database, keyring, one)


def _pair_and_fact(exemption: Exemption, keyring: Keyring) -> int:
    return keyring.number(_EXEMPTION, f"{exemption.sender}\n{exemption.recipient}\n{exemption.fact}")


def _write(database: Database, keyring: Keyring, holds: str, about: int, said: Judgement | Exemption) -> None:
    content = keyring.sealed(f"{holds} {about}", msgspec.msgpack.encode(said))
    database.write(_INSERT, {"holds": holds, "about": about, "content": content})


def _read(database: Database, keyring: Keyring, holds: str, kind: type[_Said], about: int | None) -> Iterator[_Said]:
    values = {"what": holds} if about is None else {"what": holds, "of": about}
    for _, of, content in database.read(_ALL if about is None else _ABOUT, values):
        opened = keyring.unsealed(f"{holds} {of}", bytes(content))
        if opened is not None:
            yield msgspec.msgpack.decode(opened, type=kind)
