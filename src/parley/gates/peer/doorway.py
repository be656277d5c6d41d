"""What stands before the listener: how much a stranger may cost before a byte of a body is read.

`Limits` are the figures, `Turnstile` counts who is inside, `Doorway` is aiohttp's server without
what this gate does not want: no words in an error, no unbounded waiting, no endless connections.
Spec §5.6.
"""

import asyncio
import ipaddress
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

from aiohttp import web

from parley.protocol.parcel import MAX_PARCEL

Answering: TypeAlias = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the listener puts up with.

    A partner needs two requests at once in each lane, a poll and a push; behind one address may be several.
    `downloads` are files that are being given out, and count as requests too.
    What is asked on lane hot is small, and its lane stands in no header: so `spare_requests` more, for
    each address and for all, and `spare_bytes` are left for bodies of at most `small_bytes`.
    A body may take `patience_seconds` and what its size takes at `least_rate` bytes a second.
    """

    body_bytes: int = MAX_PARCEL
    bytes_at_once: int = 64 * 1024 * 1024
    # As many as connections: a slow body costs a connection and no worker, and its bytes are counted.
    requests: int = 256
    requests_per_peer: int = 12
    small_bytes: int = 64 * 1024
    spare_requests: int = 4
    spare_bytes: int = 1024 * 1024
    downloads: int = 8
    downloads_per_file: int = 2
    connections: int = 256
    connections_per_peer: int = 24
    header_bytes: int = 2048
    headers: int = 32
    idle_seconds: float = 75
    patience_seconds: float = 15
    least_rate: int = 32 * 1024
    lingering_seconds: float = 1
    longest_wait_seconds: int = 55
    retry_after_seconds: int = 2

    def reading_seconds(self, length: int) -> float:
        """Return how long a body of `length` bytes may take."""
        return self.patience_seconds + length / self.least_rate


class Turnstile:
    """Counts the requests that are inside, and the bytes that they may put into memory."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._inside: Counter[str] = Counter()
        self._bytes = 0

    def is_free(self, peer: str, length: int, *, is_file: bool = False) -> bool:
        """Return whether one more request of `length` bytes from the address `peer` may enter.

        A small parcel may where others may not any more; who asks for a file (`is_file`) brings none.
        """
        at_most = self._limits
        is_small = not is_file and length <= at_most.small_bytes
        spare, spare_bytes = (at_most.spare_requests, at_most.spare_bytes) if is_small else (0, 0)
        return (
            self._inside.total() < at_most.requests + spare
            and self._inside[_network(peer)] < at_most.requests_per_peer + spare
            and self._bytes + length <= at_most.bytes_at_once + spare_bytes
        )

    @contextmanager
    def inside(self, peer: str) -> Iterator[None]:
        """Count one request from the address `peer`."""
        network = _network(peer)
        self._inside[network] += 1
        try:
            yield
        finally:
            self._inside[network] -= 1
            if not self._inside[network]:
                del self._inside[network]

    @contextmanager
    def holding(self, length: int) -> Iterator[None]:
        """Count `length` bytes of memory."""
        self._bytes += length
        try:
            yield
        finally:
            self._bytes -= length


class Doorway(web.Server):
    """aiohttp's bare server, which knows no paths, with a bound on connections and no words in errors."""

    def __init__(self, answer: Answering, limits: Limits) -> None:
        # Whoever leaves is still counted until his parcel is done with; otherwise one could fill the
        # memory by sending parcels and hanging up.
        super().__init__(answer, handler_cancellation=False)
        self._limits = limits
        self._connected: Counter[str] = Counter()
        self._networks: dict[web.RequestHandler, str] = {}

    def __call__(self) -> web.RequestHandler:
        return _Connection(
            self,
            loop=asyncio.get_running_loop(),
            # Runs from the first byte that does not come, so that it bounds slow headers too.
            keepalive_timeout=self._limits.idle_seconds,
            max_line_size=self._limits.header_bytes,
            max_field_size=self._limits.header_bytes,
            max_headers=self._limits.headers,
            # Long enough that a refused sender reads the refusal before the connection breaks.
            lingering_time=self._limits.lingering_seconds,
            # A parcel is never compressed, and a small body must not become a large one.
            auto_decompress=False,
            access_log=None,  # type: ignore[arg-type]  # None is what turns it off
            logger=_log,
        )

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        network = _network(handler.peername[0] if isinstance(handler.peername, tuple) else "")
        self._connected[network] += 1
        self._networks[handler] = network
        if (
            len(self.connections) > self._limits.connections
            or self._connected[network] > self._limits.connections_per_peer
        ):
            transport.abort()

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        network = self._networks.pop(handler)
        self._connected[network] -= 1
        if not self._connected[network]:
            del self._connected[network]


class _Connection(web.RequestHandler):
    __slots__ = ()

    # The signature is aiohttp's; the message is dropped, since a stranger is told nothing.
    def handle_error(  # noqa: PLR0917 - aiohttp's signature
        self,
        request: web.BaseRequest,  # noqa: ARG002 - likewise
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - likewise
    ) -> web.StreamResponse:
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("a parcel could not be answered", exc_info=exc)
        return refusal(status)


class RefusedError(Exception):
    """A request gets an answer without a body. `headers` are named with underscores."""

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(status)
        self.status = status
        self.headers = headers


def refusal(status: int, **headers: str) -> web.Response:
    """Return an answer without a body, after which the connection is closed."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = web.Response(status=status, headers={"Server": "parley", **named})
    response.force_close()
    return response


def _network(peer: str) -> str:
    # Whoever has one IPv6 address has 2^64 of them.
    if ":" not in peer:
        return peer
    return str(ipaddress.ip_network((peer.partition("%")[0], 64), strict=False))
