"""How long a service has been out of order, and what may be delivered meanwhile.

It counts loss of *service*, never one mail. Even after the hours that the settings give, only a mail that a worker has
read completely is delivered, with a mark: nothing in it locked, no macro, nothing found. Without workers nothing is
known of a mail, so nothing is delivered; without the quarantine held mail has no place, so it stays with its sender.
"""

from datetime import datetime, timedelta

from seriema.model.artifact import State
from seriema.model.plan import Dissection

#: Findings about a mail's own form; any other one is a reason to wait.
_OF_FORM = ("message.", "smime.signed")


class Outage:
    """``hours`` after which mail may go on without memory; 0 is never."""

    def __init__(self, hours: float) -> None:
        self.hours = hours
        self.since: datetime | None = None

    def failed(self, now: datetime) -> None:
        """A service was out of order for a mail."""
        self.since = self.since or now

    def ended(self) -> None:
        """A mail went all the way."""
        self.since = None

    def is_open(self, now: datetime) -> bool:
        """It has lasted so long that mail may go on."""
        return self.hours > 0 and self.since is not None and now - self.since >= timedelta(hours=self.hours)


def harmless_without_memory(seen: Dissection) -> bool:
    """Everything in a mail was read, none of it was encrypted, and nothing was found in it."""
    return (
        not seen.trouble
        and bool(seen.artifacts)
        and all(one.state is State.INSPECTED and not one.encrypted for one in seen.artifacts)
        and all(one.name.startswith(_OF_FORM) for one in seen.findings)
    )
