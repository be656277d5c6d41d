"""One sweep over a thousand open calls: read, folded, and worked out whom they ring, with no phone between.

The calls are real: opened by one node, carried, and open in the record of the other. A sweep is measured as
core makes it, every two seconds over two minutes of the ladder: most find nothing new, some that a rung is
reached in every call at once, and some that a call was taken. The worst of them counts.
"""

import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Final

from parley.gates.pager.ring import Ring
from parley.ledger.drafts import Appended
from parley.ledger.reading import Reader
from parley.node.opened import OpenCalls
from parley.node.rungs import hands
from parley.node.sweep import Sweep
from parley.protocol.names import HOT
from tests.node.calling import OPENING, make_homes
from tests.node.desks import roster
from tests.two_nodes.pair import A, B, Nodes
from tools.measures.spans import Row

CALLS: Final = 1_000
SWEEPS: Final = 60
EVERY: Final = 2
MOST_MILLISECONDS: Final = 100


class _Silent:
    """Phones that are rung in memory."""

    def __init__(self) -> None:
        self.keys: set[str] = set()

    def ring(self, ring: Ring) -> None:
        self.keys.add(ring.key)

    def end(self, key: str) -> None:
        self.keys.discard(key)


def measure(folder: Path) -> Row:
    """Return how long the start and the sweeps take."""
    nodes = make_homes(folder)
    opened = _open_calls(nodes)
    with closing(Reader(nodes.homes[B])) as reader:
        calls, phones = OpenCalls(reader), _Silent()
        sweep = Sweep(B, lambda: phones)
        now = nodes.clocks[B].time
        spans = [_sweep(sweep, calls, now)]
        for number in range(SWEEPS):
            if number % 4 == 1:
                nodes.say(B, "call.taken", {"rung": "duty_desk"}, re=opened[number], lane=HOT)
            spans.append(_sweep(sweep, calls, now + EVERY * number))
    nodes.stop()
    start, *rest = spans
    figures = {
        "start_milliseconds": round(1000 * start, 1),
        "median_milliseconds": round(1000 * median(rest), 2),
        "worst_milliseconds": round(1000 * max(rest), 1),
    }
    gate = f"at most {MOST_MILLISECONDS} ms"
    return Row(
        name="sweep_of_open_calls",
        figures=figures,
        gate=gate,
        is_within=figures["worst_milliseconds"] <= MOST_MILLISECONDS,
    )


def _open_calls(nodes: Nodes) -> list[bytes]:
    drafts = [nodes.draft("call.opened", OPENING, lane=HOT) for _ in range(CALLS)]
    said = nodes.ledgers[A].append(drafts)
    nodes.settle(at_most=1_000)
    return [each.statement for each in said if isinstance(each, Appended)]


def _sweep(sweep: Sweep, calls: OpenCalls, now: int) -> float:
    begun = time.perf_counter()
    can = hands(roster(now), now, rings=lambda _each: True, has_watch=4, is_watched=True)
    sweep.sweep(calls.follow(now), can, now)
    return time.perf_counter() - begun
