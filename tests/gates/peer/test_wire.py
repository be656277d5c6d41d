"""One POST over real sockets: pins, limits, and what a partner cannot make the courier do."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from parley.gates.peer.listener import PATH
from parley.gates.peer.tls import key_hash, server_context
from parley.gates.peer.wire import Patience, Route, Wire, WireError
from parley.protocol.parcel import MAX_PARCEL
from tests.gates.peer.certificates import Certificate, make_certificate
from tests.gates.peer.fakes import HOST, LINK, FakeLedger, listening

BASE = PATH.removesuffix("/parcel")
CALM = Patience(connect_seconds=60, silence_seconds=60, whole_seconds=120)
HASTE = replace(CALM, silence_seconds=0.3)
"""For a partner who says nothing; whoever does say something is given time."""


async def sent(
    port: int,
    parcel: bytes = b"new",
    *,
    tls: bool = False,
    pin: bytes | None = None,
    wait: int = 0,
    patience: Patience = CALM,
) -> bytes:
    url = f"{'https' if tls else 'http'}://{HOST}:{port}{BASE}"
    async with Wire(Route(link=LINK, url=url, tls_sha256=pin), patience=patience) as wire:
        return await wire.post(parcel, wait=wait)


def fault(scene: Callable[[], Coroutine[Any, Any, object]]) -> WireError:
    with pytest.raises(WireError) as caught:
        asyncio.run(scene())
    return caught.value


@asynccontextmanager
async def partner(
    answer: bytes, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Read one request and say `answer`; if that is nothing, wait until the other leaves."""
    heard: list[bytes] = []
    served: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        if not answer:
            await reader.read()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(begin, HOST, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        server.close()
        await asyncio.gather(*served, return_exceptions=True)


def ok(body: bytes, *headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "", ""]).encode() + body


# ---- Plain


def test_a_parcel_comes_back_for_a_parcel() -> None:
    ledger = FakeLedger()

    async def scene() -> bytes:
        async with listening(ledger) as (_listener, port):
            return await sent(port, b"new entry")

    assert asyncio.run(scene()) == b"receipt"
    assert ledger.accepted == [b"new entry"]


def test_the_largest_parcel_goes_there_and_the_largest_answer_comes_back() -> None:
    ledger = FakeLedger(to_send=[b"a" * MAX_PARCEL])

    async def scene() -> bytes:
        async with listening(ledger) as (_listener, port):
            return await sent(port, b"o" * MAX_PARCEL, wait=1)

    assert len(asyncio.run(scene())) == MAX_PARCEL
    assert len(ledger.accepted[0]) == MAX_PARCEL


def test_a_wish_to_wait_is_heard() -> None:
    async def scene() -> tuple[bytes, float]:
        async with listening(FakeLedger()) as (_listener, port):
            begun = asyncio.get_running_loop().time()
            return await sent(port, b"old", wait=1), asyncio.get_running_loop().time() - begun

    answer, seconds = asyncio.run(scene())
    assert answer == b"nothing new"
    assert seconds > 0.9


def test_the_request_says_no_more_than_it_must() -> None:
    async def scene() -> bytes:
        async with partner(ok(b"x")) as (port, heard):
            await sent(port, b"123")
            return heard[0]

    head = asyncio.run(scene()).decode().split("\r\n")
    assert head[0] == f"POST {PATH} HTTP/1.1"
    assert {line.split(":")[0] for line in head[1:] if line} == {
        "Host",
        "Content-Type",
        "Content-Length",
        "Accept",
        "Accept-Encoding",
        "User-Agent",
    }


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Again", "308 Again"])
def test_no_redirect_is_followed(status: str) -> None:
    elsewhere = FakeLedger()

    async def scene() -> None:
        async with listening(elsewhere) as (_listener, other):
            away = f"HTTP/1.1 {status}\r\nLocation: http://{HOST}:{other}{PATH}\r\nContent-Length: 0\r\n\r\n"
            async with partner(away.encode()) as (port, _heard):
                await sent(port)

    assert fault(scene).code == f"status-{status[:3]}"
    assert elsewhere.accepted == []


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> bytes:
        async with partner(b"HTTP/1.1 500 Proxy\r\nContent-Length: 0\r\n\r\n") as (proxy, _heard):
            for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://{HOST}:{proxy}")
            async with listening(FakeLedger()) as (_listener, port):
                return await sent(port)

    assert asyncio.run(scene()) == b"receipt"


def test_an_endless_answer_is_cut_at_the_size_of_a_parcel() -> None:
    async def scene() -> None:
        async with partner(ok(b"a" * (MAX_PARCEL + 1))) as (port, _heard):
            await sent(port)

    assert fault(scene).code == "too-large"


def test_an_answer_is_not_unpacked() -> None:
    async def scene() -> bytes:
        async with partner(ok(b"\x1f\x8b raw", "Content-Encoding: gzip")) as (port, _heard):
            return await sent(port)

    assert asyncio.run(scene()) == b"\x1f\x8b raw"


def test_a_silent_partner_is_given_up() -> None:
    async def scene() -> None:
        async with partner(ok(b"four")[:-1]) as (port, _heard):
            await sent(port)

    async def mute() -> None:
        async with partner(b"") as (port, _heard):
            await sent(port, patience=HASTE)

    assert fault(scene).code == "cut"
    assert fault(mute).code == "timeout"


def test_nobody_at_the_address_is_unreachable() -> None:
    async def scene() -> None:
        async with partner(b"") as (port, _heard):
            pass
        await sent(port)

    assert fault(scene).code == "unreachable"


@pytest.mark.parametrize(
    ("after", "seconds"), [("30", 30), ("99999", 300), ("-5", 0), ("soon", 0), ("9" * 5000, 0), ("", 0)]
)
def test_a_partner_may_ask_for_patience_but_not_for_silence(after: str, seconds: int) -> None:
    async def scene() -> None:
        answer = f"HTTP/1.1 429 Slow down\r\nRetry-After: {after}\r\nContent-Length: 0\r\n\r\n"
        async with partner(answer.encode()) as (port, _heard):
            await sent(port)

    caught = fault(scene)
    assert (caught.code, caught.retry_after_seconds) == ("status-429", seconds)


def test_what_is_not_http_is_an_end_of_the_line() -> None:
    async def scene() -> None:
        async with partner(b"\x00\x01\x02 hello\r\n\r\n") as (port, _heard):
            await sent(port)

    assert fault(scene).code == "cut"


# ---- TLS


@pytest.fixture
def own(tmp_path: Path) -> Certificate:
    return make_certificate(tmp_path, "own")


def context(certificate: Certificate) -> ssl.SSLContext:
    return server_context(certificate.certificate, certificate.key)


def test_the_key_on_the_card_is_let_in(own: Certificate) -> None:
    async def scene() -> bytes:
        async with listening(FakeLedger(), tls=context(own)) as (_listener, port):
            return await sent(port, tls=True, pin=own.key_hash)

    assert asyncio.run(scene()) == b"receipt"


def test_a_renewed_certificate_with_the_same_key_is_let_in(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    old, new = make_certificate(tmp_path, "old", key=key), make_certificate(tmp_path, "new", key=key)

    async def scene() -> bytes:
        async with listening(FakeLedger(), tls=context(new)) as (_listener, port):
            return await sent(port, tls=True, pin=old.key_hash)

    assert asyncio.run(scene()) == b"receipt"


def test_another_key_is_refused_before_the_parcel_is_sent(own: Certificate, tmp_path: Path) -> None:
    ledger, other = FakeLedger(), make_certificate(tmp_path, "other")

    async def scene() -> None:
        async with listening(ledger, tls=context(other)) as (_listener, port):
            await sent(port, tls=True, pin=own.key_hash)

    assert fault(scene).code == "other-key"
    assert ledger.accepted == []


def test_a_card_with_a_key_is_never_dialled_without_tls(own: Certificate) -> None:
    ledger = FakeLedger()

    async def scene() -> None:
        async with listening(ledger) as (_listener, port):
            await sent(port, pin=own.key_hash)

    assert fault(scene).code == "tls"
    assert ledger.accepted == []


def test_without_a_pin_a_self_signed_certificate_is_refused(own: Certificate) -> None:
    async def scene() -> None:
        async with listening(FakeLedger(), tls=context(own)) as (_listener, port):
            await sent(port, tls=True)

    assert fault(scene).code == "tls"


def test_the_courier_refuses_tls_1_2(own: Certificate) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    old.load_cert_chain(own.certificate, own.key)

    async def scene() -> None:
        async with partner(ok(b"x"), tls=old) as (port, _heard):
            await sent(port, tls=True, pin=own.key_hash)

    # Whether the other end says why, or only hangs up, is its own affair.
    assert fault(scene).code in {"tls", "unreachable"}


def test_the_listener_refuses_tls_1_2(own: Certificate) -> None:
    async def scene() -> None:
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        async with listening(FakeLedger(), tls=context(own)) as (_listener, port):
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await asyncio.open_connection(HOST, port, ssl=old)

    asyncio.run(scene())


def test_plain_http_is_not_spoken_where_tls_is_configured(own: Certificate) -> None:
    ledger = FakeLedger()

    async def scene() -> None:
        async with listening(ledger, tls=context(own)) as (_listener, port):
            await sent(port)

    assert fault(scene).code == "cut"
    assert ledger.accepted == []


def test_what_is_no_certificate_has_no_key() -> None:
    assert key_hash(b"") == key_hash(b"\x30\x03nonsense") == b""
