"""One decision, on a telephone: for the vice-minister, the minister, and whoever sits before their doors.

    a call to a principal that was prepared and waits for this person's signature
    else a call that rings at a principal's rung of ours, which this person may take
    else: nothing waits

Never two decisions on one screen, and each with its three futures. The page is small enough for a bad
network at 03:00. Nobody is reached here by name: the other side rings an office. Source: screens §3.5, §6.10.
"""

from collections.abc import Iterator, Mapping
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
from parley.hotline.policy import Stand, Whose
from parley.hotline.queries import (
    CallRow,
    Dossier,
    LadderRow,
    UnknownCallError,
    call_page,
    find_call,
    list_calls,
)
from parley.hotline.views.showing.coded import Line, lines
from parley.hotline.views.showing.contents import Head, head_of
from parley.hotline.views.signing import Prepared, all_prepared, asking_of
from parley.hotline.views.taking import rungs_for
from parley.inquiries.forms.letter import Text
from parley.ledger.readers import side_name
from parley.protocol.clauses import Level, Rung
from parley.protocol.hotline.codes import Nature
from parley.ui import callwords, times, words
from parley.watch.beats import NobodyAnswersError, look
from parley.work.sock import CoreError

MOST_CALLS = 50
NATURES = tuple(each.value for each in Nature)
PRINCIPALS = frozenset({Rung.VICE_MINISTER.value, Rung.MINISTER.value})


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
    pressed = list(_pressed(request)) if is_officer else []
    count = len(waiting) + len(pressed)
    first = waiting[0] if waiting else None
    call = pressed[0] if pressed and first is None else None
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


def _pressed(request: PersonRequest) -> Iterator[Pressed]:
    """Yield the calls that ring at a rung of principals here: what is meant first, the urgent, the oldest.

    Core says who is rung, by our roster; the ladder itself, by which we go too, may ring a principal later.
    """
    reached = _reached()
    rows = {
        (row.link, row.call): row for row in list_calls(now=request.now, is_open=True, limit=MOST_CALLS).rows
    }
    for link, call in reached:
        with suppress(UnknownCallError):
            rows.setdefault((link, call), find_call(link, call))
    for key, row in sorted(rows.items(), key=lambda each: _badness(each[1])):
        try:
            dossier = call_page(settings.HOME, row.link, row.place_path, now=request.now)
        except UnknownCallError:
            continue
        ringing = _ringing(dossier, request, reached=reached.get(key, ""))
        if ringing is not None:
            yield _told(dossier, ringing)


def _reached() -> Mapping[tuple[str, str], str]:
    """Return the calls that ring at a principal's rung as core says, each with that rung."""
    try:
        alarms = look(settings.HOME).alarms
    except (NobodyAnswersError, CoreError):
        return {}
    return {(each.link, each.call): each.rung for each in alarms if each.rung in PRINCIPALS}


def _badness(row: CallRow) -> tuple[int, str, int]:
    return (NATURES.index(row.nature), row.urgency, row.opened_at)


def _ringing(dossier: Dossier, request: PersonRequest, *, reached: str) -> LadderRow | None:
    may = {rung.value for rung in rungs_for(dossier, officer=request.officer.number, now=request.now)}
    return next(
        (
            each
            for each in reversed(dossier.ladders.get(Whose.US, ()))
            if (each.stand is Stand.RINGING or each.rung == reached)
            and each.level != Level.DESK.value
            and each.rung in may
        ),
        None,
    )


def _told(dossier: Dossier, ringing: LadderRow) -> Pressed:
    row = dossier.row
    ladder = dossier.ladders[Whose.US]
    waiting = (each for each in ladder if each.stand is Stand.WAITING and each.rung != ringing.rung)
    waits = [(each.at, each.rung) for each in waiting if each.at]
    next_at, next_rung = min(waits, default=(None, ""))
    return Pressed(
        row=row,
        side=side_name(dossier.link.row),
        head=head_of(row, now=dossier.now),
        lines=() if dossier.text.fields is None else lines(dossier.text.fields),
        text=dossier.text.text,
        rung=ringing.rung,
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
