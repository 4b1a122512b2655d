"""The inert documents are real documents: other readers open them, and they name nobody."""

import io
import zipfile

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyopenvba import ExcelFile, WordFile

from seriema.exercise.compound_file import compound_file
from seriema.exercise.documents import (
    Spelling,
    doc_with_macro,
    docm_with_macro,
    docx,
    macro_source,
    xls_with_macro,
    xlsm_with_macro,
)

URL = "http://cms.example/wp-content/themes/plain/_0123456789abcdef.php?x=MDAwMSA"
PATH = r"C:\Users\Public\14.tmp"
SOURCE = macro_source(URL, PATH)
BUILDERS = {
    "doc": (WordFile, lambda source: doc_with_macro(source, "Dear all", cache=b"p-code" * 50)),
    "docm": (WordFile, lambda source: docm_with_macro(source, "Dear all")),
    "xls": (ExcelFile, xls_with_macro),
    "xlsm": (ExcelFile, xlsm_with_macro),
}


@pytest.mark.parametrize("extension", BUILDERS)
def test_another_reader_finds_the_same_modules(extension, tmp_path):
    reader, build = BUILDERS[extension]
    path = tmp_path / f"info.{extension}"
    path.write_bytes(build(SOURCE))
    with reader(path) as document:
        modules = document.vba_modules()
    assert modules["Module1"].replace("\r\n", "\n") in f'Attribute VB_Name = "Module1"\n{SOURCE["Module1"]}'
    assert "URLDownloadToFileA" in modules["Module1"]


@pytest.mark.parametrize("extension", BUILDERS)
def test_equal_arguments_give_equal_bytes(extension):
    build = BUILDERS[extension][1]
    assert build(SOURCE) == build(SOURCE)


@pytest.mark.parametrize("spelling", [Spelling.JOINED, Spelling.CHR, Spelling.REVERSED])
def test_an_obscured_spelling_does_not_show_the_address(spelling):
    assert URL not in macro_source(URL, PATH, spelling)["Module1"]


@pytest.mark.parametrize("url", ["http://real-host.com/x", "http://8.8.8.8/x", "http://example.evil/x", "nothing"])
def test_a_macro_names_reserved_hosts_only(url):
    with pytest.raises(ValueError, match="reserved"):
        macro_source(url, PATH)


@pytest.mark.parametrize("host", ["a.test", "example.com", "www.example.org", "192.0.2.7", "[2001:db8::1]"])
def test_reserved_hosts_are_taken(host):
    assert f"http://{host}/x" in macro_source(f"http://{host}/x", PATH)["Module1"]


def test_a_plain_document_says_its_text_and_has_no_macro():
    with zipfile.ZipFile(io.BytesIO(docx("Größe <1>\nzwei"))) as package:
        assert package.testzip() is None
        assert "Größe &lt;1&gt;" in package.read("word/document.xml").decode()
        assert not [name for name in package.namelist() if "vba" in name]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.from_regex(r"[A-Za-z]{1,12}", fullmatch=True), st.binary(max_size=9000), max_size=12))
def test_every_stream_comes_back(streams):
    if len({name.upper() for name in streams}) < len(streams):
        return
    with olefile.OleFileIO(compound_file({f"Folder/{name}": content for name, content in streams.items()})) as read:
        assert {name: read.openstream(f"Folder/{name}").read() for name in streams} == streams


def test_a_name_too_long_for_the_directory_is_refused():
    with pytest.raises(ValueError, match="too long"):
        compound_file({"x" * 32: b""})
