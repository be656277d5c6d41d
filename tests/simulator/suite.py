"""A suite that tells somebody of every head and receipt before it is signed, and lets him forbid it."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from parley.protocol.suite import Suite


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A head or a receipt that a key is about to sign: a head if `name` is `origin`."""

    name: str
    time: int
    origin: str
    size: int
    root: bytes

    @property
    def is_head(self) -> bool:
        return self.name == self.origin


def read_subtree(message: bytes) -> Signing:
    """Return what a line of type 0x06 states. Spec §2.2."""
    name, at = _text(message, 12)
    (time,) = struct.unpack_from(">Q", message, at)
    origin, at = _text(message, at + 8)
    _, size = struct.unpack_from(">QQ", message, at)
    return Signing(name=name, time=time, origin=origin, size=size, root=message[at + 16 :])


def _text(message: bytes, at: int) -> tuple[str, int]:
    end = at + 1 + message[at]
    return message[at + 1 : end].decode(), end


class Listening:
    """The suite `inner` of one node. Every head and receipt has an ML-DSA line, so that one is heard."""

    def __init__(self, inner: Suite, hear: Callable[[Signing], None]) -> None:
        """Ask `hear` before each signature; what it raises, the signer meets."""
        self._inner = inner
        self._hear = hear
        self.dice = inner.dice
        self.ed25519_public = inner.ed25519_public
        self.sign_ed25519 = inner.sign_ed25519
        self.verify_ed25519 = inner.verify_ed25519
        self.ml_dsa_public = inner.ml_dsa_public
        self.verify_ml_dsa = inner.verify_ml_dsa
        self.x_wing_public = inner.x_wing_public
        self.x_wing_generate = inner.x_wing_generate
        self.seal = inner.seal
        self.open = inner.open
        self.encrypt = inner.encrypt
        self.decrypt = inner.decrypt

    def sign_ml_dsa(self, seed: bytes, message: bytes) -> bytes:
        """Return the signature, after it was heard of."""
        self._hear(read_subtree(message))
        return self._inner.sign_ml_dsa(seed, message)
