"""How a mail was made and sent, apart from what it says: ``Traits`` of one mail.

Gascon et al. 2018 ("Reading Between the Lines", section 3) tell senders apart by such marks: order of fields, shape of
identifiers, program, way. Each is made so that mails of the same program and place agree although identifiers are
random: of an identifier only separators, lengths and alphabets stay, of the fields only those that every mail has.
"""

import hashlib
import re
from functools import cache, lru_cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from seriema.model.message import Header, Message, Received
from seriema.model.traits import Traits

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

#: Fields that a client writes into every mail. Replies and copies have more, servers and lists add others.
_CORE = frozenset({"from", "to", "subject", "date", "message-id", "mime-version", "content-type"})
_PROGRAMS = ("user-agent", "x-mailer", "x-newsreader")
#: Where mail systems on the web say from which address their user wrote.
_ORIGINS = ("x-originating-ip", "x-sender-ip", "x-aol-ip")
_READ = frozenset((*_PROGRAMS, *_ORIGINS, "content-type", "x-mimeole", "x-ms-has-attach", "x-gm-message-state"))

#: The name of a program ends where its version, its platform or a remark begins.
_NAME_END = re.compile(r"[\d/(\[,;]|\s(?:v|version|build)\b", re.IGNORECASE)
#: "Mozilla/5.0 (…) Thunderbird/68.8": the last product says which.
_PRODUCT = re.compile(r"([A-Za-z][\w -]{1,30})/\d")
_LONGEST_NAME = 40
#: What the Message-ID or the boundary of programs looks like that do not name themselves.
_BY_ID = (
    (re.compile(r"CA[\w+=-]{40,}@mail\.", re.ASCII), "Gmail"),
    (re.compile(r"(?:alpine|pine)\.", re.IGNORECASE), "Pine"),
    (re.compile(r".*\bJavaMail\b"), "JavaMail"),
    (re.compile(r"[A-Z0-9]{8,30}@[A-Z0-9]{8,30}\.\w+\.(?:prod\.|exchange)"), "Exchange Online"),
)
_BY_BOUNDARY = (
    ("Apple-Mail", "Apple Mail"),
    ("----=_NextPart", "Microsoft"),
    ("_000_", "Exchange"),
    ("_004_", "Exchange"),
    ("===============", "Python"),
)
_BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)

_MOST = 200
_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_RUN = re.compile(r"([A-Za-z0-9+/]+)|([^A-Za-z0-9+/])\2*", re.DOTALL)
#: One long random text in an alphabet that has "-" and "_" in it.
_RANDOM = re.compile(r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9])[\w+=/-]{40,}\Z", re.ASCII)
_HEX_LOWER, _HEX_UPPER = frozenset("0123456789abcdef"), frozenset("0123456789ABCDEF")
#: Runs up to this length are counters and times as often as random; their alphabet is chance.
_SHORT = 8
_LONG = 20
#: Words that programs write into identifiers; other runs of letters may be random.
_WORDS = frozenset(
    (
        "NextPart",
        "Apple",
        "Mail",
        "Pine",
        "LNX",
        "Alpine",
        "JavaMail",
        "Boundary",
        "boundary",
        "ZZ",
        "ALT",
        "qmail",
        "GA",
    )
)

_LOCAL = (".local", ".localdomain", ".localhost", ".lan", ".home", ".internal", ".intranet", ".invalid")
_V4_NETWORK, _V6_NETWORK = 24, 48
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]{3,45}")

_SIGNATURE = 2_000
_LEAST_SIGNATURE = 8
_NOT_LETTERS = re.compile(r"[\W_]+")
_ASCII_NOT_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())


def load() -> None:
    """Read the list of public suffixes, so that a locked process needs no file afterwards."""
    _suffixes()


def read(message: Message, signature: str) -> Traits:
    """The traits of one mail; ``signature`` as told apart from its text. Never fails."""
    order, values = _fields(message.headers)
    boundary = _boundary(values.get("content-type", ""))
    origin = _origin(values, message.received)
    return Traits(
        client=_client(message, values, boundary),
        fields=_hash(":".join(order).encode("utf-8", "replace")) if order else "",
        id_shape=_id_shape(message) if message.message_id else "",
        boundary_shape=_shape(boundary) if boundary else "",
        zone=message.date.strftime("%z")[:5] if message.date else "",
        network=origin[0],
        helo=origin[1],
        signature=_signature(signature[:_SIGNATURE]) if signature else "",
    )


def _fields(headers: tuple[Header, ...]) -> tuple[list[str], dict[str, str]]:
    """Names of the core fields in their order and spelling, and the values that tell something."""
    order: list[str] = []
    values: dict[str, str] = {}
    for field in headers:
        key = field.name.lower()
        if key in _CORE:
            order.append(field.name)
        if key in _READ:
            values.setdefault(key, field.value)
    return order[: 2 * len(_CORE)], values


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _boundary(content_type: str) -> str:
    found = _BOUNDARY.search(content_type[:2_000]) if content_type else None
    return found[1] or found[2] if found else ""


def _client(message: Message, values: dict[str, str], boundary: str) -> str:
    """The name it gives itself, else what its other fields are known by."""
    for key in _PROGRAMS:
        if name := _program(values.get(key, "")[:300]):
            return name
    identity = message.message_id[:_MOST]
    for pattern, name in _BY_ID:
        if pattern.match(identity):
            return name
    if "x-mimeole" in values:
        return "Microsoft"
    if "x-ms-has-attach" in values:
        return "Exchange"
    return next((name for start, name in _BY_BOUNDARY if boundary.startswith(start)), "")


@lru_cache(1_024)
def _program(value: str) -> str:
    if value.startswith("Mozilla/"):
        products = _PRODUCT.findall(value)
        return str(products[-1]).strip()[:_LONGEST_NAME]
    end = _NAME_END.search(value)
    return " ".join((value[: end.start()] if end else value).split()).rstrip(" -:")[:_LONGEST_NAME]


def _id_shape(message: Message) -> str:
    local, at, host = message.message_id[:_MOST].rpartition("@")
    return f"{_shape(local if at else host)}@{_whose(host.lower(), message.sender.domain) if at else ''}"


@lru_cache(4_096)
def _whose(host: str, sender: str) -> str:
    """Whose domain an id bears: the sender's ("own"), nobody's ("local"), or somebody else's, named."""
    bare = host.strip("[]").removeprefix("ipv6:")
    if "." not in bare or bare.endswith(_LOCAL):
        return "local" if not bare.count(":") > 1 or not _public(bare) else "address"
    if bare.replace(".", "").isdigit():
        return "address" if _public(bare) else "local"
    domain = registrable(bare)
    return "own" if domain and domain == registrable(sender) else domain


def _shape(text: str) -> str:
    """Separators as they stand; of each run its alphabet and whether it is short, long or very long."""
    text = text[:_MOST]
    if _RANDOM.match(text) and not _UUID.match(text):
        return "X"
    if text.count("-") > 3:  # noqa: PLR2004 - as many as a UUID has
        text = _UUID.sub(lambda found: "U" if found[0].upper() == found[0] else "u", text)
    return "".join([_run(run) if run else separator for run, separator in _RUN.findall(text)])[:80]


def _run(run: str) -> str:
    if run in _WORDS:
        return run
    if len(run) <= _SHORT:
        return "s" if len(run) > 1 or run not in "Uu" else run
    characters = frozenset(run)
    if run.isdigit():
        alphabet = "d"
    elif characters <= _HEX_LOWER:
        alphabet = "h"
    elif characters <= _HEX_UPPER:
        alphabet = "H"
    else:
        alphabet = "x"
    return alphabet if len(run) < _LONG else alphabet * 2


def _origin(values: dict[str, str], hops: tuple[Received, ...]) -> tuple[str, str]:
    """Network and HELO domain of where a mail was first handed in by an address of the public net.

    Behind gateways and in company networks that is the first server that sent it out. All but what our own server
    wrote is a claim; who forges it has to know the sender's network.
    """
    for key in _ORIGINS:
        if (value := values.get(key)) and (found := _ADDRESS.search(value)) and (network := _network(found[0])):
            return network, ""
    for hop in reversed(hops):
        if hop.from_address and (network := _network(hop.from_address)):
            return network, _helo(hop.from_name.lower())
    return "", ""


@lru_cache(4_096)
def _network(address: str) -> str:
    """The /24 or /48 of an address of the public net; "" for any other."""
    if not _public(address):
        return ""
    version = _V6_NETWORK if ":" in address else _V4_NETWORK
    return str(ip_network(f"{address}/{version}", strict=False))


def _public(address: str) -> bool:
    """The networks of documents count, for they are written where public ones would be."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return not (
        found.is_loopback or found.is_link_local or found.is_multicast or found.is_unspecified or _inner(address)
    )


def _inner(address: str) -> bool:
    """Networks without a way out: RFC 1918, RFC 6598, RFC 4193."""
    return any(ip_address(address) in network for network in _INNER if network.version == ip_address(address).version)


_INNER = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "0.0.0.0/8", "fc00::/7"))
)


@lru_cache(4_096)
def _helo(name: str) -> str:
    return "" if "." not in name or name.replace(".", "").isdigit() or name.endswith(_LOCAL) else registrable(name)


@lru_cache(4_096)
def registrable(host: str) -> str:
    """The part of a host's name that somebody registered, by the Public Suffix List; "" when there is none."""
    return _suffixes().privatesuffix(host.rstrip(".")) or ""


@cache
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - takes 26 ms, which ``load`` spends

    return PublicSuffixList()


def _signature(text: str) -> str:
    if text.isascii():
        words = text.lower().encode().translate(None, _ASCII_NOT_LETTERS)
    else:
        words = _NOT_LETTERS.sub("", text).casefold().encode("utf-8", "replace")
    return _hash(words) if len(words) >= _LEAST_SIGNATURE else ""
