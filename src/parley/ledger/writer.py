"""The one writer: a thread that puts what many callers bring into one transaction, then signs.

Single commits by many threads wait for each other and for the disk; one thread that takes
everything that waits, commits once and signs one head is both faster and simpler. A refused
statement leaves its neighbours alone: where one is, the group is done again with a savepoint
before each. The order is never changed: commit, then sign, then answer (Spec §4.5). Whatever goes wrong,
the thread goes on: what is half done is undone, and memory is read anew from the tables.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias, TypeVar

from parley.ledger.database import CHECKPOINT_PAGES, write_log_again
from parley.ledger.drafts import UnknownLinkError
from parley.ledger.lanes import lane_of
from parley.ledger.slot import Slot
from parley.ledger.waiting import Asked, Bundled, Change, Job, Outcome, StoppedError, Waiting, Work, is_hot
from parley.protocol.channel import MAX_BATCH, MAX_INLINE, Alarm
from parley.protocol.names import HOT

T = TypeVar("T")

# What one statement may add at most: a body, an act, and room.
LARGEST: Final = 3 * 1024 * 1024
# How long a group goes on taking in others before the first of them is answered.
GROUP_SECONDS: Final = 0.1

__all__ = ["Job", "StoppedError", "StorageError", "UnsignedError", "Writer"]

_log = logging.getLogger(__name__)


class StorageError(Exception):
    """The disk refused; nothing of this was written, and what was there is unharmed."""


class UnsignedError(StorageError):
    """It is written, and not signed yet: the signer is away, or refuses.

    Brought again, it is still one entry; it is signed as soon as that can be.
    """


class _UndoneError(Exception):
    """One job of a group failed, so that all that the group did is undone."""


_Result: TypeAlias = tuple[Work, Any, BaseException | None]
_Run: TypeAlias = Callable[[Work, Slot, int], _Result]


class Writer:
    """Owns the writing connection. `slots` may be read by others, and is changed only here."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        slots: dict[str, Slot],
        *,
        now: Callable[[], int],
        monotonic: Callable[[], float],
        reload: Callable[[], dict[str, Slot]],
    ) -> None:
        """Write through `connection`; `reload` makes the slots anew from what is committed."""
        self._db = connection
        self.slots = slots
        self._now = now
        self._reload = reload
        self._monotonic = monotonic
        self._waiting = Waiting(self._is_hot_under_way)
        # A change of the links that came up while a group was gathered: it has its turn after it.
        self._aside: Asked | None = None
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._is_stale = False
        # Links of which something is committed and not signed, and why.
        self.unsigned: dict[str, str] = {}
        self._listeners: list[Callable[[str], None]] = []

    def start(self) -> None:
        """Begin to write; first sign what an earlier run committed and could not sign any more.

        Raises:
            sqlite3.Error: what that run wrote cannot be made durable.
        """
        # It may have ended over a sync that failed; nothing may follow the hole that this left.
        write_log_again(self._db)
        self._sign(list(self.slots))
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, and end."""
        self._waiting.stop()
        if self._thread.is_alive():
            self._thread.join()

    def subscribe(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the name of every link that a commit touched."""
        self._listeners.append(listener)

    def submit(self, job: "Job[T]") -> Outcome[T]:
        """Queue `job` and return where its result will be.

        Raises:
            StoppedError: the writer is stopping.
        """
        self.submit_all((job,))
        return job.done

    def submit_all(self, jobs: Sequence[Asked]) -> None:
        """Queue `jobs` in their order, all of them or none.

        Raises:
            StoppedError: the writer is stopping.
        """
        self._waiting.put(jobs)

    def manage(self, run: Callable[[sqlite3.Connection], T]) -> Outcome[T]:
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
            self._renew()
            self._sign(list(self.slots))
        except Exception as error:  # noqa: BLE001 - handed to the caller whose change it is
            self._recover()
            change.done.set_exception(_told(error))
        else:
            change.done.set_result(result)

    def _work(self) -> None:
        while (asked := self._aside or self._waiting.wait()) is not None:
            self._aside = None
            if isinstance(asked, Change):
                self._manage(asked)
            else:
                self._commit(asked)

    def _is_hot_under_way(self) -> bool:
        """Return whether the partner lacks, or has not signed for, something said on lane hot of any link."""
        hot = [slot for name, slot in self.slots.items() if lane_of(name) == HOT]
        return any(slot.facts.is_verified and slot.has_news for slot in hot)

    def _commit(self, first: Work) -> None:
        """Write `first` and what waits beside it together; if that cannot be done, each for itself."""
        group = [first]
        try:
            try:
                self._commit_together(self._gathered(group), run=self._run_boldly)
            except _UndoneError:
                self._commit_carefully(group)
        except Exception as error:  # noqa: BLE001 - the edge of the work loop: the thread must not end
            self._recover()
            each = _singly(group)
            waiting = [job for job in each if not job.is_told]
            if len(each) > 1:
                for job in waiting:
                    self._commit_alone(job)
            elif waiting:
                first.fail(_told(error))

    def _commit_carefully(self, group: Sequence[Work]) -> None:
        each = _singly(group)
        while each:
            each = each[self._commit_together(each, run=self._run) :]

    def _commit_alone(self, job: Work) -> None:
        try:
            self._commit_carefully([job])
        except Exception as error:  # noqa: BLE001 - as above; of several it is this one that fails
            self._recover()
            if not job.is_told:
                job.fail(_told(error))

    def _gathered(self, group: list[Work]) -> Iterator[Work]:
        """Yield the one job of `group`, then each that is added to it while the group is being written.

        What comes in meanwhile goes with it and nobody waits for company: a group ends when nothing
        is left, when it is large, or when those that are in it have waited long enough. One with
        something of lane hot in it ends as soon as nothing more of that lane waits.
        """
        (last,) = group
        count = last.count
        yield last
        link, was_hot = last.link, is_hot(last)
        waiting, monotonic = self._waiting, self._monotonic
        until = monotonic() + GROUP_SECONDS
        while count < MAX_BATCH and monotonic() < until:
            if was_hot and not waiting.is_hot:
                return
            asked = waiting.next(MAX_BATCH - count)
            if asked is None or isinstance(asked, Change):
                self._aside = asked
                return
            if asked.link != link:
                link, was_hot = asked.link, is_hot(asked)
            group.append(asked)
            count += asked.count
            yield asked

    def _commit_together(self, jobs: Iterable[Work], *, run: _Run) -> int:
        """Write, sign and answer what `run` makes of the jobs that fit; return how many did."""
        if self._is_stale:
            self._read_anew()
        self._db.execute("BEGIN IMMEDIATE")
        results = self._run_some(jobs, run)
        touched = sorted({job.link for job, _, error in results if error is None and job.keeps})
        for link in touched:
            self.slots[link].prepare_head()
            self.slots[link].changes()
        self._db.execute("COMMIT")
        hot = [link for link in touched if lane_of(link) == HOT]
        # Nobody on lane hot waits for the signature over what went with it.
        for links in filter(None, (hot, [link for link in touched if link not in hot])):
            self._sign(links)
            told = [each for each in results if each[0].link in links]
            _resolve([self._with_fault(each) for each in told] if self.unsigned else told)
            self._tell(links)
        _resolve([each for each in results if each[0].link not in touched])
        return len(results)

    def _run_some(self, jobs: Iterable[Work], run: _Run) -> list[_Result]:
        """Run jobs until what they add would not fit one parcel together with one more (Spec §4.5)."""
        before = {slot: slot.snapshot() for slot in self.slots.values()}
        room = {name: slot.standing.my_total + MAX_INLINE - LARGEST for name, slot in self.slots.items()}
        results: list[_Result] = []
        for job in jobs:
            slot = self.slots.get(job.link)
            if slot is None:
                results.append((job, None, UnknownLinkError(job.link)))
                continue
            try:
                results.append(run(job, slot, room[job.link]))
            except _UndoneError:
                self._db.execute("ROLLBACK")
                for each, mark in before.items():
                    each.restore(mark)
                raise
            if slot.standing.my_total > room[job.link]:
                if isinstance(job, Bundled) and len(results[-1][1]) < job.count:
                    self._waiting.put_back(job.split(len(results[-1][1])))
                break
        return results

    def _run_boldly(self, job: Work, slot: Slot, room: int) -> _Result:
        """Run a job that is hoped to succeed: a savepoint would copy every page that it changes.

        Raises:
            _UndoneError: it failed, and the whole group is to be done again, each behind a savepoint.
        """
        if not job.keeps:
            return self._run(job, slot, room)
        try:
            return job, job.do(slot, room=room), None
        except sqlite3.Error:
            raise
        except Exception as error:
            raise _UndoneError from error

    def _run(self, job: Work, slot: Slot, room: int) -> _Result:
        before = slot.snapshot()
        self._db.execute("SAVEPOINT job")
        try:
            result = job.do(slot, room=room)
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001 - handed to the caller whose job it is; the batch goes on
            self._db.execute("ROLLBACK TO job")
            self._db.execute("RELEASE job")
            slot.restore(before)
            return job, None, error
        if not job.keeps:
            self._db.execute("ROLLBACK TO job")
            slot.restore(before)
        self._db.execute("RELEASE job")
        return job, result, None

    def _with_fault(self, result: _Result) -> _Result:
        job, _, error = result
        fault = self.unsigned.get(job.link) if error is None and job.keeps else None
        return result if fault is None else (job, None, UnsignedError(fault))

    def _sign(self, links: list[str]) -> None:
        """Have signed what was committed. What cannot be stays as it is, and goes with the next."""
        now = self._now()
        signed = {link: self.slots[link].sign(now=now) for link in links}
        # A note needs no flush of its own: if it is lost, the same head is signed once more. But of
        # several none may be signed again after a later one has left (Spec §4.5).
        is_one = all(len(each.notes) <= 1 for each in signed.values())
        self._flush(at_commit=not is_one)
        self._db.execute("BEGIN IMMEDIATE")
        for link in links:
            self.slots[link].keep_signed(signed[link])
            if signed[link].is_clock_behind:
                self.slots[link].raise_alarm(Alarm.CLOCK_BEHIND, "", now)
        self._db.execute("COMMIT")
        self._flush(at_commit=True)
        for link in links:
            self.slots[link].standing = self.slots[link].shown = signed[link].standing
            self._note_fault(link, signed[link].fault)

    def _flush(self, *, at_commit: bool) -> None:
        self._db.execute(f"PRAGMA synchronous={'FULL' if at_commit else 'NORMAL'}")
        # A checkpoint of SQLite's own begins with a sync of the log, and says nothing if that fails: none
        # may be where something is in the log that was not synced yet.
        self._db.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES if at_commit else 0}")

    def _note_fault(self, link: str, fault: Exception | None) -> None:
        if fault is None:
            self.unsigned.pop(link, None)
        elif self.unsigned.get(link) != str(fault):
            _log.error("link %s is not signed: %s", link, fault)
            self.unsigned[link] = str(fault)

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
            self._flush(at_commit=True)
            self._read_anew()
        except sqlite3.Error:
            _log.exception("the record cannot be read")
            self._is_stale = True

    def _read_anew(self) -> None:
        """Carry the write-ahead log over into the file, durably, and read memory anew.

        Raises:
            sqlite3.Error: it cannot be done now, and nothing may be written before it is.
        """
        # Frames that a failed sync has thrown away would be a hole, at which everything after it ends once
        # the power goes; so none may follow before all are in the file. And while they are carried there,
        # the log must be whole on the disk too: the frames before a hole are older than what the file then
        # holds, and would be laid over it.
        write_log_again(self._db)
        (is_busy, _, _) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            raise sqlite3.OperationalError("a reader holds the write-ahead log")
        self._renew()
        self._is_stale = False

    def _renew(self) -> None:
        """Read memory anew; who had to wait for the partner's first word still has to (rule H15)."""
        before, self.slots = self.slots, self._reload()
        for link, slot in self.slots.items():
            if link in before and before[link].is_awaiting:
                slot.wait_for_word()


def _told(error: Exception) -> Exception:
    return StorageError(str(error)) if isinstance(error, sqlite3.Error) else error


def _singly(group: Iterable[Work]) -> list[Work]:
    return [each for job in group for each in job.singly()]


def _resolve(results: list[_Result]) -> None:
    # The last one first: whoever brought many waits for the first of them, and then finds all.
    for job, result, error in reversed(results):
        if error is not None:
            job.fail(error)
        else:
            job.tell(result)
