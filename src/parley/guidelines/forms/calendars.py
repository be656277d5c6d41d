"""Both sides' calendars: the clock and its changes, the hours of a week, days off and days made up.

A side stands by its letter. What was not changed stays as the terms have it; what was typed is put into the
order that the terms want, so nobody has to sort dates.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from parley.guidelines.forms.choices import TICKED
from parley.guidelines.forms.days import MAX_TEXT, read_day, read_days, write_days
from parley.guidelines.forms.faults import Fault, Wrong
from parley.guidelines.forms.instants import SinceError, read_offset, read_since, write_instant, write_offset
from parley.guidelines.forms.paths import table_of
from parley.protocol.guidelines.text import Guideline
from parley.protocol.officetime import (
    DAY_MINUTES,
    DAY_SECONDS,
    MAX_CHANGES,
    MAX_INSTANT,
    MAX_OPENINGS,
    WEEK_DAYS,
    Calendar,
    Week,
)
from parley.protocol.strictjson import JsonObject, JsonValue

FREE_WEEKS: Final = 2
"""So many rows for other hours stand free."""
LISTS: Final = ("closed", "made_up")
_OPENING: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–—~至]\s*([0-9]{1,2}):([0-9]{2})")
_COMMA: Final = re.compile(r"\s*[,;，、；]\s*")
_HOUR: Final = 60

Changes = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed for a side, and what stood there: fields by their names without the letter."""

    letter: str
    values: Mapping[str, str]
    before: Mapping[str, str]

    def is_changed(self, *names: str) -> bool:
        """Return whether one of these fields does not hold any more what stood in it."""
        return any(self.values[name] != self.before[name] for name in names)


def calendars_of(text: Guideline) -> Mapping[str, Calendar]:
    """Return both calendars by the letters of the sides."""
    return {text.terms.letters[node]: calendar for node, calendar in text.terms.calendars.items()}


def calendar_fields(text: Guideline) -> Iterator[tuple[str, str]]:
    """Yield the fields of the form, each with what stands in it."""
    for letter, calendar in calendars_of(text).items():
        yield from _written(letter, calendar)


def put_calendars(terms: JsonObject, base: Guideline, typed: Mapping[str, str]) -> Iterator[Wrong]:
    """Put into `terms` the calendars that were typed, and yield what is wrong with them."""
    for node, calendar in base.terms.calendars.items():
        letter = base.terms.letters[node]
        before = dict(_written(letter, calendar))
        each = Typed(letter=letter, values={name: typed[name] for name in before}, before=before)
        table = table_of(terms, f"calendars/{node}/")
        yield from _put_offsets(table, each)
        yield from _put_weeks(table, each, rows=len(calendar.weeks) + FREE_WEEKS)
        yield from _put_days(table, each)


def write_hours(week: Week) -> str:
    """Return the openings of a day as the form shows them."""
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in week.hours)


def _clock(minute: int) -> str:
    return f"{minute // _HOUR:02}:{minute % _HOUR:02}"


def _written(letter: str, calendar: Calendar) -> Iterator[tuple[str, str]]:
    (_begin, first), *changes = calendar.offsets
    yield f"zone:{letter}", write_offset(first)
    yield f"changes:{letter}", "\n".join(f"{write_instant(at)} {write_offset(each)}" for at, each in changes)
    for n, week in enumerate((*calendar.weeks, *[None] * FREE_WEEKS)):
        row = f"week:{letter}/{n}"
        yield f"{row}/since", "" if week is None else date.fromordinal(week.since).isoformat()
        yield f"{row}/hours", "" if week is None else write_hours(week)
        for day in range(WEEK_DAYS):
            yield f"{row}/rest/{day}", TICKED if week is not None and day in week.weekend else ""
    yield f"days:{letter}/closed", write_days(calendar.closed)
    yield f"days:{letter}/made_up", write_days(calendar.made_up)


# ---- The clock


def _put_offsets(table: JsonObject, typed: Typed) -> Iterator[Wrong]:
    zone, changes = f"zone:{typed.letter}", f"changes:{typed.letter}"
    if not typed.is_changed(zone, changes):
        return
    first, text = read_offset(typed.values[zone]), typed.values[changes]
    if first is None:
        yield Wrong(field=zone, fault=Fault.OFFSET, text=typed.values[zone])
    found, wrong = _read_changes(changes, text)
    yield from wrong
    if first is not None and not wrong:
        table["offsets"] = [[at, minutes] for at, minutes in [(0, first), *found]]


def _read_changes(field: str, text: str) -> tuple[Changes, list[Wrong]]:
    rows = [(n, row) for n, row in enumerate(text[:MAX_TEXT].splitlines(), start=1) if row.strip()]
    if len(rows) >= MAX_CHANGES or len(text) > MAX_TEXT:
        return [], [Wrong(field=field, fault=Fault.TOO_MANY, high=MAX_CHANGES - 1)]
    read = [(n, row, _read_change(row)) for n, row in rows]
    wrong = [Wrong(field=field, fault=Fault.CHANGE, line=n, text=row) for n, row, found in read if not found]
    found = sorted((*each, n) for n, _row, each in read if each)
    for (one, _offset, _line), (two, _next, line) in pairwise([(0, 0, 0), *found]):
        # Closer together, a local time would be skipped or repeated twice (Spec §7.4.1).
        if two - one <= 2 * DAY_SECONDS:
            wrong.append(Wrong(field=field, fault=Fault.CHANGES_CLOSE, line=line))
    return [(at, minutes) for at, minutes, _line in found], wrong


def _read_change(row: str) -> tuple[int, int] | None:
    *instant, offset = row.split()
    minutes = read_offset(offset)
    try:
        at = read_since(" ".join(instant))
    except SinceError:
        return None
    return None if minutes is None or not 0 < at <= MAX_INSTANT else (at, minutes)


# ---- The hours of a week


def _put_weeks(table: JsonObject, typed: Typed, *, rows: int) -> Iterator[Wrong]:
    names = [name for name in typed.before if name.startswith("week:")]
    if not typed.is_changed(*names):
        return
    weeks: dict[int, JsonObject] = {}
    wrong: list[Wrong] = []
    for n in range(rows):
        row = f"week:{typed.letter}/{n}"
        if not (typed.values[f"{row}/since"] + typed.values[f"{row}/hours"]).strip():
            continue
        found = _read_week(row, typed.values)
        if isinstance(found, Wrong):
            wrong.append(found)
        elif found[0] in weeks:
            wrong.append(Wrong(field=f"{row}/since", fault=Fault.WEEK_TWICE))
        else:
            weeks[found[0]] = found[1]
    if not weeks and not wrong:
        wrong.append(Wrong(field=f"week:{typed.letter}/0/since", fault=Fault.NO_WEEK))
    yield from wrong
    table["weeks"] = [weeks[since] for since in sorted(weeks)]


def _read_week(row: str, values: Mapping[str, str]) -> tuple[int, JsonObject] | Wrong:
    typed, hours = values[f"{row}/since"], values[f"{row}/hours"]
    since, found = read_day(typed), _read_hours(hours)
    rest: list[JsonValue] = [day for day in range(WEEK_DAYS) if values[f"{row}/rest/{day}"] == TICKED]
    if isinstance(since, Fault):
        return Wrong(field=f"{row}/since", fault=since, text=typed)
    if isinstance(found, Fault):
        return Wrong(field=f"{row}/hours", fault=found, text=hours)
    if len(rest) == WEEK_DAYS:
        return Wrong(field=f"{row}/rest", fault=Fault.ALWAYS_RESTING)
    return since, {"since": date.fromordinal(since).isoformat(), "hours": found, "weekend": rest}


def _read_hours(text: str) -> list[JsonValue] | Fault:
    found = [_OPENING.fullmatch(each) for each in _COMMA.split(text.strip())]
    pairs: list[tuple[int, int]] = []
    for each in found:
        if each is None or int(each[2]) >= _HOUR or int(each[4]) >= _HOUR:
            return Fault.HOURS
        pairs.append((int(each[1]) * _HOUR + int(each[2]), int(each[3]) * _HOUR + int(each[4])))
    edges = [edge for pair in pairs for edge in pair]
    if edges != sorted(set(edges)) or edges[-1] > DAY_MINUTES or len(pairs) > MAX_OPENINGS:
        return Fault.HOURS_ORDER
    return [list(pair) for pair in pairs]


# ---- Days


def _put_days(table: JsonObject, typed: Typed) -> Iterator[Wrong]:
    names = [f"days:{typed.letter}/{key}" for key in LISTS]
    if not typed.is_changed(*names):
        return
    read = [read_days(name, typed.values[name]) for name in names]
    for key, (days, wrong) in zip(LISTS, read, strict=True):
        yield from wrong
        table[key] = [date.fromordinal(day).isoformat() for day in sorted(days)]
    # A day off beats a day made up, so who lists a day twice means one of them otherwise.
    for day in sorted(read[0][0] & read[1][0])[:1]:
        text = date.fromordinal(day).isoformat()
        yield Wrong(field=names[1], fault=Fault.CLOSED_AND_MADE_UP, text=text)
