"""A signature of figures that was prepared: which digest exactly, and whether this node computes the same."""

from collections.abc import Mapping
from typing import Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.links.queries.signing import Signing
from parley.links.views.cosigning import Room, cosign
from parley.review.views.finding import Computed, computed, opened, reviewed

SIGNED: Final = "review.signed"


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: PersonRequest, link: str, number: int) -> HttpResponse:
    return cosign(request, _ROOM, link=link, number=number)


def _shown(request: PersonRequest, waits: Signing) -> Mapping[str, object]:  # noqa: ARG001 - as every room's
    found, reader = opened(waits.draft.link)
    statement = None if waits.draft.re is None else reader.row(found.row.name, waits.draft.re)
    if statement is None:
        raise Http404
    row = reviewed(reader, found, statement.place.replace(" ", "-"))
    figures, signed = computed(reader, found.row, row.cut), str(waits.draft.d.get("digest", ""))
    is_same = isinstance(figures, Computed) and figures.digest == signed
    return {"each": row, "digest": signed, "is_same": is_same}


_ROOM: Final = Room(kind=SIGNED, sign="review:sign", template="review/sign.html", shown=_shown)
