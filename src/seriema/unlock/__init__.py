"""Artifact and texts → what is inside, with which password. Pure.

Entry: ``open_artifact(artifact, content, candidates, limits)`` → ``Opened``; ``Volumes`` for files beside each other
that are one archive; ``Keyring`` for the passwords of one mail. That is made of ``candidates(texts, limits)`` →
passwords to try, ``in_order(own, outside, sent)`` → those of all origins in the order of trying, ``announced(texts)``
and ``mentions_password(texts)`` for what a mail says about passwords.
"""

from seriema.model.errors import PluginError
from seriema.unlock.format import spellings
from seriema.unlock.keyring import Keyring
from seriema.unlock.mentions import announced, mentions_password
from seriema.unlock.opened import UNTRIED, Opened, Tries
from seriema.unlock.opener import broken_formats, loaded, open_artifact
from seriema.unlock.order import in_order, of_its_mail
from seriema.unlock.passwords import candidates
from seriema.unlock.pictures import pictures
from seriema.unlock.shares import Shares
from seriema.unlock.volumes import Volumes
from seriema.unlock.words import vocabulary

__all__ = [
    "UNTRIED",
    "Keyring",
    "Opened",
    "Shares",
    "Tries",
    "Volumes",
    "announced",
    "broken_formats",
    "candidates",
    "in_order",
    "load",
    "mentions_password",
    "of_its_mail",
    "open_artifact",
    "pictures",
]


def load() -> tuple[PluginError, ...]:
    """Read the vocabulary, import every format and every code page, so that a locked worker never opens a file.

    Returns what is wrong with third parties' formats; raises ``PluginError`` when one of our own does not load.
    """
    vocabulary()
    spellings("é")
    return loaded().errors
