"""Whether the node lives, and what a page says when it cannot be shown."""

import sys
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from parley.agencies.middleware import public
from parley.work.room import is_out_of_room

PLAIN = "text/plain; charset=utf-8"
RETRY_SECONDS: Final = 60


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Show the sheet of keys (`static/ui/keys.js`)."""
    return render(request, "node/keys.html")


@public
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type=PLAIN)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django calls it so
    """Say that a form did not come from a page of ours, or from one of another session."""
    return render(request, "node/form_refused.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - likewise
    return render(request, "node/bad_request.html", status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - likewise
    return render(request, "node/not_found.html", status=404)


def broken(_request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, or the disk full, on a page that needs nothing: the frame may be broken."""
    # Django calls this while it handles the exception, and hands over nothing of it.
    if is_out_of_room(sys.exc_info()[1]):
        later = {"Retry-After": str(RETRY_SECONDS)}
        return HttpResponse(render_to_string("node/full.html"), status=503, headers=later)
    return HttpResponse(render_to_string("node/broken.html"), status=500)
