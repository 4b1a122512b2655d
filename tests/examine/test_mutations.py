"""Two hundred damaged documents of each kind, the same ones every time: only declared states come out, in bounds."""

import random
import zlib

import pytest
from tests.builders.files import artifact, examined, external, link, ole1_object, package, pdf, stream, wrapped_file

from seriema.examine.kinds import KINDS
from seriema.exercise.compound_file import compound_file
from seriema.exercise.documents import (
    Spelling,
    doc_with_macro,
    docm_with_macro,
    macro_source,
    xls_with_macro,
)
from seriema.model.artifact import State

SOURCE = macro_source("http://a.test/x", r"C:\x.dll", Spelling.CHR)
PACKAGED = ole1_object("Package", wrapped_file("a.exe", b"MZ" + bytes(50)))
DOCUMENTS = {
    "doc": doc_with_macro(SOURCE, "Dear all", cache=b"p-code" * 20),
    "docm": docm_with_macro(SOURCE, "Dear all"),
    "xls": xls_with_macro(SOURCE),
    "docx": package(
        {"word/document.xml": "<w:t>x</w:t>", "word/_rels/a.rels": external("oleObject", "http://a.test/")}
    ),
    "rtf": b"{\\rtf1{\\object{\\*\\objdata " + PACKAGED.hex().encode() + b"}}}",
    "pdf": pdf(
        b"<< /OpenAction 2 0 R >>", b"<< /S /URI /URI (http://a.test/) >>", stream(b"<< /JS (x) >>", b"/Type /ObjStm ")
    ),
    "lnk": link("C:\\cmd.exe", "/c x", environment="%comspec%", name="n"),
    "html": b"<html><script>var d='" + b"QUJD" * 200 + b"';new Blob(atob(d));x.download='a'</script><form action=x>",
    "smime": bytes.fromhex("308006092a864886f70d010702a080308002010131003080") + bytes(99),
    "ole": compound_file(
        {"A/\x01Ole10Native": b"\x20\0\0\0" + wrapped_file("a", b"b"), "Package": zlib.compress(b"x")}
    ),
}
COUNT = 200


def mutated(content, number):
    """The document with a few bytes changed, a piece doubled, or cut off."""
    draw = random.Random(number)
    out = bytearray(content)
    for _ in range(draw.randint(1, 12)):
        out[draw.randrange(len(out))] = draw.choice((0, 1, 0x7F, 0xFF, draw.randrange(256)))
    at = draw.randrange(len(out))
    if number % 5 == 0:
        out[at:at] = out[at : at + draw.randint(1, 600)]
    if number % 7 == 0:
        del out[at:]
    return bytes(out)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_damaged_documents(kind):
    for number in range(COUNT):
        content = mutated(DOCUMENTS[kind], number)
        assert artifact(content, f"x.{kind}").kind in KINDS
        for seen in (
            examined(content, f"x.{kind}"),
            examined(content, "x", kind=kind, file_class=KINDS[kind].file_class),
        ):
            assert seen.state is not State.CRASHED, seen.state_reason
            assert seen.state is State.INSPECTED or seen.state_reason
            assert sum(child.size for child in seen.children) <= 40 * len(content) + 100_000


@pytest.mark.parametrize("kind", ["doc", "docm", "xls"])
def test_no_address_is_invented(kind):
    source = {"Module1": 'Sub AutoOpen()\nx = "' + "y" * 300 + '" & Environ(1)\nEnd Sub'}
    builders = {
        "doc": lambda: doc_with_macro(source, "x"),
        "docm": lambda: docm_with_macro(source, "x"),
        "xls": lambda: xls_with_macro(source),
    }
    whole = builders[kind]()
    for number in range(COUNT):
        assert not [one for one in examined(mutated(whole, number), f"x.{kind}").indicators if one.type == "url"]
