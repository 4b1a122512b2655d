"""Programs: which system and processor they are for, and whether program or library. Their code is not read.

Headers after [PE/COFF] 3.3 and 3.4, the ELF specification (gABI chapter 4) and Apple's Mach-O file format reference.
An executable therefore stays ``unsupported``: named, not inspected.
"""

from struct import unpack_from

from seriema.examine.inspector import Examined, Inspector
from seriema.model.artifact import Artifact, FileClass, State
from seriema.model.finding import Finding
from seriema.model.limits import Limits

_PE_MACHINES = {0x14C: "x86", 0x8664: "x86-64", 0x1C0: "ARM", 0x1C4: "ARM", 0xAA64: "ARM64", 0x200: "Itanium"}
_PE_BITS = {0x10B: "32-bit", 0x20B: "64-bit"}
_ELF_TYPES = {1: "object", 2: "program", 3: "library or program", 4: "core dump"}
_ELF_MACHINES = {3: "x86", 62: "x86-64", 40: "ARM", 183: "ARM64", 8: "MIPS", 20: "PowerPC", 243: "RISC-V"}
_MACH_BITS = {b"\xfe\xed\xfa\xce": "32-bit", b"\xce\xfa\xed\xfe": "32-bit"}
_WORDS = {
    "msi": "Windows installer",
    "jar": "Java program",
    "java-class": "Java class",
    "apk": "Android package",
    "chm": "compiled help",
    "flash": "Flash film",
}


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:  # noqa: ARG001 - the contract's shape
    """What kind of program it is."""
    detail = _described(artifact.kind, content)
    return Examined(
        (Finding("executable.present", artifact.id, "", detail),),
        state=State.UNSUPPORTED,
        state_reason="the code of a program is not read",
    )


def _described(kind: str, content: bytes) -> str:
    if kind in ("exe", "dll"):
        return _windows(content)
    if kind == "elf" and len(content) >= 20:  # noqa: PLR2004 - type and machine end there
        bits, order = ("64-bit" if content[4] == 2 else "32-bit"), ("<" if content[5] == 1 else ">")  # noqa: PLR2004 - ELFCLASS64
        form, machine = unpack_from(f"{order}HH", content, 16)
        return f"{bits} ELF {_ELF_TYPES.get(form, 'file')} for {_ELF_MACHINES.get(machine, f'machine {machine}')}"
    if kind == "mach-o":
        return f"{_MACH_BITS.get(content[:4], '64-bit or universal')} Mach-O file"
    return _WORDS.get(kind, kind)


def _windows(content: bytes) -> str:
    """File header and magic number of the optional header; what has none is a DOS program."""
    at = unpack_from("<I", content, 60)[0] if len(content) >= 64 else len(content)  # noqa: PLR2004 - the DOS header's size
    if content[at : at + 4] != b"PE\0\0" or len(content) < at + 26:
        return "DOS or 16-bit Windows program"
    machine, flags, magic = unpack_from("<H16xHH", content, at + 4)
    form = "library" if flags & 0x2000 else "program"
    return f"{_PE_BITS.get(magic, 'Windows')} Windows {form} for {_PE_MACHINES.get(machine, f'machine {machine:#x}')}"


INSPECTOR = Inspector("executable", inspect, classes=frozenset({FileClass.EXECUTABLE}))
