"""`ledger.append` of 256 inquiries: check, seal, store, fold, commit, sign and answer."""

from pathlib import Path

from tests.two_nodes.pair import A, Pair
from tools.measures.bare import Bare
from tools.measures.draft import BATCH, drafts
from tools.measures.spans import ROUNDS, Row, of_bare, seconds

LEAST = 0.5


def measure(folder: Path) -> Row:
    """Return the rate of appending beside that of the bare loop."""
    bare, pair = Bare(folder), Pair(folder)

    def append() -> float:
        some = drafts(BATCH)
        return seconds(lambda: pair.ledgers[A].append(some))

    turns = [(seconds(lambda: bare.batch(BATCH)), append()) for _ in range(ROUNDS + 1)][1:]
    pair.stop()
    bare.close()
    return of_bare("append_batch", turns, count=BATCH, least=LEAST)
