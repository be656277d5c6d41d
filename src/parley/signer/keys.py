"""The seeds that sign heads and receipts, in `keys/`, one file each, readable by their owner alone.

    write-ed25519, write-ml-dsa        heads, and asking for the own log back
    receipt-ed25519, receipt-ml-dsa    receipts, and accepting that a partner's log is continued
    write-ed25519-2 …                  the second set of the four, and so on: each card has one set

Nobody but the signer reads these. A set is made before any card names it, and stays, since a partner
may hold an old card for years. The other secrets of a node rest beside them in the same form, and are
the ledger's. Source: Spec §3.1.5, §4.5.2, §4.6.1, §7.2.7.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from parley.protocol.head import ReceiptKeys, WriteKeys
from parley.protocol.note import Algorithm, SignKey, new_sign_key
from parley.protocol.suite import SEED_SIZE, Suite

SEEDS: Final = ("write-ed25519", "write-ml-dsa", "receipt-ed25519", "receipt-ml-dsa")


class KeysError(Exception):
    """A key file is missing, or is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """What of the four keys of the set `number` stands on the card."""

    write_ed25519: bytes
    write_ml_dsa: bytes
    receipt_ed25519: bytes
    receipt_ml_dsa: bytes
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerKeys:
    """One set of four seeds of one node, by the names of the first set's files; `number` is from 1."""

    node: str
    seeds: "dict[str, bytes]" = field(repr=False)
    number: int = 1

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
            number=self.number,
        )


class KeySets(Protocol):
    """All sets of four that a signer holds."""

    def read(self) -> tuple[SignerKeys, ...]:
        """Return every set that is whole, by their numbers; at least one.

        Raises:
            KeysError: there is none.
        """

    def make(self, number: int) -> SignerKeys:
        """Return the set `number`, made now if it is later than all that are here; it is then durable.

        Raises:
            KeysError: it is an earlier one, and not here.
        """


class FolderSets:
    """The sets in the folder of a home's keys."""

    def __init__(self, folder: Path, node: str, *, suite: Suite) -> None:
        self._folder = folder
        self._node = node
        self._suite = suite

    def read(self) -> tuple[SignerKeys, ...]:
        found = self._found()
        if not found:
            # A backup leaves them out, unless it was asked to hold them.
            return (read_signer_keys(self._folder, self._node),)
        return tuple(found)

    def _found(self) -> list[SignerKeys]:
        names = [path.name.removeprefix(SEEDS[0]) for path in self._folder.glob(f"{SEEDS[0]}*")]
        numbers = sorted(int(name[1:] or 1) for name in names if not name or name[1:].isdigit())
        found: list[SignerKeys] = []
        for number in numbers:
            seeds = {name: _whole(self._folder / numbered(name, number)) for name in SEEDS}
            whole = {name: seed for name, seed in seeds.items() if seed is not None}
            if len(whole) == len(SEEDS):
                found.append(SignerKeys(node=self._node, seeds=whole, number=number))
        return found

    def make(self, number: int) -> SignerKeys:
        known = self._found()
        if number > max((each.number for each in known), default=0):
            for name in SEEDS:
                ensure_secret(self._folder / numbered(name, number), size=SEED_SIZE, suite=self._suite)
        found = next((each for each in self._found() if each.number == number), None)
        if found is None:
            raise KeysError(f"expected one of the {len(known)} sets of keys or a later one, found {number}")
        return found


class OneSet:
    """The only set of a signer that makes no other: in memory, for tests and the simulator."""

    def __init__(self, keys: SignerKeys) -> None:
        self._keys = keys

    def read(self) -> tuple[SignerKeys, ...]:
        return (self._keys,)

    def make(self, number: int) -> SignerKeys:
        if number != self._keys.number:
            raise KeysError(f"expected the set {self._keys.number} of keys, found {number}")
        return self._keys


def numbered(name: str, number: int) -> str:
    """Return the name of a key's file in the set `number`; the first set has no number."""
    return name if number == 1 else f"{name}-{number}"


def ensure_secret(path: Path, *, size: int, suite: Suite, secret: bytes | None = None) -> None:
    """Write `secret`, or `size` bytes thrown now, unless a whole one is there already.

    One that a crash has cut was never told to anybody, so it is written anew.
    """
    if _whole(path, size=size) is not None:
        return
    path.unlink(missing_ok=True)
    write_secret(path, suite.dice(size) if secret is None else secret)
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _whole(path: Path, *, size: int = SEED_SIZE) -> bytes | None:
    """Return the secret in a file, None if there is none of this size."""
    try:
        secret = read_secret(path)
    except KeysError:
        return None
    return secret if len(secret) == size else None


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
