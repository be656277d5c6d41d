"""Folding a whole channel anew from the evidence, and writing down what comes out.

Used when a statement about the link turns out not to have been in effect, and by
`parley record rebuild`. The evidence itself is only read. Source: Spec §6.4 (rule M7).
"""

import sqlite3
from collections.abc import Mapping

from parley.ledger.keys import Keys
from parley.ledger.shelf import SqliteShelf
from parley.protocol.channel import inline_parts
from parley.protocol.part import PartError, open_part
from parley.protocol.record import Record, Sides, merge
from parley.protocol.shelf import MemoryShelf
from parley.protocol.suite import Suite


def fold_anew(
    db: sqlite3.Connection, logs: Mapping[str, int], *, sides: Sides, suite: Suite, keys: Keys | None = None
) -> Record:
    """Return the fold of both logs as they are kept; `logs` gives the number of each node's log.

    With `keys` every act is opened anew from its ciphertext, as long as that is there.
    """
    found = {}
    for node, log in logs.items():
        rows = db.execute(
            "SELECT raw, act FROM entry LEFT JOIN row USING (log, idx) WHERE log = ? ORDER BY idx", (log,)
        ).fetchall()
        scope = sides.of(node).origin
        found[node] = [
            (
                raw,
                act
                if keys is None or act is None
                else _opened(db, raw, keys, scope=scope, suite=suite) or act,
            )
            for raw, act in rows
        ]
    return merge(found, sides, suite)


def _opened(db: sqlite3.Connection, raw: bytes, keys: Keys, *, scope: str, suite: Suite) -> bytes | None:
    part = next(iter(inline_parts(raw)), None)
    if part is None:
        return None
    kept = db.execute(
        "SELECT ciphertext, wrapped FROM part LEFT JOIN content_key USING (hash) WHERE hash = ?", (part.hash,)
    ).fetchone()
    try:
        return (
            None if kept is None else open_part(kept[0], key=keys.unwrap(kept[1]), scope=scope, suite=suite)
        )
    except PartError:
        return None


def refold(
    db: sqlite3.Connection, logs: Mapping[str, int], *, sides: Sides, suite: Suite, keys: Keys | None = None
) -> frozenset[bytes]:
    """Empty what is derived for the channel and write it anew, within the caller's transaction.

    Returns every thread of the channel, since each may have become another.
    """
    shelf = fold_anew(db, logs, sides=sides, suite=suite, keys=keys).shelf
    assert isinstance(shelf, MemoryShelf)
    for log in logs.values():
        for table in ("row", "tip", "weight"):
            db.execute(f"DELETE FROM {table} WHERE log = ?", (log,))  # noqa: S608 - the three names above
    kept = SqliteShelf(db, logs)
    for row in shelf.rows():
        kept.put(row)
    for thread, writer, items in shelf.weights():
        kept.add_weight(thread, writer, items)
    for node in logs:
        kept.set_tip(node, shelf.tip(node))
    return frozenset(shelf.threads())
