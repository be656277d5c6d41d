"""What can be wrong with a record, in one closed list, and where it was found.

What is *derived* is folded anew from the evidence. Everything else is put back from another
copy, and only if it fits: an entry by its place in a tree that somebody signed, a part by its
hash. Nothing is ever made up.
"""

from dataclasses import dataclass
from enum import Enum


class Damage(Enum):
    """What is wrong."""

    DATABASE = "database"
    LINK = "link"
    CARD = "card"
    GAP = "gap"
    ENTRY = "entry"
    LEAF = "leaf"
    WEIGHT = "weight"
    HEAD = "head"
    NOTE = "note"
    RECEIPT = "receipt"
    PROOF = "proof"
    PART = "part"
    KEY = "key"
    STRAY = "stray"
    FILE = "file"
    FRONTIER = "frontier"
    ROW = "row"
    HINT = "hint"

    @property
    def is_derived(self) -> bool:
        """Return whether the evidence alone mends it."""
        return self in _DERIVED


_DERIVED = frozenset({Damage.LEAF, Damage.FRONTIER, Damage.ROW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong. `place` is what people call it: ``B 12``, a size, the start of a hash.

    `link` is the name of the link in its lane (`lanes.py`).
    """

    damage: Damage
    link: str
    place: str
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a check is: what it looks at, how much is done, and of how much."""

    what: str
    done: int
    total: int
