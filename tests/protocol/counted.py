"""The review of a whole record in memory, at a cut of it."""

from collections.abc import Iterator, Sequence

from parley.protocol.cuts import Lane, Prefix, bygones, called, inquiries
from parley.protocol.guidelines.replay import Bygone
from parley.protocol.linetests.account import History
from parley.protocol.record import Record
from parley.protocol.review.bodies import CutProposed, Sizes
from parley.protocol.review.figures import Figures, figures
from parley.protocol.shelf import Row, Tip
from tests.protocol.world import START, A, B, World, rows_of

FOREVER = 2**50


def cut_at(*sizes: int, since: int = 0, until: int = FOREVER) -> CutProposed:
    """Return a cut of the lane main at so many entries of A and of B."""
    first, second = sizes
    return CutProposed(since=since, until=until, cut=(Sizes(lane="main", sizes=(first, second)),))


def whole(record: Record, *, since: int = 0, until: int = FOREVER) -> CutProposed:
    """Return the cut that takes in all that was said."""
    sizes = [record.shelf.tip(node).size for node in (A, B)]
    return cut_at(*sizes, since=since, until=until)


def lane_of(record: Record, cut: CutProposed) -> Lane:
    """Return the one lane of a record, up to a cut."""
    rows = rows_of(record)
    sizes = dict(zip((A, B), cut.sizes("main"), strict=True))
    ends = {node: _end(rows, node, size) for node, size in sizes.items()}
    return Prefix(record.shelf, record.sides, ends), rows


def _end(rows: Sequence[Row], node: str, size: int) -> Tip:
    last = next((row for row in rows if row.writer == node and row.index == size - 1), None)
    return Tip() if last is None else Tip(size=size, effective=last.effective, cut=last.cut)


def figures_of(record: Record, cut: CutProposed | None = None, *, tests: History | None = None) -> Figures:
    """Return the figures of a record at a cut, or of all of it."""
    at = cut or whole(record)
    lanes = [lane_of(record, at)]
    return figures(at, (A, B), inquiries=inquiries(lanes, at), calls=called(lanes, at), tests=tests)


def bygones_of(world: World) -> Iterator[Bygone]:
    """Yield the inquiries of a world as another text would be tried on them."""
    record = world.record()
    cut = whole(record, since=START - 400 * 86_400)
    for bygone, _was_returned in bygones([lane_of(record, cut)], cut):
        yield bygone
