"""Encrypted content: a sealed part, its hash, its size and the key that opens it.

    context     "parley/part/v1" LF scope        (no final LF)
    scope       <origin>           for acts and bodies
                <node>/<channel>   for other parts, which outlive an epoch
    ciphertext  salt 24 ‖ commitment 32 ‖ chunks of 16 KiB + 16, the last one shorter

The cipher commits to its key, so SHA-256(ciphertext) commits to the content and the 32-byte
key is its opening: who destroys both keeps a hash that says nothing. What stands in a part is
left to `act.py` and the bodies. Spec §4.3.
"""

import hashlib
from typing import Final

from msgspec import Struct

from parley.protocol.suite import CONTENT_KEY_SIZE, PartError, Suite

MAX_ACT: Final = 64 * 1024
MAX_BODY: Final = 2 * 1024 * 1024

# A `K` record with this key says: the sender has lost it (Spec §5.1).
LOST_KEY: Final = bytes(CONTENT_KEY_SIZE)

_PREFIX = b"parley/part/v1\n"
_HEADER_SIZE = 24 + 32
_CHUNK_SIZE = 16 * 1024
_TAG_SIZE = 16


class SealedPart(Struct, frozen=True, kw_only=True):
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
    return _HEADER_SIZE + _TAG_SIZE * (size // _CHUNK_SIZE + 1)


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
    "LOST_KEY",
    "MAX_ACT",
    "MAX_BODY",
    "PartError",
    "SealedPart",
    "context",
    "open_part",
    "overhead",
    "seal_part",
]
