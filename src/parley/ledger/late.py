"""What the other side signed in a log of its line, and what came only after that log had ended before it.

    log         0 … 41 │ 42 … 44      sealed at 42: both sides agreed that no more was there
    here        entry  │ orphan       three more arrive, under a head that its writer really signed

They have no effect: no fold reads them, no receipt is given for them, nothing is said of them. They are
kept for people, since they prove what their writer signed. Source: Spec §4.8.9.
"""

import sqlite3
from typing import Final

from parley.ledger.keeping import Keeping
from parley.ledger.tags import tagged
from parley.protocol.intake import Late
from parley.protocol.line import Line, Reach
from parley.protocol.recovery import parse_note
from parley.protocol.tree import EMPTY

# A partner may sign what it likes in a log that ended, and nothing of it is ever needed to go on.
MAX_LATE_BYTES: Final = 64 * 1024 * 1024
_KEY_AND_FRAME: Final = 80


class Ends:
    """How far each log of one line of theirs is kept that ended. What was looked up once is remembered."""

    def __init__(self, db: sqlite3.Connection, log: int, line: Line) -> None:
        self._db, self._log, self._line = db, log, line
        self._known: dict[str, Reach | None] = {}

    def reach(self, origin: str) -> Reach | None:
        """Return how far `origin` is kept, orphans counted; None if it goes on, or nothing late counts."""
        if origin not in self._known:
            self._known[origin] = self._read(origin)
        return self._known[origin]

    def note(self, origin: str, reach: Reach) -> None:
        """Note that so much of that log is kept now."""
        self._known[origin] = reach

    def _read(self, origin: str) -> Reach | None:
        # Keys that were revoked may be a thief's, and whoever holds them could go on in any log.
        if self._exists("SELECT 1 FROM revocation WHERE log = ?"):
            return None
        found = self._sealed(origin) or self._given_up(origin)
        if found is None:
            return None
        base, end = found
        kept = self._db.execute(
            "SELECT idx, leaf FROM entry WHERE log = ?1 AND idx >= ?2 AND idx < ?3 UNION ALL SELECT idx, leaf"
            " FROM orphan WHERE log = ?1 AND origin = ?4 AND idx >= ?3 ORDER BY idx",
            (self._log, base, end, origin),
        )
        leaves = [bytes(leaf) for place, (index, leaf) in enumerate(kept) if index == base + place]
        return Reach(base=base, tree=EMPTY.extend(leaves))

    def _sealed(self, origin: str) -> tuple[int, int] | None:
        """Return where a log of the line begins and ends, if it did end and all of it is here."""
        epoch = self._line.find(origin)
        if epoch is None or epoch == self._line.current:
            return None
        end = self._line.end_of(origin, epoch.base)
        is_here = end == epoch.base or self._exists("SELECT 1 FROM entry WHERE log = ? AND idx = ?", end - 1)
        return (epoch.base, end) if is_here else None

    def _given_up(self, origin: str) -> tuple[int, int] | None:
        """Return where a log would have begun to which another was preferred, of which something is held."""
        found = self._db.execute(
            "SELECT acceptance FROM epoch_name WHERE log = ? AND epoch = ? AND acceptance IS NOT NULL",
            (self._log, origin.rsplit("/", 1)[1]),
        ).fetchone()
        ending = None if found is None or self._line.has(origin) else parse_note(bytes(found[0]))[1]
        before = None if ending is None else self._line.find(ending.origin)
        if ending is None or before is None or ending.next_origin != origin:
            return None
        base = before.base + ending.size
        return (base, base) if self._exists("SELECT 1 FROM entry WHERE log = ? AND idx = ?", base) else None

    def _exists(self, sql: str, *values: int) -> bool:
        return self._db.execute(sql, (self._log, *values)).fetchone() is not None


def keep_late(db: sqlite3.Connection, log: int, late: Late, *, keeping: Keeping, now: int) -> bool:
    """Keep entries that came late as orphans, with the head that proves them; return if there was room."""
    weight = sum(
        len(each.said.raw) + sum(len(blob) + _KEY_AND_FRAME for _, blob, _ in each.parts)
        for each in late.incoming
    )
    (held,) = db.execute("SELECT COALESCE(SUM(weight), 0) FROM orphan_head WHERE log = ?", (log,)).fetchone()
    if held + weight > MAX_LATE_BYTES:
        return False
    kept = keeping.kept_keys([digest for each in late.incoming for digest, _, _ in each.parts])
    for each in late.incoming:
        keeping.parts(each.parts, kept, opened=each.unopened in {None, "json"})
    head = late.signed.head
    db.executemany(
        "INSERT OR IGNORE INTO orphan (log, origin, idx, tag, leaf, raw, kept_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (log, head.origin, index, *tagged(each.said.leaf), each.said.raw, now)
            for index, each in enumerate(late.incoming, start=late.start)
        ],
    )
    db.execute(
        "INSERT OR IGNORE INTO orphan_head VALUES (?, ?, ?, ?, ?)",
        (log, head.origin, head.size, weight, late.note),
    )
    return True
