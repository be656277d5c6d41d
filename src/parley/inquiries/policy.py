"""House rules about inquiries, pure: who of us may say something in this room, and whose move it is.

Whether the other side could complain is decided in `protocol/`; here it is only said what
our own people may do. Nothing reads a table or a clock.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final

from parley.agencies.policy import Role, may_act
from parley.protocol.inquiries.apply import Inquiry
from parley.protocol.inquiries.clocks import Phase, Timer
from parley.protocol.inquiries.codes import FINAL, State
from parley.protocol.names import BULK, LANES, MAIN

# In these the asked side has said that it waits for the asker.
_WITH_ASKER: Final = frozenset({State.RETURNED, State.CONDITIONED})
MANY: Final = 200
"""More inquiries than this at once are bulk."""
_LAST_SECOND: Final = 2**33 - 1


class NotAllowedError(Exception):
    """The officer's role does not allow the act."""


class Move(StrEnum):
    """Whose move it is. BOTH: the asked side works, and has asked something meanwhile."""

    ASKER = "asker"
    ASKED = "asked"
    BOTH = "both"
    NOBODY = "nobody"


def check_may_speak(role: Role) -> None:
    """Check that somebody with `role` may say something to the other side: a viewer may nothing.

    Raises:
        NotAllowedError: may not.
    """
    if not may_act(role):
        raise NotAllowedError(f"expected an officer, found a {role.value}")


def move_of(inquiry: Inquiry) -> Move:
    """Return whose move it is: the asked side's while it owes an item, the asker's while it owes a reply.

    An answered inquiry waits for the asker to close it, for good manners; it is nobody's duty.
    """
    states = {item.state for item in inquiry.items}
    asked = bool(states - FINAL - _WITH_ASKER)
    asker = bool(states & _WITH_ASKER) or bool(inquiry.waiting)
    match asker, asked:
        case True, True:
            return Move.BOTH
        case True, False:
            return Move.ASKER
        case False, True:
            return Move.ASKED
        case _:
            return Move.NOBODY


def next_due(timers: Iterable[Timer]) -> int | None:
    """Return the first due time of the clocks that run, None if none does."""
    running = (timer.due_at for timer in timers if timer.phase is Phase.RUNNING)
    return min((due for due in running if due is not None), default=None)


def usual_lane(count: int, *, open_lanes: Collection[str], has_files: bool) -> str:
    """Return the lane by which `count` inquiries go that are sent together, unless somebody chooses one.

    So many that others would wait for them go by bulk, if both sides opened it. A file is sealed before it
    is known what goes with it, and for lane main (Spec §5.8.1).
    """
    return BULK if count > MANY and BULK in open_lanes and not has_files else MAIN


def order_of(sent_at: int, *, letter: str, index: int, lane: str = MAIN) -> int:
    """Return the place of an inquiry in the lists of its link: by time, and within a second by place.

    Whatever a side calls its time, the number fits into 55 bits; no log takes half a million
    entries in a second, and each lane has that many places of its own.
    """
    within = (index & 0x7FFFF) | LANES.index(lane) << 19
    return min(max(sent_at, 0), _LAST_SECOND) << 22 | within << 1 | (letter != "A")
