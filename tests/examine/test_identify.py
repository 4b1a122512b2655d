"""A file is what its content says; its name decides only where content cannot."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.files import artifact, link, package, pdf, stream, windows_program, zipped

from seriema.examine import identify
from seriema.examine.identify import decoded
from seriema.examine.kinds import BY_EXTENSION, KINDS
from seriema.exercise.compound_file import compound_file
from seriema.exercise.documents import (
    doc_with_macro,
    docm_with_macro,
    docx,
    macro_source,
    xls_with_macro,
    xlsm_with_macro,
)
from seriema.model.artifact import FileClass

SOURCE = macro_source("http://a.test/x", r"C:\x.dll")
MAIL = b"Received: from a.test\r\nFrom: a@a.test\r\nTo: b@b.test\r\nSubject: x\r\n\r\nHello\r\n"
BITMAP = b"BM" + bytes(12) + struct.pack("<I", 40) + bytes(40)
SIGNED = bytes.fromhex(
    "308006092a864886f70d010702a0803080020101310f300d06096086480165030402010500308006092a864886f70d010701"
)

CASES = [
    # content, name, kind
    (b"", "x.doc", "empty"),
    (b"Hello", "", "text"),
    ("Größe".encode("cp1252"), "brief.txt", "text"),
    ("テスト".encode("iso-2022-jp"), "x.txt", "text"),
    ("\ufeffvar x = 1".encode("utf-16"), "x.js", "js"),
    ("Hallo Welt, wie geht es".encode("utf-16-le"), "", "text"),
    (b"one stray \x00 byte in an old mail" + b" and so on" * 30, "", "text"),
    (bytes(range(256)) * 4, "x.bin", "unknown"),
    (b"a,b\r\n1,2\r\n", "x.csv", "csv"),
    (b'{"a": 1}', "x.json", "json"),
    (b"BEGIN:VCALENDAR\r\n", "invite", "ics"),
    (b"BEGIN:VCARD\r\n", "", "vcf"),
    (b'<?xml version="1.0"?><a/>', "a.xml", "xml"),
    (b'<?xml version="1.0"?><svg xmlns="x"/>', "", "svg"),
    (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w/>', "x.doc", "office-xml"),
    (b"<!DOCTYPE html><html></html>", "x.doc", "html"),
    (b"  \r\n<div>Hello</div>", "", "html"),
    (b"Hello <b>there</b>", "x.html", "html"),
    (b"<svg onload='x'/>", "x.svg", "svg"),
    (b"<html><hta:application></html>", "x.hta", "hta"),
    (b"<job id='x'></job>", "", "wsf"),
    (b"WScript.Echo 1", "x.vbs", "vbs"),
    (b"@echo off\r\n", "x.txt", "bat"),
    (b"echo 1", "x.cmd", "cmd"),
    (b"#@~^DgAAAA==", "x.jse", "vbe"),
    (b"#!/bin/sh\n", "", "sh"),
    (b"Write-Host 1", "x.ps1", "ps1"),
    (b"[InternetShortcut]\r\nURL=http://a.test", "", "url"),
    (MAIL, "", "message"),
    (MAIL, "x.eml", "message"),
    (MAIL, "x.txt", "text"),
    (b"broken", "x.eml", "message"),
    (b"From a@a.test Mon Jan  1 00:00:00 2024\r\n" + MAIL, "", "mbox"),
    (b"{\\rtf1 x}", "x.doc", "rtf"),
    (b"-----BEGIN PGP MESSAGE-----\n", "x.asc", "pgp-message"),
    (b"-----BEGIN PGP SIGNATURE-----\n", "", "pgp-signature"),
    (SIGNED + b"\x00\x00", "smime.p7s", "smime-signature"),
    (SIGNED + b"\xa0\x80\x24\x80", "smime.p7m", "smime"),
    (bytes.fromhex("308006092a864886f70d010703a080"), "smime.p7m", "smime"),
    (b"-----BEGIN CERTIFICATE-----\n", "", "certificate"),
    (pdf(b"<< >>"), "x.pdf", "pdf"),
    (b"junk\n" + pdf(b"<< >>"), "x.pdf", "pdf"),
    (zipped({"a.txt": b"x"}), "a.zip", "zip"),
    (bytes(100) + zipped({"a.txt": b"x"}), "a.zip", "zip"),
    (docx("x"), "x.docx", "docx"),
    (docx("x"), "", "docx"),
    (docx("x"), "x.zip", "zip"),
    (docm_with_macro(SOURCE, "x"), "x.doc", "docm"),
    (xlsm_with_macro(SOURCE), "x", "xlsm"),
    (package({"xl/workbook.xml": "", "xl/vbaProject.bin": ""}, "spreadsheetml.sheet.main+xml"), "", "xlsm"),
    (package({"ppt/presentation.xml": ""}, "presentationml.presentation.main+xml"), "", "pptx"),
    (zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b""}, 0), "x.odt", "odt"),
    (zipped({"META-INF/MANIFEST.MF": b""}), "x.jar", "jar"),
    (zipped({"AndroidManifest.xml": b"", "META-INF/MANIFEST.MF": b""}), "x.apk", "apk"),
    (doc_with_macro(SOURCE, "x"), "x.docx", "doc"),
    (xls_with_macro(SOURCE), "", "xls"),
    (compound_file({"PowerPoint Document": b"x"}), "", "ppt"),
    (compound_file({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), "x.docx", "encrypted-office"),
    (compound_file({"__properties_version1.0": b"x"}), "", "outlook-message"),
    (compound_file({"\u4840\u3f3f": b"x"}), "x.msi", "msi"),
    (compound_file({"Anything": b"x"}), "x.bin", "ole"),
    (bytes.fromhex("d0cf11e0a1b11ae1") + b"torn", "x.doc", "ole"),
    (windows_program(), "x.exe", "exe"),
    (windows_program(library=True), "x.txt", "dll"),
    (b"MZ is how this note begins", "note.txt", "text"),
    (b"\x7fELF" + bytes(30), "", "elf"),
    (bytes.fromhex("cafebabe00000002") + bytes(8), "", "mach-o"),
    (bytes.fromhex("cafebabe00000034") + bytes(8), "", "java-class"),
    (b"ITSF\x03\0\0\0" + bytes(9), "x.chm", "chm"),
    (link("c:\\x.exe"), "x.pdf", "lnk"),
    (b"Rar!\x1a\x07\x01\0" + bytes(9), "", "rar"),
    (b"Rar!\x1a\x07\0" + bytes(9), "", "rar"),
    (b"7z\xbc\xaf\x27\x1c" + bytes(9), "", "7z"),
    (b"\x1f\x8b\x08" + bytes(9), "", "gz"),
    (b"BZh91AY&SY", "", "bz2"),
    (b"\xfd7zXZ\x00", "", "xz"),
    (b"\x28\xb5\x2f\xfd" + bytes(9), "", "zst"),
    (b"MSCF\0\0\0\0" + bytes(9), "", "cab"),
    (b"\x78\x9f\x3e\x22" + bytes(9), "winmail.dat", "tnef"),
    (bytes(7) + b"**ACE**" + bytes(9), "", "ace"),
    (b"\x22\x10-lh5-" + bytes(20), "", "lzh"),
    (b"x" * 257 + b"ustar" + bytes(300), "", "tar"),
    (bytes(0x8001) + b"CD001" + bytes(99), "x.img", "iso"),
    (b"conectix" + bytes(600), "x.vhd", "vhd"),
    (bytes(1024) + b"conectix" + bytes(504), "", "vhd"),
    (b"vhdxfile" + bytes(600), "", "vhdx"),
    (bytes(2048) + b"koly" + bytes(508), "", "dmg"),
    (bytes(510) + b"\x55\xaa" + bytes(512), "", "img"),
    (bytes(4096), "x.img", "img"),
    (bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + bytes(9), "x.one", "onenote"),
    (b"\xff\xd8\xff\xe0" + bytes(99), "x.jpg", "jpeg"),
    (b"\xff\xd8\xff\xe0" + bytes(99), "x.png", "jpeg"),
    (b"\x89PNG\r\n\x1a\n" + bytes(9), "", "png"),
    (b"GIF89a" + bytes(9), "", "gif"),
    (b"GIF89a=1;alert(1)", "x.js", "js"),
    (BITMAP, "", "bmp"),
    (b"BMW is a maker of cars", "", "text"),
    (b"RIFF\0\0\0\0WEBPVP8 ", "", "webp"),
    (b"RIFF\0\0\0\0WAVEfmt ", "", "wav"),
    (b"\0\0\0\x20ftypheic" + bytes(9), "", "heic"),
    (b"\0\0\0\x20ftypmp42" + bytes(9), "", "mp4"),
    (b"ID3\x03" + bytes(9), "", "mp3"),
    (b"wOF2" + bytes(9), "", "font"),
    (b"ID;PWXL;N;E\r\n", "x.slk", "sylk"),
    (b"WEB\r\n1\r\nhttp://a.test\r\n", "x.iqy", "iqy"),
    (b"<PCSettings><SearchableContent>", "x.settingcontent-ms", "settingcontent-ms"),
    (pdf(stream(b"x")), "x.js", "js"),
]


@pytest.mark.parametrize(("content", "name", "kind"), CASES)
def test_content_tells_the_kind(content, name, kind):
    assert identify(content, name).kind == kind


@pytest.mark.parametrize(
    ("name", "kind", "file_class"),
    [
        ("info_06_24.doc", "doc", FileClass.OFFICE),
        ("Rechnung.PDF", "pdf", FileClass.PDF),
        ("setup.exe", "exe", FileClass.EXECUTABLE),
        ("a.b.iso ", "iso", FileClass.DISK_IMAGE),
        ("noextension", "unknown", FileClass.OTHER),
        ("strange.qqq", "unknown", FileClass.OTHER),
        ("", "unknown", FileClass.OTHER),
    ],
)
def test_while_locked_the_name_alone_tells(name, kind, file_class):
    identity = identify(None, name)
    assert (identity.kind, identity.file_class) == (kind, file_class)


def test_every_extension_belongs_to_one_kind():
    claims = [extension for kind in KINDS.values() for extension in kind.extensions.split()]
    assert sorted(claims) == sorted(BY_EXTENSION)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_text_is_decoded_as_its_mark_says(encoding):
    assert decoded("Größe".encode(encoding)) == "Größe"


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([content for content, _, _ in CASES] + [b""]),
    st.binary(max_size=200),
    st.integers(0, 400),
    st.text(max_size=20),
)
def test_any_bytes_and_any_name_have_a_kind(start, tail, cut, name):
    assert identify(start[:cut] + tail, name).kind in KINDS
    assert artifact(start[:cut] + tail, name).file_class in FileClass
