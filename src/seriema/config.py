"""One TOML file and the environment → one frozen ``Settings``. Unknown keys are errors, and every error names its key.

The environment overrides single values: ``SERIEMA_MEMORY_URL`` stands for ``url`` under ``[memory]``.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from seriema.model.errors import ConfigurationError
from seriema.model.limits import Limits
from seriema.verdict import Policy, parse, plain, preset, presets

#: A SQLite database of this process only, forgotten at its end.
PRIVATE_MEMORY = "sqlite://"


class Organisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who we are. ``domains`` are our own mail domains."""

    domains: tuple[str, ...] = ()


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How mail reaches us. ``authserv_ids``: whose Authentication-Results are believed (RFC 8601, 5)."""

    authserv_ids: tuple[str, ...] = ()


class MemorySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the memory lies: an SQLAlchemy URL; how much it keeps, and of which mailboxes nothing.

    ``most_mails``: one-way strangers are forgotten first. ``keep_days`` counts from receipt to today; 0 is for ever.
    """

    url: str = PRIVATE_MEMORY
    most_mails: int = 2_000_000
    keep_days: int = 0
    exclude: tuple[str, ...] = ()


class PolicySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which policy rules: a preset's name or a file. ``partners`` are addresses or domains that send locked files."""

    name: str = "balanced"
    partners: tuple[str, ...] = ()


class UnlockSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Passwords that were agreed on: for all mail, and by the address or domain of a partner who uses them."""

    passwords: tuple[str, ...] = ()
    partners: dict[str, tuple[str, ...]] = {}

    def __repr__(self) -> str:
        """Without the values: settings may appear in tracebacks and logs."""
        return f"UnlockSettings({len(self.passwords)} passwords, {len(self.partners)} partners)"


class JailSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many workers, 0 for one per core, and the least isolation that is accepted: weak, reduced or strong."""

    workers: int = 0
    least: str = "weak"


class QuarantineSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where held mail lies: folder, key file (outside of it) and database (SQLite in the folder, if none is named).

    ``days``: how long it is kept. ``relay``: host:port where released mail is handed back to the mail server.
    """

    folder: str = ""
    key: str = ""
    url: str = ""
    days: int = 30
    relay: str = ""


class ServiceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The gateway: where it listens (unix:PATH or inet:PORT@HOST) and whether it acts on what it finds.

    ``released``: a second place, for the listener of the mail server that takes released mail back. ``http``: host:port
    of health and metrics. ``open_after_hours``: how long memory may be out of service until mail that was read
    completely, with nothing locked and no macro in it, is delivered with a mark; 0 is never. ``sender_work``: password
    work of one sender in an hour (``Limits.password_work``).
    """

    milter: str = ""
    released: str = ""
    mode: Literal["shadow", "act"] = "shadow"
    http: str = ""
    connections: int = 1_000
    open_after_hours: float = 4.0
    sender_work: int = 120_000


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that can be set."""

    organisation: Organisation = Organisation()
    mail: Mail = Mail()
    memory: MemorySettings = MemorySettings()
    policy: PolicySettings = PolicySettings()
    unlock: UnlockSettings = UnlockSettings()
    jail: JailSettings = JailSettings()
    quarantine: QuarantineSettings = QuarantineSettings()
    service: ServiceSettings = ServiceSettings()
    limits: Limits = Limits()


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of a TOML file, or the defaults; raises ConfigurationError naming file and key."""
    table: dict[str, Any] = {}
    place = str(path) if path else "environment"
    if path:
        try:
            table = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise ConfigurationError(f"{path}: {error.strerror}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{path}: {error}") from None
    _override(table, os.environ if environment is None else environment)
    _check_limits(table.get("limits"), place)
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{place}: {error}") from None
    if settings.jail.least not in ("weak", "reduced", "strong") or settings.jail.workers < 0:
        raise ConfigurationError(f"{place}: [jail] takes workers (0 or more) and least (weak, reduced, strong)")
    if settings.memory.most_mails < 0 or settings.memory.keep_days < 0:
        raise ConfigurationError(f"{place}: [memory] takes most_mails and keep_days of 0 (no bound) or more")
    if settings.service.connections < 1 or settings.service.open_after_hours < 0 or settings.quarantine.days < 1:
        raise ConfigurationError(f"{place}: [service] and [quarantine] take numbers above 0 (open_after_hours: or 0)")
    return settings


def policy(settings: Settings) -> Policy:
    """The policy the settings name, with their partners; raises ConfigurationError when there is none."""
    name = settings.policy.name
    chosen = preset(name) if name in presets() else parse(policy_text(name), name)
    return with_partners(chosen, settings)


def with_partners(chosen: Policy, settings: Settings) -> Policy:
    """A policy with the partners that the settings name, who have no lines of their own."""
    return replace(chosen, partners={**{plain(one): {} for one in settings.policy.partners}, **chosen.partners})


def policy_text(path: str) -> str:
    """A policy file as it stands; raises ConfigurationError when there is none."""
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        known = ", ".join(presets())
        raise ConfigurationError(f"{path!r} is neither a policy ({known}) nor a readable file") from None


def own_domains(settings: Settings) -> frozenset[str]:
    """The domains of ``[organisation]``, as they are compared."""
    return frozenset(plain(one) for one in settings.organisation.domains)


def agreed(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The passwords of ``[unlock]`` by address or domain, those for all mail by ""."""
    partners = {plain(name): values for name, values in settings.unlock.partners.items()}
    return {**partners, "": settings.unlock.passwords}


def _check_limits(table: Any, place: str) -> None:
    """``Limits`` is a plain value, so unknown keys in it are named here."""
    unknown = set(table) - set(Limits.__slots__) if isinstance(table, dict) else set()
    if unknown:
        raise ConfigurationError(f"{place}: [limits] knows no {min(unknown)!r}")


def _override(table: dict[str, Any], environment: Mapping[str, str]) -> None:
    """``SERIEMA_<SECTION>_<KEY>`` for every single string value of the sections above."""
    for section in ("memory", "policy", "jail"):
        for key in ("url", "name", "least"):
            value = environment.get(f"SERIEMA_{section.upper()}_{key.upper()}")
            if value is not None:
                table.setdefault(section, {})[key] = value
