"""A disk that a test owns: one record and one anchor in memory, what is durable, and what goes wrong next.

A commit with `synchronous=FULL` is durable; one with `NORMAL` may be lost at a crash, from the end.
A fault waits for a number of statements, commits or signatures, strikes once, and is gone:

    crash     the process dies before, or after, a statement; what was not committed is lost
    eio full  a statement fails; SQLite may have undone the transaction by itself, or not
    lost      a commit, or a flush of the anchor, fails and has had no effect
    kept      it fails and has had its effect
    phantom   a commit fails without effect, and its effect is there after a crash all the same
"""

import itertools
import os
import random
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parley.ledger.database import make_tables
from tests.simulator.anchorage import Anchorage

AT_STATEMENTS: Final = ("crash", "crash_after", "eio", "full")
AT_COMMITS: Final = ("crash", "crash_after", "lost", "kept", "phantom")
AT_SIGNATURES: Final = ("crash",)
AT_FLUSHES: Final = ("crash", "crash_after", "lost", "kept")
CRASHES: Final = {
    "statement": ("crash", "crash_after"),
    "commit": ("crash", "crash_after"),
    "signature": ("crash",),
    "flush": ("crash", "crash_after"),
}
DISKS: Final = {
    "statement": ("eio", "full"),
    "commit": ("lost", "kept", "phantom"),
    "flush": ("lost", "kept"),
}
assert set(CRASHES["statement"] + DISKS["statement"]) == set(AT_STATEMENTS)
assert set(CRASHES["flush"] + DISKS["flush"]) == set(AT_FLUSHES)
assert set(CRASHES["commit"] + DISKS["commit"]) == set(AT_COMMITS)
_ERRORS: Final = {"full": "database or disk is full"}
PATH: Final = "record.db"
_names = itertools.count()


class CrashError(BaseException):
    """The process died. Nothing in it can catch this, as nothing can answer a power cut."""


@dataclass(kw_only=True)
class Fault:
    """What goes wrong: `kind`, after `left` more of what it waits `at`."""

    kind: str
    at: str
    left: int


class _Connection(sqlite3.Connection):
    """A connection that asks its disk before every statement."""

    disk: "Disk"

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:  # noqa: ANN401 - what sqlite3 takes
        if sql == "COMMIT":
            return self.disk.commit(self)
        if sql.startswith("PRAGMA synchronous="):
            self.disk.is_full = sql.endswith("FULL")
        fault = self.disk.due("statement")
        if fault is None:
            return super().execute(sql, parameters)
        return self.disk.strike(self, fault, effect=lambda: super(_Connection, self).execute(sql, parameters))

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        fault = self.disk.due("statement")
        if fault is None:
            return super().executemany(sql, parameters)
        return self.disk.strike(
            self, fault, effect=lambda: super(_Connection, self).executemany(sql, parameters)
        )

    def close(self) -> None:
        """Close, as an orderly stop does: everything that was committed stays."""
        if self.disk.writer is self:
            self.disk.halt()
        super().close()

    def plainly(self, sql: str) -> sqlite3.Cursor:
        """Execute `sql`, whatever was to go wrong."""
        return super().execute(sql)


@dataclass
class Disk:
    """The disk under one node. It is the `Storage` of that node's ledger.

    `heard` is called with the writing connection whenever what it holds became durable.
    """

    durable: bytes | None = None
    dice: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - a schedule's dice
    heard: Callable[[sqlite3.Connection], None] = lambda _: None
    loses: bool = True
    is_full: bool = True
    fault: Fault | None = None
    struck: int = 0
    phantom: bytes | None = None
    # What was committed last of all, kept while a commit may come to nothing.
    last: bytes | None = None
    is_behind: bool = False
    writer: _Connection | None = None
    readers: list[_Connection] = field(default_factory=list)
    name: str = ""
    anchor: Anchorage = field(init=False)

    def __post_init__(self) -> None:
        self.anchor = Anchorage(strike=self.flush)

    # ---- Storage

    def writing(self, path: Path) -> sqlite3.Connection:
        """Return the one connection that writes, with the tables in place."""
        self.name = f"file:/parley-{os.getpid()}-{next(_names)}?vfs=memdb"
        self.is_full, self.is_behind = True, False
        self.writer = self._connect()
        if self.durable is not None:
            _fill(self.writer, self.durable)
        self.writer.plainly("PRAGMA foreign_keys=ON")
        make_tables(self.writer, path)
        return self.writer

    def reading(self, path: Path) -> sqlite3.Connection:
        """Return a connection that cannot write."""
        assert path.name == PATH, "a disk has one record"
        connection = self._connect()
        connection.plainly("PRAGMA query_only=ON")
        self.readers.append(connection)
        return connection

    def _connect(self) -> _Connection:
        connection = sqlite3.connect(
            self.name,
            uri=True,
            timeout=0,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
            cached_statements=512,
        )
        connection.disk = self
        return connection

    # ---- What goes wrong

    def arm(self, fault: Fault) -> None:
        """Let `fault` happen; what was to happen before is forgotten."""
        self.fault = fault
        self.last = self.writer.serialize() if fault.kind == "phantom" and self.writer else None

    @contextmanager
    def calm(self) -> Iterator[None]:
        """Let nothing go wrong while the auditor looks."""
        fault, self.fault = self.fault, None
        try:
            yield
        finally:
            self.fault = fault

    def due(self, at: str) -> Fault | None:
        """Count one more `at`, and return the fault whose turn it is."""
        fault = self.fault
        if fault is None or fault.at != at:
            return None
        fault.left -= 1
        if fault.left >= 0:
            return None
        self.fault = None
        self.struck += 1
        return fault

    def strike(
        self, connection: _Connection, fault: Fault, *, effect: Callable[[], sqlite3.Cursor]
    ) -> sqlite3.Cursor:
        """Let `fault` happen to one statement, whose `effect` it may have."""
        if fault.kind == "crash_after":
            effect()
        if fault.kind.startswith("crash"):
            raise CrashError
        if connection.in_transaction and self.dice.random() < 0.5:
            connection.plainly("ROLLBACK")
        raise sqlite3.OperationalError(_ERRORS.get(fault.kind, "disk I/O error"))

    def flush(self, effect: Callable[[], None]) -> None:
        """Make the anchor durable, unless something goes wrong with it."""
        fault = self.due("flush")
        kind = "" if fault is None else fault.kind
        if kind in {"", "crash_after", "kept"}:
            effect()
        if kind.startswith("crash"):
            raise CrashError
        if kind:
            raise OSError("the anchor cannot be flushed")

    def commit(self, connection: _Connection) -> sqlite3.Cursor:
        """Commit, and say what is durable now."""
        fault = self.due("commit") or self.due("statement")
        kind = "" if fault is None else fault.kind
        if kind == "crash":
            raise CrashError
        if kind in {"lost", "eio", "full", "phantom"}:
            self._fail(connection, is_phantom=kind == "phantom")
        found = connection.plainly("COMMIT")
        self.phantom = None
        if self.is_full:
            self.durable = connection.serialize() if self.loses else None
            self.is_behind = False
            with self.calm():
                self.heard(connection)
        else:
            self.is_behind = True
        if self.last is not None:
            self.last = connection.serialize()
        if kind == "crash_after":
            raise CrashError
        if kind == "kept":
            raise sqlite3.OperationalError("disk I/O error")
        return found

    def _fail(self, connection: _Connection, *, is_phantom: bool) -> None:
        if is_phantom and self.is_full and self.last is not None:
            connection.plainly("COMMIT")
            self.phantom = connection.serialize()
            _fill(connection, self.last)
        if connection.in_transaction:
            connection.plainly("ROLLBACK")
        raise sqlite3.OperationalError("disk I/O error")

    # ---- Power cuts, stops, backups

    def crash(self) -> None:
        """Cut the power: keep what is durable, and what else the dice leave."""
        assert self.writer is not None
        if self.writer.in_transaction:
            self.writer.plainly("ROLLBACK")
        coin = self.dice.random() < 0.5
        if self.phantom is not None and coin:
            self.durable = self.phantom
        elif self.durable is None or not (self.loses and self.is_behind and coin):
            self.durable = self.writer.serialize()
        self.phantom = None
        self.anchor.crash(self.dice)
        self.close()

    def halt(self) -> None:
        """Keep everything that was committed, as after an orderly stop."""
        assert self.writer is not None
        self.durable, self.phantom, self.writer = self.writer.serialize(), None, None

    def close(self) -> None:
        """Close what the process had open."""
        open_ones = [*self.readers, *([self.writer] if self.writer else [])]
        self.readers, self.writer = [], None
        for connection in open_ones:
            connection.close()

    def image(self) -> bytes:
        """Return what a backup made now would hold: all that is committed."""
        if self.writer is None:
            assert self.durable is not None
            return self.durable
        return self.writer.serialize()


def _fill(connection: sqlite3.Connection, image: bytes) -> None:
    source = sqlite3.connect(":memory:")
    source.deserialize(image)
    source.backup(connection)
    source.close()


def rows_of(image: bytes, sql: str, *values: str) -> list[tuple[Any, ...]]:
    """Return what `sql` finds in an image."""
    source = sqlite3.connect(":memory:")
    source.deserialize(image)
    try:
        return source.execute(sql, values).fetchall()
    finally:
        source.close()
