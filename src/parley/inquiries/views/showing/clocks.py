"""The clocks of an inquiry, each with when it is due on whose clock, and why just then.

All clocks of a debtor run on its own times. The other side's log can contradict them: if it
said something after the due time and had not seen the act by then, the act was late by its
receipt although in time by its writer. Both are told; nobody is said to be wrong.
Source: Spec §8.6; decisions, "Clocks and calendars".
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.inquiries.forms.amounts import amount_text
from parley.inquiries.forms.telling import items_text, kind_text
from parley.inquiries.queries import EventRow, TimerRow
from parley.inquiries.views.finding import Found
from parley.inquiries.views.showing.eyes import Eyes
from parley.ledger.reading import EntryRow
from parley.protocol.act import id_text
from parley.protocol.inquiries.clocks import Phase
from parley.ui import times, words

SOON_SECONDS: Final = 24 * 3600
_WAITS: Final = frozenset({"U2", "U3"})
_PAUSES: Final = frozenset({"inquiry.returned", "inquiry.conditioned", "inquiry.postponed"})
_ORDER: Final = (Phase.RUNNING, Phase.PAUSED, Phase.NOT_STARTED, Phase.MISSED, Phase.MET, Phase.ENDED)
Fits = Callable[[EventRow], bool]
_CHIPS: Final = {Phase.MET: "proved", Phase.MISSED: "failed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Where a clock stands for some items. `whys` are sentences; `chip` is the sign of `phase`."""

    items: str
    chip: str
    phase: str
    code: str
    due_at: int | None
    rest: str
    is_running: bool
    stopped_by: str
    stopped_at: int | None
    whys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One clock with its dials: what runs stands first. `clauses` of the guideline say its limit."""

    clock: str
    dials: tuple[Dial, ...]
    clauses: tuple[str, ...]


class Clockmaker:
    """Tells why each clock of one inquiry stands as it does, to whoever looks through `eyes`."""

    def __init__(self, found: Found, eyes: Eyes, *, events: Sequence[EventRow], now: int) -> None:
        self._found = found
        self._eyes = eyes
        self._events = [event for event in events if event.verdict == "valid"]
        self._by_id = {event.statement: event for event in self._events}
        self._now = now
        dossier = found.dossier
        self._urgency = dossier.inquiry.urgency if dossier else ""
        self._asker = found.place[0]

    def cards(self, timers: Iterable[TimerRow]) -> tuple[Card, ...]:
        """Return a card for each clock, those that run first."""
        by_clock: dict[str, list[TimerRow]] = {}
        for timer in timers:
            by_clock.setdefault(timer.clock, []).append(timer)
        cards = [
            Card(
                clock=clock,
                dials=tuple(self._dial(timer) for timer in sorted(group, key=_rank)),
                clauses=self._clauses(clock),
            )
            for clock, group in by_clock.items()
        ]
        return tuple(sorted(cards, key=lambda card: not card.dials[0].is_running))

    def _clauses(self, clock: str) -> tuple[str, ...]:
        text = self._found.governing
        return () if text is None else text.clauses(f"clocks/{clock}/{self._urgency}")

    # ---- One dial

    def _dial(self, timer: TimerRow) -> Dial:
        chip, phase = self._phase(timer)
        return Dial(
            items=items_text(timer.items) if timer.items else "",
            chip=chip,
            phase=phase,
            code=timer.phase.value,
            due_at=timer.due_at,
            rest=amount_text(timer.left, timer.limit, is_left=True) if timer.phase is Phase.PAUSED else "",
            is_running=timer.phase is Phase.RUNNING,
            stopped_by=stop.place if (stop := self._by_id.get(timer.stopped_by)) else "",
            stopped_at=timer.stopped_at,
            whys=tuple(self._whys(timer)),
        )

    def _phase(self, timer: TimerRow) -> tuple[str, str]:
        if timer.phase is Phase.RUNNING and timer.due_at is not None:
            left = timer.due_at - self._now
            if left < 0:
                return "act", _("overdue")
            return "soon" if left < SOON_SECONDS else "plain", words.label("running", words.PHASES)
        if timer.phase is Phase.MET and self._contradiction(timer) is not None:
            return "check", self._both_times()
        return _CHIPS.get(timer.phase, "plain"), words.label(timer.phase.value, words.PHASES)

    def _both_times(self) -> str:
        if self._eyes.is_own(self._asker):
            return _("by their time met, by our receipt late")
        return _("by our time met, by their receipt late")

    # ---- Why

    def _whys(self, timer: TimerRow) -> Iterator[str]:
        debtor = self._eyes.side("B" if self._asker == "A" else "A")
        urgency = words.urgency(self._urgency)
        yield _limit_text(timer.limit, debtor=debtor, urgency=urgency)
        yield from self._start(timer, debtor)
        yield from (self._pause(since, until, debtor=debtor) for since, until in timer.pauses)
        if timer.is_extended:
            yield from self._extension(timer)
        yield from self._end(timer, debtor)

    def _start(self, timer: TimerRow, debtor: str) -> Iterator[str]:
        if timer.started_at is None:
            yield _("It starts when the node of %(side)s says that it received the inquiry.") % {
                "side": debtor
            }
            return
        kind = "inquiry.status_asked" if timer.clock == "status" else "inquiry.sent"
        first = next(
            (each for each in self._events if each.kind == kind and each.received_at == timer.started_at),
            None,
        )
        place = self._found.place.replace("-", " ") if first is None else first.place
        yield _("Started %(at)s, when the node of %(side)s had %(place)s.") % {
            "at": times.zulu(timer.started_at),
            "side": debtor,
            "place": place,
        }
        calendar = self._found.calendar(self._found.asked)
        opening = calendar.opening(timer.started_at) if calendar else timer.started_at
        if self._urgency in _WAITS and opening != timer.started_at:
            yield _("Their offices were closed then, so it counts from %(at)s, the next opening.") % {
                "at": times.zulu(opening)
            }

    def _pause(self, since: int, until: int | None, *, debtor: str) -> str:
        begun = self._said_at(since, lambda event: event.kind in _PAUSES)
        why = words.aside(f"{begun.place} {kind_text(begun.kind)}") if begun else ""
        if until is None:
            return _("Paused since %(since)s%(why)s.") % {"since": times.zulu(since), "why": why}
        ended = self._ended_by(until, begun, debtor=debtor)
        return _("Paused from %(since)s%(why)s to %(until)s%(ended)s.") % {
            "since": times.zulu(since),
            "why": why,
            "until": times.zulu(until),
            "ended": ended,
        }

    def _ended_by(self, until: int, begun: EventRow | None, *, debtor: str) -> str:
        for event in self._events:
            is_reply = begun is not None and event.answers == begun.statement
            if is_reply and event.received_at == until:
                told = _("%(place)s was at the node of %(side)s") % {"place": event.place, "side": debtor}
                return words.aside(told)
        said = self._said_at(until, lambda event: event is not begun)
        return words.aside(f"{said.place} {kind_text(said.kind)}") if said else ""

    def _said_at(self, at: int, fits: Fits) -> EventRow | None:
        return next(
            (
                event
                for event in self._events
                if event.effective == at and event.letter != self._asker and fits(event)
            ),
            None,
        )

    def _extension(self, timer: TimerRow) -> Iterator[str]:
        told = [
            event
            for event in self._events
            if event.kind == "inquiry.extended" and event.said.get("clock") == timer.clock
        ]
        for event in told:
            agreed = next(
                (
                    each.place
                    for each in self._events
                    if each.kind == "inquiry.agreed" and each.answers == event.statement
                ),
                None,
            )
            until = event.said.get("until")
            at = times.zulu(until if isinstance(until, int) else None)
            if agreed is not None:
                yield _("%(place)s asked for time until %(at)s, and %(agreed)s agreed.") % {
                    "place": event.place,
                    "at": at,
                    "agreed": agreed,
                }
            else:
                yield _("%(place)s announced time until %(at)s.") % {"place": event.place, "at": at}

    def _end(self, timer: TimerRow, debtor: str) -> Iterator[str]:
        if timer.phase is Phase.PAUSED:
            left = amount_text(timer.left, timer.limit, is_left=True)
            yield _("%(left)s left when it goes on.") % {"left": left}
        if timer.due_at is not None:
            yield _("So it is due %(at)s.") % {"at": times.zulu(timer.due_at)}
        stop = self._by_id.get(timer.stopped_by)
        if timer.stopped_at is not None:
            yield _("Stopped by %(place)s at %(at)s, by the clock of %(side)s.") % {
                "place": stop.place if stop else "–",
                "at": times.zulu(timer.stopped_at),
                "side": debtor,
            }
        late = self._contradiction(timer)
        if late is not None:
            yield _("%(place)s of %(at)s was written without having seen it: by that log it came late.") % {
                "place": late.place,
                "at": times.zulu(late.effective),
            }
        if timer.phase is Phase.ENDED:
            yield _("Nothing is owed any more.")

    def _contradiction(self, timer: TimerRow) -> EntryRow | None:
        """Return a statement of the creditor's, after the due time, that had not seen the act in time."""
        due = timer.due_at
        if timer.phase is not Phase.MET or due is None:
            return None
        stop = next((row for row in self._found.entries if id_text(row.statement) == timer.stopped_by), None)
        if stop is None:
            return None
        return next(
            (
                row
                for row in self._found.entries
                if row.letter != stop.letter and row.effective > due and row.cut <= stop.index
            ),
            None,
        )


def _rank(timer: TimerRow) -> tuple[int, int, str]:
    return _ORDER.index(timer.phase), timer.due_at or 0, timer.items


def _limit_text(limit: str, *, debtor: str, urgency: str) -> str:
    amount = amount_text(0, limit, is_left=False)
    if limit.endswith("d"):
        return _("Limit: %(limit)s of the calendar of %(side)s (%(urgency)s).") % {
            "limit": amount,
            "side": debtor,
            "urgency": urgency,
        }
    return _("Limit: %(limit)s (%(urgency)s).") % {"limit": amount, "urgency": urgency}
