"""House rules about our own people. Pure: nothing here reads a table or a clock."""

from enum import StrEnum
from typing import Final

FREE_FAILURES: Final = 4
FIRST_WAIT: Final = 60
LONGEST_WAIT: Final = 3600


class Role(StrEnum):
    """What a person of ours is to the node: an officer acts for it, a viewer reads."""

    OFFICER = "officer"
    VIEWER = "viewer"


def may_act(role: Role) -> bool:
    """Return whether somebody with `role` may do what the other side gets to see."""
    return role is Role.OFFICER


def seconds_to_wait(failures: int) -> int:
    """Return for how long no secret is looked at after `failures` wrong ones in a row.

    The fifth costs a minute, each further one twice the last, never more than an hour: a guesser gets 24 a
    day, and an officer whom somebody shuts out on purpose is back within the hour.
    """
    if failures <= FREE_FAILURES:
        return 0
    doublings = min(failures - FREE_FAILURES - 1, 6)
    return min(FIRST_WAIT << doublings, LONGEST_WAIT)
