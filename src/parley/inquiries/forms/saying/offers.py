"""What may be said about an inquiry now, by one side: nothing that would be void.

Computed from the state that both sides share, in the eye of the side that is about to write,
which has seen all that is here. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from parley.inquiries.forms.saying.verbs import VERBS, Target, Verb
from parley.protocol.inquiries.apply import Inquiry
from parley.protocol.inquiries.clocks import Phase
from parley.protocol.inquiries.codes import Clock
from parley.protocol.inquiries.moves import Writer, answers, next_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A statement of the thread that has effect: who wrote it, and of which kind it is."""

    statement: bytes
    kind: str
    writer: str


def offers(inquiry: Inquiry, me: str, spoken: Iterable[Spoken]) -> tuple[Verb, ...]:
    """Return what the node `me` may say now, in the order of the table of verbs."""
    said = tuple(spoken)
    return tuple(verb for verb in VERBS.values() if is_offered(verb, inquiry, me, said=said))


def is_offered(verb: Verb, inquiry: Inquiry, me: str, *, said: Iterable[Spoken]) -> bool:
    """Return whether `me` may say `verb` now."""
    if not is_writer(verb, inquiry, me):
        return False
    if verb.kind == "inquiry.closed":
        return inquiry.closed_at is None and inquiry.is_settled
    if verb.target is not Target.INQUIRY and not targets(verb, inquiry, me, said=said):
        return False
    if verb.name == "extend" and not running_clocks(inquiry):
        return False
    return bool(movable(verb, inquiry))


def is_writer(verb: Verb, inquiry: Inquiry, me: str) -> bool:
    """Return whether it is for `me` to say at all."""
    writer = verb.move.writer
    return writer is Writer.EITHER or (writer is Writer.ASKER) == (inquiry.asker == me)


def movable(verb: Verb, inquiry: Inquiry) -> tuple[int, ...]:
    """Return the items about which it may be said."""
    return tuple(item.n for item in inquiry.items if next_state(verb.kind, item.state) is not None)


def targets(verb: Verb, inquiry: Inquiry, me: str, *, said: Iterable[Spoken]) -> tuple[bytes, ...]:
    """Return the statements that it may answer, oldest first."""
    kinds = answers(verb.kind)
    match verb.target:
        case Target.INQUIRY:
            return (inquiry.id,)
        case Target.WAITING:
            return tuple(fact.id for fact in inquiry.waiting if fact.kind in kinds)
        case Target.OWN:
            return tuple(each.statement for each in said if each.writer == me and each.kind in kinds)
        case Target.ANY:
            return tuple(each.statement for each in said if each.kind in kinds)


def running_clocks(inquiry: Inquiry) -> tuple[Clock, ...]:
    """Return the clocks of items that run or pause, in the order of their table: they can be extended."""
    live = {Phase.RUNNING, Phase.PAUSED}
    found = {timer.clock for item in inquiry.items for timer in item.timers if timer.phase in live}
    return tuple(clock for clock in Clock if clock in found)
