"""Which conversation a mail belongs to: whom it is between, how long it was silent, whether its quote was ever seen."""

from seriema.thread.join import join
from seriema.thread.keys import keys
from seriema.thread.kind import kind

__all__ = ["join", "keys", "kind"]
