"""Names that lead elsewhere or deceive, links, files of the same name, and sets of which a part is missing."""

import tarfile

from tests.builders.cabinets import cabinet
from tests.builders.rars import File5, rar5
from tests.builders.seven_zips import SYMLINK, archive, folder, prop
from tests.builders.tars import info, tar
from tests.builders.torture import flat_bomb
from tests.builders.volumes import Volume, pieces, rar3_volumes, rar5_volumes, split_zip
from tests.builders.zips import archive as zipped
from tests.builders.zips import stored
from tests.unlock.hostile.case import Case

from seriema.exercise.archives import zip_bytes
from seriema.model.artifact import State

TEXT = b"".join(b"line %d of an inert text\n" % number for number in range(400))
WHOLE = zip_bytes([("a.txt", TEXT), ("b.txt", TEXT[:500])], compression="stored")
UP, ABSOLUTE, DEVICE, TWICE = "../../a.js", "C:\\a.js", "con.js", "a.js"
DECEIT = {
    UP: "archive.traversal-name",
    ABSOLUTE: "archive.absolute-name",
    DEVICE: "archive.device-name",
    "a\u202etxt.js": "archive.reordered-name",
    "letter.pdf                    .js": "archive.padded-name",
}
#: Names deceive persons and programs that write files; what lies under them is read all the same.
NAMES = [(name, b"inert %d" % number) for number, name in enumerate(DECEIT)]
FACTS = frozenset(DECEIT.values())
SHOWN = frozenset(DECEIT)


def missing(files: list[Volume], *numbers: int) -> list[Volume]:
    return [file for number, file in enumerate(files) if number not in numbers]


def link_of_zip() -> bytes:
    return zipped(stored(b"a.js", b"/etc/passwd", made_by=0x0314, attributes=0o120777 << 16))


INSPECTED, UNSUPPORTED = State.INSPECTED, State.UNSUPPORTED

CASES: dict[str, Case] = {
    "ZIP of deceptive names": Case(lambda: zip_bytes(NAMES), INSPECTED, facts=FACTS, shown=SHOWN),
    "7z of deceptive names": Case(
        lambda: archive([*DECEIT], folder(*(content for _, content in NAMES))),
        INSPECTED,
        "info.7z",
        facts=FACTS,
        shown=SHOWN,
    ),
    "RAR of deceptive names": Case(
        lambda: rar5(*(File5(*each) for each in NAMES)), INSPECTED, "info.rar", facts=FACTS, shown=SHOWN
    ),
    "tar of deceptive names": Case(lambda: tar(*NAMES), INSPECTED, "info.tar", facts=FACTS, shown=SHOWN),
    "CAB of deceptive names": Case(lambda: cabinet(*NAMES), INSPECTED, "info.cab", facts=FACTS, shown=SHOWN),
    "ZIP of a name that comes twice": Case(
        lambda: zip_bytes([(TWICE, b"one"), (TWICE, b"two")]), State.MALFORMED, facts=frozenset({"zip.two-contents"})
    ),
    "tar of a name that comes twice": Case(
        lambda: tar((TWICE, b"one"), (TWICE, b"two")),
        INSPECTED,
        "info.tar",
        facts=frozenset({"archive.duplicate-name"}),
        shown=frozenset({TWICE}),
    ),
    "ZIP of a link": Case(link_of_zip, INSPECTED, facts=frozenset({"zip.symlink"})),
    "tar of links and devices": Case(
        lambda: tar(
            info("link", tarfile.SYMTYPE, linkname="/etc/passwd"),
            info("hard", tarfile.LNKTYPE, linkname="../other"),
            info("disk", tarfile.BLKTYPE),
            info("pipe", tarfile.FIFOTYPE),
            (TWICE, b"inert"),
        ),
        INSPECTED,
        "info.tar",
        facts=frozenset({"tar.symlink", "tar.hard-link", "tar.device", "tar.pipe"}),
        shown=frozenset({TWICE}),
    ),
    "7z of a link": Case(
        lambda: archive(
            ["link"], folder(b"/etc/passwd"), properties=prop(0x15, b"\1\0" + SYMLINK.to_bytes(4, "little"))
        ),
        INSPECTED,
        "info.7z",
        facts=frozenset({"7z.symlink"}),
    ),
    "RAR of a link": Case(
        lambda: rar5(File5("link", b"", link=(1, "/etc/passwd"))),
        INSPECTED,
        "info.rar",
        facts=frozenset({"rar.symlink"}),
    ),
    "RAR set without its first part": Case(lambda: missing(rar5_volumes("info", TEXT), 0), UNSUPPORTED),
    "RAR set without its second part": Case(lambda: missing(rar5_volumes("info", TEXT), 1), UNSUPPORTED),
    "RAR set without its last part": Case(lambda: missing(rar5_volumes("info", TEXT), 2), UNSUPPORTED),
    "RAR 3 set without its first part": Case(lambda: missing(rar3_volumes("info", TEXT), 0), UNSUPPORTED),
    "RAR 3 set without its last part": Case(lambda: missing(rar3_volumes("info", TEXT), 2), UNSUPPORTED),
    "split ZIP without its first part": Case(lambda: missing(split_zip("info", WHOLE, 3000, 7000), 0), UNSUPPORTED),
    "split ZIP without its last part": Case(lambda: missing(split_zip("info", WHOLE, 3000, 7000), 2), UNSUPPORTED),
    "pieces of a bomb": Case(lambda: pieces("info.zip", flat_bomb(64 << 20)), State.LIMIT),
    "pieces without the first": Case(lambda: missing(pieces("info.zip", WHOLE), 0), UNSUPPORTED),
    "pieces without the second": Case(lambda: missing(pieces("info.zip", WHOLE), 1), UNSUPPORTED),
}
