"""The review of a link, computed from the record at a cut; and what another text would have done to a period.

What the figures are is told in `protocol/review/`. Here the lanes are read up to the cut, one thread after
the other, so that a page, a command and the other node come to the same bytes. Source: Spec §18.3.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from parley.ledger.links import read_facts
from parley.ledger.reading import Reader
from parley.ledger.shelf import ROW_COLUMNS, LookingShelf, read_row
from parley.ledger.standing import LinkFacts
from parley.ledger.trials import signs_of
from parley.protocol.cuts import BEGINNINGS, Lane, Prefix, bygones, called, inquiries, line_at
from parley.protocol.guidelines.replay import Effect, replay
from parley.protocol.hotline.bodies import OPENINGS as CALL_OPENINGS
from parley.protocol.names import MAIN
from parley.protocol.review.bodies import CutProposed, Sizes
from parley.protocol.review.counted import Counted
from parley.protocol.review.figures import Figures, figures
from parley.protocol.shelf import Row, Tip
from parley.protocol.terms import Terms

Counting = Callable[[Sequence[Lane]], Iterable[Counted]]
"""What gives the inquiries of a period from the lanes up to the cut, in the order of the logs."""


_SENT: Final = (
    "SELECT idx, leaf FROM row WHERE log = ? AND kind = 'inquiry.sent' AND outcome = 'valid' AND idx < ?"
)


class NotHeldError(Exception):
    """The cut takes in more of a log than is held here."""

    def __init__(self, lane: str) -> None:
        """Name the lane."""
        super().__init__(f"more of lane {lane} than is held here")
        self.lane = lane


def newest_cut(reader: Reader, link: str, *, since: int, until: int) -> CutProposed:
    """Return the largest cut of a period that both nodes hold, as far as this one knows.

    Of our logs that is what the other node has signed for, or has seen; of theirs all that is here.
    """
    sizes = [_held(reader, facts) for facts in read_facts(reader.connection, reader.node, link=link)]
    return CutProposed(since=since, until=until, cut=tuple(each for each in sizes if each is not None))


def _held(reader: Reader, facts: LinkFacts) -> Sizes | None:
    status = reader.status(facts.name)
    if status is None or (facts.lane != MAIN and not status.their_size):
        return None
    held = {facts.me: status.my_receipted, facts.peer: status.their_size}
    # What it had seen it holds, whether or not its receipt has come yet.
    seen = _end(reader.connection, facts, facts.peer, size=held[facts.peer]).cut
    held[facts.me] = max(held[facts.me], seen)
    one, two = sorted(held)
    return Sizes(lane=facts.lane, sizes=(held[one], held[two]))


def _end(db: sqlite3.Connection, facts: LinkFacts, node: str, *, size: int) -> Tip:
    found = db.execute(
        "SELECT effective, cut FROM row WHERE log = ? AND idx = ?", (facts.logs[node], size - 1)
    ).fetchone()
    if found is None and size:
        raise NotHeldError(facts.lane)
    return Tip() if found is None else Tip(size=size, effective=found[0], cut=found[1])


def lanes_at(
    reader: Reader, link: str, cut: CutProposed, *, kinds: Collection[str] = BEGINNINGS
) -> Iterator[Lane]:
    """Yield the lanes of a link up to the cut, each with what might begin something there.

    Raises:
        NotHeldError: more is looked at than is held here.
        CutError: one side had seen more than is looked at.
    """
    named = {each.lane for each in cut.cut}
    for facts in read_facts(reader.connection, reader.node, link=link):
        if facts.lane in named:
            sizes = dict(zip(sorted(facts.logs), cut.sizes(facts.lane), strict=True))
            ends = {node: _end(reader.connection, facts, node, size=size) for node, size in sizes.items()}
            shelf = LookingShelf(reader.connection, facts.logs)
            yield Prefix(shelf, facts.sides, ends), _beginnings(reader.connection, facts, sizes, kinds=kinds)


def _beginnings(
    db: sqlite3.Connection, facts: LinkFacts, sizes: Mapping[str, int], *, kinds: Collection[str]
) -> Iterator[Row]:
    nodes = {log: node for node, log in facts.logs.items()}
    marks = ", ".join("?" * len(kinds))
    for node, size in sizes.items():
        sql = (
            f"SELECT {ROW_COLUMNS} FROM row WHERE log = ? AND kind IN ({marks})"  # noqa: S608 - question marks
            " AND outcome = 'valid' AND idx < ?"
        )
        for found in db.execute(sql, (facts.logs[node], *sorted(kinds), size)).fetchall():
            yield read_row(found, nodes)


def sent_until(reader: Reader, link: str, cut: CutProposed) -> Mapping[str, Mapping[tuple[str, int], bytes]]:
    """Return the inquiries that were sent up to the cut, by lane, writer and index; no void ones."""
    named, found = {each.lane for each in cut.cut}, {}
    for facts in read_facts(reader.connection, reader.node, link=link):
        if facts.lane in named:
            sizes = zip(sorted(facts.logs), cut.sizes(facts.lane), strict=True)
            found[facts.lane] = {
                (node, index): bytes(leaf)
                for node, size in sizes
                for index, leaf in reader.connection.execute(_SENT, (facts.logs[node], size))
            }
    return found


def figures_of(reader: Reader, link: str, cut: CutProposed, *, counting: Counting | None = None) -> Figures:
    """Return the figures of a link at `cut`, from one moment of the record.

    With `counting` inquiries are not counted anew, but given by it.

    Raises:
        NotHeldError: more is looked at than is held here.
        CutError: one side had seen more than is looked at.
    """
    reader.begin()
    try:
        kinds = BEGINNINGS if counting is None else CALL_OPENINGS
        lanes = [(prefix, tuple(rows)) for prefix, rows in lanes_at(reader, link, cut, kinds=kinds)]
        nodes = sorted(next(iter(read_facts(reader.connection, reader.node, link=link))).logs)
        return figures(
            cut,
            (nodes[0], nodes[1]),
            inquiries=inquiries(lanes, cut) if counting is None else counting(lanes),
            calls=called(lanes, cut),
            tests=line_at(lanes, signs_of(reader, link), cut),
        )
    finally:
        reader.end()


def effects_of(reader: Reader, link: str, cut: CutProposed, *, terms: Terms) -> tuple[Effect, ...]:
    """Return what `terms` would have done to the inquiries of a period.

    Raises:
        NotHeldError: more is looked at than is held here.
        CutError: one side had seen more than is looked at.
    """
    reader.begin()
    try:
        lanes = [(prefix, tuple(rows)) for prefix, rows in lanes_at(reader, link, cut)]
        return replay((bygone for bygone, _returned in bygones(lanes, cut)), terms)
    finally:
        reader.end()
