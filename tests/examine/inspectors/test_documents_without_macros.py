"""Office documents, Rich Text, PDF, S/MIME and text: what they bring in, carry, start and show."""

import zlib

import pytest
from tests.builders.files import (
    der,
    examined,
    external,
    names_of,
    ole1_object,
    package,
    pdf,
    stream,
    wrapped_file,
    zipped,
)

from seriema.exercise.compound_file import compound_file
from seriema.exercise.documents import docx
from seriema.model.artifact import State
from seriema.model.limits import Limits

PROGRAM = b"MZ" + bytes(100)
NATIVE = wrapped_file("C:\\tmp\\invoice.exe", PROGRAM)
OBJECT = compound_file({"\x01Ole10Native": len(NATIVE).to_bytes(4, "little") + NATIVE})


# -- Office packages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "target", "fact", "role"),
    [
        ("attachedTemplate", "http://a.test/t.dotm", "office.external-template", "download"),
        ("oleObject", "http://a.test/o.rtf", "office.external-object", "download"),
        ("image", "http://a.test/p.png", "office.external-picture", "link"),
        ("externalLinkPath", "http://a.test/b.xlsx", "office.external-link", "link"),
        ("hyperlink", "http://a.test/?a=1&amp;b=2", None, "link"),
    ],
)
def test_what_stands_outside_is_named(kind, target, fact, role):
    seen = examined(
        package({"word/document.xml": "", "word/_rels/settings.xml.rels": external(kind, target)}), "x.docx"
    )
    assert names_of(seen) == ({fact} if fact else set())
    assert [(one.value, one.role) for one in seen.indicators] == [(target.replace("&amp;", "&"), role)]
    assert seen.state is State.INSPECTED


def test_relationships_in_another_encoding_are_read_too():
    part = external("attachedTemplate", "http://a.test/t.dotm").encode("utf-16")
    assert "office.external-template" in names_of(examined(package({"word/_rels/settings.xml.rels": part}), "x.docx"))


@pytest.mark.parametrize(
    "body",
    [
        "<w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText>",
        '<w:r><w:instrText xml:space="preserve">DD</w:instrText></w:r><w:r><w:instrText>EAUTO x</w:instrText></w:r>',
        '<w:fldSimple w:instr="DDE cmd /c"/>',
    ],
)
def test_an_exchange_field_is_named_even_when_split(body):
    assert "office.data-exchange" in names_of(examined(package({"word/document.xml": body}), "x.docx"))


def test_an_exchange_link_of_a_workbook_is_named():
    link = '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    parts = {"xl/workbook.xml": "", "xl/externalLinks/externalLink1.xml": link}
    seen = examined(package(parts, "spreadsheetml.sheet.main+xml"), "x.xlsx")
    assert [(one.name, one.detail) for one in seen.findings] == [("office.data-exchange", "cmd /c calc")]


def test_excel_4_macro_sheets_are_not_inspected():
    parts = {"xl/workbook.xml": "", "xl/macrosheets/sheet1.xml": "<f>EXEC()</f>"}
    seen = examined(package(parts, "spreadsheetml.sheet.main+xml"), "x.xlsx")
    assert ("office.macro-sheet" in names_of(seen), seen.state) == (True, State.UNSUPPORTED)


def test_opendocument_macros_are_not_inspected():
    parts = {"mimetype": b"application/vnd.oasis.opendocument.text", "Basic/Standard/Module1.xml": b"Sub Main"}
    assert examined(zipped(parts, 0), "x.odt").state is State.UNSUPPORTED


@pytest.mark.parametrize(
    ("part", "content", "child"),
    [
        ("word/embeddings/oleObject1.bin", OBJECT, ("invoice.exe", PROGRAM)),
        ("word/embeddings/oleObject1.bin", b"raw", ("oleObject1.bin", b"raw")),
        ("word/embeddings/Book1.xlsx", b"PK", ("Book1.xlsx", b"PK")),
        ("word/media/run.exe", PROGRAM, ("run.exe", PROGRAM)),
        ("word/media/image1.png", b"png", None),
    ],
)
def test_embedded_files_become_files(part, content, child):
    seen = examined(package({"word/document.xml": "", part: content}), "x.docx")
    assert [(one.name, one.content) for one in seen.children] == ([child] if child else [])


def test_the_text_a_reader_sees():
    (text,) = examined(docx("Das Passwort lautet\nabc & 123"), "x.docx").texts
    assert (text.source, text.content) == ("attachment", "Das Passwort lautet\nabc & 123")


def test_a_bomb_in_a_document_is_a_limit():
    bomb = package({"word/document.xml": b"<a/>" * 1_000_000})
    assert examined(bomb, "x.docx", Limits(member_bytes=1 << 20)).state is State.LIMIT


def test_a_torn_document_is_malformed():
    assert examined(docx("x")[:-40], "x.docx", kind="docx").state is State.MALFORMED


# -- legacy Office -----------------------------------------------------------------------------------------------------


def record(number, content):
    return number.to_bytes(2, "little") + len(content).to_bytes(2, "little") + content


BEGIN, END = record(0x809, bytes(16)), record(0x0A, b"")


@pytest.mark.parametrize(
    "streams",
    [
        {"EncryptionInfo": b"x", "EncryptedPackage": b"x"},
        {"WordDocument": b"\xec\xa5\xc1\0" + bytes(6) + b"\0\x01" + bytes(2000)},
        {"Workbook": BEGIN + record(0x2F, bytes(54)) + END},
        {"PowerPoint Document": b"x", "Current User": bytes(12) + b"\xdf\xc4\xd1\xf3" + bytes(8)},
    ],
)
def test_an_encrypted_document_is_locked_unless_opening_said_why_it_is_not_read(streams):
    content = compound_file(streams)
    assert examined(content, "x.doc").state is State.LOCKED
    assert examined(content, "x.doc", encrypted=True).state is State.LOCKED
    assert examined(content, "x.doc", state=State.LIMIT).state is State.INSPECTED


def test_a_macro_sheet_of_a_workbook_is_not_inspected():
    sheet = record(0x85, bytes(4) + b"\0\x01\x06\0" + b"Macro1")
    seen = examined(compound_file({"Workbook": BEGIN + sheet + END}), "x.xls")
    assert [(one.name, one.place) for one in seen.findings] == [("office.macro-sheet", "Macro1")]
    assert seen.state is State.UNSUPPORTED


def test_records_beyond_those_that_are_read_are_a_limit():
    sheet = record(0x85, bytes(4) + b"\0\x01\x06\0" + b"Macro1")
    seen = examined(compound_file({"Workbook": BEGIN + record(0x42, b"") * 200_000 + sheet + END}), "x.xls")
    assert seen.state is State.LIMIT


def test_files_in_a_legacy_document_become_files():
    streams = {"WordDocument": bytes(2000), "ObjectPool/_1/\x01Ole10Native": len(NATIVE).to_bytes(4, "little") + NATIVE}
    seen = examined(compound_file(streams), "x.doc")
    assert [(one.name, one.content) for one in seen.children] == [("invoice.exe", PROGRAM)]


def test_the_old_equation_editor_is_named():
    streams = {"WordDocument": bytes(2000), "ObjectPool/_1/Equation Native": b"x"}
    assert "office.equation-object" in names_of(examined(compound_file(streams), "x.doc"))


def test_a_compound_file_of_no_known_kind_is_not_inspected():
    assert examined(compound_file({"Anything": b"x"}), "x.dat").state is State.UNSUPPORTED


@pytest.mark.parametrize(("count", "state"), [(50, State.INSPECTED), (51, State.LIMIT)])
def test_more_embedded_files_than_are_read_are_not_passed_over(count, state):
    object_ = len(NATIVE).to_bytes(4, "little") + NATIVE
    streams = {f"ObjectPool/_{number}/\x01Ole10Native": object_ for number in range(count)}
    seen = examined(compound_file({"WordDocument": bytes(64), **streams}), "x.doc")
    assert (seen.state, len(seen.children)) == (state, 50)


# -- Rich Text ---------------------------------------------------------------------------------------------------------


def rtf(body):
    return b"{\\rtf1\\ansi " + body + b"}"


@pytest.mark.parametrize(
    "written",
    [
        ole1_object("Package", NATIVE).hex().encode(),
        b"\r\n".join(ole1_object("Package", NATIVE).hex().encode()[i : i + 32] for i in range(0, 700, 32)),
        ole1_object("Package", NATIVE).hex().encode().replace(b"0105", b"01{\\zzz9}05", 1),
        b"\\bin%d " % len(ole1_object("Package", NATIVE)) + ole1_object("Package", NATIVE),
    ],
)
def test_an_object_is_read_however_it_is_written(written):
    seen = examined(rtf(b"{\\object\\objupdate{\\*\\objdata " + written + b"}}"), "x.doc")
    assert [(one.name, one.content) for one in seen.children] == [("invoice.exe", PROGRAM)]
    assert {"rtf.object", "rtf.object-update"} <= names_of(seen)
    assert seen.state is State.INSPECTED


def test_an_object_that_makes_no_sense_is_not_inspected():
    assert examined(rtf(b"{\\*\\objdata 0102}"), "x.rtf").state is State.UNSUPPORTED


def test_a_remote_template_is_a_download():
    seen = examined(rtf(b"{\\*\\template http://a.test/t.dot}"), "x.rtf")
    assert [(one.value, one.role) for one in seen.indicators] == [("http://a.test/t.dot", "download")]


def test_plain_rich_text_says_nothing():
    seen = examined(rtf(b"\\par Hello {\\b there}"), "x.rtf")
    assert (seen.findings, seen.state) == ((), State.INSPECTED)


# -- PDF ---------------------------------------------------------------------------------------------------------------

LAUNCH = b"<< /Type /Action /S /Launch /F (cmd.exe) >>"


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        (pdf(b"<< /Type /Catalog >>"), set()),
        (pdf(b"<< /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>"), {"pdf.open-action", "pdf.script"}),
        (pdf(b"<< /S /J#61vaScript /J#53 (x) >>"), {"pdf.script"}),
        (pdf(LAUNCH), {"pdf.launch"}),
        (pdf(stream(LAUNCH, b"/Type /ObjStm /N 1 /First 0 ")), {"pdf.launch"}),
        (
            pdf(stream(LAUNCH.hex().encode() + b">", b"/Type /ObjStm /Filter /ASCIIHexDecode ", deflated=False)),
            {"pdf.launch"},
        ),
        (pdf(b"<< /S /SubmitForm >>", b"<< /XFA 3 0 R >>"), {"pdf.submit-form", "pdf.xfa-form"}),
    ],
)
def test_what_a_document_starts_is_named(content, facts):
    seen = examined(content, "x.pdf")
    assert (names_of(seen), seen.state) == (facts, State.INSPECTED)


@pytest.mark.parametrize(
    "written",
    [b"(http://a.test/\\(1\\))", b"(http\\072//a.test/(1))", b"<687474703a2f2f612e746573742f283129>",
     b"(\xfe\xff" + "http://a.test/(1)".encode("utf-16-be").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"],
)  # fmt: skip
def test_a_link_is_read_however_it_is_written(written):
    seen = examined(pdf(b"<< /S /URI /URI " + written + b" >>"), "x.pdf")
    assert [(one.value, one.role) for one in seen.indicators] == [("http://a.test/(1)", "link")]


@pytest.mark.parametrize(
    "filters",
    [b"/Filter 4 0 R ", b"/Filter [ 4 0 R ] ", b"/Filter [" + b"/FlateDecode " * 40 + b"] "],
)
def test_filters_that_are_not_read_leave_the_document_unread(filters):
    packed = stream(LAUNCH, b"/Type /ObjStm " + filters, deflated=False)
    assert examined(pdf(b"<< >>", packed), "x.pdf").state is not State.INSPECTED


def test_a_stream_without_its_object_is_malformed():
    packed = stream(LAUNCH, b"/Type /ObjStm /Padding (" + b" " * 20_000 + b") ")
    assert examined(pdf(b"<< >>", packed), "x.pdf").state is State.MALFORMED


def test_embedded_files_of_a_document():
    content = pdf(b"<< /Type /Filespec /UF (run.exe) /EF << /F 2 0 R >> >>", stream(PROGRAM))
    assert [(one.name, one.content) for one in examined(content, "x.pdf").children] == [("run.exe", PROGRAM)]


@pytest.mark.parametrize(
    "trailer", [b"/Encrypt 2 0 R ", b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P -4 >> "]
)
def test_a_document_that_asks_for_a_password_is_locked(trailer):
    seen = examined(pdf(b"<< >>", b"<< /Filter /Standard /R 2 >>", trailer=trailer), "x.pdf")
    assert (names_of(seen), seen.state) == (set(), State.LOCKED)


def test_of_an_encrypted_document_opening_has_the_last_word():
    content = pdf(b"<< >>", trailer=b"/Encrypt 2 0 R ")
    assert examined(content, "x.pdf", encrypted=True).state is State.LOCKED
    assert examined(content, "x.pdf", state=State.LIMIT).state is State.INSPECTED
    assert examined(content, "x.pdf", encrypted=True, decrypted_sha256="0" * 64).state is State.INSPECTED


def test_a_document_without_objects_is_malformed():
    assert examined(b"%PDF-1.7\nnothing\n", "x.pdf").state is State.MALFORMED


def test_a_filter_that_is_not_read_leaves_packed_objects_unread():
    packed = stream(b"x", b"/Type /ObjStm /Filter /LZWDecode ", deflated=False)
    assert examined(pdf(packed), "x.pdf").state is State.UNSUPPORTED


def test_a_bomb_of_packed_objects_is_a_limit():
    packed = stream(bytes(4 << 20), b"/Type /ObjStm ")
    assert examined(pdf(packed), "x.pdf", Limits(member_bytes=1 << 20)).state is State.LIMIT


# -- S/MIME and text ---------------------------------------------------------------------------------------------------

SIGNED, ENVELOPED = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010703")
COMPRESSED, DATA = bytes.fromhex("2a864886f70d0109100109"), bytes.fromhex("2a864886f70d010701")
MAIL = b"Content-Type: text/plain\r\n\r\nHello\r\n" + b"x" * 200


def content_info(oid, body):
    return der(0x30, der(6, oid), der(0xA0, body))


def encapsulated(content):
    return der(0x30, der(6, DATA), der(0xA0, der(4, content)))


def test_a_signed_mail_gives_its_content():
    seen = examined(content_info(SIGNED, der(0x30, der(2, b"\1"), der(0x31), encapsulated(MAIL))), "smime.p7m")
    assert ([child.content for child in seen.children], seen.state) == ([MAIL], State.INSPECTED)


def test_indefinite_lengths_and_pieces_are_read():
    pieces = b"\x24\x80" + der(4, MAIL[:100]) + der(4, MAIL[100:]) + b"\0\0"
    data = b"\x30\x80" + der(6, DATA) + b"\xa0\x80" + pieces + b"\0\0\0\0"
    signed = b"\x30\x80" + der(2, b"\1") + der(0x31) + data + b"\0\0"
    content = b"\x30\x80" + der(6, SIGNED) + b"\xa0\x80" + signed + b"\0\0\0\0"
    assert [child.content for child in examined(content, "smime.p7m").children] == [MAIL]


def test_a_compressed_mail_gives_its_content():
    body = der(0x30, der(2, b"\0"), der(0x30), encapsulated(zlib.compress(MAIL * 9)))
    seen = examined(content_info(COMPRESSED, body), "smime.p7m", kind="smime")
    assert [child.content for child in seen.children] == [MAIL * 9]


def test_an_encrypted_mail_is_not_inspected():
    seen = examined(content_info(ENVELOPED, der(0x30, bytes(150))), "smime.p7m")
    assert (names_of(seen), seen.state) == ({"smime.encrypted"}, State.UNSUPPORTED)


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("x.csv", b"a,=cmd|'/c calc'!A0\n", True),
        ("x.csv", b"1,2\n=SUM(A1)\n", False),
        ("x.txt", b"=cmd|'/c calc'!A0\n", False),
        ("x.xls", b"a\t@cmd|'/c calc'!A0\n", True),
    ],
)
def test_a_call_in_a_table(name, content, named):
    assert ("csv.data-exchange" in names_of(examined(content, name))) is named


def test_text_is_offered_for_the_password_search_and_cut():
    (text,) = examined("Passwort: größe".encode("cp1252") + b" " * 99, "x.txt", Limits(text_chars=15)).texts
    assert (text.source, text.content) == ("attachment", "Passwort: größe")
