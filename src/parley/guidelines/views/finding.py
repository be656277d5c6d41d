"""From an address to a link that is open, its record, and a text on its table."""

from collections.abc import Mapping

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from parley.guidelines.policy import Move, Stand
from parley.guidelines.queries import DraftRow, UnknownDraftError, find_draft
from parley.ledger.readers import OpenLink, reader_of
from parley.ledger.reading import Reader
from parley.links.views.links import chosen


def opened(link: str) -> tuple[OpenLink, Reader]:
    """Return the link of this name, which is open, and the record.

    Raises:
        Http404: there is none, or it is not open.
    """
    found, reader = chosen(link), reader_of(settings.HOME)
    if found.terms is None or reader is None:
        raise Http404
    return found, reader


def drafted(reader: Reader, link: OpenLink, place: str, *, now: int) -> DraftRow:
    """Return the text at `place`.

    Raises:
        Http404: there is none.
    """
    try:
        return find_draft(reader, link.row, place, now=now)
    except UnknownDraftError as error:
        raise Http404 from error


def stand_chip(stand: Stand) -> tuple[str, str]:
    """Return the sign and the words of how a text stands."""
    said: Mapping[Stand, tuple[str, str]] = {
        Stand.PROPOSED: ("soon", _("on the table")),
        Stand.SIGNED_BY_US: ("ours", _("signed by us")),
        Stand.SIGNED_BY_THEM: ("theirs", _("signed by them")),
        Stand.AGREED: ("proved", _("agreed, not in force yet")),
        Stand.IN_FORCE: ("proved", _("in force")),
        Stand.SUPERSEDED: ("plain", _("superseded")),
        Stand.WITHDRAWN: ("plain", _("withdrawn")),
        Stand.LAPSED: ("plain", _("lapsed: its day came without both signatures")),
    }
    return said[stand]


def move_chip(move: Move) -> tuple[str, str]:
    """Return the sign and the words of whose move it is."""
    said: Mapping[Move, tuple[str, str]] = {
        Move.US: ("ours", _("our move")),
        Move.THEM: ("theirs", _("their move")),
        Move.BOTH: ("ours", _("both sides' move")),
        Move.NOBODY: ("plain", _("nobody's move")),
    }
    return said[move]
