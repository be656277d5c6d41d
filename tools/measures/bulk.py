"""Five thousand inquiries in one go, from the first draft to the last receipt, and who waits behind them.

One hand brings the five thousand through core.sock; another brings single inquiries meanwhile, one
after the other, and each should be written, signed and answered within a second. Each node is a
process of its own, and they talk HTTP.
"""

import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from parley.ledger.append import append
from parley.ledger.reading import Reader
from parley.work import clock
from parley.work.home import Home
from tools.measures.draft import draft, drafts
from tools.measures.nodes import status, two_nodes, until
from tools.measures.spans import Row

COUNT = 5_000
MOST_SECONDS = 1.0
PAUSE_SECONDS = 0.05


@dataclass(slots=True)
class _Bulk:
    """When the five thousand were answered, and when the partner had signed for all of them."""

    appended: float = 0
    receipted: float = 0


def measure(folder: Path) -> Row:
    """Return how long the bulk takes, and the longest wait of a single inquiry behind it."""
    with two_nodes(folder) as (a, _b):
        bulk = _Bulk()
        begun = clock.monotonic()
        sending = threading.Thread(target=_send, args=(a.home, bulk))
        sending.start()
        waits = _singles(a.home, sending)
    longest = max(waits)
    figures = {
        "appended_seconds": round(bulk.appended - begun, 2),
        "receipted_seconds": round(bulk.receipted - begun, 2),
        "singles": len(waits),
        "longest_wait_seconds": round(longest, 3),
        "median_wait_seconds": round(sorted(waits)[len(waits) // 2], 3),
    }
    gate = f"a single one waits at most {MOST_SECONDS:g} s"
    return Row(name="bulk_of_5000", figures=figures, gate=gate, is_within=longest <= MOST_SECONDS)


def _send(home: Home, bulk: _Bulk) -> None:
    results = append(home, drafts(COUNT))
    bulk.appended = clock.monotonic()
    last = max(result.index for result in results)  # type: ignore[union-attr]  # none is refused
    with closing(Reader(home)) as reader:
        until(lambda: status(reader).my_receipted > last)
    bulk.receipted = clock.monotonic()


def _singles(home: Home, sending: threading.Thread) -> list[float]:
    waits = []
    while sending.is_alive():
        begun = clock.monotonic()
        append(home, [draft()])
        waits.append(clock.monotonic() - begun)
        sending.join(PAUSE_SECONDS)
    return waits
