"""The duty desk, one page that a tired person reads at one glance: what needs somebody now, and who watches.

NOW       calls that ring, worst first, calls in which we owe a word, what `desk.py` puts there, line tests
WATCH     who has the watch, and by what calls ring if this screen fails
NEXT      clocks of the next twelve hours, ours and theirs, drawn and told; line tests of a later day
LEAVING   how many drafts, signatures and statements have not left the building
QUIET     what came, without sound
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.drafts.queries import list_begun
from parley.hotline.queries import CallRow
from parley.hotline.queries.testing import DueTest
from parley.inquiries.queries import Dues, dues, needing_us
from parley.ledger.home import own_calendar
from parley.ledger.readers import links_of
from parley.links.policy import Whose
from parley.links.queries import Standing, standings
from parley.protocol.hotline.codes import Nature
from parley.protocol.officetime import read_calendar
from parley.today.queries.desk import (
    Due,
    Need,
    due_in,
    marks_of,
    needs_in,
)
from parley.today.queries.line import Timeline, timeline
from parley.today.queries.news import Newest, is_fresh, newest_in, news_in
from parley.today.queries.ringing import SHOWN, Ring, open_rows, rings
from parley.today.queries.testing import tests_due
from parley.ui.times import moment_of
from parley.watch.beats import Beat
from parley.watch.policy import Figures
from parley.watch.queries import WatchRow, watch_figures, watch_now
from parley.work.home import Home

HOURS: Final = 12
HOUR: Final = 3_600
DAY: Final = 24 * HOUR
SHOWN_NOW: Final = SHOWN
SHOWN_DUE: Final = 6
SHOWN_NEW: Final = 6
_NATURES: Final = tuple(each.value for each in Nature)
SOON_SECONDS: Final = 15 * 60
"""What is ours and falls due within so long sounds one soft note, at most three times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What has not left the building: how many drafts, prepared signatures, and statements on their way."""

    drafts: int
    to_sign: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """A call that does not ring, and in which our side owes something, missing from `since` on.

    `cause`: ``take``, ``read_back`` or ``word``.
    """

    row: CallRow
    cause: str
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What needs somebody: calls that ring, calls in which we owe a word, and the rest."""

    rings: tuple[Ring, ...]
    owing: tuple[Owing, ...]
    needs: tuple[Need, ...]
    tests: tuple[DueTest, ...]
    """Line tests of ours that must be held within a day."""
    more: int
    """How many there are beside these."""
    oldest_at: int | None

    @property
    def count(self) -> int:
        return len(self.rings) + len(self.owing) + len(self.needs) + len(self.tests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Everything on the duty desk. `beat` is None while core says nothing."""

    beat: Beat | None
    now: Now
    watch: WatchRow | None
    figures: Figures | None
    """Of this watch so far; None while nobody has it."""
    tests: tuple[DueTest, ...]
    """Line tests of ours that are to be held later than within a day."""
    due: tuple[Due, ...]
    due_more: int
    line: Timeline
    leaving: Leaving
    new: tuple[Newest, ...]
    new_count: int
    standings: tuple[Standing, ...]


def duty(home: Home, *, now: int, since: int, heard: Beat | None) -> Duty:
    """Return the duty desk at `now`, with what core said; what came after `since` is new."""
    links = {each.name: each for each in standings(home, now=now)}
    ours, theirs = dues(until=now + HOURS * HOUR)
    due = [each for each in due_in(ours, theirs, links, now=now) if each.due_at >= now]
    newest = newest_in(home, links_of(home))
    watch = watch_now()
    tests = tests_due(home, now=now)
    urgent = tuple(each for each in tests if each.ends <= now + DAY)
    return Duty(
        beat=heard,
        now=_now(home, heard, ours, links=links.values(), tests=urgent, now=now),
        tests=tests[len(urgent) :],
        watch=watch,
        figures=None if watch is None else watch_figures(begins=watch.begins, ends=now),
        due=tuple(due[:SHOWN_DUE]),
        due_more=max(0, len(due) - SHOWN_DUE),
        line=_line(due, now=now, home=home),
        leaving=_leaving(links),
        new=news_in(home, newest[:SHOWN_NEW], links, since=since),
        new_count=sum(is_fresh(row, since=since) for _link, row in newest),
        standings=tuple(links.values()),
    )


def _now(
    home: Home,
    heard: Beat | None,
    ours: Dues,
    *,
    links: Iterable[Standing],
    tests: tuple[DueTest, ...],
    now: int,
) -> Now:
    alarms, more = (heard.alarms, heard.more) if heard else ((), 0)
    rows = open_rows(now=now)
    needs, count, oldest = needs_in(needing_us(now=now, limit=SHOWN_NOW), ours, links, now=now)
    ringing = rings(home, alarms[:SHOWN_NOW], rows=rows)
    owing = _owing(rows, besides={each.call for each in alarms})
    owed = owing[: SHOWN_NOW - len(ringing)]
    kept = needs[: SHOWN_NOW - len(ringing) - len(owed)]
    shown = len(ringing) + len(owed) + len(kept)
    held = tests[: SHOWN_NOW - shown]
    since = [each.since for each in alarms] + [each.row.opened_at for each in owing]
    return Now(
        rings=ringing,
        owing=owed,
        needs=kept,
        tests=held,
        more=len(alarms) + more + len(owing) + count + len(tests) - shown - len(held),
        oldest_at=min(since + ([] if oldest is None else [oldest]), default=None),
    )


def _owing(rows: Iterable[CallRow], *, besides: Collection[str]) -> tuple[Owing, ...]:
    """Return the calls in which we owe something, without those that ring: the real first, then by time."""
    found = (
        Owing(row=row, cause=row.owed[Whose.US].cause, since=row.owed[Whose.US].since)
        for row in rows
        if Whose.US in row.owed and row.call not in besides
    )
    return tuple(sorted(found, key=lambda each: (_NATURES.index(each.row.nature), each.since)))


def _line(due: Sequence[Due], *, home: Home, now: int) -> Timeline:
    """Return the drawing of `due` on one line: which clock each is, the table says."""
    marks = ((due[0].clock, at, is_ours) for _clock, at, is_ours in marks_of(due))
    return timeline(marks, now=now, ticks=_hours(home, now=now))


def _hours(home: Home, *, now: int) -> tuple[tuple[int, str], ...]:
    """Return every second full hour of our clock, in seconds from now, with what the clock then shows."""
    offset = read_calendar(dict(own_calendar(home))).offset(now)
    first = HOUR - (now + offset * 60) % HOUR
    marks = (0, *range(first, HOURS * HOUR, 2 * HOUR))
    return (*((after, _hour(now + after, offset)) for after in marks), (HOURS * HOUR, ""))


def _hour(seconds: int, offset: int) -> str:
    moment = moment_of(seconds, offset=offset)
    return "" if moment is None else f"{moment:%H:%M}"


def _leaving(links: Mapping[str, Standing]) -> Leaving:
    begun = [each for link in links for each in list_begun(link, purposes="")]
    to_sign = sum(each.purpose.startswith("links") for each in begun)
    waiting = sum(each.at.waiting for each in links.values())
    return Leaving(drafts=len(begun) - to_sign, to_sign=to_sign, waiting=waiting)
