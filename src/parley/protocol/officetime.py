"""Office time: one side's days and opening hours, and the time limits that run on them.

A calendar is part of the signed terms, so both nodes compute the same due time from the
same bytes: UTC offset changes are listed as instants, days off as dates, and no table of
time zones is consulted. Instants are Unix seconds UTC; days are proleptic Gregorian
ordinals of the side's own date; minutes count from its own midnight. What a limit
means for an inquiry is decided in `inquiries/clocks.py`. Source: Spec §7.4, §8.6.

    limit   "30m" "2h" "3d" "5wd"      minutes, hours, calendar days, working days
"""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from parley.protocol.breach import BreachError
from parley.protocol.strictjson import JsonValue

MINUTE: Final = 60
DAY_MINUTES: Final = 24 * 60
DAY_SECONDS: Final = DAY_MINUTES * MINUTE
EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
MAX_OFFSET_MINUTES: Final = 18 * 60
MAX_CHANGES: Final = 400
MAX_DATES: Final = 1_000
WEEK_DAYS: Final = 7
MAX_OPENINGS: Final = 8
# 3000-01-01: far beyond any inquiry, and small enough that every sum stays a date.
MAX_INSTANT: Final = 32_503_680_000

_LIMIT = re.compile(r"([1-9][0-9]{0,3})(m|h|d|wd)")
_DATE = re.compile(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]")


class Unit(Enum):
    """What a limit counts."""

    MINUTES = "m"
    HOURS = "h"
    DAYS = "d"
    WORKING_DAYS = "wd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A length of time as the terms state it: an amount and what it counts."""

    amount: int
    unit: Unit

    @property
    def seconds(self) -> int | None:
        """Return the length in seconds, or None for a limit that counts days."""
        match self.unit:
            case Unit.MINUTES:
                return self.amount * MINUTE
            case Unit.HOURS:
                return self.amount * 60 * MINUTE
            case Unit.DAYS | Unit.WORKING_DAYS:
                return None

    @property
    def text(self) -> str:
        """Return the limit as it is written in the terms."""
        return f"{self.amount}{self.unit.value}"


def read_limit(text: str) -> Limit:
    """Return the limit that `text` states, such as ``5wd``.

    Raises:
        BreachError: §7.3, if `text` is not a limit.
    """
    match = _LIMIT.fullmatch(text)
    if match is None:
        raise BreachError("7.3", f"not a time limit: {text[:16]!r}")
    return Limit(amount=int(match[1]), unit=Unit(match[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The office hours of an ordinary week, from the day `since` on."""

    since: int
    hours: tuple[tuple[int, int], ...]
    weekend: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One side's office time. `offsets` and `weeks` are in rising order, never empty."""

    offsets: tuple[tuple[int, int], ...]
    weeks: tuple[Week, ...]
    closed: frozenset[int]
    made_up: frozenset[int]

    def offset(self, instant: int) -> int:
        """Return the minutes east of UTC that hold at `instant`."""
        minutes = self.offsets[0][1]
        for since, value in self.offsets:
            if since > instant:
                break
            minutes = value
        return minutes

    def day(self, instant: int) -> int:
        """Return the ordinal of the side's own date at `instant`."""
        return EPOCH_DAY + (instant + self.offset(instant) * MINUTE) // DAY_SECONDS

    def instant(self, day: int, minute: int = 0) -> int:
        """Return the first instant at which the side's clock shows `minute` of `day` or later.

        A time that a clock change skips is thus the instant of the change, and a time
        that it repeats is the first of the two.
        """
        local = (day - EPOCH_DAY) * DAY_SECONDS + minute * MINUTE
        for place, (since, minutes) in enumerate(self.offsets):
            found = local - minutes * MINUTE
            if place and found < since:
                return since
            last = place + 1 == len(self.offsets)
            if last or found < self.offsets[place + 1][0]:
                return found
        raise AssertionError("offsets are never empty")  # pragma: no cover

    def week(self, day: int) -> Week:
        """Return the week that holds on `day`; before the first, the first."""
        found = self.weeks[0]
        for week in self.weeks:
            if week.since > day:
                break
            found = week
        return found

    def is_working(self, day: int) -> bool:
        """Return whether `day` is a working day: closed days beat made-up days beat the weekend."""
        if day in self.closed:
            return False
        return day in self.made_up or (day - 1) % WEEK_DAYS not in self.week(day).weekend

    def opening(self, instant: int) -> int:
        """Return `instant` if the office is open then, else the next opening."""
        day = self.day(instant)
        while True:
            if self.is_working(day):
                for start, end in self.week(day).hours:
                    # A clock change can skip a short opening, which is then none.
                    found = max(instant, self.instant(day, start))
                    if found < self.instant(day, end):
                        return found
            day += 1

    def end_of(self, day: int) -> int:
        """Return the instant at which `day` ends: 24:00 on the side's own clock."""
        return self.instant(day + 1)

    def after(self, day: int, amount: int, unit: Unit) -> int:
        """Return the `amount`-th counted day after `day`; for 0, `day` or the next counted one."""
        if unit is Unit.DAYS:
            return day + amount
        if amount == 0:
            while not self.is_working(day):
                day += 1
            return day
        while amount:
            day += 1
            amount -= self.is_working(day)
        return day

    def between(self, day: int, last: int, unit: Unit) -> int:
        """Return how many counted days lie after `day`, up to and including `last`."""
        if unit is Unit.DAYS:
            return max(last - day, 0)
        return sum(self.is_working(each) for each in range(day + 1, last + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Where a limit stands: due at an instant, or paused with so much left."""

    due_at: int | None
    paused_since: int | None = None
    left: int = 0


Pauses = tuple[tuple[int, int | None], ...]


def read_calendar(value: JsonValue) -> Calendar:
    """Return the calendar that the terms state as `value`.

    Raises:
        BreachError: §7.4, naming what is missing, out of order or out of bounds.
    """
    if not isinstance(value, dict) or set(value) != {"offsets", "weeks", "closed", "made_up"}:
        raise BreachError("7.4", "a calendar has exactly offsets, weeks, closed and made_up")
    weeks = tuple(_read_week(each) for each in _sequence(value["weeks"], 1, MAX_CHANGES))
    if any(one.since >= two.since for one, two in itertools.pairwise(weeks)):
        raise BreachError("7.4", "weeks are not in rising order")
    return Calendar(
        offsets=_read_offsets(value["offsets"]),
        weeks=weeks,
        closed=frozenset(_read_days(value["closed"])),
        made_up=frozenset(_read_days(value["made_up"])),
    )


def _sequence(value: JsonValue, least: int, most: int) -> list[JsonValue]:
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise BreachError("7.4", f"a list of {least} to {most} is wanted")
    return value


def _pair(value: JsonValue) -> tuple[int, int]:
    match value:
        case [int(first), int(second)] if not isinstance(first, bool) and not isinstance(second, bool):
            return first, second
        case _:
            raise BreachError("7.4", "a pair of whole numbers is wanted")


def _read_offsets(value: JsonValue) -> tuple[tuple[int, int], ...]:
    offsets = tuple(_pair(each) for each in _sequence(value, 1, MAX_CHANGES))
    rising = all(one[0] < two[0] for one, two in itertools.pairwise(offsets))
    # Changes more than two days apart, so that a local time is skipped or repeated by one change only.
    apart = all(two[0] - one[0] > 2 * DAY_SECONDS for one, two in itertools.pairwise(offsets))
    bounded = all(0 <= at <= MAX_INSTANT and abs(minutes) <= MAX_OFFSET_MINUTES for at, minutes in offsets)
    if offsets[0][0] != 0 or not (rising and apart and bounded):
        raise BreachError("7.4", "offset changes are rising instants from 0 with bounded minutes")
    return offsets


def _read_week(value: JsonValue) -> Week:
    if not isinstance(value, dict) or set(value) != {"since", "hours", "weekend"}:
        raise BreachError("7.4", "a week has exactly since, hours and weekend")
    hours = tuple(_pair(each) for each in _sequence(value["hours"], 1, MAX_OPENINGS))
    edges = [edge for pair in hours for edge in pair]
    if edges != sorted(set(edges)) or edges[0] < 0 or edges[-1] > DAY_MINUTES:
        raise BreachError("7.4", "office hours are rising minutes of one day")
    days = _sequence(value["weekend"], 0, WEEK_DAYS - 1)
    weekend = [
        day for day in days if isinstance(day, int) and not isinstance(day, bool) and day in range(WEEK_DAYS)
    ]
    if weekend != days or weekend != sorted(set(weekend)):
        raise BreachError("7.4", "a weekend is a rising list of days, Monday being 0")
    return Week(since=_read_day(value["since"]), hours=hours, weekend=frozenset(weekend))


def _read_days(value: JsonValue) -> Iterable[int]:
    days = [_read_day(each) for each in _sequence(value, 0, MAX_DATES)]
    if days != sorted(set(days)):
        raise BreachError("7.4", "dates are not in rising order")
    return days


def _read_day(value: JsonValue) -> int:
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        raise BreachError("7.4", "a date is written YYYY-MM-DD")
    try:
        return date.fromisoformat(value).toordinal()
    except ValueError as error:
        raise BreachError("7.4", f"no such date: {value}") from error


def default_calendar(*, offset_minutes: int = 0) -> Mapping[str, JsonValue]:
    """Return the calendar of the default profile: one offset, Monday to Friday, 09 to 17, no holidays."""
    return {
        "offsets": [[0, offset_minutes]],
        "weeks": [{"since": "1970-01-01", "hours": [[9 * 60, 17 * 60]], "weekend": [5, 6]}],
        "closed": [],
        "made_up": [],
    }


def run_limit(limit: Limit, calendar: Calendar, *, start: int, pauses: Pauses, waits: bool) -> Run:
    """Return where `limit` stands when it starts at `start` and is stopped during `pauses`.

    `pauses` are disjoint, rising (from, to) instants; only the last may be open. With
    `waits`, a start or a resumption outside office hours counts from the next opening.
    A pause that begins when the limit has already lapsed changes nothing. Spec §8.6.
    """
    if limit.seconds is None:
        return _run_days(limit, calendar, start=start, pauses=pauses, waits=waits)
    begin = calendar.opening(start) if waits else start
    left = limit.seconds
    for since, until in pauses:
        if since >= begin + left:
            break
        left -= max(since, begin) - begin
        if until is None:
            return Run(due_at=None, paused_since=since, left=left)
        begin = max(begin, since, calendar.opening(until) if waits else until)
    return Run(due_at=begin + left)


def _run_days(limit: Limit, calendar: Calendar, *, start: int, pauses: Pauses, waits: bool) -> Run:
    # The day on which a limit starts, resumes or pauses is not counted twice: what is
    # left at a pause are the counted days after that day, up to the day it was due.
    day = calendar.day(calendar.opening(start) if waits else start)
    left = limit.amount
    for since, until in pauses:
        last = calendar.after(day, left, limit.unit)
        if since >= calendar.end_of(last):
            break
        paused = max(calendar.day(since), day)
        left = calendar.between(paused, last, limit.unit)
        if until is None:
            return Run(due_at=None, paused_since=since, left=left)
        day = max(paused, calendar.day(calendar.opening(until) if waits else until))
    return Run(due_at=calendar.end_of(calendar.after(day, left, limit.unit)))
