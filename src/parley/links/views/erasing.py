"""Having content destroyed on both sides: what would go, and two officers who decide it one after the other.

erase/?place=A-12   what of an inquiry is to go, with all that it would destroy; then the first signature
sign/N/             the very same text, for the second officer (`suspending.py`)
erasures/           every request of either side, and what either has answered
erasures/B-7/       what the other side asks to be destroyed here: two of ours carry it out, or refuse it
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parley.agencies.middleware import PersonRequest
from parley.drafts.queries import UnknownDraftError
from parley.ledger.readers import OpenLink, reader_of, side_name
from parley.links import actions
from parley.links.queries.deciding import Decided, Decision, Deed, decisions
from parley.links.queries.doomed import Doomed, doomed
from parley.links.queries.erasing import OrderPage, order_pages
from parley.links.queries.signing import Signing, signings
from parley.links.queries.thread import thread_of
from parley.links.views.links import chosen
from parley.links.views.together import Errors, by_of, together
from parley.protocol.erasing import ORDERED
from parley.protocol.erasure import MAX_NAMED, Ground, Objection


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a form asks for: all that there is to choose from, what was chosen of it, and why."""

    rows: tuple[Doomed, ...]
    of: str
    places: tuple[str, ...]
    ground: str
    do: str

    @property
    def chosen(self) -> tuple[Doomed, ...]:
        """Return what was chosen."""
        return tuple(row for row in self.rows if row.place in self.places)

    @property
    def faults(self) -> Errors:
        """Return what is missing, at which field."""
        if self.ground not in {each.value for each in Ground}:
            return [("ground", _("Choose a reason."))]
        if not self.chosen:
            return [("what", _("Tick at least one statement."))]
        if len(self.chosen) > MAX_NAMED:
            return [("what", _("One request names at most %(count)d statements.") % {"count": MAX_NAMED})]
        return []


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: PersonRequest, link: str) -> HttpResponse:
    found = chosen(link)
    asked = _asked(request, found)
    if request.method != "POST":
        return _erase_page(request, found, asked)
    errors = asked.faults
    if errors or asked.do != "sign":
        return _erase_page(request, found, asked, errors=errors)
    going = actions.Going(statements=[row.statement for row in asked.chosen], ground=Ground(asked.ground))
    answer = together(
        request, lambda by, secret: actions.order_erasure(settings.HOME, link, going, by=by, secret=secret)
    )
    if isinstance(answer, list):
        return _erase_page(request, found, asked, errors=answer)
    return onwards(link, answer)


def _asked(request: PersonRequest, link: OpenLink) -> Asked:
    fields = request.POST if request.method == "POST" else request.GET
    places = tuple(dict.fromkeys(place.replace("-", " ") for place in fields.getlist("place")))
    of = fields.get("of", "").replace("-", " ") or next(iter(places), "")
    return Asked(
        rows=_candidates(link, [of, *places]),
        of=of,
        places=places,
        ground=fields.get("ground", Ground.PURPOSE_MET.value),
        do=fields.get("do", ""),
    )


def _erase_page(
    request: PersonRequest, link: OpenLink, asked: Asked, *, errors: Errors | None = None
) -> HttpResponse:
    shown = {
        "row": link.row,
        "side": side_name(link.row),
        "asked": asked,
        "rows": asked.rows,
        "places": asked.places,
        "grounds": [each.value for each in Ground],
        "is_preview": asked.do in {"preview", "sign"} and not asked.faults,
        "blocked": [row for row in asked.chosen if not row.is_free],
        "errors": errors or [],
    }
    return render(request, "links/erase.html", shown, status=422 if errors else 200)


def onwards(link: str, answer: Signing | actions.Said) -> HttpResponse:
    """Return where an order to erase goes on: to the second officer's page, or to what became of it."""
    if isinstance(answer, Signing):
        return HttpResponseRedirect(reverse("links:sign", kwargs={"link": link, "number": answer.number}))
    return HttpResponseRedirect(reverse("links:erasures", kwargs={"link": link}))


def _candidates(link: OpenLink, places: Iterable[str]) -> tuple[Doomed, ...]:
    """Return everything with words or files in the threads of `places`.

    Raises:
        Http404: one of them is not there.
    """
    reader = reader_of(settings.HOME)
    assert reader is not None, "there is a link"
    statements: dict[bytes, None] = {}
    for place in filter(None, dict.fromkeys(places)):
        found = thread_of(reader, link.row.name, place)
        if not found:
            raise Http404
        statements.update(dict.fromkeys(found))
    if not statements:
        raise Http404
    rows = doomed(reader, link.row.name, statements)
    return tuple(row for row in rows if not row.is_empty or row.place in places)


# ---- What either side asked


@require_safe
def erasures(request: PersonRequest, link: str) -> HttpResponse:
    found = chosen(link)
    shown = {
        "row": found.row,
        "side": side_name(found.row),
        "orders": order_pages(settings.HOME, found),
        "signings": [each for each in signings(link) if each.draft.kind == ORDERED],
        "decisions": _decisions(link, now=request.now),
    }
    return render(request, "links/erasures.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: PersonRequest, link: str, place: str) -> HttpResponse:
    found = chosen(link)
    order = next((each for each in order_pages(settings.HOME, found) if each.slug == place), None)
    if order is None:
        raise Http404
    if request.method != "POST":
        return _order_page(request, found, order)
    do, _colon, number = request.POST.get("do", "").partition(":")
    if do == "put_away":
        return _put_away(request, link, order, number=number)
    ground = request.POST.get("ground", "")
    if do == "refuse" and ground not in {each.value for each in Objection}:
        return _order_page(request, found, order, errors=[("ground", _("Choose a reason."))])
    decided = Decided(
        link=link,
        deed=Deed.REFUSE_TO_ERASE if do == "refuse" else Deed.ERASE,
        about=order.id,
        ground=ground if do == "refuse" else "",
    )
    answer = together(request, lambda by, _secret: actions.decide(settings.HOME, decided, by=by))
    if isinstance(answer, list):
        # Each form has a field of its own for the secret.
        field = "secret-refuse" if do == "refuse" else "secret"
        errors = [(anchor and field, text) for anchor, text in answer]
        return _order_page(request, found, order, errors=errors)
    told = "decided" if isinstance(answer, Decision) else "done"
    return HttpResponseRedirect(f"{_address(link, order)}?{told}=1")


def _order_page(
    request: PersonRequest, link: OpenLink, order: OrderPage, *, errors: Errors | None = None
) -> HttpResponse:
    waits = [each for each in _decisions(link.row.name, now=request.now) if each.decided.about == order.id]
    shown = {
        "row": link.row,
        "side": side_name(link.row),
        "order": order,
        "objections": [each.value for each in Objection],
        "ground": request.POST.get("ground", ""),
        "blocked": [each for each in order.rows if not each.is_free],
        "waits": waits,
        "is_decided": "decided" in request.GET,
        "is_done": "done" in request.GET,
        "errors": errors or [],
    }
    return render(request, "links/erasure.html", shown, status=422 if errors else 200)


def _decisions(link: str, *, now: int) -> tuple[Decision, ...]:
    deeds = {Deed.ERASE, Deed.REFUSE_TO_ERASE}
    return tuple(each for each in decisions(link, now=now) if each.decided.deed in deeds)


def _put_away(request: PersonRequest, link: str, order: OrderPage, *, number: str) -> HttpResponse:
    if not number.isdecimal():
        raise Http404
    try:
        actions.put_decision_away(link, int(number), by=by_of(request))
    except UnknownDraftError as error:
        raise Http404 from error
    return HttpResponseRedirect(_address(link, order))


def _address(link: str, order: OrderPage) -> str:
    return reverse("links:erasure", kwargs={"link": link, "place": order.slug})
