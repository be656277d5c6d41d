"""The calls that an inquiry led to, as its page shows them: a piece of a page (`ui/slots.py`)."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from parley.hotline.queries import CallRow, calls_about
from parley.hotline.views.showing.contents import Head, head_of
from parley.ui import callwords, words

SHOWN = 20


def calls_of_inquiry(request: HttpRequest, link: str, thread: str) -> SafeString:
    """Return the calls that cite the inquiry `thread`, newest first; empty if there are none."""
    rows = calls_about(link, thread)
    if not rows:
        return SafeString("")
    now: int = request.now  # type: ignore[attr-defined]  # agencies/middleware.py puts it there
    page = {
        "lines": [_line(row, now=now) for row in rows[:SHOWN]],
        "more": max(0, len(rows) - SHOWN),
        "link_name": link,
    }
    return render_to_string("hotline/_about.html", page, request)


def _line(row: CallRow, *, now: int) -> tuple[CallRow, Head, str]:
    return row, head_of(row, now=now), words.label(row.what, callwords.WHATS)
