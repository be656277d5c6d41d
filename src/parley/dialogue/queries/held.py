"""What was computed for one stranger, held for the next: so many answers cost as much as one.

What is public is asked for by anybody, and folding a round costs a core some milliseconds. So it is computed
once for each state of the round, one at a time, again after a while, and only so often in any second.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Final, Generic, TypeVar

MOST: Final = 64
SECONDS: Final = 60
EACH_SECOND: Final = 8

_Value = TypeVar("_Value")


class BusyError(Exception):
    """So much was computed in this second that the next one has to be waited for; nothing was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Computed(Generic[_Value]):
    at: int
    value: _Value


class Held(Generic[_Value]):
    """The newest values by their keys, at most `most`, none older than `seconds`. For many threads."""

    def __init__(self, *, most: int = MOST, seconds: int = SECONDS, each_second: int = EACH_SECOND) -> None:
        """Hold nothing yet; in one second at most `each_second` values are computed."""
        self._most, self._seconds, self._each_second = most, seconds, each_second
        self._values: OrderedDict[Hashable, _Computed[_Value]] = OrderedDict()
        self._second, self._computed = 0, 0
        self._lock = Lock()

    def take(self, key: Hashable, compute: Callable[[], _Value], *, now: int) -> _Value:
        """Return the value of `key`, computed now if none is held; `now` is unix seconds.

        Raises:
            BusyError: none is held, and too many were computed in this second.
        """
        with self._lock:
            held = self._values.get(key)
            if held is None or not 0 <= now - held.at < self._seconds:
                self._count(now)
                held = self._values[key] = _Computed(at=now, value=compute())
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                self._values.popitem(last=False)
            return held.value

    def _count(self, now: int) -> None:
        if now != self._second:
            self._second, self._computed = now, 0
        if self._computed >= self._each_second:
            raise BusyError(f"expected at most {self._each_second} in a second")
        self._computed += 1
