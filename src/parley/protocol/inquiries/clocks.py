"""The clocks of an inquiry: acknowledge, admit, mitigate, preserve, evidence, each apart.

All clocks of a debtor run on the debtor's effective times: they start when it had the
inquiry, pause by its own return, condition or agreed postponement, resume when it had
the reply, and stop by its own act. So both nodes compute the same due times from the
same two logs, whatever their own clocks say (rule H4). Overdue is a view at some `now`,
never a fact. Source: Spec §8.6.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from parley.protocol.inquiries import bodies
from parley.protocol.inquiries.codes import CLOCK_OF, Clock, State, Want
from parley.protocol.inquiries.eye import Eye, Fact, Status, Story
from parley.protocol.officetime import Calendar, Limit, Pauses, Run, run_limit
from parley.protocol.terms import Terms

# What the asked side may still do about an item ends the pauses that it began itself.
_GOES_ON: Final = frozenset({State.ADMITTED, State.IN_EXECUTION, State.REFERRED, State.PARTLY_ANSWERED})
_PAUSING: Final = frozenset({State.RETURNED, State.CONDITIONED, State.POSTPONED})
# Any decision at the gate stops the clock for admitting; a return only pauses it.
_DECIDED: Final = frozenset(State) - {State.SENT, State.ACKNOWLEDGED, State.RETURNED}
_STATUS_ENDS: Final = frozenset(
    {"inquiry.progressed", "inquiry.answered", "inquiry.refused", "inquiry.postponed", "inquiry.extended"}
)
# Below this urgency a request that comes outside office hours counts from the next opening.
_WAITS: Final = frozenset({"U2", "U3"})


class Phase(Enum):
    """Where a clock stands."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One clock as both sides compute it. Instants are Unix seconds by the debtor's clock.

    `due_at` is None while the clock is paused or has not started; `left` is then what is
    left, in seconds or counted days as the limit counts. `stop` is when, and by which statement.
    """

    clock: Clock
    limit: str
    phase: Phase
    started_at: int | None = None
    due_at: int | None = None
    paused_since: int | None = None
    left: int = 0
    stop: tuple[int, bytes] | None = None
    extended: bool = False
    pauses: Pauses = ()

    @property
    def stopped_at(self) -> int | None:
        """Return the effective time of the act that stopped the clock."""
        return None if self.stop is None else self.stop[0]

    @property
    def stopped_by(self) -> bytes | None:
        """Return the statement that stopped the clock."""
        return None if self.stop is None else self.stop[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extension:
    """A new due time, when it was told, and whether the asker agreed."""

    at: int
    until: int
    is_agreed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """All that decides one timer; equal for many items, so it is computed once for them."""

    clock: Clock
    start: int | None
    pauses: Pauses = ()
    extensions: tuple[_Extension, ...] = ()
    stop: tuple[int, bytes] | None = None
    ended: bool = False


# When suspensions keep a clock of the inquiry standing, by the debtor's times; they may overlap.
Standing = Callable[[Clock], Pauses]


def never(_: Clock) -> Pauses:
    """Return that no suspension keeps any clock standing."""
    return ()


class Dial:
    """The terms' limits, the debtor's calendar and the suspensions, for one inquiry."""

    def __init__(self, terms: Terms, *, debtor: str, urgency: str, standstill: Standing = never) -> None:
        """Remember what a limit needs to run."""
        self._standstill = standstill
        self._terms = terms
        self._calendar: Calendar = terms.calendars[debtor]
        self._urgency = urgency
        self._known: dict[_Course, Timer | None] = {}

    def timer(self, course: _Course) -> Timer | None:
        """Return the timer for `course`, or None where the terms set no limit."""
        if course not in self._known:
            limit = self._terms.limit(course.clock.value, self._urgency)
            self._known[course] = None if limit is None else self._run(limit, course)
        return self._known[course]

    def pauses(self, clock: Clock, own: Pauses) -> Pauses:
        """Return the pauses of a clock: those of its item, and those by suspension."""
        standing = self._standstill(clock)
        return _union([*own, *standing]) if standing else own

    def _run(self, limit: Limit, course: _Course) -> Timer:
        if course.start is None:
            # What was answered before the machine receipt is known was answered in time.
            phase = Phase.MET if course.stop else Phase.ENDED if course.ended else Phase.NOT_STARTED
            return Timer(clock=course.clock, limit=limit.text, phase=phase, stop=course.stop)
        stop = course.stop
        pauses = _between(course.pauses, course.start, None if stop is None else stop[0])
        extension = self._extension(limit, course, course.start)
        if extension is None:
            run = self._run_limit(limit, course.start, pauses)
        else:
            run = _prolong(extension, pauses)
        return Timer(
            clock=course.clock,
            limit=limit.text,
            phase=_phase(run, course),
            started_at=course.start,
            due_at=run.due_at,
            paused_since=run.paused_since,
            left=run.left,
            extended=extension is not None,
            pauses=pauses,
            stop=stop,
        )

    def _run_limit(self, limit: Limit, start: int, pauses: Pauses) -> Run:
        waits = self._urgency in _WAITS
        return run_limit(limit, self._calendar, start=start, pauses=pauses, waits=waits)

    def _extension(self, limit: Limit, course: _Course, start: int) -> _Extension | None:
        """Return the extension that holds: the newest agreed one, or the first one told in time.

        Each is judged by what was due when it was told; what happens later can neither make
        one hold nor undo it. Without consent a limit at most doubles, so that the freedom to
        announce one extension is not a freedom to have no limit (Spec §8.6).
        """
        holds: _Extension | None = None
        for told in course.extensions:
            pauses = _until(course.pauses, told.at)
            run = self._run_limit(limit, start, pauses) if holds is None else _prolong(holds, pauses)
            due = run.due_at
            assert due is not None
            in_time = told.at < due and told.until - due <= due - start
            if told.until > due and (told.is_agreed or in_time):
                holds = told
        return holds


def _phase(run: Run, course: _Course) -> Phase:
    if course.stop is not None:
        late = run.due_at is not None and course.stop[0] > run.due_at
        return Phase.MISSED if late else Phase.MET
    if course.ended:
        return Phase.ENDED
    return Phase.RUNNING if run.due_at is not None else Phase.PAUSED


def _between(pauses: Pauses, start: int, stop: int | None) -> Pauses:
    """Return the pauses that touch the time from `start` to `stop`; a suspension may lie outside it."""
    return tuple(
        (since, until)
        for since, until in pauses
        if (until is None or until > start) and (stop is None or since < stop)
    )


def _until(pauses: Pauses, at: int) -> Pauses:
    """Return `pauses` as they stood at `at`, as if the open one ended then."""
    return tuple((since, at if to is None else min(to, at)) for since, to in pauses if since < at)


def _prolong(extension: _Extension, pauses: Pauses) -> Run:
    """Return where a limit stands that an extension moved; what is left is then counted in seconds."""
    until = extension.until
    for since, to in pauses:
        begin = max(since, extension.at)
        if to is not None and to <= extension.at:
            continue
        if begin >= until:
            break
        if to is None:
            return Run(due_at=None, paused_since=since, left=until - begin)
        until += to - begin
    return Run(due_at=until)


def inquiry_timers(eye: Eye, dial: Dial) -> tuple[Timer, ...]:
    """Return the timers of the inquiry as a whole: acknowledge, and one for each status inquiry."""
    first = eye.acknowledged
    everything_gone = all(eye.state(story) is State.WITHDRAWN for story in set(eye.items))
    courses = [
        _Course(
            clock=Clock.ACKNOWLEDGE,
            start=eye.sent.received_at,
            pauses=dial.pauses(Clock.ACKNOWLEDGE, ()),
            stop=None if first is None else (first.effective, first.id),
            ended=everything_gone,
        )
    ]
    news = sorted((fact for fact in eye.seen.values() if fact.kind in _STATUS_ENDS), key=_index)
    asked = [fact for fact in eye.seen.values() if fact.kind == "inquiry.status_asked"]
    for fact in sorted(asked, key=_index):
        stop = _first_after(news, fact)
        courses.append(
            _Course(
                clock=Clock.STATUS,
                start=fact.received_at,
                pauses=dial.pauses(Clock.STATUS, ()),
                stop=stop,
                ended=eye.is_settled,
            )
        )
    return tuple(timer for course in courses if (timer := dial.timer(course)) is not None)


def _index(fact: Fact) -> int:
    return fact.index


def _first_after(news: Sequence[Fact], asked: Fact) -> tuple[int, bytes] | None:
    """Return the asked side's first news that had seen the question; cuts rise along a log."""
    place = bisect_right(news, asked.index, key=lambda fact: fact.cut)
    return (news[place].effective, news[place].id) if place < len(news) else None


def item_timers(eye: Eye, story: Story, dial: Dial) -> tuple[Timer, ...]:
    """Return the timers of one item: admit first, then one for each clock that its wants need."""
    pauses = _pauses(eye, story)
    gone = eye.state(story) is State.WITHDRAWN
    clocks = sorted({CLOCK_OF[want] for want in story.wants}, key=list(Clock).index)
    courses = []
    for clock in (Clock.ADMIT, *clocks):
        stop = _decided(story) if clock is Clock.ADMIT else _settled(story, clock)
        courses.append(
            _Course(
                clock=clock,
                start=eye.sent.received_at,
                pauses=dial.pauses(clock, pauses),
                extensions=_extensions(eye, story, clock),
                stop=stop,
                ended=gone,
            )
        )
    return tuple(timer for course in courses if (timer := dial.timer(course)) is not None)


def _decided(story: Story) -> tuple[int, bytes] | None:
    facts = [status.fact for status in story.statuses if status.state in _DECIDED]
    facts += [effect.first for effect in story.effects.values()]
    first = min(facts, key=_index, default=None)
    return None if first is None else (first.effective, first.id)


def _settled(story: Story, clock: Clock) -> tuple[int, bytes] | None:
    """Return when the last want on `clock` was settled, or when a refusal said that none would be."""
    settled = story.settled()
    wanted: set[Want] = {want for want in story.wants if CLOCK_OF[want] is clock}
    ends = [] if story.refused is None else [story.refused]
    if wanted <= settled.keys():
        ends.append(max((settled[want] for want in wanted), key=_index))
    first = min(ends, key=_index, default=None)
    return None if first is None else (first.effective, first.id)


def _extensions(eye: Eye, story: Story, clock: Clock) -> tuple[_Extension, ...]:
    """Return the first extension of a clock, which may do without consent, and the agreed ones."""
    found: list[_Extension] = []
    for fact in story.extensions:
        if isinstance(fact.said, bodies.Extended) and fact.said.clock == clock.value:
            reply = eye.replies.get(fact.id)
            # An extension that needs no consent is not undone by withholding it.
            is_agreed = reply is not None and reply.kind == "inquiry.agreed"
            if is_agreed or not found:
                found.append(_Extension(at=fact.effective, until=fact.said.until, is_agreed=is_agreed))
    return tuple(found)


def _pauses(eye: Eye, story: Story) -> Pauses:
    went_on = [status.fact for status in story.statuses if status.state in _GOES_ON]
    went_on += [effect.first for effect in story.effects.values()]
    went_on.sort(key=_index)
    spans = (
        _span(eye, status, went_on[bisect_right(went_on, status.fact.index, key=_index) :][:1])
        for status in story.statuses
        if status.state in _PAUSING
    )
    return _union(span for span in spans if span is not None)


def _span(eye: Eye, status: Status, went_on: Sequence[Fact]) -> tuple[int, int | None] | None:
    """Return from when to when `status` pauses the item's clocks; None if it does not.

    `went_on` is how the asked side next went on by itself, if it did.
    """
    reply = eye.replies.get(status.fact.id)
    ends = [fact.effective for fact in went_on]
    if isinstance(status.fact.said, bodies.Postponed):
        if reply is None or reply.kind != "inquiry.agreed":
            return None
        ends.append(status.fact.said.until)
    elif reply is not None and reply.received_at is not None:
        ends.append(reply.received_at)
    begin = status.fact.effective
    if not ends:
        return begin, None
    return (begin, min(ends)) if min(ends) > begin else None


def _union(spans: Iterable[tuple[int, int | None]]) -> Pauses:
    merged: list[tuple[int, int | None]] = []
    for since, until in sorted(spans, key=lambda span: span[0]):
        if not merged or (merged[-1][1] is not None and since > merged[-1][1]):
            merged.append((since, until))
            continue
        before = merged[-1]
        open_ended = before[1] is None or until is None
        merged[-1] = (before[0], None if open_ended else max(before[1] or 0, until or 0))
    return tuple(merged)
