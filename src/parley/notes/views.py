"""Adding a note. It is shown on the page of its inquiry, in the box of what stays here."""

import re
import uuid
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from parley.agencies.middleware import PersonRequest
from parley.ledger.readers import link_called, reader_of
from parley.notes.actions import LONGEST, About, EmptyNoteError, LongNoteError, add_note
from parley.protocol.act import id_text

_KEY: Final = re.compile(r"[0-9a-f]{32}")
_PLACE: Final = re.compile(r"[AB]-(?:0|[1-9][0-9]{0,14})")


@require_POST
def add(request: PersonRequest, link: str, place: str) -> HttpResponse:
    about = _about(link, place)
    text, key = request.POST.get("note", ""), request.POST.get("key", "")
    if not _KEY.fullmatch(key):
        key = uuid.uuid4().hex
    try:
        add_note(about, text, officer=request.officer.number, key=key, now=request.now)
    except (EmptyNoteError, LongNoteError) as error:
        page = {
            "about": about,
            "text": text,
            "key": key,
            "count": getattr(error, "count", 0),
            "longest": LONGEST,
        }
        return render(request, "notes/again.html", page, status=422)
    # The page of the inquiry is the folder in which this address lies.
    return HttpResponseRedirect("../#notes")


def _about(link: str, place: str) -> About:
    reader = reader_of(settings.HOME)
    if reader is None or link_called(settings.HOME, link) is None or not _PLACE.fullmatch(place):
        raise Http404
    statement = reader.find(link, place.replace("-", " "))
    row = None if statement is None else reader.row(link, statement)
    if row is None or row.kind != "inquiry.sent":
        raise Http404
    return About(link=link, inquiry=id_text(row.statement), place=row.place)
