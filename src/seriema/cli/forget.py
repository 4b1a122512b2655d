"""``seriema forget ADDRESS``: remove all that the memory holds of a person."""

import argparse

from seriema import config
from seriema.cli import scan
from seriema.cli.session import memory
from seriema.config import PRIVATE_MEMORY
from seriema.model.errors import UsageError


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``forget``."""
    parser.add_argument("address", metavar="ADDRESS", help="a mail address")
    scan.settled(parser)


def run(args: argparse.Namespace) -> int:
    """Remove, and say how many of the person's mails that were."""
    settings = scan.settings(args)
    name, at, domain = args.address.rpartition("@")
    if not (name and at and domain):
        raise UsageError(f"{args.address!r} is no mail address")
    if settings.memory.url == PRIVATE_MEMORY:
        raise UsageError("forget needs a memory that lasts: --memory sqlite:///memory.db, or [memory] url")
    opened = memory(settings, config.own_domains(settings))
    try:
        count = opened.forget(args.address)
    finally:
        opened.close()
    print(f"{count} mails from {args.address} forgotten, with all that they taught and that was sealed of them")
    return 0
