"""Folding a whole channel anew from the evidence, and writing down what comes out.

Used when a statement about the link turns out not to have been in effect, and by
`parley record rebuild`. The evidence itself is only read. Source: Spec §6.4 (rule M7).
"""

import sqlite3
from collections.abc import Mapping

from parley.ledger.shelf import SqliteShelf
from parley.protocol.pasts import Logs
from parley.protocol.record import Sides, merge
from parley.protocol.shelf import MemoryShelf
from parley.protocol.suite import Suite


def read_logs(db: sqlite3.Connection, logs: Mapping[str, int]) -> Logs:
    """Return both logs as (entry, act) in order, each act as its row has it; `logs` gives their numbers."""
    sql = "SELECT raw, act FROM entry LEFT JOIN row USING (log, idx) WHERE log = ? ORDER BY idx"
    return {node: db.execute(sql, (log,)).fetchall() for node, log in logs.items()}


def refold(
    db: sqlite3.Connection, logs: Mapping[str, int], *, found: Logs, sides: Sides, suite: Suite
) -> frozenset[bytes]:
    """Empty what is derived for the channel and write it anew from `found`, within the caller's transaction.

    Returns every thread of the channel, since each may have become another.
    """
    shelf = merge(found, sides, suite).shelf
    assert isinstance(shelf, MemoryShelf)
    for log in logs.values():
        for table in ("row", "tip", "going_call"):
            db.execute(f"DELETE FROM {table} WHERE log = ?", (log,))  # noqa: S608 - the three names above
    kept = SqliteShelf(db, logs)
    for row in shelf.rows():
        kept.put(row)
    for node in logs:
        kept.set_tip(node, shelf.tip(node))
    kept.write()
    for opened, over_at in shelf.over.items():
        opening = shelf.row(opened)
        if opening is not None:
            kept.set_over(opening, over_at)
    return frozenset(shelf.threads())
