"""Suspending a link and resuming it: one officer prepares and signs, another signs the very same text.

suspend/       what is to be stopped, with all that it would stop; then the first signature
sign/N/        what was prepared, for the second officer, who gives his or her own secret
resume/A-112/  lifting a suspension of ours
suspensions/   every suspension, and the proof that nothing was lost by it
"""

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parley.agencies.middleware import PersonRequest
from parley.ledger.readers import OpenLink, reader_of, side_name
from parley.links import actions, queries
from parley.links.forms import StopTyped, read_stop, read_words
from parley.links.queries.doomed import Doomed, doomed, statements_in
from parley.links.queries.signing import Ended, Signing
from parley.links.views.asserting import asking
from parley.links.views.cosigning import one_more, over, prepared
from parley.links.views.erasing import onwards as erased_onwards
from parley.links.views.links import chosen
from parley.links.views.together import Errors, by_of, together
from parley.protocol.erasing import ORDERED
from parley.protocol.suspension import Reason

# What is signed of these is shown by their own rooms, which stand above this one.
_SHOWN_BY: Final[Mapping[str, str]] = {
    "call.principal_opened": "hotline:sign",
    "guideline.signed": "guidelines:sign",
    "review.signed": "review:sign",
    "outcome.frozen": "dialogue:sign",
}


@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: PersonRequest, link: str) -> HttpResponse:
    found = chosen(link)
    if found.terms is None:
        raise Http404
    if request.method != "POST":
        return _suspend_page(request, found)
    typed = read_stop(request.POST.dict())
    if typed.faults or typed.scope is None:
        return _suspend_page(request, found, errors=_faults(typed.faults), status=422)
    if request.POST.get("do") != "sign":
        return _suspend_page(request, found, typed=typed)
    stop = actions.Stop(
        scope=typed.scope,
        reason=typed.reason,
        until=typed.until,
        words=actions.Words(en=typed.en, zh=typed.zh, is_public=typed.is_public),
    )

    def prepare(by: actions.By, secret: str) -> Signing | actions.Said:
        return actions.prepare_suspension(settings.HOME, link, stop, by=by, secret=secret)

    answer = together(request, prepare)
    if isinstance(answer, list):
        return _suspend_page(request, found, typed=typed, errors=answer, status=422)
    return _onwards(link, answer)


def _suspend_page(
    request: PersonRequest,
    link: OpenLink,
    *,
    typed: StopTyped | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    assert link.terms is not None
    scopes = ["link", "forum:inquiry", *(f"item:{item}" for item in link.terms.items)]
    shown = {
        "row": link.row,
        "terms": link.terms,
        "scopes": [(scope, *scope.partition(":")[::2]) for scope in scopes],
        "reasons": [each.value for each in Reason],
        "typed": request.POST.dict(),
        "errors": errors or [],
        "freeze": None if typed is None else queries.freeze_page(settings.HOME, link, typed.scope),
    }
    return render(request, "links/suspend.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: PersonRequest, link: str, place: str) -> HttpResponse:
    found = chosen(link)
    page = queries.suspensions_page(settings.HOME, found)
    lifted = next((each for each in page.in_force if each.is_ours and each.slug == place), None)
    if lifted is None:
        raise Http404
    shown = {"row": found.row, "each": lifted, "typed": request.POST.dict()}
    if request.method != "POST":
        return render(request, "links/resume.html", shown)
    en, zh, faults = read_words(request.POST.dict())
    if faults:
        return render(request, "links/resume.html", {**shown, "errors": _faults(faults)}, status=422)
    said = actions.Words(en=en, zh=zh, is_public=request.POST.get("public") == "yes")

    def prepare(by: actions.By, secret: str) -> Signing | actions.Said:
        home = settings.HOME
        return actions.prepare_resumption(home, link, lifted.statement, words=said, by=by, secret=secret)

    answer = together(request, prepare)
    if isinstance(answer, list):
        return render(request, "links/resume.html", {**shown, "errors": answer}, status=422)
    return _onwards(link, answer)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: PersonRequest, link: str, number: int) -> HttpResponse:
    row, found = chosen(link).row, prepared(link, number)
    draft = found.prepared.draft if isinstance(found, Ended) else found.draft
    if (elsewhere := _SHOWN_BY.get(draft.kind)) is not None:
        return HttpResponseRedirect(reverse(elsewhere, kwargs={"link": link, "number": number}))
    home = reverse("links:erasures" if draft.kind == ORDERED else "links:suspensions", kwargs={"link": link})
    if isinstance(found, Ended):
        return over(request, found, onward=home)
    shown = {
        "row": row,
        "side": side_name(row),
        "page": queries.signing_page(found),
        "has_signed": request.officer.number in found.persons,
        "rows": _doomed(found),
        "asking": asking(request, found),
    }
    if request.method != "POST":
        return render(request, "links/sign.html", shown)
    if request.POST.get("do") == "put_away":
        actions.put_away(number, by=by_of(request))
        return HttpResponseRedirect(home)
    answer = one_more(request, number)
    if isinstance(answer, list):
        return render(request, "links/sign.html", {**shown, "errors": answer}, status=422)
    return erased_onwards(link, answer) if draft.kind == ORDERED else _onwards(link, answer)


def _doomed(found: Signing) -> tuple[Doomed, ...]:
    """Return what an order to erase would destroy; nothing of another statement."""
    reader = reader_of(settings.HOME)
    assert reader is not None, "there is a link"
    is_order = found.draft.kind == ORDERED
    return doomed(reader, found.draft.link, statements_in(found.draft.d)) if is_order else ()


@require_safe
def suspensions(request: PersonRequest, link: str) -> HttpResponse:
    found = chosen(link)
    page = queries.suspensions_page(settings.HOME, found)
    return render(request, "links/suspensions.html", {"row": found.row, "page": page})


def _onwards(link: str, answer: Signing | actions.Said) -> HttpResponse:
    if isinstance(answer, Signing):
        return HttpResponseRedirect(reverse("links:sign", kwargs={"link": link, "number": answer.number}))
    return HttpResponseRedirect(reverse("links:suspensions", kwargs={"link": link}))


def _faults(fields: tuple[str, ...]) -> Errors:
    said = {
        "scope": _("Choose what is to be stopped."),
        "reason": _("Choose a reason."),
        "until": _("This is no day."),
        "text_en": _("State it in English."),
        "text_zh": _("State it in Chinese."),
    }
    return [(field, said[field]) for field in fields]
