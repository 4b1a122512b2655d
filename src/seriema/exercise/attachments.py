"""What lies in the attachments: documents that would fetch and run something, harmless ones, and their archives.

The documents only look the part: their addresses end in ``.test``, so even a macro that ran would reach nobody.
"""

import base64
import zlib
from dataclasses import dataclass, replace
from functools import cache

from seriema.exercise.archives import zip_bytes
from seriema.exercise.cast import Organisation, Person
from seriema.exercise.dice import Dice
from seriema.exercise.documents import Spelling, doc_with_macro, docm_with_macro, macro_source
from seriema.exercise.letter import Attachment, Letter
from seriema.exercise.mailbox import FileFacts
from seriema.exercise.wording import phrase, topics

#: Names of archives as such waves use them; the sender's or the reader's company name is one of them too.
ARCHIVES = ("info", "request", "docs", "documents", "inf", "legal", "doc", "data", "files", "{author}", "{reader}")
DOCUMENTS = ("{w}_{mm}_{dd}", "{w}-{mm}.{dd}", "{w} {mm}.{dd}.{yyyy}", "{w}_{mm}.{yy}", "{w}.{dd}.{mm}")
WORDS = ("info", "information", "command", "charge", "statement", "details", "legal", "decree", "figures", "report")
SAVED = (
    "C:\\ProgramData\\{a8}.dll",
    "C:\\Users\\Public\\{a6}.dll",
    "C:\\Windows\\Temp\\{d7}.dll",
    "c:\\programdata\\{d5}.dat",
)
THEMES = ("twentynineteen", "twentyseventeen", "astra", "oceanwp", "sydney", "generatepress")
SPELLINGS = (Spelling.PLAIN, Spelling.PLAIN, Spelling.JOINED, Spelling.CHR, Spelling.REVERSED)
#: One WinZip AES archive among this many traditional ones.
METHODS = ("zipcrypto",) * 6 + ("aes256",)
TOGETHER = 100  #: octets that text packs to more within a document than by itself
ENOUGH = 12  #: octets of difference that do not matter
SENTENCE_OCTETS = 60  #: that a document grows by a sentence more than by reference numbers that pack alike
LINE_OCTETS = 30  #: of one line of reference numbers when packed
#: How a document keeps its text; a .docm packs it itself.
ENCODINGS = {"doc": "utf-16-le", "docm": "utf-8"}
WORD = {"doc": doc_with_macro, "docm": docm_with_macro}
EMPTY_PROJECT = {"ThisDocument": "Attribute VB_PredeclaredId = True"}
FORMATTING = """Sub FormatReport()
    Dim number As Integer
    For number = 1 To ActiveDocument.Tables.Count
        ActiveDocument.Tables(number).Rows.HeightRule = 0
    Next number
    ActiveDocument.Fields.Update
End Sub
"""
ON_OPENING = FORMATTING + "\nPrivate Sub Document_Open()\n    FormatReport\nEnd Sub\n"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Attached files with what is true of them."""

    attachments: tuple[Attachment, ...]
    facts: FileFacts


def cms_url(dice: Dice, host: str) -> str:
    """A delivery address as in the report: a theme's folder, 16 alphanumerics, 114 bytes as 152 characters."""
    token = base64.urlsafe_b64encode(b"0001 " + dice.randbytes(109)).decode("ascii")
    return f"http://{host}/wp-content/themes/{dice.choice(THEMES)}/_{dice.shape('{B16}')}.php?x={token}"


def cabinet_url(dice: Dice, host: str) -> str:
    """The other shape of that spring: a folder, a script, and a numbered cabinet file."""
    return (
        f"http://{host}/{dice.shape('{l6}')}/{dice.shape('{l6}')}.php?l={dice.shape('{l4}')}{dice.randrange(1, 15)}.cab"
    )


def payload(dice: Dice, letter: Letter, password: str, url: str) -> Enclosed:
    """A locked archive with one document whose macro would fetch ``url`` and hand it to regsvr32."""
    extension, content, saved_as = _document(dice, letter, url)
    enclosed = _locked(dice, letter, password, f"{_document_name(dice, letter)}.{extension}", content)
    return replace(enclosed, facts=replace(enclosed.facts, url=url, saved_as=saved_as))


def harmless(dice: Dice, letter: Letter, password: str, *, macro: bool = False) -> Enclosed:
    """The same around a document that does nothing, or that formats itself when asked to.

    It has the size of a document of the other kind, packed and unpacked.
    """
    extension, model, _ = _document(dice, letter, cms_url(dice, "model.test"))
    content = WORD[extension](_project(macro=macro), _filling(dice, letter, extension, model, macro=macro))
    return _locked(dice, letter, password, f"{_document_name(dice, letter)}.{extension}", content)


def _project(*, macro: bool) -> dict[str, str]:
    return {**EMPTY_PROJECT, "Module1": FORMATTING} if macro else EMPTY_PROJECT


@cache
def _blank(extension: str, *, macro: bool) -> tuple[int, int]:
    """Size, unpacked and packed, of a harmless document without text."""
    content = WORD[extension](_project(macro=macro), "")
    return len(content), len(zlib.compress(content))


def _filling(dice: Dice, letter: Letter, extension: str, model: bytes, *, macro: bool) -> str:
    """Sentences and reference numbers that make a harmless document about as large as ``model``."""
    size, packed = _blank(extension, macro=macro)
    wanted, room = len(zlib.compress(model)) - packed - TOGETHER, len(model) - size
    lines = _padding(dice, letter)
    while True:
        text = _filled_up(dice, lines, ENCODINGS[extension], wanted)
        excess = len(text.encode(ENCODINGS[extension])) - room
        if extension != "doc" or excess <= 0 or not lines:
            return text
        lines = lines[: -1 - excess // SENTENCE_OCTETS]


def _filled_up(dice: Dice, lines: list[str], encoding: str, wanted: int) -> str:
    """The sentences and as many reference numbers as make them pack to ``wanted`` octets."""
    text = "\n".join(lines)
    while (missing := wanted - len(zlib.compress(text.encode(encoding)))) > ENOUGH:
        text += "".join(f"\n{dice.shape('{B24}')}" for _ in range(1 + missing // LINE_OCTETS))
    return text


def _document(dice: Dice, letter: Letter, url: str) -> tuple[str, bytes, str]:
    """Extension and bytes of a document whose macro would fetch ``url``, and where it would save that."""
    saved_as = dice.shape(dice.choice(SAVED))
    source = macro_source(url, saved_as, dice.choice(SPELLINGS), dice.choice(("AutoOpen", "Document_Open")))
    text = "\n".join((phrase(dice, letter.language, "enable"), *_padding(dice, letter)))
    extension = "docm" if dice.chance(0.12) else "doc"
    return extension, WORD[extension](source, text), saved_as


def _locked(dice: Dice, letter: Letter, password: str, name: str, content: bytes) -> Enclosed:
    method = dice.choice(METHODS)
    archive = zip_bytes([(name, content)], password, method, when=letter.sent)
    facts = FileFacts(archive_name(dice, letter), (name,), password, method if password else "")
    return Enclosed((Attachment(facts.archive, archive),), facts)


def bundle(dice: Dice, letter: Letter, files: list[tuple[str, bytes]], password: str = "") -> Enclosed:
    """Several files in one archive, locked when there is a password."""
    archive = zip_bytes(files, password, when=letter.sent)
    names = tuple(name for name, _ in files)
    facts = FileFacts(archive_name(dice, letter), names, password, "zipcrypto" if password else "")
    return Enclosed((Attachment(facts.archive, archive),), facts)


def archive_name(dice: Dice, letter: Letter) -> str:
    """A short name that could be anybody's."""
    name = dice.choice(ARCHIVES).format(author=_company(letter.author), reader=_company(letter.to[0]))
    return f"{name}.zip"


def _company(person: Person) -> str:
    organisation: Organisation = person.organisation
    return organisation.domain.partition(".")[0]


def _document_name(dice: Dice, letter: Letter) -> str:
    when = letter.sent
    return dice.choice(DOCUMENTS).format(
        w=dice.choice(WORDS), mm=f"{when:%m}", dd=f"{when:%d}", yy=f"{when:%y}", yyyy=f"{when:%Y}"
    )


def _padding(dice: Dice, letter: Letter) -> list[str]:
    """Sentences that make a document longer or shorter."""
    pool = [line for entry in topics(letter.language) for line in entry["lines"]]
    return [dice.choice(pool) for _ in range(dice.randrange(20))]


def page(title: str, lines: list[str]) -> bytes:
    """A one-page PDF (ISO 32000-1, 7.5) with those ASCII lines."""
    shown = "".join(f"({line.replace('(', '').replace(')', '')}) Tj T*\n" for line in [title, *lines])
    stream = f"BT /F1 11 Tf 14 TL 60 780 Td\n{shown}ET".encode("ascii", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        len(out),
    )
