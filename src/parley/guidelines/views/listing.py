"""What holds between both sides now, and every text that was put on the table since."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.guidelines.queries import DraftRow, articles_of, base_of, drafts
from parley.guidelines.views.finding import move_chip, opened, stand_chip
from parley.ledger.readers import side_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A text as the list shows it."""

    row: DraftRow
    stand: tuple[str, str]
    move: tuple[str, str]


def line_of(row: DraftRow) -> Line:
    """Return a text as lists and pages name it."""
    return Line(row=row, stand=stand_chip(row.stand), move=move_chip(row.move))


@require_safe
def listing(request: PersonRequest, link: str) -> HttpResponse:
    found, reader = opened(link)
    base = base_of(reader, found.row, now=request.now)
    page = {
        "row": found.row,
        "side": side_name(found.row),
        "lines": [line_of(each) for each in drafts(reader, found.row, now=request.now)],
        "base": base,
        "articles": () if base is None else articles_of(base.text),
    }
    return render(request, "guidelines/list.html", page)
