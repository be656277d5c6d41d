"""What was brought to the writer and is not written yet, and the order in which it is taken.

Whoever brings something brings a row of jobs, and their order is kept. Of several rows each
gives one job in turn, and of a bundle of statements sixteen: a single statement waits for so many
of everybody else's, not for the five thousand that a colleague brought a moment before, and nobody
can be passed over for ever.
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
from itertools import groupby
from typing import Any, ClassVar, Final, Generic, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from parley.ledger.lanes import named
from parley.ledger.slot import Slot
from parley.protocol.names import BULK, HOT

E = TypeVar("E")
T = TypeVar("T")
_HOT: Final = named("", HOT)
_BULK: Final = named("", BULK)
# How often bulk makes room before something of it has its turn, and how long: a quarter of a second in all.
GLANCES: Final = 25
GLANCE_SECONDS: Final = 0.01
# How many statements of a bundle have their turn at once: what is done around each turn is then little.
SHEAF: Final = 16


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
    count: ClassVar[int] = 1

    @property
    def is_told(self) -> bool:
        """Return whether it is known what came of it."""
        return self.done.done()

    def singly(self) -> "tuple[Job[T]]":
        """Return it alone: it is one."""
        return (self,)

    def do(self, slot: Slot, *, room: int) -> T:  # noqa: ARG002 - one is done whatever it adds
        """Do it with `slot`."""
        return self.run(slot)

    def tell(self, result: T) -> None:
        """Give the result to whoever waits."""
        self.done.set_result(result)

    def fail(self, error: BaseException) -> None:
        """Let whoever waits fail with `error`."""
        self.done.set_exception(error)


class Bundle(Generic[E, T]):
    """What one hand brought together, `each` in its place: how one of it is done, and what came of each.

    What comes of one is never None. One lock for all of it, held until the last is told: with a `Job` for
    each of a thousand statements a batch takes a tenth longer.
    """

    __slots__ = ("_held", "_left", "_told", "each", "run")

    def __init__(self, run: Callable[[Slot, E], T], each: Sequence[E]) -> None:
        self.run = run
        self.each = each
        self._told: list[T | BaseException | None] = [None] * len(each)
        self._left = len(each)
        self._held = threading.Lock()
        if each:
            self._held.acquire()

    def is_told(self, place: int) -> bool:
        """Return whether it is known what came of the one at `place`."""
        return self._told[place] is not None

    def tell(self, places: range, told: Sequence[T | BaseException]) -> None:
        """Keep what came of those at `places`, once: result or error. Only the writer's thread tells."""
        self._told[places.start : places.stop] = told
        self._left -= len(places)
        if not self._left:
            self._held.release()

    def results(self) -> list[T | BaseException]:
        """Wait for all, and return for each, in their order, its result or what was raised instead."""
        with self._held:
            return [told for told in self._told if told is not None]


class Bundled(Struct, Generic[E, T], kw_only=True, eq=False):
    """Some of a bundle, one after the other with the same slot; all that they do is kept.

    The results go with those of the others.
    """

    link: str
    bundle: Bundle[E, T]
    places: range
    keeps: ClassVar[bool] = True

    @property
    def count(self) -> int:
        """Return how many there are."""
        return len(self.places)

    @property
    def is_told(self) -> bool:
        """Return whether it is known what came of them; it becomes known of all at once."""
        return self.bundle.is_told(self.places.start)

    def split(self, count: int) -> "Bundled[E, T]":
        """Keep the first `count`, and return the rest."""
        rest = Bundled(link=self.link, bundle=self.bundle, places=self.places[count:])
        self.places = self.places[:count]
        return rest

    def singly(self) -> "list[Bundled[E, T]]":
        """Return each for itself."""
        link, bundle = self.link, self.bundle
        return [Bundled(link=link, bundle=bundle, places=range(place, place + 1)) for place in self.places]

    def do(self, slot: Slot, *, room: int) -> list[T]:
        """Do them with `slot`, up to the one with which our line passes `room` bytes."""
        run, each = self.bundle.run, self.bundle.each
        done = []
        for place in self.places:
            done.append(run(slot, each[place]))
            if slot.standing.my_total > room:
                break
        return done

    def tell(self, results: Sequence[T]) -> None:
        """Keep the results for whoever waits for the bundle."""
        assert len(results) == self.count, "a result too few would be told of the wrong statement"
        self.bundle.tell(self.places, results)

    def fail(self, error: BaseException) -> None:
        """Keep why there are no results."""
        self.bundle.tell(self.places, [error] * self.count)


def bundled(bundle: Bundle[E, T], links: Sequence[str]) -> list[Bundled[E, T]]:
    """Return the jobs of `bundle`, whose statements go to `links`: neighbours of one link are one."""
    jobs: list[Bundled[E, T]] = []
    start = 0
    for link, neighbours in groupby(links):
        end = start + sum(1 for _ in neighbours)
        jobs.append(Bundled(link=link, bundle=bundle, places=range(start, end)))
        start = end
    return jobs


@dataclass(slots=True, kw_only=True)
class Change(Generic[T]):
    """A change of the links, and where its result goes. All slots are taken into memory anew after it."""

    run: Callable[[sqlite3.Connection], T]
    done: Outcome[T] = field(default_factory=Outcome)


Work: TypeAlias = Job[Any] | Bundled[Any, Any]
Asked: TypeAlias = Work | Change[Any]


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
            names = {job.link for job in jobs if not isinstance(job, Change)}
            rows: tuple[Sequence[Asked], Sequence[Asked]] = (jobs, ())
            if any(name.endswith(_HOT) for name in names):
                rows = [job for job in jobs if not is_hot(job)], [job for job in jobs if is_hot(job)]
            for row, waiting in zip(rows, (self._rows, self._hot), strict=True):
                if row:
                    waiting.append(deque(row))
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

    def next(self, most: int = SHEAF) -> Asked | None:
        """Return the next job of the row whose turn it is, or None if nothing waits.

        Of a bundle it is one of at most `most` statements, and never of more than a sheaf.
        """
        rows = self._hot or self._rows
        if not rows:
            return None
        # Without the lock: others only put rows behind those that are here, and nobody else takes one away.
        row = rows[0]
        job = row.popleft()
        if isinstance(job, Bundled) and job.count > min(most, SHEAF):
            row.appendleft(job.split(min(most, SHEAF)))
        if not row:
            rows.popleft()
        elif len(rows) > 1:
            rows.rotate(-1)
        return job

    def put_back(self, job: Work) -> None:
        """Let `job` have the next turn: it was just taken away, and there was no room for it."""
        (self._hot if is_hot(job) else self._rows).appendleft(deque((job,)))

    def wait(self) -> Asked | None:
        """Return what `next` does as soon as there is something; None when there never will be."""
        with self._news:
            self._news.wait_for(lambda: self._hot or self._rows or self._is_stopped)
            while self._makes_room() and self._is_hot_under_way():
                self._glances += 1
                self._news.wait(GLANCE_SECONDS)
            if not self._hot:
                self._glances = 0
            return self.next()

    def _makes_room(self) -> bool:
        # Counted until something of it is taken: words that follow one another without a pause, or for
        # which the partner never signs, shall not hold it up for ever.
        is_bulk = bool(self._rows) and all(_is_bulk(row[0]) for row in self._rows)
        return is_bulk and not self._hot and not self._is_stopped and self._glances < GLANCES


def _is_bulk(asked: Asked) -> bool:
    return not isinstance(asked, Change) and asked.link.endswith(_BULK)


def is_hot(asked: Asked) -> bool:
    """Return whether this is a job of lane hot."""
    return not isinstance(asked, Change) and asked.link.endswith(_HOT)
