"""What a file is, by its content: signatures first, then the structure of containers, then what its text says.

The name decides only where content cannot: between text kinds (a script host goes by the extension), and alone while
the bytes are still locked. Signatures are those of the formats' own specifications, listed in ``signatures``.
"""

import re
from dataclasses import dataclass

from seriema.examine import signatures, text_signatures
from seriema.examine.kinds import BY_EXTENSION, KINDS
from seriema.examine.package import embedded_zip
from seriema.examine.structure import compound_kind, zip_kind
from seriema.model.artifact import FileClass

#: Bytes that are looked at to tell text from binary data, at the start and at the end.
SAMPLE = 4096
TAIL = 1024
#: A text has at most one control byte in this many.
STRAY = 200
#: Bytes of a text in which its kind must show.
HEAD = 1024
#: The bytes a text has none of, in any encoding but UTF-16 and UTF-32: ESC (ISO-2022), BEL, BS, FF and VT do occur.
_NOT_TEXT = bytes(set(range(32)) - set(b"\t\n\r\f\v\b\a\x1b\x1a")) + b"\x7f"
_ENCODED = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)
_WIDE_MARKS = tuple(mark for mark, encoding in _ENCODED if encoding != "utf-8")
#: Classes whose extension alone makes a system run the file, and those whose content must not hide that.
_RUN_BY_NAME = frozenset({FileClass.SCRIPT, FileClass.SHORTCUT})
_RAW_BY_NAME = frozenset({"img", "tar", "cmd", "access", "tnef", "exe"})
_WEAK = frozenset({FileClass.PICTURE, FileClass.MEDIA, FileClass.PDF, FileClass.TEXT, FileClass.OTHER, FileClass.WEB})
_TEXT_KINDS = frozenset({"text", "csv", "json", "xml", "ics", "vcf"})
_MAIL_FIELD = re.compile(
    rb"(?:^|\n)(?:received|return-path|delivered-to|message-id|mime-version|date|from|to|subject|content-type"
    rb"|dkim-signature|authentication-results|x-[a-z-]{1,60}|reply-to|sender|references|in-reply-to):[ \t]",
)
#: Mail fields that must stand at a text's start before it is taken for a mail.
_MAIL_FIELDS = 3


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file is: ``kind`` is a name from ``kinds``, ``file_class`` what that is to policy."""

    kind: str
    file_class: FileClass


_IDENTITIES = {name: Identity(name, kind.file_class) for name, kind in KINDS.items()}


def identify(content: bytes | None, name: str) -> Identity:
    """Name a file's kind; never fails. By its name alone only while ``content`` is None."""
    named = kind_of_name(name)
    if content is None:
        return _IDENTITIES[named or "unknown"]
    if not content:
        return _IDENTITIES["empty"]
    kind = _binary(content, named) or _text(content, named) or _unknown(content, named)
    if named and kind != named:
        kind = _overruled(kind, named)
    return _IDENTITIES[kind]


def kind_of_name(name: str) -> str:
    """The kind that the last extension claims, "" when it claims none."""
    _, dot, extension = name.rpartition(".")
    return BY_EXTENSION.get(extension.strip().lower(), "") if dot else ""


def decoded(content: bytes) -> str:
    """Text as its byte order mark says, else UTF-8, else Windows-1252; UTF-16 without a mark by its zero bytes."""
    for mark, encoding in _ENCODED:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    guess = _unmarked_utf16(content)
    if guess:
        return content.decode(guess, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _binary(content: bytes, named: str) -> str:
    """The kind that a signature gives, refined by structure; "" when none does."""
    found = signatures.match(content)
    if found == "ole":
        return compound_kind(content, named)
    if found == "zip":
        return zip_kind(content, named)
    if not found:
        found = signatures.match_elsewhere(content)
    return found


def _overruled(kind: str, named: str) -> str:
    """The name against weak content: a script host or the shell runs it whatever a picture's first bytes are."""
    claimed, seen = KINDS[named].file_class, KINDS[kind].file_class
    if claimed in _RUN_BY_NAME and seen in _WEAK:
        return named
    if named in ("html", "svg") and seen in (FileClass.TEXT, FileClass.PICTURE, FileClass.MEDIA):
        return named
    return kind


def _unknown(content: bytes, named: str) -> str:
    """Binary data without a signature: a ZIP behind padding, or one of the formats that have none, as it is called."""
    if embedded_zip(content) >= 0:
        return "zip"
    if named and (KINDS[named].file_class in _RUN_BY_NAME or named in _RAW_BY_NAME):
        return named
    return "unknown"


def _text(content: bytes, named: str) -> str:
    """The kind of a text; "" when it is none. A few stray control bytes, as old mailers left them, do not count."""
    sample = content if len(content) <= SAMPLE else content[:SAMPLE] + content[-TAIL:]
    if sample.startswith(_WIDE_MARKS) or _unmarked_utf16(sample):
        sample = decoded(sample).encode("utf-8", "replace")
    elif (len(sample) - len(sample.translate(None, _NOT_TEXT))) * STRAY > len(sample):
        return ""
    head = sample[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return _text_kind(head, sample, named)


def _text_kind(head: bytes, sample: bytes, named: str) -> str:
    for start, kind in text_signatures.TEXT_STARTS.get(head[:1], ()):
        if head.startswith(start):
            return _markup_kind(head, kind, named)
    if head[:1] == b"<" and text_signatures.MARKUP.match(head):
        return "html"
    if named and KINDS[named].file_class is not FileClass.MAIL:
        return named if named in _TEXT_KINDS or KINDS[named].file_class in text_signatures.TEXT_CLASSES else "text"
    return _mail_kind(head, sample) or ("message" if named == "message" else "text")


def _mail_kind(head: bytes, sample: bytes) -> str:
    """A text is a mail when it opens with one header field and a few more follow; "" when it is none."""
    first, _, rest = head.partition(b"\n")
    envelope = first.startswith(b"from ")
    if not _MAIL_FIELD.match(b"\n" + (rest if envelope else head)):
        return ""
    if len(_MAIL_FIELD.findall(sample[: HEAD * 2].lower())) < _MAIL_FIELDS:
        return ""
    return "mbox" if envelope else "message"


def _markup_kind(head: bytes, kind: str, named: str) -> str:
    """XML is many things; the name and its first elements tell which."""
    if kind not in ("xml", "html") or named == "hta":
        return named if named == "hta" else kind
    if kind == "xml":
        for mark, specific in text_signatures.XML_MARKS:
            if mark in head:
                return specific
        if named and KINDS[named].file_class in text_signatures.TEXT_CLASSES:
            return named
    return kind


def _unmarked_utf16(content: bytes) -> str:
    """UTF-16 without a mark, as far as its first 64 bytes are mostly ASCII; "" when they are not."""
    start = content[:64]
    if len(start) < 8 or b"\0" not in start:  # noqa: PLR2004 - four characters are the least that shows a pattern
        return ""
    even, odd = start[::2], start[1::2]
    if any(even) != any(odd):
        return "utf-16-be" if not any(even) else "utf-16-le"
    return ""
