"""Objects embedded in documents: the OLE 1 frame that RTF uses, and files wrapped by the Packager.

Follows [MS-OLEDS] 2.2.5 (EmbeddedObject) and 2.3.6 (OLENativeStream); the Packager's own layout is undocumented and
read as programs write it: flags, label, file name, the path it came from, then the file.
"""

from struct import unpack_from

_EMBEDDED = 2
_LONGEST_NAME = 1_024


def object_content(raw: bytes) -> tuple[str, bytes]:
    """Class name and content of an OLE 1 object; content is b"" where there is none or the frame is broken."""
    if len(raw) < 12:  # noqa: PLR2004 - version, format and the first length
        return "", b""
    form = unpack_from("<I", raw, 4)[0]
    at = 8
    texts: list[str] = []
    for _ in range(3):
        if at + 4 > len(raw):
            return texts[0] if texts else "", b""
        size = unpack_from("<I", raw, at)[0]
        texts.append(raw[at + 4 : at + 4 + min(size, _LONGEST_NAME)].partition(b"\0")[0].decode("latin-1"))
        at += 4 + size
    if form != _EMBEDDED or at + 4 > len(raw):
        return texts[0], b""
    size = unpack_from("<I", raw, at)[0]
    return texts[0], raw[at + 4 : at + 4 + size]


def native_file(content: bytes) -> tuple[str, bytes]:
    """Name and bytes of a file wrapped by the Packager; the content itself, unnamed, where the wrapping is broken."""
    label, at = _text(content, 2)
    name, at = _text(content, at)
    at += 4  # two numbers of 16 bits
    if at + 4 > len(content):
        return "", content
    size = unpack_from("<I", content, at)[0]
    at += 4 + size  # the path it came from
    if at + 4 > len(content):
        return "", content
    length = unpack_from("<I", content, at)[0]
    inner = content[at + 4 : at + 4 + length]
    return (label or name).replace("/", "\\").rpartition("\\")[2], inner or content


def _text(content: bytes, at: int) -> tuple[str, int]:
    """A text that ends with NUL, and what follows it."""
    end = content.find(b"\0", at, at + _LONGEST_NAME)
    if end < 0:
        return "", len(content)
    return content[at:end].decode("cp1252", "replace"), end + 1
