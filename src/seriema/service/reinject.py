"""Released mail goes back to the mail server by SMTP, to the envelope recipients it was held for, byte by byte.

Nothing is written into the mail: the server's listener for it has a milter of ours that lets a mail through when the
quarantine has a record of this very release, once.
"""

import smtplib
from collections.abc import Sequence
from contextlib import suppress

from seriema.edge.quarantine import Entry, Held, Quarantine
from seriema.model.errors import ConfigurationError, DeliveryFailed, InputError

_SECONDS = 60.0


def release(
    quarantine: Quarantine,
    entry: Entry,
    recipients: Sequence[str],
    relay: str,
    *,
    by: str,
    reason: str,
    again: bool = False,
) -> tuple[str, ...]:
    """Deliver a held mail to some of its recipients; those to whom it went now.

    Raises InputError when its content is not there, DeliveryFailed when the server does not take it: then it is held
    as before. Only when the server fell silent after it had the whole mail nobody knows; that is said, and the mail
    stays ``releasing`` until a person releases it ``again``.
    """
    held = quarantine.mail(entry)
    server = _connected(relay)
    try:
        chosen = quarantine.begin_release(entry, recipients, by, reason, again=again)
        if not chosen:
            return ()
        try:
            taken = _offer(server, held, chosen)
        except (OSError, smtplib.SMTPException, DeliveryFailed) as error:
            quarantine.end_release(entry, chosen, delivered=False)
            raise _failed(relay, error) from None
        refused = [one for one in chosen if one not in taken]
        quarantine.end_release(entry, refused, delivered=False)
        _deliver(server, held, quarantine, entry, taken, relay)
        return taken
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _connected(relay: str) -> smtplib.SMTP:
    host, _, port = relay.rpartition(":")
    if not host or not port.isdecimal():
        raise ConfigurationError(f"[quarantine] relay {relay!r}: host:port is wanted")
    try:
        server = smtplib.SMTP(host, int(port), local_hostname="localhost", timeout=_SECONDS)
        server.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException) as error:
        raise _failed(relay, error) from None
    return server


def _offer(server: smtplib.SMTP, held: Held, recipients: Sequence[str]) -> tuple[str, ...]:
    """MAIL and RCPT; the recipients whom the server takes."""
    options = ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []
    if not all(one.isascii() for one in (held.sender, *recipients)):
        if not server.has_extn("smtputf8"):
            raise DeliveryFailed("the server takes no addresses beyond ASCII")
        options.append("SMTPUTF8")
        server.command_encoding = "utf-8"
    code, words = server.mail(held.sender, options)
    if code != 250:  # noqa: PLR2004 - SMTP's yes
        raise DeliveryFailed(f"{code} {words.decode('utf-8', 'replace')}")
    answers = {one: server.rcpt(one) for one in recipients}
    taken = tuple(one for one, (code, _) in answers.items() if code in (250, 251))
    if not taken:
        code, words = next(iter(answers.values()))
        raise DeliveryFailed(f"{code} {words.decode('utf-8', 'replace')}")
    return taken


def _deliver(
    server: smtplib.SMTP, held: Held, quarantine: Quarantine, entry: Entry, recipients: Sequence[str], relay: str
) -> None:
    try:
        code, words = server.data(held.raw)
    except smtplib.SMTPDataError as error:
        quarantine.end_release(entry, recipients, delivered=False)
        raise _failed(relay, error) from None
    except (OSError, smtplib.SMTPException):
        raise DeliveryFailed(
            f"{entry.id}: {relay} fell silent after the mail; look whether it came, and release it --again if not"
        ) from None
    quarantine.end_release(entry, recipients, delivered=code == 250)  # noqa: PLR2004 - SMTP's yes
    if code != 250:  # noqa: PLR2004 - SMTP's yes
        raise DeliveryFailed(f"{relay}: {code} {words.decode('utf-8', 'replace')}")


def _failed(relay: str, error: Exception) -> DeliveryFailed:
    return DeliveryFailed(f"{relay}: {error}")


def chosen(entry: Entry, wanted: Sequence[str]) -> tuple[str, ...]:
    """The recipients that a person names; all when none is named. Raises InputError for somebody else."""
    known = [one.address for one in entry.recipients]
    for one in wanted:
        if one not in known:
            raise InputError(f"{entry.id}: {one} is none of its recipients ({', '.join(known)})")
    return tuple(wanted or known)
