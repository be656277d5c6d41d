"""Every call of every link, those that go on first; whose move it is, and which class, by word and shape."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.hotline.queries import CallRow, CursorError, list_calls, list_open
from parley.hotline.views.choosing import callable_links
from parley.hotline.views.showing.coded import harmless
from parley.hotline.views.showing.contents import Head, Move, head_of, moves
from parley.ledger.home import read_config
from parley.ledger.readers import links_of, side_name
from parley.links.policy import Whose
from parley.protocol.hotline.codes import Subject
from parley.ui import callwords, words

MOST_OPEN: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A call as the list shows it."""

    row: CallRow
    head: Head
    side: str
    what: str
    thing: str
    ask: str
    moves: tuple[Move, ...]


@require_safe
def listing(request: PersonRequest) -> HttpResponse:
    links = {link.row.link: link for link in links_of(settings.HOME)}
    wanted = request.GET.get("link", "")
    if wanted and wanted not in links:
        raise Http404
    now = request.now
    try:
        after = request.GET.get("after") or None
        found = list_open(now=now, link=wanted or None, limit=MOST_OPEN)
        # Where one side has closed, nobody is rung any more.
        goes_on = sorted(found, key=lambda row: bool(row.stands))
        over = list_calls(now=now, link=wanted or None, is_open=False, after=after)
    except CursorError as error:
        raise Http404 from error
    sides = {name: side_name(link.row) for name, link in links.items()}
    page = {
        "open_lines": [_line(row, sides, now=now) for row in goes_on] if after is None else [],
        "over_lines": [_line(row, sides, now=now) for row in over.rows],
        "after": over.after,
        "wanted": wanted,
        "wanted_side": sides.get(wanted, ""),
        "sides": sides.items(),
        "callable_links": callable_links() if may_act(request.officer.role) else (),
        "may_act": may_act(request.officer.role),
    }
    return render(request, "hotline/list.html", page)


def _line(row: CallRow, sides: dict[str, str], *, now: int) -> Line:
    config = read_config(settings.HOME)
    own = config.name_zh if words.is_chinese() else config.name_en
    side = sides.get(row.link, row.link)
    subject = next((each for each in Subject if each.value == row.object_type), Subject.NONE)
    return Line(
        row=row,
        head=head_of(row, now=now),
        side=side,
        what=words.label(row.what, callwords.WHATS),
        thing=harmless(subject, row.object_text),
        ask=words.labelled(row.ask, callwords.ASKS),
        moves=moves(row, sides={Whose.US: own, Whose.THEM: side}, now=now),
    )
