"""Can grafted lures be told from their twins by anything but the facts? Prints the AUC of classifiers that try.

    python bench/takeover_leak.py [--quick]

They see what a mail looks like: header order, identifiers, sizes, hours, counts, names, words of subject and text.
Hidden are the facts that a truth file states of a mail: password, names of files, how many of the thread are addressed,
the link's address. Ridge regression over hashed words and looks, as for the exercise (``exercise_leak``), and boosted
trees over the looks (scikit-learn). Cross-validated by account, so that no thread is in both halves. 0.5 is chance;
0.60 is the bound of the project, for lures against twins that bring a file or words of the same kind: of the others
(a password that comes apart or not at all) the truth itself says how they differ.
"""

import email
import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from itertools import pairwise

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

import grounds
from exercise_leak import _auc, _scores, _slot, _standard
from grafts import plays

WORDS = 2_048
FOLDS = 10
BOUND = 0.60
SAME = {"locked": "locked", "macro": "macro", "link": "link", "text": "text"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One graft as it looks."""

    lure: bool
    pattern: str
    brings: str
    account: str
    raw: bytes
    hidden: tuple[str, ...]


def written(campaigns: dict[str, int]) -> Iterator[Sample]:
    """Each lure, and each twin's first mail."""
    for corpus in grounds.corpora():
        for play in plays(grounds.Grounds(corpus), campaigns[corpus.name]):
            for step in play.steps if play.lure else play.steps[:1]:
                facts = (*step.names, step.locked_by)
                yield Sample(play.lure, play.pattern, play.brings, play.account, step.raw, facts)


def main() -> int:
    one = list(
        written({"easy-ham": 120, "exercise": 80} if "--quick" in sys.argv else {"easy-ham": 480, "exercise": 240})
    )
    same = [sample for sample in one if sample.lure or sample.brings in SAME]
    good = True
    print(f"{'':34}  lures  twins  looks  words   both  trees")
    for name, some in (("twins that bring the same", same), ("all twins", one)):
        found = aucs(some)
        print(_line(name, some, found))
        good &= name != "twins that bring the same" or max(found) <= BOUND
    for brings in ("locked", "macro", "link", "text"):
        some = [sample for sample in same if sample.brings.startswith(brings)]
        print(_line(f"  {brings}", some, aucs(some)))
    for pattern in ("true-mailbox", "strange-account"):
        some = [sample for sample in same if not sample.lure or sample.pattern == pattern]
        print(_line(f"  {pattern} against all of these", some, aucs(some)))
    print(f"{'pass' if good else 'FAIL'}  AUC ≤ {BOUND:.2f}")
    return 0 if good else 1


def _line(name: str, some: Sequence[Sample], found: Sequence[float]) -> str:
    lures = sum(sample.lure for sample in some)
    return f"{name:34} {lures:6} {len(some) - lures:6} " + " ".join(f"{value:6.3f}" for value in found)


def aucs(samples: Sequence[Sample]) -> list[float]:
    mails = [email.message_from_bytes(sample.raw) for sample in samples]
    surface = np.array([_surface(sample, mail) for sample, mail in zip(samples, mails, strict=True)])
    words = np.array([_words(sample, mail) for sample, mail in zip(samples, mails, strict=True)])
    labels = np.array([sample.lure for sample in samples], float)
    groups = np.array([hashlib.sha256(sample.account.encode()).digest()[0] % FOLDS for sample in samples])
    looks = _standard(surface)
    ridge = [_auc(labels, _primal(view, labels, groups)) for view in (looks, words, np.hstack([looks, 8 * words]))]
    return [*ridge, _auc(labels, _trees(surface, labels, groups))]


def _primal(view: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The ridge regression of ``exercise_leak``, solved over features where mails are more than they."""
    if len(view) <= view.shape[1]:
        return _scores(view, labels, groups, 3.0)
    scores = np.zeros(len(labels))
    for fold in range(FOLDS):
        held = groups == fold
        train, wanted = view[~held], labels[~held] - labels[~held].mean()
        gram = train.T @ train
        weights = np.linalg.solve(gram + 3.0 * np.trace(gram) / len(gram) / 10 * np.eye(len(gram)), train.T @ wanted)
        scores[held] = view[held] @ weights
    return scores


def _trees(view: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> np.ndarray:
    scores = np.zeros(len(labels))
    for fold in range(FOLDS):
        held = groups == fold
        if held.any():
            trees = HistGradientBoostingClassifier(max_iter=80, max_leaf_nodes=15, random_state=0)
            scores[held] = trees.fit(view[~held], labels[~held]).predict_proba(view[held])[:, 1]
    return scores


def _texts(mail: Message) -> list[str]:
    parts = [part for part in mail.walk() if part.get_content_maintype() == "text" and not part.get_filename()]
    return [
        (part.get_payload(decode=True) or b"").decode(part.get_content_charset("utf-8"), "replace") for part in parts
    ]


def _surface(sample: Sample, mail: Message) -> list[float]:
    text, names = _texts(mail)[0], [name.lower() for name in mail if name.lower() not in {"to", "cc"}]
    own = re.split(r"\n>|\n-----|\nFrom:|\nVon:|\nDe ?:|\nDa:|\n差出人", _visible(sample, text))[0]
    attached = [part for part in mail.walk() if part.get_filename()]
    identifier, date = mail["Message-ID"] or "", mail["Date"] or ""
    hour = re.search(r" (\d\d):(\d\d):(\d\d) ([+-]\d{4})", date)
    clock = [float(hour[1]), float(hour[2]), float(hour[3]), float(hour[4])] if hour else [0.0] * 4
    received = mail.get_all("Received") or [""]
    addresses = sum(len(value) for name, value in mail.items() if name.lower() in {"to", "cc"})
    numbers = [
        len(names), len(bytes(mail)) - addresses, len(text), len(own), len(own.split()), own.count("\n"),
        text.count("\n>"), *clock, len(str(mail["From"])), len(str(mail["Subject"])), len(identifier),
        "In-Reply-To" in mail, len(mail["References"] or ""),
        len(attached), sum(len(part.get_payload()) for part in attached), sum(1 for _ in mail.walk()),
        len(received), sum(map(len, received)), text.count("-- \n"), sum(not one.isascii() for one in own),
    ]  # fmt: skip
    shapes = [
        "|".join(names),
        re.sub(r"\w", "x", mail.get_boundary() or ""),
        mail["X-Mailer"] or mail["User-Agent"] or "",
    ]
    shapes += [mail.get_content_type(), re.sub(r"[0-9a-fA-F]+", "x", identifier.partition("@")[0])[:12]]
    one_hot = np.zeros(64)
    for shape in shapes:
        one_hot[_slot(str(shape), 64)] += 1
    return [*map(float, numbers), *one_hot]


def _visible(sample: Sample, text: str) -> str:
    for fact in sample.hidden:
        text = text.replace(fact, " ") if fact else text
    return re.sub(r"https?://\S+", " ", text)


def _words(sample: Sample, mail: Message) -> np.ndarray:
    """Hashed words and word pairs of everything visible but the facts, each once."""
    subject = str(make_header(decode_header(str(mail["Subject"]))))
    visible = _visible(sample, " ".join([subject, *_texts(mail)[:1]]))
    tokens = re.findall(r"\w+", f"{visible} {mail['From']}".lower())[:400]
    found = np.zeros(WORDS)
    for token in [*tokens, *map("_".join, pairwise(tokens))]:
        found[_slot(token, WORDS)] = 1.0
    return found / max(1.0, np.sqrt(found.sum()))


if __name__ == "__main__":
    sys.exit(main())
