"""How the record is kept: when it was hashed anew, and when a backup of it was restored in a drill."""

from dataclasses import dataclass

from parley.ledger.checks import DRILL, FSCK, checked_at
from parley.work.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Instants in unix seconds, None for never. `damaged`: how many things were, when it was hashed last."""

    hashed_at: int | None
    damaged: int
    whole_at: int | None
    drilled_at: int | None


def keeping(home: Home) -> Keeping:
    """Return how the record of `home` is kept."""
    return Keeping(
        hashed_at=checked_at(home, FSCK),
        damaged=checked_at(home, FSCK, key="findings") or 0,
        whole_at=checked_at(home, FSCK, key="whole_at"),
        drilled_at=checked_at(home, DRILL),
    )
