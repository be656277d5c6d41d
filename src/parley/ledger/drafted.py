"""Which drafts have become entries, so that one that is brought again becomes no second one.

Asked for many names at once, and written with all that a group writes. What is known belongs to one
transaction: whoever ends or undoes it calls `forget`.
"""

import sqlite3
from collections.abc import Sequence
from typing import Final

from parley.ledger.unwritten import Unwritten

NAMES_AT_ONCE: Final = 256
_DRAFTED: Final = "INSERT OR FAIL INTO drafted (draft, log, idx) VALUES {rows}"


class Drafted:
    """The names of the drafts of one log."""

    def __init__(self, connection: sqlite3.Connection, log: int, unwritten: Unwritten) -> None:
        """Look up through `connection`, and let what is new wait in `unwritten`."""
        self._db = connection
        self._log = log
        self._unwritten = unwritten
        self._known: dict[str, bool] = {}

    def is_taken(self, name: str, *, among: Sequence[str]) -> bool:
        """Return whether there is an entry of the draft `name`.

        It is one of those that somebody brought together; those after it `among` them are looked up with it.
        """
        if name not in self._known:
            start = among.index(name)
            self._look_up(among[start : start + NAMES_AT_ONCE])
        return self._known[name]

    def _look_up(self, names: Sequence[str]) -> None:
        marks = ", ".join("?" * len(names))
        sql = f"SELECT draft FROM drafted WHERE log = ? AND draft IN ({marks})"  # noqa: S608 - question marks
        found = {name for (name,) in self._db.execute(sql, (self._log, *names))}
        for name in names:
            # What the transaction itself has written is not in the table yet, and is known already.
            self._known.setdefault(name, name in found)

    def take(self, name: str, index: int) -> None:
        """Note that `name` has become the entry `index`."""
        self._known[name] = True
        self._unwritten.add(_DRAFTED, (name, self._log, index))

    def forget(self) -> None:
        """Drop what is known, since the transaction that it belongs to has ended or was undone."""
        self._known = {}
