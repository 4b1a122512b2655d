"""How far a sender's traits repeat from mail to mail, on real mail, and what reading them costs.

    python bench/traits.py [FOLDER]

For each sender with enough mails the share of the trait's commonest value among those that show it; printed is the
median over the senders, the worst of them, and how many senders show one value only. The traits of a person change
when a program, a place or a provider does, so less than all is no fault by itself. FOLDER is the corpus
``threads-spamassassin-easyham1``, in ``../shared/corpora`` or ``SERIEMA_CORPORA`` by default.
"""

import os
import statistics
import sys
import time
from collections import Counter, defaultdict
from dataclasses import fields
from pathlib import Path

from seriema.message import load, parse, traits
from seriema.model.limits import Limits
from seriema.model.message import Message
from seriema.model.traits import Traits

#: Mails of a sender from which its habits are read.
ENOUGH = 10
SENDERS = 40
CORPUS = "threads-spamassassin-easyham1"


def main() -> int:
    default = Path(os.environ.get("SERIEMA_CORPORA", Path(__file__).parents[2] / "shared" / "corpora")) / CORPUS
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    load()
    mails = [parse(path.read_bytes(), Limits()).message for path in sorted(folder.glob("*/*.txt"))]
    if not mails:
        print(f"no mail in {folder}", file=sys.stderr)
        return 2
    by_sender: dict[str, list[Traits]] = defaultdict(list)
    for mail in mails:
        by_sender[mail.sender.key].append(mail.traits)
    frequent = sorted((one for one in by_sender.values() if len(one) >= ENOUGH), key=len, reverse=True)[:SENDERS]
    print(
        f"{len(mails)} mails; {len(frequent)} senders with {ENOUGH} or more, {sum(map(len, frequent))} mails of theirs"
    )
    print(f"{'trait':15} {'shown by':>9} {'senders':>8} {'median':>7} {'worst':>6} {'one value':>10}")
    for trait in fields(Traits):
        repeat(trait.name, frequent, len(mails), sum(bool(getattr(mail.traits, trait.name)) for mail in mails))
    print(f"{cost(mails) * 1e6:.1f} µs a mail")
    return 0


def repeat(name: str, senders: list[list[Traits]], mails: int, shown: int) -> None:
    shares = []
    for sender in senders:
        values = Counter(value for one in sender if (value := getattr(one, name)))
        if values.total() >= ENOUGH // 2:
            shares.append(values.most_common(1)[0][1] / values.total())
    ranked = sorted(shares) or [0.0]
    constant = sum(one == 1 for one in shares)
    print(
        f"{name:15} {shown / mails:9.1%} {len(shares):8} {statistics.median(ranked):7.1%} {ranked[0]:6.1%}"
        f" {constant:4} of {len(shares)}"
    )


def cost(mails: list[Message]) -> float:
    """Seconds of one mail, the best of several rounds."""
    rounds = []
    for _ in range(5):
        start = time.process_time()
        for mail in mails:
            traits.read(mail, mail.body.signature)
        rounds.append(time.process_time() - start)
    return min(rounds) / len(mails)


if __name__ == "__main__":
    sys.exit(main())
