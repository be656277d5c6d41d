"""The joint cases to which an inquiry belongs, as its page shows them: a piece of a page (`ui/slots.py`)."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from parley.cases.queries import cases_about
from parley.cases.views.showing.telling import in_language, state_text

SHOWN = 20


def cases_of_inquiry(request: HttpRequest, link: str, thread: str) -> SafeString:
    """Return the cases that arose from the inquiry `thread` or are linked to it; empty if there are none."""
    rows = cases_about(link, thread)
    if not rows:
        return SafeString("")
    lines = [(row, in_language(row.title), state_text(row)) for row in rows[:SHOWN]]
    page = {"lines": lines, "more": max(0, len(rows) - SHOWN), "link_name": link}
    return render_to_string("cases/_about.html", page, request)
