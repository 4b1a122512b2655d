"""The contract of a container format: how to recognise it, list it, try passwords on it and read it.

A format is one file in ``formats/`` that holds ``FORMAT = Format(...)``. It knows bytes and keys and nothing else:
which passwords are tried, in which order and against which budget, and what state follows, is ``opening``'s. Every call
here may raise four errors of ``model.errors``: ``Malformed``, ``Unsupported``, ``LimitReached`` and ``Locked``.

Work is counted in units of about one millisecond of key derivation on one core (Python 3.11, 2026): a try costs 1 for
WinZip AES-256, about 70 for 7z, 0.0002 for ZipCrypto. The figure is part of the format, so that budgets end at the same
candidate on every machine.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from seriema.model.artifact import Artifact, State
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.model.password import Candidate, Text

#: What a format makes of a password that fits; only the format itself looks into it.
Key = object


@dataclass(frozen=True, slots=True)
class Lock:
    """One thing that a password opens: one salt, one header. Members that share it share the derivation."""

    scheme: str  #: in the format's own words: ZipCrypto, AES-256 …
    cost: float  #: work units of one try of one spelling
    #: (index, key) of each password that passes the verifier, lazily and in the order given; costly work happens here.
    fits: Callable[[Sequence[str]], Iterator[tuple[int, Key]]]
    #: Probability that a wrong password passes the verifier: 1/256 for ZipCrypto, 0 when passing is proof.
    chance: float = 0.0
    #: A full read proves the password (HMAC, strong hash). Without that (ZipCrypto, old Office) every affordable
    #: candidate is tried, and two that read well are a contradiction.
    authenticated: bool = True
    #: Passwords become bytes in an unknown code page, so each of ``spellings`` is a try. False for UTF-16 and the like.
    spelled: bool = True
    #: Locks of one container with equal ``derivation`` make the same key of a password, and pay for it once.
    derivation: object = None

    def __post_init__(self) -> None:
        if self.cost <= 0:
            raise ValueError("a try costs some work, however little")


@dataclass(frozen=True, slots=True)
class Member:
    """What the directory says of one file inside, known without its password, and how to read it."""

    name: str  #: as it stands there, raw: separators, dots and control characters included
    size: int  #: declared bytes once opened
    stored: int  #: bytes it occupies in the container
    #: Reads it: bounded chunks, integrity checked before the iterator ends. ``Malformed`` from a locked member means
    #: that the key is wrong or the data damaged. Members are read in order. None when it cannot be read.
    read: Callable[[Key | None], Iterator[bytes]] | None
    lock: Lock | None = None
    method: str = ""
    crc32: int | None = None
    state: State = State.INSPECTED  #: the least it will end in: unsupported method, views that disagree …
    state_reason: str = ""
    encrypted: bool = False  #: also when there is no lock that could be tried
    itself: bool = False  #: reading gives the artifact's own decrypted form (Office, PDF), not a child


@dataclass(frozen=True, slots=True)
class Container:
    """A listed container. With an encrypted directory there are no members yet: ``directory`` opens it."""

    members: tuple[Member, ...] = ()
    findings: tuple[Finding, ...] = ()
    texts: tuple[Text, ...] = ()  #: comments and other words in which a password may stand
    state: State = State.INSPECTED  #: of the container as such, apart from its members
    state_reason: str = ""
    covers: bool = True  #: the members are all there is; not so for documents and for what an archive was appended to
    work: float = 0.0  #: work units that listing it has cost
    #: Passwords that programs try by themselves before they ask; the source is the program. Tried first.
    own: tuple[Candidate, ...] = ()
    directory: Lock | None = None
    reveal: Callable[[Key], "Container"] | None = None  #: the container again, its directory read with this key


@dataclass(frozen=True, slots=True)
class Format:
    """One container format. Every format that claims or recognises an artifact opens it, and all views are kept."""

    name: str  #: prefix of its findings
    kinds: frozenset[str]  #: kinds of ``examine.identify`` that this format claims without looking
    recognise: Callable[[bytes], bool]  #: cheap (about 0.02 ms) and sure; also an archive appended to something else
    open: Callable[[Artifact, bytes, Limits], Container]  #: reads the directory, at most ``limits.members`` of it
    instead_of: frozenset[str] = frozenset()  #: names of formats that need not open what this one claims by kind
    #: Recognises its bytes in the middle of a file too. In archives and disk images these are members: not asked there.
    anywhere: bool = False
    within_documents: bool = False  #: asked about Office documents too, which hold ZIPs of their own


#: How a password may have been turned into bytes by the program that locked the file, likeliest first.
PASSWORD_ENCODINGS = ("utf-8", "cp437", "cp932", "cp1252", "cp850", "cp866", "cp1251", "gbk", "big5", "cp949")


def spellings(password: str) -> tuple[bytes, ...]:
    """The different byte strings a password may stand for; one for an ASCII password, up to a dozen otherwise."""
    if password.isascii():
        return (password.encode(),)
    found: dict[bytes, None] = {}
    for form in dict.fromkeys(
        (password, unicodedata.normalize("NFC", password), unicodedata.normalize("NFD", password))
    ):
        able = frozenset.intersection(*map(_encodings_of, dict.fromkeys(form)))
        found |= dict.fromkeys(form.encode(encoding) for encoding in PASSWORD_ENCODINGS if encoding in able)
    return tuple(found)


@lru_cache(maxsize=1 << 12)
def _encodings_of(character: str) -> frozenset[str]:
    """Those that have this character; in all of them a text can be written when each of its characters can."""
    able = set()
    for encoding in PASSWORD_ENCODINGS:
        try:
            character.encode(encoding)
        except UnicodeEncodeError:
            continue
        able.add(encoding)
    return frozenset(able)
