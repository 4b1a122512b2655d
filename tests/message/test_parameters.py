"""File names and charsets are read from every writing that real mail has."""

import pytest

from seriema.message import parameters

NAMES = {
    'attachment; filename="a b.zip"': ("a b.zip",),
    "attachment; filename=a b.zip": ("a b.zip",),
    "attachment; filename=report(1).pdf; size=3": ("report(1).pdf",),
    "attachment; filename*=utf-8''%E5%A0%B1%E5%91%8A.zip": ("報告.zip",),
    "attachment; filename*=iso-8859-1'en'%FCber.zip": ("über.zip",),
    "attachment; filename*=Shift_JIS''%95%F1%8D%90.zip": ("報告.zip",),
    'attachment; filename*0="a"; filename*1="b.zip"': ("ab.zip",),
    "attachment; filename*1*=%20b.zip; filename*0*=utf-8''a": ("a b.zip",),
    "attachment; filename*0*=utf-8''%E5%A0; filename*1*=%B1.zip": ("報.zip",),
    "attachment; filename*2=c; filename*0=a": ("ac",),
    'attachment; filename="=?utf-8?B?5aCx5ZGKLnppcA==?="': ("報告.zip",),
    'attachment; filename="=?utf-8?Q?a?= =?utf-8?Q?b.zip?="': ("ab.zip",),
    "attachment; filename==?utf-8?Q?a=2Ezip?=": ("a.zip",),
    'attachment; filename="a\\"b.zip"': ('a"b.zip',),
    'attachment; filename="C:\\temp\\a.zip"': ("C:\\temp\\a.zip",),
    'attachment; filename="unclosed.zip': ("unclosed.zip",),
    "attachment; filename=a.txt; filename=b.exe": ("a.txt", "b.exe"),
    "attachment; filename=a.txt; filename*=utf-8''b.exe": ("a.txt", "b.exe"),
    "attachment; ; ;; filename = a.zip ;": ("a.zip",),
    "attachment filename=a.zip": ("a.zip",),
    "attachment; FileName=a.zip": ("a.zip",),
    "attachment; filename=": ("",),
    "attachment; (comment; filename=x) filename=a.zip": ("a.zip",),
    "filename=a.zip": ("a.zip",),
    'attachment; filename="\xe5\xa0\xb1.zip"': ("報.zip",),
    'attachment; filename="\x95\xf1\x8d\x90\x8f\x91\x82\xcc\x8c\x8f.zip"': ("報告書の件.zip",),
}


@pytest.mark.parametrize("field", NAMES)
def test_file_names(field):
    assert parameters.read(field).all("filename") == NAMES[field]


@pytest.mark.parametrize(
    ("field", "value", "charset"),
    [
        ("text/plain; charset=utf-8", "text/plain", "utf-8"),
        ('Text/HTML (a comment); charset="utf-8" (x)', "text/html", "utf-8"),
        ("text/plain charset=utf-8", "text/plain", "utf-8"),
        ("text/plain;charset=us-ascii;format=flowed", "text/plain", "us-ascii"),
        ("", "", ""),
        (";", "", ""),
    ],
)
def test_types(field, value, charset):
    read = parameters.read(field)
    assert (read.value, read.first("charset")) == (value, charset)


def test_contradicting_duplicates_are_said():
    assert "mail.duplicate-parameter" in parameters.read("a/b; name=x; name=y").repairs
    assert parameters.read("a/b; name=x; name=x").repairs == ()
