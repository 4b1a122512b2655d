"""What people hand over: paths, folders, mailboxes, archives of mails and standard input, each told by its content.

``discover`` names every mail and bare file in a fixed order without keeping any in memory; each ``Input`` reads its own
bytes again whenever asked. No extension is ever believed, and nothing is passed over in silence: see ``Tally``.
"""

from seriema.edge.intake.discover import discover, measure
from seriema.edge.intake.item import Input, Mark, Problem, Tally

__all__ = ["Input", "Mark", "Problem", "Tally", "discover", "measure"]
