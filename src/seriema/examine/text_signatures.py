"""How texts of a kind begin, and what marks an XML or HTML text as one. Sources are the formats' specifications."""

import re

from seriema.model.artifact import FileClass

#: How texts begin, in lower case, by their first byte.
_TEXTS: tuple[tuple[bytes, str], ...] = (
    (b"{\\rt", "rtf"),
    (b"begin:vcalendar", "ics"),
    (b"begin:vcard", "vcf"),
    (b"-----begin pgp message", "pgp-message"),
    (b"-----begin age encrypted file", "age"),
    (b"-----begin pgp signature", "pgp-signature"),
    (b"-----begin pgp public key", "pgp-key"),
    (b"-----begin pgp private key", "pgp-key"),
    (b"-----begin certificate", "certificate"),
    (b"-----begin trusted certificate", "certificate"),
    (b"-----begin pkcs7", "smime-signature"),
    (b"-----begin cms", "smime"),
    (b"<!doctype html", "html"),
    (b"<!doctype svg", "svg"),
    (b"<html", "html"),
    (b"<svg", "svg"),
    (b"<?xml", "xml"),
    (b"<?php", "php"),
    (b"<job", "wsf"),
    (b"<package>", "wsf"),
    (b"<package ", "wsf"),
    (b"<component", "wsc"),
    (b"<scriptlet", "wsc"),
    (b"<?wsf", "wsf"),
    (b"<?component", "wsc"),
    (b"<hta:application", "hta"),
    (b"<searchconnectordescription", "search-ms"),
    (b"<pcsettings", "settingcontent-ms"),
    (b"<xsl:stylesheet", "xsl"),
    (b"<stylesheet", "xsl"),
    (b"[internetshortcut", "url"),
    (b"[{000214a0-0000-0000-c000-000000000046}]", "url"),
    (b"[desktop entry]", "desktop"),
    (b"[shell]\r\ncommand=", "scf"),
    (b"windows registry editor", "reg"),
    (b"regedit4", "reg"),
    (b"id;p", "sylk"),
    (b"web\r\n1\r\n", "iqy"),
    (b"web\n1\n", "iqy"),
    (b"#!/usr/bin/env python", "py"),
    (b"#!/usr/bin/python", "py"),
    (b"#!/usr/bin/perl", "pl"),
    (b"#!/usr/bin/env perl", "pl"),
    (b"#!", "sh"),
    (b"@echo off", "bat"),
    (b"begin 6", "uuencoded"),
)
TEXT_STARTS: dict[bytes, tuple[tuple[bytes, str], ...]] = {
    first: tuple(one for one in _TEXTS if one[0][:1] == first) for first in sorted({one[0][:1] for one in _TEXTS})
}
#: What an XML text is when its beginning, in lower case, holds the mark.
XML_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"<svg", "svg"),
    (b"<html", "html"),
    (b'progid="word.document"', "office-xml"),
    (b'progid="excel.sheet"', "office-xml"),
    (b'progid="powerpoint.show"', "office-xml"),
    (b"schemas.microsoft.com/office/2006/xmlpackage", "office-xml"),
    (b"schemas.microsoft.com/office/word/2003/wordml", "office-xml"),
    (b"urn:schemas-microsoft-com:office:spreadsheet", "office-xml"),
    (b"<xsl:stylesheet", "xsl"),
    (b"<xsl:transform", "xsl"),
    (b"<job", "wsf"),
    (b"<package", "wsf"),
    (b"<scriptlet", "wsc"),
    (b"<component", "wsc"),
    (b"<pcsettings", "settingcontent-ms"),
    (b"<searchconnectordescription", "search-ms"),
    (b"<librarydescription", "search-ms"),
    (b"<persistedquery", "search-ms"),
    (b"urn:schemas-microsoft-com:asm.v1", "clickonce"),
    (b"schemas.microsoft.com/appx/appinstaller", "appinstaller"),
    (b"<mmc_consolefile", "msc"),
)
#: Elements that open a page without its html element.
MARKUP = re.compile(
    rb"<(?:!--|head|body|script|style|title|meta|link|table|div|p|span|center|font|br|h[1-6]|a|b|i|img|form|iframe|base"
    rb"|object|embed|ul|ol|pre|section|article|main|header|nav|input|button|video|math|template|noscript)[\s>/-]",
)
#: Classes whose members may be plain text, so that the name tells which one a text is.
TEXT_CLASSES = frozenset({FileClass.SCRIPT, FileClass.SHORTCUT, FileClass.WEB})
