"""Rows of the open transaction that wait to be written, so that each table is written in one go.

A group of statements adds a few rows to each of several tables. Written table by table they cost
half of what they cost one statement after the other. Whoever reads such a table inside the
transaction calls `write` first; before a commit or a savepoint it is called in any case, so that what
waits here always belongs to the job that runs, and goes with it when that is undone.
"""

import sqlite3
from collections.abc import Sequence
from typing import TypeAlias

Row: TypeAlias = Sequence[bytes | int | str | None]


class Unwritten:
    """The rows that wait, by the statement that writes them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._rows: dict[str, list[Row]] = {}

    def add(self, sql: str, row: Row) -> None:
        """Let `row` wait, to be written by `sql`."""
        rows = self._rows.get(sql)
        if rows is None:
            rows = self._rows[sql] = []
        rows.append(row)

    def write(self) -> None:
        """Write all that waits."""
        waiting, self._rows = self._rows, {}
        for sql, rows in waiting.items():
            self._db.executemany(sql, rows)

    def drop(self) -> None:
        """Forget all that waits."""
        self._rows = {}
