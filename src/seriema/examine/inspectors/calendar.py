"""Calendar files: the addresses that an invitation leads to, and files attached within it.

iCalendar (RFC 5545): lines are unfolded (3.1), ATTACH holds an address or a file in base64 (3.8.1.1).
"""

import base64
import binascii
import re

from seriema.examine import words
from seriema.examine.identify import decoded
from seriema.examine.inspector import Examined, Inspector
from seriema.model.artifact import Artifact, Child, State
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits

CALENDAR_BYTES, LINKS, FILES = 8 << 20, 200, 20
_FOLD = re.compile(r"\r?\n[ \t]")
_FILE = re.compile(
    r"^ATTACH((?:;[^:\r\n]{0,500})?ENCODING=BASE64[^:\r\n]{0,500}):([A-Za-z0-9+/=]{4,8000000})",
    re.MULTILINE | re.IGNORECASE,
)
_NAME = re.compile(r"(?:FILENAME|X-FILENAME|X-APPLE-FILENAME)=\"?([^\";:\r\n]{1,200})", re.IGNORECASE)


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """Addresses and attached files of one calendar."""
    text = _FOLD.sub("", decoded(content[:CALENDAR_BYTES]))
    shown = re.sub(r"\\([,;nN\\])", lambda one: " " if one[1] in "nN" else one[1], text)
    addresses = dict.fromkeys(url for line in shown.splitlines() for url in words.urls(line))
    children: list[Child] = []
    state, reason = State.INSPECTED, ""
    for number, found in enumerate(list(_FILE.finditer(text))[: FILES + 1], 1):
        try:
            inner = base64.b64decode(found[2] + "=" * (-len(found[2]) % 4))
        except (binascii.Error, ValueError):
            state, reason = State.MALFORMED, "an attached file whose base64 is broken"
            continue
        if number > FILES or len(inner) > limits.member_bytes:
            state, reason = State.LIMIT, f"more than {FILES} attached files, or a large one"
            break
        name = _NAME.search(found[1])
        children.append(Child(name[1] if name else f"attached-{number}", inner, len(inner)))
    if len(content) > CALENDAR_BYTES:
        state, reason = State.LIMIT, f"a calendar of more than {CALENDAR_BYTES} bytes"
    findings = tuple(Finding("calendar.attached-file", artifact.id, one.name, f"{one.size} bytes") for one in children)
    links = tuple(Indicator(IndicatorType.URL, one, "link", artifact.id) for one in list(addresses)[:LINKS])
    return Examined(findings, links, tuple(children), (), state, reason)


INSPECTOR = Inspector("calendar", inspect, frozenset({"ics"}))
