"""Emptying what is derived in record.db and folding it anew, or only comparing the two.

The evidence is what it is; rows, verdicts and tips must be the same function of it,
today and after any upgrade. `compare` changes nothing and tells every row that differs.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from parley.ledger.acts import read_acts
from parley.ledger.database import open_for_writing
from parley.ledger.home import read_config
from parley.ledger.keys import read_keys
from parley.ledger.links import read_facts
from parley.ledger.refold import refold
from parley.protocol.suite import Standard, Suite
from parley.work.home import Home

_TABLES: Final = {"row": "log, idx", "tip": "log", "going_call": "log, thread"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row that is not what the fold says. `kept` or `folded` is None where one side has no such row."""

    table: str
    key: tuple[Any, ...]
    kept: tuple[Any, ...] | None
    folded: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How many rows were looked at, and those that differ."""

    rows: int
    differences: tuple[Difference, ...]


def rebuild(home: Home, *, compare: bool, suite: Suite | None = None) -> Comparison:
    """Fold the whole record anew and return what differed; with `compare`, put everything back.

    The caller holds the home's lock.
    """
    node = read_config(home).node
    keys, suite = read_keys(home.keys, node), suite or Standard()
    db = open_for_writing(home.record)
    try:
        db.execute("BEGIN IMMEDIATE")
        before = _dump(db)
        for facts in read_facts(db, node):
            found = read_acts(db, facts, keys=keys, suite=suite)
            refold(db, facts.logs, found=found, sides=facts.sides, suite=suite)
        after = _dump(db)
        db.execute("ROLLBACK" if compare else "COMMIT")
    finally:
        db.close()
    return Comparison(rows=len(before), differences=tuple(_differences(before, after)))


def _dump(db: sqlite3.Connection) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    return {
        (table, *row[: key.count(",") + 1]): row
        for table, key in _TABLES.items()
        for row in db.execute(f"SELECT {key}, * FROM {table} ORDER BY {key}")  # noqa: S608 - the names above
    }


def _differences(
    before: Mapping[tuple[Any, ...], tuple[Any, ...]], after: Mapping[tuple[Any, ...], tuple[Any, ...]]
) -> Iterator[Difference]:
    for key in sorted(before.keys() | after.keys(), key=repr):
        if before.get(key) != after.get(key):
            yield Difference(table=key[0], key=key[1:], kept=before.get(key), folded=after.get(key))
