"""Whom to call: one page for `Shift+C`, which goes on at once where there is only one to be called."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.ledger.readers import links_of, side_name


def callable_links() -> tuple[tuple[str, str], ...]:
    """Return every link on which calls are agreed, with the other side's name."""
    return tuple(
        (link.row.link, side_name(link.row))
        for link in links_of(settings.HOME)
        if link.terms is not None and link.terms.hotline is not None
    )


@require_safe
def choose(request: PersonRequest) -> HttpResponse:
    links = callable_links() if may_act(request.officer.role) else ()
    if len(links) == 1:
        ((name, _side),) = links
        return redirect("hotline:new", link=name)
    return render(request, "hotline/choose.html", {"callable_links": links})
