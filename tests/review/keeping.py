"""The rows of node A, told when a test says so, and its account with them and without."""

from django.db import connections

from parley.ledger.reviewing import figures_of, newest_cut
from parley.node.projector import Projector, projections
from parley.protocol.review.account import raw
from parley.protocol.review.bodies import CutProposed
from parley.review.queries.kept import figures_kept
from tests.two_nodes.pair import LINK, MONDAY, A, Pair

YEAR = 366 * 86_400
SINCE, UNTIL = MONDAY - YEAR, MONDAY + YEAR
MODULES = ("parley.review.projection",)


def tell(pair: Pair) -> None:
    """Tell the rows what the record says, as the projector does."""
    with pair.reader(A) as reader:
        Projector(reader=reader, modules=projections(MODULES)).catch_up()


def forget() -> None:
    """Leave no rows and no watermark, as on a node that was restored: no backup holds rows."""
    projections(MODULES)[0].empty()
    with connections["view"].cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS watermark")


def both(pair: Pair, cut: CutProposed) -> tuple[bytes, bytes]:
    """Return the account with what is kept, and counted anew."""
    with pair.reader(A) as reader:
        return raw(figures_kept(reader, LINK, cut)), raw(figures_of(reader, LINK, cut))


def newest(pair: Pair, *, since: int = SINCE, until: int = UNTIL) -> CutProposed:
    """Return the largest cut that A knows both hold."""
    with pair.reader(A) as reader:
        return newest_cut(reader, LINK, since=since, until=until)
