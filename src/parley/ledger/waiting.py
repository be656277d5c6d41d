"""What was brought to the writer and is not written yet, and the order in which it is taken.

Whoever brings something brings a row of jobs, and their order is kept. Of several rows each
gives one job in turn: a single statement waits for one job of everybody else's, not for the
five thousand that a colleague brought a moment before, and nobody can be passed over for ever.
Rows of lane hot have their turn before all others, so a hot job waits for other hot ones and for
what is being done at that moment. Bulk makes room even before one comes: as long as something that
was said on lane hot is under way, the processor and the disk are left to it. Between lanes there is
no order: what one hand brings for several lanes is a row in each.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from parley.ledger.lanes import named
from parley.ledger.slot import Slot
from parley.protocol.names import BULK, HOT

T = TypeVar("T")
_HOT: Final = named("", HOT)
_BULK: Final = named("", BULK)
# How often bulk makes room before something of it has its turn, and how long: a quarter of a second in all.
GLANCES: Final = 25
GLANCE_SECONDS: Final = 0.01


class StoppedError(Exception):
    """The node is stopping and takes nothing more; nothing of this was written."""


class Outcome(Generic[T]):
    """Where the result of one job goes, once: a lock that is held until it is there.

    A `Future` can do more, and costs a batch of small jobs a twentieth of its time.
    """

    __slots__ = ("_error", "_held", "_is_done", "_result")

    def __init__(self) -> None:
        self._held = threading.Lock()
        self._held.acquire()
        self._is_done = False
        self._error: BaseException | None = None

    def set_result(self, result: T) -> None:
        """Give the result to whoever waits."""
        self._result = result
        self._is_done = True
        self._held.release()

    def set_exception(self, error: BaseException) -> None:
        """Let whoever waits fail with `error`."""
        self._error = error
        self._is_done = True
        self._held.release()

    def done(self) -> bool:
        """Return whether it is there."""
        # The lock does not tell: whoever takes the result holds it for a moment too.
        return self._is_done

    def result(self) -> T:
        """Wait for the result and return it, or raise what was raised instead."""
        with self._held:
            if self._error is not None:
                raise self._error
            return self._result


class Job(Struct, Generic[T], kw_only=True, eq=False):
    """Something to do with one slot inside the transaction, and where its result goes.

    `keeps` is False for a trial, which is undone whatever comes of it.
    """

    link: str
    run: Callable[[Slot], T]
    keeps: bool = True
    done: Outcome[T] = msgspec.field(default_factory=Outcome)


@dataclass(slots=True, kw_only=True)
class Change(Generic[T]):
    """A change of the links, and where its result goes. All slots are taken into memory anew after it."""

    run: Callable[[sqlite3.Connection], T]
    done: Outcome[T] = field(default_factory=Outcome)


Asked: TypeAlias = Job[Any] | Change[Any]


class Waiting:
    """The rows that wait. Many threads may put, one takes."""

    def __init__(self, is_hot_under_way: Callable[[], bool] = lambda: False) -> None:
        """Let bulk wait for what is hot; whoever takes is asked whether something hot is under way."""
        self._is_hot_under_way = is_hot_under_way
        self._rows: deque[deque[Asked]] = deque()
        self._hot: deque[deque[Asked]] = deque()
        self._lock = threading.Lock()
        self._news = threading.Condition(self._lock)
        self._is_stopped = False
        self._glances = 0

    def put(self, jobs: Sequence[Asked]) -> None:
        """Let `jobs` wait, all of them or none.

        Raises:
            StoppedError: nothing more is taken.
        """
        with self._news:
            if self._is_stopped:
                raise StoppedError
            hot = deque(job for job in jobs if is_hot(job))
            if hot:
                self._hot.append(hot)
            if len(hot) < len(jobs):
                self._rows.append(deque(job for job in jobs if not is_hot(job)) if hot else deque(jobs))
            self._news.notify()

    def stop(self) -> None:
        """Take nothing more. What waits already is still given out."""
        with self._news:
            self._is_stopped = True
            self._news.notify()

    @property
    def is_hot(self) -> bool:
        """Return whether something of lane hot waits."""
        return bool(self._hot)

    def next(self) -> Asked | None:
        """Return the next job of the row whose turn it is, or None if nothing waits."""
        with self._lock:
            return self._next()

    def wait(self) -> Asked | None:
        """Return what `next` does as soon as there is something; None when there never will be."""
        with self._news:
            self._news.wait_for(lambda: self._hot or self._rows or self._is_stopped)
            while self._makes_room() and self._is_hot_under_way():
                self._glances += 1
                self._news.wait(GLANCE_SECONDS)
            if not self._hot:
                self._glances = 0
            return self._next()

    def _makes_room(self) -> bool:
        # Counted until something of it is taken: words that follow one another without a pause, or for
        # which the partner never signs, shall not hold it up for ever.
        is_bulk = bool(self._rows) and all(_is_bulk(row[0]) for row in self._rows)
        return is_bulk and not self._hot and not self._is_stopped and self._glances < GLANCES

    def _next(self) -> Asked | None:
        rows = self._hot or self._rows
        if not rows:
            return None
        row = rows.popleft()
        job = row.popleft()
        if row:
            rows.append(row)
        return job


def _is_bulk(asked: Asked) -> bool:
    return isinstance(asked, Job) and asked.link.endswith(_BULK)


def is_hot(asked: Asked) -> bool:
    """Return whether this is a job of lane hot."""
    return isinstance(asked, Job) and asked.link.endswith(_HOT)
