"""``seriema held …``: look at held mail, release or delete it, export it, check the quarantine."""

import argparse
import getpass
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from seriema import config
from seriema.cli.output import warn
from seriema.edge.quarantine import Entry, Quarantine, State
from seriema.exercise.archives import zip_bytes
from seriema.model.errors import InputError, UsageError
from seriema.report.defang import prose
from seriema.service import reinject
from seriema.service.serve import quarantine_of

#: What analysts' tools expect of a malicious file in an archive.
_PASSWORD = "infected"  # noqa: S105 - known to everybody


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``held`` and of each of its actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, words: str, *, one: bool = True) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        made.add_argument("--config", type=Path, metavar="FILE", required=True, help="settings, one TOML file")
        if one:
            made.add_argument("id", metavar="ID", help="id of the mail's case, or its beginning")
        return made

    listing = action("list", "held mails, the latest first", one=False)
    listing.add_argument("--state", choices=[one.value for one in State], help="only those in this state for anybody")
    for made in (listing, action("show", "one held mail and what became of it for each recipient")):
        made.add_argument("--format", choices=("text", "json", "jsonl"), default="text")
    release = action("release", "deliver a held mail, byte by byte as it came")
    release.add_argument("--again", action="store_true", help="also where nobody knows whether it got through before")
    for made in (release, action("delete", "give a held mail up")):
        made.add_argument("--to", action="append", default=[], metavar="ADDRESS", help="only for this recipient")
        made.add_argument("--reason", default="", help="kept beside what was done")
    export = action("export", "write a held mail into a file")
    export.add_argument("file", type=Path, metavar="FILE", help="NAME.eml, or NAME.zip with the password 'infected'")
    verify = action("verify", "check that every held mail can be read and every file belongs to one", one=False)
    verify.add_argument("--repair", action="store_true", help="mend what can be mended")
    action("rotate", "seal everything with a new key, and forget the old one", one=False)


def run(args: argparse.Namespace) -> int:
    """Do it; exit 1 when ``verify`` found what is not mended."""
    settings = config.load(args.config)
    quarantine = quarantine_of(settings)
    try:
        return _ACTIONS[args.action](quarantine, args, settings)
    finally:
        quarantine.close()


def row(entry: Entry) -> dict[str, Any]:
    """A held mail as other programs read it."""
    return {
        "id": entry.id,
        "received": entry.received.isoformat(),
        "from": entry.author or entry.sender,
        "recipients": [one.address for one in entry.recipients],
        "tier": entry.tier,
        "inspection": entry.inspection,
        "summary": entry.summary,
        "state": entry.state.value,
    }


def document(entry: Entry) -> dict[str, Any]:
    """The same with everything else that is known."""
    people = [
        {
            "address": one.address,
            "state": one.state.value,
            "changed": one.changed.isoformat(),
            "by": one.by,
            "reason": one.reason,
        }
        for one in entry.recipients
    ]
    more = {"sha256": entry.sha256, "size": entry.size, "sender": entry.sender, "expires": entry.expires.isoformat()}
    return {**row(entry), **more, "people": people}


def _list(quarantine: Quarantine, args: argparse.Namespace, _: config.Settings) -> int:
    found = quarantine.entries(State(args.state) if args.state else None)
    if args.format == "json":
        print(json.dumps([row(one) for one in found], ensure_ascii=False, indent=2))
    for one in found if args.format != "json" else ():
        if args.format == "jsonl":
            print(json.dumps(row(one), ensure_ascii=False, separators=(",", ":")))
        else:
            _line(one)
    return 0


def _line(entry: Entry) -> None:
    people = ", ".join(prose(one.address, 60) for one in entry.recipients[:4])
    more = f" and {len(entry.recipients) - 4} more" if len(entry.recipients) > 4 else ""  # noqa: PLR2004 - as shown
    who = prose(entry.author or entry.sender or "<>", 60)
    print(f"{entry.id}  {entry.state:<9} {entry.received:%Y-%m-%d %H:%M}  {who} → {people}{more}")
    print(f"        {prose(entry.summary, 1_000)}")


def _show(quarantine: Quarantine, args: argparse.Namespace, _: config.Settings) -> int:
    entry = quarantine.entry(args.id)
    if args.format != "text":
        print(json.dumps(document(entry), ensure_ascii=False, indent=2 if args.format == "json" else None))
        return 0
    _line(entry)
    print(f"        {entry.tier}, inspection {entry.inspection}, {entry.size} bytes, until {entry.expires:%Y-%m-%d}")
    for one in entry.recipients:
        why = f" by {prose(one.by, 60)}" if one.by else ""
        why += f": {prose(one.reason, 400)}" if one.reason else ""
        print(f"        {one.state:<9} {one.changed:%Y-%m-%d %H:%M}  {prose(one.address, 120)}{why}")
    return 0


def _release(quarantine: Quarantine, args: argparse.Namespace, settings: config.Settings) -> int:
    entry = quarantine.entry(args.id)
    if not settings.quarantine.relay:
        raise UsageError("the settings do not say where released mail goes: [quarantine] relay")
    people = reinject.chosen(entry, args.to)
    relay, by = settings.quarantine.relay, getpass.getuser()
    done = reinject.release(quarantine, entry, people, relay, by=by, reason=args.reason, again=args.again)
    _say("released", done, "nobody: it is not held for them (any more)")
    return 0


def _delete(quarantine: Quarantine, args: argparse.Namespace, _: config.Settings) -> int:
    entry = quarantine.entry(args.id)
    done = quarantine.delete(entry, reinject.chosen(entry, args.to), getpass.getuser(), args.reason)
    _say("deleted", done, "nobody: it is not kept for them (any more)")
    return 0


def _say(what: str, people: tuple[str, ...], otherwise: str) -> None:
    print(f"{what} for {', '.join(prose(one, 120) for one in people) or otherwise}")


def _export(quarantine: Quarantine, args: argparse.Namespace, _: config.Settings) -> int:
    entry = quarantine.entry(args.id)
    raw = quarantine.mail(entry).raw
    packed = zip_bytes([(f"{entry.id}.eml", raw)], _PASSWORD, "aes256") if args.file.suffix == ".zip" else raw
    try:
        descriptor = os.open(args.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InputError(f"{args.file}: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(packed)
    return 0


def _verify(quarantine: Quarantine, args: argparse.Namespace, _: config.Settings) -> int:
    report = quarantine.verify(repair=args.repair)
    for name, why in report.unreadable.items():
        warn(f"{name}: its content is {why}{'; marked as lost' if args.repair else ''}")
    for name in report.unregistered:
        warn(f"{name}: a mail that the database does not know{'; held again' if args.repair else ''}")
    for name in report.leftover:
        warn(f"{name}: left over{'; removed' if args.repair else ''}")
    print(f"{report.mails} mails checked, {'clean' if report.clean else 'mend with --repair'}")
    return 0 if report.clean and not report.unreadable else 1


def _rotate(quarantine: Quarantine, _: argparse.Namespace, __: config.Settings) -> int:
    print(f"{quarantine.rotate()} mails sealed with a new key")
    return 0


_ACTIONS: dict[str, Callable[[Quarantine, argparse.Namespace, config.Settings], int]] = {
    "list": _list,
    "show": _show,
    "release": _release,
    "delete": _delete,
    "export": _export,
    "verify": _verify,
    "rotate": _rotate,
}
