"""The signatures of formats as tables: where they stand, what they name. Sources are the formats' specifications."""

import re
from collections.abc import Callable
from struct import unpack_from

#: Signatures at the very start, longest first among those that share their beginning.
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08PK", "zip"),
    (b"PK00PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF-", "pdf"),
    (b"{\\rt", "rtf"),
    (b"%!PS", "postscript"),
    (b"\xc5\xd0\xd3\xc6", "postscript"),
    (b"%FDF-", "pdf"),
    (b"Rar!\x1a\x07\x00", "rar"),
    (b"Rar!\x1a\x07\x01\x00", "rar"),
    (b"RE\x7e\x5e", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x5d\x00\x00", "lzma"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"\x1f\x9d", "compress"),
    (b"\x1f\xa0", "compress"),
    (b"MSCF\0\0\0\0", "cab"),
    (b"ISc(", "cab"),
    (b"\x60\xea", "arj"),
    (b"070701", "cpio"),
    (b"070702", "cpio"),
    (b"070707", "cpio"),
    (b"\xc7\x71", "cpio"),
    (b"!<arch>\ndebian", "deb"),
    (b"!<arch>\n", "ar"),
    (b"\xed\xab\xee\xdb", "rpm"),
    (b"\x78\x9f\x3e\x22", "tnef"),
    (b"SIT!", "stuffit"),
    (b"StuffIt (c)", "stuffit"),
    (b"StuffIt!", "stuffit"),
    (b"StuffIt?", "stuffit"),
    (b"ALZ\x01", "alz"),
    (b"EGGA\0\x01", "egg"),
    (b"ArC\x01", "freearc"),
    (b"7kSt\xa0\x31\x83\xd3\x8c\xb2\x28\xb0\xd3", "zpaq"),
    (b"xar!\0\x1c\0\x01", "xar"),
    (b"AES\x01", "aes-crypt"),
    (b"AES\x02", "aes-crypt"),
    (b"AES\x03", "aes-crypt"),
    (b"\xc0\xb9\x07\x2e\x4f\x93\xf1\x46\xa0\x15\x79\x2c\xa1\xd9\xe8\x21", "axcrypt"),
    (b"age-encryption.org/v1\n", "age"),
    (b"Salted__", "openssl-salted"),
    (b"encrcdsa\0", "dmg"),
    (b"LUKS\xba\xbe\0", "luks"),
    (b"(This file must be converted with BinHex", "binhex"),
    (b"!BDN", "outlook-store"),
    (b"ITSF\x03\0\0\0", "chm"),
    (b"\x3f\x5f\x03\x00", "hlp"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", "onenote"),
    (b"\xa1\x2f\xff\x43\xd9\xef\x76\x4c\x9e\xe2\x10\xea\x57\x22\x76\x5f", "onenote"),
    (b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", "lnk"),
    (b"\0\x01\0\0Standard Jet DB", "access"),
    (b"\0\x01\0\0Standard ACE DB", "access"),
    (b"\0\x01\0\0MSISAM Database", "access"),
    (b"HWP Document File", "hwp"),
    (b"vhdxfile", "vhdx"),
    (b"conectix", "vhd"),
    (b"KDMV", "vmdk"),
    (b"# Disk DescriptorFile", "vmdk"),
    (b"QFI\xfb", "qcow"),
    (b"MSWIM\0\0\0", "wim"),
    (b"WLPWM\0\0\0", "wim"),
    (b"MZ", "exe"),
    (b"ZM", "exe"),
    (b"\x7fELF", "elf"),
    (b"\xfe\xed\xfa\xce", "mach-o"),
    (b"\xfe\xed\xfa\xcf", "mach-o"),
    (b"\xce\xfa\xed\xfe", "mach-o"),
    (b"\xcf\xfa\xed\xfe", "mach-o"),
    (b"\xca\xfe\xba\xbe", "java-class"),
    (b"\xca\xfe\xba\xbf", "mach-o"),
    (b"\xca\xfe\xd0\x0d", "jar"),
    (b"FWS", "flash"),
    (b"CWS", "flash"),
    (b"ZWS", "flash"),
    (b"Cr24", "browser-extension"),
    (b"#@~^", "vbe"),
    (b"FasdUAS ", "applescript"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\0\0\x01\0", "ico"),
    (b"\0\0\x02\0", "ico"),
    (b"8BPS", "psd"),
    (b"\xff\x0a", "jxl"),
    (b"\0\0\0\x0cJXL \x0d\x0a\x87\x0a", "jxl"),
    (b"\0\0\0\x0cjP  \x0d\x0a\x87\x0a", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
    (b"\x01\0\0\0", "emf"),
    (b"\xd7\xcd\xc6\x9a", "wmf"),
    (b"\x01\0\x09\0\0\x03", "wmf"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"\xff\xf2", "mp3"),
    (b"\xff\xf1", "aac"),
    (b"\xff\xf9", "aac"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"RIFF", "riff"),
    (b"FORM", "aiff"),
    (b"#!AMR", "amr"),
    (b"MThd", "midi"),
    (b"\x1a\x45\xdf\xa3", "mkv"),
    (b"\0\0\x01\xba", "mpeg"),
    (b"\0\0\x01\xb3", "mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b".snd", "au"),
    (b"\0\x01\0\0\0", "font"),
    (b"OTTO\0", "font"),
    (b"true\0", "font"),
    (b"ttcf", "font"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"\0\x05\x16\x07", "apple-double"),
    (b"\0\x05\x16\0", "apple-double"),
    (b"\0\0\0\x01Bud1", "apple-double"),
    (b"\x30\x80", "der"),
    (b"\x30\x82", "der"),
    (b"\x30\x83", "der"),
    (b"\x30\x84", "der"),
    (b"\xfe\xed\xfe\xed", "key-store"),
)

_RIFF = {b"WAVE": "wav", b"AVI ": "avi", b"WEBP": "webp", b"ACON": "ico", b"RMID": "midi"}
_BRANDS = {b"heic": "heic", b"heix": "heic", b"mif1": "heic", b"msf1": "heic", b"avif": "avif", b"avis": "avif"}
#: Object identifiers of CMS content types (RFC 5652, RFC 8551), DER-encoded; looked for near the start.
_CMS_SIGNED = bytes.fromhex("06092a864886f70d010702")
_CMS_SEALED = tuple(
    bytes.fromhex(oid) for oid in ("06092a864886f70d010703", "060b2a864886f70d0109100117", "060b2a864886f70d0109100109")
)
_CMS_DATA = bytes.fromhex("06092a864886f70d010701")


def _riff(content: bytes) -> str:
    return _RIFF.get(content[8:12], "wav")


def _der(content: bytes) -> str:
    """CMS by its content type; a key store begins with version 3; any other DER is taken for a certificate."""
    start = content[:64]
    if any(oid in start for oid in _CMS_SEALED):
        return "smime"
    if _CMS_SIGNED in start:
        return "smime" if _encapsulates(content) else "smime-signature"
    if b"\x02\x01\x03\x30" in start[:16]:
        return "key-store"
    return "certificate" if b"\x06" in content[:400] else ""


def _encapsulates(content: bytes) -> bool:
    """SignedData holds its content (RFC 5652, 5.2): the data OID is followed by an explicit [0]."""
    at = content.find(_CMS_DATA, 0, 4096)
    return at >= 0 and content[at + len(_CMS_DATA) : at + len(_CMS_DATA) + 1] == b"\xa0"


def _number(content: bytes, layout: str, at: int) -> int:
    """The number at that place, -1 beyond the end."""
    return int(unpack_from(layout, content, at)[0]) if len(content) >= at + 4 else -1


#: Sizes of the header that follows in a bitmap ([MS-WMF] 2.2.2), and what the other short signatures allow.
_BITMAP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)
_ARCHITECTURES, _ARJ_HEADER, _ICONS, _DOS_HEADER = 40, 2600, 1000, 64


def _cafebabe(content: bytes) -> str:
    """Java class files and fat Mach-O share a number; the latter count few architectures where a version stands."""
    return "mach-o" if 0 <= _number(content, ">I", 4) < _ARCHITECTURES else "java-class"


def _bmp(content: bytes) -> str:
    return "bmp" if _number(content, "<I", 14) in _BITMAP_HEADERS else ""


def _emf(content: bytes) -> str:
    return "emf" if content[40:44] == b" EMF" else ""


def _lzma(content: bytes) -> str:
    return "lzma" if content[12:13] in (b"\0", b"\xff") else ""


def _arj(content: bytes) -> str:
    return "arj" if 0 < _number(content, "<H", 2) <= _ARJ_HEADER else ""


def _icon(content: bytes) -> str:
    return "ico" if 0 < _number(content, "<H", 4) < _ICONS and content[9:10] == b"\0" else ""


def _aiff(content: bytes) -> str:
    return "aiff" if content[8:12] in (b"AIFF", b"AIFC", b"8SVX", b"ILBM") else ""


def _bzip(content: bytes) -> str:
    return "bz2" if content[4:10] in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90") else ""


def _mz(content: bytes) -> str:
    """A library is a program file with that flag set ([PE/COFF], 3.3.2). Text that begins with MZ is neither."""
    at = _number(content, "<I", 60)
    if at >= _DOS_HEADER // 2 and content[at : at + 4] == b"PE\0\0" and len(content) >= at + 24:
        return "dll" if unpack_from("<H", content, at + 22)[0] & 0x2000 else "exe"
    start = content[:512]
    return "" if start.isascii() and b"\0" not in start else "exe"


#: A second look where a signature is short or shared; "" means: it was none.
_REFINED: dict[str, Callable[[bytes], str]] = {
    "riff": _riff,
    "der": _der,
    "java-class": _cafebabe,
    "bmp": _bmp,
    "emf": _emf,
    "lzma": _lzma,
    "arj": _arj,
    "ico": _icon,
    "aiff": _aiff,
    "bz2": _bzip,
    "exe": _mz,
}


def _indexed() -> dict[bytes, tuple[tuple[bytes, str], ...]]:
    index: dict[bytes, list[tuple[bytes, str]]] = {}
    for start, kind in _STARTS:
        index.setdefault(start[:2], []).append((start, kind))
    return {key: tuple(sorted(found, key=lambda one: -len(one[0]))) for key, found in index.items()}


_BY_FIRST_TWO = _indexed()


def match(content: bytes) -> str:
    """The kind whose signature opens ``content``, "" when none does. "zip" and "ole" are families to look into."""
    for start, kind in _BY_FIRST_TWO.get(content[:2], ()):
        if content.startswith(start):
            refine = _REFINED.get(kind)
            found = refine(content) if refine else kind
            if found:
                return found
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "mp4")
    if content[4:8] in (b"moov", b"mdat", b"wide"):
        return "mp4"
    return ""


#: Signatures that stand elsewhere: offset from the start, or from the end when negative.
_ELSEWHERE: tuple[tuple[int, bytes, str], ...] = (
    (257, b"ustar", "tar"),
    (0x8001, b"CD001", "iso"),
    (0x8801, b"CD001", "iso"),
    (0x9001, b"CD001", "iso"),
    (0x8001, b"BEA01", "udf"),
    (0x8001, b"NSR0", "udf"),
    (7, b"**ACE**", "ace"),
    (4, b"_AttacheCaseData", "attache-case"),
    (4, b"_AttacheCase_Rsa", "attache-case"),
    (7, b"-sqx-", "sqx"),
    (3, b"-FVE-FS-", "bitlocker"),
    (2, b"-lh", "lzh"),
    (2, b"-lz", "lzh"),
    (20, b"\xdc\xa7\xc4\xfd", "zoo"),
    (3, b"NTFS    ", "img"),
    (54, b"FAT1", "img"),
    (82, b"FAT32", "img"),
    (3, b"EXFAT   ", "img"),
    (512, b"EFI PART", "img"),
    (1080, b"\x53\xef", "img"),
    (-512, b"koly", "dmg"),
    (-8, b"cdsaencr", "dmg"),
    (-512, b"conectix", "vhd"),
    (128, b"DICM", "dicom"),
    (34, b"LP", "font"),
)
#: A session key, for a passphrase (RFC 9580, 5.3) or for a recipient (5.1), as the first packet of an OpenPGP message:
#: tag and length in the old and the new form, version, then the cipher and how the passphrase is hashed, or a key's id.
_OPENPGP = re.compile(
    rb"(?:\x8c[\s\S]|[\xc3][\s\S])(?:\x04[\x01-\x0d][\0\x01\x03\x04]|[\x05\x06])"
    rb"|(?:\x84[\s\S]|\x85[\0-\x08][\s\S]|\xc1(?:[\0-\xbf]|[\xc0-\xc8][\s\S]))\x03[\s\S]{8}[\x01\x02\x03\x10\x12\x16]"
)
_PYTHON_BYTECODE = re.compile(rb"[\s\S]{2}\r\n[\0-\x03]\0\0\0")


def match_elsewhere(content: bytes) -> str:
    """The kind whose signature stands at another place than the start."""
    size = len(content)
    for offset, mark, kind in _ELSEWHERE:
        at = offset if offset >= 0 else size + offset
        if at >= 0 and content.startswith(mark, at) and (kind != "font" or content[8:12] == b"\x01\0\x02\0"):
            return kind
    if content[510:512] == b"\x55\xaa" and size % 512 == 0:
        return "img"
    at = content.find(
        b"%PDF-", 0, 1024
    )  # readers look for it in the first kilobyte (ISO 32000, implementation note 13)
    if at >= 0 and content[at + 5 : at + 7] in (b"1.", b"2."):
        return "pdf"
    if _OPENPGP.match(content) and b"\0" in content[:4096]:
        return "pgp-message"
    return "python-bytecode" if _PYTHON_BYTECODE.match(content) and b"\0" in content[:16] else ""
