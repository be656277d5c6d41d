"""What was offered by either side, what waits first; whose move it is, by word and shape."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.ledger.readers import links_of, side_name
from parley.protocol.places import addressed_place
from parley.sharing.policy import Whose
from parley.sharing.queries import CursorError, ShareRow, list_shares
from parley.sharing.views.showing.telling import counts_text, state_text
from parley.ui import sharewords, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An offer as the list shows it; `moves` are whose move it is, and what waits."""

    row: ShareRow
    side: str
    what: str
    counts: str
    state: str
    moves: tuple[tuple[bool, str], ...]


@require_safe
def listing(request: PersonRequest) -> HttpResponse:
    sides = {link.row.link: side_name(link.row) for link in links_of(settings.HOME)}
    wanted = request.GET.get("link", "")
    if wanted and wanted not in sides:
        raise Http404
    try:
        found = list_shares(link=wanted or None, after=request.GET.get("after") or None)
    except CursorError as error:
        raise Http404 from error
    lines = [line_of(row, sides, now=request.now) for row in found.rows]
    page = {
        "waiting_lines": [line for line in lines if line.row.is_open],
        "quiet_lines": [line for line in lines if not line.row.is_open],
        "after": found.after,
        "wanted": wanted,
        "wanted_side": sides.get(wanted, ""),
        "sides": [(name, side) for name, side in sides.items() if not wanted or name == wanted],
        "saved": saved_place(request.GET.get("saved", "")),
        "may_act": may_act(request.officer.role),
    }
    return render(request, "sharing/list.html", page)


def saved_place(text: str) -> str:
    """Return the place that the address of a list says was just saved; "" where it says none."""
    place = addressed_place(text)
    return "" if place is None else place.text


def line_of(row: ShareRow, sides: Mapping[str, str], *, now: int) -> Line:
    """Return an offer as lists show it; `sides` are what the other sides are called, by link."""
    return Line(
        row=row,
        side=sides.get(row.link, row.link),
        what=words.label(row.what, sharewords.CLASSES),
        counts=counts_text(row),
        state=state_text(row, now=now),
        moves=moves_of(row),
    )


def moves_of(row: ShareRow) -> tuple[tuple[bool, str], ...]:
    """Return for each thing that waits whether it waits for us, and what it is."""
    return tuple(
        (each.whose is Whose.US, words.label(each.what.value, sharewords.OWINGS)) for each in row.owed
    )
