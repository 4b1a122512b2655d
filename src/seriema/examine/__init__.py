"""A file → what it is, and located facts about what it would do. Nothing is run."""

from seriema.examine.drawn import drawn
from seriema.examine.identify import Identity, identify
from seriema.examine.inspector import Examined, Inspector, examine, load
from seriema.examine.names import also_called
from seriema.examine.url_shapes import with_shapes

__all__ = ["Examined", "Identity", "Inspector", "also_called", "drawn", "examine", "identify", "load", "with_shapes"]
