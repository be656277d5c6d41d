"""The button that has the record hashed anew; what came of it stands on the page of the link."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from parley.agencies.middleware import PersonRequest
from parley.links import queries
from parley.links.actions import By, check_record
from parley.links.views.links import chosen


@require_POST
def check(request: PersonRequest, link: str) -> HttpResponse:
    found = chosen(link)
    by = By(officer=request.officer, key="", now=request.now)
    if check_record(settings.HOME, found.row.name, by=by):
        return HttpResponseRedirect(f"{reverse('links:link', kwargs={'link': found.row.name})}#checking")
    page = queries.link_page(settings.HOME, found, now=request.now)
    shown = {"page": page, "standing": page.standing, "is_unasked": True}
    return render(request, "links/link.html", shown, status=503)
