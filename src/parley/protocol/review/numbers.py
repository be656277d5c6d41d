"""Numbers that know what they count, and times in which the open ones are kept.

A number is a list of places; written, ten and more are a count and a hash over the places, fewer are the list
itself, so that nobody reads a share of three. All is integer arithmetic, so both nodes print the same: shares
that remain are counted in parts of 10^18 and rounded down at each step. Source: Spec §18.5.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from parley.protocol.act import id_text
from parley.protocol.strictjson import JsonObject, JsonValue

# Below this a number is a list.
SMALL: Final = 10
ONE: Final = 10**18
MILLION: Final = 10**6
HOUR: Final = 3_600
DAY: Final = 24 * HOUR
# After how long it is told what share is still open.
AGES: Final = (
    *(HOUR, 4 * HOUR, 12 * HOUR),
    *(days * DAY for days in (1, 2, 3, 7, 14, 30, 60, 90, 180, 365)),
)

Places = Sequence[str]


def written(places: Places) -> JsonValue:
    """Return a number as the account writes it: the list of a few, else how many and a hash over them."""
    if len(places) < SMALL:
        return [*places]
    digest = hashlib.sha256("\n".join(places).encode("ascii")).digest()
    return {"n": len(places), "of": id_text(digest)}


class Duration(Struct, frozen=True, kw_only=True):
    """How long something took, or how long it has been open so far, in seconds."""

    seconds: int
    is_over: bool
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """At one age: how many were watched longer than that, and the share still open, in millionths."""

    age: int
    watched: int
    millionths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """The times of some clock, the open ones kept among those at risk (Kaplan and Meier 1958).

    `median` and `p90` are the first seconds by which at least half, and nine tenths, were over; None: not
    yet. `curve` is the share still open at some ages.
    """

    median: int | None
    p90: int | None
    curve: tuple[Remaining, ...]


def survival(durations: Iterable[Duration]) -> Survival:
    """Return the median, the ninetieth percentile and the curve of some durations."""
    # Of one second what is over counts before what is still open, as in the source.
    rows = sorted((each.seconds, not each.is_over) for each in durations)
    steps = list(_steps(rows))
    return Survival(
        median=_first(steps, part=ONE // 2),
        p90=_first(steps, part=ONE // 10),
        curve=tuple(_remaining(steps, [seconds for seconds, _is_open in rows])),
    )


def _steps(rows: Sequence[tuple[int, bool]]) -> Iterable[tuple[int, int]]:
    """Yield after each second in which something was over the share that remains open."""
    share, at = ONE, 0
    while at < len(rows):
        seconds, after, over = rows[at][0], at, 0
        while after < len(rows) and rows[after][0] == seconds:
            over += not rows[after][1]
            after += 1
        if over:
            at_risk = len(rows) - at
            share = share * (at_risk - over) // at_risk
            yield seconds, share
        at = after


def _first(steps: Sequence[tuple[int, int]], *, part: int) -> int | None:
    return next((seconds for seconds, share in steps if share <= part), None)


def _remaining(steps: Sequence[tuple[int, int]], seconds: Sequence[int]) -> Iterable[Remaining]:
    at, share, gone = 0, ONE, 0
    for age in AGES:
        while at < len(steps) and steps[at][0] <= age:
            share = steps[at][1]
            at += 1
        while gone < len(seconds) and seconds[gone] <= age:
            gone += 1
        yield Remaining(age=age, watched=len(seconds) - gone, millionths=share * MILLION // ONE)


def duration_written(durations: Sequence[Duration]) -> JsonObject:
    """Return the times of one clock as the account writes them: a few one by one, more as figures."""
    if len(durations) < SMALL:
        ordered = sorted(durations, key=lambda each: (each.seconds, not each.is_over, each.place))
        return {"each": [[each.place, each.seconds, each.is_over] for each in ordered]}
    found = survival(durations)
    return {
        "median": found.median,
        "p90": found.p90,
        "curve": [[each.age, each.watched, each.millionths] for each in found.curve],
    }
