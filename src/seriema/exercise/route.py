"""The trace of a letter: Received fields, Authentication-Results (RFC 8601) and the sender's DKIM-Signature (RFC 6376).

Every sender here passes authentication: the accounts are real, that is the point of the attack and of its twins.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from seriema.exercise.cast import Organisation
from seriema.exercise.dice import Dice
from seriema.exercise.letter import Letter, local

Field = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Gateway:
    """The mail server whose traffic a mailbox is."""

    organisation: Organisation
    own_domains: tuple[str, ...]

    @property
    def host(self) -> str:
        """Its name, which is its authserv-id too."""
        return f"mx.{self.organisation.domain}"


def trace(letter: Letter, gateway: Gateway, dice: Dice) -> list[Field]:
    """The fields that servers put before the author's own, newest first."""
    fields = [("Return-Path", f"<{letter.envelope_sender}>")]
    home = letter.author.organisation
    sending = letter.relay.organisation if letter.relay else home
    computer = f"{dice.choice(('desk', 'ws', 'nb', 'pc'))}-{dice.shape('{d2}')}.{home.domain}"
    address = letter.away or f"2001:db8:{dice.shape('{h3}')}::{dice.shape('{h2}')}"
    shown = f"IPv6:{address}" if ":" in address else address
    origin = f"from {computer} ([{shown}])"
    if sending.domain in gateway.own_domains:
        stamp = _stamp(letter.arrived, gateway.organisation)
        fields.append(
            ("Received", f"{origin}\n\tby {gateway.host} (Postfix) with ESMTPSA id {_queue(dice)};\n\t{stamp}")
        )
        user = letter.author.address.partition("@")[0]
        fields.append(("Authentication-Results", f"{gateway.host}; auth=pass smtp.auth={user}"))
        return fields
    reader = next((person for person in letter.recipients if _ours(person.address, gateway)), letter.recipients[0])
    target = f" for <{reader.address}>" if len(letter.recipients) == 1 else ""
    stamp = _stamp(letter.arrived, gateway.organisation)
    hop = f"from {sending.mail_host} ({sending.mail_host} [{sending.address}])"
    fields.append(
        ("Received", f"{hop}\n\tby {gateway.host} (Postfix) with ESMTPS id {_queue(dice)}{target};\n\t{stamp}")
    )
    fields.append(("Authentication-Results", _results(letter, gateway)))
    stamp = _stamp(letter.sent + timedelta(seconds=letter.delay // 2), home)
    fields.append(("Received", f"{origin}\n\tby {home.mail_host} with ESMTPSA id {_queue(dice)};\n\t{stamp}"))
    fields.append(("DKIM-Signature", _signature(letter, dice)))
    return fields


def _ours(address: str, gateway: Gateway) -> bool:
    return address.partition("@")[2] in gateway.own_domains


def _stamp(moment: datetime, organisation: Organisation) -> str:
    return format_datetime(local(moment, organisation))


def _queue(dice: Dice) -> str:
    return dice.shape("{A10}")


def _results(letter: Letter, gateway: Gateway) -> str:
    domain = letter.author.organisation.domain
    if letter.relay:
        listed = letter.relay.organisation.domain
        signed = f"spf=pass smtp.mailfrom={letter.envelope_sender};\n\tdkim=pass header.d={listed}"
        return f"{gateway.host};\n\t{signed};\n\tdmarc=none header.from={domain}"
    return (
        f"{gateway.host};\n\tspf=pass smtp.mailfrom={letter.author.address};\n\tdkim=pass header.d={domain};"
        f"\n\tdmarc=pass header.from={domain}"
    )


def _signature(letter: Letter, dice: Dice) -> str:
    """A signature in form only: its values are drawn, nobody could check them."""
    home = letter.relay.organisation if letter.relay else letter.author.organisation
    time = int(letter.sent.timestamp())
    return (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={home.domain}; s={home.selector};\n\tt={time};"
        f" h=from:to:subject:date:message-id;\n\tbh={dice.shape('{B43}')}=;\n\tb={dice.shape('{B64}')}\n\t "
        f"{dice.shape('{B64}')}\n\t {dice.shape('{B42}')}=="
    )
