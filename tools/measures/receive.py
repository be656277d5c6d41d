"""`ledger.accept` of a parcel of 256 inquiries: open, verify, store, fold, commit, receipt and answer."""

import statistics
from pathlib import Path

from parley.protocol.parcel import Parcel
from tests.two_nodes.pair import A, B, Pair
from tools.measures.bare import Bare
from tools.measures.draft import BATCH, LINK, drafts
from tools.measures.spans import ROUNDS, Row, of_bare, seconds
from tools.measures.taker import SUITE, Taker

LEAST = 0.5


def measure(folder: Path) -> Row:
    """Return the rate of receiving beside that of the bare receiver, and of the bare loop, which writes."""
    bare, pair = Bare(folder), Pair(folder)
    taker = _taker(folder, pair)
    turns = [_turn(bare, pair, taker) for _ in range(ROUNDS + 1)][1:]
    pair.stop()
    taker.close()
    bare.close()
    row = of_bare("receive_batch", [turn[:2] for turn in turns], count=BATCH, least=LEAST)
    writing = statistics.median(written / span for _, span, written in turns)
    figures = row.figures | {"of_bare_writing": round(writing, 3)}
    return Row(name=row.name, figures=figures, gate=row.gate, is_within=row.is_within)


def _turn(bare: Bare, pair: Pair, taker: Taker) -> tuple[float, float, float]:
    """Return how long one parcel takes the bare receiver, and us, and how long the loop needs to write it."""
    pair.settle()
    pair.ledgers[A].append(drafts(BATCH))
    raw = pair.ledgers[A].compose(LINK)
    assert raw is not None
    held = pair.standing(B).theirs.tree
    return (
        seconds(lambda: taker.take(raw, held=held)),
        seconds(lambda: pair.ledgers[B].accept(raw)),
        seconds(lambda: bare.batch(BATCH)),
    )


def _taker(folder: Path, pair: Pair) -> Taker:
    slot = pair.ledgers[B]._slot(LINK)  # noqa: SLF001 - its keys are what it opens with
    facts, sealed_to = slot.facts, slot.cards.at_have.seal_x_wing
    parcel = Parcel(sender=facts.me, receiver=facts.peer, channel=facts.channel)
    (private,) = (each.seal for each in pair.keys(B).sets if SUITE.x_wing_public(each.seal) == sealed_to)
    return Taker(folder, parcel=parcel, theirs=slot.cards.theirs, seal_private=private)
