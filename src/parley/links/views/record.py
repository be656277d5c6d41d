"""The record of a link, entry by entry, and one entry with all that proves it."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.links import queries
from parley.links.views.links import chosen
from parley.protocol.names import MAIN


@require_safe
def record(request: PersonRequest, link: str) -> HttpResponse:
    try:
        lane, after = request.GET.get("lane", MAIN), request.GET.get("after")
        page = queries.record_page(settings.HOME, chosen(link), lane=lane, after=after)
    except queries.CursorError as error:
        raise Http404 from error
    return render(request, "links/record.html", {"page": page})


@require_safe
def statement(request: PersonRequest, link: str, place: str) -> HttpResponse:
    found = chosen(link)
    try:
        page = queries.statement_page(settings.HOME, found, place)
    except queries.UnknownStatementError as error:
        raise Http404 from error
    return render(request, "links/statement.html", {"page": page, "row": found.row})


@require_safe
def raw(_request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Answer with the very bytes that were signed, to be kept as a file and never to be shown."""
    try:
        entry = queries.raw_entry(settings.HOME, chosen(link), place)
    except queries.UnknownStatementError as error:
        raise Http404 from error
    response = HttpResponse(entry, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{link}-{place}.entry"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
