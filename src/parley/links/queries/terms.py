"""The terms in force, as people read them: every fact is taken from what was signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.ledger.readers import OpenLink, reader_of, side_name
from parley.ledger.reading import Reader
from parley.protocol.links import Opened
from parley.protocol.officetime import Calendar, Limit, Unit
from parley.protocol.terms import URGENCIES, Terms
from parley.ui import times, words
from parley.work.home import Home

MONTHS_SHOWN: Final = 2
_DAYS: Final = (
    ("Mon", "周一"),
    ("Tue", "周二"),
    ("Wed", "周三"),
    ("Thu", "周四"),
    ("Fri", "周五"),
    ("Sat", "周六"),
    ("Sun", "周日"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """A clock of the terms, with its limit for each urgency; empty where it does not run."""

    clock: str
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day in a side's calendar. `kind`: ``work``, ``weekend``, ``closed``, ``made_up``; empty: no day."""

    number: int = 0
    kind: str = ""
    is_today: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month as a table of weeks, Monday first."""

    title: str
    weeks: tuple[tuple[Day, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideCalendar:
    """A side's office time."""

    side: str
    node: str
    is_ours: bool
    zone: str
    changes: tuple[tuple[int, str], ...]
    """Later changes of its clocks: at which instant, to which offset."""
    hours: str
    weekend: str
    closed: str
    made_up: str
    """The next of them, in words; empty where there is none."""
    months: tuple[Month, ...]
    weekdays: tuple[str, ...]
    """The heads of the months' columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsPage:
    """The terms of a link, in words and tables."""

    text: str
    hash: str
    world: str
    sides: tuple[tuple[str, str, str], ...]
    """Letter, name and node of each."""
    items: tuple[str, ...]
    required: tuple[tuple[str, tuple[str, ...]], ...]
    urgencies: tuple[str, ...]
    clocks: tuple[ClockRow, ...]
    lapse: str
    kinds: tuple[tuple[str, int], ...]
    calendars: tuple[SideCalendar, ...]
    openings: tuple[str, ...]
    """The places of the two statements that opened the link on these terms."""


def terms_page(home: Home, link: OpenLink, *, now: int) -> TermsPage | None:
    """Return the terms in force on `link`; None while it is not open."""
    terms, reader = link.terms, reader_of(home)
    if terms is None or reader is None:
        return None
    names = _names(link)
    return TermsPage(
        text=terms.text,
        hash=terms.hash.hex(),
        world=terms.world,
        sides=tuple((terms.letters[node], names[node], node) for node in terms.nodes),
        items=tuple(sorted(terms.items)),
        required=tuple(terms.required.items()),
        urgencies=URGENCIES,
        clocks=tuple(
            ClockRow(clock=clock, limits=tuple(_limit(terms, clock, each) for each in URGENCIES))
            for clock in terms.clocks
        ),
        lapse=limit_text(terms.lapse),
        kinds=tuple(sorted(terms.kinds.items())),
        calendars=tuple(
            _calendar(terms.calendars[node], names[node], node, is_ours=node == link.row.me, now=now)
            for node in terms.nodes
        ),
        openings=_openings(reader, link, terms),
    )


def limit_text(limit: Limit) -> str:
    """Return a limit in words: ``30 min``, ``2 h``, ``3 days``, ``5 working days``."""
    count = limit.amount
    match limit.unit:
        case Unit.MINUTES:
            return _("%(count)d min") % {"count": count}
        case Unit.HOURS:
            return _("%(count)d h") % {"count": count}
        case Unit.DAYS:
            return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
        case Unit.WORKING_DAYS:
            return ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}


def _names(link: OpenLink) -> Mapping[str, str]:
    return {link.row.me: _("our side"), link.row.peer: side_name(link.row)}


def _limit(terms: Terms, clock: str, urgency: str) -> str:
    limit = terms.limit(clock, urgency)
    return "" if limit is None else limit_text(limit)


def _openings(reader: Reader, link: OpenLink, terms: Terms) -> tuple[str, ...]:
    letters = {link.row.me: link.row.my_letter, link.row.peer: link.row.their_letter}
    newest = {
        said.writer: f"{letters[said.writer]} {said.index}"
        for said in reader.link_state(link.row.name).said
        if isinstance(said.said, Opened) and said.said.terms == terms.text
    }
    return tuple(sorted(newest.values()))


def _calendar(calendar: Calendar, side: str, node: str, *, is_ours: bool, now: int) -> SideCalendar:
    today = calendar.day(now)
    week = calendar.week(today)
    return SideCalendar(
        side=side,
        node=node,
        is_ours=is_ours,
        zone=times.offset_text(calendar.offset(now)),
        changes=tuple(
            (since, times.offset_text(minutes)) for since, minutes in calendar.offsets if since > now
        ),
        hours=words.listed(f"{_minute(start)}–{_minute(end)}" for start, end in week.hours),
        weekend=words.listed(_weekday(day) for day in sorted(week.weekend)),
        closed=_coming(calendar.closed, today),
        made_up=_coming(calendar.made_up, today),
        months=_months(calendar, today),
        weekdays=tuple(_weekday(day) for day in range(7)),
    )


def _minute(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _weekday(day: int) -> str:
    return _DAYS[day][words.is_chinese()]


def _date(day: date) -> str:
    weekday = _weekday(day.weekday())
    if words.is_chinese():
        return f"{day.year}年{day.month}月{day.day}日（{weekday}）"
    return f"{weekday} {day.day} {day:%b %Y}"


def _month_title(day: date) -> str:
    return f"{day.year}年{day.month}月" if words.is_chinese() else f"{day:%B %Y}"


def _coming(days: frozenset[int], today: int) -> str:
    return words.listed(_date(date.fromordinal(day)) for day in sorted(days) if day >= today)


def _months(calendar: Calendar, today: int) -> tuple[Month, ...]:
    first = date.fromordinal(today).replace(day=1)
    months: list[Month] = []
    for _place in range(MONTHS_SHOWN):
        months.append(_month(calendar, first, today))
        first = (first + timedelta(days=31)).replace(day=1)
    return tuple(months)


def _month(calendar: Calendar, first: date, today: int) -> Month:
    after = (first + timedelta(days=31)).replace(day=1)
    days = [Day()] * first.weekday() + [
        _day(calendar, ordinal, today) for ordinal in range(first.toordinal(), after.toordinal())
    ]
    days += [Day()] * (-len(days) % 7)
    weeks = tuple(tuple(days[start : start + 7]) for start in range(0, len(days), 7))
    return Month(title=_month_title(first), weeks=weeks)


def _day(calendar: Calendar, ordinal: int, today: int) -> Day:
    is_weekend = (ordinal - 1) % 7 in calendar.week(ordinal).weekend
    if ordinal in calendar.closed:
        kind = "closed"
    elif is_weekend and calendar.is_working(ordinal):
        kind = "made_up"
    else:
        kind = "weekend" if is_weekend else "work"
    return Day(number=date.fromordinal(ordinal).day, kind=kind, is_today=ordinal == today)
