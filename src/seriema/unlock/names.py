"""What the names inside a container give away, and whether what came out is what the name promises.

Names are kept raw; these are facts about them. The device names and the stripping of trailing dots and spaces are
Windows' (Microsoft, "Naming Files, Paths, and Namespaces").
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from seriema.model.finding import Finding

_SEPARATORS = re.compile(r"[/\\]")
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(1, 10))}
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_PADDED = re.compile(r"\S {8}")
_DRIVE = re.compile(r"[A-Za-z]:")


def _parts(name: str) -> list[str]:
    return _SEPARATORS.split(name)


#: Fact → whether a name shows it.
_FACTS: dict[str, Callable[[str], bool]] = {
    "traversal-name": lambda name: ".." in _parts(name),
    "absolute-name": lambda name: name[:1] in ("/", "\\") or _DRIVE.match(name) is not None,
    "device-name": lambda name: any(part.partition(".")[0].strip().lower() in _DEVICES for part in _parts(name)),
    "control-character-name": lambda name: _CONTROL.search(name) is not None,
    "reordered-name": lambda name: _BIDI.search(name) is not None,
    "padded-name": lambda name: _PADDED.search(name) is not None,
    "stripped-name": lambda name: any(part != part.rstrip(". ") for part in _parts(name) if part.strip(".")),
}


def name_findings(artifact: str, names: Iterable[str]) -> Iterator[Finding]:
    """Located facts about the names of one container's members: paths that lead out, tricks of display, doubles."""
    seen: Counter[str] = Counter()
    for name in names:
        for fact, shows in _FACTS.items():
            if shows(name):
                yield Finding(f"archive.{fact}", artifact, name)
        key = name.replace("\\", "/").casefold()
        if seen[key] == 1:  # said once, at the second
            yield Finding("archive.duplicate-name", artifact, name)
        seen[key] += 1


_OLE, _ZIP, _RTF, _TAG = b"\xd0\xcf\x11\xe0", b"PK", b"{\\rt", b"<"
_ELF, _UTF8_MARK = b"\x7fELF", b"\xef\xbb\xbf"
_OFFICE = (_OLE, _ZIP, _RTF, _TAG, _UTF8_MARK, b"MIME", b"\xff\xfe")

#: Extension → how such a file can begin. Generous: programs open old, exported and renamed variants under these names.
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    **dict.fromkeys(("doc", "dot", "xls", "xlt", "ppt", "pps", "msi", "msg"), (*_OFFICE, b"\x09\x08", b"\xdb\xa5")),
    **dict.fromkeys(("docx", "docm", "dotm", "xlsx", "xlsm", "xlsb", "pptx", "pptm"), (_ZIP, _OLE)),
    **dict.fromkeys(("zip", "jar", "apk", "odt", "ods", "odp"), (_ZIP,)),
    **dict.fromkeys(("exe", "dll", "scr", "cpl", "sys", "ocx"), (b"MZ",)),
    "rtf": (_RTF,),
    "7z": (b"7z\xbc\xaf",),
    "rar": (b"Rar!", b"MZ"),
    "gz": (b"\x1f\x8b",),
    "cab": (b"MSCF",),
    "png": (b"\x89PNG",),
    "gif": (b"GIF8",),
    "jpg": (b"\xff\xd8",),
    "jpeg": (b"\xff\xd8",),
    "lnk": (b"L\0\0\0",),
    "one": (b"\xe4\x52\x5c\x7b",),
}


def contradicts(name: str, content: bytes) -> bool:
    """Whether ``content`` cannot be what ``name``'s extension says. Only for encryption that proves nothing itself."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension == "pdf":
        return b"%PDF" not in content[:1024]
    beginnings = _BEGINNINGS.get(extension)
    return bool(content) and beginnings is not None and not content.startswith(beginnings)
