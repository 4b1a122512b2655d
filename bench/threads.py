"""How well mails find their conversation: with header ids, without them, and by subject alone.

    python bench/threads.py [FOLDER]

Truth comes from the headers: a mail's parent is any mail in its In-Reply-To, else its last Reference; a conversation is
what header ids connect, absent ones included. Mails are judged in the order of their arrival with only earlier ones
remembered, through the same memory, keys and join that ``flow`` uses. The second run hides In-Reply-To and References.
FOLDER is the corpus ``threads-spamassassin-easyham1``, in ``../shared/corpora`` or ``SERIEMA_CORPORA`` by default.
"""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from seriema import thread
from seriema.edge.memory import Memory
from seriema.language import base_subject
from seriema.message.parse import parse
from seriema.model.case import Evidence
from seriema.model.limits import Limits
from seriema.model.message import Message
from seriema.model.thread import JoinedBy, Thread
from seriema.model.verdict import Tier

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CORPUS = "threads-spamassassin-easyham1"


@dataclass(frozen=True, slots=True)
class Truth:
    """By case: the parents among earlier mails, and the conversation."""

    parents: dict[str, frozenset[str]]
    conversations: dict[str, str]


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else corpora() / CORPUS
    mails = [parse(path.read_bytes(), Limits()).message for path in sorted(folder.glob("*/*.txt"))]
    if not mails:
        print(f"no mail in {folder}", file=sys.stderr)
        return 2
    mails.sort(key=lambda one: (one.time or EPOCH, one.sha256))
    truth = truth_of(mails)
    answers = sum(bool(parents) for parents in truth.parents.values())
    print(f"{len(mails)} mails, {answers} with a parent among the earlier ones")
    with_ids = run(mails, Memory.open(), lambda one: one)
    without = run(mails, Memory.open(), hidden)
    good = headers_hold(with_ids, truth)
    good &= report("In-Reply-To and References hidden", mails, without, truth, (92.0, 85.0, 1.0))
    report("baseline: same base subject, latest", mails, by_subject(mails), truth, None)
    return 0 if good else 1


def corpora() -> Path:
    default = Path(__file__).parents[2] / "shared" / "corpora"
    return Path(os.environ.get("SERIEMA_CORPORA", default))


def truth_of(mails: Sequence[Message]) -> Truth:
    """What the headers say."""
    leader: dict[str, str] = {}

    def root(one: str) -> str:
        while leader.setdefault(one, one) != one:
            one = leader[one]
        return one

    by_id: dict[str, set[str]] = defaultdict(set)
    parents = {}
    for mail in mails:
        cited = set(mail.in_reply_to) or set(mail.references[-1:])
        parents[mail.sha256] = frozenset(set().union(*(by_id[one] for one in cited - {mail.message_id})))
        by_id[mail.message_id].add(mail.sha256)
        for one in (*mail.in_reply_to, *mail.references, mail.message_id or mail.sha256):
            leader[root(one)] = root(mail.sha256)
    return Truth(parents, {mail.sha256: root(mail.sha256) for mail in mails})


def hidden(mail: Message) -> Message:
    """The mail as it would look without ids of others."""
    gone = {"in-reply-to", "references", "thread-index", "thread-topic"}
    headers = tuple(field for field in mail.headers if field.name.lower() not in gone)
    return replace(mail, in_reply_to=(), references=(), headers=headers)


def run(mails: Sequence[Message], memory: Memory, seen: Callable[[Message], Message]) -> list[Thread]:
    """Every mail's thread, in their order."""
    found = []
    started = time.process_time()
    for mail in map(seen, mails):
        as_of = mail.time or EPOCH
        joined = thread.join(mail, memory.recall(thread.keys(mail), as_of, mail.sha256[:32]), as_of)
        memory.remember(Evidence("bench", as_of, mail, joined), Tier.DELIVER)
        memory.flush()
        found.append(joined)
    print(f"  {1e3 * (time.process_time() - started) / len(mails):.2f} ms CPU a mail for keys, recall, join, remember")
    memory.close()
    return found


def headers_hold(threads: Sequence[Thread], truth: Truth) -> bool:
    """With headers every parent must be found."""
    pairs = list(zip(truth.parents.values(), threads, strict=True))
    right = sum(thread_.parent_case in {one[:32] for one in parents} for parents, thread_ in pairs if parents)
    wanted = sum(bool(parents) for parents, _ in pairs)
    print(f"with headers: {right} of {wanted} parents found")
    return right == wanted


def report(
    name: str,
    mails: Sequence[Message],
    threads: Sequence[Thread],
    truth: Truth,
    least: tuple[float, float, float] | None,
) -> bool:
    """Print how many land where they belong; whether that is good enough."""
    by_case = {mail.sha256[:32]: mail for mail in mails}
    landed = exact = wanted = joins = astray = 0
    by: dict[JoinedBy, int] = defaultdict(int)
    for mail, found in zip(mails, threads, strict=True):
        parents = truth.parents[mail.sha256]
        wanted += bool(parents)
        other = by_case.get(found.parent_case)
        if other is None:
            continue
        joins += 1
        by[found.joined_by] += 1
        same = truth.conversations[other.sha256] == truth.conversations[mail.sha256]
        landed += same and bool(parents)
        exact += other.sha256 in parents
        astray += not same and subject(other) != subject(mail)
    print(f"{name}:")
    print(f"  right conversation {landed} of {wanted} ({100 * landed / wanted:.1f} %)")
    print(f"  exact parent {exact} of {wanted} ({100 * exact / wanted:.1f} %)")
    print(f"  joins {joins} ({', '.join(f'{how} {count}' for how, count in sorted(by.items()))}), ", end="")
    print(f"into another conversation and another subject {astray} ({100 * astray / max(joins, 1):.2f} %)")
    if least is None:
        return True
    return 100 * landed >= least[0] * wanted and 100 * exact >= least[1] * wanted and 100 * astray <= least[2] * joins


def by_subject(mails: Sequence[Message]) -> list[Thread]:
    """The plainest heuristic there is."""
    latest: dict[str, str] = {}
    found = []
    for mail in mails:
        parent = latest.get(subject(mail), "")
        found.append(Thread(parent_case=parent, joined_by=JoinedBy.SUBJECT if parent else JoinedBy.NOTHING))
        latest[subject(mail)] = mail.sha256[:32]
    return found


def subject(mail: Message) -> str:
    return base_subject(mail.subject).casefold()


if __name__ == "__main__":
    sys.exit(main())
