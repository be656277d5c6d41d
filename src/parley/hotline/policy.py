"""House rules about calls, pure: whose a thing is, by which lane a call goes, and how a rung stands.

Who may say what in a call is decided in `protocol/hotline/eye.py`; who of us is rung, in the room
`watch/`. Nothing here reads a table or a clock.
"""

from collections.abc import Collection
from enum import StrEnum

from parley.protocol.clauses import Clauses, Level, Rung
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.ladder import ringing
from parley.protocol.names import HOT, MAIN


class Stand(StrEnum):
    """How a rung of a ladder stands: the full ladder, as both sides can see it."""

    QUIET = "quiet"
    """Nothing rings it as things stand."""
    WAITING = "waiting"
    """It will be rung, if nobody says anything before."""
    RINGING = "ringing"
    TAKEN = "taken"
    """It took the call, and nothing rings it now."""


def usual_lane(open_lanes: Collection[str]) -> str:
    """Return the lane in which a call is opened: hot, where nothing stands in its way (Spec §12.1.2)."""
    return HOT if HOT in open_lanes else MAIN


def rungs_of(clauses: Clauses, level: Level) -> tuple[Rung, ...]:
    """Return the rungs at which a call of `level` can be taken by that level's own people, from below."""
    return tuple(step.rung for step in clauses.ladder if step.level is level)


def voice_rungs(call: Call | None, *, me: str, now: int) -> tuple[Rung, ...]:
    """Return the rungs of principals of ours that `call` rings at `now`, the highest first.

    Only such an office can decide by voice. A call of our own, or one without effect, rings none.
    """
    if call is None or call.caller == me:
        return ()
    rung = {each.rung for each in ringing(call, me, now)}
    steps = reversed(call.bells[me].clauses.ladder)
    return tuple(step.rung for step in steps if step.level.is_principal and step.rung in rung)
