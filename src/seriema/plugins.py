"""Finds plugin values in a package's folder and by entry point, and isolates their crashes.

A plugin is a value in a file of its own: ``FORMAT = Format(...)``, ``INSPECTOR = Inspector(...)``,
``SIGNAL = Signal(...)``. Third parties install theirs through an entry point that names the value
(``zoo = "acme_seriema.zoo:FORMAT"``) or the module that holds it. Own ones come first, each lot sorted by name.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import entry_points
from types import ModuleType
from typing import Generic, TypeVar

from seriema.model.errors import LimitReached, PluginError, SeriemaError

T = TypeVar("T")
Value = TypeVar("Value", covariant=True)  # noqa: PLC0105 - a plain word reads better than a suffix


@dataclass(frozen=True, slots=True)
class Loaded(Generic[Value]):
    """The plugins that can be used, and what was wrong with those that were left out."""

    values: tuple[Value, ...]
    errors: tuple[PluginError, ...] = ()


@dataclass(frozen=True, slots=True)
class Crash:
    """What a plugin's call ended in instead of a value. ``reason`` is one line: the error's type and words."""

    plugin: str
    reason: str


def load(package: str, attribute: str, contract: type[T], group: str) -> Loaded[T]:
    """All plugins of one sort: ``attribute`` of each module in ``package``, then the entry points of ``group``.

    Modules whose name starts with an underscore are no plugins. One that does not import, lacks the value or holds
    something that is no ``contract`` is left out and described in ``errors``; nothing is raised for it.
    """
    values: list[T] = []
    errors: list[PluginError] = []
    for name, find in (*_own(package, attribute), *_foreign(group, attribute)):
        found = guarded(name, find)
        if isinstance(found, contract):
            values.append(found)
        elif isinstance(found, Crash):
            errors.append(PluginError(f"plugin {name}: {found.reason}"))
        else:
            errors.append(PluginError(f"plugin {name}: {attribute} is {type(found).__name__}, not {contract.__name__}"))
    return Loaded(tuple(values), tuple(errors))


def guarded(plugin: str, call: Callable[[], T]) -> T | Crash:
    """Call into a plugin; a crash becomes a value, so that it costs one plugin's facts and never the mail.

    Our own errors pass: they are the plugin's contract. Lack of memory is a limit, not a defect.
    """
    try:
        return call()
    except SeriemaError:
        raise
    except MemoryError as error:
        raise LimitReached("memory", plugin) from error
    except Exception as error:  # noqa: BLE001 - the one place that isolates a plugin's crash
        return Crash(plugin, f"{type(error).__name__}: {error}".replace("\n", " ")[:300])


def _own(package: str, attribute: str) -> Iterator[tuple[str, Callable[[], object]]]:
    folder = importlib.import_module(package)
    for name in sorted(module.name for module in pkgutil.iter_modules(folder.__path__)):
        if not name.startswith("_"):
            module = f"{package}.{name}"
            yield module, partial(_value, partial(importlib.import_module, module), attribute)


def _foreign(group: str, attribute: str) -> Iterator[tuple[str, Callable[[], object]]]:
    for point in sorted(entry_points(group=group), key=lambda point: (point.name, point.value)):
        yield f"{point.name} = {point.value}", partial(_value, point.load, attribute)


def _value(find: Callable[[], object], attribute: str) -> object:
    found = find()
    return getattr(found, attribute) if isinstance(found, ModuleType) else found
