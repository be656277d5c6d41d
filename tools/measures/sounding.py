"""A call, from its draft to the beat that makes the other side's open desk sound: alone, and while bulk runs.

Each node is a process of its own; the desk is a screen that chains its beats as a page does, without the
page. The ratio of the two p99 is the gate: a call must not wait for what may wait for everything else.
"""

import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Final

from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft
from parley.ledger.reading import Reader
from parley.protocol.act import id_text
from parley.protocol.names import BULK, HOT
from parley.protocol.strictjson import JsonObject
from parley.watch.beats import beat
from parley.work.home import Home
from parley.work.sock import CoreError
from tests.node.calling import OPENING
from tools.measures.draft import LINK
from tools.measures.hot import WARM, bulk_runs, is_open, p99, receipted
from tools.measures.nodes import two_nodes, until
from tools.measures.spans import Row

MOST: Final = 5
CALLS: Final = 400
PAUSE_SECONDS: Final = 0.05
CLOSED: Final[JsonObject] = {"ending": "cancelled"}


class _Desk:
    """A screen of the called side."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._seen = 0

    def hear(self) -> set[str]:
        """Return which calls ring, as soon as something changed; nothing while core does not know."""
        try:
            said = beat(self._home, screen="0" * 16, officer=1, seen=self._seen, hidden=False, holds=True)
        except CoreError:
            return set()
        self._seen = said.seq
        return {each.call for each in said.alarms}


def measure(folder: Path) -> Row:
    """Return the p99 of a call until it sounds, when nothing else is said and while bulk runs."""
    with two_nodes(folder) as (a, b), closing(Reader(a.home)) as reader:
        until(lambda: is_open(reader))
        desk = _Desk(b.home)
        idle = [_ring(a.home, desk, f"idle-{number}") for number in range(CALLS)]
        with bulk_runs(a.home):
            until(lambda: receipted(reader, BULK) > WARM)
            busy = [_ring(a.home, desk, f"busy-{number}") for number in range(CALLS)]
    slow, slower = p99(idle), p99(busy)
    figures = {
        "p99_idle_milliseconds": round(1000 * slow, 1),
        "p99_busy_milliseconds": round(1000 * slower, 1),
        "median_idle_milliseconds": round(1000 * median(idle), 1),
        "median_busy_milliseconds": round(1000 * median(busy), 1),
        "ratio": round(slower / slow, 2),
    }
    gate = f"busy at most {MOST} times idle"
    return Row(name="ring_to_sounding", figures=figures, gate=gate, is_within=slower <= MOST * slow)


def _ring(caller: Home, desk: _Desk, key: str) -> float:
    """Return how long the call took to the desk; then it is closed, and the desk is quiet again."""
    begun = time.perf_counter()
    opened = _say(caller, Draft(id=key, link=LINK, lane=HOT, kind="call.opened", d=OPENING))
    call = id_text(opened.statement)
    until(lambda: call in desk.hear(), every=0)
    span = time.perf_counter() - begun
    closing_word = Draft(
        id=f"{key}-closed", link=LINK, lane=HOT, kind="call.closed", d=CLOSED, re=opened.statement
    )
    _say(caller, closing_word)
    until(lambda: call not in desk.hear(), every=0)
    time.sleep(PAUSE_SECONDS)
    return span


def _say(home: Home, draft: Draft) -> Appended:
    (said,) = append(home, [draft])
    assert isinstance(said, Appended)
    return said
