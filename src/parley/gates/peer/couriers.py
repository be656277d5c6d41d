"""All couriers of a node: one for each lane of each link that can be dialled, kept in step with the links.

Each has a connection of its own, so that nothing small stands behind something large.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from parley.gates.peer.courier import Courier, Edge, Pace, Standing
from parley.gates.peer.fetcher import Fetcher
from parley.gates.peer.ledgers import PeerLedger
from parley.gates.peer.news import News
from parley.gates.peer.wire import Route, Wire
from parley.ledger.lanes import lane_of, link_of, named
from parley.protocol.names import BULK, HOT

FAULT_SECONDS: Final = 60

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Served:
    route: Route
    courier: Courier
    fetcher: Fetcher
    task: "asyncio.Task[None]"


class Couriers:
    """Serves the routes it was last given. To be used inside the loop."""

    def __init__(
        self,
        ledger: PeerLedger,
        *,
        news: News,
        threads: Executor,
        edge: Edge,
        pace: Pace | None = None,
        lanes: Mapping[str, Executor] | None = None,
    ) -> None:
        """Serve what `ledger` has. What is done for a lane is done in its own threads of `lanes`, if any."""
        self._ledger = ledger
        self._news = news
        self._threads = threads
        self._edge = edge
        self._pace = pace
        self._lanes = lanes or {}
        self._served: dict[str, _Served] = {}

    def standings(self) -> tuple[Standing, ...]:
        """Return how each courier fares, by link."""
        return tuple(served.courier.standing for _, served in sorted(self._served.items()))

    def wake(self, link: str | None = None) -> None:
        """Let the couriers of `link`, or every courier, try now."""
        for name, served in self._served.items():
            if link in {None, name, link_of(name)}:
                served.courier.wake()
                served.fetcher.wake()

    def heard(self, link: str) -> None:
        """Note that the partner on `link` was in touch."""
        if link in self._served:
            self._served[link].courier.heard()
            self._served[link].fetcher.wake()

    async def serve(self, routes: Iterable[Route]) -> None:
        """Serve exactly `routes` from now on; one that changed, by a new card, begins anew."""
        wanted = {route.link: route for route in routes}
        for link, served in list(self._served.items()):
            if wanted.get(link) != served.route:
                del self._served[link]
                await _end(served.task)
        for link, route in wanted.items():
            if link not in self._served:
                self._served[link] = self._begin(route)

    async def stop(self) -> None:
        """Send nothing more. What was not delivered is in the record, and is sent after the next start."""
        await self.serve(())

    def _begin(self, route: Route) -> _Served:
        wire = Wire(route)
        threads = self._lanes.get(lane_of(route.link), self._threads)
        hot = named(link_of(route.link), HOT)
        courier = Courier(
            route.link,
            after=hot if lane_of(route.link) == BULK and hot in self._served else None,
            ledger=self._ledger,
            line=wire,
            news=self._news,
            threads=threads,
            edge=self._edge,
            pace=self._pace,
        )
        fetcher = Fetcher(
            route.link,
            files=self._ledger.files,
            line=wire,
            news=self._news,
            threads=threads,
            edge=self._edge,
            pace=self._pace,
        )
        works = [courier.run, fetcher.run, *([courier.poll] if route.poll else [])]
        task = asyncio.create_task(_work(wire, works), name=f"courier {route.link}")
        return _Served(route=route, courier=courier, fetcher=fetcher, task=task)


async def _work(wire: Wire, works: Iterable[Callable[[], Awaitable[None]]]) -> None:
    async with wire, asyncio.TaskGroup() as together:
        for work in works:
            together.create_task(_for_ever(work))


async def _for_ever(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception:  # noqa: BLE001  # the loop's edge: a mistake on one link must not end its service
            _log.exception("a courier failed; again in %s s", FAULT_SECONDS)
            await asyncio.sleep(FAULT_SECONDS)


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
