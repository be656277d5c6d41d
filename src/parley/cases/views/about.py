"""The joint cases to which something belongs, as its page shows them: a piece of a page (`ui/slots.py`)."""

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from parley.agencies.policy import may_act
from parley.agencies.queries import OfficerRow
from parley.cases.queries import cases_about, has_mentions
from parley.cases.views.showing.telling import in_language, state_text
from parley.ledger.readers import link_called, reader_of
from parley.protocol.act import id_text, read_id

SHOWN = 20
LOOKED_AT = 500


def cases_of_thread(request: HttpRequest, link: str, thread: str) -> SafeString:
    """Return the cases that arose from `thread`, or are linked to what was said in it, and where one begins.

    `thread` is an inquiry, a call or an offer. Of a long one the first statements count.
    """
    reader = reader_of(settings.HOME)
    row = None if reader is None else reader.row(link, read_id(thread))
    if reader is None or row is None:
        return SafeString("")
    # Hardly anything belongs to a case, and what was said in a thread may be much.
    said = reader.rows(link, thread=row.statement, void=0)[:LOOKED_AT] if has_mentions(link) else ()
    rows = cases_about(link, thread, *(id_text(each.statement) for each in said))
    found = link_called(settings.HOME, link)
    officer: OfficerRow = request.officer  # type: ignore[attr-defined]  # agencies/middleware.py puts it there
    page = {
        "lines": [(each, in_language(each.title), state_text(each)) for each in rows[:SHOWN]],
        "more": max(0, len(rows) - SHOWN),
        "link_name": link,
        "place": row.place.replace(" ", "-"),
        "may_propose": may_act(officer.role) and found is not None and found.terms is not None,
    }
    return render_to_string("cases/_about.html", page, request)
