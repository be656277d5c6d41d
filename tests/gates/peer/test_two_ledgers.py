"""Two real ledgers, two listeners, two couriers: what is said at one end stands at the other, by itself."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.gates.peer.network import on_the_network, until
from tests.two_nodes.pair import LINK, A, B, Pair


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path, is_open=False)
    yield nodes
    nodes.stop()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path)
    yield nodes
    nodes.stop()


def play(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scene())


def open_by_hand(pair: Pair) -> None:
    for node in (A, B):
        pair.ledgers[node].sign_opening(LINK, pair.offer(node), pair.offer(pair.other(node)), draft="open")


def test_a_link_opens_and_an_inquiry_is_acknowledged_over_the_network(closed: Pair) -> None:
    async def scene() -> None:
        async with on_the_network(closed, A) as a, on_the_network(closed, B) as b:
            await a.dial(b)
            await b.dial(a)
            await asyncio.to_thread(open_by_hand, closed)
            await until(closed.is_settled, a.news)
            sent = await asyncio.to_thread(closed.sends)
            await until(lambda: any(row.statement == sent.statement for row in closed.rows(B)), b.news)
            await asyncio.to_thread(closed.say, B, "inquiry.acknowledged", {}, re=sent.statement)
            await until(closed.is_settled, a.news)

    play(scene)
    kinds = [row.kind for row in closed.rows(A)]
    assert kinds.count("link.opened") == 2
    assert {"inquiry.sent", "inquiry.acknowledged"} <= set(kinds)
    assert {row.verdict.text for row in closed.rows(A)} == {"valid"}


def test_after_an_outage_everything_comes_over_at_once(pair: Pair) -> None:
    async def scene() -> None:
        async with on_the_network(pair, A) as a:
            async with on_the_network(pair, B) as b:
                await a.dial(b)
                await until(lambda: a.couriers.standings()[0].succeeded_at is not None, a.news)
            for _ in range(30):
                await asyncio.to_thread(pair.sends)
            await until(lambda: a.couriers.standings()[0].error is not None, a.news)
            assert a.couriers.standings()[0].waiting_since is not None
            async with on_the_network(pair, B, port=b.port) as again:
                await again.dial(a)
                await until(pair.is_settled, a.news)
                await until(lambda: a.couriers.standings()[0].waiting_since is None, a.news)

    play(scene)
    assert [row.kind for row in pair.rows(B)].count("inquiry.sent") == 30


def test_a_node_that_nobody_can_dial_gets_everything_by_polling(pair: Pair) -> None:
    async def scene() -> None:
        async with on_the_network(pair, A) as a, on_the_network(pair, B) as b:
            await a.dial(b, poll=True)
            await until(lambda: a.couriers.standings()[0].succeeded_at is not None, a.news)
            for node in (A, B, B, A):
                await asyncio.to_thread(pair.sends, node=node)
                await until(pair.is_settled, a.news)

    play(scene)
    assert [row.kind for row in pair.rows(A)].count("inquiry.sent") == 4


@pytest.mark.parametrize("poll", [False, True])
def test_when_all_is_said_the_line_is_quiet(pair: Pair, *, poll: bool) -> None:
    commits: list[str] = []

    async def scene() -> None:
        async with on_the_network(pair, A) as a, on_the_network(pair, B) as b:
            await a.dial(b, poll=poll)
            if not poll:
                await b.dial(a)
            await asyncio.to_thread(pair.sends, node=B)
            await until(pair.is_settled, a.news)
            await asyncio.sleep(0.3)
            for node in (A, B):
                pair.ledgers[node].subscribe(commits.append)
            await asyncio.sleep(0.7)
            # Looked at before the end, which answers the poll.
            assert commits == []

    play(scene)
