"""Saying something about an offer: one way for every form, and what became of it."""

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.ledger.readers import side_name
from parley.ledger.sealed import NotSealedError
from parley.sharing.actions import NothingAgreedError
from parley.sharing.forms.texts import LongTextError
from parley.sharing.views.form import Own, onwards, pressed, show
from parley.sharing.views.page import share_called
from parley.sharing.views.verbs import form_of, moves

OWN: Final[Own] = {
    LongTextError: lambda error: (
        "text",
        _("A text has %(found)d characters, of at most %(most)d.")
        % {"found": error.found, "most": error.most},
    ),
    NothingAgreedError: lambda _error: ("", _("The other side has not accepted this offer yet.")),
    NotSealedError: lambda _error: (
        "",
        _("The content of this offer does not lie here any more. Withdraw it, and offer it anew."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def say(request: PersonRequest, *, link: str, place: str, verb: str) -> HttpResponse:
    dossier = share_called(link, place, now=request.now)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    on = (request.POST if request.method == "POST" else request.GET).get("on", "")
    back = reverse("sharing:page", kwargs={"link": link, "place": place})
    move = next((each for each in moves(dossier) if (each.verb, each.on) == (verb, on)), None)
    form = None if move is None else form_of(dossier, move)
    if form is None:
        # It was a form a moment ago, perhaps: the page of the offer tells how it stands now.
        raise Http404
    side = side_name(dossier.link)
    page = {
        "side": side,
        "back_page": "sharing:page",
        "back_link": link,
        "back_place": place,
        "back_text": dossier.row.place,
        "about": dossier.row.title,
        "on": on,
    }
    if request.method != "POST":
        return show(request, form, page)
    answer = pressed(request, form, side=side, own=OWN)
    if isinstance(answer, list):
        return show(request, form, page, errors=answer)
    return onwards(answer, page=back, link=link)
