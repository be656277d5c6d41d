"""What a record holds, table by table, so that a test can say that nothing changed."""

import sqlite3
from collections.abc import Collection, Mapping
from typing import Any, Final

from parley.work.home import Home

# What proves something, and what follows from it. The rest is hints, counters and pruned notes.
EVIDENCE: Final = frozenset({"entry", "part", "head", "receipt", "fork", "card", "link", "log", "row", "tip"})


def tables(home: Home, *, only: Collection[str] | None = None) -> Mapping[str, list[tuple[Any, ...]]]:
    """Return the rows of every table, or of those in `only`."""
    db = sqlite3.connect(home.record)
    try:
        names = [
            name
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if only is None or name in only
        ]
        return {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in names}  # noqa: S608 - ours
    finally:
        db.close()


def evidence(home: Home) -> Mapping[str, list[tuple[Any, ...]]]:
    """Return what the record proves."""
    return tables(home, only=EVIDENCE)
