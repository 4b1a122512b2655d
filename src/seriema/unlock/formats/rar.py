"""RAR archives of versions 1.5 to 7: plain, encrypted, with encrypted headers, solid, in volumes, behind other data.

RAR 1.4 and what its library cannot decode are named and left. See ``unlock.rar`` for the parts.
"""

from collections.abc import Iterator

from seriema.model.artifact import Artifact, State
from seriema.model.errors import HostileInput
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.model.password import Text
from seriema.unlock.format import Container, Format, Key, Member
from seriema.unlock.rar.entries import MARK, RAR5_VERSION, File, Link, Listing
from seriema.unlock.rar.keys import Derived, Keys, lock_of
from seriema.unlock.rar.members import Members
from seriema.unlock.rar.volumes import first_mark, read_listing

_KINDS = frozenset({"rar"})
_OLDEST = b"RE\x7e\x5e"
_COMMENT, _COMMENT_CHARS = "CMT", 4096
_FILE_TYPE, _SYMLINK = 0o170000, 0o120000


def open_rar(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    """List a RAR archive. ``Malformed`` when no header at all can be read."""
    if content.startswith(_OLDEST):
        return Container(state=State.UNSUPPORTED, state_reason="RAR 1.4")
    keys = Keys()
    listing = read_listing(content, limits.members, keys)
    cipher = listing.encrypted
    if cipher is None or listing.files:
        return _container(artifact, content, listing, keys, limits)

    def reveal(key: Key) -> Container:
        assert isinstance(key, Derived)
        attempt = Keys({(key.password, cipher.salt, cipher.rounds): key})
        revealed = read_listing(content, limits.members, attempt, key.password)
        return _container(artifact, content, revealed, attempt, limits, proven=True)

    return Container(directory=lock_of(cipher, keys, 0.0), reveal=reveal, covers=_covers(artifact, content))


def _covers(artifact: Artifact, content: bytes) -> bool:
    return artifact.kind in _KINDS or content.startswith(MARK)


def _container(
    artifact: Artifact, content: bytes, listing: Listing, keys: Keys, limits: Limits, *, proven: bool = False
) -> Container:
    maker = Members(memoryview(content), limits, keys, proven)
    members = maker.of(listing.files, listing.services)
    comment = _comment(maker, listing.services)
    state, reason = _own_state(listing, limits)
    return Container(
        members=members,
        findings=tuple(_findings(artifact.id, listing)),
        texts=tuple(_texts(comment, members)),
        state=state,
        state_reason=reason,
        covers=_covers(artifact, content),
    )


def _own_state(listing: Listing, limits: Limits) -> tuple[State, str]:
    if listing.trouble:
        return State.MALFORMED, listing.trouble
    if listing.cut:
        return State.LIMIT, f"more than {limits.members} members"
    if listing.encrypted:
        return State.LOCKED, "a later volume has encrypted headers"
    if listing.missing:
        return State.UNSUPPORTED, listing.missing
    return State.INSPECTED, ""


def _findings(artifact: str, listing: Listing) -> Iterator[Finding]:
    for fact, place, detail in listing.facts:
        yield Finding(f"rar.{fact}", artifact, place, detail)
    for header in (each.header for each in listing.files):
        if header.link:
            yield Finding(f"rar.{header.link.value}", artifact, header.name, header.target)
        elif header.unix_mode & _FILE_TYPE == _SYMLINK and not header.folder:
            yield Finding(f"rar.{Link.SYMLINK.value}", artifact, header.name)


def _texts(comment: str, members: tuple[Member, ...]) -> Iterator[Text]:
    if comment:
        yield Text("attachment", comment)
    if members:
        yield Text("name", "\n".join(member.name for member in members))


def _comment(maker: Members, services: list[File]) -> str:
    """The archive's comment, as far as it can be read without a password."""
    for each in services:
        if each.header.name != _COMMENT or each.header.cipher:
            continue
        read = maker.member(each).read
        try:
            raw = b"".join(read(None)) if read else b""
        except HostileInput:
            raw = b""
        newer = each.header.version >= RAR5_VERSION
        wide = not newer and each.header.detail[:1] == b"\1"
        return raw.decode("utf-16-le" if wide else "utf-8", "replace")[:_COMMENT_CHARS].rstrip("\0")
    return ""


def recognise(content: bytes) -> bool:
    """Whether it is an archive, or one stands behind something else."""
    return content.startswith((MARK, _OLDEST)) or first_mark(content) >= 0


FORMAT = Format(name="rar", kinds=_KINDS, recognise=recognise, open=open_rar, anywhere=True)
