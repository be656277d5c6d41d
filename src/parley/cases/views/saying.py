"""Saying something in a case: one way for every form, and what became of it."""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.cases.forms.texts import LongWordsError, MissingWordsError
from parley.cases.views.fields import At, form_of, proposal_form
from parley.cases.views.page import case_called
from parley.cases.views.showing.telling import in_language
from parley.cases.views.verbs import moves
from parley.ledger.readers import link_called, side_name
from parley.links.actions.speaking import Target
from parley.protocol.act import read_id
from parley.sharing.views.form import Own, onwards, pressed, show

OWN: Final[Own] = {
    MissingWordsError: lambda error: (
        error.field.replace(".", "_"),
        _("Words are missing here: both languages are needed."),
    ),
    LongWordsError: lambda error: (
        error.field.replace(".", "_"),
        _("A text has %(found)d characters, of at most %(most)d.")
        % {"found": error.found, "most": error.most},
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def say(request: PersonRequest, *, link: str, place: str, verb: str) -> HttpResponse:
    dossier = case_called(link, place, now=request.now)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    on = (request.POST if request.method == "POST" else request.GET).get("on", "")
    move = next((each for each in moves(dossier) if (each.verb, each.on) == (verb, on)), None)
    if move is None:
        # It was a form a moment ago, perhaps: the page of the case tells how it stands now.
        raise Http404
    case = Target(link=link, statement=read_id(dossier.row.case))
    named = next((each for each in dossier.timeline.statements if each.place_path == on), None)
    target = case if named is None else Target(link=link, statement=read_id(named.statement))
    form, side = form_of(move, At(case=case, on=target)), side_name(dossier.link)
    back = reverse("cases:page", kwargs={"link": link, "place": place})
    page = {
        "side": side,
        "back_page": "cases:page",
        "back_link": link,
        "back_place": place,
        "back_text": dossier.row.place,
        "about": in_language(dossier.row.title),
        "on": on,
    }
    if request.method != "POST":
        return show(request, form, page)
    answer = pressed(request, form, side=side, own=OWN)
    if isinstance(answer, list):
        return show(request, form, page, errors=answer)
    return onwards(answer, page=back, link=link)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: PersonRequest, link: str) -> HttpResponse:
    found = link_called(settings.HOME, link)
    if found is None or found.terms is None:
        raise Http404
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    form, side = proposal_form(link, tuple(sorted(found.terms.items))), side_name(found.row)
    page = {"side": side, "back_page": "cases:list", "back_text": _("Joint cases"), "on": ""}
    if request.method != "POST":
        return show(request, form, page)
    answer = pressed(request, form, side=side, own=OWN)
    if isinstance(answer, list):
        return show(request, form, page, errors=answer)
    return onwards(answer, page=reverse("cases:list"), link=link)
