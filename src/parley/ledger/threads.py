"""Threads of a lane: which there are, and the statements of one, of the void ones the newest alone.

Of what a side says without any effect there is no end: whoever looks at a thread, or searches it, must not
pay for all of that. How many there are in all is counted along an index.
"""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parley.ledger.shelf import IN_LIVE_THREAD, IN_THREAD, ROW_COLUMNS, SPENT_IN_THREAD
from parley.ledger.tags import tag_of, tagged
from parley.protocol.hotline.eye import Fact

_CALLS: Final = "'call.opened', 'call.principal_opened'"
_AT_ONCE: Final = 500
_OUTCOME: Final = ROW_COLUMNS.split(", ").index("outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingCalls:
    """The openings of calls that are not over; `last_end` is when the last of those did that time ended."""

    openings: tuple[bytes, ...]
    last_end: int


def opened_by(db: sqlite3.Connection, logs: Mapping[str, int], kinds: Collection[str]) -> tuple[bytes, ...]:
    """Return every thread that one of `kinds` opened, in the order of its writer's log."""
    marks = ", ".join("?" * len(kinds))
    found = db.execute(
        f"SELECT leaf FROM row WHERE kind IN ({marks}) AND thread = leaf AND log IN (?, ?)"  # noqa: S608 - question marks
        " ORDER BY log, idx",
        (*kinds, *logs.values()),
    )
    return tuple(bytes(leaf) for (leaf,) in found)


def going_calls(db: sqlite3.Connection, logs: Mapping[str, int], *, now: int) -> GoingCalls:
    """Return the calls that are not over at `now`: neither closed by both, nor long ago by one alone."""
    openings, ends = [], [0]
    for log in logs.values():
        for thread, over_at in db.execute("SELECT thread, over_at FROM going_call WHERE log = ?", (log,)):
            if over_at is not None and over_at <= now:
                ends.append(over_at)
            else:
                openings.append(bytes(thread))
    return GoingCalls(openings=tuple(openings), last_end=max(ends))


def calls_among(db: sqlite3.Connection, statements: Collection[bytes]) -> set[bytes]:
    """Return those of the statements that open a call, on whatever link, with effect or without."""
    wanted, found = list(statements), set()
    for at in range(0, len(wanted), _AT_ONCE):
        some = wanted[at : at + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        sql = f"SELECT leaf FROM row WHERE leaf_tag IN ({marks}) AND kind IN ({_CALLS})"  # noqa: S608 - our own words
        found |= {bytes(leaf) for (leaf,) in db.execute(sql, [tag_of(each) for each in some])}
    # Another statement may have the tag of one that was asked for.
    return found & set(wanted)


def has_called_since(db: sqlite3.Connection, logs: Sequence[int], opened: Fact) -> bool:
    """Return whether a later opening of a call, with effect, stands in one of these lines of the caller."""
    return any(
        db.execute(
            f"SELECT 1 FROM row WHERE log = ? AND kind IN ({_CALLS})"  # noqa: S608 - our own words
            " AND outcome = 'valid' AND leaf <> ? AND (effective > ? OR effective = ? AND idx > ?) LIMIT 1",
            (log, opened.id, opened.effective, opened.effective, opened.index),
        ).fetchone()
        for log in logs
    )


def rows_of(
    db: sqlite3.Connection, logs: Mapping[str, int], thread: bytes, *, void: int | None
) -> list[tuple[Any, ...]]:
    """Return the `ROW_COLUMNS` of the statements in a thread, in no order.

    Of the void ones of each side only the newest `void`, with None all.
    """
    of = IN_THREAD if void is None else IN_LIVE_THREAD
    sql = f"SELECT {ROW_COLUMNS} FROM row WHERE {of}"  # noqa: S608 - our own words
    rows = db.execute(sql, (*tagged(thread), *logs.values())).fetchall()
    if void is None:
        return rows
    found = [row for row in rows if row[_OUTCOME] != "void"]
    for log in logs.values():
        spent = f"SELECT {ROW_COLUMNS} FROM row WHERE {SPENT_IN_THREAD} ORDER BY idx DESC LIMIT ?"  # noqa: S608 - ours
        newest = db.execute(spent, (thread, log, void)).fetchall()
        newest += [row for row in rows if row[0] == log and row[_OUTCOME] == "void"]
        found += sorted(newest, key=lambda row: row[1], reverse=True)[:void]
    return found


def count_of(db: sqlite3.Connection, logs: Mapping[str, int], thread: bytes) -> int:
    """Return how many statements stand in a thread."""
    sql = f"SELECT COUNT(*) FROM row WHERE {IN_THREAD}"  # noqa: S608 - our own words
    (count,) = db.execute(sql, (*tagged(thread), *logs.values())).fetchone()
    return int(count)
