"""The duty desk: what needs somebody now, who watches, and where calls ring if this screen fails."""

from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.today import queries
from parley.today.forms import KINDS, about, fails_text, offices, to_hold, told
from parley.today.views.looking import since_of
from parley.watch.forms import watch_word
from parley.watch.policy import BUDGET

MAKING: Final = "0" * 16
"""What a page calls itself while it is made: it is no screen yet, looks, and does not count."""


@require_safe
def duty(request: PersonRequest) -> HttpResponse:
    looking = queries.Screen(name=MAKING, officer=request.officer.number, is_hidden=True, holds=False)
    heard = queries.hear(settings.HOME, looking)
    page = queries.duty(settings.HOME, now=request.now, since=since_of(request), heard=heard)
    sides = {each.name: each.side for each in page.standings}
    kind = KINDS[heard.watch] if heard else "failed"
    held = offices(page.now.rings, officer=request.officer.number, now=request.now)
    found = {
        "duty": page,
        "owing": tuple((each, about(each.row)) for each in page.now.owing),
        "rings": tuple(told(each, held=held) for each in page.now.rings),
        "now_tests": tuple(to_hold(each, sides=sides) for each in page.now.tests),
        "tests": tuple(to_hold(each, sides=sides) for each in page.tests),
        "watch_kind": kind,
        "watch_word": watch_word(heard.watch) if heard else "",
        "rings_phones": kind == "act" and heard is not None and heard.fallback is not None,
        "budget": BUDGET,
        "muted": heard.muted if heard else None,
        "fails": fails_text(heard.fallback, now=request.now) if heard else "",
    }
    return render(request, "today/duty.html", found)
