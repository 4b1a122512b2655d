"""Whether a mail comes from outside, goes out or stays within: policies may say different things of each.

The From field is anybody's to write. A mail counts as ours only when more than it says so; else it came from outside,
where every policy is at its most careful.
"""

from collections.abc import Collection

from seriema.model.case import Direction
from seriema.model.message import Address, Message

#: Handed in by somebody who had logged in (RFC 3848).
_LOGGED_IN = frozenset({"ESMTPA", "ESMTPSA", "UTF8SMTPA", "UTF8SMTPSA"})
_OF_THE_AUTHOR = frozenset({"dmarc", "dkim"})


def direction(message: Message, own_domains: Collection[str]) -> Direction:
    """Of one mail. ``own_domains`` are ours with all below them; without any, everything comes from outside."""
    if not ours(message.sender, own_domains) or not _shown(message):
        return Direction.INCOMING
    within = all(ours(one, own_domains) for one in message.recipients)
    return Direction.INTERNAL if within else Direction.OUTGOING


def ours(address: Address, own_domains: Collection[str]) -> bool:
    """Of one of our domains, or of one below it."""
    labels = address.domain.split(".")
    return bool(own_domains) and any(".".join(labels[start:]) in own_domains for start in range(len(labels)))


def _shown(message: Message) -> bool:
    """Its author had logged in to the server that took it over last, or our server vouches for the author's domain."""
    handed_in = bool(message.received) and message.received[0].protocol.upper() in _LOGGED_IN
    return handed_in or any(
        one.trusted
        and one.method in _OF_THE_AUTHOR
        and one.result == "pass"
        and one.identity.rpartition("@")[2].lower() == message.sender.domain
        for one in message.authentication
    )
