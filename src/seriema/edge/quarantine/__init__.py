"""The quarantine: held mails, sealed, with the state of each recipient. What it took in survives a crash.

- ``entry``: the values; ``keys``: the key file; ``vault``: sealed files by content; ``register``: who, when, in what
  state.
- ``quarantine`` joins them in the order that loses nothing: the file is on disk before the register knows of it, and
  the register has forgotten it before the file goes.
- ``verify`` finds what a crash or a broken disk left between the two.
"""

from seriema.edge.quarantine.entry import Entry, Held, Recipient, State
from seriema.edge.quarantine.quarantine import Quarantine
from seriema.edge.quarantine.verify import Report

__all__ = ["Entry", "Held", "Quarantine", "Recipient", "Report", "State"]
