"""Commitments and rounds of every link: those that go on first, and whose move each is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.dialogue.queries import (
    CommitmentRow,
    CursorError,
    RoundRow,
    Wanted,
    list_commitments,
    list_due,
    list_rounds,
)
from parley.dialogue.views.showing import Move, moves_of, owners_of
from parley.ledger.readers import links_of, side_name
from parley.ui import dialoguewords, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A commitment or a round as the list shows it."""

    row: CommitmentRow | RoundRow
    side: str
    state: str
    owners: str
    is_overdue: bool
    moves: tuple[Move, ...]


@require_safe
def commitments(request: PersonRequest) -> HttpResponse:
    wanted, sides = _wanted(request)
    try:
        after = request.GET.get("after") or None
        over = list_commitments(Wanted(link=wanted, is_open=False), now=request.now, after=after)
    except CursorError as error:
        raise Http404 from error
    goes_on = list_due(link=wanted) if after is None else ()
    page = {
        "open_lines": _lines(goes_on, sides, now=request.now),
        "over_lines": _lines(over.rows, sides, now=request.now),
        "after": over.after,
        **_shared(request, wanted, sides),
    }
    return render(request, "dialogue/commitments.html", page)


@require_safe
def rounds(request: PersonRequest) -> HttpResponse:
    wanted, sides = _wanted(request)
    try:
        found = list_rounds(link=wanted, after=request.GET.get("after") or None)
    except CursorError as error:
        raise Http404 from error
    page = {
        "lines": _lines(found.rows, sides, now=request.now),
        "after": found.after,
        **_shared(request, wanted, sides),
    }
    return render(request, "dialogue/rounds.html", page)


def _wanted(request: PersonRequest) -> tuple[str | None, dict[str, str]]:
    sides = {link.row.link: side_name(link.row) for link in links_of(settings.HOME)}
    wanted = request.GET.get("link", "")
    if wanted and wanted not in sides:
        raise Http404
    return wanted or None, sides


def _shared(request: PersonRequest, wanted: str | None, sides: dict[str, str]) -> dict[str, object]:
    listed = [
        (link.row.link, side_name(link.row))
        for link in links_of(settings.HOME)
        if link.terms is not None and "commitment.proposed" in link.terms.kinds
    ]
    return {
        "sides": sorted(sides.items()),
        "wanted": wanted or "",
        "wanted_side": sides.get(wanted or "", ""),
        "speakable": listed if may_act(request.officer.role) else [],
    }


def _lines(rows: Sequence[CommitmentRow | RoundRow], sides: dict[str, str], *, now: int) -> list[Line]:
    return [_line(row, sides.get(row.link, row.link), now=now) for row in rows]


def _line(row: CommitmentRow | RoundRow, side: str, *, now: int) -> Line:
    is_commitment = isinstance(row, CommitmentRow)
    states = dialoguewords.COMMITMENT_STATES if is_commitment else dialoguewords.ROUND_STATES
    return Line(
        row=row,
        side=side,
        state=words.label(row.state, states),
        owners=owners_of(row, side=side) if isinstance(row, CommitmentRow) else "",
        is_overdue=isinstance(row, CommitmentRow) and row.is_overdue(now),
        moves=moves_of(row),
    )
