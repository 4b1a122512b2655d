"""A file → what it is, and located facts about what it would do. Nothing is run."""

from seriema.examine.identify import Identity, identify
from seriema.examine.inspector import Examined, Inspector, examine, load

__all__ = ["Examined", "Identity", "Inspector", "examine", "identify", "load"]
