"""``seriema exercise make DIR``: inert practice mailboxes with their truth."""

import argparse
from pathlib import Path

from seriema import exercise
from seriema.model.errors import InputError


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``exercise``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    make = actions.add_parser("make", help="write the mailboxes and truth.json into a folder")
    make.add_argument("directory", type=Path, metavar="DIR")
    make.add_argument("--seed", type=int, help="draw another exercise; the default gives the report's own figures")


def run(args: argparse.Namespace) -> int:
    """Write the files; existing ones of the same name are replaced."""
    written = write(args.directory, args.seed)
    print(f"{written} files written to {args.directory}")
    return 0


def write(directory: Path, seed: int | None = None) -> int:
    """Write an exercise below a folder; raises InputError when it cannot."""
    count = 0
    for name, content in exercise.files(exercise.make(seed)):
        path = directory / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from None
        count += 1
    return count
