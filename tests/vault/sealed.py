"""Vaults in memory-backed folders, and files that come in as a test wants them to."""

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parley.protocol.entry import PartRef
from parley.vault.coming import Wanted
from parley.vault.vault import Room, Sealed, Vault

SCOPE: Final = "a.example/demo/a-b/main"
ROOM: Final = Room(keep_free=0)


def some_bytes(size: int, *, seed: int = 1) -> bytes:
    return hashlib.shake_256(seed.to_bytes(8)).digest(size)


def vault(folder: Path, *, room: Room = ROOM) -> Vault:
    return Vault(folder / "vault", room=room)


def add(kept: Vault, content: bytes, *, scope: str = SCOPE) -> Sealed:
    return kept.add(io.BytesIO(content), scope=scope, dice=os.urandom)


@dataclass(frozen=True, kw_only=True)
class There:
    """A file as it lies at the other side."""

    sealed: Sealed
    ciphertext: bytes
    content: bytes

    @property
    def wanted(self) -> Wanted:
        part = PartRef(hash=self.sealed.hash, size=self.sealed.size)
        return Wanted(part=part, key=self.sealed.key, scope=SCOPE)


def there(folder: Path, size: int, *, seed: int = 1) -> There:
    """Return a file of `size` bytes that lies in another vault."""
    content = some_bytes(size, seed=seed)
    other = Vault(folder / "other", room=ROOM)
    sealed = add(other, content)
    return There(
        sealed=sealed,
        ciphertext=other.stretch(sealed.hash, 0, size=sealed.size + 1),
        content=content,
    )


def read(kept: Vault, sealed: Sealed, *, scope: str = SCOPE) -> bytes:
    with kept.open(sealed.hash, key=sealed.key, scope=scope) as plain:
        return b"".join(plain)
