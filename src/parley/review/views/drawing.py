"""A curve as a drawing that the server makes: the share still open after some time, as steps.

The horizontal axis has the ages of the account one beside the other, not to scale: hours matter as much as
months. It ends where nothing was watched any longer. Beside the curve stand the limits that held, and, faint,
the curve of the period before. The same numbers stand in a table below the drawing.

    100% ┤▔▔▔▔┐   ┊U1      ┊U2
     50% ┤    └──┐┊        ┊
      0% └───────┴┴──┴──┴──┴──
         0   4 h   1 d   3 d
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from parley.protocol.officetime import Limit, Unit
from parley.protocol.review.numbers import AGES, DAY, MILLION, Remaining
from parley.ui import times

WIDTH: Final = 390
HEIGHT: Final = 120
LEAST: Final = 4
"""So many ages at least are on the axis."""
_APART: Final = 46
_NEAR: Final = 26
Steps = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A row of the table: an age in words, how many were watched longer, and what share was still open.

    `before` is the share in the period before; both in per cent.
    """

    age: str
    watched: int
    share: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A line across an axis, and its words; `y` is where the words stand."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The drops of both curves, how far right and how far down, and what stands on the axes.

    `steps_before` are those of the period before; none where it is not known.
    """

    steps: Steps
    steps_before: Steps
    ticks: tuple[Tick, ...]
    limits: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    middle: int = HEIGHT // 2

    @property
    def path(self) -> str:
        """Return the curve as the path of a drawing."""
        return _path(self.steps)

    @property
    def before(self) -> str:
        """Return the curve of the period before, likewise; empty where there is none."""
        return _path(self.steps_before)


def drawing_of(
    curve: Sequence[Remaining], before: Sequence[Remaining], limits: Mapping[str, Limit]
) -> Drawing | None:
    """Return the drawing of a curve; None where there are too few times for one.

    `limits` are those that held, by their urgencies.
    """
    if not curve:
        return None
    count = max(_watched(curve), _watched(before), LEAST)
    ages, step = AGES[:count], WIDTH // count
    return Drawing(
        steps=_steps(curve[:count], step),
        steps_before=_steps(before[:count], step),
        ticks=tuple(_ticks(ages, step)),
        limits=tuple(_limits(limits, ages, step)),
        marks=tuple(_marks(curve[:count], before)),
    )


def limit_seconds(limit: Limit) -> int:
    """Return how far from the start a limit is drawn: of a week five days are working days."""
    if limit.seconds is not None:
        return limit.seconds
    return limit.amount * DAY * 7 // 5 if limit.unit is Unit.WORKING_DAYS else limit.amount * DAY


def _watched(curve: Sequence[Remaining]) -> int:
    """Return how many ages there are until nothing is watched longer."""
    return next((n for n, each in enumerate(curve, start=1) if not each.watched), len(curve))


def _steps(curve: Sequence[Remaining], step: int) -> Steps:
    return tuple(
        (place * step, HEIGHT - each.millionths * HEIGHT // MILLION)
        for place, each in enumerate(curve, start=1)
    )


def _path(steps: Steps) -> str:
    return "".join(("M0 0", *(f"H{x}V{y}" for x, y in steps))) if steps else ""


def _ticks(ages: Sequence[int], step: int) -> Iterator[Tick]:
    last = 0
    for place, age in enumerate(ages, start=1):
        # Words must not run into each other.
        if place * step - last >= _APART:
            last = place * step
            yield Tick(x=last, y=HEIGHT + 14, text=times.span(age))


def _limits(limits: Mapping[str, Limit], ages: Sequence[int], step: int) -> Iterator[Tick]:
    places: dict[int, list[str]] = {}
    for urgency, limit in limits.items():
        x = _place(limit_seconds(limit), ages, step)
        if x is not None:
            places.setdefault(x, []).append(urgency)
    last, y = -WIDTH, 0
    for x, urgencies in sorted(places.items()):
        # Words that would run into each other stand one above the other.
        y = y - 12 if x - last < _NEAR else -4
        last = x
        yield Tick(x=x, y=y, text=" ".join(urgencies))


def _place(seconds: int, ages: Sequence[int], step: int) -> int | None:
    """Return where `seconds` stand on the axis; None beyond its end."""
    for place, (lower, upper) in enumerate(pairwise((0, *ages))):
        if seconds <= upper:
            return place * step + (seconds - lower) * step // (upper - lower)
    return None


def _marks(curve: Sequence[Remaining], before: Sequence[Remaining]) -> Iterator[Mark]:
    for n, each in enumerate(curve):
        yield Mark(
            age=times.span(each.age),
            watched=each.watched,
            share=_share(each),
            before=_share(before[n]) if before else "",
        )


def _share(each: Remaining) -> str:
    return f"{each.millionths // 10_000}.{each.millionths // 1_000 % 10}"
