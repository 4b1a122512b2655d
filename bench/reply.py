"""Reply, quotation and signature told apart: right and wrong on the reply corpora, by set and by language.

    python bench/reply.py [--all]

trimmer comes with expected texts; crisp, github, talon and quotequail are judged by ``reply_truth.toml``, which a
person wrote by reading; talon's signature samples mark their own lines. Words are compared, white space aside. The
adapters: closings ("Regards, Anna") may stand on either side, because trimmer keeps them all and talon takes them all
away; quoted lines are left out of trimmer's expectations, five of which keep them; and where nothing new was written,
trimmer expects the text of the quoted mail. Deviations are explained in ``reply_explained.toml``; one that is not makes
the exit code 1. Corpora: ``../shared/corpora`` beside the project, or ``SERIEMA_CORPORA``.
"""

import argparse
import email
import os
import re
import statistics
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from seriema import language, message
from seriema.message.quotes import Split, split
from seriema.model.limits import Limits

CORPORA = Path(os.environ.get("SERIEMA_CORPORA", Path(__file__).parents[2] / "shared" / "corpora"))
HERE = Path(__file__).parent
HTML = b"From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
LEAST_TRIMMER = 55


@dataclass(frozen=True)
class Sample:
    """One fixture: what was split, and what its author wrote (" … " stands for anything)."""

    set: str
    name: str
    language: str
    told: Split
    expected: str

    @property
    def right(self) -> bool:
        """The reply, with as much of the signature as the expectation has, is what was expected."""
        reply, signature = words(self.told.reply), words(self.told.signature)
        for expected in {self.expected, self.expected.strip()}:
            if " … " in expected:
                start, end = expected.split(" … ")
                if reply.startswith(start) and f"{reply} {signature}".strip().endswith(end):
                    return True
            elif expected.startswith(reply) and signature.startswith(expected[len(reply) :].strip()):
                return True
        return False


def words(text: str) -> str:
    """The text with all white space alike."""
    return " ".join(text.split())


def trimmer() -> Iterator[Sample]:
    folder = CORPORA / "reply-trimmer"
    for path in sorted((folder / "emails").iterdir()):
        told = split(path.read_text(encoding="utf-8"))
        expected = (folder / "trimmed" / path.name).read_text(encoding="utf-8")
        found = re.search(r"email_([a-z]{5,})(?:_\d)?\.txt", path.name)
        if not told.reply and not told.signature:
            told = Split("\n".join(map(unmarked, (quote.body for quote in told.quotes))))
        yield Sample("trimmer", path.name, found[1] if found else "english", told, words(unmarked(expected)))


def unmarked(text: str) -> str:
    """The lines that are not quoted."""
    return "\n".join(line for line in text.split("\n") if not line.startswith(">"))


def judged(name: str, folder: str, read: Callable[[Path], Split]) -> Iterator[Sample]:
    """The fixtures of a set that ``reply_truth.toml`` knows."""
    truth = tomllib.loads((HERE / "reply_truth.toml").read_text(encoding="utf-8"))[name]
    for file, (spoken, written) in truth.items():
        path = CORPORA / folder / file
        expected = lines_of(path, written) if re.fullmatch(r"[\d,-]+", written) else written
        yield Sample(name, file, spoken, read(path), expected)


def lines_of(path: Path, ranges: str) -> str:
    """The words of these lines of a file: "1-5,9"."""
    lines = text_of(path).split("\n")
    spans = (part.partition("-") for part in ranges.split(","))
    return words("\n".join("\n".join(lines[int(first) - 1 : int(last or first)]) for first, _, last in spans))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")


def plain(path: Path) -> Split:
    return split(text_of(path))


def mail(path: Path) -> Split:
    """What the message room makes of a mail, or of HTML put into one."""
    raw = path.read_bytes()
    body = message.parse(raw if path.suffix == ".eml" else HTML + raw, Limits(), ()).message.body
    return Split(body.reply, body.quoted, body.signature, body.quotes)


def signed() -> Iterator[Sample]:
    """The signature samples of talon: lines marked "#sig#" are signature, lines marked "#reply#" are quoted."""
    folder = CORPORA / "reply-talon" / "fixtures" / "signature" / "emails"
    for path in sorted(folder.glob("*/*")):
        if path.name.endswith(("_sender", "_signature")):
            continue
        text = re.sub(r"\A(?:(?:From|Subject|Date): .*\n)+", "", text_of(path))  # the mail's own header
        marked = "#sig#" in text
        separate = path.with_name(path.name.replace("_body", "_signature"))
        signature = text_of(separate) if separate != path and separate.exists() else ""
        expected = "\n".join(line for line in text.split("\n") if not line.startswith(("#sig#", "#reply#")))
        if signature and not marked:
            expected = text.removesuffix("\n").removesuffix(signature.rstrip("\n"))
        told = split(text.replace("#sig#", "").replace("#reply#", ""))
        yield Exact("signatures", path.name, "english", told, words(expected))


class Exact(Sample):
    """A sample whose closing must be told from the reply."""

    @property
    def right(self) -> bool:
        """Nothing more and nothing less."""
        return words(self.told.reply) == self.expected


def all_samples() -> Iterator[Sample]:
    yield from trimmer()
    yield from judged("crisp", "reply-crisp/fixtures", plain)
    yield from judged("github", "reply-github/emails", plain)
    yield from judged("talon", "reply-talon/fixtures", mail)
    yield from judged("quotequail", "reply-quotequail/files", mail)
    yield from signed()


def table(title: str, samples: list[Sample], key: Callable[[Sample], str]) -> None:
    right = Counter(key(sample) for sample in samples if sample.right)
    total = Counter(map(key, samples))
    print(f"\n{title:14} right    of")
    for name in total:
        print(f"{name:14} {right[name]:5} {total[name]:5}")


def deviations(samples: list[Sample], *, verbose: bool) -> int:
    """Print what is not as expected, with the explanation; the number of those that have none."""
    known = tomllib.loads((HERE / "reply_explained.toml").read_text(encoding="utf-8"))
    wrong = [sample for sample in samples if not sample.right]
    without = 0
    print(f"\n{len(wrong)} deviations")
    for sample in wrong:
        why = known.get(sample.set, {}).get(sample.name, "")
        without += not why
        print(f"  {sample.set}/{sample.name}: {why or 'NOT EXPLAINED'}")
        if verbose or not why:
            print(f"      expected  {sample.expected[:200]!r}\n      reply     {words(sample.told.reply)[:200]!r}")
            print(f"      signature {words(sample.told.signature)[:120]!r}")
    return without


def ordinary_bodies() -> list[str]:
    bodies = []
    for path in sorted((CORPORA / "threads-spamassassin-easyham1").glob("*/*.txt")):
        read: Message = email.message_from_bytes(path.read_bytes())
        part = next((part for part in read.walk() if part.get_content_type() == "text/plain"), None)
        content = part.get_payload(decode=True) if part else None
        if isinstance(content, bytes):
            bodies.append(content.decode("latin-1"))
    return bodies


def speed() -> None:
    """Cost on ordinary mail: the best of three for each, in microseconds."""
    bodies = ordinary_bodies()
    print(f"\n{len(bodies)} ordinary mails   median    p99   (µs, best of 3)")
    for name, work in (("split", split), ("detect", language.detect)):
        times = sorted(min(timed(work, body) for _ in range(3)) for body in bodies)
        print(f"{name:20} {statistics.median(times):7.0f} {times[len(times) * 99 // 100]:6.0f}")


def timed(work: Callable[[str], object], text: str) -> float:
    start = time.perf_counter()
    work(text)
    return (time.perf_counter() - start) * 1e6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="print the texts of explained deviations too")
    verbose = parser.parse_args().all
    message.load()
    samples = list(all_samples())
    table("set", samples, lambda sample: sample.set)
    table("language", samples, lambda sample: LANGUAGES.get(sample.language, sample.language))
    without = deviations(samples, verbose=verbose)
    speed()
    right = sum(sample.right for sample in samples if sample.set == "trimmer")
    return int(without > 0 or right < LEAST_TRIMMER)


LANGUAGES = {
    "da": "danish", "de": "german", "en": "english", "fi": "finnish", "fr": "french", "hu": "hungarian",
    "it": "italian", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ru": "russian",
    "headers": "english",
}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
