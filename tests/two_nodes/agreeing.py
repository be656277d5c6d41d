"""Terms that list more kinds than the default ones, agreed by both sides."""

from collections.abc import Iterable

from parley.protocol.kinds import VERSIONS
from parley.protocol.terms import default_terms
from tests.two_nodes.pair import WORLD, A, B, Pair
from tests.two_nodes.persons import bring, prepared_draft, signed


def agree(pair: Pair, kinds: Iterable[str]) -> None:
    """Have both sides open the link anew, on terms that list `kinds` too."""
    calendars = {node: pair.offer(node).calendar for node in (A, B)}
    terms = default_terms(calendars, world=WORLD, kinds={**VERSIONS, **dict.fromkeys(kinds, 1)})
    act = next(row.act for row in pair.rows(A) if row.kind == "link.opened")
    assert act is not None
    for node in (A, B):
        draft = prepared_draft(pair, node, "link.opened", {**act.d, "terms": terms})
        bring(pair, node, signed(pair, node, draft))
    pair.settle()
