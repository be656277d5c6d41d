"""The time line of the desk, measured for a drawing: a lane for each clock or room, a mark for each due time.

    0 ─────────────────────────────── WIDTH        now … the last tick
    acknowledge  ■      □
    mitigate        ■■        □                     ■ ours  □ theirs

The same facts stand in the table beside it; the drawing only shows where they crowd.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from parley.ui import rooms, words

WIDTH: Final = 960
LABEL: Final = 150
LANE: Final = 26
TOP: Final = 24
MARK: Final = 10
MARGIN: Final = 30
_LANES: Final[words.Labels] = {**words.CLOCKS, **rooms.ROOMS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A due time, at `x` and `y`; `count` of them lie on one spot."""

    x: int
    y: int
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A clock, or a room beside inquiries; and where its line lies."""

    clock: str
    y: int
    text_y: int

    @property
    def name(self) -> str:
        """Return what it is called, in the reader's language."""
        return words.label(self.clock, _LANES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A time from now, what it is called, and where it lies."""

    text: str
    """The number of days, or what a clock shows then."""
    is_now: bool
    x: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The drawing: `width` × `height`, with lanes, ticks and marks."""

    width: int
    height: int
    left: int
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]


def timeline(
    dues: Iterable[tuple[str, int, bool]], *, now: int, ticks: Sequence[tuple[int, str]]
) -> Timeline:
    """Return the drawing of `dues` (clock, instant, ours?) from `now` on; the past at its start.

    `ticks` are seconds from now, rising, each with its text; the drawing ends with the last.
    """
    found = tuple(dues)
    clocks = [clock for clock in _LANES if any(each[0] == clock for each in found)]
    lanes = {clock: TOP + place * LANE for place, clock in enumerate(clocks)}
    span = ticks[-1][0]
    marks = {
        Mark(x=_x(max(0, at - now), span), y=lanes[clock] + (LANE - MARK) // 2, is_ours=is_ours)
        for clock, at, is_ours in found
        if clock in lanes
    }
    return Timeline(
        width=WIDTH,
        height=TOP + len(clocks) * LANE + 4,
        left=LABEL,
        lanes=tuple(Lane(clock=clock, y=y, text_y=y + LANE // 2 + 4) for clock, y in lanes.items()),
        ticks=tuple(Tick(text=text, is_now=after == 0, x=_x(after, span)) for after, text in ticks),
        marks=tuple(sorted(marks, key=lambda mark: (mark.y, mark.x, mark.is_ours))),
    )


def _x(seconds: int, span: int) -> int:
    return LABEL + (WIDTH - LABEL - MARGIN) * min(seconds, span) // span
