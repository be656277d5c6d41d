"""The figures of a link at a cut, with what is kept of its inquiries: the same bytes as counting all anew.

What is kept of an inquiry counts at a cut if the cut takes in all that it comes from, by both logs; else that
one is counted anew. So are those whose rows are late (`view.db` follows the record). That something was
suspended or resumed later changes nothing of it: a clock that has stopped stood still only for what its
debtor had by then, and that is in the same log before what stopped it. Source: Spec §8.6, §18.3, §18.4.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final

import msgspec
from django.db import connections
from django.db.models import BinaryField, BooleanField, Case, ExpressionWrapper, Q, When

from parley.ledger.lanes import link_of
from parley.ledger.reading import Reader
from parley.ledger.reviewing import figures_of, sent_until
from parley.protocol.act import id_text
from parley.protocol.cuts import Lane, Prefix, inquiries
from parley.protocol.names import LANES
from parley.protocol.review.bodies import CutProposed
from parley.protocol.review.counted import Counted
from parley.protocol.review.figures import Figures
from parley.review.models import Kept

# So many threads may be late before all is counted anew.
MOST_LATE: Final = 10_000
_ALL: Final = 2**31
_DECODE: Final = msgspec.msgpack.Decoder(Counted).decode
Sent = Mapping[str, Mapping[tuple[str, int], bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    """How far a lane is looked at: sizes, and what each side had seen of the other."""

    sizes: tuple[int, int]
    seen: tuple[int, int]

    def counts(self, lane: str) -> Q:
        """Return what holds of the rows of `lane` that come from what is looked at alone."""
        return Q(
            lane=lane,
            counted__isnull=False,
            said_a__lt=self.sizes[0],
            said_b__lt=self.sizes[1],
            received_a__lt=self.seen[0],
            received_b__lt=self.seen[1],
        )


def figures_kept(reader: Reader, link: str, cut: CutProposed) -> Figures:
    """Return the figures of a link at `cut`, as `ledger.reviewing.figures_of` does, only sooner.

    Raises:
        NotHeldError: more is looked at than is held here.
        CutError: one side had seen more than is looked at.
    """
    seq = _watermark()
    # Rows that tell more than the record are those of another record, or of this one before a restore.
    if seq is None or not 0 <= reader.last_change() - seq < MOST_LATE:
        return figures_of(reader, link, cut)

    def counting(lanes: Sequence[Lane]) -> Iterator[Counted]:
        # Asked in the moment of the record at which all else is read: what came meanwhile is late too.
        sent = sent_until(reader, link, cut)
        return _counted(link, lanes, cut, sent=sent, late=_late(reader, link, seq))

    return figures_of(reader, link, cut, counting=counting)


def _late(reader: Reader, link: str, seq: int) -> frozenset[str]:
    """Return the threads that changed after `seq`: the rows may not tell these yet."""
    changes = reader.changes(seq, limit=_ALL)
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
    link: str, lanes: Sequence[Lane], cut: CutProposed, *, sent: Sent, late: frozenset[str]
) -> Iterator[Counted]:
    """Yield the inquiries of the period, in the order of the logs."""
    prefixes = sorted((prefix for prefix, _rows in lanes), key=lambda each: LANES.index(each.lane))
    bounds = {prefix.lane: _bounds(prefix) for prefix in prefixes}
    kept = {
        (lane, letter, index): (inquiry, *rest)
        for lane, letter, index, inquiry, *rest in _rows_of(link, bounds, cut)
        if inquiry not in late
    }
    for prefix in prefixes:
        letters = {node: letter for letter, node in _nodes(prefix).items()}
        for (node, index), statement in sorted(sent[prefix.lane].items()):
            row = kept.get((prefix.lane, letters[node], index))
            # The record says which inquiries there are; a row says only what was counted of one of them.
            if row is None or row[0] != id_text(statement) or not row[1]:
                anew = prefix.row(statement, writer=node)
                yield from inquiries([(prefix, [] if anew is None else [anew])], cut)
            elif row[2] is not None:
                yield _DECODE(row[2])


def _nodes(prefix: Prefix) -> Mapping[str, str]:
    return dict(zip("AB", sorted(prefix.nodes), strict=True))


def _bounds(prefix: Prefix) -> _Bounds:
    one, two = (prefix.tip(node) for node in _nodes(prefix).values())
    return _Bounds(
        sizes=(one.size, two.size),
        # What A said was received as far as B had seen it, and the other way round.
        seen=(two.cut, one.cut),
    )


def _rows_of(link: str, bounds: Mapping[str, _Bounds], cut: CutProposed) -> Iterator[tuple[Any, ...]]:
    """Yield the rows: where, which inquiry, whether it counts at the cut, and if in the period, what."""
    counts = reduce(or_, (each.counts(lane) for lane, each in bounds.items()))
    here = counts & Q(begun__gte=cut.since, begun__lt=cut.until)
    found = Kept.objects.filter(link=link, lane__in=[*bounds]).annotate(
        counts=ExpressionWrapper(counts, output_field=BooleanField()),
        here=Case(When(here, then="counted"), output_field=BinaryField()),
    )
    return found.values_list("lane", "letter", "index", "inquiry", "counts", "here").iterator(
        chunk_size=5_000
    )
