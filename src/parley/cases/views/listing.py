"""Every joint case of every link, those that are open first; whose move it is, by word and shape."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.cases.queries import CaseRow, CursorError, list_cases
from parley.cases.views.showing.contents import Move
from parley.cases.views.showing.telling import in_language, state_text, wait_text
from parley.ledger.readers import links_of, side_name
from parley.links.policy import Whose
from parley.sharing.views.listing import just_said


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A case as the list shows it."""

    row: CaseRow
    side: str
    title: str
    state: str
    moves: tuple[Move, ...]


@require_safe
def listing(request: PersonRequest) -> HttpResponse:
    sides = {link.row.link: side_name(link.row) for link in links_of(settings.HOME)}
    wanted = request.GET.get("link", "")
    if wanted and wanted not in sides:
        raise Http404
    after = request.GET.get("after") or None
    try:
        found = list_cases(link=wanted or None, after=after)
    except CursorError as error:
        raise Http404 from error
    lines = [_line(row, sides, now=request.now) for row in found.rows]
    page = {
        "open_lines": [line for line in lines if line.row.is_open],
        "over_lines": [line for line in lines if not line.row.is_open],
        "after": found.after,
        "wanted": wanted,
        "wanted_side": sides.get(wanted, ""),
        "sides": sides.items(),
        "saved": just_said(request.GET.get("saved", ""), link=wanted, listed=found.rows, page="cases:page"),
        "may_act": may_act(request.officer.role),
    }
    return render(request, "cases/list.html", page)


def _line(row: CaseRow, sides: dict[str, str], *, now: int) -> Line:
    return Line(
        row=row,
        side=sides.get(row.link, row.link),
        title=in_language(row.title),
        state=state_text(row),
        moves=tuple(
            Move(is_ours=each.whose is Whose.US, text=wait_text(each, now=now), place="") for each in row.owed
        ),
    )
