"""Showing both logs of a link to its partner, as read-only tiles: `GET /parley/v1/log/…`.

Whatever is not there, and whoever may not see it, gets the same 404. What lies where is told by
`ledger/tiling.py`. Spec §11.10.
"""

import asyncio
from concurrent.futures import Executor
from functools import partial
from http import HTTPStatus
from typing import Final

from aiohttp import web

from parley.gates.peer.doorway import RefusedError
from parley.ledger.reading import Reader
from parley.ledger.tiling import Subtrees, tile_of
from parley.protocol.suite import Standard
from parley.work.home import Home

LOGS: Final = "/parley/v1/log/"
# What is asked for may take a second; whoever asks for much waits, and keeps no parcel from its thread.
AT_ONCE: Final = 2
_TEXT: Final = "text/plain; charset=utf-8"
_BYTES: Final = "application/octet-stream"


class TileDoor:
    """Answers who reads tiles."""

    def __init__(self, home: Home, *, threads: Executor) -> None:
        self._home = home
        self._threads = threads
        self._subtrees = Subtrees()
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return what lies there.

        Raises:
            RefusedError: nothing does, for this asker.
        """
        path = request.path_qs.removeprefix(LOGS)
        found = None
        if request.method == "GET":
            loop = asyncio.get_running_loop()
            async with self._turn:
                found = await loop.run_in_executor(self._threads, partial(self._read, path))
        if found is None:
            raise RefusedError(HTTPStatus.NOT_FOUND)
        kind = _TEXT if path.endswith("/checkpoint") else _BYTES
        return web.Response(body=found, headers={"Server": "parley", "Content-Type": kind})

    def _read(self, path: str) -> bytes | None:
        try:
            reader = Reader(self._home)
        except FileNotFoundError:
            return None
        try:
            return tile_of(reader, path, suite=Standard(), subtrees=self._subtrees)
        finally:
            reader.close()
