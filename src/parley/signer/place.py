"""Where a record stands beside the anchor: whether anything was rolled back, before anything is signed.

                    record of the log
    EQUAL           holds what is anchored, and no more
    AHEAD           holds it, and what was committed since: that is signed now
    BEHIND          lacks what was signed: it was restored from a copy
    BRANCHED        has other entries where some were signed
    LOST            is not empty, and nothing is anchored: only people can say which head was the last

What is done about it is the ledger's: rules H10, H11. Spec §4.8.
"""

from collections.abc import Callable
from enum import Enum

from parley.protocol.tree import EMPTY_ROOT
from parley.signer.desk import Anchored


class Place(Enum):
    """A record beside the anchor of one log."""

    EQUAL = "equal"
    AHEAD = "ahead"
    BEHIND = "behind"
    BRANCHED = "branched"
    LOST = "lost"


def compare(anchored: Anchored | None, *, size: int, root_at: Callable[[int], bytes]) -> Place:
    """Return where a record of `size` entries stands; `root_at` gives its root at a size up to that.

    It is asked at most once, at the size that is anchored. An empty record of a log that was never
    begun is new, not lost.
    """
    if anchored is None:
        return Place.LOST if size else Place.EQUAL
    if size < anchored.size:
        return Place.BEHIND
    root = root_at(anchored.size) if anchored.size else EMPTY_ROOT
    if root != anchored.frontier.root():
        return Place.BRANCHED
    return Place.AHEAD if size > anchored.size else Place.EQUAL
