"""Encrypted PDF (ISO 32000-2, 7.6); qpdf decrypts, through pikepdf, see ``unlock.pdf`` for the passwords.

A document that restricts printing or editing only asks nobody for a password, and is opened with the empty one. What
comes out is the same document without encryption and without object streams, its other streams as they were.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import cast

import pikepdf
from pikepdf import ObjectStreamMode, StreamDecodeLevel, settings

from seriema.model.artifact import Artifact, State
from seriema.model.errors import HostileInput, LimitReached, Locked, Malformed
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
_FAILURES = (pikepdf.PdfError, RuntimeError, ValueError, OverflowError, KeyError, AttributeError, TypeError)
#: What is read before qpdf has mended the table of objects keeps its strings encrypted.
_CONTENT = re.compile(r"reconstruct|object stream|object \d|encryption|decrypt|inflate|zlib")
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
    trouble: HostileInput | None = None
    try:
        with _document(content) as document:
            if not document.is_encrypted:
                return Container(covers=False)
    except Locked:
        pass
    except HostileInput as error:
        trouble = error
    try:
        handlers = read_handlers(content)
    except Malformed as error:
        if trouble is not None:
            raise trouble from error
        return _sealed(artifact, State.MALFORMED, str(error))
    except HostileInput as error:
        return _sealed(artifact, state_of(error), str(error))
    return _encrypted(artifact, content, _lock(handlers), limits)


def _encrypted(artifact: Artifact, content: bytes, lock: Lock, limits: Limits) -> Container:
    free = next((key for _, key in lock.fits([""])), None)

    def read(key: Key | None) -> Iterator[bytes]:
        return _decrypted(content, cast("_Fit", key if free is None else free), limits)

    member = Member(
        artifact.name,
        artifact.size,
        len(content),
        read,
        lock if free is None else None,
        lock.scheme,
        encrypted=True,
        itself=True,
    )
    reason = _FREE if free else ""
    facts = _facts(artifact, reason or lock.scheme)
    return Container((member,), facts, state_reason=reason, covers=False, work=lock.cost)


@dataclass(frozen=True, slots=True)
class _Fit:
    """A password that fits: whose handler, and the document's key."""

    handler: Handler
    key: bytes


def _lock(handlers: Sequence[Handler]) -> Lock:
    def fits(passwords: Sequence[str]) -> Iterator[tuple[int, Key]]:
        for index, password in enumerate(passwords):
            for handler in handlers:
                keys = (handler.key(each) for each in written(password, handler.revision))
                right = next((key for key in keys if key is not None), None)
                if right is not None:
                    yield index, _Fit(handler, right)

    old = handlers[0].revision < 5  # noqa: PLR2004 - AES-256 came with revision 5
    scheme = f"PDF revision {handlers[0].revision}, {handlers[0].key_bytes * 8 if old else 256} bits"
    chance = _CHANCE_OF_SEVERAL if len(handlers) > 1 else 0.0
    return Lock(scheme, sum(each.cost for each in handlers), fits, chance=chance, spelled=old)


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


def _decrypted(content: bytes, fit: _Fit, limits: Limits) -> Iterator[bytes]:
    sink = _Sink(limits.member_bytes)
    with _document(content, fit) as document:
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


def _document(content: bytes, fit: _Fit | None = None) -> pikepdf.Pdf:
    """The document as qpdf reads it, by its key: with a password qpdf may want a random device, as no worker has.

    ``Locked`` when it asks for a password, or when what a password fits is not what qpdf takes for the encryption.
    """
    try:
        document = pikepdf.open(BytesIO(content), password=fit.key.hex() if fit else "", hex_password=fit is not None)
        entries = document.trailer.get("/Encrypt") if fit else None
        if fit and (entries is None or bytes(entries.O) != fit.handler.owner or bytes(entries.U) != fit.handler.user):
            raise Locked("the password fits another encryption than the document's")
    except pikepdf.PasswordError as error:
        raise Locked("the document asks for a password") from error
    except _FAILURES as error:
        raise Malformed("the document cannot be read", _words(error)) from error
    return document


def _words(error: Exception) -> str:
    """What qpdf says, without where this process holds the document."""
    return str(error).partition(">: ")[2][:100] or str(error)[:100] or type(error).__name__


FORMAT = Format(name="pdf", kinds=frozenset({"pdf"}), recognise=_recognise, open=_open)
