"""The tests of a link's line as a page and a command show them, and those that our people are to hold.

What came of them is computed from the record when somebody looks (`ledger/trials.py`). The digest is that of
the day's beginning, so that both nodes print the same while the day goes on. Only what every page of the desk
asks, whether a test is still to be held, is answered by the terms and the rows of calls.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parley.hotline.models import Call
from parley.ledger.readers import OpenLink, links_of, reader_of
from parley.ledger.reading import Reader
from parley.ledger.trials import calendar_of, evidence_of, tried_calls
from parley.links.policy import Whose, whose
from parley.protocol.clauses import LineTest
from parley.protocol.hotline import apply
from parley.protocol.hotline.codes import Nature
from parley.protocol.linetests.account import History, digest
from parley.protocol.linetests.periods import Period
from parley.protocol.linetests.tickets import Ticket
from parley.protocol.officetime import DAY_SECONDS
from parley.work.home import Home

PEOPLE = (LineTest.HUMAN, LineTest.LADDER, LineTest.PRINCIPALS)
"""The tests that persons hold; the other one is the node's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One period, and whose turn it is. `call` is the place of its test's opening, "" if there is none."""

    period: Period
    turn: Whose
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRow:
    """One ticket, whom it concerns, and the causes that were declared, as codes: `(whose, cause, at)`."""

    ticket: Ticket
    concerned: Whose
    causes: tuple[tuple[Whose, str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTests:
    """All tests of a link: periods oldest first, tickets with open ones first.

    `known` is as of now, `before` as of the beginning of the day, and `digest` is of that one.
    """

    link: str
    known: History
    before: History
    days: Mapping[LineTest, int]
    rows: Mapping[LineTest, tuple[Row, ...]]
    tickets: tuple[TicketRow, ...]

    @property
    def digest(self) -> bytes:
        """Return what both nodes print alike while the day goes on."""
        return digest(self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTest:
    """A test that one of us is to hold, from `begins` to before `ends`."""

    link: str
    test: LineTest
    begins: int
    ends: int


def line_tests(reader: Reader, link: str, *, me: str, now: int) -> LineTests | None:
    """Return what is known of the tests of `link` at `now`; None while none are agreed."""
    evidence = evidence_of(reader, link)
    if evidence is None:
        return None
    known = evidence.at(now)
    cut = now // DAY_SECONDS * DAY_SECONDS
    return LineTests(
        link=link,
        known=known,
        before=evidence.at(cut),
        days=evidence.calendar.clauses.tests,
        rows=_rows(reader, link, known.periods, me=me),
        tickets=_tickets(known, me=me),
    )


def due_tests(home: Home, now: int) -> tuple[DueTest, ...]:
    """Return the tests that our people are to hold now, on every open link, by when they end.

    Whose turn it is comes from the terms; what was begun already, from one look at the rows of calls, which
    may lag a moment behind the record. No call is folded for it.
    """
    reader = reader_of(home)
    if reader is None:
        return ()
    ours = [due for link in links_of(home) for due in _ours(reader, link, now=now)]
    if not ours:
        return ()
    begun = _begun(since=min(due.begins for due in ours), until=now)
    found = [due for due in ours if begun.get((due.link, due.test.value), 0) < due.begins]
    return tuple(sorted(found, key=lambda due: (due.ends, due.link, due.test.value)))


def running_test(reader: Reader, link: str, *, me: str, since: int) -> apply.Call | None:
    """Return the newest test call of ours to their desk since `since` that nobody has closed."""
    found = [
        call
        for call in tried_calls(reader, link)
        if call.caller == me
        and not call.stands
        and call.opened.kind == "call.opened"
        and call.opened.effective >= since
    ]
    return max(found, key=lambda call: call.opened.effective, default=None)


def _ours(reader: Reader, link: OpenLink, *, now: int) -> Iterator[DueTest]:
    """Yield the tests that are for people, and ours to hold in the period of `now`, begun or not."""
    calendar = calendar_of(reader, link.row.name)
    if calendar is None:
        return
    for test in PEOPLE:
        if test not in calendar.clauses.tests:
            continue
        number = calendar.number(test, now)
        begins, ends = calendar.span(test, number)
        is_open = calendar.number(test, calendar.opened_at) <= number
        if is_open and calendar.turn(test, number) == link.row.me:
            yield DueTest(link=link.row.name, test=test, begins=begins, ends=ends)


def _begun(*, since: int, until: int) -> Mapping[tuple[str, str], int]:
    """Return when our newest call of that time began, by link and test, of those that tried one."""
    calls = Call.objects.filter(
        nature=Nature.TEST.value, is_ours=True, opened_at__gte=since, opened_at__lte=until
    )
    found: dict[tuple[str, str], int] = {}
    for link, tried, opened_at in calls.values_list("link", "tried", "opened_at"):
        for test in tried:
            found[link, test] = max(opened_at, found.get((link, test), opened_at))
    return found


def _rows(
    reader: Reader, link: str, periods: Sequence[Period], *, me: str
) -> Mapping[LineTest, tuple[Row, ...]]:
    found: dict[LineTest, list[Row]] = {}
    for period in periods:
        row = None if period.trial is None else reader.row(link, period.trial.id)
        place = "" if row is None else row.place
        found.setdefault(period.test, []).append(
            Row(period=period, turn=whose(period.turn, me=me), place=place)
        )
    return {test: tuple(rows) for test, rows in found.items()}


def _tickets(known: History, *, me: str) -> tuple[TicketRow, ...]:
    rows = [
        TicketRow(
            ticket=ticket,
            concerned=whose(ticket.concerned, me=me),
            causes=tuple(
                (whose(node, me=me), each.cause.value, each.at) for node, each in ticket.causes.items()
            ),
        )
        for ticket in reversed(known.tickets)
    ]
    return tuple(sorted(rows, key=lambda row: not row.ticket.is_open))
