"""A letter as the bytes that arrived: one writer for lures, twins and ordinary mail (RFC 5322, 2045–2047, 2183, 8551).

Whatever is not a fact of the letter (identifiers, boundaries, queue names) is drawn from its Message-ID, so the writer
cannot know what the letter is there for.
"""

import base64
import quopri
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import format_datetime

from seriema.exercise.cast import Person
from seriema.exercise.dice import Dice
from seriema.exercise.letter import Attachment, Letter, local
from seriema.exercise.quoting import plain, rich
from seriema.exercise.route import Gateway, trace
from seriema.exercise.wording import bare

LONGEST_LINE = 990  #: octets; RFC 5321 allows 998
WORD_OCTETS = 42  #: of one RFC 2047 encoded word before base64, so that the word stays under 75
#: What Japanese mail programs of the time wrote instead of UTF-8.
LEGACY = {"roundcube": "iso-2022-jp", "outlook-smtp": "iso-2022-jp", "thunderbird": "iso-2022-jp"}
CULTURES = {"en": "en-US", "de": "de-DE", "es": "es-ES", "fr": "fr-FR", "it": "it-IT", "ja": "ja-JP"}


@dataclass(frozen=True, slots=True)
class Part:
    """One MIME entity: its own fields and its body."""

    fields: tuple[tuple[str, str], ...]
    body: bytes

    def __bytes__(self) -> bytes:
        head = "".join(f"{name}: {value}\n" for name, value in self.fields)
        return head.encode("ascii") + b"\n" + self.body


def raw(letter: Letter, gateway: Gateway) -> bytes:
    """The whole mail with the trace of the gateway on top. Ends with one line feed."""
    dice = Dice(letter.message_id)
    entity = _entity(letter, dice)
    head = [*trace(letter, gateway, dice), *_fields(letter, entity, dice)]
    lines = "".join(f"{name}: {value}\n" for name, value in head)
    return lines.encode("utf-8") + b"\n" + entity.body.rstrip(b"\n") + b"\n"


def _fields(letter: Letter, entity: Part, dice: Dice) -> Iterable[tuple[str, str]]:
    """The author's fields in the order of the author's mail program; empty ones are left out."""
    client, content = letter.author.client, dict(entity.fields)
    ids = [f"<{ancestor.message_id}>" for ancestor in letter.ancestors] if letter.linked else []
    culture = CULTURES[letter.author.language]
    values = {
        "from": _mailbox(letter.author),
        "to": _mailboxes(letter.to),
        "cc": _mailboxes(letter.cc),
        "subject": _encoded(letter.subject),
        "date": format_datetime(local(letter.sent, letter.author.organisation)),
        "message-id": f"<{letter.message_id}>",
        "in-reply-to": ids[0] if ids else "",
        "references": "\n ".join(reversed(ids)),
        "mime-version": "1.0",
        "content-type": content["Content-Type"],
        "x-mailer": client.agent,
        "user-agent": client.agent,
        "thread-topic": _encoded(bare(letter.subject)),
        "thread-index": dice.shape("Ad{A1}{B27}"),
        "accept-language": f"{culture}, en-US" if culture != "en-US" else culture,
        "content-language": culture.lower(),
        "x-ms-has-attach": "yes" if letter.attachments else "",
        "x-sender": letter.author.address,
    }
    yield from ((name, values[name.lower()]) for name in client.fields.split() if values[name.lower()])
    yield from letter.extra
    yield from ((name, value) for name, value in entity.fields if name != "Content-Type")


def _mailboxes(people: Iterable[Person]) -> str:
    return ",\n\t".join(map(_mailbox, people))


def _mailbox(person: Person) -> str:
    name = person.name
    if name.isascii() and not set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ -"):
        name = f'"{name}"'
    return f"{_encoded(name)} <{person.address}>"


def _encoded(text: str) -> str:
    """``text`` as RFC 2047 encoded words where it is not ASCII."""
    if text.isascii():
        return text
    words = [b""]
    for character in text:
        octets = character.encode()
        if len(words[-1]) + len(octets) > WORD_OCTETS:
            words.append(b"")
        words[-1] += octets
    return "\n ".join(f"=?utf-8?B?{base64.b64encode(word).decode('ascii')}?=" for word in words)


def _entity(letter: Letter, dice: Dice) -> Part:
    """The content: text, text and HTML, with attachments, signed."""
    entity = _text(letter, "plain", plain(letter))
    if letter.author.client.rich:
        page = f"<html><head>{META}</head><body>\n{rich(letter)}</body></html>\n"
        entity = _multipart("alternative", [entity, _text(letter, "html", page)], letter, dice)
    if letter.attachments:
        entity = _multipart("mixed", [entity, *(_attached(letter, file) for file in letter.attachments)], letter, dice)
    if letter.signed:
        seal = _attached(letter, Attachment("smime.p7s", _seal(dice), "application/pkcs7-signature"))
        extra = '; protocol="application/pkcs7-signature"; micalg=sha-256'
        entity = _multipart(f"signed{extra}", [entity, seal], letter, dice)
    return entity


META = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'


def _multipart(subtype: str, parts: Iterable[Part], letter: Letter, dice: Dice) -> Part:
    boundary = dice.shape(letter.author.client.boundary)
    body = b"".join(b"--%s\n%s\n" % (boundary.encode(), bytes(part).rstrip(b"\n") + b"\n") for part in parts)
    fields = (("Content-Type", f'multipart/{subtype};\n\tboundary="{boundary}"'),)
    return Part(fields, body + b"--%s--\n" % boundary.encode())


def _text(letter: Letter, subtype: str, text: str) -> Part:
    charset, content = _characters(letter, text if text.endswith("\n") else f"{text}\n", subtype)
    longest = max(map(len, content.split(b"\n")))
    encoding = letter.author.client.encoding
    if content.isascii() and longest <= LONGEST_LINE:
        encoding = "7bit"
    elif encoding == "8bit" and longest > LONGEST_LINE:
        encoding = "quoted-printable"
    body = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding, bytes)(content)
    kind = f'text/{subtype}; charset="{charset}"'
    return Part((("Content-Type", kind), ("Content-Transfer-Encoding", encoding)), body)


def _characters(letter: Letter, text: str, subtype: str) -> tuple[str, bytes]:
    """Charset and bytes; pages say UTF-8 themselves."""
    if text.isascii():
        return "us-ascii" if subtype == "plain" else "utf-8", text.encode("ascii")
    legacy = LEGACY.get(letter.author.client.name, "") if letter.language == "ja" and subtype == "plain" else ""
    try:
        return (legacy, text.encode(legacy)) if legacy else ("utf-8", text.encode())
    except UnicodeEncodeError:
        return "utf-8", text.encode()


def _attached(letter: Letter, file: Attachment) -> Part:
    kind = file.kind or letter.author.client.zip_type
    name = f'"{_encoded(file.name)}"'.replace("\n ", " ")
    fields = (
        ("Content-Type", f"{kind};\n\tname={name}"),
        ("Content-Disposition", f"attachment;\n\tfilename={name}"),
        ("Content-Transfer-Encoding", "base64"),
    )
    return Part(fields, base64.encodebytes(file.content))


def _seal(dice: Dice) -> bytes:
    """Something with the outer shape of a CMS SignedData (RFC 5652, 5.1): identifier, then opaque octets."""
    opaque = b"\xa0\x82\x02\x00" + dice.randbytes(512)
    inner = bytes.fromhex("06092a864886f70d010702") + opaque
    return b"\x30\x82" + len(inner).to_bytes(2, "big") + inner
