"""Encrypted PDF (ISO 32000-2, 7.6); qpdf decrypts, through pikepdf, see ``unlock.pdf`` for the passwords.

A document that restricts printing or editing only asks nobody for a password, and is opened with the empty one. What
comes out is the same document without encryption and without object streams, its other streams as they were.
"""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import cast

import pikepdf
from pikepdf import ObjectStreamMode, StreamDecodeLevel, settings

from seriema.model.artifact import Artifact, State
from seriema.model.errors import HostileInput, LimitReached, Locked, Malformed, Unsupported
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.unlock.format import Container, Format, Key, Lock, Member
from seriema.unlock.pdf.dictionary import mentions_encryption, read_handlers
from seriema.unlock.pdf.passwords import Handler, written
from seriema.unlock.reading import state_of

_START, _HEAD = b"%PDF-", 1024
_CHUNK = 1 << 20
#: Bytes that one compressed stream of objects may come to: qpdf unpacks them to read the document at all.
_UNPACKED = 32 << 20
#: The verifiers have 128 bits and more; but of several dictionaries qpdf may read another than the password fits.
_CHANCE_OF_SEVERAL = 2.0**-64
_FREE = "asks for no password"
_FAILURES = (pikepdf.PdfError, RuntimeError, ValueError, OverflowError)
_CONTENT = re.compile(r"object stream|object \d|encryption|decrypt|inflate|zlib")
_BOUND = "memory limit exceeded"
_MENDED = re.compile(r"expected endobj|endstream|stream length|stream keyword|EOF after")

# Process-wide, and nothing else here uses qpdf.
settings.set_qpdf_limits(
    flate_max_memory=_UNPACKED,
    png_max_memory=_UNPACKED,
    tiff_max_memory=_UNPACKED,
    run_length_max_memory=_UNPACKED,
    parser_max_container_size=1_000_000,
)


def _recognise(content: bytes) -> bool:
    return _START in content[:_HEAD] and mentions_encryption(content)


def _open(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    if not mentions_encryption(content):
        return Container(covers=False)
    try:
        encrypted = _opens_for_everybody(content)
    except Locked:
        return _locked(artifact, content, limits)
    except HostileInput as error:
        return _unread(artifact, content, error)
    if not encrypted:
        return Container(covers=False)

    def read(_: Key | None) -> Iterator[bytes]:
        return _decrypted(content, b"", limits)

    member = Member(artifact.name, artifact.size, len(content), read, method="PDF", encrypted=True, itself=True)
    return Container((member,), _facts(artifact, _FREE), state_reason=_FREE, covers=False)


def _opens_for_everybody(content: bytes) -> bool:
    """Whether it is encrypted at all. ``Locked`` when it asks for a password, ``Malformed`` when qpdf cannot tell."""
    with _document(content, b"") as document:
        return document.is_encrypted


def _locked(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    try:
        handlers = read_handlers(content)
    except HostileInput as error:
        return _sealed(artifact, state_of(error), str(error))
    lock = _lock(handlers)

    def read(key: Key | None) -> Iterator[bytes]:
        return _decrypted(content, cast("bytes", key), limits)

    member = Member(artifact.name, artifact.size, len(content), read, lock, lock.scheme, encrypted=True, itself=True)
    return Container((member,), _facts(artifact, lock.scheme), covers=False)


def _unread(artifact: Artifact, content: bytes, trouble: HostileInput) -> Container:
    """Where qpdf gave up: a handler it does not know, damage behind known encryption, or damage alone."""
    try:
        read_handlers(content)
    except Unsupported as error:
        return _sealed(artifact, State.UNSUPPORTED, str(error))
    except HostileInput:
        raise trouble from None
    return _sealed(artifact, state_of(trouble), str(trouble))


def _lock(handlers: Sequence[Handler]) -> Lock:
    def fits(passwords: Sequence[str]) -> Iterator[tuple[int, Key]]:
        for index, password in enumerate(passwords):
            for handler in handlers:
                right = next((each for each in written(password, handler.revision) if handler.opens(each)), None)
                if right is not None:
                    yield index, right
                    break

    revision = handlers[0].revision
    scheme = f"PDF revision {revision}, {256 if revision >= 5 else handlers[0].key_bytes * 8} bits"  # noqa: PLR2004 - AES-256
    chance = _CHANCE_OF_SEVERAL if len(handlers) > 1 else 0.0
    return Lock(scheme, sum(each.cost for each in handlers), fits, chance=chance, spelled=revision < 5)  # noqa: PLR2004 - the same


def _sealed(artifact: Artifact, state: State, reason: str) -> Container:
    member = Member(
        artifact.name, artifact.size, artifact.size, None, state=state, state_reason=reason, encrypted=True, itself=True
    )
    return Container((member,), _facts(artifact, reason), covers=False)


def _facts(artifact: Artifact, how: str) -> tuple[Finding, ...]:
    return (Finding("pdf.encrypted", artifact.id, "", how),)


class _Sink(BytesIO):
    """Takes no more than a member may have."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, piece: bytes, /) -> int:  # type: ignore[override]  # qpdf writes bytes
        if self.tell() + len(piece) > self.most:
            raise LimitReached(f"the document decrypts to more than {self.most} bytes")
        return super().write(piece)


def _decrypted(content: bytes, password: bytes, limits: Limits) -> Iterator[bytes]:
    sink = _Sink(limits.member_bytes)
    with _document(content, password) as document:
        _save(document, sink)
        damages = [each for each in map(str, document.get_warnings()) if _damages(each)]
        damage = next((each for each in damages if _BOUND in each), damages[0] if damages else "")
    plain = sink.getvalue()
    for at in range(0, len(plain), _CHUNK):
        yield plain[at : at + _CHUNK]
    if _BOUND in damage:
        raise LimitReached(f"a stream of objects unpacks to more than {_UNPACKED} bytes")
    if damage:
        raise Malformed("damaged, and read as far as it goes", damage.partition(">")[2].strip()[:100])


def _save(document: pikepdf.Pdf, sink: "_Sink") -> None:
    try:
        document.save(
            sink,
            preserve_pdfa=False,
            fix_metadata_version=False,
            compress_streams=False,
            stream_decode_level=StreamDecodeLevel.none,
            object_stream_mode=ObjectStreamMode.disable,
            deterministic_id=True,
        )
    except _FAILURES as error:
        raise Malformed("the document cannot be decrypted", _words(error)) from error


def _damages(warning: str) -> bool:
    """Whether a warning is of an object's content; missing ends and wrong lengths are mended by every reader."""
    return _CONTENT.search(warning) is not None and _MENDED.search(warning) is None


def _document(content: bytes, password: bytes) -> pikepdf.Pdf:
    """The document as qpdf reads it. ``Locked`` when the password is wrong."""
    try:
        return pikepdf.open(BytesIO(content), password=password)
    except pikepdf.PasswordError as error:
        raise Locked("the document asks for a password") from error
    except _FAILURES as error:
        raise Malformed("the document cannot be read", _words(error)) from error


def _words(error: Exception) -> str:
    """What qpdf says, without where this process holds the document."""
    return str(error).partition(">: ")[2][:100] or type(error).__name__


FORMAT = Format(name="pdf", kinds=frozenset({"pdf"}), recognise=_recognise, open=_open)
