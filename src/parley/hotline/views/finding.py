"""From an address to a call: the link, the thread in the record, and all that its page shows."""

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from parley.hotline.queries import Dossier, UnknownCallError, call_page, is_opening
from parley.inquiries.forms.saying.times import Zones
from parley.ledger.readers import OpenLink, link_called, reader_of
from parley.links.queries.standing import Standing, standings
from parley.protocol.places import addressed_place


class SoonError(Exception):
    """The call stands in the record, and its row is not written yet: a moment later it is."""


def find_call(link: str, place: str, *, now: int) -> Dossier:
    """Return the call that stands at `place` (``A-hot-3``) of `link`, as it is at `now`.

    Raises:
        Http404: there is no such link, no such statement, or it opens no call.
        SoonError: it is in the record alone.
    """
    try:
        return call_page(settings.HOME, link, place, now=now)
    except UnknownCallError as error:
        if _is_recorded(link, place):
            raise SoonError from error
        raise Http404 from error


def _is_recorded(link: str, place: str) -> bool:
    reader, where = reader_of(settings.HOME), addressed_place(place)
    if reader is None or where is None or link_called(settings.HOME, link) is None:
        return False
    statement = reader.find(link, where.text)
    row = None if statement is None else reader.row(link, statement)
    return row is not None and is_opening(row)


def opened_link(link: str) -> OpenLink:
    """Return the link of this name.

    Raises:
        Http404: there is none.
    """
    found = link_called(settings.HOME, link)
    if found is None:
        raise Http404
    return found


def zones_of(link: OpenLink) -> Zones | None:
    """Return the clocks of both sides; None while the link is not open."""
    calendars = {} if link.terms is None else link.terms.calendars
    ours, theirs = calendars.get(link.row.me), calendars.get(link.row.peer)
    return None if ours is None or theirs is None else Zones(ours=ours, theirs=theirs)


def standing_of(link: str, *, now: int) -> Standing | None:
    """Return how the link stands in all its lanes; None if it is gone."""
    return next((each for each in standings(settings.HOME, now=now) if each.name == link), None)


def zone_options() -> tuple[tuple[str, str], ...]:
    """Return whose clock a typed hour can be on."""
    return (("ours", _("our clock")), ("theirs", _("their clock")), ("utc", _("Zulu (UTC)")))
