"""All figures of a review, from what was counted. Source: Spec §18.4."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parley.protocol.linetests.account import History
from parley.protocol.linetests.figures import Figure
from parley.protocol.review.bodies import CutProposed
from parley.protocol.review.calling import CallTally, CountedCall, line_figures, tally_calls
from parley.protocol.review.counted import Counted
from parley.protocol.review.tally import Part, PartKey, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was said in a period, in figures. `nodes` are the parties in their order."""

    cut: CutProposed
    nodes: tuple[str, str]
    parts: Mapping[PartKey, Part]
    calls: CallTally
    tests: tuple[Figure, ...]


def figures(
    cut: CutProposed,
    nodes: tuple[str, str],
    *,
    inquiries: Iterable[Counted],
    calls: Iterable[CountedCall] = (),
    tests: History | None = None,
) -> Figures:
    """Return the figures of the period of `cut`; inquiries and calls come in the order of the logs."""
    tally = Tally()
    for each in inquiries:
        tally.add(each)
    return Figures(
        cut=cut,
        nodes=nodes,
        parts=tally.parts,
        calls=tally_calls(calls),
        tests=line_figures(tests, since=cut.since, until=cut.until),
    )
