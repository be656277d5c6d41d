"""The one writer: a thread that puts what many callers bring into one transaction, then signs.

Single commits by many threads wait for each other and for the disk; one thread that takes
everything that waits, commits once and signs one head is both faster and simpler. Each
statement has a savepoint of its own, so that a refused one leaves its neighbours alone.
The order is never changed: commit, then sign, then answer (Spec §4.5). Whatever goes wrong,
the thread goes on: what is half done is undone, and memory is read anew from the tables.
"""

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from parley.ledger.drafts import UnknownLinkError
from parley.ledger.slot import Slot
from parley.protocol.channel import MAX_BATCH, MAX_INLINE

T = TypeVar("T")

# What one statement may add at most: a body, an act, and room.
LARGEST: Final = 3 * 1024 * 1024

_log = logging.getLogger(__name__)


class StoppedError(Exception):
    """The node is stopping and takes nothing more; nothing of this was written."""


class StorageError(Exception):
    """The disk refused; nothing of this was written, and what was there is unharmed."""


@dataclass(slots=True, kw_only=True)
class Job(Generic[T]):
    """Something to do with one slot inside the transaction, and where its result goes.

    `keeps` is False for a trial, which is undone whatever comes of it.
    """

    link: str
    run: Callable[[Slot], T]
    keeps: bool = True
    done: "Future[T]" = field(default_factory=Future)


@dataclass(slots=True, kw_only=True)
class Change(Generic[T]):
    """A change of the links, and where its result goes. All slots are taken into memory anew after it."""

    run: Callable[[sqlite3.Connection], T]
    done: "Future[T]" = field(default_factory=Future)


class Writer:
    """Owns the writing connection. `slots` may be read by others, and is changed only here."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        slots: dict[str, Slot],
        *,
        now: Callable[[], int],
        reload: Callable[[], dict[str, Slot]],
    ) -> None:
        """Write through `connection`; `reload` makes the slots anew from what is committed."""
        self._db = connection
        self.slots = slots
        self._now = now
        self._reload = reload
        self._jobs: queue.SimpleQueue[Job[Any] | Change[Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._door = threading.Lock()
        self._is_stopped = False
        self._is_stale = False
        self._listeners: list[Callable[[str], None]] = []

    def start(self) -> None:
        """Begin to write; first sign what an earlier run committed and could not sign any more."""
        self._sign(list(self.slots))
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, and end."""
        with self._door:
            self._is_stopped = True
            self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def subscribe(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the name of every link that a commit touched."""
        self._listeners.append(listener)

    def submit(self, job: "Job[T]") -> "Future[T]":
        """Queue `job` and return where its result will be.

        Raises:
            StoppedError: the writer is stopping.
        """
        self.submit_all((job,))
        return job.done

    def submit_all(self, jobs: "Sequence[Job[Any] | Change[Any]]") -> None:
        """Queue `jobs` in their order, all of them or none.

        Raises:
            StoppedError: the writer is stopping.
        """
        # Under the lock, since what is put in behind the end would wait for ever.
        with self._door:
            if self._is_stopped:
                raise StoppedError
            for job in jobs:
                self._jobs.put(job)

    def manage(self, run: Callable[[sqlite3.Connection], T]) -> "Future[T]":
        """Queue a change of the links themselves; it has a transaction of its own.

        Raises:
            StoppedError: the writer is stopping.
        """
        change = Change(run=run)
        self.submit_all((change,))
        return change.done

    def _manage(self, change: "Change[Any]") -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            result = change.run(self._db)
            self._db.execute("COMMIT")
            self.slots = self._reload()
            self._sign(list(self.slots))
        except Exception as error:  # noqa: BLE001 - handed to the caller whose change it is
            self._recover()
            change.done.set_exception(_told(error))
        else:
            change.done.set_result(result)

    def _work(self) -> None:
        while True:
            batch, changes, is_last = self._gather()
            if batch:
                self._commit(batch)
            for change in changes:
                self._manage(change)
            if is_last:
                return

    def _gather(self) -> "tuple[list[Job[Any]], list[Change[Any]], bool]":
        batch: list[Job[Any]] = []
        changes: list[Change[Any]] = []
        try:
            while len(batch) < MAX_BATCH and not changes:
                # What came in while the last commit ran goes together; nobody waits for company.
                job = self._jobs.get(block=not batch)
                if job is None:
                    return batch, changes, True
                if isinstance(job, Change):
                    changes.append(job)
                else:
                    batch.append(job)
        except queue.Empty:
            pass
        return batch, changes, False

    def _commit(self, batch: list[Job[Any]]) -> None:
        """Write all of `batch` together; if that cannot be done, each for itself, so that one fails alone."""
        try:
            self._commit_together(batch)
        except Exception as error:  # noqa: BLE001 - the edge of the work loop: the thread must not end
            self._recover()
            waiting = [job for job in batch if not job.done.done()]
            if len(batch) > 1:
                for job in waiting:
                    self._commit([job])
            elif waiting:
                waiting[0].done.set_exception(_told(error))

    def _commit_together(self, batch: list[Job[Any]]) -> None:
        if self._is_stale:
            self.slots, self._is_stale = self._reload(), False
        left = batch
        while left:
            self._db.execute("BEGIN IMMEDIATE")
            results = self._run_some(left)
            left = left[len(results) :]
            touched = sorted({job.link for job, _, error in results if error is None and job.keeps})
            for link in touched:
                self.slots[link].prepare_head()
                self.slots[link].changes()
            self._db.execute("COMMIT")
            self._sign(touched)
            _resolve(results)
            self._tell(touched)

    def _run_some(self, jobs: list[Job[Any]]) -> "list[tuple[Job[Any], Any, BaseException | None]]":
        """Run jobs until what they add would not fit one parcel together (Spec §4.5)."""
        begun = {name: slot.standing.my_total for name, slot in self.slots.items()}
        results: list[tuple[Job[Any], Any, BaseException | None]] = []
        for job in jobs:
            slot = self.slots.get(job.link)
            if slot is None:
                results.append((job, None, UnknownLinkError(job.link)))
                continue
            if slot.standing.my_total - begun[job.link] > MAX_INLINE - LARGEST:
                break
            results.append((job, *self._run(job, slot)))
        return results

    def _run(self, job: "Job[T]", slot: Slot) -> "tuple[T | None, BaseException | None]":
        before = slot.snapshot()
        self._db.execute("SAVEPOINT job")
        try:
            result = job.run(slot)
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001 - handed to the caller whose job it is; the batch goes on
            self._db.execute("ROLLBACK TO job")
            self._db.execute("RELEASE job")
            slot.restore(before)
            return None, error
        if not job.keeps:
            self._db.execute("ROLLBACK TO job")
            slot.restore(before)
        self._db.execute("RELEASE job")
        return result, None

    def _sign(self, links: list[str]) -> None:
        now = self._now()
        signed = {link: self.slots[link].sign(now=now) for link in links}
        # A note needs no flush of its own: if it is lost, the same head is signed once more. But of
        # several none may be signed again after a later one has left (Spec §4.5).
        is_one = all(len(each.notes) <= 1 for each in signed.values())
        self._db.execute(f"PRAGMA synchronous={'NORMAL' if is_one else 'FULL'}")
        self._db.execute("BEGIN IMMEDIATE")
        for link in links:
            self.slots[link].keep_signed(signed[link])
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA synchronous=FULL")
        for link in links:
            self.slots[link].standing = self.slots[link].shown = signed[link].standing

    def _tell(self, links: list[str]) -> None:
        for link in links:
            for listener in self._listeners:
                try:
                    listener(link)
                except Exception:  # noqa: BLE001 - what was written stands, whatever a listener makes of it
                    _log.exception("a listener failed on link %s", link)

    def _recover(self) -> None:
        """Undo what is half done and read memory anew; if that fails too, it is done before the next job."""
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            self._db.execute("PRAGMA synchronous=FULL")
            self.slots, self._is_stale = self._reload(), False
        except sqlite3.Error:
            _log.exception("the record cannot be read")
            self._is_stale = True


def _told(error: Exception) -> Exception:
    return StorageError(str(error)) if isinstance(error, sqlite3.Error) else error


def _resolve(results: "list[tuple[Job[Any], Any, BaseException | None]]") -> None:
    for job, result, error in results:
        if error is not None:
            job.done.set_exception(error)
        else:
            job.done.set_result(result)
