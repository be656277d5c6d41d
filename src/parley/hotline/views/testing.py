"""The tests of the line: calendar, results, what is unexplained, figures; and contact points of both sides.

/l/<link>/tests/         what is known
/l/<link>/tests/hold/    POST: our human test, with a text of the shelf; then the page of its call
/l/<link>/tests/fault/   POST: why a test went wrong
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from secrets import randbelow
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parley.agencies.middleware import PersonRequest
from parley.drafts.views import see
from parley.hotline import actions
from parley.hotline.policy import usual_lane
from parley.hotline.queries.directory import Contacts, contacts
from parley.hotline.queries.testing import LineTests, Row, TicketRow, line_tests
from parley.hotline.views.finding import opened_link
from parley.hotline.views.showing.faults import fault_of
from parley.inquiries.policy import NotAllowedError
from parley.inquiries.views.showing.faults import ERRORS, Fault
from parley.ledger.drafts import Appended
from parley.ledger.readers import OpenLink, reader_of, side_name
from parley.ledger.reading import Reader
from parley.links import policy
from parley.links.actions.speaking import Hand, Record
from parley.links.actions.telling import Explained, declare_fault
from parley.links.policy import Whose
from parley.protocol.clauses import LineTest
from parley.protocol.directory import Point
from parley.protocol.hotline.codes import Cause
from parley.protocol.hotline.mark import SALT_BYTES
from parley.protocol.linetests.figures import Figure
from parley.protocol.linetests.periods import Result
from parley.protocol.linetests.texts import NoTextError, draw
from parley.protocol.suite import Standard
from parley.ui import callwords, testwords, times, words

SHOWN: Final = 30
"""So many periods of a test are drawn and listed, the newest."""
MAX_PLACE: Final = 40
SIGNS: Final[Mapping[Result, tuple[str, str]]] = {
    Result.OPEN: ("plain", "·"),
    Result.OK: ("proved", "✔"),
    Result.LATE: ("soon", "◷"),
    Result.FAILED: ("failed", "✖"),
    Result.NOT_HELD: ("act", "–"),
}
"""The colour and the sign of each result; the word stands with both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One period in the picture and in the table."""

    row: Row
    result: str
    colour: str
    sign: str
    is_ours: bool
    took: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """All periods of one test, newest last, and what the running one waits for."""

    test: LineTest
    name: str
    days: int
    marks: tuple[Mark, ...]
    figure: Figure | None
    answered: str
    taken: str
    is_ours: bool
    is_due: bool
    ends: int

    @property
    def newest(self) -> tuple[Mark, ...]:
        """Return the periods as a table lists them."""
        return self.marks[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unexplained:
    """A ticket as the page tells it."""

    row: TicketRow
    test: str
    result: str
    is_ours: bool
    needs_cause: bool
    causes: tuple[tuple[bool, str, int], ...]
    line: str
    people: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A contact point as the page lists it."""

    name: str
    level: str
    languages: str
    hours: str
    ways: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]


@require_safe
def tests(request: PersonRequest, link: str) -> HttpResponse:
    return _page(request, opened_link(link))


@require_POST
def hold(request: PersonRequest, link: str) -> HttpResponse:
    found, reader, known = _known(request, link)
    rows = known.rows.get(LineTest.HUMAN, ())
    terms = found.terms
    if not rows or terms is None or terms.hotline is None:
        raise Http404
    # Pressed twice on one page it says once.
    before = request.POST.get("before", "")[:MAX_PLACE]
    about = f"{link} {rows[-1].period.number} {before} {request.officer.number}"
    key = salted_hmac("parley.hotline.tests", about, algorithm="sha256").hexdigest()[:32]
    lane = usual_lane(reader.open_lanes(link))
    salt = Standard().dice(SALT_BYTES)
    try:
        drawn = draw(terms.hotline.texts, dice=randbelow)
        said = actions.open_test(link, drawn, salt=salt, lane=lane, by=_hand(request, key))
    except NoTextError as error:
        return _page(request, found, fault=_no_text(str(error)))
    except ERRORS as error:
        return _page(request, found, fault=fault_of(error, side=side_name(found.row)))
    assert isinstance(said, Appended), "the door leads to the record"
    place = said.place.replace(" ", "-")
    return see(reverse("hotline:page", kwargs={"link": link, "place": place}))


@require_POST
def fault(request: PersonRequest, link: str) -> HttpResponse:
    found, _record, known = _known(request, link)
    named = {row.ticket.name: row for row in known.tickets}
    row, cause = named.get(request.POST.get("ticket", "")), request.POST.get("cause", "")
    if row is None or cause not in {each.value for each in Cause}:
        raise Http404
    about = f"{link} {row.ticket.name} {cause} {row.causes} {request.officer.number}"
    key = salted_hmac("parley.hotline.fault", about, algorithm="sha256").hexdigest()[:32]
    period = row.ticket.period
    explained = Explained(test=period.test, period=period.number, cause=Cause(cause))
    try:
        declare_fault(link, explained, by=_hand(request, key))
    except policy.NotAllowedError:
        return _page(request, found, fault=fault_of(NotAllowedError(), side=""))
    except ERRORS as error:
        return _page(request, found, fault=fault_of(error, side=side_name(found.row)))
    return see(f"{reverse('hotline:tests', kwargs={'link': link})}#{row.ticket.name}")


def _no_text(codes: str) -> Fault:
    return Fault(
        code="no_text",
        what=_("This version knows none of the agreed texts: %(codes)s.") % {"codes": codes},
        safe=_("Nothing was written, and nothing was sent."),
        do=_("Bring this node up to date."),
        status=409,
    )


def _hand(request: PersonRequest, key: str) -> Hand:
    return Hand(officer=request.officer, key=key, now=request.now, door=Record(home=settings.HOME))


def _known(request: PersonRequest, link: str) -> tuple[OpenLink, Reader, LineTests]:
    found, reader = opened_link(link), reader_of(settings.HOME)
    known = None if reader is None else line_tests(reader, link, me=found.row.me, now=request.now)
    if reader is None or known is None:
        raise Http404
    return found, reader, known


# ---- What the page shows


def _page(request: PersonRequest, link: OpenLink, *, fault: object = None) -> HttpResponse:
    reader = reader_of(settings.HOME)
    assert reader is not None, "there is a link"
    known = line_tests(reader, link.row.name, me=link.row.me, now=request.now)
    shown: dict[str, object] = {
        "row": link.row,
        "side": side_name(link.row),
        "fault": fault,
        "known": known,
        "causes": [(each.value, words.label(each.value, callwords.CAUSES)) for each in Cause],
        "contacts": [(each, _offices(each)) for each in contacts(reader, link.row)],
    }
    if known is not None:
        shown |= {"shelves": list(_shelves(known)), "tickets": [_ticket(row) for row in known.tickets]}
    return render(request, "hotline/tests.html", shown, status=getattr(fault, "status", 200))


def _shelves(known: LineTests) -> Iterator[Shelf]:
    figures = {figure.test: figure for figure in known.known.figures}
    for test, rows in known.rows.items():
        figure, last = figures.get(test), rows[-1]
        is_ours = last.turn is Whose.US
        yield Shelf(
            test=test,
            name=words.label(test.value, testwords.TESTS),
            days=known.days[test],
            marks=tuple(_mark(row) for row in rows[-SHOWN:]),
            figure=figure,
            answered=_span(None if figure is None else figure.answered),
            taken=_span(None if figure is None else figure.taken),
            is_ours=is_ours,
            is_due=last.period.trial is None and test is not LineTest.MACHINE,
            ends=last.period.ends,
        )


def _mark(row: Row) -> Mark:
    trial = row.period.trial
    colour, sign = SIGNS[row.period.result]
    took = None if trial is None or trial.answered is None else trial.answered - trial.began
    return Mark(
        row=row,
        result=words.label(row.period.result.value, testwords.RESULTS),
        colour=colour,
        sign=sign,
        is_ours=row.turn is Whose.US,
        took=_span(took),
    )


def _span(seconds: int | None) -> str:
    return "–" if seconds is None else times.span(seconds)


def _ticket(row: TicketRow) -> Unexplained:
    ticket = row.ticket
    return Unexplained(
        row=row,
        test=words.label(ticket.period.test.value, testwords.TESTS),
        result=words.label(ticket.period.result.value, testwords.RESULTS),
        is_ours=row.concerned is Whose.US,
        needs_cause=ticket.concerned not in ticket.causes,
        causes=tuple(
            (side is Whose.US, words.label(cause, callwords.CAUSES), at) for side, cause, at in row.causes
        ),
        line=words.clauses(words.label(each.value, testwords.CLUES) for each in ticket.line),
        people=words.clauses(words.label(each.value, testwords.CLUES) for each in ticket.people),
    )


def _offices(found: Contacts) -> Sequence[Office]:
    return [_office(point) for point in found.points]


def _office(point: Point) -> Office:
    return Office(
        name=point.office.zh if words.is_chinese() else point.office.en,
        level=words.label(point.level.value, callwords.LEVELS),
        languages=words.labelled(point.languages, testwords.LANGUAGES),
        hours=words.label(point.hours.value, testwords.HOURS),
        ways=tuple((words.label(each.way, testwords.WAYS), each.address) for each in point.channels),
        keys=tuple(point.keys),
    )
