"""Both sides' calendars in the form of a text: rows of hours, lists of days, and what is changed in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from parley.guidelines.forms.calendars import FREE_WEEKS, calendars_of
from parley.guidelines.forms.days import read_days
from parley.guidelines.queries.changes import language
from parley.guidelines.views.blanks import Blank, Sheet
from parley.ledger.readers import OpenLink, side_name
from parley.protocol.guidelines.words import WEEK, pick
from parley.protocol.officetime import WEEK_DAYS, Calendar
from parley.ui.words import listed

SHOWN = 40
"""So many days are named one by one; of more it is said how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A row of hours: from which day on, when it is open, and on which days nobody works."""

    name: str
    since: Blank
    hours: Blank
    rest: tuple[Blank, ...]
    is_free: bool

    @property
    def is_changed(self) -> bool:
        """Return whether anything in the row is changed."""
        return any(each.is_changed for each in (self.since, self.hours, *self.rest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A list of days: what was added, what was taken out, and those that change nothing, in words."""

    blank: Blank
    added: str
    removed: str
    idle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SideCalendar:
    """The calendar of one side."""

    letter: str
    side: str
    part: Mapping[str, object]
    zone: Blank
    changes: Blank
    weeks: tuple[Hours, ...]
    closed: Days
    made_up: Days


def calendars_in(sheet: Sheet, link: OpenLink) -> tuple[SideCalendar, ...]:
    """Return both calendars as they stand in the form, in the order of the letters."""
    sides = {link.row.my_letter: _("our side"), link.row.their_letter: side_name(link.row)}
    parts = sheet.parts()
    return tuple(
        SideCalendar(
            letter=letter,
            side=sides[letter],
            part=parts[letter],
            zone=sheet.blank(f"zone:{letter}"),
            changes=sheet.blank(f"changes:{letter}"),
            weeks=tuple(_weeks(sheet, letter, used=len(calendar.weeks))),
            closed=_days(sheet, f"days:{letter}/closed", calendar),
            made_up=_days(sheet, f"days:{letter}/made_up", calendar),
        )
        for letter, calendar in calendars_of(sheet.text).items()
    )


def _weeks(sheet: Sheet, letter: str, *, used: int) -> Iterator[Hours]:
    for n in range(used + FREE_WEEKS):
        row = f"week:{letter}/{n}"
        rest = (sheet.blank(f"{row}/rest/{day}", pick(WEEK[day], language())) for day in range(WEEK_DAYS))
        yield Hours(
            name=row,
            since=sheet.blank(f"{row}/since"),
            hours=sheet.blank(f"{row}/hours"),
            rest=tuple(rest),
            is_free=n >= used,
        )


def _days(sheet: Sheet, name: str, calendar: Calendar) -> Days:
    blank = sheet.blank(name)
    (found, _wrong), (before, _none) = read_days(name, blank.value), read_days(name, blank.before)
    is_off = name.endswith("closed")
    # A day off at a weekend, or a day made up that is none, is most often a slip.
    idle = {day for day in found - before if _is_rest(calendar, day) is is_off}
    return Days(blank=blank, added=_told(found - before), removed=_told(before - found), idle=_told(idle))


def _is_rest(calendar: Calendar, day: int) -> bool:
    return (day - 1) % WEEK_DAYS in calendar.week(day).weekend


def _told(days: frozenset[int] | set[int]) -> str:
    told = [
        f"{date.fromordinal(day).isoformat()} {pick(WEEK[(day - 1) % WEEK_DAYS], language())}"
        for day in sorted(days)[:SHOWN]
    ]
    more = len(days) - len(told)
    return listed([*told, _("%(count)d more") % {"count": more}] if more > 0 else told)
