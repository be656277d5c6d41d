"""A suite for tests that run thousands of parcels: keyed hashes and a mask in place of curves and lattices.

It keeps what the protocol relies on between honest keys and a careless line: a changed byte, another
key, another info or context never verifies and never opens. It keeps no secret from anybody who looks.
The dice are counted, so that a failing example fails again.
"""

import hashlib
import itertools
import threading

from parley.protocol.suite import (
    CONTENT_KEY_SIZE,
    ED25519_SIGNATURE_SIZE,
    ENC_SIZE,
    ML_DSA_PUBLIC_SIZE,
    ML_DSA_SIGNATURE_SIZE,
    X_WING_PRIVATE_SIZE,
    X_WING_PUBLIC_SIZE,
    PartError,
    SealError,
)

_TAG = 16
# Cobblestone-256 in size: 56 bytes in front, and 16 for each chunk of 16 KiB.
_HEADER = 56
_CHUNK = 16 * 1024


class Toy:
    """The suite; one for all nodes of a test, so that no two throw the same dice."""

    def __init__(self, seed: str = "toy") -> None:
        self._seed = seed
        self._thrown = itertools.count()
        self._lock = threading.Lock()

    def dice(self, count: int) -> bytes:
        with self._lock:
            return _stretch(b"dice", f"{self._seed} {next(self._thrown)}".encode(), size=count)

    def ed25519_public(self, seed: bytes) -> bytes:
        return _stretch(b"ed25519", seed, size=32)

    def sign_ed25519(self, seed: bytes, message: bytes) -> bytes:
        return _stretch(self.ed25519_public(seed), message, size=ED25519_SIGNATURE_SIZE)

    def verify_ed25519(self, public: bytes, signature: bytes, message: bytes) -> bool:
        return signature == _stretch(public, message, size=ED25519_SIGNATURE_SIZE)

    def ml_dsa_public(self, seed: bytes) -> bytes:
        return _stretch(b"ml-dsa", seed, size=ML_DSA_PUBLIC_SIZE)

    def sign_ml_dsa(self, seed: bytes, message: bytes) -> bytes:
        return _stretch(self.ml_dsa_public(seed), message, size=ML_DSA_SIGNATURE_SIZE)

    def verify_ml_dsa(self, public: bytes, signature: bytes, message: bytes) -> bool:
        return signature == _stretch(public, message, size=ML_DSA_SIGNATURE_SIZE)

    def x_wing_public(self, private: bytes) -> bytes:
        return _stretch(b"x-wing", private, size=X_WING_PUBLIC_SIZE)

    def x_wing_generate(self) -> bytes:
        return self.dice(X_WING_PRIVATE_SIZE)

    def seal(self, public: bytes, *, info: bytes, plaintext: bytes) -> bytes:
        enc = self.dice(ENC_SIZE)
        return enc + _close(public + info + enc, plaintext, size=_TAG)

    def open(self, private: bytes, *, info: bytes, sealed: bytes) -> bytes:
        enc, box = sealed[:ENC_SIZE], sealed[ENC_SIZE:]
        found = _open(self.x_wing_public(private) + info + enc, box, size=_TAG)
        if found is None:
            raise SealError("the toy does not open")
        return found

    def encrypt(self, key: bytes, *, context: bytes, plaintext: bytes) -> bytes:
        assert len(key) == CONTENT_KEY_SIZE
        return _close(key + context, plaintext, size=_HEADER + _TAG * (len(plaintext) // _CHUNK + 1))

    def decrypt(self, key: bytes, *, context: bytes, ciphertext: bytes) -> bytes:
        chunks = (len(ciphertext) - _HEADER - 1) // (_CHUNK + _TAG) + 1
        found = _open(key + context, ciphertext, size=_HEADER + _TAG * chunks)
        if found is None:
            raise PartError("the toy does not open")
        return found


def _stretch(key: bytes, message: bytes, *, size: int) -> bytes:
    return hashlib.shake_256(len(key).to_bytes(4, "big") + key + message).digest(size)


def _mask(key: bytes, text: bytes) -> bytes:
    pad = _stretch(key, b"", size=len(text))
    return (int.from_bytes(text, "big") ^ int.from_bytes(pad, "big")).to_bytes(len(text), "big")


def _close(key: bytes, plaintext: bytes, *, size: int) -> bytes:
    # The front is made from the text, so that it commits to it, and to the key.
    front = _stretch(key, plaintext, size=size)
    return front + _mask(key + front, plaintext)


def _open(key: bytes, box: bytes, *, size: int) -> bytes | None:
    front, masked = box[:size], box[size:]
    plaintext = _mask(key + front, masked)
    return plaintext if len(front) == size and front == _stretch(key, plaintext, size=size) else None
