"""Which of two requests of one page was sent later: they may come in another order than they were sent.

A page numbers what it sends. Kept in the memory of one process and bounded: a request that is
under way dies with its process, so nothing is missed after a restart.
"""

from collections import OrderedDict
from threading import Lock


class Order:
    """The highest number that each page has sent."""

    def __init__(self, *, pages: int = 10_000) -> None:
        self._pages = pages
        self._last: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()

    def is_late(self, page: str, number: int) -> bool:
        """Return whether a later request of `page` came before this one; if not, note it. 0 is never late."""
        with self._lock:
            last = self._last.pop(page, 0)
            self._last[page] = max(last, number)
            while len(self._last) > self._pages:
                self._last.popitem(last=False)
            return 0 < number < last
