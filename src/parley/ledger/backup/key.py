"""The key that opens backups: its private half is taken away, its public half stays in the home.

    parley-backup-key/v1
    a.example
    5e0c 9a71 … sixteen groups of four        the seed, 32 bytes
    1f3a 77c0                                 the first four bytes of its SHA-256

X-Wing makes its key of 32 bytes: SHAKE-256 of the seed gives the 64 of ML-KEM and the 32 of
X25519. Sixteen groups can be written on paper; the eight signs behind them tell a slip of the pen.
"""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from parley.protocol.suite import SEED_SIZE, X_WING_PRIVATE_SIZE, X_WING_PUBLIC_SIZE, Suite
from parley.work.home import Home

HEADING: Final = "parley-backup-key/v1"
_CHECK: Final = 4
_DIGITS: Final = re.compile(rf"(?:[0-9a-f]{{2}}){{{SEED_SIZE + _CHECK}}}")


class BackupKeyError(Exception):
    """This is no key of backups, or it was copied with a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupKey:
    """The private half."""

    node: str
    seed: bytes = field(repr=False)

    def private(self) -> bytes:
        """Return the X-Wing key, as the suite takes it."""
        return hashlib.shake_256(self.seed).digest(X_WING_PRIVATE_SIZE)

    def text(self) -> str:
        """Return it as it is printed once and taken away."""
        digits = (self.seed + _check(self.seed)).hex()
        groups = [digits[at : at + 4] for at in range(0, len(digits), 4)]
        return "\n".join([HEADING, self.node, " ".join(groups[:16]), " ".join(groups[16:]), ""])


def _check(seed: bytes) -> bytes:
    return hashlib.sha256(seed).digest()[:_CHECK]


def make_key(home: Home, node: str, *, suite: Suite) -> BackupKey:
    """Return a fresh key, whose public half now lies in the home: later backups are sealed to it."""
    key = BackupKey(node=node, seed=suite.dice(SEED_SIZE))
    (home.root / "backup-key").write_bytes(suite.x_wing_public(key.private()).hex().encode() + b"\n")
    return key


def read_key(text: str) -> BackupKey:
    """Return the key in `text`, however its groups are spaced.

    Raises:
        BackupKeyError: it is none, or a digit is wrong.
    """
    heading, _, rest = text.strip().partition("\n")
    node, _, groups = rest.strip().partition("\n")
    digits = "".join(groups.lower().split())
    if heading.strip() != HEADING or not _DIGITS.fullmatch(digits):
        raise BackupKeyError(f"expected {HEADING}, a name and eighteen groups of four digits")
    raw = bytes.fromhex(digits)
    key = BackupKey(node=node.strip(), seed=raw[:SEED_SIZE])
    if _check(key.seed) != raw[SEED_SIZE:]:
        raise BackupKeyError("expected the last two groups to fit the others: a digit is wrong")
    return key


def public_key(home: Home) -> bytes | None:
    """Return the key to which backups of this home are sealed; None if none was made yet.

    Raises:
        BackupKeyError: what lies there is none.
    """
    path: Path = home.root / "backup-key"
    try:
        raw = bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise BackupKeyError(f"expected hexadecimal digits in {path.name}") from error
    if len(raw) != X_WING_PUBLIC_SIZE:
        raise BackupKeyError(f"expected {X_WING_PUBLIC_SIZE} bytes in {path.name}, found {len(raw)}")
    return raw
