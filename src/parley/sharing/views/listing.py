"""What was offered by either side, what waits first; whose move it is, by word and shape."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.ledger.readers import links_of, reader_of, side_name
from parley.links.policy import Whose
from parley.protocol.places import addressed_place
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
        "saved": just_said(request.GET.get("saved", ""), link=wanted, listed=found.rows, page="sharing:page"),
        "may_act": may_act(request.officer.role),
    }
    return render(request, "sharing/list.html", page)


class Listed(Protocol):
    """A row of a list that has a page of its own."""

    @property
    def place(self) -> str:
        """Return where it stands, such as ``A 3``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JustSaid:
    """What was just said, and its page; until its row is written, that of the statement alone."""

    place: str
    href: str
    is_listed: bool


def just_said(text: str, *, link: str, listed: Iterable[Listed], page: str) -> JustSaid | None:
    """Return what the address of the list of `link` says was just saved; None where that is not here."""
    place, reader = addressed_place(text), reader_of(settings.HOME)
    if place is None or reader is None or not link or reader.find(link, place.text) is None:
        return None
    is_listed = any(row.place == place.text for row in listed)
    where = {"link": link, "place": place.text.replace(" ", "-")}
    href = reverse(page if is_listed else "links:statement", kwargs=where)
    return JustSaid(place=place.text, href=href, is_listed=is_listed)


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
