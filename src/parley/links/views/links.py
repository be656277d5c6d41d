"""How links stand, and the terms on which they are open."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.ledger.readers import OpenLink, link_called
from parley.links import queries


def chosen(name: str) -> OpenLink:
    """Return the link called `name`.

    Raises:
        Http404: there is none.
    """
    found = link_called(settings.HOME, name)
    if found is None:
        raise Http404
    return found


@require_safe
def all_links(request: PersonRequest) -> HttpResponse:
    page = {"standings": queries.standings(settings.HOME, now=request.now)}
    return render(request, "links/all.html", page)


@require_safe
def link(request: PersonRequest, link: str) -> HttpResponse:
    page = queries.link_page(settings.HOME, chosen(link), now=request.now)
    return render(request, "links/link.html", {"page": page, "standing": page.standing})


@require_safe
def terms(request: PersonRequest, link: str) -> HttpResponse:
    found = chosen(link)
    page = queries.terms_page(settings.HOME, found, now=request.now)
    return render(request, "links/terms.html", {"page": page, "row": found.row})
