"""An officer tells this node to release the list at its second by itself, or takes that back."""

import uuid

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.dialogue.actions import timing
from parley.dialogue.queries import RoundDossier
from parley.dialogue.queries.timing import last_refused, order_of
from parley.dialogue.views.finding import SoonError, find_frozen
from parley.dialogue.views.sheet import address_of
from parley.drafts.views import see
from parley.links.actions.speaking import Hand, Record, Target


@require_POST
def order(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Give the order, or take it back where `take_back` was pressed."""
    try:
        dossier, meeting, frozen = find_frozen(link, place, now=request.now)
    except SoonError:
        return render(request, "dialogue/soon.html", {"place": place}, status=503)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    on = Target(link=link, statement=meeting.opened.id)
    by = Hand(officer=request.officer, key=uuid.uuid4().hex, now=request.now, door=Record(home=settings.HOME))
    try:
        if "take_back" in request.POST:
            timing.take_back(on, by=by)
        else:
            timing.order(on, frozen, by=by)
    except (timing.PastError, timing.NoOrderError):
        # Its second has come, or a colleague was quicker: the page shows how it stands now.
        return see(f"{address_of(dossier)}?late=1#outcome")
    timing.tell_core(settings.HOME)
    return see(f"{address_of(dossier)}#outcome")


def timing_of(dossier: RoundDossier) -> dict[str, object]:
    """Return what the page of a round says of an order to release its list."""
    meeting = dossier.round
    if meeting is None or meeting.outcome.agreed is None:
        return {}
    link, statement = dossier.row.link, meeting.opened.id
    is_waiting = dossier.link.row.me not in meeting.outcome.released
    return {
        "order": order_of(link, statement) if is_waiting else None,
        "order_refused": last_refused(link, statement) if is_waiting else None,
        "may_order": is_waiting and dossier.now < meeting.outcome.agreed.release,
    }
