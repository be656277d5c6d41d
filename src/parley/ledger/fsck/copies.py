"""Another copy of what is damaged here: parcels that the partner carried here, or the record in a backup.

Neither is believed. What is taken from one must have the hash that is asked for, or give a root
that somebody signed. A copy is read once into a database of its own, so that its size costs no memory.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from parley.ledger.keys import Keys
from parley.protocol.parcel import Parcel
from parley.protocol.tree import leaf_hash

_TABLES = (
    "CREATE TABLE entry (leaf BLOB PRIMARY KEY, raw BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE placed (origin TEXT, idx INTEGER, leaf BLOB, PRIMARY KEY (origin, idx, leaf))",
    "CREATE TABLE part (hash BLOB PRIMARY KEY, key BLOB NOT NULL, ciphertext BLOB NOT NULL)",
)


class Copy:
    """What was found of another copy, to be asked for entries by place or leaf and for parts by hash."""

    def __init__(self) -> None:
        # Without a name: a file that nobody else sees, gone when it is closed.
        self._db = sqlite3.connect("", isolation_level=None)
        for table in _TABLES:
            self._db.execute(table)

    def close(self) -> None:
        self._db.close()

    def add_parcel(self, parcel: Parcel) -> None:
        """Add what a parcel brings; it is known to be genuine, which does not make it right."""
        for piece in parcel.pieces:
            origin = piece.note.split(b"\n", 1)[0].decode("ascii", "replace")
            for index, raw in enumerate(piece.entries, start=piece.start):
                self._entry(origin, index, raw)
            keys = dict(piece.keys)
            for blob in piece.blobs:
                digest = hashlib.sha256(blob).digest()
                if digest in keys:
                    self._db.execute(
                        "INSERT OR IGNORE INTO part VALUES (?, ?, ?)", (digest, keys[digest], blob)
                    )

    def add_record(self, path: Path, keys: Keys) -> None:
        """Add the entries and parts of the record in `path`, whose content keys `keys` unwrap."""
        other = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            for log, first in other.execute("SELECT id, origin FROM log").fetchall():
                self._add_log(other, log, first)
            for digest, wrapped, ciphertext in other.execute("SELECT hash, wrapped, ciphertext FROM part"):
                if hashlib.sha256(ciphertext).digest() == digest:
                    row = (digest, keys.unwrap(wrapped), ciphertext)
                    self._db.execute("INSERT OR IGNORE INTO part VALUES (?, ?, ?)", row)
        finally:
            other.close()

    def _add_log(self, other: sqlite3.Connection, log: int, first: str) -> None:
        epochs = other.execute(
            "SELECT origin, base FROM epoch WHERE log = ? ORDER BY base", (log,)
        ).fetchall()
        for index, raw in other.execute("SELECT idx, raw FROM entry WHERE log = ?", (log,)):
            origin, base = next((each for each in reversed(epochs) if each[1] <= index), (first, 0))
            self._entry(origin, index - base, bytes(raw))

    def _entry(self, origin: str, index: int, raw: bytes) -> None:
        leaf = leaf_hash(raw)
        self._db.execute("INSERT OR IGNORE INTO entry VALUES (?, ?)", (leaf, raw))
        self._db.execute("INSERT OR IGNORE INTO placed VALUES (?, ?, ?)", (origin, index, leaf))

    def entries(self, origin: str, index: int) -> Iterable[bytes]:
        """Return what stands at this place of this log in the copies."""
        found = self._db.execute(
            "SELECT raw FROM placed JOIN entry USING (leaf) WHERE origin = ? AND idx = ?", (origin, index)
        )
        return [bytes(raw) for (raw,) in found.fetchall()]

    def part(self, digest: bytes) -> tuple[bytes, bytes] | None:
        """Return key and ciphertext of a part."""
        found = self._db.execute("SELECT key, ciphertext FROM part WHERE hash = ?", (digest,)).fetchone()
        return None if found is None else (bytes(found[0]), bytes(found[1]))
