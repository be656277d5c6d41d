"""The tables of lines and of their loss: which log follows which, what is asked back, what was orphaned.

Plain reading and writing, inside the transaction of the writer thread; what it means is decided
in `protocol/recovery.py`, `lines.py` and `slot.py`. Source: Spec §4.8, §5.7.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace

from msgspec import Struct

from parley.ledger.standing import LinkFacts
from parley.ledger.tags import tagged
from parley.protocol.line import Epoch, Line
from parley.protocol.record import Side, Sides


class Lost(Struct, frozen=True, kw_only=True):
    """Our line while something of it is lost. Sizes are along the line, instants Unix seconds.

    `next` is the epoch of what is asked: once there is a `seal`, where the log is to end, since `seal_at`,
    that of the log which follows; `proof` the largest head of ours that the other side showed and that is
    not anchored; `confirmed` the digits of the head that officers confirmed.
    """

    cause: str
    begun_at: int
    next: str
    proof: bytes | None = None
    confirmed: str | None = None
    seal: int | None = None
    seal_at: int | None = None


def read_lost(db: sqlite3.Connection, log: int) -> Lost | None:
    """Return what is known of the loss, or None if nothing is lost."""
    found = db.execute(
        "SELECT cause, begun_at, next, proof, confirmed, seal, seal_at FROM recovery WHERE log = ?", (log,)
    ).fetchone()
    if found is None:
        return None
    cause, begun_at, following, proof, confirmed, seal, seal_at = found
    return Lost(
        cause=cause,
        begun_at=begun_at,
        next=following,
        proof=proof,
        confirmed=confirmed,
        seal=seal,
        seal_at=seal_at,
    )


def write_lost(db: sqlite3.Connection, log: int, lost: Lost | None) -> None:
    """Write down what is lost, or that nothing is any more."""
    db.execute("DELETE FROM recovery WHERE log = ?", (log,))
    if lost is not None:
        db.execute(
            "INSERT INTO recovery VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                log,
                lost.cause,
                lost.begun_at,
                lost.next,
                lost.proof,
                lost.confirmed,
                lost.seal,
                lost.seal_at,
            ),
        )


def read_offered(db: sqlite3.Connection, log: int) -> bytes | None:
    """Return the head of ours that officers may follow, though nothing is lost; None in the usual case."""
    found = db.execute("SELECT note FROM offered WHERE log = ?", (log,)).fetchone()
    return None if found is None else bytes(found[0])


def write_offered(db: sqlite3.Connection, log: int, note: bytes | None) -> None:
    """Write down which it is, or that there is none."""
    db.execute("DELETE FROM offered WHERE log = ?", (log,))
    if note is not None:
        db.execute("INSERT INTO offered VALUES (?, ?)", (log, note))


def read_later(db: sqlite3.Connection, log: int, first: str) -> tuple[Epoch, ...]:
    """Return the logs of a line after its `first`, in order."""
    found = db.execute(
        "SELECT origin, base FROM epoch WHERE log = ? AND origin <> ? ORDER BY base", (log, first)
    )
    return tuple(Epoch(origin=origin, base=base) for origin, base in found)


def renewed(db: sqlite3.Connection, facts: LinkFacts) -> LinkFacts:
    """Return `facts` with the lines as the tables have them now."""

    def side(old: Side) -> Side:
        return replace(old, later=read_later(db, facts.logs[old.node], old.origin))

    return replace(facts, sides=Sides(one=side(facts.sides.one), two=side(facts.sides.two)))


def add_epoch(
    db: sqlite3.Connection, log: int, epoch: Epoch, *, acceptance: bytes | None, instead_of: Iterable[Epoch]
) -> None:
    """Let `epoch` continue a line; what was agreed before and never used gives way to it."""
    drop_epochs(db, instead_of)
    db.execute("INSERT INTO epoch VALUES (?, ?, ?, ?)", (epoch.origin, log, epoch.base, acceptance))
    name = epoch.origin.rsplit("/", 1)[1]
    db.execute(
        "INSERT INTO epoch_name VALUES (?1, ?2, ?3)"
        " ON CONFLICT DO UPDATE SET acceptance = COALESCE(?3, acceptance)",
        (log, name, acceptance),
    )
    # Whoever lost it is given the log that ended up to its last head.
    db.execute(
        "UPDATE head_note SET keep = 1 WHERE log = ?1"
        " AND size = (SELECT MAX(size) FROM head_note WHERE log = ?1 AND size <= ?2)",
        (log, epoch.base),
    )


def drop_epochs(db: sqlite3.Connection, epochs: Iterable[Epoch]) -> None:
    """Forget logs that gave way; their names are used up (Spec §4.8.7)."""
    db.executemany("DELETE FROM epoch WHERE origin = ?", [(epoch.origin,) for epoch in epochs])


def keep_acceptance(db: sqlite3.Connection, origin: str, note: bytes) -> None:
    """Keep what the other side accepted late, of a log that was begun alone."""
    db.execute("UPDATE epoch SET acceptance = ? WHERE origin = ? AND acceptance IS NULL", (note, origin))


def epoch_names(db: sqlite3.Connection, log: int) -> Mapping[str, bytes | None]:
    """Return every name that was ever recorded for a line, the first one too, with what was accepted."""
    found = db.execute("SELECT epoch, acceptance FROM epoch_name WHERE log = ?", (log,)).fetchall()
    first = db.execute("SELECT substr(origin, -8), NULL FROM log WHERE id = ?", (log,)).fetchall()
    return dict([*first, *found])


def acceptances(db: sqlite3.Connection, log: int) -> tuple[tuple[int, bytes], ...]:
    """Return (base, note) of each log of a line that was accepted, in order."""
    found = db.execute(
        "SELECT base, acceptance FROM epoch WHERE log = ? AND acceptance IS NOT NULL ORDER BY base", (log,)
    )
    return tuple((base, bytes(note)) for base, note in found)


def read_seen_before(db: sqlite3.Connection, log: int) -> int:
    """Return how much of the other line `log` our own entries say to have seen, where that was lost too."""
    found = db.execute("SELECT size FROM seen_before WHERE log = ?", (log,)).fetchone()
    return 0 if found is None else int(found[0])


def write_seen_before(db: sqlite3.Connection, log: int, size: int) -> int:
    """Write down how much that is, and return it."""
    db.execute("INSERT OR REPLACE INTO seen_before VALUES (?, ?)", (log, size))
    return size


def write_regained(db: sqlite3.Connection, log: int, size: int) -> None:
    """Write down up to which size of our line entries came back."""
    db.execute(
        "INSERT INTO regained VALUES (?1, ?2) ON CONFLICT (log) DO UPDATE SET size = MAX(size, ?2)",
        (log, size),
    )


def is_regained(db: sqlite3.Connection, log: int, size: int) -> bool:
    """Return whether the text of a head of ours of this size may have been lost."""
    found = db.execute("SELECT 1 FROM regained WHERE log = ? AND size >= ?", (log, size)).fetchone()
    return found is not None


def begun_alone(db: sqlite3.Connection, line: Line) -> Epoch | None:
    """Return the first log of our line that nobody accepted yet, None if there is none."""
    alone = {origin for (origin,) in db.execute("SELECT origin FROM epoch WHERE acceptance IS NULL")}
    return next((epoch for epoch in line.epochs[1:] if epoch.origin in alone), None)


def newest_head(db: sqlite3.Connection, log: int) -> tuple[int, int, bytes | None]:
    """Return size, time and note of the newest head note that is kept of a line, (0, 0, None) without one."""
    found = db.execute(
        "SELECT size, signed_at, note FROM head_note WHERE log = ? ORDER BY size DESC LIMIT 1", (log,)
    ).fetchone()
    return (0, 0, None) if found is None else (int(found[0]), int(found[1]), bytes(found[2]))


def newest_receipt(db: sqlite3.Connection, log: int) -> tuple[int, int | None]:
    """Return size and time of the other side's largest receipt for our line, (0, None) without one."""
    found = db.execute(
        "SELECT size, received_at FROM receipt WHERE log = ? ORDER BY size DESC LIMIT 1", (log,)
    ).fetchone()
    return (0, None) if found is None else (int(found[0]), int(found[1]))


def count_orphans(db: sqlite3.Connection, log: int) -> int:
    """Return how many entries are no part of a line any more; what came back since is part of it again."""
    (count,) = db.execute(
        "SELECT COUNT(*) FROM orphan WHERE log = ?"
        " AND NOT EXISTS (SELECT 1 FROM row WHERE row.leaf_tag = orphan.tag AND row.leaf = orphan.leaf"
        " AND row.log = orphan.log)",
        (log,),
    ).fetchone()
    return int(count)


def orphan_from(db: sqlite3.Connection, log: int, size: int, *, line: Line, now: int) -> int:
    """Take out of a line all entries from `size` on and keep them as orphans; return how many they are.

    What is derived from them goes; the caller folds anew.
    """
    rows = db.execute(
        "SELECT idx, leaf, raw FROM entry WHERE log = ? AND idx >= ? ORDER BY idx", (log, size)
    ).fetchall()
    db.executemany(
        "INSERT OR IGNORE INTO orphan (log, origin, idx, tag, leaf, raw, kept_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(log, line.at(index).origin, index, *tagged(leaf), raw, now) for index, leaf, raw in rows],
    )
    for table in ("entry", "row", "drafted"):
        db.execute(f"DELETE FROM {table} WHERE log = ? AND idx >= ?", (log, size))  # noqa: S608 - the three above
    # What the other side once signed for them is evidence, and of no entry of the line any more.
    db.execute(
        "INSERT OR IGNORE INTO orphan_receipt SELECT log, size, received_at, note FROM receipt"
        " WHERE log = ? AND size > ?",
        (log, size),
    )
    db.execute("DELETE FROM receipt WHERE log = ? AND size > ?", (log, size))
    for table in ("head", "head_note"):
        db.execute(f"DELETE FROM {table} WHERE log = ? AND size > ?", (log, size))  # noqa: S608 - the two above
    return len(rows)
