"""The answering side of `core.sock`: who may ask, and how much of it is read.

The socket is 0600 in a folder that is 0700, and the kernel tells the user id of whoever
connects: it must be our own. Everything else is refused before a byte is read. What a request
means is left to the function that `core` gives; it runs in threads.
"""

import asyncio
import logging
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from parley.protocol.strictjson import JsonObject, JsonSource
from parley.work.sock import LENGTH, CoreError, FrameError, read_body, read_length, short_name, write_frame

Reply: TypeAlias = Mapping[str, JsonSource]
Answering: TypeAlias = Callable[[JsonObject], Reply]
Waiting: TypeAlias = Callable[[JsonObject], Awaitable[Reply]]

# Whoever begins a frame finishes it soon: both ends are on one machine.
FRAME_SECONDS: Final = 10
MAX_CALLERS: Final = 128

_CREDENTIALS = struct.Struct("3i")

_log = logging.getLogger(__name__)


class Door:
    """Answers what comes through the socket with `answering`, which raises `CoreError` to say no.

    What `waiting` names waits for something, and is answered in the loop: it holds no thread meanwhile.
    """

    def __init__(
        self,
        answering: Answering,
        *,
        threads: Executor,
        waiting: Mapping[str, Waiting] | None = None,
        uid: int | None = None,
        frame_seconds: float = FRAME_SECONDS,
    ) -> None:
        self._answering = answering
        self._threads = threads
        self._waiting = {} if waiting is None else waiting
        self._uid = os.getuid() if uid is None else uid
        self._frame_seconds = frame_seconds
        self._callers: set[asyncio.Task[None]] = set()
        self._idle: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    async def start(self, path: Path) -> None:
        """Listen at `path`. The caller holds the lock of the home, so a socket found there is a dead one."""
        self._path = path
        self._server = await asyncio.start_unix_server(self._serve, sock=_bound(path))

    async def stop(self) -> None:
        """Listen no more; answer what was asked already, and hang up on all others."""
        self._close()
        self._server.close()
        for caller in self._idle:
            caller.cancel()
        self._is_stopping = True
        await asyncio.gather(*self._callers, return_exceptions=True)
        await self._server.wait_closed()

    def _close(self) -> None:
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        caller = asyncio.current_task()
        assert caller is not None
        self._callers.add(caller)
        try:
            if _uid_of(writer) == self._uid and len(self._callers) <= MAX_CALLERS:
                await self._converse(reader, writer, caller)
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            # A caller who leaves in the middle of a word said nothing.
            _log.debug("a caller left")
        finally:
            self._callers.discard(caller)
            writer.close()

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, caller: "asyncio.Task[None]"
    ) -> None:
        while not self._is_stopping:
            self._idle.add(caller)
            try:
                first = await reader.readexactly(1)
            finally:
                self._idle.discard(caller)
            try:
                async with asyncio.timeout(self._frame_seconds):
                    head = first + await reader.readexactly(LENGTH.size - 1)
                    request = read_body(await reader.readexactly(read_length(head)))
            except FrameError as error:
                # Where the next frame begins is anybody's guess, so the line ends here.
                writer.write(write_frame(_error("frame", str(error))))
                await writer.drain()
                return
            writer.write(await self._replied(request))
            await writer.drain()

    async def _replied(self, request: JsonObject) -> bytes:
        loop = asyncio.get_running_loop()
        waiting = self._waiting.get(str(request.get("ask")))
        try:
            if waiting is not None:
                return write_frame({"answer": await waiting(request)})
            return await loop.run_in_executor(self._threads, partial(self._reply, request))
        except CoreError as error:
            return write_frame(_error(error.code, error.reason))
        except Exception:  # noqa: BLE001  # the edge: one request that fails must not take core with it
            _log.exception("the request %s failed", request.get("ask"))
            return write_frame(_error("fault", "core failed; its log says how"))

    def _reply(self, request: JsonObject) -> bytes:
        return write_frame({"answer": self._answering(request)})


def _bound(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with short_name(path) as name:
            listening.bind(name)
    finally:
        os.umask(before)
    return listening


def _error(code: str, reason: str) -> dict[str, JsonSource]:
    return {"error": {"code": code, "reason": reason}}


def _uid_of(writer: asyncio.StreamWriter) -> int:
    line: socket.socket = writer.get_extra_info("socket")
    _pid, uid, _gid = _CREDENTIALS.unpack(
        line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    )
    return int(uid)
