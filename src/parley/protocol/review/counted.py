"""One inquiry as figures need it: small, and a function of its thread up to the cut alone.

So a node can keep it, and count again only the inquiries in whose threads something was said since, or in
which a clock still runs. Source: Spec §18.4.
"""

from collections.abc import Iterator

from msgspec import Struct

from parley.protocol.inquiries.apply import Inquiry, ItemState
from parley.protocol.inquiries.bodies import Sent
from parley.protocol.inquiries.clocks import Phase, Timer
from parley.protocol.inquiries.codes import Clock, FindingCode
from parley.protocol.officetime import Pauses
from parley.protocol.review.numbers import Duration

_OVER = frozenset({Phase.MET, Phase.MISSED})
# What was withdrawn, or never reached the other node, took no time of the asked side.
_NO_TIME = frozenset({Phase.ENDED, Phase.NOT_STARTED})


class Timed(Struct, frozen=True, kw_only=True):
    """Where one clock of one thing stands, in words, and how long it took or has been open, if it began."""

    clock: Clock
    place: str
    words: tuple[str, ...]
    duration: Duration | None


class CountedItem(Struct, frozen=True, kw_only=True):
    """One item: its codes, and its clocks."""

    place: str
    type: str
    state: str
    findings: tuple[str, ...]
    grounds: tuple[str, ...]
    timed: tuple[Timed, ...]


class Counted(Struct, frozen=True, kw_only=True):
    """One inquiry of the period, as it stood at the cut. `scores` are those of its newest rating."""

    place: str
    asked: str
    item: str
    urgency: str
    marks: tuple[str, ...]
    scores: tuple[int, int, int, int] | None
    timed: tuple[Timed, ...]
    items: tuple[CountedItem, ...]

    @property
    def is_final(self) -> bool:
        """Return whether time alone changes nothing of it: no clock runs, waits or stands still."""
        every = (*self.timed, *(timed for item in self.items for timed in item.timed))
        return not any(timed.duration is not None and not timed.duration.is_over for timed in every)


def count(place: str, inquiry: Inquiry, *, at: int, was_returned: bool) -> Counted:
    """Return what is counted of `inquiry`.

    `at` is how far the asked side's own clock had come at the cut, in Unix seconds: until then what is open
    was open. `was_returned`: it was sent back for supplement at least once.
    """
    sent, rated = inquiry.sent.said, inquiry.rated
    assert isinstance(sent, Sent), "an inquiry begins with what was sent"
    several = len(inquiry.items) > 1
    return Counted(
        place=place,
        asked=inquiry.asked,
        item=sent.item,
        urgency=sent.urgency,
        marks=tuple(_marks(inquiry, was_returned=was_returned)),
        scores=None if rated is None else (rated.timely, rated.complete, rated.usable, rated.understandable),
        timed=tuple(_questions(inquiry, place, at)),
        items=tuple(_item(item, f"{place}/{item.n}" if several else place, at) for item in inquiry.items),
    )


def _questions(inquiry: Inquiry, place: str, at: int) -> Iterator[Timed]:
    for number, timer in enumerate(inquiry.timers):
        # Of questions about the status there can be several.
        yield _timed(timer, f"{place}?{number}" if timer.clock is Clock.STATUS else place, at)


def _marks(inquiry: Inquiry, *, was_returned: bool) -> Iterator[str]:
    if inquiry.closed_at is not None:
        yield "closed"
    if was_returned:
        yield "returned"
    if inquiry.disputed:
        yield "disputed"
    if inquiry.rated is not None:
        yield "rated"
    if inquiry.outcome is not None:
        yield "outcome"


def _item(item: ItemState, place: str, at: int) -> CountedItem:
    return CountedItem(
        place=place,
        type=item.type.value,
        state=item.state.value,
        findings=tuple(dict.fromkeys(FindingCode(each.code).value for _statement, each in item.findings)),
        grounds=tuple(dict.fromkeys(ground.value for ground in item.grounds)),
        timed=tuple(_timed(timer, place, at) for timer in item.timers),
    )


def _timed(timer: Timer, place: str, at: int) -> Timed:
    phase = timer.phase
    is_late = phase is Phase.RUNNING and timer.due_at is not None and timer.due_at < at
    word = "overdue" if is_late else phase.value
    duration = None
    if phase not in _NO_TIME:
        duration = Duration(seconds=_seconds(timer, at), is_over=phase in _OVER, place=place)
    words = (word, "extended") if timer.extended else (word,)
    return Timed(clock=timer.clock, place=place, words=words, duration=duration)


def _seconds(timer: Timer, at: int) -> int:
    """Return how long the clock ran until it stopped, or until `at`; its pauses are left out."""
    if timer.started_at is None:
        return 0
    end = at if timer.stopped_at is None else timer.stopped_at
    paused = _paused(timer.pauses, timer.started_at, end) if timer.pauses else 0
    return max(0, end - timer.started_at - paused)


def _paused(pauses: Pauses, start: int, end: int) -> int:
    spans = ((max(since, start), end if until is None else min(until, end)) for since, until in pauses)
    return sum(max(0, until - since) for since, until in spans)
