"""Parts and file names of the MIME corpora: is every one found, is nothing slow, does nothing fail.

    python bench/mime.py [--set NAME] [--all]

mime4j comes with expected trees (``*_decoded.xml`` beside each ``.msg``): every leaf's content and file name is looked
for in what ``seriema.message.parse`` gives, nested mails opened the same way. The other sets have no expectations in a
form that can be compared; there the standard library's parser is the witness: every leaf that it sees must be ours.
Corpora: ``../shared/corpora`` beside the project, or ``SERIEMA_CORPORA``.
"""

import argparse
import email
import email.message
import os
import re
import statistics
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from pathlib import Path

from seriema.message import Parsed, Part, load, parse
from seriema.model.limits import Limits

CORPORA = Path(os.environ.get("SERIEMA_CORPORA", Path(__file__).parents[2] / "shared" / "corpora"))
LIMITS = Limits()
SLOW_SECONDS = 0.25
MAILS = frozenset({"message/rfc822", "message/global", "message/news"})

#: Which files of a set are mails.
SETS = {
    "mime4j": ("mime-mime4j", ("*.msg",)),
    "enmime": ("mime-enmime", ("*.raw", "*.golden")),
    "flanker": ("mime-flanker", ("*.eml", "email.[0-9]*")),
    "rubymail": ("mime-rubymail", ("*.eml", "sample_output_multipart")),
    "replies": (".", ("reply-*/**/*.eml",)),
    "easy-ham": ("threads-spamassassin-easyham1", ("*/*.txt",)),
}

#: Deviations that were looked into, by set and file: whose fault and why.
EXPLAINED = {
    ("mime4j", "malformedHeaderStartsBody-nocrlfcrlf.msg"): "theirs: expected in two modes; we read it in the other",
    (
        "enmime",
        "bad-header-wrap.raw",
    ): "theirs: the witness ends the header at the broken line; ours reads on and decodes",
    ("enmime", "mime-bad-8bit-filename.raw"): "theirs: raw 8-bit name replaced; ours guesses its charset",
    (
        "enmime",
        "mime-bad-content-transfer-encoding.raw",
    ): "theirs: text labelled base64, its lines joined; ours keeps it",
    ("enmime", "extra-base64-character.raw"): "theirs: left undecoded; ours decodes without the stray character",
    ("flanker", "enclosed-broken-body.eml"): "theirs: left undecoded; ours decodes around the 8-bit junk",
    ("flanker", "russian-attachment-yahoo.eml"): "theirs: raw 8-bit name replaced; ours reads it as UTF-8",
    ("flanker", "outlook-express.eml"): "theirs: raw 8-bit name replaced; ours reads it as UTF-8",
    ("rubymail", "attachment_nonascii_filename.eml"): "theirs: raw 8-bit name replaced; ours guesses its charset",
    (
        "rubymail",
        "attachment_with_encoded_name.eml",
    ): "theirs: ISO-8859-1 to the letter; ours reads CP1252 as clients do",
    ("rubymail", "raw_email8.eml"): "theirs: ISO-8859-1 to the letter; ours reads CP1252 as clients do",
    (
        "rubymail",
        "raw_email_incorrect_header.eml",
    ): "theirs: the witness ends the header at a broken line; ours reads on",
    ("rubymail", "example13.eml"): "theirs: the witness ends the header at a broken line; ours reads on",
}


@dataclass(frozen=True)
class Leaf:
    """One expected or found leaf."""

    content: bytes
    names: tuple[str, ...]
    where: str
    alternatives: tuple[bytes, ...] = ()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--set", choices=SETS, action="append")
    arguments.add_argument("--all", action="store_true", help="print every deviation")
    chosen = arguments.parse_args()
    load()
    for name in chosen.set or SETS:
        folder, patterns = SETS[name]
        files = sorted({path for pattern in patterns for path in (CORPORA / folder).rglob(pattern) if path.is_file()})
        report(name, files, everything=chosen.all)


def report(name: str, files: list[Path], *, everything: bool) -> None:
    times: list[float] = []
    slow, failed, deviations = [], [], []
    found, expected_parts, expected_names, skipped = Counter(), 0, 0, 0
    for path in files:
        raw = path.read_bytes()
        start = time.perf_counter()
        try:
            parsed = parse(raw, LIMITS, ())
        except Exception as error:  # noqa: BLE001 - the bench counts what escapes
            failed.append(f"{path.name}: {error!r}")
            continue
        times.append(time.perf_counter() - start)
        if times[-1] > SLOW_SECONDS:
            slow.append(f"{path.name}: {times[-1]:.2f} s")
        found.update({finding.name for finding in parsed.findings})
        expectation = expected(name, path, raw)
        if expectation is None:
            skipped += 1
            continue
        expected_parts += len(expectation)
        expected_names += sum(bool(leaf.names) for leaf in expectation)
        deviations += [f"{path.name}: {line}" for line in compare(expectation, list(ours(parsed)))]
    print(f"{name}: {len(files)} mails, {len(failed)} exceptions, {len(slow)} slow (over {SLOW_SECONDS} s)", end="; ")
    print(f"median {statistics.median(times) * 1e3:.2f} ms, longest {max(times) * 1e3:.1f} ms")
    witness = "expected trees" if name == "mime4j" else "standard library"
    print(f"   {witness}: {expected_parts} parts, {expected_names} file names; {len(deviations)} deviations", end="")
    print(f"; {skipped} without witness" if skipped else "")
    for line in (*failed, *slow, *(deviations if everything or len(deviations) < 40 else deviations[:40])):
        reason = EXPLAINED.get((name, line.partition(":")[0]), "")
        print(f"   - {line}" + (f" [{reason}]" if reason else ""))
    if everything:
        print("   repairs:", ", ".join(f"{key} {count}" for key, count in found.most_common()))


def ours(parsed: Parsed, depth: int = 0) -> Iterator[Leaf]:
    """Our leaves, nested mails opened."""
    for part in parsed.attachments:
        yield Leaf(part.content, (part.name, *part.other_names), part.place, _readings(part))
        if depth < LIMITS.mime_depth and (part.declared_type in MAILS):
            yield from ours(parse(part.content, LIMITS, ()), depth + 1)
    yield from (Leaf(text.content.encode(), (), "text") for text in parsed.texts)
    if parsed.other_text:
        yield Leaf(parsed.other_text.encode(), (), "outside")


def _readings(part: Part) -> tuple[bytes, ...]:
    """The content as text in other encodings: expectations are stored re-encoded."""
    if not part.declared_type.startswith("text/"):
        return ()
    out = []
    for charset in filter(None, (part.charset, "utf-8", "latin-1")):
        try:
            text = part.content.decode(charset)
        except (LookupError, UnicodeError):
            continue
        out += [text.encode("utf-8"), text.encode("latin-1", "replace"), text.encode("ascii", "replace")]
    return tuple(out)


def expected(name: str, path: Path, raw: bytes) -> list[Leaf] | None:
    if name == "mime4j":
        tree = path.with_name(path.stem + "_decoded.xml")
        return list(_from_xml(tree)) if tree.exists() else None
    return list(_from_library(email.message_from_bytes(raw)))


def _from_xml(path: Path) -> Iterator[Leaf]:
    source = path.read_bytes().decode("utf-8", "replace")
    root = ET.fromstring(
        re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", source)
    )  # control characters stand raw in them
    for entity in root.iter():
        for body in entity:
            if body.tag in ("text-body", "binary-body"):
                header = entity.find("header")
                fields = [field.text or "" for field in header] if header is not None else []
                content = path.with_name(body.attrib["name"]).read_bytes()
                yield Leaf(content, _names("\n".join(field.strip("\n") for field in fields)), body.attrib["name"])


def _names(header: str) -> tuple[str, ...]:
    return _library_names(email.message_from_string(header + "\n\n"))


def _from_library(message: email.message.Message) -> Iterator[Leaf]:
    for part in message.walk():
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        yield Leaf(content or b"", _library_names(part), part.get_content_type())


def _library_names(part: email.message.Message) -> tuple[str, ...]:
    """What the standard library takes for the file name, encoded words decoded as clients do."""
    try:
        name = part.get_filename()
        return (str(make_header(decode_header(name))).strip(),) if name else ()
    except (LookupError, UnicodeError, ValueError):
        return ()


def compare(expectation: list[Leaf], found: list[Leaf]) -> Iterator[str]:
    contents: dict[bytes, list[Leaf]] = {}
    for leaf in found:
        for content in {_bare(leaf.content), *map(_bare, leaf.alternatives)}:
            contents.setdefault(content, []).append(leaf)
    everything = b"\n".join(contents)
    names = {name.replace("\n", "") for leaf in found for name in leaf.names if name}
    for leaf in expectation:
        bare = _bare(leaf.content)
        if bare and bare not in contents and bare not in everything:
            yield f"{leaf.where}: no such part ({len(leaf.content)} bytes, {leaf.content[:30]!r})"
        for name in leaf.names:
            if " ".join(name.split()) not in {" ".join(one.split()) for one in names}:
                yield f"{leaf.where}: no such name {name!r} (found {sorted(names)[:5]})"


def _bare(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip()


if __name__ == "__main__":
    main()
