"""Inert practice mailboxes with their truth: the report's seven cases, innocent twins, ordinary mail.

``make(seed)`` gives them in memory, ``files(exercise)`` as what a face writes to a folder.
"""

from seriema.exercise.mailbox import Exercise, Mail, Mailbox, MailTruth, Role, Truth
from seriema.exercise.making import make, played
from seriema.exercise.store import files

__all__ = ["Exercise", "Mail", "MailTruth", "Mailbox", "Role", "Truth", "files", "make", "played"]
