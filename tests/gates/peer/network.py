"""Real ledgers on a network: each with its listener, its couriers and its fetchers, in one loop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass

from parley.gates.peer.courier import Edge, Pace
from parley.gates.peer.couriers import Couriers
from parley.gates.peer.doorway import Limits
from parley.gates.peer.listener import PATH, Listener
from parley.gates.peer.news import News, is_set_within
from parley.gates.peer.wire import Route
from parley.work import clock
from tests.gates.peer.fakes import HOST
from tests.two_nodes.pair import LINK, Pair

PACE = Pace(first=0.05, longest=0.2, heartbeat=30, poll=5)
EDGE = Edge(now=clock.now, monotonic=clock.monotonic, dice=lambda: 0.5)
SECONDS = 20


@dataclass
class End:
    """One node on the network."""

    listener: Listener
    couriers: Couriers
    news: News
    threads: ThreadPoolExecutor
    port: int = 0

    async def dial(self, other: "End", *, poll: bool = False) -> None:
        await self.couriers.serve(
            [Route(link=LINK, url=f"http://{HOST}:{other.port}{PATH.removesuffix('/parcel')}", poll=poll)]
        )


@asynccontextmanager
async def on_the_network(
    pair: Pair, node: str, *, port: int = 0, limits: Limits | None = None
) -> AsyncIterator[End]:
    ledger, news = pair.ledgers[node], News()
    ledger.subscribe(news.tell)
    with ThreadPoolExecutor(4) as threads:
        couriers = Couriers(ledger, news=news, threads=threads, edge=EDGE, pace=PACE)
        listener = Listener(ledger, news=news, threads=threads, heard=couriers.heard, limits=limits)
        end = End(listener=listener, couriers=couriers, news=news, threads=threads)
        end.port = await listener.start(HOST, port)
        try:
            yield end
        finally:
            await couriers.stop()
            await listener.stop()


async def until(is_true: Callable[[], bool], news: News) -> None:
    rung = asyncio.Event()
    with news.listening(LINK, rung):
        async with asyncio.timeout(SECONDS):
            while not await asyncio.to_thread(is_true):
                await is_set_within(rung, 0.05)
                rung.clear()
