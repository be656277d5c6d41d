"""What a text would have done to a period that is over: the same inquiries, their clocks run by other terms.

Nothing that was said is judged again. Limits, calendars and what a suspension leaves open are those of the
other terms, and all else is as it was: who would have been late, and who no longer? Source: Spec §16.8.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from parley.protocol.inquiries.apply import Inquiry
from parley.protocol.inquiries.clocks import Phase, Timer
from parley.protocol.inquiries.codes import Clock
from parley.protocol.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Bygone:
    """One inquiry of a period: as it stood, and how it would stand under other terms.

    `at` is how far the asked side's own clock had come at the cut.
    """

    place: str
    at: int
    inquiry: Inquiry
    under: Callable[[Terms], Inquiry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What other terms do to one clock of one side: how many ran, and the places of those that were late.

    An item of several is named by its number, as ``A 112/3``.
    """

    asked: str
    clock: Clock
    ran: int
    late: tuple[str, ...]
    would_be_late: tuple[str, ...]

    @property
    def newly_late(self) -> tuple[str, ...]:
        """Return those that were in time and would have been late."""
        were = set(self.late)
        return tuple(place for place in self.would_be_late if place not in were)

    @property
    def no_longer_late(self) -> tuple[str, ...]:
        """Return those that were late and would have been in time."""
        would_be = set(self.would_be_late)
        return tuple(place for place in self.late if place not in would_be)


@dataclass(slots=True)
class _Count:
    ran: dict[str, None]
    late: list[str]
    would_be_late: list[str]


def replay(bygones: Iterable[Bygone], terms: Terms) -> tuple[Effect, ...]:
    """Return what `terms` would have done to these inquiries, by asked side and clock."""
    counts: dict[tuple[str, Clock], _Count] = defaultdict(lambda: _Count(ran={}, late=[], would_be_late=[]))
    for bygone in bygones:
        asked = bygone.inquiry.asked
        for clock, place, is_late in _timers(bygone, bygone.inquiry):
            counts[asked, clock].ran[place] = None
            if is_late:
                counts[asked, clock].late.append(place)
        for clock, place, is_late in _timers(bygone, bygone.under(terms)):
            counts[asked, clock].ran[place] = None
            if is_late:
                counts[asked, clock].would_be_late.append(place)
    return tuple(
        Effect(
            asked=asked,
            clock=clock,
            ran=len(count.ran),
            late=tuple(count.late),
            would_be_late=tuple(count.would_be_late),
        )
        for (asked, clock), count in sorted(
            counts.items(), key=lambda each: (each[0][0], list(Clock).index(each[0][1]))
        )
    )


def _timers(bygone: Bygone, inquiry: Inquiry) -> Iterator[tuple[Clock, str, bool]]:
    """Yield every clock that ran, the place of what it ran for, and whether that was late."""
    for number, timer in enumerate(inquiry.timers):
        place = f"{bygone.place}?{number}" if timer.clock is Clock.STATUS else bygone.place
        yield timer.clock, place, _is_late(timer, bygone.at)
    several = len(inquiry.items) > 1
    for item in inquiry.items:
        for timer in item.timers:
            place = f"{bygone.place}/{item.n}" if several else bygone.place
            yield timer.clock, place, _is_late(timer, bygone.at)


def _is_late(timer: Timer, at: int) -> bool:
    if timer.phase is Phase.RUNNING:
        return timer.due_at is not None and timer.due_at < at
    return timer.phase is Phase.MISSED
