"""How fast passwords are tried: beside fcrackzip, zipfile and bare PBKDF2, and a long mail with a 7z file decided.

    python bench/unlock_speed.py [--rounds N] [--words N]

Rates are candidates a CPU second on one core; the rounds of all engines alternate, so that they see the same machine,
and medians are printed. fcrackzip (Debian's package) reads the same words as its dictionary, and like our first figure
it looks at the verifier alone; ours to the end lists the archive and reads every false fit too. Then a mail of real
sentences with a 7z file goes the whole way, jail included, once with its password in the text and once without; seconds
on the clock and of CPU, and beside them what one process of 7z for each candidate would take, measured on some of them.
What is not installed is left out and said so. Exit code 1 when a goal is missed.
"""

import argparse
import asyncio
import hashlib
import io
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from unittest.mock import patch

import py7zr

import seriema
from seriema import config, exercise, flow, unlock
from seriema.cli import session
from seriema.dissect import dissect, warm
from seriema.exercise.archives import zip_bytes
from seriema.model.artifact import Artifact, State
from seriema.model.limits import Limits
from seriema.model.password import Candidate
from seriema.model.plan import Plan
from seriema.unlock.zip.zipcrypto import Schedules, zipcrypto_lock

#: As many as a mail may have, many more, and enough for a process's start not to matter.
MAIL, MANY, DICTIONARY = 4_000, 50_000, 1_000_000
#: So often in one round, for milliseconds are too short to measure.
REPEATED = 12
VERIFIER = "by the verifier"
SLOW, DERIVED = 3_000, 300
LOCKED = "the right one"
PASSWORD = "Kx7-9301"
#: The goals: shares of fcrackzip, of zipfile and of PBKDF2, and seconds for the long mail.
FCRACKZIP, ZIPFILE, PBKDF2, SECONDS = 0.5, 50.0, 0.9, 3.0
#: Processes of 7z that are timed.
PROCESSES = 20

Work = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--words", type=int, default=1_500)
    args = parser.parse_args()
    warm()
    with tempfile.TemporaryDirectory() as folder:
        missed = [*zipcrypto(Path(folder), args.rounds), *aes(args.rounds), *long_mail(Path(folder), args)]
    for each in missed:
        print(f"missed: {each}")
    sys.exit(bool(missed))


# -- rates -------------------------------------------------------------------------------------------------------------


def zipcrypto(folder: Path, rounds: int) -> Iterator[str]:
    """Print the rates for traditional encryption; give what falls short."""
    content = zip_bytes([("info.txt", b"some text " * 200)], LOCKED, "zipcrypto")
    words = [f"candidate{number}" for number in range(DICTIONARY)]
    engines: dict[str, tuple[Work, int]] = {
        f"{MANY:,} {VERIFIER}": (lambda: verified(words[:MANY]), MANY),
        f"{MAIL:,} {VERIFIER}": (repeated(lambda: verified(words[:MAIL])), MAIL * REPEATED),
        f"{MANY:,} to the end": (opening(content, words[:MANY]), MANY),
        f"{MAIL:,} to the end": (repeated(opening(content, words[:MAIL])), MAIL * REPEATED),
        "zipfile": (lambda: opened_by_zipfile(content, words[:SLOW]), SLOW),
    }
    if command := shutil.which("fcrackzip"):
        (folder / "a.zip").write_bytes(content)
        (folder / "words").write_text("".join(f"{word}\n" for word in words))
        asked = [command, "-D", "-p", "words", "a.zip"]
        engines["fcrackzip"] = (lambda: subprocess.run(asked, cwd=folder, capture_output=True, check=True), DICTIONARY)
    rates = medians(engines, rounds)
    peers = {"fcrackzip": FCRACKZIP, "zipfile": ZIPFILE}
    print(f"ZipCrypto, candidates a CPU second, median of {rounds} rounds")
    for name, rate in rates.items():
        beside = [f"{rate / rates[peer]:8.2f} × {peer}" for peer in peers if peer in rates and name not in peers]
        print(f"  {name:24} {rate:12,.0f} {''.join(beside)}")
    if not command:
        print("  fcrackzip is not installed: not compared")
    for peer, share in peers.items():
        for name in [name for name in rates if peer in rates and name.endswith(VERIFIER)]:
            if rates[name] < share * rates[peer]:
                yield f"{name}: less than {share} × {peer}"


def aes(rounds: int) -> Iterator[str]:
    """The same for WinZip AES, beside the derivation alone, which nobody gets round."""
    print(f"WinZip AES, candidates a CPU second, median of {rounds} rounds")
    words = [f"candidate{number}" for number in range(DERIVED)]
    for bits in (128, 192, 256):
        content = zip_bytes([("info.txt", b"some text " * 200)], LOCKED, f"aes{bits}")
        size = 2 * bits // 8 + 2
        engines: dict[str, tuple[Work, int]] = {
            "ours": (opening(content, words), DERIVED),
            "PBKDF2": (lambda size=size: derived(words, size), DERIVED),
        }
        rates = medians(engines, rounds)
        share = rates["ours"] / rates["PBKDF2"]
        print(f"  AES-{bits}  {rates['ours']:8,.0f} to the end  {rates['PBKDF2']:8,.0f} PBKDF2 alone  {share:5.2f} ×")
        if share < PBKDF2:
            yield f"AES-{bits}: {share:.2f} × PBKDF2"


def medians(engines: dict[str, tuple[Work, int]], rounds: int) -> dict[str, float]:
    """Candidates a CPU second of each, their rounds taken in turns."""
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(rounds):
        for name, (work, _) in engines.items():
            before = processor()
            work()
            seconds[name].append(processor() - before)
    return {name: count / statistics.median(seconds[name]) for name, (_, count) in engines.items()}


def processor() -> float:
    """CPU seconds of this process and of those that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def opening(content: bytes, words: Sequence[str]) -> Work:
    """Everything that happens with a locked file, but for making the candidates."""
    tried = [Candidate(word, "body") for word in words]
    artifact = Artifact("1", ("a.zip",), "a.zip", "zip", len(content))

    def work() -> None:
        found = unlock.open_artifact(artifact, content, tried, Limits(password_work=10**9))
        assert found is not None
        assert found.state is State.LOCKED

    return work


def repeated(work: Work) -> Work:
    return lambda: [work() for _ in range(REPEATED)]


def verified(words: Sequence[str]) -> None:
    lock = zipcrypto_lock(bytes(range(12)), frozenset({77}), Schedules())
    assert sum(1 for _ in lock.fits(words)) > 0


def opened_by_zipfile(content: bytes, words: Sequence[str]) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for word in words:
            try:
                archive.open("info.txt", pwd=word.encode()).close()
            except RuntimeError:
                continue


def derived(words: Sequence[str], size: int) -> None:
    for word in words:
        hashlib.pbkdf2_hmac("sha1", word.encode(), b"12345678", 1000, size)


# -- the long mail -----------------------------------------------------------------------------------------------------


def long_mail(folder: Path, args: argparse.Namespace) -> Iterator[str]:
    """Print how long a mail of that many words takes, and what one process for each candidate would."""
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", password=PASSWORD, header_encryption=True) as archive:
        archive.writestr("What the file is about.\n" * 20, "papers.txt")
    a_process = per_process(folder, target.getvalue())
    text = prose(args.words)
    print(f"\na mail of {args.words:,} words with a 7z file (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
    for said in (True, False):
        raw = mail(text, target.getvalue(), said=said)
        began = time.process_time()
        state, count = candidates_of(raw)
        cpu = time.process_time() - began
        seconds = statistics.median(asyncio.run(decided(raw, state, args.rounds)))
        began = time.perf_counter()
        file = seriema.scan(raw).evidence.artifacts[1]
        cold = time.perf_counter() - began
        assert file.state is state
        assert said == (state is State.INSPECTED)
        beside = f"{count * a_process:.0f} s by a process of 7z for each" if a_process else "7z is not installed"
        print(
            f"  password {'in the text' if said else 'not there':11}  {seconds:5.2f} s decided, {cold:5.2f} s with "
            f"starting the jail, {cpu:5.2f} s of CPU; {count:,} candidates; {beside}\n"
            f"    {file.state} {file.state_reason}"
        )
        if seconds > SECONDS:
            yield f"the long mail takes {seconds:.1f} s"


def prose(words: int) -> list[str]:
    """What people of the exercise wrote, in its order, without what they quoted."""
    found: list[str] = []
    for mailbox in exercise.make().mailboxes:
        for one in mailbox.mails:
            parsed = message_from_bytes(one.raw)
            if parsed.get_content_type() == "text/plain":
                written = parsed.get_payload(decode=True).decode(errors="replace").partition("\n-- ")[0]
                found += [line for line in written.splitlines() if not line.startswith(">")]
                if sum(len(line.split()) for line in found) >= words:
                    return found
    raise RuntimeError(f"the exercise has not {words} words of text")


def mail(lines: Sequence[str], content: bytes, *, said: bool) -> bytes:
    sent = EmailMessage(policy=SMTP)
    sent["From"], sent["To"] = "Ann <ann@partner.example>", "Bob <bob@firm.example>"
    sent["Subject"], sent["Date"] = "The papers", "Mon, 06 Jul 2020 10:00:00 +0200"
    sent["Message-ID"] = "<papers@partner.example>"
    middle = len(lines) // 2
    named = f"The password is {PASSWORD}." if said else "You know the password."
    sent.set_content("\n".join([*lines[:middle], named, *lines[middle:]]) + "\n")
    sent.add_attachment(content, maintype="application", subtype="octet-stream", filename="papers.7z")
    return sent.as_bytes()


def candidates_of(raw: bytes) -> tuple[State, int]:
    """How the file ends, and how many candidates there were for it at most."""
    counts, open_artifact = [0], unlock.open_artifact

    def counted(
        artifact: Artifact, content: bytes, candidates: Sequence[Candidate], limits: Limits, before: unlock.Tries
    ) -> unlock.Opened | None:
        counts.append(len(candidates))
        return open_artifact(artifact, content, candidates, limits, before)

    with patch.object(unlock, "open_artifact", counted):
        states = {one.id: one.state for one in dissect(raw, Plan()) if isinstance(one, Artifact)}
    return states["1"], max(counts)


async def decided(raw: bytes, state: State, rounds: int) -> list[float]:
    """Seconds from the mail's arrival to its case, in a jail that runs already; each time for the first time."""
    seconds = []
    for _ in range(rounds):
        async with session.opened(config.load()) as opened:
            await flow.handle(flow.Incoming("first", mail([], b"", said=False)), opened.edge, opened.rules)
            began = time.perf_counter()
            cases = await flow.handle(flow.Incoming("mail", raw), opened.edge, opened.rules)
            seconds.append(time.perf_counter() - began)
            assert cases[0].evidence.artifacts[1].state is state
    return seconds


def per_process(folder: Path, content: bytes) -> float:
    """Seconds of one process of 7z with a wrong password; 0 when it is not installed."""
    command = next(filter(None, map(shutil.which, ("7zz", "7z", "7za"))), None)
    if not command:
        return 0.0
    (folder / "a.7z").write_bytes(content)
    began = time.perf_counter()
    for number in range(PROCESSES):
        subprocess.run([command, "t", f"-pwrong{number}", "a.7z"], cwd=folder, capture_output=True, check=False)
    return (time.perf_counter() - began) / PROCESSES


if __name__ == "__main__":
    main()
