"""From an address to a link that is open, a review of it, and its figures; and the words of codes."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from parley.ledger.readers import OpenLink, reader_of
from parley.ledger.reading import LinkRow, Reader
from parley.ledger.reviewing import NotHeldError
from parley.links.views.links import chosen
from parley.protocol.cuts import CutError
from parley.protocol.review.account import digest
from parley.protocol.review.bodies import CutProposed
from parley.protocol.review.figures import Figures
from parley.review.policy import Move, Stand
from parley.review.queries import ReviewRow, Shown, UnknownReviewError, figures_kept, find_review, shown
from parley.ui import callwords, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """What this node computes at a cut: the figures, as they are shown, and their digest."""

    figures: Figures
    shown: Shown
    digest: str


def opened(link: str) -> tuple[OpenLink, Reader]:
    """Return the link of this name, which is open, and the record.

    Raises:
        Http404: there is none, or it is not open.
    """
    found, reader = chosen(link), reader_of(settings.HOME)
    if found.terms is None or reader is None:
        raise Http404
    return found, reader


def reviewed(reader: Reader, link: OpenLink, place: str) -> ReviewRow:
    """Return the review at `place`.

    Raises:
        Http404: there is none.
    """
    try:
        return find_review(reader, link.row, place)
    except UnknownReviewError as error:
        raise Http404 from error


def computed(reader: Reader, link: LinkRow, cut: CutProposed) -> Computed | str:
    """Return what this node computes at a cut, or why it computes nothing there."""
    try:
        figures = figures_kept(reader, link.name, cut)
    except NotHeldError:
        return _("The cut takes in more than this node holds by now.")
    except CutError:
        return _("The cut leaves out what one side had seen by then: no review is held at it.")
    return Computed(figures=figures, shown=shown(figures, link), digest=digest(figures))


def stand_chip(stand: Stand) -> tuple[str, str]:
    """Return the sign and the words of how a review stands."""
    said: Mapping[Stand, tuple[str, str]] = {
        Stand.PROPOSED_BY_US: ("ours", _("cut proposed by us")),
        Stand.PROPOSED_BY_THEM: ("theirs", _("cut proposed by them")),
        Stand.AGREED: ("soon", _("cut agreed")),
        Stand.SIGNED_BY_US: ("ours", _("signed by us")),
        Stand.SIGNED_BY_THEM: ("theirs", _("signed by them")),
        Stand.JOINT: ("proved", _("joint: both signed the same figures")),
        Stand.CONTRADICTED: ("failed", _("the sides signed different figures")),
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


def code_text(code: str) -> str:
    """Return what a number counts, in words; a code that nobody has words for as it is."""
    own = {
        "inquiries": _("inquiries"),
        "items": _("items"),
        "closed": _("closed"),
        "returned": _("returned for supplement"),
        "disputed": _("contested"),
        "rated": _("rated"),
        "outcome": _("outcome notified"),
        "whole": _("counted"),
        "met": _("in time"),
        "missed": _("late"),
        "overdue": _("open, overdue"),
        "open": _("open, in time"),
        "calls": _("calls"),
        "taken": _("taken by a person"),
        "principals": _("taken by a principal's office"),
        "corrected": _("read back with something wrong"),
        "service": _("calls about the line"),
        "test": _("test calls"),
    }
    if code in own:
        return own[code]
    tables = (words.STATES, words.FINDINGS, words.GROUNDS, callwords.ENDINGS)
    return next((words.label(code, table) for table in tables if code in table), code)


def of_text(by: str, of: str) -> str:
    """Return what a part tells apart, in words."""
    match by:
        case "item":
            return words.label(of, words.COOPERATION)
        case "urgency":
            return words.urgency(of)
        case _:
            return {"phishing_site": _("phishing site"), "information": _("information")}.get(of, of)
