"""What mails of unrelated senders have in common: passwords that opened something, archives, active files, hosts.

Only mails that hold such things are entered, each under a few keyed hashes. A ring holds mails with the hashes of their
senders, of each sender the first and the latest, so that one sender's many mails hide no other's.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from seriema.edge.memory import records
from seriema.edge.memory.acts import who
from seriema.edge.memory.entries import Rows
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.recall import AsOf
from seriema.edge.memory.records import Document
from seriema.edge.memory.rings import FIRST
from seriema.model.artifact import Artifact, FileClass
from seriema.model.case import Evidence
from seriema.model.finding import Finding, IndicatorType
from seriema.model.history import Reuse, Shared
from seriema.model.password import Proven
from seriema.model.thread import Kind
from seriema.model.verdict import Tier

#: Of one mail: passwords, archives (two keys each), active files, hosts.
PASSWORDS, ARCHIVES, DOCUMENTS, TARGETS = 3, 3, 4, 4
#: Mails in one ring; senders and mails that a look-up tells.
HOLDERS, SENDERS, MAILS = 64, 32, 8
#: Members of an archive by which its directory is known again.
MEMBERS = 64

_ARCHIVES = frozenset({FileClass.ARCHIVE, FileClass.DISK_IMAGE})
_ACTIVE = frozenset({FileClass.SCRIPT, FileClass.EXECUTABLE, FileClass.SHORTCUT})
#: Of documents, what these inspectors find can act.
_ACTS = frozenset({"macro", "office", "rtf", "pdf", "html", "csv", "shortcut", "script"})
_DOCUMENTS = frozenset({FileClass.OFFICE, FileClass.PDF, FileClass.WEB, FileClass.TEXT, FileClass.OTHER})
#: Passwords of these sources are agreed on, not found.
_AGREED = frozenset({"user", "admin"})
_HELD = frozenset({Tier.HOLD.value, Tier.REJECT.value})

#: (number, hash of the sender)
Holder = tuple[int, int]


class Held(NamedTuple):
    """Something of a mail by which another may be known: its kind, the artifact that holds it, its key."""

    shared: Shared
    artifact: str
    key: int


def held(evidence: Evidence, proven: Sequence[Proven], keyring: Keyring) -> tuple[Held, ...]:
    """Everything of a mail that others may share, each key once."""
    below = [one for one in evidence.artifacts if one.id != "0"]
    texts = [
        *_passwords(below, proven),
        *_archives(below),
        *_documents(below, evidence.findings),
        *_targets(evidence),
    ]
    found: dict[int, Held] = {}
    for shared, artifact, text in texts:
        key = keyring.number(shared.value, text)
        found.setdefault(key, Held(shared, artifact, key))
    return tuple(found.values())


def entered(ring: tuple[Holder, ...], number: int, sender: int) -> tuple[Holder, ...]:
    """The ring with one more mail; a third of one sender takes the place of its second."""
    own = [one for one in ring if one[1] == sender]
    if any(one[0] == number for one in own):
        return ring
    kept = tuple(one for one in ring if one not in own[1:])
    whole = (*kept, (number, sender))
    return whole if len(whole) <= HOLDERS else (*whole[:FIRST], *whole[FIRST + 1 :])


def reused(
    rows: Rows, keyring: Keyring, evidence: Evidence, proven: Sequence[Proven], asking: AsOf
) -> tuple[Reuse, ...]:
    """What of this mail earlier mails of other senders held."""
    things = held(evidence, proven, keyring)
    if not things:
        return ()
    rows.load(one.key for one in things)
    sender = who(evidence.message.sender.key, keyring)
    rings = {one.key: [number for number, other in ring(rows, one.key) if other != sender] for one in things}
    mails = rows.documents({number for numbers in rings.values() for number in numbers})
    found = []
    for thing in things:
        earlier = [mails[one] for one in rings[thing.key] if one in mails and asking.visible(mails[one])]
        if earlier:
            found.append(_reuse(rows, thing, earlier, asking))
    return tuple(found)


def ring(rows: Rows, key: int) -> tuple[Holder, ...]:
    """The mails that share something."""
    value = rows.entry(key)
    return records.holders(value) if value else ()


def _reuse(rows: Rows, thing: Held, earlier: list[Document], asking: AsOf) -> Reuse:
    latest = sorted(earlier, key=lambda one: one.mark)
    return Reuse(
        shared=thing.shared,
        artifact=thing.artifact,
        senders=min(SENDERS, len({one.sender for one in latest})),
        mails=tuple(rows.remembered(one, one.conversation) for one in latest[-MAILS:]),
        condemned=any(_harmful(one, asking) for one in latest),
    )


def _harmful(mail: Document, asking: AsOf) -> bool:
    return mail.tier in _HELD or (mail.condemned is not None and mail.condemned < asking.before)


def _passwords(below: list[Artifact], proven: Sequence[Proven]) -> Iterator[tuple[Shared, str, str]]:
    opened = {one.password_source: one.id for one in reversed(below) if one.password_source}
    found = dict.fromkeys((one.value, one.source) for one in proven if one.source not in _AGREED)
    for value, source in list(found)[:PASSWORDS]:
        yield Shared.PASSWORD, opened.get(source, "0"), value


def _archives(below: list[Artifact]) -> Iterator[tuple[Shared, str, str]]:
    members: defaultdict[str, list[Artifact]] = defaultdict(list)
    for one in below:
        members[one.parent].append(one)
    for one in [one for one in below if one.file_class in _ARCHIVES][:ARCHIVES]:
        if one.sha256:
            yield Shared.ARCHIVE, one.id, one.sha256
        directory = sorted(
            f"{member.name}\n{member.size}\n{member.crc32:08x}"
            for member in members[one.id][:MEMBERS]
            if member.name and member.size and member.crc32
        )
        if directory:
            yield Shared.ARCHIVE, one.id, hashlib.sha256("\n\n".join(directory).encode("utf-8", "replace")).hexdigest()


def _documents(below: list[Artifact], findings: Iterable[Finding]) -> Iterator[tuple[Shared, str, str]]:
    acting = {one.artifact for one in findings if one.name.partition(".")[0] in _ACTS}
    active = [one for one in below if one.file_class in _ACTIVE or (one.file_class in _DOCUMENTS and one.id in acting)]
    for one in active[:DOCUMENTS]:
        identity = one.decrypted_sha256 or one.sha256
        if identity:
            yield Shared.DOCUMENT, one.id, identity


def _targets(evidence: Evidence) -> Iterator[tuple[Shared, str, str]]:
    """Hosts that files reach for, then those that a reply among people links to; the sender's own are none.

    Lists, machines and signatures name the same hosts in every mail: to enter them tells nothing and costs much.
    """
    own = evidence.message.sender.domain
    thread = evidence.thread
    talks = thread.reply and Kind.PEOPLE is thread.kind is thread.own_kind
    said = {_host(one.target) for one in evidence.message.links if one.place == "reply"} if talks else set()
    hosts: dict[str, str] = {}
    for one in sorted(evidence.indicators, key=lambda one: (one.artifact == "0", one.role != "download")):
        if one.type in (IndicatorType.URL, IndicatorType.DOMAIN, IndicatorType.IP) and one.role != "mentions":
            host = _host(one.value)
            if host and own not in (host, host.removeprefix("www.")) and (one.artifact != "0" or host in said):
                hosts.setdefault(host, one.artifact)
    for host, artifact in list(hosts.items())[:TARGETS]:
        yield Shared.TARGET, artifact, host


def _host(value: str) -> str:
    if "/" not in value:
        return value.lower()
    try:
        return (urlsplit(value).hostname or "").removesuffix(".")
    except ValueError:
        return ""
