"""Carries word of a commit from the ledger's writer thread into the loop, to whoever waits for that link."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class News:
    """`tell` is what the ledger calls after every commit; `listening` is how the loop hears of it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[str, set[asyncio.Event]] = {}

    def tell(self, link: str) -> None:
        """Wake all who wait for `link`. May be called from any thread and never blocks."""
        # A commit of the last moment may find the loop closed: nobody waits any more.
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring, link)

    @contextmanager
    def listening(self, link: str, event: asyncio.Event) -> Iterator[None]:
        """Set `event` at every commit that touches `link`; whoever waits clears it before he looks."""
        self._waiting.setdefault(link, set()).add(event)
        try:
            yield
        finally:
            self._waiting[link].discard(event)

    def _ring(self, link: str) -> None:
        for event in self._waiting.get(link, ()):
            event.set()


async def is_set_within(event: asyncio.Event, seconds: float) -> bool:
    """Return whether `event` was set before `seconds` were over."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
