"""From an address to a commitment or a round: the link, the thread in the record, and all its page shows."""

from django.conf import settings
from django.http import Http404

from parley.dialogue.queries import CommitmentDossier, RoundDossier, UnknownThreadError, page_of
from parley.ledger.readers import OpenLink, link_called, reader_of
from parley.protocol.dialogue.bodies import OPENINGS, Frozen
from parley.protocol.dialogue.meeting import Round
from parley.protocol.places import addressed_place


class SoonError(Exception):
    """It stands in the record, and its row is not written yet: a moment later it is."""


def opened_link(link: str) -> OpenLink:
    """Return the link of this name.

    Raises:
        Http404: there is none.
    """
    found = link_called(settings.HOME, link)
    if found is None:
        raise Http404
    return found


def find_thread(link: str, place: str, *, now: int) -> CommitmentDossier | RoundDossier:
    """Return what was proposed at `place` (``A-112``) of `link`, as it is at `now`.

    Raises:
        Http404: there is no such link or statement, or nothing of this room was proposed there.
        SoonError: it is in the record alone.
    """
    try:
        return page_of(settings.HOME, link, place, now=now)
    except UnknownThreadError as error:
        if _is_recorded(link, place):
            raise SoonError from error
        raise Http404 from error


def find_frozen(link: str, place: str, *, now: int) -> tuple[RoundDossier, Round, Frozen]:
    """Return the round at `place` of `link`, its fold, and its outcome list as both sides have frozen it.

    Raises:
        Http404: there is no such round, or its list is not frozen by both.
        SoonError: it is in the record alone.
    """
    dossier = find_thread(link, place, now=now)
    meeting = dossier.round if isinstance(dossier, RoundDossier) else None
    frozen = None if meeting is None else meeting.outcome.agreed
    if not isinstance(dossier, RoundDossier) or meeting is None or frozen is None:
        raise Http404
    return dossier, meeting, frozen


def _is_recorded(link: str, place: str) -> bool:
    reader, where = reader_of(settings.HOME), addressed_place(place)
    if reader is None or where is None or link_called(settings.HOME, link) is None:
        return False
    statement = reader.find(link, where.text)
    row = None if statement is None else reader.row(link, statement)
    return row is not None and row.kind in OPENINGS
