"""How much of the locked ZIP corpus opens, whether anything opens falsely, and how fast candidates are tried.

Every ZIP of ``passwords.tsv`` is given to the opener with a text that names its password, with a text that names
another, and with none. Right bytes are those that the container's own CRC-32 or HMAC confirm. The corpora are found at
``../shared/corpora`` or where ``SERIEMA_CORPORA`` says.

    python bench/unlock.py
"""

import csv
import hashlib
import io
import os
import statistics
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from seriema import unlock
from seriema.exercise.archives import zip_bytes
from seriema.model.artifact import Artifact, State
from seriema.model.limits import Limits
from seriema.model.password import Candidate, Text
from seriema.unlock import Opened
from seriema.unlock.zip.zipcrypto import Schedules, zipcrypto_lock

ROOT = Path(__file__).parents[1]
CORPORA = Path(os.environ.get("SERIEMA_CORPORA", ROOT / ".." / "shared" / "corpora"))
ROUNDS = 5


def main() -> None:
    unlock.load()
    _corpus()
    _rates()
    _bombs()


def _open(name: str, content: bytes, text: str) -> tuple[Opened, int]:
    found = unlock.candidates([Text("body", text)], Limits()) if text else ()
    opened = unlock.open_artifact(Artifact("1", (name,), name, "zip", len(content)), content, found, Limits())
    assert opened is not None
    return opened, len(found)


def _corpus() -> None:
    with (CORPORA / "passwords.tsv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["kind"] == "zip"]
    print("locked ZIP files with their password in a text; with a wrong one; with none")
    opened = false = 0
    for row in rows:
        content = (CORPORA / row["path"]).read_bytes()
        name, password = Path(row["path"]).name, row["password"]
        right, tried = _open(name, content, f"Hello,\nplease see the file.\nPassword: {password}\nRegards")
        opened += right.state is State.INSPECTED
        for text in ("", "Hello,\nplease see the file.\nPassword: not-this-1\nRegards"):
            wrong, _ = _open(name, content, text)
            false += any(child.encrypted and child.state is State.INSPECTED for child in wrong.children)
        note = right.state_reason or f"{len(right.children)} members"
        print(f"  {name:58} {password:10} {right.state:12} {tried:3} candidates  {note[:70]}")
    print(f"opened {opened} of {len(rows)}; opened falsely: {false}")


def _rates() -> None:
    print(f"\ncandidates a CPU second, median of {ROUNDS}")
    content = zip_bytes([("info.txt", b"some text " * 200)], "the right one", "zipcrypto")
    many = [f"candidate{number}" for number in range(100_000)]
    few = many[:3_000]
    ours = _rate(lambda: _try(content, many), len(many))
    peer = _rate(lambda: _zipfile(content, few), len(few))
    print(
        f"  ZipCrypto       seriema {ours:12,.0f}   zipfile {peer:12,.0f}   {ours / peer:6.1f} times, false fits read"
    )
    ours = _rate(lambda: _verify(many), len(many))
    print(f"  its verifier    seriema {ours:12,.0f}   zipfile {peer:12,.0f}   {ours / peer:6.1f} times")
    for bits in (128, 192, 256):
        content = zip_bytes([("info.txt", b"some text " * 200)], "the right one", f"aes{bits}")
        ours = _rate(lambda data=content: _try(data, few[:300]), 300)
        peer = _rate(lambda size=bits: _derive(few[:300], size // 4 + 2), 300)
        print(f"  WinZip AES-{bits}  seriema {ours:12,.0f}   PBKDF2  {peer:12,.0f}   {ours / peer:6.2f} times")


def _rate(work: Callable[[], None], count: int) -> float:
    def seconds() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return count / statistics.median(seconds() for _ in range(ROUNDS))


def _try(content: bytes, passwords: list[str]) -> None:
    tried = [Candidate(password, "body") for password in passwords]
    artifact = Artifact("1", ("a.zip",), "a.zip", "zip", len(content))
    found = unlock.open_artifact(artifact, content, tried, Limits(candidates=len(tried)))
    assert found is not None
    assert found.state is State.LOCKED


def _verify(passwords: list[str]) -> None:
    lock = zipcrypto_lock(bytes(range(12)), frozenset({77}), Schedules())
    assert sum(1 for _ in lock.fits(passwords)) > 0


def _zipfile(content: bytes, passwords: list[str]) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for password in passwords:
            try:
                archive.open("info.txt", pwd=password.encode()).close()
            except RuntimeError:
                continue


def _derive(passwords: list[str], length: int) -> None:
    for password in passwords:
        hashlib.pbkdf2_hmac("sha1", password.encode(), b"12345678", 1000, length)


def _bombs() -> None:
    print("\nhostile archives")
    many = [f"word{number}" for number in range(4_000)]
    members = [(f"{number}.txt", b"text %d " % number * 20) for number in range(2_000)]
    cases = {
        "200 MB of zeros": (zip_bytes([("zeros", b"\0" * (200 << 20))]), []),
        "2,000 ZipCrypto members, 4,000 candidates": (zip_bytes(members, "the right one", "zipcrypto"), many),
        "100 AES members, 4,000 candidates": (zip_bytes(members[:100], "the right one", "aes256"), many),
    }
    for name, (content, passwords) in cases.items():
        tried = [Candidate(password, "body") for password in passwords]
        artifact = Artifact("1", ("a.zip",), "a.zip", "zip", len(content))
        started = time.perf_counter()
        found = unlock.open_artifact(artifact, content, tried, Limits())
        assert found is not None
        seconds = time.perf_counter() - started
        print(f"  {name:44} {seconds:6.2f} s  {found.state:10} work {found.spent.password_work:,}")


if __name__ == "__main__":
    main()
