"""What went before: mails by their facts, conversations, habits, and a sealed store of locked files and passwords."""

from seriema.edge.memory.memory import Memory, Totals

__all__ = ["Memory", "Totals"]
