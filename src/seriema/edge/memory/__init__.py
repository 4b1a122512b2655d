"""What went before: mails by their facts, conversations, habits, and a sealed store of locked files and passwords."""

from seriema.edge.memory.memory import Memory, Totals
from seriema.edge.memory.opened import Retention
from seriema.edge.memory.removal import Bounds

__all__ = ["Bounds", "Memory", "Retention", "Totals"]
