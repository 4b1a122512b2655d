"""Bytes → ``Message`` and parts: what does the mail say, and who wrote what when. Pure, and tolerant of everything."""

from seriema.language import load as load_language
from seriema.message.leaves import MAIL_TYPES
from seriema.message.links import link_facts
from seriema.message.parse import arrival, header, parse
from seriema.message.part import Parsed, Part
from seriema.message.quotes import load as load_quotes
from seriema.message.traits import load as load_traits
from seriema.model.limits import Limits

__all__ = ["MAIL_TYPES", "Parsed", "Part", "arrival", "header", "link_facts", "load", "parse"]

_SAMPLE = (
    b"From: a <a@a.example>\r\nSubject: =?iso-2022-jp?B?GyRCJUYbKEI=?=\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    b"<p>A first mail, so that everything is read from disk before the worker is locked in.</p>"
)


def load() -> None:
    """Read every file this room needs, so that a locked process needs none afterwards."""
    load_language()
    load_quotes()
    load_traits()
    parse(_SAMPLE, Limits(), ())
