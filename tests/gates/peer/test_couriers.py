"""A courier for each partner that can be dialled, and none for all others."""

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest

from parley.gates.peer.courier import Edge, Pace
from parley.gates.peer.couriers import Couriers
from parley.gates.peer.listener import PATH
from parley.gates.peer.news import News
from parley.gates.peer.wire import Route
from parley.work import clock
from tests.gates.peer.fakes import HOST, LINK, FakeLedger, listening

EDGE = Edge(now=clock.now, monotonic=clock.monotonic, dice=lambda: 0.5)
PACE = Pace(first=0.01, longest=0.05)


class Mistaken(FakeLedger):
    def has_news(self, link: str) -> bool:
        raise ZeroDivisionError("a mistake of ours" if link == LINK else "another")


@asynccontextmanager
async def sending(ledger: FakeLedger) -> AsyncIterator[Couriers]:
    news = News()
    ledger.listeners.append(news.tell)
    with ThreadPoolExecutor(1) as threads:
        couriers = Couriers(ledger, news=news, threads=threads, edge=EDGE, pace=PACE)
        try:
            yield couriers
        finally:
            await couriers.stop()


def route(port: int) -> Route:
    return Route(link=LINK, url=f"http://{HOST}:{port}{PATH.removesuffix('/parcel')}")


async def arrives(ledger: FakeLedger, parcel: bytes) -> bool:
    for _ in range(6_000):
        if parcel in ledger.accepted:
            return True
        await asyncio.sleep(0.01)
    return False


def test_a_partner_that_moves_is_found_at_its_new_address() -> None:
    here, there, ours = FakeLedger(), FakeLedger(), FakeLedger()

    async def scene() -> None:
        async with listening(here) as (_, old), listening(there) as (_, new), sending(ours) as couriers:
            await couriers.serve([route(old)])
            assert await arrives(here, b"prompt")
            await couriers.serve([route(new)])
            ours.say(b"moved")
            assert await arrives(there, b"moved")

    asyncio.run(scene())
    assert b"moved" not in here.accepted


def test_the_same_route_again_changes_nothing() -> None:
    here, ours = FakeLedger(), FakeLedger()

    async def scene() -> None:
        async with listening(here) as (_, port), sending(ours) as couriers:
            for _ in range(3):
                await couriers.serve([route(port)])
                assert await arrives(here, b"prompt")

    asyncio.run(scene())
    assert here.accepted == [b"prompt"]


def test_a_link_that_is_not_served_any_more_sends_nothing() -> None:
    here, ours = FakeLedger(), FakeLedger()

    async def scene() -> None:
        async with listening(here) as (_, port), sending(ours) as couriers:
            await couriers.serve([route(port)])
            assert await arrives(here, b"prompt")
            await couriers.serve([])
            assert couriers.standings() == ()
            ours.say(b"entry")
            couriers.wake()
            couriers.heard(LINK)
            await asyncio.sleep(0.1)

    asyncio.run(scene())
    assert here.accepted == [b"prompt"]


def test_whoever_wakes_a_courier_gets_a_prompt_sent() -> None:
    here, ours = FakeLedger(), FakeLedger()

    async def scene() -> None:
        async with listening(here) as (_, port), sending(ours) as couriers:
            await couriers.serve([route(port)])
            assert await arrives(here, b"prompt")
            here.accepted.clear()
            couriers.wake("x-y")
            await asyncio.sleep(0.05)
            assert here.accepted == []
            couriers.wake(LINK)
            assert await arrives(here, b"prompt")

    asyncio.run(scene())


def test_a_mistake_of_ours_goes_to_the_log_and_ends_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> int:
        async with sending(Mistaken()) as couriers:
            await couriers.serve([route(1)])
            for _ in range(6_000):
                if "a mistake of ours" in caplog.text:
                    break
                await asyncio.sleep(0.01)
            return len(couriers.standings())

    with caplog.at_level(logging.ERROR):
        assert asyncio.run(scene()) == 1

    assert "a mistake of ours" in caplog.text
