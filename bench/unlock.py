"""How much of the locked corpus opens, whether anything opens falsely, and what bombs cost.

Every file of ``passwords.tsv`` is put into a mail whose text names its password, into one that names another, and into
one that names none, and each mail goes the whole way through ``dissect``. Right bytes are those that the container's
own checksums confirm, and for Office documents msoffcrypto's own output. A file that gives its password itself, in its
name or its comment, opens in each of the three mails, and rightly so. The corpora are found at ``../shared/corpora`` or
where ``SERIEMA_CORPORA`` says. How fast candidates are tried is the matter of ``unlock_speed.py``.

    python bench/unlock.py [KIND…]      with kinds (zip, 7z, rar, office, pdf) only their part of the corpus
"""

import csv
import hashlib
import io
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import msoffcrypto

from seriema import unlock
from seriema.dissect import dissect, warm
from seriema.exercise.archives import zip_bytes
from seriema.model.artifact import Artifact, State
from seriema.model.limits import Limits, Spent
from seriema.model.password import Candidate, Proven
from seriema.model.plan import Done, Plan

ROOT = Path(__file__).parents[1]
CORPORA = Path(os.environ.get("SERIEMA_CORPORA", ROOT / ".." / "shared" / "corpora"))


def main() -> None:
    warm()
    kinds = sys.argv[1:]
    if not kinds:
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


@dataclass(frozen=True)
class Seen:
    """The attachment and all that came out of it, each as it was last stated."""

    tree: list[Artifact]
    proven: frozenset[str]  #: the passwords that opened something
    spent: Spent


def _seen(raw: bytes) -> Seen:
    artifacts: dict[str, Artifact] = {}
    proven: set[str] = set()
    spent = Spent()
    for said in dissect(raw, Plan()):
        if isinstance(said, Artifact):
            artifacts[said.id] = said
        elif isinstance(said, Proven):
            proven.add(said.value)
        elif isinstance(said, Done):
            spent = said.spent
    tree = [each for each in artifacts.values() if each.id == "1" or each.id.startswith("1.")]
    return Seen(tree, frozenset(proven), spent)


def _corpus(kinds: list[str]) -> None:
    """Exit code 1 when anything opens falsely."""
    counts: dict[str, Counter[str]] = {}
    print("locked files in a mail that names the password; then another password, and none")
    for row in _rows(kinds):
        content, name = (CORPORA / row.path).read_bytes(), Path(row.path).name
        started = time.perf_counter()
        seen = _seen(_mail(name, content, row.passwords or ()))
        tree = seen.tree
        seconds = time.perf_counter() - started
        ending = _ending(row, tree)
        tally = counts.setdefault(row.kind, Counter())
        tally.update([ending])
        top = tree[0]
        if ending != "opened" or top.state_reason:
            ending += f": {top.state}, {top.state_reason or row.note}"
        members = sum(each.id.count(".") == 1 for each in tree)
        work = seen.spent.password_work
        print(f"  {name[:52]:52} {row.kind:6} {members:4} files {work:6} work {seconds:6.2f} s  {ending}")
        for passwords in (("not-this-1",), ()):
            how, opened = _opened_without(row, _mail(name, content, passwords))
            if opened:
                tally.update([how])
                print(f"    {how}, with {passwords or 'none'} in the mail: {[each.path[-1] for each in opened]}")
    for kind, tally in counts.items():
        print(f"{kind}: {', '.join(f'{count} {ending}' for ending, count in sorted(tally.items()))}")
    if any(tally["false"] for tally in counts.values()):
        sys.exit(1)


def _ending(row: Row, tree: list[Artifact]) -> str:
    if row.passwords is None:
        return "unknown password"
    if any(each.state is not State.INSPECTED and (each.encrypted or each.id == "1") for each in tree):
        return "not opened"
    if not any(each.encrypted for each in tree):
        return "not seen as locked"
    if row.kind == "office" and tree[0].decrypted_sha256 != _plain_form(CORPORA / row.path, row.passwords[0]):
        return "other bytes than the peer's"
    return "opened"


def _plain_form(path: Path, password: str) -> str | None:
    """SHA-256 of what msoffcrypto makes of an Office document."""
    plain = io.BytesIO()
    document = msoffcrypto.OfficeFile(io.BytesIO(path.read_bytes()))
    document.load_key(password=password)
    document.decrypt(plain)
    return hashlib.sha256(plain.getvalue()).hexdigest()


def _opened_without(row: Row, raw: bytes) -> tuple[str, list[Artifact]]:
    """What is said to be encrypted and inspected although the mail does not name its password."""
    seen = _seen(raw)
    opened = [each for each in seen.tree if row.locked and each.encrypted and each.state is State.INSPECTED]
    if opened and seen.proven and seen.proven <= {*(row.passwords or ())}:
        return "gives its password itself", opened
    return "false", opened


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
