"""Commitments and rounds of every link: those that go on first, and whose move each is."""

from collections.abc import Mapping, Sequence
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
    out_of_turn,
)
from parley.dialogue.views.forum import Forum, forums_of
from parley.dialogue.views.showing import Move, moves_of, owners_of
from parley.ledger.home import read_config
from parley.ledger.readers import links_of, side_name
from parley.links.policy import Whose
from parley.ui import dialoguewords, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A commitment as the list shows it."""

    row: CommitmentRow
    side: str
    state: str
    owners: str
    is_overdue: bool
    moves: tuple[Move, ...]
    forum: Forum | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLine:
    """A round as the list shows it: with whom, and who receives the other."""

    row: RoundRow
    side: str
    host: str
    is_out_of_turn: bool
    """Whether its host also received the other side in the round before; nothing is void because of it."""
    state: str
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
        "lines": _round_lines(found.rows, sides),
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


def _lines(rows: Sequence[CommitmentRow], sides: Mapping[str, str], *, now: int) -> list[Line]:
    forums = forums_of(rows)
    return [_line(row, sides.get(row.link, row.link), forums, now=now) for row in rows]


def _line(row: CommitmentRow, side: str, forums: Mapping[str, Forum], *, now: int) -> Line:
    return Line(
        row=row,
        side=side,
        state=words.label(row.state, dialoguewords.COMMITMENT_STATES),
        owners=owners_of(row, side=side),
        is_overdue=row.is_overdue(now),
        moves=moves_of(row),
        forum=forums.get(row.statement),
    )


def _round_lines(rows: Sequence[RoundRow], sides: Mapping[str, str]) -> list[RoundLine]:
    config, again = read_config(settings.HOME), out_of_turn(rows)
    own = config.name_zh if words.is_chinese() else config.name_en
    return [
        RoundLine(
            row=row,
            side=(side := sides.get(row.link, row.link)),
            host=own if row.host is Whose.US else side,
            is_out_of_turn=(row.link, row.statement) in again,
            state=words.label(row.state, dialoguewords.ROUND_STATES),
            moves=moves_of(row),
        )
        for row in rows
    ]
