"""Orphans as people see them: what was in a log and is no part of it any more, ours and the other side's.

Ours were lost with an earlier log; theirs came after theirs had ended before them (`late.py`). What is
said in one is opened from its parts whenever somebody looks, so of what was erased nothing is shown.
What came back since, or goes on after all, is an orphan no more. Source: Spec §4.8.8, §4.8.9.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from parley.ledger.keys import Keys
from parley.ledger.lanes import lane_of
from parley.ledger.reading import Reader
from parley.ledger.tags import kept_part
from parley.protocol.act import Act, read_act, read_json
from parley.protocol.breach import BreachError
from parley.protocol.content import inline_parts
from parley.protocol.part import PartError, open_part
from parley.protocol.suite import Suite

_FROM: Final = (
    " FROM orphan JOIN log ON log.id = orphan.log JOIN link ON link.id = log.link"
    " WHERE (link.name = ?1 OR link.name LIKE ?1 || '/%')"
    " AND NOT EXISTS (SELECT 1 FROM row WHERE row.leaf_tag = orphan.tag AND row.leaf = orphan.leaf"
    " AND row.log = orphan.log)"
)
_HEAD: Final = "SELECT note FROM orphan_head WHERE log = ? AND origin = ? AND size > ? ORDER BY size LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanCount:
    """How many orphans of a link are kept here."""

    ours: int
    theirs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """One entry that is no part of its log any more.

    `index` counts within the log `origin`, `kept_at` is in Unix seconds. `head` is the note by which its
    writer signed it, None for ours, which nobody else ever saw; `act` None if it cannot be read here.
    """

    lane: str
    writer: str
    is_ours: bool
    origin: str
    index: int
    statement: bytes
    raw: bytes
    act: Act | None
    head: bytes | None
    kept_at: int


def count_orphans(reader: Reader, link: str) -> OrphanCount:
    """Return how many orphans are kept of `link`, in all its lanes."""
    found = reader.connection.execute(
        f"SELECT log.node = ?2, COUNT(*) {_FROM} GROUP BY 1", (link, reader.node)
    )
    counts = {bool(is_ours): int(count) for is_ours, count in found}
    return OrphanCount(ours=counts.get(True, 0), theirs=counts.get(False, 0))


def orphans(reader: Reader, link: str, *, keys: Keys, suite: Suite) -> Iterator[Orphan]:
    """Yield the orphans of `link`, lane by lane and log by log, in the order in which they were written."""
    db = reader.connection
    rows = db.execute(
        f"SELECT link.name, log.id, log.node, orphan.origin, idx, leaf, raw, kept_at {_FROM}"
        " ORDER BY link.name, log.node, orphan.origin, idx",
        (link,),
    ).fetchall()
    for name, log, node, origin, index, leaf, raw, kept_at in rows:
        base = _base(db, log, origin)
        found = db.execute(_HEAD, (log, origin, index - base)).fetchone()
        yield Orphan(
            lane=lane_of(str(name)),
            writer=str(node),
            is_ours=node == reader.node,
            origin=str(origin),
            index=index - base,
            statement=bytes(leaf),
            raw=bytes(raw),
            act=act_in(db, bytes(raw), origin, keys=keys, suite=suite),
            head=None if found is None else bytes(found[0]),
            kept_at=int(kept_at),
        )


def _base(db: sqlite3.Connection, log: int, origin: str) -> int:
    """Return how many entries of the line come before this log; where it gave way, before the one instead."""
    found = db.execute("SELECT base FROM epoch WHERE origin = ?", (origin,)).fetchone()
    if found is not None:
        return int(found[0])
    (least,) = db.execute(
        "SELECT MIN(idx) FROM orphan WHERE log = ? AND origin = ?", (log, origin)
    ).fetchone()
    return int(least)


def act_in(db: sqlite3.Connection, raw: bytes, origin: str, *, keys: Keys, suite: Suite) -> Act | None:
    """Return what an orphan of the log `origin` says, None if it is not here or cannot be read."""
    part = next(iter(inline_parts(raw)), None)
    kept = None if part is None else kept_part(db, part.hash)
    if kept is None:
        return None
    try:
        text = open_part(kept[1], key=keys.unwrap(kept[0]), scope=origin, suite=suite)
        return read_act(read_json(text))
    except (PartError, BreachError):
        return None
