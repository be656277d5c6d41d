"""One inquiry of three items, from the draft to the partner's signed receipt, between two served nodes."""

import time
from contextlib import closing
from pathlib import Path
from typing import Final

from parley.ledger.append import append
from parley.ledger.drafts import Appended
from parley.ledger.reading import Reader
from tools.measures.bare import Bare
from tools.measures.draft import draft
from tools.measures.nodes import status, two_nodes, until
from tools.measures.spans import Row, in_turn, seconds

MOST: Final = 12
ROUNDS: Final = 40


def measure(folder: Path) -> Row:
    """Return how long that takes beside a bare statement, its head and its receipt, each flushed."""
    bare = Bare(folder)
    with two_nodes(folder) as (a, _b), closing(Reader(a.home)) as reader:

        def exchange() -> float:
            begun = time.perf_counter()
            (said,) = append(a.home, [draft()])
            assert isinstance(said, Appended)
            until(lambda: status(reader).my_receipted > said.index, every=0.0005)
            return time.perf_counter() - begun

        bare_span, span = in_turn(lambda: seconds(bare.exchange), exchange, rounds=ROUNDS)
    bare.close()
    times = span / bare_span
    figures = {
        "milliseconds": round(1000 * span, 2),
        "bare_milliseconds": round(1000 * bare_span, 2),
        "times_bare": round(times, 2),
    }
    gate = f"at most {MOST} times the bare loop"
    return Row(name="one_inquiry_to_receipt", figures=figures, gate=gate, is_within=times <= MOST)
