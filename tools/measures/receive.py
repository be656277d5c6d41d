"""`ledger.accept` of a parcel of 256 inquiries: open, verify, store, fold, commit, receipt and answer."""

from pathlib import Path

from tests.two_nodes.pair import A, B, Pair
from tools.measures.bare import Bare
from tools.measures.draft import BATCH, LINK, drafts
from tools.measures.spans import Row, in_turn, of_bare, seconds

LEAST = 0.4


def measure(folder: Path) -> Row:
    """Return the rate of receiving beside that of the bare loop, which writes as many."""
    bare, pair = Bare(folder), Pair(folder)

    def receive() -> float:
        pair.settle()
        pair.ledgers[A].append(drafts(BATCH))
        raw = pair.ledgers[A].compose(LINK)
        assert raw is not None
        return seconds(lambda: pair.ledgers[B].accept(raw))

    bare_span, span = in_turn(lambda: seconds(lambda: bare.batch(BATCH)), receive)
    pair.stop()
    bare.close()
    return of_bare("receive_batch", span, bare_span, count=BATCH, least=LEAST)
