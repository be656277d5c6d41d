"""Where a draft begins, and where those of our own people lie."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.composer.actions.beginning import begin
from parley.composer.queries.work import PURPOSE
from parley.composer.views.doors import on_link
from parley.drafts.queries import list_drafts
from parley.drafts.views import hand
from parley.ledger.readers import OpenLink


@require_http_methods(["GET", "HEAD", "POST"])
@on_link
def new(request: PersonRequest, link: OpenLink) -> HttpResponse:
    if request.method == "POST":
        draft = begin(link, by=hand(request))
        address = reverse("composer:draft", kwargs={"link": link.row.name, "number": draft.number})
        return HttpResponseRedirect(address)
    page = {
        "link": link,
        "drafts": list_drafts(link.row.name, purpose=PURPOSE),
        "closed": list_drafts(link.row.name, purpose=PURPOSE, is_closed=True)[:20],
    }
    return render(request, "composer/new.html", page)
