"""The seeds that sign heads and receipts, in `keys/`, one file each, readable by their owner alone.

    write-ed25519, write-ml-dsa        heads, and asking for the own log back
    receipt-ed25519, receipt-ml-dsa    receipts, and accepting that a partner's log is continued

Nobody but the signer reads these four. The other secrets of a node rest beside them in the same
form, and are the ledger's. Source: Spec §3.1.5, §4.5.2, §4.6.1.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from parley.protocol.head import ReceiptKeys, WriteKeys
from parley.protocol.note import Algorithm, SignKey, new_sign_key
from parley.protocol.suite import SEED_SIZE, Suite

SEEDS: Final = ("write-ed25519", "write-ml-dsa", "receipt-ed25519", "receipt-ml-dsa")


class KeysError(Exception):
    """A key file is missing, or is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """What of the four keys stands on the card."""

    write_ed25519: bytes
    write_ml_dsa: bytes
    receipt_ed25519: bytes
    receipt_ml_dsa: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerKeys:
    """The four seeds of one node, by the names of their files."""

    node: str
    seeds: "dict[str, bytes]" = field(repr=False)

    def write_keys(self, origin: str, suite: Suite) -> WriteKeys:
        """Return what signs the heads of `origin`; its first key alone signs recoveries and seals."""
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

    def acceptance_key(self, suite: Suite) -> SignKey:
        """Return what signs acceptances: the receipt key, in lines of type 0x01, which begin otherwise."""
        name = f"{self.node}/receipt"
        return new_sign_key(name, Algorithm.ED25519, self.seeds["receipt-ed25519"], suite=suite)

    def public(self, suite: Suite) -> PublicKeys:
        """Return the public halves."""
        return PublicKeys(
            write_ed25519=suite.ed25519_public(self.seeds["write-ed25519"]),
            write_ml_dsa=suite.ml_dsa_public(self.seeds["write-ml-dsa"]),
            receipt_ed25519=suite.ed25519_public(self.seeds["receipt-ed25519"]),
            receipt_ml_dsa=suite.ml_dsa_public(self.seeds["receipt-ml-dsa"]),
        )


def make_signer_keys(folder: Path, node: str, *, suite: Suite) -> SignerKeys:
    """Write four fresh seeds into `folder`, which has none of them, and return them."""
    for name in SEEDS:
        write_secret(folder / name, suite.dice(SEED_SIZE))
    return read_signer_keys(folder, node)


def read_signer_keys(folder: Path, node: str) -> SignerKeys:
    """Return the seeds in `folder`.

    Raises:
        KeysError: one is missing or cannot be read.
    """
    seeds = {name: read_secret(folder / name) for name in SEEDS}
    short = [name for name, seed in seeds.items() if len(seed) != SEED_SIZE]
    if short:
        raise KeysError(f"expected {SEED_SIZE} bytes in {short[0]}, found {len(seeds[short[0]])}")
    return SignerKeys(node=node, seeds=seeds)


def write_secret(path: Path, secret: bytes) -> None:
    """Write a new file of hexadecimal digits for its owner alone; it is durable when this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret.hex().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_secret(path: Path) -> bytes:
    """Return what `write_secret` wrote.

    Raises:
        KeysError: there is no such file, or it holds something else.
    """
    try:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise KeysError(f"expected the key {path.name}, found no such file") from error
    except ValueError as error:
        raise KeysError(f"expected hexadecimal digits in {path.name}, found something else") from error
