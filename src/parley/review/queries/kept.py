"""The figures of a link at a cut, with what is kept of its inquiries: the same bytes as counting all anew.

What is kept of an inquiry counts at a cut if the cut takes in all that it comes from, by both logs, and if
nothing was suspended or resumed in between; else that one is counted anew. So are those whose rows are late
(`view.db` follows the record). Source: Spec §18.3, §18.4.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from django.db import connections

from parley.ledger.lanes import link_of
from parley.ledger.reading import Reader
from parley.ledger.reviewing import figures_of
from parley.protocol.act import id_text, read_id
from parley.protocol.cuts import Lane, Prefix, inquiries
from parley.protocol.names import LANES
from parley.protocol.review.bodies import CutProposed
from parley.protocol.review.counted import Counted
from parley.protocol.review.figures import Figures
from parley.protocol.suspension import Resumed, Suspended
from parley.review.models import Kept

# So many threads may be late before all is counted anew.
MOST_LATE: Final = 10_000
_DECODE: Final = msgspec.msgpack.Decoder(Counted).decode
_COLUMNS: Final = (
    "inquiry",
    "letter",
    "index",
    "begun",
    "said_a",
    "said_b",
    "received_a",
    "received_b",
    "stops",
    "counted",
)
_Row = tuple[str, str, int, int, int, int, int, int, int, bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    """How far a lane is looked at: sizes, what each side had seen of the other, how often it was stopped."""

    sizes: tuple[int, int]
    seen: tuple[int, int]
    stops: int

    def holds(self, row: _Row) -> bool:
        """Return whether what is kept in `row` comes from what is looked at alone."""
        _inquiry, _letter, _index, _begun, *last, stops, counted = row
        said, received = last[:2], last[2:]
        return (
            counted is not None
            and stops == self.stops
            and all(n < size for n, size in zip(said, self.sizes, strict=True))
            and all(n < seen for n, seen in zip(received, self.seen, strict=True))
        )


def figures_kept(reader: Reader, link: str, cut: CutProposed) -> Figures:
    """Return the figures of a link at `cut`, as `ledger.reviewing.figures_of` does, only sooner.

    Raises:
        NotHeldError: more is looked at than is held here.
        CutError: one side had seen more than is looked at.
    """
    late = _late(reader, link)
    if late is None:
        return figures_of(reader, link, cut)
    return figures_of(reader, link, cut, counting=lambda lanes: _counted(link, lanes, cut, late=late))


def _late(reader: Reader, link: str) -> frozenset[str] | None:
    """Return the threads that the rows do not tell yet; None if these are too many, or there are no rows."""
    seq = _watermark()
    changes = () if seq is None else reader.changes(seq, limit=MOST_LATE)
    if seq is None or len(changes) >= MOST_LATE:
        return None
    return frozenset(
        id_text(thread) for _n, lane, thread in changes if thread is not None and link_of(lane) == link
    )


def _watermark() -> int | None:
    """Return up to which change the rows tell the record: the projector writes it beside them."""
    with connections["view"].cursor() as cursor:
        if "watermark" not in connections["view"].introspection.table_names(cursor):
            return None
        found = cursor.execute("SELECT seq FROM watermark WHERE stage = 'lists'").fetchone()
    return None if found is None else int(found[0])


def _counted(
    link: str, lanes: Sequence[Lane], cut: CutProposed, *, late: frozenset[str]
) -> Iterator[Counted]:
    """Yield the inquiries of the period, in the order of the logs."""
    for prefix, _rows in sorted(lanes, key=lambda lane: LANES.index(lane[0].lane)):
        nodes = dict(zip("AB", sorted(prefix.nodes), strict=True))
        bounds = _bounds(prefix, nodes)
        told = {(row[1], row[2]): row for row in _rows_of(link, prefix.lane) if row[0] not in late}
        for letter, index, inquiry in sorted(
            [*((*place, row[0]) for place, row in told.items()), *_late_ones(prefix, nodes, late)]
        ):
            row = told.get((letter, index))
            if row is not None and bounds.holds(row):
                if cut.since <= row[3] < cut.until and row[9] is not None:
                    yield _DECODE(row[9])
                continue
            anew = prefix.row(read_id(inquiry), writer=nodes[letter])
            yield from inquiries([(prefix, [] if anew is None else [anew])], cut)


def _bounds(prefix: Prefix, nodes: Mapping[str, str]) -> _Bounds:
    one, two = prefix.tip(nodes["A"]), prefix.tip(nodes["B"])
    rows = prefix.link().rows.items()
    return _Bounds(
        sizes=(one.size, two.size),
        # What A said was received as far as B had seen it, and the other way round.
        seen=(two.cut, one.cut),
        stops=sum(len(said) for (_writer, kind), said in rows if kind in {Suspended, Resumed}),
    )


def _rows_of(link: str, lane: str) -> Iterator[_Row]:
    found = Kept.objects.filter(link=link, lane=lane).values_list(*_COLUMNS)
    return found.iterator(chunk_size=5_000)


def _late_ones(
    prefix: Prefix, nodes: Mapping[str, str], late: frozenset[str]
) -> Iterator[tuple[str, int, str]]:
    letters = {node: letter for letter, node in nodes.items()}
    for inquiry in late:
        row = prefix.row(read_id(inquiry))
        if row is not None and row.kind == "inquiry.sent":
            yield letters[row.writer], row.index, inquiry
