"""Signing in and out, and what a person sets for himself or herself."""

import secrets
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.agencies.actions import (
    WaitError,
    WrongSecretError,
    end_sessions,
    note_act,
    recognise_officer,
    speak,
)
from parley.agencies.forms import NotAPasskeyError, read_passkey, rp_of
from parley.agencies.middleware import PersonRequest, begin_session, cards, public, sign_in_page, viewer_may
from parley.agencies.queries import OfficerRow
from parley.ledger.keys import KeysError
from parley.ledger.passkeys import keep_passkey, passkey_of
from parley.ui.looks import THEMES, Looks, keep_looks
from parley.work.limit import Limit

TRIES: Final = Limit(times=20, seconds=60)
"""For each address from which people sign in. Each account also has waits of its own."""
CHALLENGE: Final = "passkey"
KEPT: Final = "kept-"
"""Fields of a form that came when the session had ended, on their way through the sign-in page."""


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: PersonRequest) -> HttpResponse:
    page = _page(request)
    if request.method != "POST":
        return sign_in_page(request, page)
    wait = TRIES.seconds_to_wait(str(request.META.get("REMOTE_ADDR", "")), now=request.now)
    name = request.POST.get("name", "")
    if wait:
        return sign_in_page(request, page | {"wait": wait, "name": name}, status=429)
    try:
        officer = recognise_officer(name, secret=request.POST.get("secret", ""), now=request.now)
    except WaitError as error:
        return sign_in_page(request, page | {"wait": error.seconds, "name": name}, status=429)
    except WrongSecretError:
        return sign_in_page(request, page | {"is_wrong": True, "name": name}, status=401)
    return _let_in(request, officer)


@public
@require_POST
def sign_in_as(request: PersonRequest, number: int) -> HttpResponse:
    """One click for each person of the play: world `demo` alone, which no other computer can reach."""
    officer = next((each for each in cards() if each.number == number), None)
    if officer is None:
        raise Http404
    return _let_in(request, officer)


def _let_in(request: PersonRequest, officer: OfficerRow) -> HttpResponse:
    begin_session(request, officer, now=request.now)
    note_act("officer.signed_in", officer=officer.number, subject="", now=request.now)
    kept = _kept(request)
    if kept:
        request.visitor = officer
        response = render(request, "agencies/go_on.html", {"next": _next(request), "kept": kept})
    else:
        response = HttpResponseRedirect(_next(request))
    return _speaking(response, officer.language)


@viewer_may
@require_POST
def sign_out(request: PersonRequest) -> HttpResponse:
    if request.POST.get("everywhere"):
        end_sessions(request.officer.number, now=request.now)
    note_act("officer.signed_out", officer=request.officer.number, subject="", now=request.now)
    request.session.flush()
    return HttpResponseRedirect(reverse("agencies:sign_in"))


@public
@viewer_may
@require_POST
def set_language(request: PersonRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    if request.visitor is not None:
        speak(request.visitor.number, language=language)
    return _speaking(HttpResponseRedirect(_next(request)), language)


@viewer_may
@require_POST
def set_looks(request: PersonRequest) -> HttpResponse:
    """Keep how pages look on this computer, and whether single keys do something."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        raise Http404
    response = HttpResponseRedirect(reverse("agencies:profile"))
    keep_looks(response, Looks(theme=theme, keys=request.POST.get("keys") == "on"))
    return response


@require_http_methods(["GET", "HEAD"])
def profile(request: PersonRequest) -> HttpResponse:
    return render(request, "agencies/profile.html", passkey_page(request))


def _speaking(response: HttpResponse, language: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        translation.get_supported_language_variant(language.lower()),
        max_age=365 * 86_400,
        secure=settings.IS_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def _page(request: PersonRequest) -> dict[str, object]:
    return {"next": _next(request), "kept": _kept(request)}


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours and wanted.startswith("/") else "/"


def _kept(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.removeprefix(KEPT), str(value))
        for name, values in request.POST.lists()
        if name.startswith(KEPT)
        for value in values
    )


# ---- A passkey of one's own


@require_POST
def passkey(request: PersonRequest) -> HttpResponse:
    try:
        recognise_officer(request.officer.name, secret=request.POST.get("secret", ""), now=request.now)
        challenge = str(request.session.pop(CHALLENGE, ""))
        made = read_passkey(request.POST.dict(), challenge=challenge, host=request.get_host())
    except WaitError as error:
        wait = _("Wait %(seconds)d seconds, then try again.") % {"seconds": error.seconds}
        return _passkey_again(request, "secret", wait)
    except WrongSecretError:
        return _passkey_again(request, "secret", _("This is not your secret."))
    except NotAPasskeyError:
        return _passkey_again(
            request, "", _("The device made no key for this page. Nothing was kept. Try once more.")
        )
    keep_passkey(settings.HOME, request.officer.number, made)
    note_act("officer.passkey_made", officer=request.officer.number, subject="", now=request.now)
    return HttpResponseRedirect(f"{reverse('agencies:profile')}#passkey")


def passkey_page(request: PersonRequest) -> dict[str, object]:
    """Return what the page of an officer shows of the passkey, with a challenge for a new one."""
    challenge = secrets.token_urlsafe(32)
    request.session[CHALLENGE] = challenge
    try:
        held = passkey_of(settings.HOME, request.officer.number)
    except KeysError:
        held = None
    return {"challenge": challenge, "host": rp_of(request.get_host()), "passkey": held, "errors": []}


def _passkey_again(request: PersonRequest, field: str, text: str) -> HttpResponse:
    page = passkey_page(request) | {"errors": [(field, text)]}
    return render(request, "agencies/profile.html", page, status=422)
