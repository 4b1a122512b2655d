"""Outlook's .msg (MS-OXMSG over MS-CFB): an OLE container of properties → the same ``Parsed`` as a MIME mail."""

import hashlib

from seriema.message.part import Parsed, Part
from seriema.message.repairs import say
from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.model.message import Message

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_outlook(raw: bytes) -> bool:
    """Whether the bytes begin as an OLE container."""
    return raw.startswith(_MAGIC)


def header(raw: bytes) -> bytes:
    """The transport header that the container keeps, b"" when there is none."""
    return raw[:0]


def read(raw: bytes, _limits: Limits, _authserv_ids: tuple[str, ...]) -> Parsed:
    """Read one .msg."""
    part = Part("", raw, "application/vnd.ms-outlook", state=State.UNSUPPORTED, state_reason="Outlook .msg")
    message = Message(hashlib.sha256(raw).hexdigest(), len(raw), parts=1)
    return Parsed(message, (part,), (say("mail.msg-unreadable"),))
