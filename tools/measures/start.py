"""A node with a hundred thousand inquiries: how long it takes to answer after a start, and its memory.

The node is started anew, until both core and pages answer; memory is the sum of what the kernel counts
for each of its processes, what they share divided among them.
"""

import statistics
from pathlib import Path

from parley.work import clock
from tests.node.served import Served, family, served
from tools.measures.large import COUNT, large
from tools.measures.spans import Row

STARTS = 5
MOST_SECONDS = 2.0
MOST_MEBIBYTES = 300
SETTLING_SECONDS = 3


def measure(_folder: Path) -> Row:
    """Return how fast a node with a large record starts, and how much memory it takes."""
    node_at = large()
    starts, sizes = [], []
    for _ in range(STARTS):
        begun = clock.monotonic()
        with served(node_at.home) as node:
            starts.append(clock.monotonic() - begun)
            clock.sleep(SETTLING_SECONDS)
            sizes.append(_mebibytes(node))
    start, size = statistics.median(starts), statistics.median(sizes)
    figures = {
        "inquiries": COUNT,
        "made_seconds": round(node_at.made, 1),
        "told_seconds": round(node_at.told, 1),
        "start_seconds": round(start, 2),
        "pss_mebibytes": round(size),
    }
    gate = f"answers within {MOST_SECONDS:g} s, in at most {MOST_MEBIBYTES} MiB"
    is_within = start <= MOST_SECONDS and size <= MOST_MEBIBYTES
    return Row(name="start_with_100000", figures=figures, gate=gate, is_within=is_within)


def _mebibytes(node: Served) -> float:
    found = 0
    for pid in family(node.process.pid):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        found += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return found / 1024
