"""Visible text → ``Body`` and links: reply, quotation, signature, languages, fingerprints, places of links."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from seriema.language import detect
from seriema.message import bodies, fingerprint, links
from seriema.message.charset import decode
from seriema.message.part import Part
from seriema.message.quotes import PLACES, split
from seriema.model.limits import Limits
from seriema.model.message import Body, Link, Quote
from seriema.model.password import Text

#: What clients that know MIME write for those that do not.
_USUAL_OUTSIDE = (
    "mime format",
    "mime-encap",
    "multi-part message",
    "multipart message",
    "s/mime",
    "rfc 2015",
    "openpgp",
)
_MAX_USUAL = 400
_LANGUAGE_SAMPLE = 2_000
_QUOTE_MARKS = re.compile(r"^[ \t]*+(?:>[ \t]?)++", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a mail's text."""

    body: Body = Body()
    links: tuple[Link, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    other: str = ""
    aside: str = ""

    def texts(self, subject: str, names: Iterable[Text]) -> tuple[Text, ...]:
        """Where a password may stand; what is hidden or only in the other alternative counts as body.

        The reply first, then what is short: whoever reads only so much is not kept from them by a flood of other text.
        """
        rest = (self.body.signature, self.other, self.body.alt, self.aside, self.body.hidden)
        every = (
            Text("body", self.body.reply),
            Text("subject", subject),
            *names,
            *(Text("body", text) for text in rest),
            Text("quoted", self.body.quoted),
        )
        return tuple(text for text in every if text.content)


def name_texts(attachments: Iterable[Part]) -> tuple[Text, ...]:
    """The names of the attachments, each once."""
    names = (name for part in attachments for name in (part.name, *part.other_names) if name)
    return tuple(Text("name", name) for name in dict.fromkeys(names))


def outside_text(data: bytes, limits: Limits) -> str:
    """Text outside the parts, "" when it is what clients usually write there."""
    text = decode(data[: limits.text_chars], "")[0].strip()
    usual = len(text) < _MAX_USUAL and any(words in text.lower() for words in _USUAL_OUTSIDE)
    return "" if usual else text


def read(text: bodies.Text, outside: list[str], limits: Limits) -> Read:
    """Tell the visible text apart and describe its pieces."""
    pieces = split(text.visible)
    notes = list(text.repairs)
    left = max(0, limits.text_chars - len(text.visible))
    hidden = text.hidden[:left]
    alt = text.alt[: left - len(hidden)]
    other = "\n".join(filter(None, (text.other, *outside)))[: limits.text_chars]
    own_marks, quoted_marks = fingerprint.of_mail(pieces.reply, pieces.quoted, pieces.quotes)
    body = Body(
        reply=pieces.reply,
        quoted=pieces.quoted,
        signature=pieces.signature,
        hidden=hidden,
        alt=alt,
        quotes=pieces.quotes,
        reply_language=detect(pieces.reply[:_LANGUAGE_SAMPLE]) if pieces.reply else "",
        quoted_language=_quoted_language(pieces.quoted, pieces.quotes) if pieces.quoted else "",
        cut=any(name in ("mail.limit-text", "mail.limit-line", "mail.limit-html") for name, _ in notes),
        fingerprints=own_marks,
        quoted_fingerprints=quoted_marks,
    )
    return Read(body, _links(text, pieces.places, limits, notes), tuple(notes), other, text.aside)


def _quoted_language(quoted: str, quotes: Iterable[Quote]) -> str:
    """Of what was said, not of the client's words above it: under a greeting these would be the longer text."""
    said = "\n".join([quote.body for quote in quotes if quote.body])[:_LANGUAGE_SAMPLE]
    return detect(_QUOTE_MARKS.sub("", said) if said else quoted[:_LANGUAGE_SAMPLE])


def _links(text: bodies.Text, places: bytes, limits: Limits, notes: list[tuple[str, str]]) -> tuple[Link, ...]:
    """Links of HTML and URLs in running text, in order, each with its place."""
    found = links.in_text(text.visible, limits.links)
    if not found and not text.links:
        return ()
    covered = {target for _, _, target in text.links}
    covered.update(shown.strip() for _, shown, _ in text.links)
    bare = ((offset, "", url) for offset, url in found if url and url not in covered)
    everything = sorted((*text.links, *bare), key=lambda link: link[0])
    if len(everything) > limits.links or len(found) >= limits.links:
        notes.append(("mail.limit-links", ""))
    out: list[Link] = []
    position = line = 0
    for offset, shown, target in everything[: limits.links]:
        if offset >= 0:
            line += text.visible.count("\n", position, offset)
            position = offset
        out.append(links.link(shown, target, PLACES[places[line]] if offset >= 0 else "hidden"))
    return tuple(dict.fromkeys(out))
