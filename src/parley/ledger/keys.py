"""This node's secrets, one file each in `keys/`, readable by their owner alone.

Content keys rest wrapped (AES key wrap, RFC 3394) under a key that lies beside the database
and not in it, so that the database alone, or a copy of it, opens nothing. The root keys
belong to persons; they lie here only until officers sign with their own.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from parley.protocol.card import Card
from parley.protocol.head import ReceiptKeys, WriteKeys
from parley.protocol.note import Algorithm, new_sign_key
from parley.protocol.part import LOST_KEY
from parley.protocol.suite import Suite

SEED_SIZE: Final = 32
KEK_NAME: Final = "kek-1"
_SEEDS: Final = (
    "write-ed25519",
    "write-ml-dsa",
    "receipt-ed25519",
    "receipt-ml-dsa",
    "link-ed25519",
    KEK_NAME,
)


class KeysError(Exception):
    """A key file is missing, or is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """All secrets of one node. `roots` are (person, seed)."""

    node: str
    seeds: "dict[str, bytes]" = field(repr=False)
    seal: bytes = field(repr=False)
    roots: tuple[tuple[int, bytes], ...] = field(repr=False)

    def write_keys(self, origin: str, suite: Suite) -> WriteKeys:
        """Return what signs the heads of `origin`."""
        return WriteKeys(
            ed25519=new_sign_key(origin, Algorithm.ED25519, self.seeds["write-ed25519"], suite=suite),
            ml_dsa=new_sign_key(origin, Algorithm.ML_DSA, self.seeds["write-ml-dsa"], suite=suite),
        )

    def receipt_keys(self, suite: Suite) -> ReceiptKeys:
        """Return what signs this node's receipts."""
        name = f"{self.node}/receipt"
        return ReceiptKeys(
            ed25519=new_sign_key(name, Algorithm.COSIGNATURE, self.seeds["receipt-ed25519"], suite=suite),
            ml_dsa=new_sign_key(name, Algorithm.ML_DSA, self.seeds["receipt-ml-dsa"], suite=suite),
        )

    @property
    def link_seed(self) -> bytes:
        """Return the seed that signs parcels."""
        return self.seeds["link-ed25519"]

    def wrap(self, key: bytes) -> bytes:
        """Return a content key as it is kept."""
        return aes_key_wrap(self.seeds[KEK_NAME], key)

    def unwrap(self, wrapped: bytes | None) -> bytes:
        """Return a content key; the key of zeros, which says "lost", where it cannot be had."""
        if wrapped is None:
            return LOST_KEY
        try:
            return aes_key_unwrap(self.seeds[KEK_NAME], wrapped)
        except InvalidUnwrap:
            return LOST_KEY


def make_keys(folder: Path, node: str, *, persons: int, suite: Suite) -> Keys:
    """Write fresh keys into `folder`, which must be empty or absent, and return them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise KeysError(f"expected no keys in {folder}, found some; they were left alone")
    for name in _SEEDS:
        _write(folder / name, suite.dice(SEED_SIZE))
    _write(folder / "seal-x-wing", suite.x_wing_generate())
    for person in range(1, persons + 1):
        _write(folder / f"root-{person}", suite.dice(SEED_SIZE))
    return read_keys(folder, node)


def _write(path: Path, secret: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret.hex().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_keys(folder: Path, node: str) -> Keys:
    """Return the keys in `folder`.

    Raises:
        KeysError: one is missing or cannot be read.
    """
    seeds = {name: _read(folder / name) for name in _SEEDS}
    roots = sorted(folder.glob("root-*"), key=lambda path: int(path.name.removeprefix("root-")))
    return Keys(
        node=node,
        seeds=seeds,
        seal=_read(folder / "seal-x-wing"),
        roots=tuple((int(path.name.removeprefix("root-")), _read(path)) for path in roots),
    )


def _read(path: Path) -> bytes:
    try:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise KeysError(f"expected the key {path.name}, found no such file") from error
    except ValueError as error:
        raise KeysError(f"expected hexadecimal digits in {path.name}, found something else") from error


def make_card(keys: Keys, *, url: str | None, tls_sha256: bytes | None, suite: Suite) -> Card:
    """Return the node's first card, not yet signed. All of its roots must sign for it."""
    return Card(
        node=keys.node,
        serial=1,
        prev=None,
        write_ed25519=suite.ed25519_public(keys.seeds["write-ed25519"]),
        write_ml_dsa=suite.ml_dsa_public(keys.seeds["write-ml-dsa"]),
        receipt_ed25519=suite.ed25519_public(keys.seeds["receipt-ed25519"]),
        receipt_ml_dsa=suite.ml_dsa_public(keys.seeds["receipt-ml-dsa"]),
        seal_x_wing=suite.x_wing_public(keys.seal),
        link_ed25519=suite.ed25519_public(keys.link_seed),
        tls_sha256=tls_sha256,
        url=url,
        threshold=len(keys.roots),
        roots=tuple(suite.ed25519_public(seed) for _, seed in keys.roots),
    )
