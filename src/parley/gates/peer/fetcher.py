"""The fetcher of one link: brings the files that the partner's statements name, one after the other.

What is wanted is a function of the record and of what lies in the vault, so that a cut, a restart or a
kill costs nothing but the chunk that was under way. Where the partner cannot be dialled, or refuses,
the next parcels ask for the files instead (frame W), and the fetcher tries again later. Spec §5.8.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Executor
from contextlib import aclosing
from functools import partial
from typing import Final, Protocol, TypeVar

from parley.gates.peer.courier import Edge, Pace
from parley.gates.peer.ledgers import PeerFiles
from parley.gates.peer.news import News
from parley.gates.peer.wire import WireError
from parley.ledger.files import FileRow
from parley.ledger.writer import StoppedError, StorageError
from parley.vault.coming import BadChunkError, BusyError
from parley.vault.vault import NoRoomError

FAULTS: Final = (WireError, NoRoomError, BusyError, StorageError, StoppedError, OSError)

T = TypeVar("T")

_log = logging.getLogger(__name__)


class FileLine(Protocol):
    """What the fetcher fetches through: `wire.Wire`."""

    def pull(self, digest: bytes, *, offset: int, proof: bytes) -> AsyncGenerator[bytes]: ...


class Fetcher:
    """Serves one link. `run` goes on until it is cancelled."""

    def __init__(
        self,
        link: str,
        *,
        files: PeerFiles,
        line: FileLine,
        news: News,
        threads: Executor,
        edge: Edge,
        pace: Pace | None = None,
    ) -> None:
        self.error: str | None = None
        self._link = link
        self._files = files
        self._line = line
        self._news = news
        self._threads = threads
        self._edge = edge
        self._pace = pace or Pace()
        self._knock = asyncio.Event()
        self._relief = asyncio.Event()

    def wake(self) -> None:
        """Try now, even if the partner was out of reach."""
        self._relief.set()
        self._knock.set()

    async def run(self) -> None:
        """Fetch whatever is wanted."""
        failures = 0
        self._files.dial(self._link, works=True)
        try:
            with self._news.listening(self._link, self._knock):
                while True:
                    self._knock.clear()
                    rows = await self._in_thread(partial(self._files.wanted, self._link))
                    came = [await self._fetch(row) for row in rows]
                    failures = 0 if all(came) else failures + 1
                    if failures:
                        delay = self._pace.delay(failures, self._edge.dice())
                        await self._edge.is_set_within(self._relief, delay)
                        self._relief.clear()
                    elif not rows:
                        await self._edge.is_set_within(self._knock, self._pace.heartbeat)
        finally:
            self._files.dial(self._link, works=False)

    async def _fetch(self, row: FileRow) -> bool:
        """Fetch one file; return whether there is nothing more to fetch of it."""
        try:
            while (offset := await self._in_thread(partial(self._files.begin, row))) is not None:
                await self._pull(row, offset)
        except FAULTS as fault:
            self.error = fault.code if isinstance(fault, WireError) else type(fault).__name__
            _log.info("link %s: file %s: %s", self._link, row.hash.hex()[:8], self.error)
            self._files.dial(self._link, works=False)
            return False
        self.error = None
        # What cannot begin is here, or is not for this moment: a full disk, or another hand.
        return all(each.hash != row.hash for each in await self._in_thread(self._still_wanted))

    def _still_wanted(self) -> tuple[FileRow, ...]:
        return self._files.wanted(self._link)

    async def _pull(self, row: FileRow, offset: int) -> None:
        proof = await self._in_thread(partial(self._files.proof, row))
        async with aclosing(self._line.pull(row.hash, offset=offset, proof=proof)) as blocks:
            async for block in blocks:
                self._files.dial(self._link, works=True)
                try:
                    following = await self._in_thread(partial(self._files.take, row, offset, block))
                except BadChunkError as bad:
                    _log.warning("link %s: file %s: %s", self._link, row.hash.hex()[:8], bad)
                    return
                offset += len(block)
                if following != offset:
                    return

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)
