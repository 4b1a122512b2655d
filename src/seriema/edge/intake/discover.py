"""From the paths of a command line to single mails and bare files, in a fixed order, each by reference."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from seriema.edge.intake import archive, folder, mbox
from seriema.edge.intake.item import Input, Mark, Problem, Tally
from seriema.edge.intake.sniff import Sniffed, sniff
from seriema.edge.intake.store import OnDisk, Store, spool, stream
from seriema.model.errors import LimitReached
from seriema.model.plan import Subject

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class _File:
    """Something that can be opened, before it is known what it holds."""

    path: str
    source: str
    store: Store
    given: bool = True  #: named by a person, so that it is scanned even when it is no mail
    before: int = 0  #: bytes of all files before it

    @property
    def name(self) -> str:
        return self.source.rpartition("!")[2].rpartition("/")[2]


def discover(
    paths: Iterable[str], tally: Tally, *, stdin: BinaryIO | None = None, after: Mark | None = None
) -> Iterator[Input]:
    """Every mail and bare file below ``paths``, in order; "-" is ``stdin``. What is wrong goes to ``tally``.

    ``after`` leaves out what an earlier run over the same paths did, up to that mark, but not what has been added to a
    mailbox since; a mark that fits none of the paths is ignored.
    """
    listed = list(paths)
    resumed = _place(listed, after)
    done = 0
    for number, path in enumerate(listed):
        used = 0
        for file in _files(path, stdin, tally):
            here = (number, *folder.order(file.path))
            used += resumed is not None and here <= resumed
            if resumed is None or here >= resumed:
                try:
                    for one in _inputs(replace(file, before=done), tally, after if here == resumed else None):
                        used += 1
                        yield one
                except (OSError, LimitReached) as error:
                    used += 1
                    tally.problems.append(_problem(file.source, error))
            done += file.store.size
        if not used and os.path.isdir(path):  # noqa: PTH112  names that are no Unicode stay plain strings
            tally.problems.append(Problem(_shown(path), "holds no mail"))


def measure(paths: Iterable[str]) -> int:
    """Bytes of all files below ``paths``: what ``Input.done`` runs up to. Standard input counts nothing."""
    return sum(found.size for path in paths for found in folder.walk(path, lambda _path, _error: None) if found.regular)


def _place(paths: list[str], mark: Mark | None) -> tuple[int | str, ...] | None:
    """Where a mark lies in the order of all files: the number of its path, then the file's place below it."""
    for number, path in enumerate(paths):
        if mark is not None and (mark.file == path or mark.file.startswith(path.rstrip("/") + "/")):
            return (number, *folder.order(mark.file))
    return None


def _files(path: str, stdin: BinaryIO | None, tally: Tally) -> Iterator[_File]:
    """The files that one path of the command line stands for."""
    try:
        if path == STANDARD_INPUT and stdin is not None:
            yield _File(path, path, stream(stdin))
            return
        mode = os.stat(path).st_mode  # noqa: PTH116  names that are no Unicode stay plain strings
        if stat.S_ISFIFO(mode):
            with open(path, "rb") as pipe:  # noqa: PTH123  the same
                yield _File(path, _shown(path), stream(pipe))
            return
    except (OSError, LimitReached) as error:
        tally.problems.append(_problem(path, error))
        return
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        tally.problems.append(Problem(_shown(path), "neither a file nor a folder"))
        return
    for found in folder.walk(path, lambda where, error: tally.problems.append(_problem(where, error))):
        if found.regular:
            yield _File(found.path, _shown(found.path), OnDisk(found.path, found.size), given=stat.S_ISREG(mode))
        else:
            tally.not_mail += 1


def _inputs(file: _File, tally: Tally, after: Mark | None) -> Iterator[Input]:
    """The mails in one file, or the file itself; nothing, but counted, when it is neither mail nor given."""
    told = sniff(file.store)
    members = archive.mails(file.store) if told is Sniffed.ZIP else []
    if told is Sniffed.MBOX:
        if file.store.read(file.store.size - 1, 1) != b"\n":
            tally.notes.append(Problem(file.source, "ends in the middle of a line; its last mail may be cut"))
        yield from _mailbox(file, after or Mark(file.path, 0, 0))
    elif members:
        yield from _archive(file, members, after)
    elif told in (Sniffed.ZIP, Sniffed.OTHER) and not file.given:
        tally.not_mail += 1
    elif after is None:
        yield _whole(file, told, Mark(file.path, file.store.size, 1))


def _whole(file: _File, told: Sniffed, mark: Mark) -> Input:
    kind = Subject.FILE if told in (Sniffed.ZIP, Sniffed.OTHER) else Subject.MAIL
    return Input(file.source, kind, file.name, file.store.size, file.before + mark.offset, mark, file.store)


def _mailbox(file: _File, after: Mark) -> Iterator[Input]:
    """The mails of an mbox behind a mark. A file that holds one mail is that mail, its "From " line included."""
    start, number = after.offset, after.number
    if start and start < file.store.size and not mbox.continues(file.store, start):
        start, number = 0, 0
    mails = mbox.spans(file.store, start)
    span = next(mails, None)
    following = next(mails, None)
    if start == 0 and following is None:
        yield _whole(file, Sniffed.MAIL, Mark(file.path, file.store.size, 1))
        return
    while span is not None:
        yield Input(
            source=f"{file.source}#{number}",
            kind=Subject.MAIL,
            name=file.name,
            size=span.length,
            done=file.before + span.end,
            mark=Mark(file.path, span.end, number + 1),
            store=file.store,
            offset=span.offset,
            quoted=True,
        )
        number += 1
        span, following = following, next(mails, None)


def _archive(file: _File, members: list[tuple[archive.Member, Sniffed]], after: Mark | None) -> Iterator[Input]:
    """The mails of an archive behind a mark, and whatever lies beside them."""
    for number, (member, told) in enumerate(members):
        if after is not None and number < after.number:
            continue
        one = replace(file, source=f"{file.source}!{member.name}", store=member)
        mark = Mark(file.path, member.end, number + 1)
        if told is Sniffed.MBOX:
            unpacked = replace(one, store=spool(member.pieces(0, member.size)))
            yield from (replace(mail, mark=mark) for mail in _mailbox(unpacked, Mark(file.path, 0, 0)))
        else:
            yield _whole(one, told, mark)


def _problem(path: str, error: OSError | LimitReached) -> Problem:
    reason = str(error) if isinstance(error, LimitReached) else error.strerror or str(error)
    return Problem(_shown(path), reason)


def _shown(path: str) -> str:
    """A path as Unicode: bytes of its name that are none are written out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
