"""Lanes at the gate: bulk gives way to hot, and a lane that is busy keeps no thread from another."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from math import ceil

import pytest

from parley.gates.peer.courier import Courier, Pace
from parley.gates.peer.listener import Listener
from parley.gates.peer.news import News
from parley.ledger.ledger import Answer
from parley.protocol.names import BULK, HOT
from tests.gates.peer.fakes import HOST, LINK, FakeLedger, ask, post
from tests.gates.peer.test_courier import Clockwork, FakeLine

PACE = Pace()


@dataclass
class Lanes(FakeLedger):
    """Has something hot under way for the first `hot` questions; bulk is held up until `freed`."""

    hot: int = 0
    asked: list[str] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)
    freed: threading.Event = field(default_factory=threading.Event)

    def link_of(self, raw: bytes) -> str:
        lane = raw.partition(b" ")[0].decode()
        return f"{LINK}/{lane}" if lane in {HOT, BULK} else LINK

    def has_news(self, link: str) -> bool:
        self.asked.append(link)
        if link.endswith(HOT):
            self.hot -= 1
            return self.hot >= 0
        return super().has_news(link)

    def accept(self, raw: bytes, *, poll: bool = False) -> Answer:
        if self.link_of(raw).endswith(BULK):
            self.begun.set()
            assert self.freed.wait(30)
        return super().accept(raw, poll=poll)


def sends_bulk(ledger: Lanes, *, after: str | None) -> list[float]:
    """Return what the courier of bulk waited for before and after its first parcel."""

    async def play() -> list[float]:
        clockwork, line = Clockwork(ends_at=60), FakeLine(b"receipt")
        with ThreadPoolExecutor(1) as threads:
            courier = Courier(
                f"{LINK}/{BULK}",
                ledger=ledger,
                line=line,
                news=News(),
                threads=threads,
                edge=clockwork.edge(),
                pace=PACE,
                after=after,
            )
            work = asyncio.create_task(courier.run())
            async with asyncio.timeout(20):
                await clockwork.over.wait()
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
        return clockwork.waits

    return asyncio.run(play())


@pytest.mark.parametrize("hot", [0, 3])
def test_bulk_waits_a_glance_at_a_time_while_hot_has_something_under_way(hot: int) -> None:
    waits = sends_bulk(Lanes(hot=hot), after=f"{LINK}/{HOT}")

    assert waits == [*[PACE.glance] * hot, PACE.heartbeat]


def test_bulk_does_not_wait_for_ever_for_what_nobody_takes() -> None:
    waits = sends_bulk(Lanes(hot=10**9), after=f"{LINK}/{HOT}")

    # Once before the parcel, and once before it finds that there is nothing more.
    assert waits == [*[PACE.glance] * (2 * ceil(PACE.way / PACE.glance)), PACE.heartbeat]


def test_a_hot_parcel_is_answered_while_bulk_is_being_taken_in() -> None:
    ledger = Lanes()

    async def scene() -> tuple[int, bool, int]:
        with ThreadPoolExecutor(1) as common, ThreadPoolExecutor(1) as hot, ThreadPoolExecutor(1) as bulk:
            listener = Listener(ledger, news=News(), threads=common, lanes={HOT: hot, BULK: bulk})
            port = await listener.start(HOST, 0)
            held = [asyncio.create_task(ask(port, post(b"bulk new"))) for _ in range(3)]
            try:
                assert await asyncio.to_thread(ledger.begun.wait, 30)
                answer = await asyncio.wait_for(ask(port, post(b"hot new")), 10)
                is_held = not any(each.done() for each in held)
                ledger.freed.set()
                late = [(await each).status for each in held]
            finally:
                ledger.freed.set()
                await listener.stop()
        return answer.status, is_held, max(late)

    assert asyncio.run(scene()) == (200, True, 200)
