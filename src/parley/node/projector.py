"""Keeps `view.db` in step with the record: the one arrow that points up, and it is written down.

Every change in the record has a number. The projector takes what came after its watermark,
asks each module of `settings.PROJECTIONS` to tell the changed threads anew, and moves the
watermark in the same transaction. So the file is always a true picture of some moment, and
may be deleted: it is then told again from the beginning. Nothing of this runs inside an append.

What takes long comes later: the modules of `settings.LATER_PROJECTIONS` have a watermark and
short steps of their own, and each of these gives way to whatever is new for the lists. Last of all, what lies
sealed for an offer that is over is destroyed (`sharing/tasks.py`).

A projection is a module with two functions:

    project(reader, link, thread, folded)   writes the rows of one thread, replacing the old
    empty()                                 deletes all its rows

One that also has `project_link(reader, link)` is told of what was said for a whole link, in no thread.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Protocol, cast, runtime_checkable

from django.conf import settings
from django.db import connections, transaction

from parley.ledger.erasures import erased_times
from parley.ledger.lanes import link_of
from parley.ledger.reading import LinkRow, Reader
from parley.node.scrubbing import scrub
from parley.protocol.inquiries.apply import Folded
from parley.sharing.tasks import destroy_declined
from parley.work import clock
from parley.work.home import Home

VIEW: Final = "view"
# Long enough to be worth a transaction; short enough that the lag shrinks while people watch.
CHANGES_AT_ONCE: Final = 500
IDLE_SECONDS: Final = 30
RETRY_SECONDS: Final = 5
# What comes later waits until it was quiet for so long, or for the longer time at most; and a new row
# waits for so many changes at most.
QUIET_SECONDS: Final = 0.25
AT_LEAST_SECONDS: Final = 5.0
LATER_AT_ONCE: Final = 25

LISTS: Final = "lists"
"""The stage of `settings.PROJECTIONS`."""
LATER: Final = "later"
"""The stage of `settings.LATER_PROJECTIONS`."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS watermark"
    " (stage TEXT PRIMARY KEY, seq INTEGER NOT NULL, told_by TEXT NOT NULL) STRICT"
)

_log = logging.getLogger(__name__)


class Projection(Protocol):
    """What a module of `settings.PROJECTIONS` offers."""

    __name__: str

    # Four positions, as `docs/` shows them to whoever writes a projection.
    def project(  # noqa: PLR0917 - four things that every projection needs
        self, reader: Reader, link: LinkRow, thread: bytes, folded: Folded | None
    ) -> None: ...
    def empty(self) -> None: ...


@runtime_checkable
class OfLinks(Protocol):
    """What a projection offers besides, if it writes rows of what was said for a whole link."""

    def project_link(self, reader: Reader, link: LinkRow) -> None: ...


def projections(names: Sequence[str]) -> tuple[Projection, ...]:
    """Return the modules with these names, in this order."""
    # The house test calls both functions of each: that a module has them is not checked here.
    return tuple(cast("Projection", import_module(name)) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Projector:
    """Tells `modules` what the record behind `reader` says."""

    reader: Reader
    modules: tuple[Projection, ...]
    stage: str = LISTS

    def step(self) -> int | None:
        """Tell the next changes and return the number of the last one; None if there were none."""
        with transaction.atomic(using=VIEW), self._one_moment():
            at_once = CHANGES_AT_ONCE if self.stage == LISTS else LATER_AT_ONCE
            changes = self.reader.changes(self._begin(), limit=at_once)
            if not changes:
                return None
            threads = dict.fromkeys(
                (link_of(lane), thread) for _, lane, thread in changes if thread is not None
            )
            links = {row.name: row for row in self.reader.links()}
            for link, thread in threads:
                self._tell(links[link], thread)
            for link in dict.fromkeys(link_of(lane) for _, lane, thread in changes if thread is None):
                self._tell_link(links[link])
            last = changes[-1][0]
            self._move(last)
        return last

    def catch_up(self) -> None:
        """Tell everything that is not told yet."""
        while self.step() is not None:
            pass

    def empty(self) -> None:
        """Delete every projected row, so that all is told from the beginning."""
        with transaction.atomic(using=VIEW):
            for module in self.modules:
                module.empty()
            with connections[VIEW].cursor() as cursor:
                cursor.execute(_TABLE)
                cursor.execute("DELETE FROM watermark WHERE stage = %s", [self.stage])

    @contextmanager
    def _one_moment(self) -> Iterator[None]:
        self.reader.begin()
        try:
            yield
        finally:
            self.reader.end()

    def _tell(self, link: LinkRow, thread: bytes) -> None:
        folded = self.reader.thread(link.name, thread)
        for module in self.modules:
            module.project(self.reader, link, thread, folded)

    def _tell_link(self, link: LinkRow) -> None:
        for module in self.modules:
            if isinstance(module, OfLinks):
                module.project_link(self.reader, link)

    def _begin(self) -> int:
        # Rows that another set of projections told would stay for ever half right.
        # Nor does anything stay that was told of content which this node has erased since, or of a record
        # that went further than what is there now: an older one was put back beside newer rows.
        times = erased_times(self.reader)
        told_by = " ".join([*(module.__name__ for module in self.modules), *([str(times)] if times else [])])
        with connections[VIEW].cursor() as cursor:
            cursor.execute(_TABLE)
            sql = "SELECT seq, told_by FROM watermark WHERE stage = %s"
            found = cursor.execute(sql, [self.stage]).fetchone()
            if found is not None and found[1] == told_by and found[0] <= self.reader.last_change():
                return int(found[0])
            for module in self.modules:
                module.empty()
            cursor.execute("INSERT OR REPLACE INTO watermark VALUES (%s, 0, %s)", [self.stage, told_by])
        return 0

    def _move(self, seq: int) -> None:
        with connections[VIEW].cursor() as cursor:
            cursor.execute("UPDATE watermark SET seq = %s WHERE stage = %s", [seq, self.stage])


def projectors(reader: Reader) -> tuple[Projector, ...]:
    """Return the stages in the order in which they are told: the lists, and what comes later."""
    stages = ((LISTS, settings.PROJECTIONS), (LATER, settings.LATER_PROJECTIONS))
    return tuple(Projector(reader=reader, modules=projections(names), stage=stage) for stage, names in stages)


def watermark() -> int:
    """Return the number of the last change that the lists show; 0 if they show none."""
    with connections[VIEW].cursor() as cursor:
        if "watermark" not in connections[VIEW].introspection.table_names(cursor):
            return 0
        cursor.execute("SELECT seq FROM watermark WHERE stage = %s", [LISTS])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


class ProjectorThread:
    """Runs two stages beside the ledger: `wake` after a commit, `stop` at the end."""

    def __init__(
        self, home: Home, modules: tuple[Projection, ...], later: tuple[Projection, ...] = ()
    ) -> None:
        # Known once the thread has looked: Django's connections belong to threads, not to loops.
        self.watermark = 0
        self._home = home
        self._modules = modules
        self._later = later
        self._later_at = clock.monotonic()
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="projector", daemon=True)

    def start(self) -> None:
        """Begin with what an earlier run left untold."""
        self._news.set()
        self._thread.start()

    def wake(self, _link: str = "") -> None:
        """Tell what is new. May be called from any thread and never blocks."""
        self._news.set()

    def stop(self) -> None:
        """Finish the transaction that is open, and end."""
        self._stopping.set()
        self._news.set()
        self._thread.join()

    def _work(self) -> None:
        # A reader belongs to the thread that made it.
        reader = Reader(self._home)
        self.watermark = watermark()
        lists = Projector(reader=reader, modules=self._modules)
        later = Projector(reader=reader, modules=self._later, stage=LATER)
        while not self._stopping.is_set():
            self._news.clear()
            try:
                self._tell(lists, later)
            except Exception:  # noqa: BLE001  # the loop's edge: the watermark stands still, and everybody sees it
                _log.exception("view.db could not be told; again in %s s", RETRY_SECONDS)
                self._stopping.wait(RETRY_SECONDS)
            else:
                self._news.wait(IDLE_SECONDS)
        reader.close()
        connections.close_all()

    def _tell(self, lists: Projector, later: Projector) -> None:
        """Tell what is new, the lists first, until nothing is left or something newer arrived."""
        while not self._stopping.is_set() and (last := lists.step()) is not None:
            self.watermark = last
        # Whoever waits for a receipt, or for a row, has the processor before the index of words has it.
        is_busy = self._news.wait(QUIET_SECONDS) if self._later else True
        if not self._later or (is_busy and clock.monotonic() < self._later_at + AT_LEAST_SECONDS):
            return
        while not self._stopping.is_set() and later.step() is not None:
            self._later_at = clock.monotonic()
            if self._news.is_set():
                return
        if not self._stopping.is_set():
            scrub(lists.reader)
            destroy_declined(self._home, lists.reader)
