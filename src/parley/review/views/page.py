"""One review: its figures with the places behind each, what both sides signed and said, and our move."""

import uuid

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.ledger.readers import OpenLink, side_name
from parley.ledger.reading import Reader
from parley.links.actions import By
from parley.links.actions import Said as Signed
from parley.links.actions.speaking import Hand, Record, Said, Target
from parley.links.queries.signing import Signing
from parley.links.views.together import Errors, attempted, together
from parley.protocol.act import id_text
from parley.protocol.breach import BreachError
from parley.review import actions
from parley.review.queries import ReviewRow
from parley.review.views.composing import note_of, own_name
from parley.review.views.contents import chosen_number, told
from parley.review.views.finding import Computed, computed, move_chip, opened, reviewed, stand_chip


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest, link: str, place: str) -> HttpResponse:
    found, reader = opened(link)
    row = reviewed(reader, found, place)
    if request.method != "POST":
        return _page(request, reader, found, row=row)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    answer = _done(request, reader, found, row=row)
    if isinstance(answer, list):
        return _page(request, reader, found, row=row, errors=answer)
    if isinstance(answer, Signing):
        where = {"link": link, "number": answer.number}
        return HttpResponseRedirect(reverse("review:sign", kwargs=where))
    return HttpResponseRedirect(reverse("review:page", kwargs={"link": link, "place": place}))


def _done(
    request: PersonRequest, reader: Reader, link: OpenLink, *, row: ReviewRow
) -> Said | Signing | Signed | Errors:
    on = Target(link=link.row.name, statement=row.statement)
    do, found = request.POST.get("do"), computed(reader, link.row, row.cut)
    if do == "comment":
        return _commented(request, on)
    if isinstance(found, str):
        return [("", found)]
    if do == "agree":
        # The same press twice is the same statement.
        key = f"agree-{id_text(row.statement)}"
        return attempted(request, lambda by: actions.agree(reader, on, row.cut, by=_hand(by, key)))
    return together(
        request, lambda by, secret: actions.sign(settings.HOME, on, row.cut, by=by, secret=secret)
    )


def _commented(request: PersonRequest, on: Target) -> Said | Errors:
    words, figure = note_of(request), request.POST.get("figure") or None
    if words is None:
        return [("note", _("Say something first."))]
    key = (request.POST.get("key") or uuid.uuid4().hex)[:64]
    try:
        return attempted(request, lambda by: actions.comment(on, figure, words, by=_hand(by, key)))
    except BreachError:
        return [("figure", _("No figure is called so."))]


def _hand(by: By, key: str) -> Hand:
    return Hand(officer=by.officer, key=key, now=by.now, door=Record(home=settings.HOME))


def _page(
    request: PersonRequest, reader: Reader, link: OpenLink, *, row: ReviewRow, errors: Errors | None = None
) -> HttpResponse:
    found, of = computed(reader, link.row, row.cut), request.GET.get("of", "")
    shown: dict[str, object] = {
        "row": link.row,
        "side": side_name(link.row),
        "each": row,
        "stand": stand_chip(row.stand),
        "move": move_chip(row.move),
        "cut": " ".join(f"{part.lane}:{part.sizes[0]}/{part.sizes[1]}" for part in row.cut.cut),
        "trouble": found if isinstance(found, str) else "",
        "key": uuid.uuid4().hex,
        "of": of,
        "typed_note": request.POST.get("note", ""),
        "errors": errors or [],
    }
    if isinstance(found, Computed):
        shown |= {
            "digest": found.digest,
            "can_sign": row.can_sign(found.digest),
            "theirs_differs": row.theirs is not None and row.theirs != found.digest,
            "chosen": chosen_number(found.shown, of) if of else None,
            **told(found.shown, link, own=own_name()),
        }
    return render(request, "review/page.html", shown, status=422 if errors else 200)
