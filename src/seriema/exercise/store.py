"""The exercise as files: one mbox for each mailbox, the truth as JSON, a note. Whoever calls writes them.

mbox after RFC 4155 with LF; no line of a mail begins with "From ", so nothing needs quoting and every reader finds the
same bytes. ``truth.json`` has the schema "seriema.exercise/1": the fields of ``seriema.exercise.mailbox`` by their own
names, times in ISO 8601 UTC, and for each mail ``source``, the mbox with #n.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from seriema.exercise.mailbox import Exercise, Mailbox

SCHEMA = "seriema.exercise/1"
README = """Practice mailboxes for Seriema.

All people, organisations and addresses in here are invented. Domain names end in .test or .example (RFC 2606), network
addresses are those kept for documentation (RFC 5737, RFC 3849). The material is inert: the macros in the locked
archives name only such addresses, there is no program, and nothing can be reached. It looks like an attack, so a virus
scanner may object to it.

*.mbox       what passed the mail gateway of one organisation, one mail after the other
truth.json   what is true of every mail, schema "{schema}": the case, its role (lure, twin, ordinary), which verdicts
             are right for it at its own arrival, the facts of its thread and of the file attached; and for each case
             the figures of the incident. It names the passwords, they open nothing but this exercise.
"""


def files(exercise: Exercise) -> Iterator[tuple[str, bytes]]:
    """Relative path and content of every file, in a fixed order."""
    for mailbox in exercise.mailboxes:
        yield f"{mailbox.name}.mbox", mbox(mailbox)
    text = json.dumps(truth_document(exercise), ensure_ascii=False, indent=1, default=_plain)
    yield "truth.json", f"{text}\n".encode()
    yield "README.txt", README.format(schema=SCHEMA).encode()


def mbox(mailbox: Mailbox) -> bytes:
    """All mails of a mailbox, each after its separator line and before an empty line."""
    return b"".join(
        f"From {mail.envelope_sender} {mail.time:%a %b %e %H:%M:%S %Y}\n".encode("ascii") + mail.raw + b"\n"
        for mail in mailbox.mails
    )


def truth_document(exercise: Exercise) -> dict[str, Any]:
    """The truth as plain data for JSON; times are still ``datetime``."""
    truth = exercise.truth
    return {
        "schema": SCHEMA,
        "seed": truth.seed,
        "mailboxes": [
            {
                "name": box.name,
                "file": f"{box.name}.mbox",
                "organisation": box.organisation,
                "own_domains": box.own_domains,
                "authserv_id": box.authserv_id,
                "mails": len(box.mails),
            }
            for box in exercise.mailboxes
        ],
        "incidents": [asdict(entry) for entry in truth.incidents],
        "operations": operations(exercise),
        "mails": [{"source": f"{mail.mailbox}.mbox#{mail.index}", **asdict(mail)} for mail in truth.mails],
    }


def operations(exercise: Exercise) -> list[dict[str, Any]]:
    """Incidents that share a password, with the accounts that reached more than one organisation."""
    incidents = exercise.truth.incidents
    shared: dict[str, list[str]] = {}
    for entry in incidents:
        for password in entry.passwords:
            shared.setdefault(password, []).append(entry.case)
    return [
        {
            "incidents": cases,
            "by": "password",
            "stepping_stones": sorted(set.intersection(*(set(e.accounts) for e in incidents if e.case in cases))),
        }
        for cases in shared.values()
        if len(cases) > 1
    ]


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    raise TypeError(f"{type(value).__name__} has no place in the truth file")
