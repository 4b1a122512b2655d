"""Members of archives known again without a password: by name, size and CRC-32, which a ZIP's directory shows.

Two files rarely agree in all three by chance (APPNOTE 4.4.7 and 4.4.9), but whoever knows the three can make another
file that does: this is evidence, not proof, and changes no state. AE-2 (WinZip AES) leaves the checksum out.
"""

from collections.abc import Callable, Iterable, Iterator

from seriema.edge.memory.entries import Rows
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.records import Document
from seriema.model.artifact import Artifact, State
from seriema.model.thread import Remembered

#: Members of one mail that are remembered, and that are looked up.
MOST = 32


def opened_keys(artifacts: Iterable[Artifact], keyring: Keyring) -> tuple[int, ...]:
    """The keys of the members that were opened and read whole."""
    read = (one for one in artifacts if one.sha256 is not None and one.state is State.INSPECTED)
    return tuple(dict.fromkeys(key for _, key in _keyed(read, keyring)))[:MOST]


def known(
    rows: Rows, keyring: Keyring, artifacts: Iterable[Artifact], visible: Callable[[Document], bool]
) -> dict[str, Remembered]:
    """Artifact ids of locked members, each with the latest earlier mail in which such a member was opened."""
    keyed = dict(list(_keyed((one for one in artifacts if one.sha256 is None), keyring))[:MOST])
    if not keyed:
        return {}
    rows.look()
    rows.load(keyed.values())
    rings = {key: rows.ring(key) for key in keyed.values()}
    mails = rows.documents({number for ring in rings.values() for number in ring})
    found: dict[str, Remembered] = {}
    for identity, key in keyed.items():
        earlier = [mails[one] for one in rings[key] if one in mails and visible(mails[one])]
        if earlier:
            latest = max(earlier, key=lambda mail: (mail.received, mail.number))
            found[identity] = rows.remembered(latest, latest.conversation)
    return found


def _keyed(artifacts: Iterable[Artifact], keyring: Keyring) -> Iterator[tuple[str, int]]:
    for one in artifacts:
        if one.crc32 and one.size and one.name:
            yield one.id, keyring.number("member", f"{one.crc32:08x} {one.size} {one.name}")
