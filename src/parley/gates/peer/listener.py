"""The partner listener: `POST /parley/v1/parcel`, and files to whoever holds their keys (`filedoor`).

    200  a parcel: receipts, haves and wants; to a poll, all that a parcel would carry
    400  not a parcel, or not genuine          403  for no link of this node
    404  another path                          405  another method
    408  the body came too slowly              411  no Content-Length
    413  more than 16 MiB                      429  too many at once: Retry-After
    503  the node stops, or its disk is full: Retry-After

A refusal has an empty body, and but for 400, 403 and a full disk it is made before the body is
read. What the bytes mean is left to the ledger. `Prefer: wait=N` asks to hold the answer until
there is something to say. That never delays a receipt: a parcel that changed anything is
answered at once (H20). Spec §5.6.
"""

import asyncio
import logging
import re
import ssl
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from functools import partial
from http import HTTPStatus
from typing import Final, TypeVar

from aiohttp import web

from parley.gates.peer.doorway import Answering, Doorway, Limits, RefusedError, Turnstile, refusal
from parley.gates.peer.filedoor import PARTS, FileDoor
from parley.gates.peer.ledgers import PeerLedger
from parley.gates.peer.news import News, is_set_within
from parley.gates.peer.tiles import LOGS, TileDoor
from parley.ledger.lanes import lane_of
from parley.ledger.ledger import Answer, BadParcelError, UnknownPeerError
from parley.ledger.writer import StoppedError, StorageError

PATH: Final = "/parley/v1/parcel"
CONTENT_TYPE: Final = "application/octet-stream"

T = TypeVar("T")

_WAIT = re.compile(r"(?:^|,)[ \t]*wait[ \t]*=[ \t]*([0-9]{1,6})[ \t]*(?:[,;]|$)", re.IGNORECASE)
_CLOSING_SECONDS = 2

_log = logging.getLogger(__name__)


class Listener:
    """Answers partners. `heard` is called with the name of a link whenever its partner was in touch."""

    def __init__(
        self,
        ledger: PeerLedger,
        *,
        news: News,
        threads: Executor,
        heard: Callable[[str], None] = lambda _link: None,
        limits: Limits | None = None,
        tiles: TileDoor | None = None,
        lanes: Mapping[str, Executor] | None = None,
    ) -> None:
        """Answer for `ledger`. What is done for a lane is done in its own threads of `lanes`, if any."""
        self.refused: Counter[int] = Counter()
        self._ledger = ledger
        self._news = news
        self._threads = threads
        self._lanes = lanes or {}
        self._heard = heard
        self._limits = limits or Limits()
        self._turnstile = Turnstile(self._limits)
        self._doorway = Doorway(self._answer, self._limits)
        self._files = FileDoor(ledger.files, threads=threads, limits=self._limits)
        self._tiles = tiles
        self._polls: dict[str, asyncio.Event] = {}
        self._inside: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    async def start(self, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> int:
        """Listen on `port` of `host`, 0 for any, and return the port."""
        patience = self._limits.patience_seconds if tls else None
        self._server = await asyncio.get_running_loop().create_server(
            self._doorway, host, port, ssl=tls, ssl_handshake_timeout=patience
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Answer who waits, finish who is inside, and close."""
        self._is_stopping = True
        self._files.stop()
        self._server.close()
        for poll in self._polls.values():
            poll.set()
        # aiohttp's own shutdown would at once stop reading the bodies that are under way.
        if self._inside:
            await asyncio.wait(self._inside, timeout=_CLOSING_SECONDS)
        self._doorway.pre_shutdown()
        await self._doorway.shutdown(_CLOSING_SECONDS)
        await self._server.wait_closed()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        inside = asyncio.current_task()
        assert inside is not None
        self._inside.add(inside)
        inside.add_done_callback(self._inside.discard)
        try:
            if request.path_qs.startswith(PARTS):
                return await self._give(request, self._files.answer)
            if self._tiles is not None and request.path_qs.startswith(LOGS):
                return await self._give(request, self._tiles.answer)
            parcel = await self._exchange(request)
        except RefusedError as refused:
            self.refused[refused.status] += 1
            _log.debug("refused %s from %s", refused.status, request.remote)
            return refusal(refused.status, **refused.headers)
        return web.Response(body=parcel, content_type=CONTENT_TYPE, headers={"Server": "parley"})

    async def _give(self, request: web.BaseRequest, answer: Answering) -> web.StreamResponse:
        if self._is_stopping:
            raise self._later(HTTPStatus.SERVICE_UNAVAILABLE)
        peer = request.remote or ""
        if not self._turnstile.is_free(peer, 0, is_file=True):
            raise self._later(HTTPStatus.TOO_MANY_REQUESTS)
        with self._turnstile.inside(peer):
            return await answer(request)

    async def _exchange(self, request: web.BaseRequest) -> bytes:
        length = self._checked_length(request)
        wait = self._wait(request)
        peer = request.remote or ""
        if not self._turnstile.is_free(peer, length):
            raise self._later(HTTPStatus.TOO_MANY_REQUESTS)
        with self._turnstile.inside(peer):
            with self._turnstile.holding(length):
                answer = await self._accept(await self._read(request, length), poll=wait > 0)
            self._heard(answer.link)
            if not wait or answer.changed:
                return answer.parcel
            return await self._held(answer.link, wait)

    def _checked_length(self, request: web.BaseRequest) -> int:
        if request.path_qs != PATH:
            raise RefusedError(HTTPStatus.NOT_FOUND)
        if request.method != "POST":
            raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, Allow="POST")
        if self._is_stopping:
            raise self._later(HTTPStatus.SERVICE_UNAVAILABLE)
        # A body of unknown length could only be refused after it was read.
        if request.content_length is None or "Transfer-Encoding" in request.headers:
            raise RefusedError(HTTPStatus.LENGTH_REQUIRED)
        if request.content_length > self._limits.body_bytes:
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return request.content_length

    def _wait(self, request: web.BaseRequest) -> int:
        asked = _WAIT.search(",".join(request.headers.getall("Prefer", ())))
        return min(int(asked[1]), self._limits.longest_wait_seconds) if asked else 0

    def _later(self, status: HTTPStatus) -> RefusedError:
        return RefusedError(status, Retry_After=str(self._limits.retry_after_seconds))

    async def _read(self, request: web.BaseRequest, length: int) -> bytes:
        if request.headers.get("Expect", "").lower() == "100-continue" and request.transport is not None:
            request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        try:
            async with asyncio.timeout(self._limits.reading_seconds(length)):
                return await request.content.readexactly(length)
        except TimeoutError as error:
            raise RefusedError(HTTPStatus.REQUEST_TIMEOUT) from error
        except (asyncio.IncompleteReadError, ConnectionError, web.RequestPayloadError) as error:
            raise RefusedError(HTTPStatus.BAD_REQUEST) from error

    async def _accept(self, raw: bytes, *, poll: bool) -> Answer:
        try:
            # Before a lane is known nothing is computed but a comparison; a large parcel of one lane then
            # keeps no thread from another.
            link = self._ledger.link_of(raw)
            return await self._in_thread(partial(self._ledger.accept, raw, poll=poll), link=link)
        except UnknownPeerError as error:
            raise RefusedError(HTTPStatus.FORBIDDEN) from error
        except BadParcelError as error:
            raise RefusedError(HTTPStatus.BAD_REQUEST) from error
        except (StorageError, StoppedError) as error:
            raise self._later(HTTPStatus.SERVICE_UNAVAILABLE) from error

    async def _held(self, link: str, seconds: float) -> bytes:
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        rung = asyncio.Event()
        with self._news.listening(link, rung):
            # One poll waits for each link; a newer one sends the older home, whose sender may be gone.
            if link in self._polls:
                self._polls[link].set()
            self._polls[link] = rung
            while not await self._in_thread(partial(self._ledger.has_news, link), link=link):
                if (
                    not await is_set_within(rung, until - clock())
                    or self._is_stopping
                    or self._polls[link] is not rung
                ):
                    break
                rung.clear()
            if self._polls[link] is rung:
                del self._polls[link]
        return await self._in_thread(partial(self._ledger.answer, link), link=link)

    async def _in_thread(self, call: Callable[[], T], *, link: str) -> T:
        threads = self._lanes.get(lane_of(link), self._threads)
        return await asyncio.get_running_loop().run_in_executor(threads, call)
