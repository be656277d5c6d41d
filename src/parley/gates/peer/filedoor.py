"""Giving out files: `GET /parley/v1/part/<hash in hex>`, to whoever proves to hold the key.

    206  the bytes that were asked for: Range: bytes=<first>-  or  bytes=<first>-<last>
    200  all of it                             403  no proof of a file that is here, whatever is missing
    405  another method                        404  another path
    416  any other range                       429  too many at once: Retry-After

A stranger learns nothing: every 403 is the same, and none of them touches the vault. Whoever reads
too slowly is cut off, and may go on where it ended. Spec §5.8.
"""

import asyncio
import base64
import binascii
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from http import HTTPStatus
from typing import Final, TypeVar

from aiohttp import web

from parley.gates.peer.doorway import Limits, RefusedError
from parley.gates.peer.ledgers import PeerFiles
from parley.ledger.fetching import Held

PARTS: Final = "/parley/v1/part/"
PROOF: Final = "Parley-Proof"

T = TypeVar("T")

_PATH = re.compile(rf"{PARTS}([0-9a-f]{{64}})")
_RANGE = re.compile(r"bytes=([0-9]{1,16})-([0-9]{0,16})")
_BLOCK = 256 * 1024


class FileDoor:
    """Answers who asks for files."""

    def __init__(self, files: PeerFiles, *, threads: Executor, limits: Limits) -> None:
        self._files = files
        self._threads = threads
        self._limits = limits
        self._given: Counter[bytes] = Counter()
        self._is_stopping = False

    def stop(self) -> None:
        """Break off what is being given out: whoever gets it goes on at the next start."""
        self._is_stopping = True

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return the answer, sent already.

        Raises:
            RefusedError: there is none but a status.
        """
        found = _PATH.fullmatch(request.path_qs)
        if found is None:
            raise RefusedError(HTTPStatus.NOT_FOUND)
        if request.method != "GET":
            raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, Allow="GET")
        digest = bytes.fromhex(found[1])
        shown = _shown(request.headers.getall(PROOF, []))
        held = await self._in_thread(partial(self._files.held, digest, shown))
        if held is None:
            raise RefusedError(HTTPStatus.FORBIDDEN)
        if (
            self._given.total() >= self._limits.downloads
            or self._given[digest] >= self._limits.downloads_per_file
        ):
            seconds = str(self._limits.retry_after_seconds)
            raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, Retry_After=seconds)
        self._given[digest] += 1
        try:
            return await self._give(request, held)
        finally:
            self._given[digest] -= 1

    async def _give(self, request: web.BaseRequest, held: Held) -> web.StreamResponse:
        asked = request.headers.getall("Range", [])
        first, last = _range(asked, held.size)
        response = web.StreamResponse(
            status=HTTPStatus.PARTIAL_CONTENT if asked else HTTPStatus.OK,
            headers={"Server": "parley", "Content-Type": "application/octet-stream"},
        )
        if asked:
            response.headers["Content-Range"] = f"bytes {first}-{last}/{held.size}"
        response.content_length = last + 1 - first
        await response.prepare(request)
        try:
            await self._write(response, held, first=first, last=last)
        except (TimeoutError, ConnectionError, FileNotFoundError):
            # Too slow, gone, or erased meanwhile: the status is said already, so the line is cut.
            if request.transport is not None:
                request.transport.abort()
        return response

    async def _write(self, response: web.StreamResponse, held: Held, *, first: int, last: int) -> None:
        while first <= last:
            if self._is_stopping:
                raise ConnectionAbortedError
            size = min(_BLOCK, last + 1 - first)
            block = await self._in_thread(partial(self._files.vault.stretch, held.hash, first, size=size))
            if len(block) != size:
                raise FileNotFoundError
            async with asyncio.timeout(self._limits.reading_seconds(size)):
                await response.write(block)
            first += size
        async with asyncio.timeout(self._limits.patience_seconds):
            await response.write_eof()

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


def _shown(proofs: list[str]) -> bytes:
    """Return the proof that was shown; nothing, which proves nothing, if it is none."""
    if len(proofs) != 1:
        return b""
    try:
        return base64.b64decode(proofs[0], validate=True)
    except (binascii.Error, ValueError):
        return b""


def _range(asked: list[str], size: int) -> tuple[int, int]:
    """Return the first and the last byte that are asked for.

    Raises:
        RefusedError: it is not one stretch that begins within the file.
    """
    if not asked:
        return 0, size - 1
    found = _RANGE.fullmatch(asked[0]) if len(asked) == 1 else None
    first = int(found[1]) if found else size
    last = min(int(found[2]), size - 1) if found and found[2] else size - 1
    if first > last:
        raise RefusedError(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
    return first, last
