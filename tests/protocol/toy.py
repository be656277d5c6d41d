"""A suite for tests of meaning: keyed, repeatable, fast, and no protection of anything."""

import hashlib
from typing import Final

from parley.protocol.suite import PartError, SealError


class Toy:
    """A suite whose signatures anybody could make and whose seals anybody could open."""

    def __init__(self) -> None:
        self._rolled = 0

    def dice(self, count: int) -> bytes:
        self._rolled += 1
        return hashlib.shake_256(f"dice {self._rolled}".encode()).digest(count)

    def ed25519_public(self, seed: bytes) -> bytes:
        return hashlib.sha256(b"ed25519" + seed).digest()

    def sign_ed25519(self, seed: bytes, message: bytes) -> bytes:
        return hashlib.sha512(self.ed25519_public(seed) + message).digest()

    def verify_ed25519(self, public: bytes, signature: bytes, message: bytes) -> bool:
        return signature == hashlib.sha512(public + message).digest()

    def ml_dsa_public(self, seed: bytes) -> bytes:
        return hashlib.shake_256(b"ml-dsa" + seed).digest(1312)

    def sign_ml_dsa(self, seed: bytes, message: bytes) -> bytes:
        return hashlib.shake_256(self.ml_dsa_public(seed) + message).digest(2420)

    def verify_ml_dsa(self, public: bytes, signature: bytes, message: bytes) -> bool:
        return signature == hashlib.shake_256(public + message).digest(2420)

    def x_wing_public(self, private: bytes) -> bytes:
        return hashlib.shake_256(b"x-wing" + private).digest(1216)

    def x_wing_generate(self) -> bytes:
        return self.dice(96)

    def seal(self, public: bytes, *, info: bytes, plaintext: bytes) -> bytes:
        box = hashlib.shake_256(public + info + plaintext).digest(1120 + 16)
        return box[:1120] + _mask(public + info + box, plaintext) + box[1120:]

    def open(self, private: bytes, *, info: bytes, sealed: bytes) -> bytes:
        public = self.x_wing_public(private)
        box = sealed[:1120] + sealed[-16:]
        plaintext = _mask(public + info + box, sealed[1120:-16])
        if hashlib.shake_256(public + info + plaintext).digest(1120 + 16) != box:
            raise SealError("the toy does not open")
        return plaintext

    def encrypt(self, key: bytes, *, context: bytes, plaintext: bytes) -> bytes:
        head = hashlib.shake_256(key + context + plaintext).digest(56 + 16)
        return head + _mask(key + context + head, plaintext)

    def decrypt(self, key: bytes, *, context: bytes, ciphertext: bytes) -> bytes:
        head, masked = ciphertext[:72], ciphertext[72:]
        plaintext = _mask(key + context + head, masked)
        if hashlib.shake_256(key + context + plaintext).digest(56 + 16) != head:
            raise PartError("the toy does not open")
        return plaintext


def _mask(key: bytes, text: bytes) -> bytes:
    pad = hashlib.shake_256(key).digest(len(text))
    return bytes(one ^ two for one, two in zip(text, pad, strict=True))


TOY: Final = Toy()
