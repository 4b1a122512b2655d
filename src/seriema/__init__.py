"""Seriema: mail defence against hijacked conversations and locked attachments.

``seriema.scan(raw) -> Case`` judges one mail, ``seriema.open_kept(case, passwords, memory=…)`` opens what one left
locked; the ``seriema`` command does the same for mailboxes.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seriema.api import open_kept, scan

__all__ = ["open_kept", "scan"]


def __getattr__(name: str) -> Any:
    """Load the interface only when it is asked for: workers in the jail import this package too."""
    if name in __all__:
        return getattr(importlib.import_module("seriema.api"), name)
    raise AttributeError(f"module 'seriema' has no attribute {name!r}")
