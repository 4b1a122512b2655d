"""Encrypted Office documents, built in memory, by msoffcrypto-tool's ciphers: ours are not their own judge."""

from hashlib import md5, sha1
from io import BytesIO
from struct import pack
from unittest.mock import patch

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from msoffcrypto.method import ecma376_agile
from msoffcrypto.method.ecma376_agile import ECMA376Agile
from msoffcrypto.method.ecma376_standard import ECMA376Standard
from msoffcrypto.method.rc4 import DocumentRC4
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI
from msoffcrypto.method.xor_obfuscation import DocumentXOR

from seriema.exercise.compound_file import compound_file

SALT = bytes(range(16))
VERIFIER = bytes(range(16, 32))


def agile(package: bytes, password: str, rounds: int = 100) -> bytes:
    """A package with agile encryption, its "random" bytes always the same."""
    with patch.object(ecma376_agile, "_random_buffer", lambda size: bytes(range(size))):
        return bytes(ECMA376Agile.encrypt(password, BytesIO(package), salt_value=SALT, spin_count=rounds))


def standard(package: bytes, password: str) -> bytes:
    """A package with standard encryption, AES-128."""
    key = ECMA376Standard.makekey_from_password(password, 0x660E, 0x8004, 24, 128, 16, SALT)
    aes = Cipher(AES(key), modes.ECB())
    header = pack("<IIIIIIII", 0x24, 0, 0x660E, 0x8004, 128, 24, 0, 0) + "AES\0".encode("utf-16-le")
    sealed = aes.encryptor().update(VERIFIER + sha1(VERIFIER).digest().ljust(32, b"\0"))
    verifier = pack("<I", 16) + SALT + sealed[:16] + pack("<I", 20) + sealed[16:]
    info = pack("<HHII", 3, 2, 0x24, len(header)) + header + verifier
    padded = package + bytes(-len(package) % 16)
    return encrypted_package(info, pack("<Q", len(package)) + aes.encryptor().update(padded))


def encrypted_package(info: bytes, sealed: bytes) -> bytes:
    """The compound file of both streams."""
    return compound_file({"EncryptionInfo": info, "EncryptedPackage": sealed})


class Rc4:
    """RC4 as Office 97 has it, 40 bits."""

    def __init__(self, password: str) -> None:
        self.password = password

    def apply(self, stream: bytes, size: int, block: int = 0) -> bytes:
        """Encrypts and decrypts, in blocks."""
        assert block == 0
        return bytes(DocumentRC4.decrypt(self.password, SALT, BytesIO(stream), blocksize=size).read())

    def header(self) -> bytes:
        """The encryption header."""
        sealed = self.apply(VERIFIER + md5(VERIFIER).digest(), 512)
        return pack("<HH", 1, 1) + SALT + sealed


class CryptoApi:
    """RC4 with a key from a cryptographic provider."""

    def __init__(self, password: str, bits: int = 128) -> None:
        self.password, self.bits = password, bits

    def apply(self, stream: bytes, size: int, block: int = 0) -> bytes:
        """Encrypts and decrypts, in blocks."""
        source = BytesIO(stream)
        return bytes(DocumentRC4CryptoAPI.decrypt(self.password, SALT, self.bits, source, size, block).read())

    def header(self) -> bytes:
        """The encryption header."""
        sealed = self.apply(VERIFIER + sha1(VERIFIER).digest(), 512)
        header = pack("<IIIIIIII", 4, 0, 0x6801, 0x8004, self.bits, 1, 0, 0) + "CSP\0".encode("utf-16-le")
        verifier = pack("<I", 16) + SALT + sealed[:16] + pack("<I", 20) + sealed[16:]
        return pack("<HHII", 2, 2, 4, len(header)) + header + verifier


def record(number: int, content: bytes) -> bytes:
    """A record of a workbook."""
    return pack("<HH", number, len(content)) + content


BEGIN = record(0x809, bytes(range(16)))
SHEET = record(0x85, pack("<I", 1234) + b"\0\0\x05\0Sheet")
REST = record(0x42, pack("<H", 1200)) + record(0x22, b"\0\0") + record(0x40, b"\x01\0") + SHEET + record(0x0A, b"")
TEXT = record(0x204, b"a cell's text " * 40)
WORKBOOK_TAIL = REST + BEGIN + TEXT * 12 + record(0x0A, b"")


def workbook(guard: bytes, tail: bytes = WORKBOOK_TAIL) -> bytes:
    """A workbook's stream, with what stands in its FilePass record."""
    return BEGIN + record(0x2F, guard) + tail


def rc4_workbook(cipher: Rc4 | CryptoApi, tail: bytes = WORKBOOK_TAIL) -> bytes:
    """An encrypted workbook."""
    plain = workbook(pack("<H", 1) + cipher.header(), tail)
    sealed = bytearray(cipher.apply(plain, 1024))
    for begin, end in _readable(plain):
        sealed[begin:end] = plain[begin:end]
    return compound_file({"Workbook": bytes(sealed)})


def xor_workbook(password: str, tail: bytes = WORKBOOK_TAIL, *, old: bool = False) -> bytes:
    """An obfuscated workbook."""
    key, verifier = DocumentXOR.create_xor_key_method1(password), xor_verifier(password)
    guard = pack("<HH", key, verifier)
    plain = workbook(guard if old else pack("<H", 0) + guard, tail)
    array = DocumentXOR.create_xor_array_method1(password)
    sealed, at = bytearray(plain), 0
    readable = {place for begin, end in _readable(plain) for place in range(begin, end)}
    while at < len(plain):
        size = int.from_bytes(plain[at + 2 : at + 4], "little")
        for place in range(at + 4, at + 4 + size):
            if place not in readable:
                sealed[place] = DocumentXOR.rol(plain[place], 5, 8) ^ array[(place + size) % 16]
        at += 4 + size
    return compound_file({"Book" if old else "Workbook": bytes(sealed)})


def xor_verifier(password: str) -> int:
    """The verifier that msoffcrypto-tool takes for this password."""
    return next(value for value in range(0x10000) if DocumentXOR.verifypw(password, value))


def _readable(plain: bytes) -> list[tuple[int, int]]:
    places, at = [], 0
    while at < len(plain):
        number, size = int.from_bytes(plain[at : at + 2], "little"), int.from_bytes(plain[at + 2 : at + 4], "little")
        shown = size if number in (0x809, 0x2F) else 4 if number == 0x85 else 0
        places.append((at, at + 4 + shown))
        at += 4 + size
    return places


def fib(flags: int, key: int = 0, version: int = 0xC1) -> bytes:
    """The main stream of a Word document, its piece table at the start of the table stream."""
    head = pack("<HHHHHHIH", 0xA5EC, version, 0, 0x407, 0, flags, 0xBF, 0)[:10]
    head += pack("<HHI", flags, 0xBF, key)
    head = head.ljust(0x98, b"\x01") + pack("<H", 0x5D)
    return head.ljust(0x1A2, b"\x02") + pack("<II", 200, 21) + b"The letter's text. " * 200


TABLE = bytes(200) + b"\x02" + bytes(range(100)) * 50
DATA = b"picture data " * 400


def rc4_word(cipher: Rc4 | CryptoApi) -> bytes:
    """An encrypted document."""
    header = cipher.header()
    main = fib(0x0100 | 0x0200, len(header))
    sealed = main[:0x44] + cipher.apply(main, 512)[0x44:]
    table = header + cipher.apply(bytes(len(header)) + TABLE, 512)[len(header) :]
    return compound_file({"WordDocument": sealed, "1Table": table, "Data": cipher.apply(DATA, 512)})


def xor_word(password: str, table: bytes = TABLE, *, old: bool = False) -> bytes:
    """An obfuscated document, of Word 95 when ``old``."""
    stored = DocumentXOR.create_xor_key_method1(password) << 16 | xor_verifier(password)
    main = fib(0x0100 if old else 0x8100, stored, 0x65 if old else 0xC1)
    array = DocumentXOR.create_xor_array_method1(password)

    def sealed(stream: bytes) -> bytes:
        masks = (array[place % 16] for place in range(len(stream)))
        return bytes(byte ^ mask if byte and byte ^ mask else byte for byte, mask in zip(stream, masks, strict=True))

    plain = 0x34 if old else 0x44
    streams = {"WordDocument": main[:plain] + sealed(main)[plain:]}
    return compound_file(streams if old else streams | {"0Table": sealed(table), "Data": sealed(DATA)})


SLIDES = b"what the slides say " * 100
MACRO = b"a compressed project " * 50


def powerpoint(cipher: CryptoApi, **beside: bytes) -> bytes:
    """An encrypted presentation of two objects, and streams beside them."""
    main, places = b"", []
    for number, content in ((1, SLIDES), (2, MACRO)):
        places.append(len(main))
        plain = pack("<HHI", 0, 1000, len(content)) + content
        main += cipher.apply(plain, len(plain), number)
    session = len(main)
    header = cipher.header()
    main += pack("<HHI", 0x0F, 0x2F14, len(header)) + header
    directory = len(main)
    main += pack("<HHIIIII", 0, 0x1772, 16, 3 << 20 | 1, *places, session)
    edit = len(main)
    main += pack("<HHI", 0, 0x0FF5, 0x20) + pack("<12xI12xI", directory, 3)
    user = pack("<HHIIIIHH", 0, 0x0FF6, 28, 0x14, 0xF3D1C4DF, edit, 4, 0x03F4) + b"\x03\0\0\0user" + bytes(8)
    return compound_file({"Current User": user, "PowerPoint Document": main, **beside})
