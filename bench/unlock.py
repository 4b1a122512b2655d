"""How much of the locked corpus opens, whether anything opens falsely, and how fast candidates are tried.

Every file of ``passwords.tsv`` is put into a mail whose text names its password, into one that names another, and into
one that names none, and each mail goes the whole way through ``dissect``. Right bytes are those that the container's
own checksums confirm. The corpora are found at ``../shared/corpora`` or where ``SERIEMA_CORPORA`` says.

    python bench/unlock.py [KIND…]      with kinds (zip, 7z, rar, office, pdf) only their part of the corpus
"""

import csv
import hashlib
import io
import os
import re
import statistics
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from seriema import unlock
from seriema.dissect import dissect, warm
from seriema.exercise.archives import zip_bytes
from seriema.model.artifact import Artifact, State
from seriema.model.limits import Limits, Spent
from seriema.model.password import Candidate
from seriema.model.plan import Done, Plan
from seriema.unlock.zip.zipcrypto import Schedules, zipcrypto_lock

ROOT = Path(__file__).parents[1]
CORPORA = Path(os.environ.get("SERIEMA_CORPORA", ROOT / ".." / "shared" / "corpora"))
ROUNDS = 5


def main() -> None:
    warm()
    kinds = sys.argv[1:]
    if not kinds:
        _rates()
        _bombs()
    _corpus(kinds)


@dataclass(frozen=True)
class Row:
    """A locked file of the corpora. ``passwords``: None when nobody knows; none at all for an empty user password."""

    path: str
    kind: str
    passwords: tuple[str, ...] | None
    note: str

    @property
    def locked(self) -> bool:
        """Whether it stays closed without a password."""
        return self.passwords != ()


def _rows(kinds: list[str]) -> list[Row]:
    with (CORPORA / "passwords.tsv").open(encoding="utf-8") as lines:
        return [_row(each) for each in csv.DictReader(lines, delimiter="\t") if not kinds or each["kind"] in kinds]


def _row(line: dict[str, str]) -> Row:
    """A note such as ``"one" for a.txt, "two" for b.txt`` names further passwords."""
    said, note = line["password"], line["note"] or ""
    named = tuple(dict.fromkeys([said, *re.findall(r'"([^"]+)"', note)])) if said else ()
    return Row(line["path"], line["kind"], None if said == "?" else named, note)


def _mail(name: str, content: bytes, passwords: Sequence[str]) -> bytes:
    """A mail with this file, whose text names the passwords."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ann <ann@partner.example>", "Bob <bob@firm.example>"
    mail["Subject"], mail["Date"] = "The papers", "Mon, 06 Jul 2020 10:00:00 +0200"
    said = "".join(f"Password: {each}\n" for each in passwords)
    mail.set_content(f"Hello Bob,\nplease see the attached file.\n{said}Kind regards\nAnn\n")
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes(policy=SMTP)


def _seen(raw: bytes) -> tuple[list[Artifact], Spent]:
    """The attachment and all that came out of it, each as it was last stated."""
    artifacts: dict[str, Artifact] = {}
    spent = Spent()
    for said in dissect(raw, Plan()):
        if isinstance(said, Artifact):
            artifacts[said.id] = said
        elif isinstance(said, Done):
            spent = said.spent
    return [each for each in artifacts.values() if each.id == "1" or each.id.startswith("1.")], spent


def _corpus(kinds: list[str]) -> None:
    """Exit code 1 when anything opens falsely."""
    counts: dict[str, Counter[str]] = {}
    print("locked files in a mail that names the password; then another password, and none")
    for row in _rows(kinds):
        content, name = (CORPORA / row.path).read_bytes(), Path(row.path).name
        started = time.perf_counter()
        tree, spent = _seen(_mail(name, content, row.passwords or ()))
        seconds = time.perf_counter() - started
        ending = _ending(row, tree)
        tally = counts.setdefault(row.kind, Counter())
        tally.update([ending])
        top = tree[0]
        if ending != "opened" or top.state_reason:
            ending += f": {top.state}, {top.state_reason or row.note}"
        members = sum(each.id.count(".") == 1 for each in tree)
        print(
            f"  {name[:52]:52} {row.kind:6} {members:4} files {spent.password_work:6} work {seconds:6.2f} s  {ending}"
        )
        for passwords in (("not-this-1",), ()):
            for each in _false(row, _mail(name, content, passwords)):
                tally.update(["false"])
                print(f"    OPENED FALSELY with {passwords or 'no password'}: {each.path}")
    for kind, tally in counts.items():
        print(f"{kind}: {', '.join(f'{count} {ending}' for ending, count in sorted(tally.items()))}")
    if any(tally["false"] for tally in counts.values()):
        sys.exit(1)


def _ending(row: Row, tree: list[Artifact]) -> str:
    """Right bytes are those that the container's own checksum confirms, and msoffcrypto's own output."""
    if row.passwords is None:
        return "unknown password"
    if any(each.state is not State.INSPECTED and (each.encrypted or each.id == "1") for each in tree):
        return "not opened"
    if not any(each.encrypted for each in tree):
        return "not seen as locked"
    wanted = _plain_form(CORPORA / row.path)
    return "opened" if wanted in (None, tree[0].decrypted_sha256) else "other bytes than the peer's"


def _plain_form(path: Path) -> str | None:
    """SHA-256 of what msoffcrypto made of the file, where the corpus holds that."""
    for stem in (f"{path.stem}_plain", path.stem.removesuffix("_password")):
        output = path.parents[1] / "outputs" / f"{stem}{path.suffix}"
        if output.exists():
            return hashlib.sha256(output.read_bytes()).hexdigest()
    return None


def _false(row: Row, raw: bytes) -> list[Artifact]:
    """What is said to be encrypted and inspected although its password is nowhere."""
    return [each for each in _seen(raw)[0] if row.locked and each.encrypted and each.state is State.INSPECTED]


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
