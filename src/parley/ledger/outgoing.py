"""What the partner lacks of our log, put together from what is committed.

A parcel ends at a head whose note is kept: the newest, if all that lies between fits, or
else the largest kept one that does; the next parcel goes on from there. Source: Spec §5.4.
"""

import sqlite3
from typing import Final

from parley.ledger.keys import Keys
from parley.ledger.standing import Standing
from parley.protocol.channel import inline_parts
from parley.protocol.parcel import MAX_ENTRIES, Piece

# Below the 16 MiB of a parcel by its padding (an eighth at most) and its frames.
BUDGET: Final = 13 * 1024 * 1024
# 256 entries a note, 64 haves: what else lies in a parcel is small.
ROOM: Final = MAX_ENTRIES


class Outgoing:
    """Reads one log of ours."""

    def __init__(self, db: sqlite3.Connection, log: int, keys: Keys) -> None:
        """Read the log with this number through `db`."""
        self._db = db
        self._log = log
        self._keys = keys

    def piece(self, at: Standing) -> Piece | None:
        """Return the piece that goes on from what the partner has; None before our first head."""
        if at.head_note is None:
            return None
        end, note = self._end(at)
        if end <= at.have:
            return Piece(note=at.head_note, start=at.head_size)
        rows = self._db.execute(
            "SELECT raw FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx",
            (self._log, at.have, end),
        )
        entries = tuple(bytes(raw) for (raw,) in rows)
        hashes = dict.fromkeys(part.hash for raw in entries for part in inline_parts(raw))
        parts = [(digest, *self._part(digest)) for digest in hashes]
        return Piece(
            note=note,
            start=at.have,
            entries=entries,
            keys=tuple((digest, key) for digest, key, _ in parts),
            blobs=tuple(blob for _, _, blob in parts if blob is not None),
        )

    def _end(self, at: Standing) -> tuple[int, bytes]:
        begun = self._total(at.have)
        if at.head_total - begun <= BUDGET and at.head_size - at.have <= ROOM and at.head_note is not None:
            return at.head_size, at.head_note
        found = self._db.execute(
            "SELECT size, note FROM head_note WHERE log = ? AND size > ? AND size <= ?"
            " AND (SELECT total FROM entry WHERE log = ? AND idx = head_note.size - 1) <= ?"
            " ORDER BY size DESC LIMIT 1",
            (self._log, at.have, at.have + ROOM, self._log, begun + BUDGET),
        ).fetchone()
        # Notes are kept so closely that there always is one (Spec §4.5); were there none, the
        # newest head alone would still be shown, and nothing would be lost but speed.
        return (at.have, b"") if found is None else (int(found[0]), bytes(found[1]))

    def _total(self, size: int) -> int:
        found = self._db.execute(
            "SELECT total FROM entry WHERE log = ? AND idx = ?", (self._log, size - 1)
        ).fetchone()
        return 0 if found is None else int(found[0])

    def _part(self, digest: bytes) -> tuple[bytes, bytes | None]:
        found = self._db.execute(
            "SELECT wrapped, ciphertext FROM part WHERE hash = ?",
            (digest,),
        ).fetchone()
        if found is None:
            return self._keys.unwrap(None), None
        wrapped, ciphertext = found
        return self._keys.unwrap(wrapped), bytes(ciphertext)
