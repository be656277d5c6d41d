"""Suspending a link and resuming it: one officer prepares and signs, another signs the very same text.

suspend/       what is to be stopped, with all that it would stop; then the first signature
sign/N/        what was prepared, for the second officer, who gives his or her own secret
resume/A-112/  lifting a suspension of ours
suspensions/   every suspension, and the proof that nothing was lost by it
"""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parley.agencies.actions import WaitError, WrongSecretError, recognise_officer
from parley.agencies.middleware import PersonRequest
from parley.drafts.queries import UnknownDraftError
from parley.ledger.append import InTransactionError, NobodyWritesError
from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.keys import KeysError
from parley.ledger.ledger import StorageError
from parley.ledger.persons import NoKeyError, WrongKeySecretError
from parley.ledger.readers import OpenLink
from parley.links import actions, queries
from parley.links.forms import StopTyped, read_stop, read_words
from parley.links.policy import NotAllowedError
from parley.links.queries.signing import Signing, signing
from parley.links.views.links import chosen
from parley.protocol.suspension import Reason
from parley.ui import words
from parley.work.sock import BrokenCoreError, CoreError

Errors = list[tuple[str, str]]
Signed = Callable[[actions.By, str], Signing | Appended]


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

    def prepare(by: actions.By, secret: str) -> Signing | Appended:
        return actions.prepare_suspension(settings.HOME, link, stop, by=by, secret=secret)

    answer = _signed(request, prepare)
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
        "in_force": queries.suspensions_page(settings.HOME, link).in_force,
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

    def prepare(by: actions.By, secret: str) -> Signing | Appended:
        home = settings.HOME
        return actions.prepare_resumption(home, link, lifted.statement, words=said, by=by, secret=secret)

    answer = _signed(request, prepare)
    if isinstance(answer, list):
        return render(request, "links/resume.html", {**shown, "errors": answer}, status=422)
    return _onwards(link, answer)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: PersonRequest, link: str, number: int) -> HttpResponse:
    row = chosen(link).row
    try:
        found = signing(number)
    except UnknownDraftError as error:
        raise Http404 from error
    if found.draft.link != link:
        raise Http404
    shown = {
        "row": row,
        "page": queries.signing_page(found),
        "has_signed": request.officer.number in found.persons,
    }
    if request.method != "POST":
        return render(request, "links/sign.html", shown)
    if request.POST.get("do") == "put_away":
        actions.put_away(number, by=_by(request))
        return HttpResponseRedirect(reverse("links:suspensions", kwargs={"link": link}))

    def prepare(by: actions.By, secret: str) -> Signing | Appended:
        return actions.sign_prepared(settings.HOME, number, by=by, secret=secret)

    answer = _signed(request, prepare)
    if isinstance(answer, list):
        return render(request, "links/sign.html", {**shown, "errors": answer}, status=422)
    return _onwards(link, answer)


@require_safe
def suspensions(request: PersonRequest, link: str) -> HttpResponse:
    found = chosen(link)
    page = queries.suspensions_page(settings.HOME, found)
    return render(request, "links/suspensions.html", {"row": found.row, "page": page})


def _onwards(link: str, answer: Signing | Appended) -> HttpResponse:
    if isinstance(answer, Signing):
        return HttpResponseRedirect(reverse("links:sign", kwargs={"link": link, "number": answer.number}))
    return HttpResponseRedirect(reverse("links:suspensions", kwargs={"link": link}))


def _by(request: PersonRequest) -> actions.By:
    return actions.By(officer=request.officer, key=f"page-{request.officer.number}", now=request.now)


def _signed(request: PersonRequest, run: Signed) -> Signing | Appended | Errors:
    """Return what came of signing as this person, who gives the secret anew; or what stood in the way."""
    secret = request.POST.get("secret", "")
    try:
        recognise_officer(request.officer.name, secret=secret, now=request.now)
        return run(_by(request), secret)
    except WaitError as error:
        return [("secret", _("Wait %(seconds)d seconds, then try again.") % {"seconds": error.seconds})]
    except RefusedError as error:
        reason = words.label(error.code, words.VOIDS)
        return [("", _("It would be void: %(reason)s.") % {"reason": reason})]
    except (NobodyWritesError, BrokenCoreError, CoreError, StorageError, InTransactionError):
        return [("", _("Core did not answer. Press the same button once more: it is then written once."))]
    except tuple(_hindrances()) as error:
        return [_hindrances()[type(error)]]


def _hindrances() -> Mapping[type[Exception], tuple[str, str]]:
    """Return what to say, and at which field, where a person may not sign, or not so."""
    not_yours = ("secret", _("This secret does not open your key."))
    no_key = ("", _("You have no key that counts on this link. The administrator has it enrolled."))
    return {
        WrongSecretError: not_yours,
        WrongKeySecretError: not_yours,
        actions.NotEnrolledError: no_key,
        NoKeyError: no_key,
        KeysError: no_key,
        actions.SignedAlreadyError: ("", _("You have signed this already. It takes another officer.")),
        NotAllowedError: ("", _("A viewer may look, not act.")),
        UnknownDraftError: ("", _("It was said or put away meanwhile.")),
    }


def _faults(fields: tuple[str, ...]) -> Errors:
    said = {
        "scope": _("Choose what is to be stopped."),
        "reason": _("Choose a reason."),
        "until": _("This is no day."),
        "text_en": _("State it in English."),
        "text_zh": _("State it in Chinese."),
    }
    return [(field, said[field]) for field in fields]
