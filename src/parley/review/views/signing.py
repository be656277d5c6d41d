"""A signature of figures that was prepared: which digest exactly, who signed so far, who signs next."""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.agencies.queries import list_officers
from parley.drafts.queries import UnknownDraftError
from parley.ledger.readers import side_name
from parley.links import actions
from parley.links.queries.signing import Signing, signing
from parley.links.views.asserting import asking, payloads_in
from parley.links.views.together import Errors, by_of, together
from parley.review.views.finding import Computed, computed, opened, reviewed

SIGNED: Final = "review.signed"


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: PersonRequest, link: str, number: int) -> HttpResponse:
    waits = _waiting(link, number)
    if request.method != "POST":
        return _page(request, waits)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    home = reverse("review:list", kwargs={"link": link})
    if request.POST.get("do") == "put_away":
        actions.put_away(number, by=by_of(request))
        return HttpResponseRedirect(home)
    payloads = payloads_in(request)

    def run(by: actions.By, secret: str) -> Signing | actions.Said:
        pen = actions.Pen(secret=secret, payloads=payloads)
        return actions.sign_prepared(settings.HOME, number, by=by, pen=pen)

    answer = together(request, run, by_passkey=bool(payloads))
    if isinstance(answer, list):
        return _page(request, waits, errors=answer)
    if isinstance(answer, Signing):
        where = {"link": link, "number": answer.number}
        return HttpResponseRedirect(reverse("review:sign", kwargs=where))
    return HttpResponseRedirect(home)


def _waiting(link: str, number: int) -> Signing:
    try:
        waits = signing(number)
    except UnknownDraftError as error:
        raise Http404 from error
    if waits.draft.link != link or waits.draft.kind != SIGNED:
        raise Http404
    return waits


def _page(request: PersonRequest, waits: Signing, *, errors: Errors | None = None) -> HttpResponse:
    found, reader = opened(waits.draft.link)
    statement = None if waits.draft.re is None else reader.row(found.row.name, waits.draft.re)
    if statement is None:
        raise Http404
    row = reviewed(reader, found, statement.place.replace(" ", "-"))
    figures, signed = computed(reader, found.row, row.cut), str(waits.draft.d.get("digest", ""))
    names = {each.number: each.name for each in list_officers()}
    page = {
        "row": found.row,
        "side": side_name(found.row),
        "waits": waits,
        "each": row,
        "digest": signed,
        "is_same": isinstance(figures, Computed) and figures.digest == signed,
        "signed_by": [names.get(person, str(person)) for person in waits.persons],
        "has_signed": request.officer.number in waits.persons,
        "asking": asking(request, waits),
        "errors": errors or [],
    }
    return render(request, "review/sign.html", page, status=422 if errors else 200)
