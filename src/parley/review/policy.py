"""House rules about reviews, pure: how one stands, and whose move it is. No table or clock is read here.

proposed ──▶ agreed ──▶ signed by us, or by them ──▶ joint
└──▶ contradicted: the sides signed other figures
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Stand(StrEnum):
    """How a review stands."""

    PROPOSED_BY_US = "proposed_by_us"
    PROPOSED_BY_THEM = "proposed_by_them"
    AGREED = "agreed"
    SIGNED_BY_US = "signed_by_us"
    SIGNED_BY_THEM = "signed_by_them"
    JOINT = "joint"
    CONTRADICTED = "contradicted"


class Move(StrEnum):
    """Who can bring a review further."""

    US = "us"
    THEM = "them"
    BOTH = "both"
    NOBODY = "nobody"


def stand_of(*, is_ours: bool, is_agreed: bool, ours: str | None, theirs: str | None) -> Stand:
    """Return how a review stands; `ours` and `theirs` are the digests that were signed last."""
    if ours is not None and theirs is not None:
        return Stand.JOINT if ours == theirs else Stand.CONTRADICTED
    if ours is not None:
        return Stand.SIGNED_BY_US
    if theirs is not None:
        return Stand.SIGNED_BY_THEM
    if is_agreed:
        return Stand.AGREED
    return Stand.PROPOSED_BY_US if is_ours else Stand.PROPOSED_BY_THEM


_MOVES: Final[Mapping[Stand, Move]] = {
    Stand.PROPOSED_BY_US: Move.THEM,
    Stand.PROPOSED_BY_THEM: Move.US,
    Stand.AGREED: Move.BOTH,
    Stand.SIGNED_BY_US: Move.THEM,
    Stand.SIGNED_BY_THEM: Move.US,
    Stand.JOINT: Move.NOBODY,
    Stand.CONTRADICTED: Move.BOTH,
}


def move_of(stand: Stand) -> Move:
    """Return whose move it is."""
    return _MOVES[stand]
