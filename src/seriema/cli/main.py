"""The command line: ``seriema COMMAND``. One file per command; errors are one clear line; exit codes as documented.

0 done, nothing at or above ``--fail-on`` · 1 something was · 2 usage, configuration or missing input · 3 with
``--strict``, something could not be inspected · 4 internal error. Where several apply: 4, then 2, 1, 3.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from seriema.model.errors import CallerError, SeriemaError

#: Command → module and one line of help. The module offers ``arguments(parser)`` and ``run(args) -> int``.
COMMANDS = {
    "scan": ("seriema.cli.scan", "judge mails, mailboxes, archives or documents"),
    "explain": ("seriema.cli.explain", "everything behind the verdict on one mail"),
    "reopen": ("seriema.cli.reopen", "open what an earlier scan left locked, with a password that came later"),
    "judge": ("seriema.cli.judge", "say whether a mail was harmful, and what follows from that"),
    "policy": ("seriema.cli.policy", "check a policy, or show what policies would have done with old mail"),
    "learn": ("seriema.cli.learn", "fill the memory from old mail"),
    "forget": ("seriema.cli.forget", "remove all that the memory holds of a person"),
    "serve": ("seriema.cli.serve", "judge mail on its way, as a milter of the mail server"),
    "held": ("seriema.cli.held", "look at held mail, release or delete it, check the quarantine"),
    "exercise": ("seriema.cli.exercise", "write inert practice mailboxes with their truth"),
    "demo": ("seriema.cli.demo", "scan the built-in exercise and write a page to look at"),
    "doctor": ("seriema.cli.doctor", "check this installation and say what to mend"),
}


def run() -> None:
    """Entry point of the installed command."""
    raise SystemExit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    try:
        args = _parser(arguments).parse_args(arguments)
        code: int = importlib.import_module(COMMANDS[args.command][0]).run(args)
    except CallerError as error:
        return _fail(str(error), 2)
    except SeriemaError as error:
        return _fail(str(error), 4)
    except KeyboardInterrupt:
        return _fail("interrupted", 130)
    except BrokenPipeError:
        # The reader of a pipe went away; nothing more can be said, and the interpreter shall not try at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return code


def _fail(sentence: str, code: int) -> int:
    print(f"seriema: {sentence}", file=sys.stderr)
    return code


class _Parser(argparse.ArgumentParser):
    """Usage errors in one line, like every other error."""

    def error(self, message: str) -> None:  # type: ignore[override]  # argparse promises never to return; so do we
        self.exit(2, f"seriema: {message} (see '{self.prog} --help')\n")


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """All commands by name, and the arguments of the one that is called: the others stay unimported."""
    parser = _Parser(prog="seriema", description="Mail defence against hijacked conversations and locked attachments.")
    parser.add_argument("--version", action="version", version=f"seriema {version('seriema')}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    called = next((one for one in arguments if not one.startswith("-")), "")
    for name, (module, words) in COMMANDS.items():
        command = commands.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        if name == called:
            importlib.import_module(module).arguments(command)
    return parser
