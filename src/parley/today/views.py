"""The desk: where everybody begins, and what a director reads over somebody's shoulder."""

from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.today import queries

LOOKED: Final = "looked"
VISIT_SECONDS: Final = 15 * 60
"""Whoever comes back after so long comes anew: what was new before is new no more."""
NOTED_SECONDS: Final = 60


@require_safe
def desk(request: PersonRequest) -> HttpResponse:
    page = queries.desk(settings.HOME, now=request.now, since=_since(request))
    return render(request, "today/desk.html", {"desk": page})


def _since(request: PersonRequest) -> int:
    """Return since when things are new to this person, and note that somebody looks now."""
    kept = request.session.get(LOOKED)
    if kept is None:
        since = queries.looked_before(request.officer.number, begun=request.session["begun"])
        at = 0
    else:
        since, at = kept
    # A page that refreshes itself is not somebody who looks.
    if "HX-Request" in request.headers or request.now - at < NOTED_SECONDS:
        return int(since)
    if at and request.now - at >= VISIT_SECONDS:
        since = at
    request.session[LOOKED] = [since, request.now]
    return int(since)
