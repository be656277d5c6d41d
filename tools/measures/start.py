"""A node with a hundred thousand inquiries: how long it takes to answer after a start, and its memory.

The record is made once, batch by batch through the ledger, and the view by the projector of the node
itself. Then the node is started anew, until both core and pages answer; memory is the sum of what the
kernel counts for each of its processes, what they share divided among them.
"""

import statistics
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from parley.ledger.ledger import Ledger
from parley.ledger.reading import Reader
from parley.work import clock
from parley.work.home import Home
from tests.node.served import Served, family, served
from tools.measures.draft import BATCH, drafts
from tools.measures.nodes import two_nodes, until
from tools.measures.spans import Row

COUNT = 100_000
STARTS = 5
MOST_SECONDS = 2.0
MOST_MEBIBYTES = 300
SETTLING_SECONDS = 3


def measure(folder: Path) -> Row:
    """Return how fast a node with a large record starts, and how much memory it takes."""
    with two_nodes(folder) as (a, _b):
        home = a.home
    making = _seconds(lambda: _fill(home))
    telling = _seconds(lambda: _tell(home))
    starts, sizes = [], []
    for _ in range(STARTS):
        begun = clock.monotonic()
        with served(home) as node:
            starts.append(clock.monotonic() - begun)
            clock.sleep(SETTLING_SECONDS)
            sizes.append(_mebibytes(node))
    start, size = statistics.median(starts), statistics.median(sizes)
    figures = {
        "inquiries": COUNT,
        "made_seconds": round(making, 1),
        "told_seconds": round(telling, 1),
        "start_seconds": round(start, 2),
        "pss_mebibytes": round(size),
    }
    gate = f"answers within {MOST_SECONDS:g} s, in at most {MOST_MEBIBYTES} MiB"
    is_within = start <= MOST_SECONDS and size <= MOST_MEBIBYTES
    return Row(name="start_with_100000", figures=figures, gate=gate, is_within=is_within)


def _fill(home: Home) -> None:
    ledger = Ledger(home)
    ledger.start()
    for _ in range(0, COUNT, BATCH):
        ledger.append(drafts(BATCH))
    ledger.stop()


def _tell(home: Home) -> None:
    with closing(Reader(home)) as reader:
        last = reader.last_change()
    with served(home) as node:
        until(lambda: node.ask(ask="status")["watermark"] == last, every=0.5)


def _seconds(run: Callable[[], None]) -> float:
    begun = clock.monotonic()
    run()
    return clock.monotonic() - begun


def _mebibytes(node: Served) -> float:
    found = 0
    for pid in family(node.process.pid):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        found += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return found / 1024
