"""The same inquiry as the other side's page shows it: sides swapped, no names of ours, no notes.

It is drawn from the shared record alone. What has no receipt of theirs yet is not on their page,
and is named above it; how items and clocks stand is computed with it all the same.
"""

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.inquiries.views.finding import Found, find_inquiry
from parley.inquiries.views.page import choice_of
from parley.inquiries.views.showing.contents import contents
from parley.inquiries.views.showing.eyes import their_eyes

_LANGUAGES: Final = {"en": "en", "zh": "zh-hans"}


@require_safe
def theirs(request: PersonRequest, link: str, place: str) -> HttpResponse:
    found = find_inquiry(link, place)
    if found.dossier is None:
        return render(request, "inquiries/soon.html", {"found": found})
    wanted = request.GET.get("lang", "")
    if wanted not in {"", *_LANGUAGES}:
        raise Http404
    language = _LANGUAGES.get(wanted) or translation.get_language() or "en"
    waiting = _not_there(found)
    with translation.override(language):
        shown = contents(
            found, their_eyes(found), choice_of(request), now=request.now, hidden=frozenset(waiting)
        )
        return render(request, "inquiries/theirs.html", {"page": shown, "waiting": waiting})


def _not_there(found: Found) -> tuple[str, ...]:
    """Return the places of our statements for which there is no receipt of theirs."""
    dossier = found.dossier
    assert dossier is not None
    return tuple(
        event.place
        for event in dossier.events
        if event.letter == found.link.my_letter
        and event.received_at is None
        and event.index >= found.receipted
    )
