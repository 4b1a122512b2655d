"""The one error tree, grouped by who must react.

``HostileInput`` never leaves the jail as an exception: ``dissect`` turns each into a state or a finding,
and the facts seen before it stay.
"""


class SeriemaError(Exception):
    """Anything Seriema itself raises. ``str()`` is one clear line for a person."""


class CallerError(SeriemaError):
    """The person who called must mend something. Exit code 2."""


class UsageError(CallerError):
    """The command line or the arguments make no sense."""


class ConfigurationError(CallerError):
    """A setting is unknown, contradictory or out of range; the message names file and key."""


class InputError(CallerError):
    """An input is missing, unreadable or holds no mail; the message names it."""


class HostileInput(SeriemaError):
    """Something about the data stops the reader. ``place`` says where, in words or as an offset."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{reason} ({place})" if place else reason)
        self.reason = reason
        self.place = place


class Malformed(HostileInput):
    """The bytes break their own format's specification."""


class Unsupported(HostileInput):
    """The format, method or codec is named but not read by this installation."""


class LimitReached(HostileInput):
    """A bound of ``model.limits`` was met; ``reason`` names the bound."""


class Locked(HostileInput):
    """Encrypted, and no candidate opened it."""


class ServiceError(SeriemaError):
    """The machine or a service it needs must be mended by an operator. Mail waits, none is lost. Exit code 4."""


class MemoryUnavailable(ServiceError):
    """The database cannot be read or written just now."""


class QuarantineUnavailable(ServiceError):
    """Held mail cannot be stored or read just now: folder, key or database."""


class DeliveryFailed(ServiceError):
    """The mail server did not take a released mail; it is still held."""


class JailUnavailable(ServiceError):
    """No isolated worker could be started, or isolation is weaker than the settings allow."""


class PluginError(SeriemaError):
    """A third-party plugin is broken; it is reported and left out."""
