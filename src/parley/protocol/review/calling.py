"""Calls and line tests of a period, counted. What is a test, or about the line itself, stands apart.

Source: Spec §18.4.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.bodies import Closed, Opening
from parley.protocol.hotline.codes import Nature
from parley.protocol.linetests.account import History
from parley.protocol.linetests.figures import Figure, figures
from parley.protocol.review.numbers import Duration

ALL: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedCall:
    """One call of the period. `at` is how far the caller's own clock had come at the cut."""

    place: str
    call: Call
    at: int


@dataclass(slots=True)
class CallPart:
    """What is counted of some calls that are meant. Every number is a list of places.

    `taking` is from the opening until the caller had the first taking; what nobody took is still open.
    """

    calls: list[str] = field(default_factory=list)
    # By a word: taken, principals, corrected, closed.
    marks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    # By the ending that a side gave: a call can have two.
    endings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    taking: list[Duration] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTally:
    """Calls that are meant, by caller and urgency (empty: all); by caller the places of all others."""

    parts: Mapping[tuple[str, str], CallPart]
    services: Mapping[str, Sequence[str]]
    tests: Mapping[str, Sequence[str]]


def tally_calls(calls: Iterable[CountedCall]) -> CallTally:
    """Return the count of some calls, given in the order of the logs."""
    parts: dict[tuple[str, str], CallPart] = defaultdict(CallPart)
    apart: dict[Nature, dict[str, list[str]]] = {
        nature: defaultdict(list) for nature in (Nature.SERVICE, Nature.TEST)
    }
    for each in calls:
        opening = each.call.opened.said
        assert isinstance(opening, Opening), "a call begins with its opening"
        if opening.nature in apart:
            apart[opening.nature][each.call.caller].append(each.place)
            continue
        for urgency in (ALL, opening.urgency):
            _add(parts[each.call.caller, urgency], each)
    return CallTally(
        parts={key: parts[key] for key in sorted(parts)},
        services=apart[Nature.SERVICE],
        tests=apart[Nature.TEST],
    )


def _add(part: CallPart, counted: CountedCall) -> None:
    call, place = counted.call, counted.place
    part.calls.append(place)
    took = next((each for each in call.takings if each.node == call.called), None)
    until = None if took is None else took.received_at
    end = counted.at if until is None else until
    part.taking.append(
        Duration(seconds=max(0, end - call.opened.effective), is_over=until is not None, place=place)
    )
    marks = {
        "taken": took is not None,
        "principals": call.reached is not None and call.reached.is_principal,
        "corrected": any(reading.misses for reading in call.readings),
        "closed": len(call.stands) == 2,  # both sides
    }
    for word, holds in marks.items():
        if holds:
            part.marks[word].append(place)
    for fact in call.endings.values():
        assert isinstance(fact.said, Closed), "an ending is a closing"
        ending = fact.said.ending.value
        if not part.endings[ending] or part.endings[ending][-1] != place:
            part.endings[ending].append(place)


def line_figures(history: History | None, *, since: int, until: int) -> tuple[Figure, ...]:
    """Return the figures of the line tests whose periods began between `since` and `until`."""
    if history is None:
        return ()
    return figures([period for period in history.periods if since <= period.begins < until], cut=history.cut)
