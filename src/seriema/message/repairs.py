"""The names of everything the mail reader may say about a mail: what was broken, ambiguous, hidden or cut.

One table, so that policy, documentation and tests can rely on the names. ``LIMITS`` make a mail incomplete and
``DAMAGE`` malformed; the others are facts without weight: broken mail is common, and most of it is innocent.
"""

from seriema.model.finding import Finding

REPAIRS = {
    # the whole mail
    "mail.leading-blank-lines": "blank lines stand before the header",
    "mail.mbox-line": "an mbox From_ line stands before the header",
    "mail.no-header": "there is no header section; all of it is body",
    "mail.junk-header-line": "a line within the header is no field; reading went on after it",
    "mail.missing-blank-line": "the body begins without a blank line after the header",
    "mail.bare-cr": "lines end with a carriage return alone, or with several",
    "mail.nul": "NUL bytes stand in the text or the header",
    "mail.several-from": "more than one From field, or more than one mailbox in it",
    "mail.duplicate-field": "a field that may stand once stands more than once",
    "mail.eight-bit-header": "raw eight-bit characters stand in a header field",
    "mail.encoded-word-broken": "an RFC 2047 encoded word could not be decoded as it says",
    "mail.unreadable-date": "the Date field could not be read",
    # structure (RFC 2046)
    "mail.second-content-type": "several Content-Type fields; each was read as if it were the one",
    "mail.second-transfer-encoding": "several Content-Transfer-Encoding fields; each was used to decode",
    "mail.second-disposition": "several Content-Disposition fields; every name was kept",
    "mail.duplicate-parameter": "a MIME parameter stands twice with different values; all were kept",
    "mail.names-differ": "Content-Disposition and Content-Type give different file names",
    "mail.broken-content-type": "the Content-Type does not follow its grammar",
    "mail.missing-boundary": "a multipart whose boundary is absent or never occurs; one was guessed where possible",
    "mail.unclosed-multipart": "a multipart ends without its closing boundary",
    "mail.part-after-closing-boundary": "parts stand after the closing boundary",
    "mail.loose-boundary": "a line begins with a boundary and goes on; both readings were followed",
    "mail.undeclared-multipart": "the body is built like a multipart that the header does not declare",
    "mail.encoded-multipart": "a multipart is itself transfer-encoded, which RFC 2045 forbids",
    "mail.text-outside-parts": "text stands before the first or after the last part",
    "mail.part-outside-parts": "a part's header and content stand before the first or after the last part",
    "mail.partial": "message/partial: a fragment of a larger mail",
    "mail.external-body": "message/external-body: the content lies elsewhere",
    "mail.second-reading": "a part that only another reading of an ambiguous structure yields",
    # content (RFC 2045, 2046)
    "mail.repaired-base64": "base64 with junk, wrong padding or a missing end; what could be decoded was",
    "mail.concatenated-base64": "base64 that goes on after its padding; all of it and its first piece were kept",
    "mail.malformed-base64": "base64 of which little could be decoded",
    "mail.repaired-quoted-printable": "quoted-printable with broken escapes, left as they stand",
    "mail.unknown-transfer-encoding": "an unknown Content-Transfer-Encoding; read as what it resembles",
    "mail.long-line": "a line beyond the limit in encoded data; decoded all the same",
    "mail.uuencoded": "a uuencoded file stands in text",
    "mail.yenc": "a yEnc-encoded file stands in text",
    "mail.binhex": "a BinHex file stands in text; named, not decoded",
    "mail.inline-pgp": "an OpenPGP message stands in text",
    "mail.truncated-encoded-file": "a file encoded in text has no end line",
    "mail.charset-unknown": "an unknown charset label; guessed from the bytes",
    "mail.charset-wrong": "the bytes are not what the charset label says; guessed from the bytes",
    "mail.charset-missing": "eight-bit text without a charset label; guessed from the bytes",
    "mail.utf-7": "text in UTF-7, which no current mail client writes",
    "mail.undecodable": "characters that could not be decoded were replaced",
    # text
    "mail.hidden-text": "HTML text that a reader does not see",
    "mail.alternatives-differ": "the plain and the HTML alternative say materially different things",
    "mail.html-unreadable": "the HTML could not be parsed; its tags were stripped instead",
    "mail.msg-unreadable": "an OLE container that is no readable Outlook message",
}

LIMITS = {
    "mail.limit-message-bytes": "the mail is larger than is read; only its header was looked at",
    "mail.limit-lines": "more lines than are read; the rest was left out",
    "mail.limit-header-bytes": "a header section larger than is read; cut",
    "mail.limit-headers": "more header fields than are kept; of the rest only those that matter",
    "mail.limit-line": "a line of text longer than is read; cut",
    "mail.limit-mime-depth": "nested deeper than is read; the rest is one unread part",
    "mail.limit-mime-parts": "more parts than are read; the rest is one unread part",
    "mail.limit-text": "more text than is read; cut",
    "mail.limit-addresses": "more addresses in a field than are read",
    "mail.limit-links": "more links than are kept",
    "mail.limit-html": "HTML with more elements than are looked at; cut",
    "mail.limit-msg": "parts of an Outlook .msg container were broken or too many, and left out",
    "mail.limit-findings": "more findings than are kept",
    "mail.limit-header-only": "only the header was read",
}

DAMAGE = {
    "mail.truncated-header": "the mail ends within its header; what followed is lost",
}

#: All names; ``say`` accepts no other.
NAMES = REPAIRS | LIMITS | DAMAGE


def say(name: str, artifact: str = "0", place: str = "", detail: str = "") -> Finding:
    """A finding of the mail reader.

    :raises KeyError: when ``name`` is not in the table.
    """
    return Finding(name, artifact, place, detail or NAMES[name])
