"""How the courier delivers, holds back, catches up and polls; without a network and without waiting."""

import asyncio
import gc
import tracemalloc
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.gates.peer.courier import Courier, Edge, Pace, Standing
from parley.gates.peer.news import News
from parley.gates.peer.wire import Route, Wire, WireError
from tests.gates.peer.fakes import HOST, LINK, FakeLedger


class FakeLine:
    """Answers with what `replies` holds, the last one for ever; an exception is raised."""

    def __init__(self, *replies: bytes | WireError) -> None:
        self.replies = list(replies)
        self.posts: list[tuple[bytes, int]] = []
        self.posted = asyncio.Semaphore(0)

    async def post(self, parcel: bytes, *, wait: int = 0) -> bytes:
        self.posts.append((parcel, wait))
        self.posted.release()
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, WireError):
            raise reply
        return reply


class Clockwork:
    """A clock that only waiting moves, and that ends the scene after so many seconds."""

    def __init__(self, *, ends_at: float, dice: float = 0.0) -> None:
        self.time = 0.0
        self.waits: list[float] = []
        self.ends_at = ends_at
        self.dice = dice
        self.over = asyncio.Event()

    async def is_set_within(self, event: asyncio.Event, seconds: float) -> bool:
        await asyncio.sleep(0)
        if event.is_set():
            return True
        self.waits.append(round(seconds, 3))
        self.time += seconds
        if self.time >= self.ends_at:
            self.over.set()
            await asyncio.Event().wait()
        return False

    def edge(self) -> Edge:
        return Edge(
            now=lambda: 1000 + int(self.time),
            monotonic=lambda: self.time,
            dice=lambda: self.dice,
            is_set_within=self.is_set_within,
        )


Scene = Callable[[Courier], Awaitable[None]]


def played(
    ledger: FakeLedger,
    line: FakeLine,
    *,
    ends_at: float,
    dice: float = 0.0,
    poll: bool = False,
    first: Scene | None = None,
) -> tuple[Standing, list[float]]:
    async def play() -> tuple[Standing, list[float]]:
        clockwork = Clockwork(ends_at=ends_at, dice=dice)
        with ThreadPoolExecutor(1) as threads:
            courier = Courier(
                LINK,
                ledger=ledger,
                line=line,
                news=News(),
                threads=threads,
                edge=clockwork.edge(),
                pace=Pace(),
            )
            if first is not None:
                await first(courier)
            work = asyncio.create_task(courier.poll() if poll else courier.run())
            async with asyncio.timeout(20):
                await clockwork.over.wait()
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
        return courier.standing, clockwork.waits

    return asyncio.run(play())


@given(failures=st.integers(1, 10_000), dice=st.floats(0, 1, exclude_max=True))
def test_the_delay_grows_to_a_minute_and_is_never_nothing(failures: int, dice: float) -> None:
    pace = Pace()

    assert 0.25 <= pace.delay(failures, dice) <= 60
    assert pace.delay(failures, dice) <= pace.delay(failures + 1, dice)


def test_the_first_parcel_after_a_start_asks_what_the_other_side_holds() -> None:
    ledger, line = FakeLedger(), FakeLine(b"receipt")

    standing, waits = played(ledger, line, ends_at=60)

    assert line.posts == [(b"prompt", 0)]
    assert waits == [60]
    assert (standing.attempted_at, standing.succeeded_at, standing.error) == (1000, 1000, None)


def test_an_idle_line_is_prompted_every_minute() -> None:
    ledger, line = FakeLedger(), FakeLine(b"receipt")

    played(ledger, line, ends_at=180)

    assert line.posts == [(b"prompt", 0)] * 3


def test_after_an_outage_it_sends_until_nothing_is_left() -> None:
    ledger = FakeLedger(to_send=[b"one", b"two", b"three"])
    line = FakeLine(b"receipt")

    standing, waits = played(ledger, line, ends_at=60)

    assert [parcel for parcel, _ in line.posts] == [b"one", b"two", b"three"]
    assert waits == [60]
    assert standing.waiting_since is None


def test_news_are_sent_at_once() -> None:
    ledger, line = FakeLedger(), FakeLine(b"receipt")

    async def scene() -> None:
        with ThreadPoolExecutor(1) as threads:
            news = News()
            ledger.listeners.append(news.tell)
            edge = Clockwork(ends_at=1).edge()
            real = Edge(now=edge.now, monotonic=edge.monotonic, dice=edge.dice)
            courier = Courier(LINK, ledger=ledger, line=line, news=news, threads=threads, edge=real)
            work = asyncio.create_task(courier.run())
            async with asyncio.timeout(5):
                await line.posted.acquire()
                await asyncio.to_thread(ledger.say, b"news")
                await line.posted.acquire()
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work

    asyncio.run(scene())
    assert [parcel for parcel, _ in line.posts] == [b"prompt", b"news"]


def test_an_unreachable_partner_is_tried_more_and_more_seldom() -> None:
    ledger, line = FakeLedger(to_send=[b"entry"]), FakeLine(WireError("unreachable"))

    standing, waits = played(ledger, line, ends_at=300)

    # Each delay is waited in two parts: the first half second cannot be cut short.
    delays = [first + rest for first, rest in zip(waits[::2], waits[1::2], strict=False)]
    assert delays[:9] == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    assert (standing.error, standing.succeeded_at, standing.waiting_since) == ("unreachable", None, 1000)
    assert standing.failures == len(line.posts)


def test_dice_shorten_the_delay_by_up_to_half() -> None:
    _, waits = played(FakeLedger(), FakeLine(WireError("timeout")), ends_at=4, dice=0.5)

    assert [first + rest for first, rest in zip(waits[::2], waits[1::2], strict=False)][:3] == [
        0.375,
        0.75,
        1.5,
    ]


def test_a_success_ends_the_holding_back() -> None:
    line = FakeLine(WireError("cut"), WireError("cut"), b"receipt", WireError("cut"), b"receipt")
    ledger = FakeLedger(to_send=[b"one", b"two"])

    standing, waits = played(ledger, line, ends_at=60)

    assert waits == [0.5, 0, 0.5, 0.5, 0.5, 0, 60]
    assert (standing.error, standing.failures) == (None, 0)


def test_a_partner_that_asks_for_patience_gets_it() -> None:
    _, waits = played(
        FakeLedger(), FakeLine(WireError("status-429", retry_after_seconds=30), b"receipt"), ends_at=60
    )

    assert waits[:2] == [0.5, 29.5]


def test_an_answer_that_is_no_parcel_is_a_failure() -> None:
    standing, _ = played(FakeLedger(to_send=[b"one"]), FakeLine(b"garbage"), ends_at=2)

    assert standing.error == "bad-answer"


def test_a_partner_that_takes_nothing_is_not_asked_without_end() -> None:
    ledger, line = FakeLedger(to_send=[b"one"], is_stuck=True), FakeLine(b"receipt")

    standing, waits = played(ledger, line, ends_at=300)

    assert standing.error == "no-progress"
    assert len(line.posts) < 15
    assert max(waits) > 30


def test_what_a_parcel_of_the_partners_own_brought_meanwhile_is_progress_too() -> None:
    pieces = [b"%d" % number for number in range(20)]
    ledger = FakeLedger(to_send=list(pieces), crosses=True)
    line = FakeLine(b"nothing new")

    standing, waits = played(ledger, line, ends_at=1)

    assert [parcel for parcel, _ in line.posts][:20] == pieces
    assert standing.error is None
    assert waits[0] == Pace().heartbeat


@pytest.mark.parametrize("is_polled", [False, True])
@pytest.mark.parametrize("gives", [False, True])
@pytest.mark.parametrize("claims", [[0], [0, 9], [0, 1, 2, 0, 0], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]], ids=repr)
def test_a_partner_that_takes_nothing_gets_it_again_after_pauses_alone_whatever_it_says_or_gives(
    claims: list[int], *, gives: bool, is_polled: bool
) -> None:
    ledger = FakeLedger(to_send=[b"one"], is_stuck=True, claims=cycle(claims), gives=gives)
    line = FakeLine(b"receipt")

    _, waits = played(ledger, line, ends_at=30, poll=is_polled)

    # What it begins anew after a pause counts once.
    assert len(line.posts) <= len(claims) * 3 * len(waits)
    assert len(line.posts) < 250


def test_a_partner_that_lost_its_disk_gets_all_of_it_again_after_one_pause() -> None:
    claims = [*range(100, 900, 10), *[900] * 10]
    ledger = FakeLedger(to_send=[b"one"], is_stuck=True, have=900, claims=iter(claims))
    line = FakeLine(b"receipt")

    _, waits = played(ledger, line, ends_at=0.9)

    assert waits == [0.5, 0.0, 0.5]
    assert len(line.posts) >= len(claims) - 10


def test_a_partner_that_was_just_in_touch_is_tried_after_half_a_second() -> None:
    async def is_heard(courier: Courier) -> None:
        courier.heard()

    _, waits = played(FakeLedger(), FakeLine(*[WireError("cut")] * 8, b"receipt"), ends_at=9, first=is_heard)

    # The relief was there before the first failure, and is used up by it.
    assert waits[:3] == [0.5, 0.5, 0.5]


def test_two_stuck_partners_do_not_wake_each_other() -> None:
    async def is_stuck_and_heard(courier: Courier) -> None:
        courier.standing = Standing(link=LINK, error="no-progress")
        courier.heard()

    _, waits = played(
        FakeLedger(), FakeLine(WireError("cut"), b"receipt"), ends_at=60, first=is_stuck_and_heard
    )

    assert waits[:2] == [0.5, 0]


def test_a_poll_is_followed_by_a_poll_as_long_as_it_brings_something() -> None:
    ledger = FakeLedger(to_send=[b"one", b"two", b"three"])
    line = FakeLine(b"entry", b"entry", b"entry", WireError("status-503"))

    _, waits = played(ledger, line, ends_at=1, poll=True)

    assert [wait for _, wait in line.posts][:4] == [50] * 4
    assert ledger.answers == [b"entry"] * 3
    assert waits[:2] == [0.5, 0]


def test_a_partner_that_does_not_know_how_to_wait_is_polled_seldom() -> None:
    line = FakeLine(b"nothing")

    standing, _ = played(FakeLedger(), line, ends_at=300, poll=True)

    assert len(line.posts) < 15
    assert standing.polled_at is not None


@dataclass
class HeavyLedger(FakeLedger):
    """Has a parcel of a mebibyte to send, made anew each time."""

    made: list[str] = field(default_factory=list)

    def has_news(self, link: str) -> bool:
        return bool(link)

    def compose(self, link: str, *, prompt: bool = False) -> bytes | None:
        self.made.append(f"{link} {prompt}")
        return bytes(2**20)


class DeadLine(FakeLine):
    """Leads to a door at which nobody is."""

    async def post(self, parcel: bytes, *, wait: int = 0) -> bytes:
        nobody = await asyncio.start_server(lambda _reader, writer: writer.close(), HOST, 0)
        port = nobody.sockets[0].getsockname()[1]
        nobody.close()
        await nobody.wait_closed()
        async with Wire(Route(link=LINK, url=f"http://{HOST}:{port}")) as wire:
            return await wire.post(parcel, wait=wait)


@pytest.mark.parametrize("poll", [False, True])
def test_a_partner_that_is_out_of_reach_costs_no_memory(poll: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    ledger = HeavyLedger()
    # Python would look for what refers to itself now or then, and a node cannot count on it.
    gc.disable()
    tracemalloc.start()
    try:
        played(ledger, DeadLine(), ends_at=300, poll=poll)
        kept, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()

    assert len(ledger.made) > 8
    assert kept < 3 * 2**20
