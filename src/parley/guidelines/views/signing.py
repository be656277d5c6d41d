"""A signature of a guideline that was prepared: which text exactly, in both languages."""

from collections.abc import Mapping
from typing import Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.guidelines.queries import articles_of
from parley.guidelines.views.finding import drafted, opened
from parley.links.queries.signing import Signing
from parley.links.views.cosigning import Room, cosign

SIGNED: Final = "guideline.signed"


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: PersonRequest, link: str, number: int) -> HttpResponse:
    return cosign(request, _ROOM, link=link, number=number)


def _shown(request: PersonRequest, waits: Signing) -> Mapping[str, object]:
    found, reader = opened(waits.draft.link)
    statement = None if waits.draft.re is None else reader.row(found.row.name, waits.draft.re)
    if statement is None:
        raise Http404
    row = drafted(reader, found, statement.place.replace(" ", "-"), now=request.now)
    return {"each": row, "articles": () if row.text is None else articles_of(row.text)}


_ROOM: Final = Room(kind=SIGNED, sign="guidelines:sign", template="guidelines/sign.html", shown=_shown)
