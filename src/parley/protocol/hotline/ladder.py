"""Who is rung in a call, and when: a pure function of the call, the clauses it was opened under, and now.

    climbs    from an alarm's instant on, rung after rung by the minutes of the ladder
    stays     whoever is rung goes on being rung, every `repeat`: a ladder has no end of its own
    presses   a rung that was called for by name, and a principal's that was reached, until it takes the call

What ends an alarm is told in `bell.py`: a statement in the record and nothing else. So no process
keeps a timer; whoever asks later, after a crash, finds the same. A rung where nobody can be rung (a hole
in the roster, a phone that failed) is passed over, and the next one is rung in its place: earlier, never
later. Each side's ladder runs by its own clock and its own roster; seen from the other side it is the
same ladder by its full roster, rungs and no names. Source: Spec §12.9, §12.10.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from parley.protocol.clauses import Rung
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.bell import Bell, Cause
from parley.protocol.hotline.bodies import Closed
from parley.protocol.hotline.codes import State

# Every rung can be rung: what the other side, and whoever has no roster, goes by.
FULL: Final = frozenset(Rung)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """A rung of one side that is to be rung: since when, why, and who owes what it waits for.

    `strokes` is how often it was due by now, the first being 1, and `next_at` when it is due once more.
    A stroke is one thing for ever: call, node, rung, since, number.
    """

    node: str
    rung: Rung
    cause: Cause
    since: int
    strokes: int
    next_at: int


def ringing(call: Call, node: str, now: int, *, roster: Collection[Rung] = FULL) -> tuple[Ringing, ...]:
    """Return which rungs of `node` are to be rung at `now`, in the order of the ladder, each once.

    `roster` are the rungs at which that side can ring somebody now. If it can ring nobody, it is asked
    to ring them all: an empty roster is no reason to be silent.
    """
    if call.is_stopped:
        return ()
    bell = call.bells[node]
    found: dict[Rung, Ringing] = {}
    for rung, cause, since in _due(bell, roster):
        if since <= now and (rung not in found or since < found[rung].since):
            strokes = 1 + (now - since) // bell.clauses.repeat
            next_at = since + strokes * bell.clauses.repeat
            found[rung] = Ringing(
                node=node, rung=rung, cause=cause, since=since, strokes=strokes, next_at=next_at
            )
    return tuple(found[step.rung] for step in bell.clauses.ladder if step.rung in found)


def climbing(
    call: Call, node: str, *, roster: Collection[Rung] = FULL
) -> tuple[tuple[Rung, Cause, int], ...]:
    """Return every rung of `node` that rings or will if nobody speaks, why, and since when; some twice."""
    return () if call.is_stopped else tuple(_due(call.bells[node], roster))


def due(call: Call, now: int, *, rosters: Mapping[str, Collection[Rung]] | None = None) -> int | None:
    """Return the next instant after `now` at which anything changes that time alone can change.

    A rung is to be rung, or rung again; or a closing becomes the end of the call. None: nothing will
    change until somebody speaks.
    """
    instants = [at for at in [ends_at(call)] if at is not None]
    for node, bell in () if call.is_stopped else call.bells.items():
        roster = FULL if rosters is None else rosters.get(node, FULL)
        instants += [since for _rung, _cause, since in _due(bell, roster)]
        instants += [each.next_at for each in ringing(call, node, now, roster=roster)]
    return min((at for at in instants if at > now), default=None)


def ends_at(call: Call) -> int | None:
    """Return when the call ends as a record of one side alone, since the other does not close it.

    That is `close` after the closing, by the clock of who wrote it, or after the time to which it puts
    the call off. None while nobody has closed, and when both have.
    """
    if call.state is not State.HALF_CLOSED:
        return None
    (node,) = call.stands
    closing = call.endings[node]
    assert isinstance(closing.said, Closed)
    return max(closing.effective, closing.said.at or 0) + call.bells[node].clauses.close


def is_one_sided(call: Call, now: int) -> bool:
    """Return whether the call is over by the word of one side: a view, which a late word undoes."""
    end = ends_at(call)
    return end is not None and end <= now


def _due(bell: Bell, roster: Collection[Rung]) -> Iterator[tuple[Rung, Cause, int]]:
    """Yield every rung that is or will be rung as things stand, why, and since when."""
    for alarm in bell.alarms:
        for rung, after in _climb(bell, roster):
            yield rung, alarm.cause, alarm.since + after
    for rung, since in bell.pressed:
        yield _stand_in(bell, rung, roster), Cause.OWN_RUNG, since


def _stand_in(bell: Bell, wanted: Rung, roster: Collection[Rung]) -> Rung:
    """Return who is rung for `wanted`: itself, or the next above where somebody is, or the next below."""
    rungs = [step.rung for step in bell.clauses.ladder]
    place = rungs.index(wanted)
    nearest = (*rungs[place:], *reversed(rungs[:place]))
    return next((rung for rung in nearest if rung in roster), wanted)


def _climb(bell: Bell, roster: Collection[Rung]) -> Iterator[tuple[Rung, int]]:
    """Yield the rungs that silence reaches, each after so many seconds; holes pass their time on."""
    steps = [(step.rung, after) for step, after in bell.clauses.climb(bell.urgency)]
    if not any(rung in roster for rung, _after in steps):
        yield from steps
        return
    earliest: int | None = None
    for rung, after in steps:
        if rung in roster:
            yield rung, after if earliest is None else min(after, earliest)
            earliest = None
        elif earliest is None:
            earliest = after
