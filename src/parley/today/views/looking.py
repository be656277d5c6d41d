"""Since when things are new to somebody: from the visit before, and while a visit lasts it stays so."""

from typing import Final

from parley.agencies.middleware import PersonRequest
from parley.today import queries

LOOKED: Final = "looked"
VISIT_SECONDS: Final = 15 * 60
"""Whoever comes back after so long comes anew: what was new before is new no more."""
NOTED_SECONDS: Final = 60


def since_of(request: PersonRequest) -> int:
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
