"""One node of the simulated world: the whole `Ledger`, in a process that can die at any statement."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from parley.ledger.lanes import named
from parley.ledger.ledger import Ledger
from parley.ledger.signing import BEHIND_SECONDS
from parley.ledger.slot import Slot
from parley.ledger.waiting import Asked, Waiting
from parley.ledger.writer import Writer
from parley.protocol.suite import Suite
from parley.signer.keyed import KeyedDesk
from parley.signer.keys import SignerKeys, read_signer_keys
from parley.work.home import Home
from tests.simulator.auditor import Auditor
from tests.simulator.disk import CrashError, Disk
from tests.simulator.suite import Listening, Signing
from tests.two_nodes.pair import WORLD, Clock


class _Row(Waiting):
    """What waits, for a writer that is the caller's own thread: where nothing waits, the work is done."""

    def wait(self) -> Asked | None:
        return self.next()


class _NoThread:
    """The thread of a writer that has none."""

    def start(self) -> None:
        pass

    def is_alive(self) -> bool:
        return False


class InlineWriter(Writer):
    """The writer without its thread: whoever brings a job does the work, so that dice and crashes replay."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        slots: dict[str, Slot],
        *,
        now: Callable[[], int],
        monotonic: Callable[[], float],
        reload: Callable[[], dict[str, Slot]],
    ) -> None:
        super().__init__(connection, slots, now=now, monotonic=monotonic, reload=reload)
        self._waiting = _Row()
        self._thread = _NoThread()  # type: ignore[assignment]  # the same three methods

    def submit_all(self, jobs: Sequence[Asked]) -> None:
        super().submit_all(jobs)
        self._work()


class Node:
    """A node's home, disk and clock, and its ledger while it runs."""

    def __init__(self, home: Home, *, disk: Disk, suite: Suite, auditor: Auditor) -> None:
        """Let `auditor` hear of all that the node commits and signs."""
        self.home = home
        self.name = f"{home.root.name}.example"
        self.disk = disk
        self.clock = Clock()
        self.suite = Listening(suite, self._hear)
        self.auditor = auditor
        self.ledger: Ledger | None = None
        self.is_restored = False
        # Whether it waits for the partner's first word, since record and anchor may both be old (rule H15).
        self.asks_first = False
        self.starts = 0
        # The latest time that its clock showed, and whether it ever went on more than a day before that.
        self.latest = 0
        self.was_behind = False
        disk.heard = lambda connection: auditor.committed(self.name, connection)

    def _hear(self, signing: Signing) -> None:
        if self.disk.due("signature") is not None:
            raise CrashError
        self.auditor.hear(self.name, signing)
        if signing.time > max(self.clock.time, 1) + BEHIND_SECONDS:
            _, _, link, lane, _ = signing.origin.split("/")
            self.auditor.behind[self.name, named(link, lane)] += 1

    def up(self) -> Ledger:
        """Return the ledger, started if it is not running."""
        self.latest = max(self.latest, self.clock.time)
        self.was_behind |= self.latest > max(self.clock.time, 1) + BEHIND_SECONDS
        if self.ledger is None:
            self.starts += 1
            ledger = Ledger(
                self.home,
                suite=self.suite,
                now=self.clock,
                monotonic=lambda: 0.0,
                storage=self.disk,
                writer=InlineWriter,
                desk=self._desk(),
            )
            assert self.disk.writer is not None
            with self.disk.calm():
                self.auditor.started(self.name, self.disk.writer, restored=self.is_restored)
            self.is_restored = False
            ledger.start(asks_first=self.asks_first)
            self.ledger = ledger
        return self.ledger

    def _desk(self) -> KeyedDesk:
        """Return the signer of a process that begins: its keys, and the anchor as it is read now."""
        keys = signer_keys(self.home)
        return KeyedDesk(keys, self.disk.anchor, world=WORLD, suite=self.suite)

    def stop(self) -> None:
        """End the process in order."""
        if self.ledger is not None:
            self.asks_first = self.is_awaiting
            self.ledger.stop()
            self.disk.close()
            self.ledger = None

    def crash(self) -> None:
        """Cut the power."""
        if self.ledger is not None:
            self.asks_first = self.is_awaiting
            self.ledger.regaining.stop()
        if self.disk.writer is not None:
            self.disk.crash()
        self.ledger = None

    @property
    def is_awaiting(self) -> bool:
        """Return whether the process that runs still waits for the partner's first word."""
        if self.ledger is None:
            return self.asks_first
        slots = [self.ledger._slot(name) for name in self.ledger.names()]  # noqa: SLF001 - a test may look behind a door
        return any(slot.is_awaiting for slot in slots)

    def query(self, sql: str, *values: str | int) -> list[tuple[Any, ...]]:
        """Return what the record holds, whatever is to go wrong on this disk."""
        with self.disk.calm():
            self.up()
            assert self.disk.writer is not None
            return self.disk.writer.execute(sql, values).fetchall()


@cache
def signer_keys(home: Home) -> SignerKeys:
    """Return the keys that sign for the node of `home`."""
    return read_signer_keys(home.keys, f"{home.root.name}.example")
