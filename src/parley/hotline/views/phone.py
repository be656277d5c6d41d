"""One decision, on a telephone: for the vice-minister, the minister, and whoever sits before their doors.

    a call to a principal that was prepared and waits for this person's signature
    else a call that rings at a principal's rung of ours, which this person may take
    else: nothing waits

What is meant stands above what is not: a real call that rings, above a test that was prepared.

Never two decisions on one screen, and each with its three futures. The page is small enough for a bad
network at 03:00. Nobody is reached here by name: the other side rings an office. Source: screens §3.5, §6.10.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.hotline.policy import Stand
from parley.hotline.queries import CallRow, UnknownCallError, call_page, find_call, list_open
from parley.hotline.views.showing.coded import Line, lines
from parley.hotline.views.showing.contents import Head, head_of
from parley.hotline.views.signing import Prepared, all_prepared, asking_of
from parley.hotline.views.taking import rungs_in
from parley.inquiries.forms.letter import Text
from parley.ledger.readers import links_of, reader_of, side_name
from parley.links.policy import Whose
from parley.protocol.act import read_id
from parley.protocol.clauses import Rung
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.codes import Nature
from parley.protocol.hotline.ladder import ringing
from parley.ui import callwords, times, words
from parley.watch.beats import NobodyAnswersError, look
from parley.work.sock import CoreError

MOST_CALLS = 50
NATURES = tuple(each.value for each in Nature)
PRINCIPALS = frozenset({Rung.VICE_MINISTER.value, Rung.MINISTER.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rings:
    """A call that rings at this rung of ours."""

    row: CallRow
    rung: Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A call that rings at a principal's rung of ours, and is not taken there."""

    row: CallRow
    side: str
    head: Head
    lines: tuple[Line, ...]
    text: Text | None
    rung: str
    next_rung: str
    next_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Futures:
    """What comes of yes, of no, and of silence, until when if that is known."""

    yes: str
    no: str
    silent: str
    until: int | None = None


@require_safe
def phone(request: PersonRequest) -> HttpResponse:
    is_officer = may_act(request.officer.role)
    me = request.officer.number
    waiting = [each for each in all_prepared() if me not in each.waits.persons] if is_officer else []
    waiting.sort(key=lambda each: NATURES.index(each.head.nature))
    pressed = list(_pressed(request)) if is_officer else []
    count = len(waiting) + len(pressed)
    first = waiting[0] if waiting and not _is_worse(pressed[:1], waiting[0]) else None
    call = _told(request, pressed[0]) if pressed and first is None else None
    page = {
        "prepared": first,
        "call": call,
        "futures": _sign_futures(first) if first else _take_futures(call) if call else None,
        "asking": None if first is None else asking_of(request, first),
        "errors": (),
        "count_text": _count_text(count),
    }
    return render(request, "hotline/phone.html", page)


def _count_text(count: int) -> str:
    if count == 0:
        return _("no decision waits")
    more = count - 1
    told = ngettext("1 decision, %(more)d more waits", "1 decision, %(more)d more wait", more)
    return _("1 decision") if more == 0 else told % {"more": more}


def _is_worse(pressed: Sequence[Rings], prepared: Prepared) -> bool:
    """Return whether a call rings that is meant more than what was prepared: no drill hides a real call."""
    return any(NATURES.index(each.row.nature) < NATURES.index(prepared.head.nature) for each in pressed)


def _pressed(request: PersonRequest) -> Iterator[Rings]:
    """Yield the calls that ring at a rung of principals here: what is meant first, the urgent, the oldest.

    Core says who is rung, by our roster; the ladder itself, by which we go too, may ring a principal later.
    """
    reader, reached = reader_of(settings.HOME), _reached()
    rows = {(row.link, row.call): row for row in list_open(now=request.now, limit=MOST_CALLS)}
    for link, call in reached:
        with suppress(UnknownCallError):
            rows.setdefault((link, call), find_call(link, call))
    ours = {link.row.link: link.row.me for link in links_of(settings.HOME)}
    for key, row in sorted(rows.items(), key=lambda each: _badness(each[1])):
        folded = None if reader is None else reader.call(row.link, read_id(row.call))
        if folded is None or row.link not in ours:
            continue
        rung = _rung(folded, ours[row.link], request, reached=reached.get(key, ""))
        if rung is not None:
            yield Rings(row=row, rung=rung)


def _reached() -> Mapping[tuple[str, str], str]:
    """Return the calls that ring at a principal's rung as core says, each with that rung."""
    try:
        alarms = look(settings.HOME).alarms
    except (NobodyAnswersError, CoreError):
        return {}
    return {(each.link, each.call): each.rung for each in alarms if each.rung in PRINCIPALS}


def _badness(row: CallRow) -> tuple[int, str, int]:
    return (NATURES.index(row.nature), row.urgency, row.opened_at)


def _rung(call: Call, me: str, request: PersonRequest, *, reached: str) -> Rung | None:
    """Return the highest rung of principals that rings here, and at which this person may take the call."""
    rung = {each.rung for each in ringing(call, me, request.now)}
    may = rungs_in(call, me, officer=request.officer.number, now=request.now)
    steps = reversed(call.bells[me].clauses.ladder)
    principals = (step.rung for step in steps if step.level.is_principal and step.rung in may)
    return next((each for each in principals if each in rung or each.value == reached), None)


def _told(request: PersonRequest, rings: Rings) -> Pressed:
    dossier = call_page(settings.HOME, rings.row.link, rings.row.place_path, now=request.now)
    row, ladder = dossier.row, dossier.ladders[Whose.US]
    waiting = (each for each in ladder if each.stand is Stand.WAITING and each.rung != rings.rung.value)
    waits = [(each.at, each.rung) for each in waiting if each.at]
    next_at, next_rung = min(waits, default=(None, ""))
    return Pressed(
        row=row,
        side=side_name(dossier.link.row),
        head=head_of(row, now=dossier.now),
        lines=() if dossier.text.fields is None else lines(dossier.text.fields),
        text=dossier.text.text,
        rung=rings.rung.value,
        next_rung=words.label(next_rung, callwords.RUNGS) if next_rung else "",
        next_at=next_at,
    )


def _sign_futures(found: Prepared) -> Futures:
    told = {"side": found.side, "level": found.head.level}
    return Futures(
        yes=_("It is said, and rings at once at %(side)s: %(level)s. They keep it; it can be cancelled.")
        % told,
        no=_("It is put away. Nothing was said, and %(side)s learns nothing of it.") % told,
        silent=_("It waits. Nothing is said, and nobody is rung, until somebody signs or puts it away."),
    )


def _take_futures(call: Pressed) -> Futures:
    told = {"side": call.side, "next": call.next_rung, "at": times.zulu(call.next_at)}
    return Futures(
        yes=_("You have the call and answer for it; %(side)s sees that your office took it.") % told,
        no=_("Call the desk: it declines with a statement, or names the time at which you call back."),
        silent=_("It then rings here: %(next)s. Nothing ends it but a person's word.") % told
        if call.next_rung
        else _("It goes on ringing, here and at the desk. Nothing ends it but a person's word."),
        until=call.next_at,
    )
