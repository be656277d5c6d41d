"""Presence: what a node tells the other of its desk, where the terms have both tell it. Never evidence.

    frame D    8 bytes    a minute: the desk was watched then       0: nothing is said

It rides on parcels that go anyway, and is decided once in each minute of the clock of who tells it: whoever
asks a thousand times a minute learns what one learns who asks once. It tells whether anybody watches, and not
who, how many, since when. Silence, 0, an old word and none at all are one and the same: *not confirmed*. No
entry holds it, nobody is rung by it, and no ring waits for it. Source: Spec §12.12; screens §7.
"""

from typing import Final

from parley.protocol.breach import BreachError
from parley.protocol.notation import MAX_NUMBER

NOTHING: Final = 0
STEP_SECONDS: Final = 60
HOLDS_SECONDS: Final = 180
"""So long a word holds after the minute it names: two parcels may be lost, no more."""
AHEAD_SECONDS: Final = 300
"""A minute that lies further ahead names no minute that anybody could have seen."""
SIZE: Final = 8


def minute_of(at: int) -> int:
    """Return the minute in which the instant `at` lies, as its first second; both Unix seconds."""
    return at - at % STEP_SECONDS


def write_presence(minute: int) -> bytes:
    """Return the body of the frame."""
    return minute.to_bytes(SIZE, "big")


def read_presence(body: bytes) -> int:
    """Return the minute that the body of a frame names; 0 where it says nothing, or names no minute.

    Raises:
        BreachError: §5.1, it is not eight bytes.
    """
    if len(body) != SIZE:
        raise BreachError("5.1", f"a D frame is {SIZE} bytes")
    minute = int.from_bytes(body, "big")
    return minute if minute <= MAX_NUMBER and minute % STEP_SECONDS == 0 else NOTHING


def counted(minute: int, *, newest: int, now: int) -> int | None:
    """Return the instant until which a word holds that came at `now`; None if it does not count.

    It counts if it is newer than the `newest` that counted: an old parcel that comes again revives nothing.
    By a clock that runs ahead it holds no longer than by one that is right, and by one that is late never.
    """
    if not newest < minute <= now + AHEAD_SECONDS or minute + HOLDS_SECONDS <= now:
        return None
    return min(minute, now) + HOLDS_SECONDS
