"""Comparing the digits in the browser. How far it is stands in the person's session.

Two forms: one compares what was typed, and changes nothing but that; the other signs our
opening, and exists only once every group was typed right.
"""

from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.ledger.append import InTransactionError, NobodyWritesError
from parley.ledger.drafts import RefusedError
from parley.ledger.ledger import StorageError
from parley.ledger.readers import OpenLink
from parley.links import queries
from parley.links.actions import By, note_differing_digits, open_link
from parley.links.forms import read_typed
from parley.links.policy import NOTHING_COMPARED, Comparison, compared
from parley.links.views.links import chosen
from parley.ui import words
from parley.work.sock import BrokenCoreError, CoreError

KEPT = "digits"

Errors = list[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: PersonRequest, link: str) -> HttpResponse:
    found = chosen(link)
    if request.method != "POST":
        return _page(request, found)
    match request.POST.get("do"):
        case "open":
            return _open(request, found)
        case "again":
            _keep(request, found, NOTHING_COMPARED)
            return _back(found)
        case _:
            return _compare(request, found)


def _compare(request: PersonRequest, link: OpenLink) -> HttpResponse:
    before = _kept(request, link)
    typed, unclear = read_typed(request.POST.dict(), is_first=link.row.my_letter == "A")
    after = compared(before, link.row.digits, typed)
    _keep(request, link, after)
    if after.is_stopped:
        if not before.is_stopped:
            note_differing_digits(link.row.name, by=_by(request, key=""))
        return _back(link)
    wrong = [place for place, times in after.wrong.items() if times > before.wrong.get(place, 0)]
    if not wrong and not unclear:
        return _back(link)
    return _page(request, link, errors=_errors(wrong, unclear), unclear=unclear, status=422)


def _errors(wrong: list[int], unclear: tuple[int, ...]) -> Errors:
    differs = _("Group %(number)d is not the same. Ask them to read it once more, and type it again.")
    no_group = _("Group %(number)d needs five digits, and nothing else.")
    said = [(place, differs) for place in wrong] + [(place, no_group) for place in unclear]
    return [(f"group-{place + 1}", text % {"number": place + 1}) for place, text in sorted(said)]


def _open(request: PersonRequest, link: OpenLink) -> HttpResponse:
    before = _kept(request, link)
    is_ready = before.is_done(is_first=link.row.my_letter == "A")
    if not is_ready or queries.is_signed(settings.HOME, link):
        return _back(link)
    theirs = queries.offer_of(settings.HOME, link)
    try:
        open_link(settings.HOME, link.row.name, theirs=theirs, by=_by(request, key=_key(request, link)))
    except RefusedError as error:
        return _page(request, link, errors=[("", _refused(error))], status=422)
    except (NobodyWritesError, BrokenCoreError, CoreError, StorageError, InTransactionError):
        return _page(request, link, errors=[("", _unsure())], status=503)
    _forget(request, link)
    return HttpResponseRedirect(reverse("links:link", kwargs={"link": link.row.name}))


def _refused(error: RefusedError) -> str:
    reason = words.label(error.code, words.VOIDS)
    what = _("Our opening would be void: %(reason)s.") % {"reason": reason}
    return f"{what} {_('Nothing was written, and nothing was sent.')}"


def _unsure() -> str:
    return _(
        "Core did not answer, so it is not known whether our opening was saved. Press the same button once more: it is then written once."  # noqa: E501 - one message of the catalogue
    )


def _page(
    request: PersonRequest,
    link: OpenLink,
    *,
    errors: Errors | None = None,
    unclear: tuple[int, ...] = (),
    status: int = 200,
) -> HttpResponse:
    typed = request.POST.dict() if unclear else {}
    page = queries.verify_page(settings.HOME, link, _kept(request, link), unclear=unclear, typed=typed)
    shown = {"page": page, "errors": errors or []}
    return render(request, "links/verify.html", shown, status=status)


def _back(link: OpenLink) -> HttpResponse:
    return HttpResponseRedirect(reverse("links:verify", kwargs={"link": link.row.name}))


def _by(request: PersonRequest, *, key: str) -> By:
    return By(officer=request.officer, key=key, now=request.now)


# ---- What the session keeps


def _kept(request: PersonRequest, link: OpenLink) -> Comparison:
    kept = request.session.get(KEPT, {}).get(link.row.name)
    if not kept:
        return NOTHING_COMPARED
    return Comparison(
        right=frozenset(kept["right"]), wrong={int(place): times for place, times in kept["wrong"].items()}
    )


def _keep(request: PersonRequest, link: OpenLink, comparison: Comparison) -> None:
    kept = dict(request.session.get(KEPT, {}))
    kept[link.row.name] = {
        "right": sorted(comparison.right),
        "wrong": {str(place): times for place, times in comparison.wrong.items()},
        "key": uuid4().hex,
    }
    request.session[KEPT] = kept


def _key(request: PersonRequest, link: OpenLink) -> str:
    return str(request.session[KEPT][link.row.name]["key"])


def _forget(request: PersonRequest, link: OpenLink) -> None:
    kept = dict(request.session.get(KEPT, {}))
    kept.pop(link.row.name, None)
    request.session[KEPT] = kept
