"""Saying something about an offer: its forms, and what is told of what stands in the way."""

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.ledger.readers import side_name
from parley.ledger.sealed import NotSealedError
from parley.sharing.actions import NothingAgreedError
from parley.sharing.forms.texts import LongTextError
from parley.sharing.queries import Dossier
from parley.sharing.views.finding import share_called
from parley.sharing.views.form import Own
from parley.sharing.views.keeping import Sheet, autosaved
from parley.sharing.views.talking import talked
from parley.sharing.views.verbs import PURPOSE, Move, form_of, moves, title_of

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
    sheet = sheet_of(request, link, place, verb=verb)
    return sheet if isinstance(sheet, HttpResponse) else talked(request, sheet)


@require_POST
def save(request: PersonRequest, *, link: str, place: str, verb: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    sheet = sheet_of(request, link, place, verb=verb)
    return sheet if isinstance(sheet, HttpResponse) else autosaved(request, sheet)


def sheet_of(request: PersonRequest, link: str, place: str, *, verb: str) -> Sheet | HttpResponse:
    """Return the form, or the page that says why there is none.

    Raises:
        Http404: there is no such offer, no such form, or nothing of what it answers.
    """
    dossier = share_called(link, place, now=request.now)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    on = request.GET.get("on") or request.POST.get("on", "")
    offered = next((each for each in moves(dossier) if (each.verb, each.on) == (verb, on)), None)
    move = offered or Move(verb=verb, text=title_of(verb), on=on)
    form = form_of(dossier, move) if _is_there(dossier, on) else None
    if form is None:
        raise Http404
    where = {"link": link, "place": place}
    return Sheet(
        form=form,
        link=link,
        purpose=f"{PURPOSE}{verb}",
        about=_statement(dossier, on),
        address=reverse("sharing:say", kwargs={**where, "verb": verb}),
        query=f"on={on}" if on else "",
        back_href=reverse("sharing:page", kwargs=where),
        back_text=dossier.row.place,
        heading=dossier.row.title,
        side=side_name(dossier.link),
        own=OWN,
        is_offered=offered is not None,
    )


def _is_there(dossier: Dossier, on: str) -> bool:
    return not on or any(each.place_path == on for each in dossier.timeline.statements)


def _statement(dossier: Dossier, on: str) -> str:
    found = (each.statement for each in dossier.timeline.statements if each.place_path == on)
    return next(found, dossier.row.share)
