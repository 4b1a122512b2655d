"""Tells what a file is from its first bytes, never from its name.

A mail is text whose first line has the shape of a header field (RFC 5322, 2.2) and whose first section names at least
one field that mails carry. It is told generously: taking a note for a mail costs a needless document, taking a mail for
a note would lose it. An Outlook .msg is a compound file ([MS-CFB], 2.2 and 2.6) whose first directory entries bear the
names of [MS-OXMSG], 2.
"""

import re
from enum import Enum, auto

from seriema.edge.intake.store import Store

#: Bytes looked at.
HEAD = 16 << 10

#: Field names of which one is enough. Names that other formats use as well (Version, Description …) are left out.
FIELDS = frozenset(
    b"""
    apparently-to arc-seal arc-message-signature arc-authentication-results authentication-results auto-submitted bcc cc
    content-class content-description content-disposition content-id content-transfer-encoding content-type date
    delivered-to delivery-date disposition-notification-to dkim-signature domainkey-signature envelope-to errors-to
    feedback-id from importance in-reply-to list-archive list-help list-id list-owner list-post list-subscribe
    list-unsubscribe mail-followup-to message-id mime-version newsgroups organization original-recipient path precedence
    received received-spf references reply-to resent-cc resent-date resent-from resent-message-id resent-sender
    resent-to return-path return-receipt-to sender status subject thread-index thread-topic to user-agent x-account-key
    x-apparently-to x-authentication-warning x-beenthere x-envelope-from x-envelope-to x-gm-message-state x-gm-thrid
    x-google-smtp-source x-keywords x-mailer x-mimeole x-mozilla-status x-ms-exchange-organization-scl
    x-ms-has-attach x-ms-tnef-correlator x-msmail-priority x-original-to x-originating-ip x-priority x-received x-sender
    x-spam-checker-version x-spam-flag x-spam-level x-spam-score x-spam-status x-uid x-uidl
    """.split(),
)
#: Lines within the first section that may be broken before it stops looking like one.
BROKEN_LINES = 5

_FROM_LINE_BYTES = 600
_FIELD_BYTES = 300
#: What ``mail_behind`` looks at.
SEPARATOR_BYTES = _FROM_LINE_BYTES + _FIELD_BYTES

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OUTLOOK = tuple(
    name.encode("utf-16-le") for name in ("__nameid_version", "__properties_version", "__substg1.0_", "__recip_version")
)
_BLANK = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n)*")
_FIELD = re.compile(rb"[!-9;-~]{1,200}(?=[ \t]{0,20}:)")
_CTIME = re.compile(rb"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d(?::\d\d)?[^\n]{0,20} \d{4}\b")
_TIME = re.compile(rb"\b\d{1,2}:\d\d\b")
_YEAR = re.compile(rb"\b(?:19|20)\d\d\b")


class Sniffed(Enum):
    """What the first bytes say."""

    EMPTY = auto()
    MAIL = auto()
    MBOX = auto()
    OUTLOOK = auto()
    ZIP = auto()
    OTHER = auto()


def sniff(store: Store) -> Sniffed:
    """What lies there. OSError when it cannot be read."""
    head = store.read(0, HEAD)
    if not head:
        return Sniffed.EMPTY
    if head.startswith(_ZIP):
        return Sniffed.ZIP
    if head.startswith(_COMPOUND):
        return Sniffed.OUTLOOK if _is_outlook(store, head) else Sniffed.OTHER
    start = text_start(head)
    if head.startswith(b"From ", start) and mail_behind(head, start, after_blank=True) is not None:
        return Sniffed.MBOX
    return Sniffed.MAIL if is_mail(head[start:]) else Sniffed.OTHER


def is_mail(head: bytes) -> bool:
    """Whether text that starts here starts like a mail."""
    lines = head.split(b"\n")
    if len(head) >= HEAD and len(lines) > 1:
        lines.pop()  # cut in the middle
    broken = 0
    for number, line in enumerate(lines):
        if not line.strip():
            return False
        name = _field(line if number else line.lstrip())
        if name in FIELDS:
            return True
        if not name and not (number and line[:1] in b" \t"):
            broken += 1
            if number == 0 or broken > BROKEN_LINES:
                return False
    return False


def mail_behind(text: bytes, start: int, *, after_blank: bool) -> int | None:
    """Where the mail begins whose mbox separator (RFC 4155, appendix A) is the line at ``start``, or None.

    The line begins with "From ". Text may say that at the start of a line as well, where its writer did not quote it.
    A true separator carries a date as ctime writes it, or is followed by header fields; without a blank line before it,
    it needs both. ``text`` must go on for ``SEPARATOR_BYTES``, unless it is at its end.
    """
    end = text.find(b"\n", start, start + _FROM_LINE_BYTES)
    if end < 0 and len(text) - start >= _FROM_LINE_BYTES:
        return None
    mail = end + 1 if end >= 0 else len(text)
    line, following = text[start:mail], text[mail : mail + _FIELD_BYTES]
    ctime = _CTIME.search(line) is not None
    name = _field(following.removeprefix(b">"))
    if not after_blank:
        separates = ctime and name in FIELDS
    else:
        dated = _TIME.search(line) is not None and _YEAR.search(line) is not None
        separates = ctime or (dated and name != b"") or name in FIELDS or following.startswith(b">From ")
    return mail if separates else None


def text_start(head: bytes) -> int:
    """Where text begins behind a byte order mark and blank lines."""
    found = _BLANK.match(head)
    return found.end() if found else 0


def _field(line: bytes) -> bytes:
    """The name of the header field that this line begins, in lower case, or nothing."""
    found = _FIELD.match(line)
    return found.group().lower() if found else b""


def _is_outlook(store: Store, head: bytes) -> bool:
    """Whether a compound file's first directory entries are those of a mail."""
    sector = 1 << min(int.from_bytes(head[30:32], "little"), 12)
    first = int.from_bytes(head[48:52], "little")
    directory = store.read((first + 1) * sector, 4096)
    return any(name in directory for name in _OUTLOOK)
