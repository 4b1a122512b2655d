"""The mail imitates the notices or the release page of Seriema, or of the recipient's own filter."""

import re
from urllib.parse import urlsplit

from seriema.model.case import Direction, Evidence
from seriema.model.message import Link
from seriema.verdict.phrases import said
from seriema.verdict.resemblance import same_house
from seriema.verdict.signal import Observation, Reads, Signal

#: Our notices come from the recipient's own organisation and link to it; nobody outside has reason to send one.
_OURS = re.compile(r"\bseriema\b", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})\b", re.IGNORECASE)
#: A notice of some filter, with a link that shows one place and leads to another.
ANY_FILTER = 0.7


def observe(evidence: Evidence) -> Observation | None:
    """Only mail from outside, and only with a link that leads elsewhere than to the recipient's organisation."""
    message = evidence.message
    if evidence.direction is not Direction.INCOMING:
        return None
    ours = {one.domain for one in message.recipients if one.domain}
    if any(same_house(message.sender.domain, one) for one in ours):
        return None
    links = [one for one in message.links if one.place in ("reply", "signature", "hidden") and _host(one.target)]
    away = [one for one in links if not any(same_house(_host(one.target), house) for house in ours)]
    if not away:
        return None
    words = f"{message.subject}\n{message.body.reply}"
    held = said(words, "held")
    if held and _OURS.search(words):
        return Observation(f"imitates a notice of this mail filter (“{held}”) and links to {_host(away[0].target)}")
    for link in away:
        shown = _shown(link)
        if shown and (_OURS.search(link.shown) or (held and any(same_house(shown, house) for house in ours))):
            strength = 1.0 if _OURS.search(link.shown) else ANY_FILTER
            return Observation(f"a link shows {shown} and leads to {_host(link.target)}", strength)
    return None


def _host(target: str) -> str:
    try:
        return (urlsplit(target).hostname or "").lower()
    except ValueError:
        return ""


def _shown(link: Link) -> str:
    """The host that a link's text names, if it is another than the one it leads to."""
    found = _HOST.search(link.shown[:300])
    host = found[1].lower() if found else ""
    return host if host and not same_house(host, _host(link.target)) else ""


SIGNAL = Signal("imitates_us", Reads.CONVERSATION, observe)
