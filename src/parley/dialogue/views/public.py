"""What is public of a round: the list, who released it and when, and the files by which anybody checks it.

These pages ask for no person. Nothing is shown here before this node itself has released the list; and what
is shown is what the page `outcome.html` finds out by itself, without this node (Spec §17.10.4, §17.10.5).
Whoever has a copy is told by its tag that it is still so, and nothing is made anew for that.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest, public
from parley.dialogue.queries import BusyError, PublicList, files_of, held_list, public_lists

LATER_SECONDS: Final = 2
_View = TypeVar("_View", bound=Callable[..., HttpResponse])


def _in_turn(view: _View) -> _View:
    """Answer that it has to wait for a second where strangers ask for too much at once."""

    @wraps(view)
    def answer(request: HttpRequest, **where: str) -> HttpResponse:
        try:
            return view(request, **where)
        except BusyError:
            response = render(request, "dialogue/busy.html", status=503)
            response.headers["Retry-After"] = str(LATER_SECONDS)
            return response

    return cast("_View", answer)  # it takes and gives what the view does


@public
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Answer with what this node has made public, each with the way to its page."""
    found = public_lists(settings.HOME)
    tag = _tag(request, hashlib.sha256(repr(found).encode()).hexdigest()[:16])
    known = None if tag is None else get_conditional_response(request, etag=tag)
    return _tagged(known or render(request, "dialogue/public_lists.html", {"lines": found}), tag)


@public
@require_safe
@_in_turn
def outcome(request: PersonRequest, digest: str) -> HttpResponse:
    found = _found(request, digest)
    tag = _tag(request, f"{digest[:16]}-{len(found.sealed_times)}")
    known = None if tag is None else get_conditional_response(request, etag=tag)
    return _tagged(known or _page(request, found), tag)


def _tag(request: PersonRequest, state: str) -> str | None:
    """Return by what a copy of a page of this `state` is known; None for a person.

    The frame of a page is a person's own; whoever is nobody has the same one as everybody else.
    """
    return f'W/"{state}-{get_language()}"' if request.visitor is None else None


def _page(request: HttpRequest, found: PublicList) -> HttpResponse:
    page = {
        "page": found,
        "clauses": found.found.outcomes.clauses,
        "released": found.sealed_at.items(),
        "files": sorted(files_of(found.found)),
    }
    return render(request, "dialogue/public.html", page)


@public
@require_safe
@_in_turn
def file(request: PersonRequest, digest: str, name: str) -> HttpResponse:
    """Answer with one of the files, to be kept."""
    content = files_of(_found(request, digest).found).get(name)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    tag = f'"{hashlib.sha256(content).hexdigest()}"'
    return _tagged(get_conditional_response(request, etag=tag, response=response) or response, tag)


def _tagged(response: HttpResponse, tag: str | None) -> HttpResponse:
    if tag is not None:
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "no-cache"
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


def _found(request: PersonRequest, digest: str) -> PublicList:
    found = held_list(settings.HOME, digest, now=request.now)
    if found is None:
        raise Http404
    return found
