"""Who asks for a page. Every door is shut unless it says otherwise: without a person, only `public` pages.

    session   officer, begun, seen (unix seconds); idle 15 minutes or 8 hours in all end it,
              but not while the officer has the watch: nobody is signed out of a desk that rings (U-34)
    person    read anew for each page: whoever was disabled is out at once
    viewer    may only look: every other method is refused, but where `viewer_may` stands

A form that arrives without a person, because the session ended while somebody typed, is not
lost: the sign-in page carries its fields along, and afterwards offers to go on with them. It
bears our own token, or it would not have come this far, so nobody else can plant one.

Source: security §7 (A1, A7, S2, S3); screens §14, E-20.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from parley.agencies.policy import may_act
from parley.agencies.queries import OfficerRow, active_officers, officer_of_session
from parley.ledger.home import DEMO, read_config
from parley.work import clock
from parley.work.home import Home

IDLE_SECONDS: Final = 15 * 60
TOTAL_SECONDS: Final = 8 * 3600
TOUCH_SECONDS: Final = 60
"""A session is written down at most so often, so that looking costs no writing."""
UNATTENDED: Final = "Parley-Unattended"
"""A header that our own scripts send with what no person asked for, such as a part that refreshes itself."""
MAX_KEPT: Final = 2 * 1024 * 1024
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

Answer = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., HttpResponse])


class PersonRequest(HttpRequest):
    """A request as views see it: read once at the edge, the clock and the person."""

    session: SessionBase
    now: int
    """Unix seconds."""
    officer: OfficerRow
    """Views marked `public` must look into `visitor` instead."""
    visitor: OfficerRow | None
    ends_at: int
    """When the session ends if nobody touches anything."""


def public(view: View) -> View:
    """Mark a view that answers without a person."""
    view.is_public = True  # type: ignore[attr-defined] # a mark, read in `People`
    return view


def viewer_may(view: View) -> View:
    """Mark a view whose forms a viewer may send, too."""
    view.viewer_may = True  # type: ignore[attr-defined] # likewise
    return view


def streamed(view: View) -> View:
    """Mark a view that takes a file of any size: nobody reads the body before it is known who asks."""
    view.is_streamed = True  # type: ignore[attr-defined] # likewise
    return view


def unattended(view: View) -> View:
    """Mark a view that pages ask by themselves: it keeps no session alive."""
    view.is_unattended = True  # type: ignore[attr-defined] # likewise
    return view


def begin_session(request: HttpRequest, officer: OfficerRow, *, now: int) -> None:
    """Begin a session of `officer`, under a new key: one that was known before is worth nothing."""
    request.session.flush()
    request.session["officer"] = officer.number
    request.session["begun"] = request.session["seen"] = now


class Languages:
    """Speaks the person's language, or before there is a person the cookie's, or the browser's."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in dict(settings.LANGUAGES):
            chosen = translation.get_language_from_request(request)
        with translation.override(chosen):
            response = self._answer(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
        return response


class People:
    """Finds out who asks, and whether they may."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        request.now = now  # type: ignore[attr-defined] # PersonRequest
        request.visitor = _visitor(request, now=now)  # type: ignore[attr-defined] # likewise
        return self._answer(request)

    def process_view(
        self, request: PersonRequest, view: Callable[..., HttpResponse], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Return the page that says no, or None where the view may answer."""
        officer = request.visitor
        if officer is None:
            if getattr(view, "is_public", False):
                return None
            return _sign_in(request, keeps=not getattr(view, "is_streamed", False))
        request.officer = officer
        has_watch = officer.watch_from is not None
        request.ends_at = request.now + IDLE_SECONDS if has_watch else _end_of(request.session)
        if has_watch or not (getattr(view, "is_unattended", False) or UNATTENDED in request.headers):
            _touch(request.session, now=request.now)
        if request.method in SAFE or may_act(officer.role) or getattr(view, "viewer_may", False):
            return None
        return render(request, "agencies/viewer.html", status=403)


def _visitor(request: HttpRequest, *, now: int) -> OfficerRow | None:
    number, begun = request.session.get("officer"), request.session.get("begun")
    if not isinstance(number, int) or not isinstance(begun, int):
        return None
    officer = officer_of_session(number, begun=begun)
    if officer is None:
        return None
    # A session that was over before the watch began stays over.
    lasts_from = now if officer.watch_from is None else officer.watch_from
    return officer if lasts_from < _end_of(request.session) else None


def _end_of(session: SessionBase) -> int:
    return int(min(session["seen"] + IDLE_SECONDS, session["begun"] + TOTAL_SECONDS))


def _touch(session: SessionBase, *, now: int) -> None:
    if now - session["seen"] >= TOUCH_SECONDS:
        session["seen"] = now


def _sign_in(request: PersonRequest, *, keeps: bool) -> HttpResponse:
    # A link from another page brings no cookie along (SameSite): a page of ours that leads to
    # itself does, so whoever is signed in is not asked again.
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method == "GET":
        return render(request, "agencies/once_more.html", {"next": request.get_full_path()})
    if _is_asked_by_script(request):
        return HttpResponse(status=401)
    page = {
        "next": request.get_full_path(),
        "kept": _kept_fields(request) if keeps else (),
        "was_signed_in": "officer" in request.session,
    }
    return sign_in_page(request, page, status=200 if request.method in SAFE else 401)


def sign_in_page(request: HttpRequest, page: dict[str, object], *, status: int = 200) -> HttpResponse:
    """Return the page at which people sign in; in world `demo` with a card for each person."""
    return render(request, "agencies/sign_in.html", page | {"cards": cards()}, status=status)


def cards() -> tuple[OfficerRow, ...]:
    """Return who may be signed in with one click: everybody in world `demo`, nobody in any other."""
    home: Home = settings.HOME
    return active_officers() if read_config(home).world == DEMO else ()


def _is_asked_by_script(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Mode") not in {None, "navigate"}


def _kept_fields(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    if request.method in SAFE:
        return ()
    fields = tuple(
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    )
    return fields if sum(len(value) for _name, value in fields) <= MAX_KEPT else ()
