"""House rules about texts on the table, pure: how one stands, and whose move it is.

    proposed ──▶ signed by us, or by them ──▶ agreed ──▶ in force ──▶ superseded
        └──▶ withdrawn          └──▶ lapsed: its day has come without the other signature

Which text holds is decided in `protocol/guidelines/force.py`. Nothing here reads a table or a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Stand(StrEnum):
    """How a text stands, as this node knows it."""

    PROPOSED = "proposed"
    SIGNED_BY_US = "signed_by_us"
    SIGNED_BY_THEM = "signed_by_them"
    AGREED = "agreed"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Move(StrEnum):
    """Who can bring a text further."""

    US = "us"
    THEM = "them"
    BOTH = "both"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a text at `now`; instants in Unix seconds.

    `is_agreed`: both signed it since the link was opened last. `is_newest`: of the agreed ones whose day has
    come it is the one that holds.
    """

    now: int
    since: int
    is_withdrawn: bool
    is_ours_signed: bool
    is_theirs_signed: bool
    is_agreed: bool
    is_newest: bool


def stand_of(facts: Facts) -> Stand:
    """Return how a text stands."""
    if facts.is_newest:
        return Stand.IN_FORCE
    if facts.is_ours_signed and facts.is_theirs_signed:
        return Stand.AGREED if facts.is_agreed and facts.since > facts.now else Stand.SUPERSEDED
    if facts.is_withdrawn:
        return Stand.WITHDRAWN
    # A signature that comes after the day is void (Spec §16.3.3).
    if facts.now > facts.since:
        return Stand.LAPSED
    if facts.is_ours_signed:
        return Stand.SIGNED_BY_US
    return Stand.SIGNED_BY_THEM if facts.is_theirs_signed else Stand.PROPOSED


_MOVES: Final[Mapping[Stand, Move]] = {
    Stand.PROPOSED: Move.BOTH,
    Stand.SIGNED_BY_US: Move.THEM,
    Stand.SIGNED_BY_THEM: Move.US,
}


def move_of(stand: Stand) -> Move:
    """Return whose move it is."""
    return _MOVES.get(stand, Move.NOBODY)
