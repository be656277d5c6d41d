"""What is due, new and late: where everybody begins, and what a director reads over somebody's shoulder."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.today import queries
from parley.today.views.looking import since_of


@require_safe
def desk(request: PersonRequest) -> HttpResponse:
    page = queries.desk(settings.HOME, now=request.now, since=since_of(request))
    return render(request, "today/desk.html", {"desk": page})
