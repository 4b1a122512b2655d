"""Can lures be told from their innocent twins by anything but the facts? Prints the AUC of classifiers that try.

They see what a mail looks like: header order, identifiers, sizes, hours, counts, words of subject, text and quotes,
names of people. Hidden from them are the facts the truth file states (password, names of archive and documents).
Cross-validated by thread: no thread is in both halves. 0.5 is chance; 0.60 is the bound of the project. With few lures
a seed's figure strays by about 0.05 either way; the last line is the mean over the seeds. Words alone come out below
0.5 because a case names each of its accounts and topics a given number of times: leave one out and it is missed.

    python bench/exercise_leak.py [SEED …]     default: the report's figures and seeds 1–4
"""

import email
import hashlib
import re
import sys
from email.header import decode_header, make_header
from email.message import Message
from itertools import pairwise

import numpy as np

from seriema.exercise import Exercise, MailTruth, Role, make

WORDS = 4096  #: hashed slots for words
FOLDS = 10
PENALTIES = {"surface": 3.0, "words": 10.0, "both": 10.0}


def main(seeds: list[int | None]) -> None:
    print("seed      lures twins | surface  words   both | the same against the twins made in pairs only")
    found = []
    for seed in seeds:
        exercise = make(seed)
        truths = [truth for truth in exercise.truth.mails if truth.role is not Role.ORDINARY]
        paired = [truth for truth in truths if truth.role is Role.LURE or (truth.file.password and not truth.partner)]
        paired = [truth for truth in paired if truth.case not in {"ppap", "gateway", "payroll"}]
        lures = sum(truth.role is Role.LURE for truth in truths)
        found.append([*aucs(exercise, truths), *aucs(exercise, paired)])
        print(f"{seed!s:9} {lures:5} {len(truths) - lures:5} {_line(found[-1])}")
    print(f"{'mean':21} {_line(np.mean(found, axis=0).tolist())}")


def _line(values: list[float]) -> str:
    shown = [f"{value:6.3f}" for value in values]
    return f"| {' '.join(shown[:3])} | {' '.join(shown[3:])}"


def aucs(exercise: Exercise, truths: list[MailTruth]) -> list[float]:
    raws = {(box.name, index): mail.raw for box in exercise.mailboxes for index, mail in enumerate(box.mails)}
    seen = [(truth, email.message_from_bytes(raws[truth.mailbox, truth.index])) for truth in truths]
    surface = _standard(np.array([_surface(truth, mail) for truth, mail in seen]))
    words = np.array([_words(truth, mail) for truth, mail in seen])
    labels = np.array([truth.role is Role.LURE for truth in truths], float)
    groups = np.array([_fold(truth) for truth in truths])
    views = {"surface": surface, "words": words, "both": np.hstack([surface, words])}
    return [_auc(labels, _scores(view, labels, groups, PENALTIES[name])) for name, view in views.items()]


def _fold(truth: MailTruth) -> int:
    thread = truth.thread.conversation if truth.thread else truth.id
    return hashlib.sha256(thread.encode()).digest()[0] % FOLDS


def _texts(mail: Message) -> list[str]:
    parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
    return [part.get_payload(decode=True).decode(part.get_content_charset("utf-8"), "replace") for part in parts]


def _surface(truth: MailTruth, mail: Message) -> list[float]:
    text, names = _texts(mail)[0], [name.lower() for name in mail]
    own = re.split(r"\n>|\n-----|\nFrom:|\nVon:|\nDe ?:|\nDa:|\n差出人", text)[0]
    attached = [part for part in mail.walk() if part.get_filename()]
    identifier = mail["Message-ID"] or ""
    numbers = [
        len(names), len(bytes(mail)), len(text), len(own), len(own.split()), own.count("\n"), text.count("\n>"),
        truth.time.hour, truth.time.minute, truth.time.second, truth.time.weekday(), truth.time.toordinal(),
        len(mail["To"]), mail["To"].count("@"), (mail["Cc"] or "").count("@"), len(mail["Subject"]),
        len(identifier), "In-Reply-To" in mail, len(mail["References"] or ""), len(attached),
        sum(len(part.get_payload()) for part in attached), sum(1 for _ in mail.walk()),
        "IPv6" in "".join(mail.get_all("Received")), len(mail.get_all("Received")), text.count("-- \n"),
    ]  # fmt: skip
    order = "|".join(names)
    shapes = [order, re.sub(r"\w", "x", mail.get_boundary() or ""), mail["X-Mailer"] or mail["User-Agent"] or ""]
    shapes += [mail.get_content_type(), re.sub(r"[0-9a-fA-F]+", "x", identifier.partition("@")[0])[:12]]
    one_hot = np.zeros(64)
    for shape in shapes:
        one_hot[_slot(shape, 64)] += 1
    return [*map(float, numbers), *one_hot]


def _words(truth: MailTruth, mail: Message) -> np.ndarray:
    """Hashed words and word pairs of everything visible but the facts, each once."""
    visible = " ".join([str(make_header(decode_header(mail["Subject"]))), *_texts(mail)[:1]])
    for fact in (truth.file.password, truth.file.archive, *truth.file.documents):
        visible = visible.replace(fact, " ") if fact else visible
    tokens = re.findall(r"\w+", f"{visible} {mail['From']} {mail['To']}".lower())
    found = np.zeros(WORDS)
    for token in [*tokens, *map("_".join, pairwise(tokens))]:
        found[_slot(token, WORDS)] = 1.0
    return found / max(1.0, np.sqrt(found.sum()))


def _slot(text: str, size: int) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest()) % size


def _standard(view: np.ndarray) -> np.ndarray:
    spread = view.std(axis=0)
    return (view - view.mean(axis=0)) / np.where(spread > 0, spread, 1)


def _scores(view: np.ndarray, labels: np.ndarray, groups: np.ndarray, penalty: float) -> np.ndarray:
    scores = np.zeros(len(labels))
    for fold in range(FOLDS):
        held = groups == fold
        if held.any():
            scores[held] = view[held] @ _fit(view[~held], labels[~held], penalty)
    return scores


def _fit(view: np.ndarray, labels: np.ndarray, penalty: float) -> np.ndarray:
    """Ridge regression on centred labels, in its dual form: as good as logistic regression for ranking, and exact."""
    kernel = view @ view.T + penalty * np.eye(len(view)) * np.trace(view @ view.T) / len(view) / 10
    return view.T @ np.linalg.solve(kernel, labels - labels.mean())


def _auc(labels: np.ndarray, scores: np.ndarray) -> float:
    positive, negative = scores[labels == 1], scores[labels == 0]
    wins = (positive[:, None] > negative).mean() + (positive[:, None] == negative).mean() / 2
    return float(wins)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [None, 1, 2, 3, 4])
