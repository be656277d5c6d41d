"""Encrypted content: a sealed part, its hash, its size and the key that opens it.

    context     "parley/part/v1" LF scope        (no final LF)
    scope       <origin>           for acts and bodies
                <node>/<channel>   for other parts, which outlive an epoch
    ciphertext  salt 24 ‖ commitment 32 ‖ chunks of 16 KiB + 16, the last one shorter

The cipher commits to its key, so SHA-256(ciphertext) commits to the content and the 32-byte
key is its opening: who destroys both keeps a hash that says nothing. What stands in a part is
left to `act.py` and the bodies. Acts and bodies are opened whole, through the suite; a file has no
limit, so that `Chunks` opens and seals any chunk of it by itself. Spec §4.3.
"""

import hashlib
from hmac import compare_digest
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from msgspec import Struct

from parley.protocol.suite import CONTENT_KEY_SIZE, PartError, Suite

MAX_ACT: Final = 64 * 1024
MAX_BODY: Final = 2 * 1024 * 1024

# A `K` record with this key says: the sender has lost it (Spec §5.1).
LOST_KEY: Final = bytes(CONTENT_KEY_SIZE)

SALT_SIZE: Final = 24
HEADER_SIZE: Final = SALT_SIZE + 32
CHUNK_SIZE: Final = 16 * 1024
TAG_SIZE: Final = 16
SEALED_CHUNK_SIZE: Final = CHUNK_SIZE + TAG_SIZE

_PREFIX = b"parley/part/v1\n"
_PURPOSE = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"
_DERIVED_SIZE = 32 + 12 + 32


class SealedPart(Struct, frozen=True, kw_only=True, gc=False):
    """A part as its writer keeps it; `size` is the size of the ciphertext in bytes."""

    hash: bytes
    size: int
    ciphertext: bytes
    key: bytes

    def __repr__(self) -> str:
        """Return the hash alone: no log may tell a key."""
        return f"SealedPart({self.hash.hex()})"


def overhead(size: int) -> int:
    """Return how many bytes the ciphertext is larger than a plaintext of `size` bytes."""
    return HEADER_SIZE + TAG_SIZE * (size // CHUNK_SIZE + 1)


def plain_size(size: int) -> int:
    """Return how many bytes of plaintext a ciphertext of `size` bytes holds.

    Raises:
        PartError: no ciphertext has that size.

    """
    full, rest = divmod(size - HEADER_SIZE, SEALED_CHUNK_SIZE)
    if full < 0 or rest < TAG_SIZE:
        raise PartError(f"no sealed part is {size} bytes long")
    return full * CHUNK_SIZE + rest - TAG_SIZE


def chunk_count(size: int) -> int:
    """Return how many chunks a ciphertext of `size` bytes has; the last is short, and may hold nothing."""
    return plain_size(size) // CHUNK_SIZE + 1


def chunk_start(index: int) -> int:
    """Return where in the ciphertext the chunk `index` begins."""
    return HEADER_SIZE + index * SEALED_CHUNK_SIZE


class Chunks:
    """One part, chunk by chunk and in any order. `header` is salt ‖ commitment. Has no state."""

    def __init__(self, key: bytes, *, scope: str, header: bytes) -> None:
        """Prepare to open the part that begins with `header`.

        Raises:
            PartError: the part commits to another key or scope.

        """
        if len(key) != CONTENT_KEY_SIZE or key == LOST_KEY or len(header) != HEADER_SIZE:
            raise PartError("this is no content key, or no header")
        derived = _derived(key, scope=scope, salt=header[:SALT_SIZE])
        # Without this one ciphertext could have two keys, and say two things (Spec §4.3.3).
        if not compare_digest(derived[44:], header[SALT_SIZE:]):
            raise PartError("the part does not open with this key and context")
        self.header = header
        self._cipher = AESGCM(derived[:32])
        self._nonce = int.from_bytes(derived[32:44], "big")

    @classmethod
    def fresh(cls, key: bytes, *, scope: str, salt: bytes) -> "Chunks":
        """Return what seals a new part under a `key` and `salt` that are used for nothing else."""
        return cls(key, scope=scope, header=salt + _derived(key, scope=scope, salt=salt)[44:])

    def seal(self, index: int, plaintext: bytes) -> bytes:
        """Return the chunk `index`. Every chunk but the last holds `CHUNK_SIZE` bytes, the last fewer."""
        return self._cipher.encrypt(self._nonce_of(index), plaintext, None)

    def open(self, index: int, sealed: bytes) -> bytes:
        """Return what the chunk `index` holds. That only the last is short is the caller's to check.

        Raises:
            PartError: these are not the bytes of this chunk.

        """
        try:
            return self._cipher.decrypt(self._nonce_of(index), sealed, None)
        except (InvalidTag, ValueError) as error:
            raise PartError(f"chunk {index} does not open") from error

    def _nonce_of(self, index: int) -> bytes:
        return (self._nonce ^ index).to_bytes(12, "big")


def _derived(key: bytes, *, scope: str, salt: bytes) -> bytes:
    info = _PURPOSE + salt + context(scope)
    return HKDFExpand(algorithm=SHA512(), length=_DERIVED_SIZE, info=info).derive(key)


def seal_part(plaintext: bytes, *, scope: str, suite: Suite) -> SealedPart:
    """Return the plaintext encrypted under a fresh key of its own."""
    key = suite.dice(CONTENT_KEY_SIZE)
    ciphertext = suite.encrypt(key, context=context(scope), plaintext=plaintext)
    digest = hashlib.sha256(ciphertext).digest()
    return SealedPart(hash=digest, size=len(ciphertext), ciphertext=ciphertext, key=key)


def open_part(ciphertext: bytes, *, key: bytes, scope: str, suite: Suite) -> bytes:
    """Return the plaintext. That the hash is the one in the entry is the caller's to check.

    Raises:
        PartError: another key, another scope, other bytes, or the key that says "lost".

    """
    if len(key) != CONTENT_KEY_SIZE or key == LOST_KEY:
        raise PartError("this is no content key")
    return suite.decrypt(key, context=context(scope), ciphertext=ciphertext)


def context(scope: str) -> bytes:
    """Return what the cipher binds beside the key."""
    return _PREFIX + scope.encode("ascii")


__all__ = [
    "CHUNK_SIZE",
    "HEADER_SIZE",
    "LOST_KEY",
    "MAX_ACT",
    "MAX_BODY",
    "SALT_SIZE",
    "SEALED_CHUNK_SIZE",
    "TAG_SIZE",
    "Chunks",
    "PartError",
    "SealedPart",
    "chunk_count",
    "chunk_start",
    "context",
    "open_part",
    "overhead",
    "plain_size",
    "seal_part",
]
