"""The beat: `GET /desk/beat?screen=…&seen=812&hidden=0` is held until something rings, for 5 s at most.

    {"seq": 813, "now": 1793610000, "watch": "watched", "fails": {"en": "…", "zh": "…"}, "more": 0,
     "muted": null, "alarms": [{"id": "…43 characters…", "href": "/calls/a-b/A-hot-3/", "take": "…", …}]}

`muted` is until when the screens of whoever asks are silent; a call that rings no phone is not `silent`.
Whoever does not hear it is blind, and says so (`ui/static/ui/beat.js`). 503: core says nothing, which is the
same. How many are held is bounded, beside those who wait for news: a page never stands behind them.
"""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Final

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest, unattended
from parley.agencies.policy import may_act
from parley.today import queries
from parley.today.forms import fails_texts, offices, told
from parley.watch.beats import AlarmRow, Beat
from parley.work import clock

MAX_HELD: Final = 12
"""With those who wait for news (`node/news.py`) fewer than the threads of `pages`."""
RETRY_SECONDS: Final = 3
SCREEN: Final = re.compile(r"[0-9a-f]{16,64}")
LAG_SECONDS: Final = 0.6
"""So long a call that rings may wait for its row: then it is told without what it is about."""
STEP_SECONDS: Final = 0.1

_held = threading.BoundedSemaphore(MAX_HELD)


@unattended
@require_safe
def beat(request: PersonRequest) -> HttpResponse:
    screen = _screen(request)
    if screen is None:
        return HttpResponse(status=400)
    with _place() as has_place:
        # Whoever has no place is told at once, and still counts as a screen.
        heard = queries.hear(settings.HOME, screen if has_place else _at_once(screen))
        if heard is None:
            return HttpResponse(status=503)
        response = _said(heard, officer=request.officer.number)
    if not (has_place and screen.holds):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _screen(request: PersonRequest) -> queries.Screen | None:
    name, seen = request.GET.get("screen", ""), request.GET.get("seen", "0")
    if SCREEN.fullmatch(name) is None or not (seen.isascii() and seen.isdecimal() and len(seen) <= 15):
        return None
    return queries.Screen(
        name=name,
        officer=request.officer.number,
        seen=int(seen),
        is_hidden=request.GET.get("hidden") == "1",
        # Whoever may only look takes no call: such a screen shows what rings, and is no watch.
        holds=may_act(request.officer.role),
    )


def _at_once(screen: queries.Screen) -> queries.Screen:
    return queries.Screen(
        name=screen.name, officer=screen.officer, seen=0, is_hidden=screen.is_hidden, holds=screen.holds
    )


@contextmanager
def _place() -> Iterator[bool]:
    has_place = _held.acquire(blocking=False)
    try:
        yield has_place
    finally:
        if has_place:
            _held.release()


def _said(heard: Beat, *, officer: int) -> HttpResponse:
    shown = heard.alarms[: queries.SHOWN]
    found = _rings(shown, now=heard.now)
    until = clock.monotonic() + LAG_SECONDS
    while any(each.row is None for each in found) and clock.monotonic() < until:
        clock.sleep(STEP_SECONDS)
        found = _rings(shown, now=heard.now)
    held = offices(found, officer=officer, now=heard.now)
    return JsonResponse(
        {
            "seq": heard.seq,
            "now": clock.now(),
            "watch": heard.watch.value,
            "fails": fails_texts(heard.fallback, now=heard.now),
            "alarms": [
                asdict(told(each, held=held, silent=heard.is_silent(each.alarm, officer=officer)))
                for each in found
            ],
            "more": len(heard.alarms) - len(found) + heard.more,
            "muted": muted.ends if (muted := heard.muted) and muted.officer == officer else None,
        }
    )


def _rings(alarms: Sequence[AlarmRow], *, now: int) -> Sequence[queries.Ring]:
    return queries.rings(settings.HOME, alarms, rows=queries.open_rows(now=now)) if alarms else ()
