"""Tables that people take away: CSV with a byte order mark, for the spreadsheets on their desks.

Every address is defanged, every instant is in UTC, and no cell begins with what a spreadsheet
would run (`ui/letters.neutralise`). Rows are read and written in pieces, so that ten thousand
inquiries need no more memory than two hundred. Source: security I5; screens §13.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.inquiries.forms.telling import finding_text, ground_text
from parley.inquiries.queries.rows import InquiryRow, ItemRow
from parley.inquiries.queries.sheets import MAX_INQUIRIES, SheetRow, is_longer_than_a_sheet, sheet_of
from parley.inquiries.views.asked import Asked, asked_in
from parley.inquiries.views.batches import asked_for, find_batch
from parley.inquiries.views.listing import opened_link
from parley.ui import times, words
from parley.ui.defang import defang
from parley.ui.letters import neutralise

BOM: Final = "\ufeff"

Cells: TypeAlias = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table is called, the heads of its columns, and the rows that an inquiry gives."""

    name: str
    heads: Callable[[], Cells]
    rows: Callable[[SheetRow], Iterable[Cells]]


@require_safe
def list_table(request: PersonRequest, link: str) -> HttpResponseBase:
    opened_link(link)
    table = INQUIRIES if request.GET.get("of") == INQUIRIES.name else ITEMS
    return _download(request, asked_in(request.GET), link=link, table=table, name=f"{table.name}-{link}")


@require_safe
def batch_table(request: PersonRequest, link: str, ref: str) -> HttpResponseBase:
    opened_link(link)
    asked = asked_for(find_batch(request, link, ref), request)
    return _download(request, asked, link=link, table=ITEMS, name=f"batch-{ref}-{link}")


def _download(
    request: PersonRequest, asked: Asked, *, link: str, table: Table, name: str
) -> StreamingHttpResponse:
    wanted = asked.filter(link)
    # A table that is not whole says so in its name: inside, it could be overlooked, or counted.
    is_cut = is_longer_than_a_sheet(wanted, sort=asked.sort, now=request.now)
    moment = times.moment_of(request.now)
    day = "" if moment is None else f"-{moment:%Y-%m-%d}"
    safe = re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")
    file = f"{safe}{day}{f'-first-{MAX_INQUIRIES}' if is_cut else ''}.csv"
    found = sheet_of(wanted, sort=asked.sort, now=request.now)
    return StreamingHttpResponse(
        _written(table, found, language=get_language() or "en"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"},
    )


def _written(table: Table, found: Iterable[Sequence[SheetRow]], *, language: str) -> Iterator[bytes]:
    # What is written later is written after the request, whose language is then no longer in force.
    with override(language):
        first = BOM + _lines([table.heads()])
    yield first.encode()
    for piece in found:
        with override(language):
            lines = _lines(cells for row in piece for cells in table.rows(row))
        yield lines.encode()


def _lines(rows: Iterable[Cells]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([neutralise(cell) for cell in row] for row in rows)
    return text.getvalue()


def _item_heads() -> Cells:
    return (
        _("Place"),
        _("Item"),
        _("Address or subject"),
        _("Impersonated institution"),
        _("State"),
        _("Findings"),
        _("Grounds"),
        _("Seen (UTC)"),
        _("Due (UTC)"),
        *_inquiry_tail(),
    )


def _item_rows(row: SheetRow) -> Iterator[Cells]:
    for item in row.items:
        yield (
            row.inquiry.place,
            str(item.n),
            _subject(item),
            item.brand,
            words.label(item.state, words.STATES),
            words.clauses(finding_text(finding) for finding in item.findings),
            words.clauses(ground_text(ground) for ground in item.grounds),
            words.instant(item.observed_at),
            words.instant(item.due_at),
            *_tail(row.inquiry),
        )


def _subject(item: ItemRow) -> str:
    # A domain or an address about which is asked may be as harmful as that of a site.
    return defang(item.url) if item.url else f"{item.subject_kind} {defang(item.subject)}".strip()


def _inquiry_tail() -> Cells:
    return (_("Direction"), _("Sent (UTC)"), _("Number"), _("Their number"), _("Batch"), _("Urgency"))


def _tail(row: InquiryRow) -> Cells:
    own, other = (row.ref, row.their_ref) if row.is_ours else (row.their_ref, row.ref)
    direction = _("we ask") if row.is_ours else _("they ask")
    return (direction, words.instant(row.sent_at), own, other, row.batch_ref, row.urgency)


def _inquiry_heads() -> Cells:
    return (_("Place"), _("Title"), _("Items"), _("States"), _("Next move"), _("Due (UTC)"), *_inquiry_tail())


def _inquiry_rows(row: SheetRow) -> Iterator[Cells]:
    inquiry = row.inquiry
    yield (
        inquiry.place,
        inquiry.title,
        str(inquiry.count),
        words.clauses(
            f"{count} {words.label(state, words.STATES)}" for state, count in inquiry.states.items()
        ),
        _move(inquiry),
        words.instant(inquiry.due_at),
        *_tail(inquiry),
    )


def _move(row: InquiryRow) -> str:
    match row.move.value:
        case "both":
            return _("both sides' move")
        case "nobody":
            return _("nobody's move")
        case _:
            return _("our move") if row.is_my_move else _("their move")


ITEMS: Final = Table(name="items", heads=_item_heads, rows=_item_rows)
INQUIRIES: Final = Table(name="inquiries", heads=_inquiry_heads, rows=_inquiry_rows)
