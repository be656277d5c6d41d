"""A word on lane hot, from the draft to the partner's signed receipt: alone, and while bulk runs beside it.

Each node is a process of its own, and so is the hand that brings inquiries on lane bulk, as many and as
fast as core takes them. Of what is said on lane hot meanwhile the slowest in a hundred counts: a hotline is
as good as its bad moments. The two spans come from one machine in one hour; what counts is their ratio.
"""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft
from parley.ledger.lanes import named
from parley.ledger.reading import Reader
from parley.protocol.names import BULK, HOT
from parley.work.home import Home
from tools.measures.draft import LINK, SENT, drafts
from tools.measures.nodes import two_nodes, until
from tools.measures.spans import Row

MOST: Final = 5
WORDS: Final = 400
PAUSE_SECONDS: Final = 0.02
BULK_AT_ONCE: Final = 500
# Bulk is well under way when so many of it are receipted.
WARM: Final = 1_000


def measure(folder: Path) -> Row:
    """Return the p99 of a hot word when nothing else is said and while bulk runs, and their ratio."""
    with two_nodes(folder) as (a, _b), closing(Reader(a.home)) as reader:
        until(lambda: is_open(reader))
        idle = _waits(a.home, reader, first=0)
        with bulk_runs(a.home):
            until(lambda: receipted(reader, BULK) > WARM)
            begun, before = time.perf_counter(), receipted(reader, BULK)
            busy = _waits(a.home, reader, first=WORDS)
            rate = (receipted(reader, BULK) - before) / (time.perf_counter() - begun)
    slow, slower = p99(idle), p99(busy)
    figures = {
        "p99_idle_milliseconds": round(1000 * slow, 2),
        "p99_busy_milliseconds": round(1000 * slower, 2),
        "median_idle_milliseconds": round(1000 * median(idle), 2),
        "median_busy_milliseconds": round(1000 * median(busy), 2),
        "bulk_per_second": round(rate),
        "ratio": round(slower / slow, 2),
    }
    gate = f"busy at most {MOST} times idle"
    return Row(name="hot_while_bulk_runs", figures=figures, gate=gate, is_within=slower <= MOST * slow)


def p99(waits: list[float]) -> float:
    """Return what the slowest in a hundred is faster than."""
    return quantiles(waits, n=100)[98]


def is_open(reader: Reader) -> bool:
    """Return whether the link is open in every lane."""
    return all(row.is_active for row in reader.lanes(LINK))


def receipted(reader: Reader, lane: str) -> int:
    """Return how much of ours the other node has signed for in a lane."""
    found = reader.status(named(LINK, lane))
    assert found is not None
    return found.my_receipted


def _waits(home: Home, reader: Reader, *, first: int) -> list[float]:
    """Return how long each of `WORDS` hot words took to its receipt, in seconds."""
    waits = []
    for number in range(first, first + WORDS):
        begun = time.perf_counter()
        (said,) = append(home, [_word(number)])
        assert isinstance(said, Appended)
        until(lambda: receipted(reader, HOT) > said.index, every=0.0005)  # noqa: B023 - asked within this turn
        waits.append(time.perf_counter() - begun)
        time.sleep(PAUSE_SECONDS)
    return waits


def _word(number: int) -> Draft:
    return Draft(
        id=f"hot-{number}", link=LINK, lane=HOT, kind="inquiry.sent", d=SENT, body={"text": "x" * 100}
    )


@contextmanager
def bulk_runs(home: Home) -> Iterator[None]:
    """Have inquiries brought on lane bulk, without a pause, by a process of its own."""
    fresh = multiprocessing.get_context("spawn")
    stop = fresh.Event()
    process = fresh.Process(target=_bring, args=(home.root, stop))
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join()


def _bring(root: Path, stop: Event) -> None:
    from django.conf import settings  # noqa: PLC0415 - a process of its own, which has set up nothing

    settings.configure()
    turn = 0
    while not stop.is_set():
        turn += 1
        some = [
            Draft(id=f"{turn}-{each.id}", link=LINK, lane=BULK, kind=each.kind, d=each.d, body=each.body)
            for each in drafts(BULK_AT_ONCE)
        ]
        append(Home(root=root), some)
