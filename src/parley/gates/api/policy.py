"""House rules about tokens: what one looks like, how long it holds, what its scope opens. Pure.

    parley1_<43 characters of base64url: 256 bits of dice>_<8 hex characters of its own SHA-256>

The last part tells a slip of the hand from a guess without a look into any table, and lets other tools
find a token that was left in a file. A token of any other shape is no token (security §10).
"""

import hashlib
import ipaddress
import re
from base64 import urlsafe_b64encode
from enum import StrEnum
from typing import Final

TOKEN_BYTES: Final = 32
MAX_DAYS: Final = 90
USUAL_DAYS: Final = 30
TIMES: Final = 300
"""So many requests a minute for each token."""
SECONDS: Final = 60
KEPT_SECONDS: Final = 30 * 86_400
"""For so long the answer to an Idempotency-Key is kept."""
RUNNING_SECONDS: Final = 60
"""A request that began so long ago and left no answer is taken for one that was cut off."""
_TOKEN: Final = re.compile(r"(parley1_[A-Za-z0-9_-]{43})_([0-9a-f]{8})")
_KEY: Final = re.compile(r"[!-~]{1,200}")


class Scope(StrEnum):
    """What a token opens: each of them, what those before it open too."""

    READ = "read"
    DRAFT = "draft"
    """Trials of everything, and files that wait at home; nothing leaves."""
    ACT = "act"


_RANKS: Final = tuple(Scope)


def opens(held: Scope, needed: Scope) -> bool:
    """Return whether a token of scope `held` may do what takes `needed`."""
    return _RANKS.index(held) >= _RANKS.index(needed)


def write_token(dice: bytes) -> str:
    """Return the token of these 32 bytes."""
    head = "parley1_" + urlsafe_b64encode(dice).decode().rstrip("=")
    return f"{head}_{_sum(head)}"


def read_bearer(header: str) -> str | None:
    """Return the token that an `Authorization` header holds; None if it holds none."""
    kind, _space, text = header.partition(" ")
    found = _TOKEN.fullmatch(text) if kind.lower() == "bearer" else None
    return text if found is not None and found[2] == _sum(found[1]) else None


def digest_of(token: str) -> str:
    """Return what is kept of a token: its SHA-256, in hex. 256 bits of dice need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _sum(head: str) -> str:
    return hashlib.sha256(head.encode()).hexdigest()[:8]


def is_key(text: str) -> bool:
    """Return whether `text` can be an Idempotency-Key: 1 to 200 printing ASCII signs."""
    return _KEY.fullmatch(text) is not None


def read_network(text: str) -> str:
    """Return the network, or the one address, that `text` names, in its usual form.

    Raises:
        ValueError: it names none.
    """
    return str(ipaddress.ip_network(text.strip(), strict=False))


def is_within(address: str, network: str) -> bool:
    """Return whether a token that holds in `network` (empty: everywhere) may come from `address`."""
    if not network:
        return True
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network)
    except ValueError:
        return False
