"""What stands beside the figures of a period: the limits that held at its end, and the period before it.

Neither is part of what is signed. Both come from the same record at a cut, so both sides see the same.
"""

from collections.abc import Mapping

from parley.ledger.reading import LinkRow, Reader
from parley.ledger.reviewing import NotHeldError
from parley.protocol.cuts import CutError
from parley.protocol.names import MAIN
from parley.protocol.review.bodies import CutProposed
from parley.protocol.terms import Terms
from parley.review.policy import Stand
from parley.review.queries.kept import figures_kept
from parley.review.queries.reviews import ReviewRow, all_reviews
from parley.review.queries.shown import Curve, curves_of


def terms_at(reader: Reader, link: LinkRow, cut: CutProposed) -> Terms | None:
    """Return the terms in force at the end of the period, by all that is looked at in lane main."""
    past = dict(zip(sorted((link.me, link.peer)), cut.sizes(MAIN), strict=True))
    return reader.link_state(link.name).terms(past, at=cut.until)


def period_before(reader: Reader, link: LinkRow, cut: CutProposed) -> ReviewRow | None:
    """Return the newest review that both signed alike and whose period ended before `cut` begins."""
    found = all_reviews(reader, link)
    joint = [each for each in found if each.stand is Stand.JOINT and each.cut.until <= cut.since]
    return max(joint, key=lambda each: each.cut.until, default=None)


def curves_before(reader: Reader, link: LinkRow, row: ReviewRow | None) -> Mapping[str, Curve]:
    """Return the curves of an earlier review by their names; none where it cannot be looked at here."""
    if row is None:
        return {}
    try:
        return curves_of(figures_kept(reader, link.name, row.cut))
    except (NotHeldError, CutError):
        return {}
