"""Lists of outcomes that an officer told this node to release: said by core when their second has come.

    an officer ── order ──▶ house.db ── its second ──▶ outcome.released, sealed at the door as ever
                      core.sock: "look"                 (ledger/releasing.py)

Nothing exists before that second but the order, so nobody can show a seal that is not due. What cannot be
written is tried again, more and more seldom, under the same name; what the record refuses ends the order, and
its page says so. A node that was down at the second releases when it is up again, and everybody sees when.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, Protocol

from django.db import connections

from parley.dialogue.actions.timing import carry_out
from parley.dialogue.queries.timing import orders
from parley.ledger.drafts import Appended, Draft, RefusedError, UnknownLinkError
from parley.ledger.writer import StoppedError, StorageError, UnsignedError
from parley.links.actions.speaking import Record
from parley.work import clock
from parley.work.home import Home

LOOK_SECONDS: Final = 60.0
"""It is looked so often even if nobody said a word: a clock may have been set."""
AGAIN_SECONDS: Final = 2.0
"""What could not be written is tried again after so long, then twice as long, at most `LOOK_SECONDS`."""

_log = logging.getLogger(__name__)


class WritingLedger(Protocol):
    """What of the ledger writes."""

    def append(self, drafts: Sequence[Draft]) -> list[Appended | RefusedError]: ...


class Releaser:
    """Releases for the home's links. To be made inside the loop."""

    def __init__(self, home: Home, ledger: WritingLedger, *, now: Callable[[], int] = clock.now) -> None:
        self._door = Record(home=home, write=lambda _home, drafts: ledger.append(drafts))
        self._now = now
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "releaser")
        self._pause = AGAIN_SECONDS

    def wake(self) -> None:
        """Look now, from any thread: an order was given, or taken back."""
        self._loop.call_soon_threadsafe(self._news.set)

    async def run(self) -> None:
        """Release what is due, at its second, until cancelled."""
        while True:
            self._news.clear()
            try:
                wait = await self._loop.run_in_executor(self._thread, self.look)
            except Exception:  # noqa: BLE001 - the loop's edge: the next look may find what this one could not
                _log.exception("the releases that are due could not be looked at")
                wait = self._longer()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), wait)

    def look(self) -> float:
        """Release what is due, and return after how many seconds to look again."""
        try:
            is_behind = False
            for order in orders():
                left = order.frozen.release - self._now()
                if left > 0:
                    return min(LOOK_SECONDS, left, self._longer() if is_behind else LOOK_SECONDS)
                try:
                    said = carry_out(order, now=self._now(), door=self._door)
                except (StorageError, UnsignedError, StoppedError, UnknownLinkError, RefusedError) as error:
                    # It may have been written: the same name makes it one entry.
                    _log.warning("a release on %s waits: %s", order.link, error)
                    is_behind = True
                else:
                    _log.info(
                        "the release of draft %d on %s: %s", order.number, order.link, said or "refused"
                    )
            if is_behind:
                return self._longer()
            self._pause = AGAIN_SECONDS
            return LOOK_SECONDS
        finally:
            connections.close_all()

    def _longer(self) -> float:
        self._pause = min(2 * self._pause, LOOK_SECONDS)
        return self._pause / 2

    async def stop(self) -> None:
        """Wait for a look that is under way."""
        await self._loop.run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown()
