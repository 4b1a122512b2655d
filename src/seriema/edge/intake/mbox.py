"""Mailboxes of many mails in one file, each behind a "From " line (RFC 4155, appendix A).

A file of any size is read once in chunks; only offsets come out. A line of a mail that begins with "From " stands
quoted as ">From ". Writers differ in what they do with ">From " itself: mboxrd quotes it again, mboxo leaves it.
Reading takes one ">" from every such line. That gives back exactly what an mboxrd writer was given, and from an mboxo
writer everything but lines that began with ">From " already. Content-Length is not believed: the sender may have
written it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seriema.edge.intake.sniff import HEAD, SEPARATOR_BYTES, mail_behind, text_start
from seriema.edge.intake.store import CHUNK, Store

_QUOTED = re.compile(rb"\n>(>{0,99}From )")
#: The longest match of the pattern above.
_QUOTED_BYTES = 106


@dataclass(frozen=True, slots=True)
class Span:
    """One mail in a mailbox: its "From " line begins at ``start``, the mail itself at ``offset``."""

    start: int
    offset: int
    length: int
    end: int  #: where the next "From " line begins, or the mailbox ends


def spans(store: Store, start: int = 0) -> Iterator[Span]:
    """The mails from ``start`` on, where a "From " line begins (0 also before blank lines). Raises OSError.

    The blank line before the next separator belongs to neither mail.
    """
    if start == 0:
        start = text_start(store.read(0, HEAD))
    mails = _separators(store, start)
    begin, offset, _ = next(mails, (store.size, store.size, 0))
    for following, next_offset, blank in mails:
        yield Span(begin, offset, max(0, following - blank - offset), following)
        begin, offset = following, next_offset
    if begin < store.size:
        yield Span(begin, offset, store.size - _blank(store.read(max(offset, store.size - 3), 3)) - offset, store.size)


def continues(store: Store, offset: int) -> bool:
    """Whether a mail can begin at ``offset`` of a mailbox; a mark from an earlier run is believed only then."""
    line = store.read(offset, SEPARATOR_BYTES)
    return line.startswith(b"From ") and mail_behind(line, 0, after_blank=True) is not None


def unquote(content: bytes) -> bytes:
    """A mail as it was before it was written into a mailbox."""
    return b"".join(unquoted((content,)))


def unquoted(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same for a mail in pieces."""
    text, skip = b"\n", 1  # a line break before the first line makes all lines alike
    for chunk in chunks:
        text += chunk
        at = text.rfind(b"\n", max(0, len(text) - _QUOTED_BYTES))
        cut = len(text) if at < 0 else at
        if cut:
            yield _QUOTED.sub(rb"\n\1", text[:cut])[skip:]
            text, skip = text[cut:], 0
    yield _QUOTED.sub(rb"\n\1", text)[skip:]


def _separators(store: Store, start: int) -> Iterator[tuple[int, int, int]]:
    """For each separator: where its line begins, where its mail begins, and the length of the blank line before it."""
    text, base, at, position = b"\n\n", start - 2, 0, start
    while True:
        chunk = store.read(position, CHUNK)
        position += len(chunk)
        text += chunk
        # Near the end of a chunk, what follows the line is not there yet: that part is looked at with the next chunk.
        known = len(text) if not chunk else max(0, len(text) - SEPARATOR_BYTES)
        while 0 <= (at := text.find(b"\nFrom ", at)) < known:
            blank = _blank(text[max(0, at - 2) : at + 1])
            mail = mail_behind(text, at + 1, after_blank=blank > 0)
            if mail is not None:
                yield base + at + 1, base + mail, blank
            at += 1
        if not chunk:
            return
        dropped = max(0, known - 4)
        text, base, at = text[dropped:], base + dropped, known - dropped


def _blank(ending: bytes) -> int:
    """How many bytes the blank line has with which ``ending`` ends; 0 when it ends with none."""
    return 2 if ending.endswith(b"\n\r\n") else 1 if ending.endswith(b"\n\n") else 0
