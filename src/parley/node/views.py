"""What a node shows before it has pages: its name, and that it lives."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.work.home import Home, node_name

PLAIN = "text/plain; charset=utf-8"


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    home: Home = settings.HOME
    return render(request, "front.txt", {"node": node_name(home)}, content_type=PLAIN)


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type=PLAIN)
