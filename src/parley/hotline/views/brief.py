"""Five lines before one calls: how things stand with this side, drafted from the record.

Source: screens D25, §16.14; the issue of the hotline.
"""

from dataclasses import dataclass

from django.conf import settings

from parley.hotline.queries import CallRow, list_calls, list_open
from parley.hotline.queries.directory import directory_of
from parley.hotline.views.finding import standing_of
from parley.inquiries.queries.paging import Counts, count_for
from parley.ledger.readers import OpenLink
from parley.links.queries.standing import Standing
from parley.protocol.directory import Point

LAST_CALLS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What is good to know before one speaks: the line, what is open, last calls, hours, offices."""

    standing: Standing | None
    counts: Counts
    open_calls: tuple[CallRow, ...]
    last_calls: tuple[CallRow, ...]
    is_office_time: bool
    opens_at: int | None
    offices: tuple[Point, ...]


def brief(link: OpenLink, *, now: int) -> Brief:
    """Return the brief about `link`, whose terms are in force."""
    name = link.row.link
    calendar = None if link.terms is None else link.terms.calendars.get(link.row.peer)
    opens_at = None if calendar is None else calendar.opening(now)
    return Brief(
        standing=standing_of(name, now=now),
        counts=count_for(name, now=now),
        open_calls=list_open(now=now, link=name, limit=LAST_CALLS),
        last_calls=list_calls(now=now, link=name, is_open=False, limit=LAST_CALLS).rows,
        is_office_time=opens_at == now,
        opens_at=opens_at,
        offices=directory_of(settings.HOME, name)[1].points,
    )
