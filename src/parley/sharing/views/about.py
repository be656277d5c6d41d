"""The offers that belong to an inquiry, as its page shows them: a piece of a page (`ui/slots.py`)."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from parley.sharing.queries import shares_about
from parley.sharing.views.showing.telling import state_text

SHOWN = 20


def shares_of_inquiry(request: HttpRequest, link: str, thread: str) -> SafeString:
    """Return the offers that say they belong to the inquiry `thread`; empty if there are none."""
    rows = shares_about(link, thread)
    if not rows:
        return SafeString("")
    now: int = request.now  # type: ignore[attr-defined]  # agencies/middleware.py puts it there
    page = {
        "lines": [(row, state_text(row, now=now)) for row in rows[:SHOWN]],
        "more": max(0, len(rows) - SHOWN),
        "link_name": link,
    }
    return render_to_string("sharing/_about.html", page, request)
