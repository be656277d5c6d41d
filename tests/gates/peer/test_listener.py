"""What the partner listener answers, and what it refuses before it reads."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from parley.gates.peer.doorway import Limits, Turnstile
from parley.gates.peer.listener import Listener
from parley.protocol.parcel import MAX_PARCEL
from tests.gates.peer.fakes import FakeLedger, Reply, ask, connected, listening, post

CALM = Limits(
    patience_seconds=60, lingering_seconds=0.05, retry_after_seconds=7, spare_requests=0, spare_bytes=0
)
QUICK = replace(CALM, patience_seconds=0.2)
"""For those who are given up; a busy computer needs longer than this for what is to be taken."""
LONG = 50


def answered(raw: bytes, *, ledger: FakeLedger | None = None, limits: Limits | None = None) -> Reply:
    async def scene() -> Reply:
        async with listening(ledger or FakeLedger(), limits=limits or CALM) as (_listener, port):
            return await ask(port, raw)

    return asyncio.run(scene())


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(6_000):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came true")


async def one_is_inside(listener: Listener) -> None:
    """Wait until somebody is counted whose body did not come to its end."""
    await until(lambda: listener._turnstile._inside.total() == 1)  # noqa: SLF001 - a test may look behind a door


def test_a_parcel_is_answered_with_a_parcel() -> None:
    ledger = FakeLedger()

    reply = answered(post(b"new entry"), ledger=ledger)

    assert (reply.status, reply.body) == (200, b"receipt")
    assert ledger.accepted == [b"new entry"]
    assert reply.headers["server"] == "parley"


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("POST /", 404),
        ("POST /parley/v1/parcel/", 404),
        ("POST /parley/v1/parcel?x=1", 404),
        ("POST /parley/v1/Parcel", 404),
        ("POST //parley/v1/parcel", 404),
        ("POST /parley/v1/%70arcel", 404),
        ("GET /", 404),
        ("GET /healthz", 404),
        ("GET /parley/v1/part/00", 404),
        ("OPTIONS *", 404),
        ("GET /parley/v1/parcel", 405),
        ("PUT /parley/v1/parcel", 405),
        ("HEAD /parley/v1/parcel", 405),
    ],
)
def test_it_serves_one_method_on_one_path_and_nothing_else(request_line: str, status: int) -> None:
    ledger = FakeLedger()

    reply = answered(
        f"{request_line} HTTP/1.1\r\nHost: b\r\nContent-Length: 0\r\n\r\n".encode(), ledger=ledger
    )

    assert (reply.status, reply.body) == (status, b"")
    assert ledger.accepted == []


@pytest.mark.parametrize(
    ("body", "status"), [(b"garbage", 400), (b"", 400), (b"stranger", 403), (b"full disk", 503)]
)
def test_what_the_ledger_refuses_is_refused_without_a_word(body: bytes, status: int) -> None:
    reply = answered(post(body))

    assert (reply.status, reply.body) == (status, b"")


def test_a_full_disk_asks_to_come_later() -> None:
    assert answered(post(b"full disk")).headers["retry-after"] == "7"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (f"Content-Length: {MAX_PARCEL + 1}", 413),
        (f"Content-Length: {10**30}", 400),
        ("Transfer-Encoding: chunked", 411),
        ("X: y", 411),
        ("Content-Length: -1", 400),
        ("Content-Length: +5", 400),
        ("Content-Length: 5\r\nContent-Length: 6", 400),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", 400),
        ("X: " + "y" * 3000, 400),
        ("\r\n".join(f"X{n}: y" for n in range(40)), 400),
    ],
)
def test_it_is_refused_before_a_byte_of_the_body_is_read(headers: str, status: int) -> None:
    ledger = FakeLedger()

    # The body never comes: an answer at all shows that nobody waited for it.
    reply = answered(
        f"POST /parley/v1/parcel HTTP/1.1\r\nHost: b\r\n{headers}\r\n\r\n".encode(), ledger=ledger
    )

    assert (reply.status, reply.body) == (status, b"")
    assert ledger.accepted == []


def test_a_refused_sender_is_hung_up_on() -> None:
    async def scene() -> None:
        async with listening(FakeLedger()) as (_listener, port), connected(port) as rude:
            await rude.send(post(b"", path="/"))

            assert (await rude.reply()).headers["connection"] == "close"
            assert await rude.is_closed()

    asyncio.run(scene())


def test_the_largest_parcel_is_taken() -> None:
    ledger = FakeLedger()

    assert answered(post(b"n" * MAX_PARCEL), ledger=ledger).status == 200
    assert len(ledger.accepted[0]) == MAX_PARCEL


def test_a_compressed_body_stays_as_it_is() -> None:
    ledger = FakeLedger()
    squeezed = b"\x1f\x8b\x08\x00 this is not even gzip"

    assert answered(post(squeezed, "Content-Encoding: gzip"), ledger=ledger).status == 200
    assert ledger.accepted == [squeezed]


def test_a_slow_body_is_given_up() -> None:
    async def scene() -> int:
        async with listening(FakeLedger(), limits=QUICK) as (_listener, port), connected(port) as rude:
            await rude.send(post(b"0123456789")[:-1])
            return (await rude.reply()).status

    assert asyncio.run(scene()) == 408


def test_slow_headers_are_given_up() -> None:
    async def scene() -> bool:
        limits = replace(QUICK, idle_seconds=0.2)
        async with listening(FakeLedger(), limits=limits) as (_listener, port), connected(port) as rude:
            await rude.send(b"POST /parley/v1/parcel HTTP/1.1\r\nHost")
            return await rude.is_closed()

    assert asyncio.run(scene())


def test_whoever_hangs_up_in_the_middle_is_forgotten() -> None:
    async def scene() -> Reply:
        async with listening(FakeLedger(), limits=replace(Limits(), requests=1)) as (_listener, port):
            async with connected(port) as rude:
                await rude.send(post(b"0123456789")[:-1])
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.05)
            return await ask(port, post(b"new"))

    assert asyncio.run(scene()).status == 200


def test_a_sender_that_asks_first_is_told_to_go_on() -> None:
    async def scene() -> tuple[bytes, Reply]:
        async with listening(FakeLedger()) as (_listener, port), connected(port) as rude:
            request = post(b"new", "Expect: 100-continue")
            await rude.send(request[:-3])
            interim = await rude.reader.readuntil(b"\r\n\r\n")
            await rude.send(request[-3:])
            return interim, await rude.reply()

    interim, reply = asyncio.run(scene())
    assert interim == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert reply.body == b"receipt"


def test_two_parcels_may_use_one_connection() -> None:
    ledger = FakeLedger()

    async def scene() -> None:
        async with listening(ledger) as (_listener, port), connected(port) as rude:
            for _ in range(2):
                await rude.send(post(b"new"))
                assert (await rude.reply()).status == 200

    asyncio.run(scene())
    assert len(ledger.accepted) == 2


@pytest.mark.parametrize(
    "limits",
    [replace(CALM, requests=1), replace(CALM, requests_per_peer=1), replace(CALM, bytes_at_once=15)],
)
def test_one_too_many_at_once_is_asked_to_come_later(limits: Limits) -> None:
    async def scene() -> Reply:
        async with listening(FakeLedger(), limits=limits) as (listener, port), connected(port) as slow:
            await slow.send(post(b"0123456789")[:-1])
            await one_is_inside(listener)
            return await ask(port, post(b"0123456789"))

    reply = asyncio.run(scene())
    assert (reply.status, reply.headers["retry-after"], reply.body) == (429, "7", b"")


@pytest.mark.parametrize("limits", [Limits(connections=1), Limits(connections_per_peer=1)])
def test_more_connections_than_the_limit_are_cut(limits: Limits) -> None:
    async def scene() -> bool:
        narrow = listening(FakeLedger(), limits=limits)
        async with narrow as (_listener, port), connected(port) as first, connected(port) as second:
            await first.send(post(b"new"))
            assert (await first.reply()).status == 200
            return await second.is_closed()

    assert asyncio.run(scene())


def test_a_connection_that_ended_is_not_counted_any_more() -> None:
    async def scene() -> list[int]:
        async with listening(FakeLedger(), limits=Limits(connections_per_peer=1)) as (_listener, port):
            found = []
            for _ in range(3):
                found.append((await ask(port, post(b"new"))).status)
                await asyncio.sleep(0.02)
            return found

    assert asyncio.run(scene()) == [200] * 3


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
    ],
)
def test_whoever_has_one_ipv6_address_has_a_whole_network(one: str, other: str, *, are_one: bool) -> None:
    turnstile = Turnstile(Limits(requests_per_peer=1, spare_requests=0))

    with turnstile.inside(one):
        assert turnstile.is_free(other, 0) is not are_one
    assert turnstile.is_free(one, 0)


def test_a_mistake_of_ours_is_a_bare_500_and_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        reply = answered(post(b"mistake"))

    assert (reply.status, reply.body) == (500, b"")
    assert "a mistake of ours" in caplog.text


def test_refusals_are_counted_for_the_people_who_look_after_the_node() -> None:
    async def scene() -> dict[int, int]:
        async with listening(FakeLedger()) as (listener, port):
            await ask(port, post(b"stranger"))
            await ask(port, post(b"", path="/x"))
            return dict(listener.refused)

    assert asyncio.run(scene()) == {403: 1, 404: 1}


def test_a_stopping_node_finishes_what_is_inside_and_refuses_the_next() -> None:
    async def scene() -> tuple[int, int]:
        ledger = FakeLedger()
        async with listening(ledger) as (listener, port), connected(port) as inside, connected(port) as late:
            await late.send(post(b"new"))
            await late.reply()
            await inside.send(post(b"0123456789")[:-1])
            await one_is_inside(listener)
            stopping = asyncio.create_task(listener.stop())
            await asyncio.sleep(0.05)
            await late.send(post(b"new"))
            await inside.send(b"9")
            statuses = (await inside.reply()).status, (await late.reply()).status
            await stopping
            return statuses

    assert asyncio.run(scene()) == (200, 503)


# ---- Long-poll


def polled(
    scene: Callable[[FakeLedger, Listener, int], Awaitable[Reply]], ledger: FakeLedger
) -> tuple[Reply, float]:
    async def timed() -> tuple[Reply, float]:
        async with listening(ledger) as (listener, port):
            begun = asyncio.get_running_loop().time()
            reply = await scene(ledger, listener, port)
            return reply, asyncio.get_running_loop().time() - begun

    return asyncio.run(timed())


def test_a_poll_that_changes_something_is_answered_at_once() -> None:
    """H20: a wait never delays a receipt."""

    async def scene(_ledger: FakeLedger, _listener: Listener, port: int) -> Reply:
        return await ask(port, post(b"new entries", f"Prefer: wait={LONG}"))

    reply, seconds = polled(scene, FakeLedger())
    assert reply.body == b"receipt"
    assert seconds < LONG


def test_a_poll_is_answered_at_once_if_something_is_to_be_sent() -> None:
    async def scene(_ledger: FakeLedger, _listener: Listener, port: int) -> Reply:
        return await ask(port, post(b"old", f"Prefer: wait={LONG}"))

    reply, seconds = polled(scene, FakeLedger(to_send=[b"our entry"]))
    assert reply.body == b"our entry"
    assert seconds < LONG


def test_a_poll_waits_until_there_is_something_to_say() -> None:
    async def scene(ledger: FakeLedger, _listener: Listener, port: int) -> Reply:
        asking = asyncio.create_task(ask(port, post(b"old", f"Prefer: wait={LONG}")))
        await until(lambda: ledger.accepted == [b"old"])
        await asyncio.sleep(0.1)
        assert not asking.done()
        ledger.say(b"our entry")
        return await asking

    reply, seconds = polled(scene, FakeLedger())
    assert reply.body == b"our entry"
    assert seconds < LONG


def test_a_poll_without_news_ends_when_its_time_is_over() -> None:
    async def scene(_ledger: FakeLedger, _listener: Listener, port: int) -> Reply:
        return await ask(port, post(b"old", "Prefer: respond-async, wait=1"))

    reply, seconds = polled(scene, FakeLedger())
    assert reply.body == b"nothing new"
    assert 0.9 < seconds < LONG


@pytest.mark.parametrize(
    "header", ["Prefer: wait=0", "Prefer: wait=soon", "Prefer: nowait=50", "Prefer: wait=-5", "X: y"]
)
def test_what_is_no_wish_to_wait_is_answered_at_once(header: str) -> None:
    async def scene(_ledger: FakeLedger, _listener: Listener, port: int) -> Reply:
        return await ask(port, post(b"old", header))

    reply, seconds = polled(scene, FakeLedger())
    assert reply.body == b"receipt"
    assert seconds < LONG


def test_nobody_waits_longer_than_the_limit() -> None:
    async def scene() -> bytes:
        async with listening(FakeLedger(), limits=replace(Limits(), longest_wait_seconds=1)) as (
            _listener,
            port,
        ):
            async with asyncio.timeout(LONG):
                return (await ask(port, post(b"old", "Prefer: wait=99999"))).body

    assert asyncio.run(scene()) == b"nothing new"


def test_a_newer_poll_sends_the_older_one_home() -> None:
    async def scene(ledger: FakeLedger, _listener: Listener, port: int) -> Reply:
        older = asyncio.create_task(ask(port, post(b"old", f"Prefer: wait={LONG}")))
        await until(lambda: ledger.accepted == [b"old"])
        await asyncio.sleep(0.1)
        newer = asyncio.create_task(ask(port, post(b"old", f"Prefer: wait={LONG}")))
        first = await older
        ledger.say(b"our entry")
        assert (await newer).body == b"our entry"
        return first

    reply, seconds = polled(scene, FakeLedger())
    assert reply.body == b"nothing new"
    assert seconds < LONG


def test_a_poll_does_not_keep_a_push_of_the_same_partner_waiting() -> None:
    async def scene(ledger: FakeLedger, listener: Listener, port: int) -> Reply:
        polling = asyncio.create_task(ask(port, post(b"old", f"Prefer: wait={LONG}")))
        await until(lambda: ledger.accepted == [b"old"])
        await asyncio.sleep(0.1)
        pushed = await ask(port, post(b"new"))
        assert not polling.done()
        polling.cancel()
        return pushed

    reply, seconds = polled(scene, FakeLedger())
    assert reply.body == b"receipt"
    assert seconds < LONG


def test_a_stopping_node_answers_those_who_wait() -> None:
    async def scene(ledger: FakeLedger, listener: Listener, port: int) -> Reply:
        polling = asyncio.create_task(ask(port, post(b"old", f"Prefer: wait={LONG}")))
        await until(lambda: ledger.accepted == [b"old"])
        await asyncio.sleep(0.1)
        await listener.stop()
        return await polling

    reply, seconds = polled(scene, FakeLedger())
    assert reply.body == b"nothing new"
    assert seconds < LONG
