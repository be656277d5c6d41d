"""A file of a statement, to be saved: never shown, never run, under a name that can do no harm.

    Content-Disposition   attachment, whatever it is          Content-Type   application/octet-stream
    Content-Security-Policy   sandbox: were it shown all the same, it could do nothing

Every chunk is opened before it is sent, so that what arrives is what was sealed; a damaged one cuts the
line, and the browser says that the file broke off. Source: security I2, I7.
"""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.inquiries.views.showing.enclosed import name_of
from parley.ledger.attached import Attached, Attachments, Presence
from parley.ledger.readers import link_called, reader_of
from parley.protocol.part import PartError
from parley.protocol.places import addressed_place
from parley.ui import words
from parley.vault.plain import Plain

POLICY: Final = "sandbox; default-src 'none'"


@require_safe
def download(request: PersonRequest, *, link: str, place: str, part: int) -> HttpResponseBase:
    opened, reader = link_called(settings.HOME, link), reader_of(settings.HOME)
    where = addressed_place(place)
    if opened is None or reader is None or where is None:
        raise Http404
    statement = reader.find(link, where.text)
    looking = Attachments(settings.HOME, reader)
    files = () if statement is None else looking.of(link, statement)
    file = next((each for each in files if each.part == part), None)
    if file is None:
        raise Http404
    if file.presence is not Presence.HERE:
        return _not_here(request, file, words.label(file.presence.value, words.FILES))
    try:
        plain = looking.open(file)
    except (FileNotFoundError, PartError):
        return _not_here(request, file, words.label("missing", words.FILES))
    return _streamed(plain, file)


def _streamed(plain: Plain, file: Attached) -> StreamingHttpResponse:
    # Given as it is, Django closes it even if nobody reads.
    response = StreamingHttpResponse(plain, content_type="application/octet-stream")
    name = name_of(file)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Length"] = str(plain.size)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _not_here(request: PersonRequest, file: Attached, why: str) -> HttpResponse:
    page = {"name": name_of(file), "why": why}
    return render(request, "inquiries/file_not_here.html", page, status=409)
