"""One log, hashed anew: every entry, every root that was kept, and the frontier at its end.

Two frontiers run beside each other, over the leaves that are kept and over those that the
bytes give. They differ only behind damage, and the next root that somebody signed decides
which of the two was damaged: the bytes or the leaf. Source: Spec §4.1, §4.5.6.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from parley.ledger.fsck.finding import Damage, Finding
from parley.ledger.fsck.lines import Log
from parley.ledger.fsck.weights import may_weigh
from parley.protocol.tree import EMPTY, Frontier, leaf_hash

AT_ONCE: Final = 500


@dataclass(slots=True, kw_only=True)
class Position:
    """How far a log was hashed: so many entries are whole, or were told of, and these are the frontiers."""

    index: int = 0
    kept: Frontier = EMPTY
    hashed: Frontier = EMPTY
    total: int = 0
    doubtful: list[int] = field(default_factory=list)
    """Entries since the last root that held, of which leaf and bytes differ."""


class Tree:
    """Reads one log through `db`, from `at` on. `each` is called with the index and bytes of every entry."""

    def __init__(self, db: sqlite3.Connection, log: Log, at: Position) -> None:
        self._db = db
        self._log = log
        self.at = at
        self._bases = {base for _, base in log.epochs}
        self._broken = False

    def read(self, each: Callable[[int, bytes], Iterator[Finding]]) -> Iterator[Finding]:
        """Yield what is damaged, in the order of the log."""
        while True:
            rows = self._db.execute(
                "SELECT idx, leaf, raw, total FROM entry WHERE log = ? AND idx >= ? ORDER BY idx LIMIT ?",
                (self._log.id, self.at.index, AT_ONCE),
            ).fetchall()
            if not rows:
                break
            heads = dict(
                self._db.execute(
                    "SELECT size, root FROM head WHERE log = ? AND size > ? AND size <= ?",
                    (self._log.id, self.at.index, rows[-1][0] + 1),
                )
            )
            for index, leaf, raw, total in rows:
                yield from self._entry(index, leaf, raw, total=total)
                yield from each(index, raw)
                yield from self._head(heads.get(index + 1))
        yield from self._end()

    def _entry(self, index: int, leaf: bytes, raw: bytes, *, total: int) -> Iterator[Finding]:
        at = self.at
        if index != at.index:
            yield self._found(Damage.GAP, self._log.place(at.index), f"up to {index - 1}")
            self._broken = True
        if index in self._bases:
            at.kept = at.hashed = EMPTY
        hashed = leaf_hash(raw)
        if hashed != leaf:
            at.doubtful.append(index)
            at.doubtful = at.doubtful[-AT_ONCE:]
        same = at.kept is at.hashed and hashed == leaf
        at.kept = at.kept.push(leaf)
        at.hashed = at.kept if same else at.hashed.push(hashed)
        if not may_weigh(self._db, raw, total - at.total):
            yield self._found(Damage.WEIGHT, self._log.place(index), str(total))
        at.index, at.total = index + 1, total

    def _head(self, root: bytes | None) -> Iterator[Finding]:
        at = self.at
        if root is None or self._broken:
            return
        if root == at.hashed.root():
            yield from self._told(Damage.LEAF)
            at.kept = at.hashed
        elif root == at.kept.root():
            yield from self._told(Damage.ENTRY)
            at.hashed = at.kept
        else:
            yield from self._told(Damage.ENTRY)
            yield self._found(Damage.HEAD, f"{self._log.letter} < {at.index}", "")
            # Every later root would tell the same.
            self._broken = True

    def _told(self, damage: Damage) -> Iterator[Finding]:
        for index in self.at.doubtful:
            yield self._found(damage, self._log.place(index), "")
        self.at.doubtful = []

    def _end(self) -> Iterator[Finding]:
        at, log = self.at, self._log
        yield from self._told(Damage.ENTRY)
        for (size,) in self._db.execute(
            "SELECT size FROM head WHERE log = ? AND size > ?", (log.id, at.index)
        ):
            yield self._found(Damage.GAP, log.place(size - 1), "a head covers it")
        found = self._db.execute("SELECT peaks FROM frontier WHERE log = ?", (log.id,)).fetchone()
        peaks = EMPTY.encode() if found is None else bytes(found[0])
        if peaks != at.kept.encode() and not self._broken:
            yield self._found(Damage.FRONTIER, log.letter, "")

    def _found(self, damage: Damage, place: str, said: str) -> Finding:
        return Finding(damage=damage, link=self._log.link, place=place, said=said)
