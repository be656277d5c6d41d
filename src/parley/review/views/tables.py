"""The figures of a review as a table for other programs: the same bytes on both nodes, in every language.

    figure                                       n    value             definition  places
    digest                                            23pFsY0b-7n…      §18.6.1
    b.example/all/-/grounds/g01                  2                      §18.4.2     A-4/0 A-4/1
    b.example/all/-/clocks/mitigate/median       122  331200            §18.5.5
    b.example/all/-/clocks/mitigate/after/86400  100  819672            §18.5.6

`n` is how many are counted, of a curve how many were watched longer. Times are seconds, shares millionths. No
cell is a formula where a spreadsheet opens it (`ui/letters.neutralise`).
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.ledger.readers import OpenLink
from parley.ledger.reading import Reader
from parley.protocol.linetests.figures import Figure
from parley.protocol.review.numbers import Duration
from parley.review.queries import ClockRow, Number, ReviewRow, Shown
from parley.review.views.defining import definition_of
from parley.review.views.figures import cut_text
from parley.review.views.finding import Computed, computed, opened, reviewed
from parley.ui.letters import neutralise
from parley.ui.times import moment_of

HEAD: Final = ("figure", "n", "value", "definition", "places")
Line = tuple[str, str, str, str, str]


@require_safe
def table(request: PersonRequest, link: str, place: str) -> HttpResponse:  # noqa: ARG001 - a view
    """Answer with one line for each number: its name, how many, how it is made, and the places it counts."""
    _found, _reader, row, figures = chosen(link, place)
    answer = HttpResponse(table_of(row, figures), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="review-{link}-{place}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def table_of(row: ReviewRow, figures: Computed) -> bytes:
    """Return the whole table of a review."""
    return written([*_of_review(row, figures), *_of_figures(figures.shown)])


def written(lines: Iterable[Line]) -> bytes:
    """Return lines as a table, each cell so that no spreadsheet runs it: a digest may begin with a minus."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([HEAD, *(tuple(map(neutralise, line)) for line in lines)])
    return text.getvalue().encode()


def chosen(link: str, place: str) -> tuple[OpenLink, Reader, ReviewRow, Computed]:
    """Return a review with its figures.

    Raises:
        Http404: there is none, or this node computes nothing at its cut.
    """
    found, reader = opened(link)
    row = reviewed(reader, found, place)
    figures = computed(reader, found.row, row.cut)
    if isinstance(figures, str):
        raise Http404
    return found, reader, row, figures


def _of_review(row: ReviewRow, figures: Computed) -> Iterator[Line]:
    said = (
        ("review", row.slug, "§18.2.1"),
        ("digest", figures.digest, "§18.6.1"),
        ("since", _moment(row.cut.since), "§18.2.1"),
        ("until", _moment(row.cut.until), "§18.2.1"),
        ("cut", cut_text(row.cut), "§18.3.1"),
    )
    for name, value, definition in said:
        yield name, "", value, definition, ""


def _moment(seconds: int) -> str:
    # The other side may name an instant that no calendar has.
    moment = moment_of(seconds)
    return str(seconds) if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _of_figures(found: Shown) -> Iterator[Line]:
    for number in found.numbers():
        yield _of_number(number)
    for part in (*found.parts, *found.apart):
        for row in part.clocks:
            yield from _of_clock(row)
    for call in found.calls:
        count = str(call.calls.count)
        yield from _of_times(call.calls.name, count, few=call.few, median=call.median, p90=call.p90)
    for test in found.tests:
        yield from _of_test(test)


def _of_number(number: Number) -> Line:
    places = " ".join(each.replace(" ", "-") for each in number.places)
    return number.name, str(number.count), "", definition_of(number.name), places


def _of_clock(row: ClockRow) -> Iterator[Line]:
    count = str(row.whole.count)
    yield from _of_times(row.name, count, few=row.few, median=row.median, p90=row.p90)
    for each in row.curve:
        yield f"{row.name}/after/{each.age}", str(each.watched), str(each.millionths), "§18.5.6", ""


def _of_times(
    name: str, count: str, *, few: Sequence[Duration], median: int | None, p90: int | None
) -> Iterator[Line]:
    for each in few:
        word = "over" if each.is_over else "open"
        yield f"{name}/{word}", "1", str(each.seconds), "§18.5.3", each.place.replace(" ", "-")
    for word, seconds in (("median", median), ("p90", p90)):
        if seconds is not None:
            yield f"{name}/{word}", count, str(seconds), "§18.5.5", ""


def _of_test(test: Figure) -> Iterator[Line]:
    counts = {"ok": test.ok, "late": test.late, "failed": test.failed, "not_held": test.not_held}
    for word, count in counts.items():
        yield f"tests/{test.test.value}/{word}", str(count), "", "§18.4.6", ""
    for word, seconds in (("taken", test.taken), ("answered", test.answered)):
        if seconds is not None:
            yield f"tests/{test.test.value}/{word}/median", "", str(seconds), "§18.4.6", ""
