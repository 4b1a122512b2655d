"""Authentication-Results (RFC 8601): which checks somebody says were made, and whom we believe.

Anyone can write such a field into a mail before sending it. One is believed (``trusted``) when all of these hold:

- its authserv-id is one of the configured ones;
- it stands above the first Received field that names a server outside their organisations in its "by": what lies
  below such a field was in the mail before it came to us;
- no Received field stands between it and the topmost field that fulfils the two: what our border writes is one block,
  and a field further down with our id is what a border should have removed (RFC 8601, 5).

The organisation of an authserv-id is the id without its first label when it has three or more, else the id itself.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seriema.model.message import AuthenticationResult, Received

_MAX_CHARACTERS = 16_384
_MAX_RESULTS = 100
_METHOD = re.compile(r"\A([\w.-]+)(?:\s*/\s*\d+)?\s*=\s*([\w.-]+)")
_PROPERTY = re.compile(r"(?<![\w-])([\w-]+)\s*\.\s*([\w-]+)\s*=\s*(\"[^\"]*\"|[^\s;]+)")
#: Which property tells whose identity a method checked, best first (RFC 8601, 2.7).
_IDENTITIES = {
    "spf": ("smtp.mailfrom", "smtp.helo"),
    "dkim": ("header.d", "header.i"),
    "dmarc": ("header.from",),
    "arc": ("header.oldest-pass", "smtp.remote-ip"),
    "auth": ("smtp.auth", "smtp.mailfrom"),
    "iprev": ("policy.iprev",),
    "sender-id": ("header.from", "header.sender"),
    "domainkeys": ("header.d", "header.from", "header.sender"),
    "compauth": ("policy.reason",),
}
_LABELS_WITH_HOST = 3


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace or result field at its place in the header, top first: one of the two is set."""

    received: Received | None = None
    results: str | None = None


def read(trace: Iterable[Trace], authserv_ids: Sequence[str]) -> tuple[AuthenticationResult, ...]:
    """All results of all fields, in order, with those that are believed marked."""
    ours = {name.lower() for name in authserv_ids}
    organisations = tuple({_organisation(name) for name in ours})
    out: list[AuthenticationResult] = []
    believing, met = True, False
    for item in trace:
        if item.received is not None:
            believing = believing and not met and _is_ours(item.received.by, organisations)
        elif item.results is not None and len(out) < _MAX_RESULTS:
            authserv_id, results = _field(item.results)
            trusted = believing and authserv_id.lower() in ours
            met = met or trusted
            out += (AuthenticationResult(authserv_id, *result, trusted) for result in results)
    return tuple(out[:_MAX_RESULTS])


def _organisation(host: str) -> str:
    labels = host.split(".")
    return host if len(labels) < _LABELS_WITH_HOST else ".".join(labels[1:])


def _is_ours(by: str, organisations: tuple[str, ...]) -> bool:
    host = by.lower().rstrip(".")
    return any(host == one or host.endswith("." + one) for one in organisations)


def _field(raw: str) -> tuple[str, list[tuple[str, str, str]]]:
    """The authserv-id and ``(method, result, identity)`` of one field; "none" has no results."""
    text = _without_comments(raw[:_MAX_CHARACTERS])
    first, _, rest = text.partition(";")
    words = first.split()
    if not words or _METHOD.match(first.strip()):  # the id was left out, as some servers do
        return "", _results(text)
    return words[0].strip('"'), _results(rest)


def _results(text: str) -> list[tuple[str, str, str]]:
    out: list[tuple[str, str, str]] = []
    for statement in text.split(";")[:_MAX_RESULTS]:
        match = _METHOD.match(statement.strip())
        if not match:
            continue
        method = match[1].lower()
        values = {
            f"{found[1]}.{found[2]}".lower(): found[3].strip('"') for found in _PROPERTY.finditer(statement[:2_000])
        }
        identity = next((values[name] for name in _IDENTITIES.get(method, ()) if name in values), "")
        out.append((method, match[2].lower(), identity[:320]))
    return out


def _without_comments(text: str) -> str:
    if "(" not in text:
        return text
    out: list[str] = []
    depth, quoted = 0, False
    for character in text:
        if character == '"' and not depth:
            quoted = not quoted
        if character == "(" and not quoted:
            depth += 1
        elif character == ")" and depth:
            depth -= 1
            out.append(" ")
        elif not depth:
            out.append(character)
    return "".join(out)
