"""Dates as people list them: one a line, or from one to another.

2027-10-01                  year first, so that nobody can misread it; also 2027/10/1 and 2027年10月1日
2027-10-01..2027-10-07      every day of it; also with – or 至 between
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from parley.guidelines.forms.faults import Fault, Wrong
from parley.protocol.officetime import MAX_DATES

MAX_TEXT: Final = 64 * 1024
_DATE: Final = re.compile(r"([12][0-9]{3})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_BETWEEN: Final = re.compile(r"\s*(?:\.\.\.?|…|–|—|~|至)\s*|\s+-\s+")
_COMMA: Final = re.compile(r"[,;，、；]")


def write_days(days: Iterable[int]) -> str:
    """Return dates as the form shows them: one a line, those that follow each other as one range."""
    return "\n".join(map(_row, _runs(sorted(days))))


def read_days(field: str, text: str) -> tuple[frozenset[int], tuple[Wrong, ...]]:
    """Return the dates in `text` as ordinals, and what is wrong with its lines."""
    if len(text) > MAX_TEXT:
        return frozenset(), (Wrong(field=field, fault=Fault.TOO_MANY, high=MAX_DATES),)
    found: set[int] = set()
    wrong: list[Wrong] = []
    for line, row in enumerate(text.splitlines(), start=1):
        for each in filter(None, map(str.strip, _COMMA.split(row))):
            days = _days(each)
            if isinstance(days, Fault):
                wrong.append(Wrong(field=field, fault=days, line=line, text=each, high=MAX_DATES))
            else:
                found.update(days)
    if len(found) > MAX_DATES and not wrong:
        wrong.append(Wrong(field=field, fault=Fault.TOO_MANY, high=MAX_DATES))
    return frozenset(found), tuple(wrong)


def read_day(text: str) -> int | Fault:
    """Return the ordinal of one date, or what is wrong with it."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return Fault.DATE
    try:
        return date(*map(int, found.groups())).toordinal()
    except ValueError:
        return Fault.NO_SUCH_DATE


def _days(text: str) -> Iterable[int] | Fault:
    ends = [read_day(each) for each in _BETWEEN.split(text, maxsplit=1)]
    days = [each for each in ends if isinstance(each, int)]
    if len(days) < len(ends):
        return next(each for each in ends if isinstance(each, Fault))
    if days[-1] < days[0]:
        return Fault.RANGE
    return Fault.TOO_MANY if days[-1] - days[0] >= MAX_DATES else range(days[0], days[-1] + 1)


def _runs(days: list[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of the days that follow each other."""
    first = None
    for place, day in enumerate(days):
        first = day if first is None else first
        if place + 1 == len(days) or days[place + 1] != day + 1:
            yield first, day
            first = None


def _row(run: tuple[int, int]) -> str:
    first, last = (date.fromordinal(each).isoformat() for each in run)
    return first if first == last else f"{first}..{last}"
