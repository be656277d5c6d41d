"""How often something may happen: so many times in so many seconds, for each key of its own.

Kept in the memory of one process and bounded: whoever brings thousands of keys pushes out the
oldest ones, and wins nothing but what one more address would have given anyway.
"""

from collections import OrderedDict
from threading import Lock


class Limit:
    """At most `times` in any `seconds`, for each key."""

    def __init__(self, *, times: int, seconds: int, keys: int = 10_000) -> None:
        self._times, self._seconds, self._keys = times, seconds, keys
        self._taken: OrderedDict[str, list[int]] = OrderedDict()
        self._lock = Lock()

    def seconds_to_wait(self, key: str, *, now: int) -> int:
        """Return 0 and count one more, or for how many seconds there is none left for `key`."""
        with self._lock:
            recent = [at for at in self._taken.pop(key, []) if at > now - self._seconds]
            free = len(recent) < self._times
            self._taken[key] = [*recent, now] if free else recent
            while len(self._taken) > self._keys:
                self._taken.popitem(last=False)
            return 0 if free else max(1, recent[0] + self._seconds - now)
