"""A backup as bytes: who made it, in clear; then everything else, sealed and authenticated piece by piece.

    "PARLEYB1" LF
    uint16 length ‖ header           strict JSON: node, world, made_at, key (8 bytes of SHA-256, hex)
    enc 1120 ‖ ciphertext 48         a fresh key of 32 bytes, sealed to the offline key;
                                     info = "parley/backup/v1" LF ‖ header
    stream                           Cobblestone-256 under that key; context = "parley/backup/v1" LF ‖
                                     SHA-256 of all bytes before it
    SHA-256 of all bytes before it   32: that it is whole can be seen without any key

The stream is opened 16 KiB at a time, and cannot be cut, reordered or continued. Anybody can
seal to a public key: what is in a backup is believed no further than a record proves itself.
"""

import hashlib
import os
import struct
from collections.abc import Mapping
from typing import BinaryIO, Final

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from parley.protocol.breach import BreachError
from parley.protocol.strictjson import JsonObject, JsonValue, read, write
from parley.protocol.suite import CONTENT_KEY_SIZE, ENC_SIZE, SealError, Suite

MAGIC: Final = b"PARLEYB1\n"
PREFIX: Final = b"parley/backup/v1\n"
MAX_HEADER: Final = 4096
BLOCK: Final = 1024 * 1024
DIGEST_SIZE: Final = 32

_LENGTH = struct.Struct(">H")
_SEALED_KEY = ENC_SIZE + CONTENT_KEY_SIZE + 16


class BackupError(Exception):
    """This is no backup, it is damaged, or the key is another one; nothing of it was used."""


def key_id(public: bytes) -> str:
    """Return the name of a key in the header."""
    return hashlib.sha256(public).digest()[:8].hex()


class Sealing:
    """Writes a backup into `file`."""

    def __init__(
        self, file: BinaryIO, header: Mapping[str, JsonValue], *, public: bytes, suite: Suite
    ) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        raw = write({**header, "key": key_id(public)})
        key = suite.dice(CONTENT_KEY_SIZE)
        self._put(MAGIC + _LENGTH.pack(len(raw)) + raw)
        self._put(suite.seal(public, info=PREFIX + raw, plaintext=key))
        self._encryptor = Cobblestone256Encryptor(key, PREFIX + self._digest.digest())

    def _put(self, raw: bytes) -> None:
        self._digest.update(raw)
        self._file.write(raw)

    def write(self, plaintext: bytes) -> None:
        self._put(self._encryptor.update(plaintext))

    def finish(self) -> None:
        """Write the end. Without it nobody takes the file for a whole one."""
        self._put(self._encryptor.finalize())
        self._file.write(self._digest.digest())


def read_header(file: BinaryIO) -> JsonObject:
    """Return what a backup says of itself in clear, the file standing behind it.

    Raises:
        BackupError: it is none.
    """
    head = file.read(len(MAGIC) + _LENGTH.size)
    if not head.startswith(MAGIC) or len(head) != len(MAGIC) + _LENGTH.size:
        raise BackupError("this is no backup")
    (length,) = _LENGTH.unpack(head[len(MAGIC) :])
    if length > MAX_HEADER:
        raise BackupError("the header is too large")
    try:
        return read(file.read(length))
    except BreachError as error:
        raise BackupError(f"the header cannot be read: {error}") from error


def check_whole(file: BinaryIO) -> str:
    """Return the SHA-256 of the whole file, in hex, after comparing the one at its end: no key is needed.

    Raises:
        BackupError: it is cut off or changed.
    """
    size = file.seek(0, os.SEEK_END) - DIGEST_SIZE
    file.seek(0)
    digest = hashlib.sha256()
    while size > 0 and (block := file.read(min(BLOCK, size))):
        digest.update(block)
        size -= len(block)
    end = file.read()
    if size != 0 or end != digest.digest():
        raise BackupError("the file is cut off or was changed")
    digest.update(end)
    return digest.hexdigest()


class Opening:
    """Reads what is sealed in the backup `file`. The header has been seen to be one."""

    def __init__(self, file: BinaryIO, *, private: bytes, suite: Suite) -> None:
        """Open the seal.

        Raises:
            BackupError: it is sealed to another key.
        """
        self._file = file
        self._left = file.seek(0, os.SEEK_END) - DIGEST_SIZE
        file.seek(0)
        self.header = read_header(file)
        start = file.tell()
        file.seek(0)
        clear = file.read(start)
        sealed = file.read(_SEALED_KEY)
        raw = clear[len(MAGIC) + _LENGTH.size :]
        try:
            key = suite.open(private, info=PREFIX + raw, sealed=sealed)
        except SealError as error:
            raise BackupError("it is sealed to another key, or its beginning was changed") from error
        self._left -= start + len(sealed)
        self._decryptor = Cobblestone256Decryptor(key, PREFIX + hashlib.sha256(clear + sealed).digest())
        self._ready = bytearray()
        self._is_over = False

    def read(self, count: int) -> bytes:
        """Return the next `count` bytes, fewer at the end alone.

        Raises:
            BackupError: what follows was changed or is cut off.
        """
        while len(self._ready) < count and not self._is_over:
            self._more()
        found = bytes(self._ready[:count])
        del self._ready[:count]
        return found

    def _more(self) -> None:
        block = self._file.read(max(0, min(BLOCK, self._left)))
        self._left -= len(block)
        try:
            if block:
                self._ready += self._decryptor.update(block)
            else:
                self._ready += self._decryptor.finalize()
                self._is_over = True
        except (InvalidTag, ValueError) as error:
            raise BackupError("the file is cut off or was changed") from error
