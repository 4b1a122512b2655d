"""Counts what is true from the finished mailboxes: facts of each mail's thread, figures of each incident.

Nothing is taken over from the plan; what the plan promised is what the tests compare these counts with.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from seriema.exercise.cast import Organisation
from seriema.exercise.figures import Scene
from seriema.exercise.letter import Letter
from seriema.exercise.mailbox import IncidentTruth, Mail, Mailbox, MailTruth, Role, ThreadFacts
from seriema.exercise.quoting import shown
from seriema.exercise.stage import Entry

SECONDS_A_DAY = 86_400


def mail_truths(mailbox: Mailbox, entries: Sequence[Entry]) -> tuple[MailTruth, ...]:
    """The truth of each mail; ``entries`` in the order of the mailbox."""
    ids = {entry.letter.message_id: mail.id for entry, mail in zip(entries, mailbox.mails, strict=True)}
    threads: dict[str, list[Letter]] = {}
    found = []
    for index, (entry, mail) in enumerate(zip(entries, mailbox.mails, strict=True)):
        earlier = threads.setdefault(entry.letter.conversation, [])
        found.append(_mail_truth(mailbox, index, entry, mail, earlier, ids))
        earlier.append(entry.letter)
    return tuple(found)


def _mail_truth(
    mailbox: Mailbox, index: int, entry: Entry, mail: Mail, earlier: Sequence[Letter], ids: dict[str, str]
) -> MailTruth:
    letter = entry.letter
    return MailTruth(
        id=mail.id,
        mailbox=mailbox.name,
        index=index,
        message_id=letter.message_id,
        time=mail.time,
        case=entry.case,
        role=entry.role,
        expected=entry.expected,
        account=letter.author.address,
        state=entry.state,
        then=entry.then,
        opened_by=ids.get(entry.opened_by, ""),
        partner=entry.partner,
        forward=entry.forward,
        thread=_thread_facts(entry, earlier),
        file=entry.file,
    )


def _thread_facts(entry: Entry, earlier: Sequence[Letter]) -> ThreadFacts | None:
    letter = entry.letter
    if entry.about is None or not (earlier or letter.parent):
        return None
    last = max(
        (mail.arrived for mail in earlier), default=letter.parent.sent.astimezone(UTC) if letter.parent else None
    )
    people = [person.address for mail in earlier for person in mail.people] or shown(letter)
    participants = tuple(dict.fromkeys(people))
    written_to = {person.address for person in letter.recipients}
    return ThreadFacts(
        conversation=letter.conversation,
        known=bool(earlier),
        messages=len(earlier),
        quoted=len(letter.ancestors),
        participants=participants,
        addressed=tuple(address for address in participants if address in written_to),
        silent_days=_days(last, letter.arrived) if last else None,
        last=last,
        reply_language=letter.language,
        thread_language=entry.about.language,
        topic=entry.about.key,
        kind=entry.about.kind,
    )


def _days(earlier: datetime, later: datetime) -> float:
    return round((later - earlier).total_seconds() / SECONDS_A_DAY, 3)


def incident(scene: Scene, organisation: Organisation, entries: Sequence[Entry]) -> IncidentTruth:
    """The figures of one case, counted from its lures."""
    lures = [entry for entry in entries if entry.role is Role.LURE]
    outside = [entry for entry in lures if not entry.forward]
    recipients = [person.address for entry in outside for person in entry.letter.recipients]
    times = sorted(entry.letter.arrived for entry in lures)
    return IncidentTruth(
        case=scene.case,
        organisation=organisation.name,
        kind=scene.targeted,
        mails=len(lures),
        days=(times[-1].date() - times[0].date()).days + 1,
        active_days=len({moment.date() for moment in times}),
        threads=len({entry.letter.conversation for entry in lures}),
        accounts=_once(entry.letter.author.address for entry in outside),
        recipients=_once(recipients),
        organisations=_once(address.partition("@")[2] for address in recipients),
        languages=tuple(sorted({entry.letter.language for entry in lures})),
        passwords=_once(entry.file.password for entry in lures),
        first=times[0],
        last=times[-1],
    )


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
