"""Writing entries, their content and their head notes into the tables, whosever they are.

Content keys rest wrapped (`keys.py`); of notes so many stay that a catch-up can always end at
one. All of it inside the transaction of the writer thread. Source: Spec §4.3, §5.4.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from parley.ledger.keys import KEK_NAME, Keys
from parley.ledger.tags import tag_of, tagged
from parley.ledger.unwritten import ROWS, Unwritten
from parley.protocol.channel import Taken
from parley.protocol.form import Statement
from parley.protocol.line import Line
from parley.protocol.part import SealedPart

# A note is kept for ever once in so many entries or bytes, so that a catch-up can end at it (Spec §4.5).
KEEP_ENTRIES: Final = 1_024
KEEP_BYTES: Final = 4 * 1024 * 1024
KEYS_AT_ONCE: Final = 500
_ENTRY: Final = f"INSERT OR FAIL INTO entry (log, idx, leaf, raw, total) VALUES {ROWS}"  # noqa: S608 - ours
_PART: Final = (
    "INSERT OR FAIL INTO part (tag, hash, kek, wrapped, ciphertext)"  # noqa: S608 - our own words
    f" SELECT column1, column2, '{KEK_NAME}', column3, column4 FROM (VALUES {ROWS})"
)


class Keeping:
    """Writes for one link. Rows wait in `unwritten` where they can."""

    def __init__(self, connection: sqlite3.Connection, *, keys: Keys, unwritten: Unwritten) -> None:
        self._db = connection
        self._keys = keys
        self._unwritten = unwritten

    def entry(self, log: int, index: int, *, said: Statement, total: int) -> None:
        """Keep the entry `index` of a line; `total` is what all up to it take in parcels."""
        self._unwritten.add(_ENTRY, (log, index, said.leaf, said.raw, total))

    def sealed(self, parts: Iterable[SealedPart]) -> None:
        """Keep the parts of a new statement of ours."""
        # Each under a key of its own, thrown a moment ago, or asked for before: none of them is here already.
        wrap = self._keys.wrap
        rows = [(tag_of(part.hash), part.hash, wrap(part.key), part.ciphertext) for part in parts]
        self._unwritten.add_all(_PART, rows)

    def kept_keys(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the wrapped keys of those of the parts that are here already, from whatever link or lane."""
        self._unwritten.write_all()
        kept: dict[bytes, bytes] = {}
        for at in range(0, len(digests), KEYS_AT_ONCE):
            some = digests[at : at + KEYS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            sql = f"SELECT hash, wrapped FROM part WHERE tag IN ({marks})"  # noqa: S608 - question marks
            kept |= dict(self._db.execute(sql, [tag_of(digest) for digest in some]))
        return kept

    def has_any(self, digests: Sequence[bytes]) -> bool:
        """Return whether one of these parts is here already, or stands twice among them."""
        return len(set(digests)) < len(digests) or not self.kept_keys(digests).keys().isdisjoint(digests)

    def parts(
        self, parts: Iterable[tuple[bytes, bytes, bytes]], kept: dict[bytes, bytes], *, opened: bool
    ) -> None:
        """Keep what came of content and is not in `kept`, and add it there; `opened` if it did open."""
        for digest, ciphertext, key in parts:
            # Written once: one large part may be named by thousands of entries.
            if digest not in kept:
                kept[digest] = self._keys.wrap(key)
                self._unwritten.add(_PART, (*tagged(digest), kept[digest], ciphertext))
            # A key that opens it takes the place of one that does not, whoever brought that before.
            elif opened and self._keys.unwrap(kept[digest]) != key:
                self._unwritten.write()
                kept[digest] = self._keys.wrap(key)
                renewed = (KEK_NAME, kept[digest], *tagged(digest))
                self._db.execute("UPDATE part SET kek = ?, wrapped = ? WHERE tag = ? AND hash = ?", renewed)

    def note(
        self, log: int, size: int, note: bytes, *, signed_at: int, total: int, stays: bool = False
    ) -> None:
        """Keep the note of a head; with `stays`, or where it is long since the last that does, for ever."""
        last = self._db.execute(
            "SELECT size, (SELECT total FROM entry WHERE log = ? AND idx = head_note.size - 1) FROM head_note"
            " WHERE log = ? AND keep ORDER BY size DESC LIMIT 1",
            (log, log),
        ).fetchone() or (0, 0)
        keep = stays or size // KEEP_ENTRIES > last[0] // KEEP_ENTRIES or total - (last[1] or 0) >= KEEP_BYTES
        self._db.execute(
            "INSERT OR REPLACE INTO head_note VALUES (?, ?, ?, ?, ?)", (log, size, signed_at, int(keep), note)
        )

    def head(self, log: int, taken: Taken, *, line: Line, total: int) -> None:
        """Keep text and note of the head under which entries of the other `line` came.

        That of the end of a log stays: who lost the log is given it up to there.
        """
        size, signed = taken.reach.size, taken.signed
        self._db.execute("INSERT OR IGNORE INTO head VALUES (?, ?, ?)", (log, size, signed.head.root))
        is_end = any(epoch.base == size for epoch in line.epochs)
        self.note(log, size, taken.note, signed_at=signed.signed_at, total=total, stays=is_end)
        self.drop_notes(log, size)

    def drop_notes(self, log: int, below: int) -> None:
        """Drop the notes of heads smaller than `below` that nobody needs any more; the newest stays."""
        self._db.execute(
            "DELETE FROM head_note WHERE log = ?1 AND size < ?2 AND NOT keep"
            " AND size < (SELECT MAX(size) FROM head_note WHERE log = ?1)",
            (log, below),
        )

    def receipt(self, log: int, size: int, note: bytes, *, received_at: int) -> None:
        """Keep the other side's receipt for a head of ours, unless a newer one of the same head is here."""
        self._db.execute(
            "INSERT INTO receipt VALUES (?, ?, ?, ?) ON CONFLICT (log, size) DO UPDATE"
            " SET received_at = excluded.received_at, note = excluded.note"
            " WHERE excluded.received_at > received_at",
            (log, size, received_at, note),
        )

    def fork(self, log: int, one: bytes, two: bytes, *, now: int) -> None:
        """Keep the proof of two histories of a log; the first is enough."""
        self._db.execute("INSERT OR IGNORE INTO fork VALUES (?, ?, ?, ?)", (log, now, one, two))

    def alarm(self, link: int, code: str, remark: str, *, now: int) -> None:
        """Count an oddity. One row for each kind, so that a flood of them costs no space."""
        self._db.execute(
            "INSERT INTO alarm VALUES (?, ?, 1, ?, ?, ?) ON CONFLICT (link, code) DO UPDATE"
            " SET times = times + 1, last_at = excluded.last_at, remark = excluded.remark",
            (link, code, now, now, remark[:200]),
        )
