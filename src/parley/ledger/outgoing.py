"""What the partner lacks of a line, put together from what is committed.

A piece ends at a head whose note is kept: the newest, if all that lies between fits, or else
the largest kept one that does, never beyond the log in which it begins; the next parcel goes
on from there. So our line is sent, and so theirs is returned to a partner who lost it.
Source: Spec §5.4, §5.7.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from parley.ledger.keys import Keys
from parley.ledger.standing import Standing
from parley.ledger.tags import kept_part
from parley.protocol.content import further_parts, inline_parts
from parley.protocol.line import Line
from parley.protocol.parcel import MAX_ENTRIES, Piece

# Below the 16 MiB of a parcel by its padding (an eighth at most) and its frames.
BUDGET: Final = 13 * 1024 * 1024
# On lane bulk: while one parcel is taken in, everything else waits, so many are better than few large ones.
BULK_BUDGET: Final = 128 * 1024
# 256 entries a note, 64 haves: what else lies in a parcel is small.
ROOM: Final = MAX_ENTRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest head of a line that is kept: sizes along the line, `total` its bytes in parcels."""

    size: int
    total: int
    note: bytes


class Outgoing:
    """Reads one line."""

    def __init__(
        self, db: sqlite3.Connection, log: int, *, line: Line, keys: Keys, budget: int = BUDGET
    ) -> None:
        """Read the line with this number through `db`; a piece takes `budget` bytes if it can end there."""
        self._db = db
        self._log = log
        self._line = line
        self._keys = keys
        self._budget = budget

    def piece(self, at: Standing) -> Piece | None:
        """Return the piece that goes on from what the partner has; None before our first head."""
        if at.head_note is None:
            return None
        return self.since(at.have, Newest(size=at.head_size, total=at.head_total, note=at.head_note))

    def since(self, have: int, newest: Newest) -> Piece:
        """Return the piece that begins at the size `have` of the line, or only shows the head."""
        end, note = self._end(have, newest)
        if end <= have:
            return Piece(note=newest.note, start=self._line.in_log(newest.size)[1])
        rows = self._db.execute(
            "SELECT raw FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx",
            (self._log, have, end),
        )
        entries = tuple(bytes(raw) for (raw,) in rows)
        hashes = dict.fromkeys(part.hash for raw in entries for part in inline_parts(raw))
        parts = [(digest, *self._part(digest)) for digest in hashes]
        return Piece(
            note=note,
            start=have - self._line.at(have).base,
            entries=entries,
            keys=(*((digest, key) for digest, key, _ in parts), *self._files(entries)),
            blobs=tuple(blob for _, _, blob in parts if blob is not None),
        )

    def _end(self, have: int, newest: Newest) -> tuple[int, bytes]:
        begun = self._total(have)
        seal = min((epoch.base for epoch in self._line.epochs if epoch.base > have), default=newest.size)
        if newest.total - begun <= self._budget and newest.size <= min(seal, have + ROOM):
            return newest.size, newest.note
        among = range(have, min(seal, have + ROOM))
        found = self._kept(among, begun + self._budget, order="DESC")
        if found is None:
            # Nothing smaller ends at a head: the next one, then, if that fits a parcel.
            found = self._kept(among, begun + BUDGET, order="ASC")
        # Notes are kept so closely that there always is one (Spec §4.5); were there none, the
        # newest head alone would still be shown, and nothing would be lost but speed.
        return (have, b"") if found is None else (int(found[0]), bytes(found[1]))

    def _kept(self, among: range, total: int, *, order: str) -> tuple[int, bytes] | None:
        found: tuple[int, bytes] | None = self._db.execute(
            "SELECT size, note FROM head_note WHERE log = ? AND size > ? AND size <= ?"  # noqa: S608 - ASC or DESC
            " AND (SELECT total FROM entry WHERE log = ? AND idx = head_note.size - 1) <= ?"
            f" ORDER BY size {order} LIMIT 1",
            (self._log, among.start, among.stop, self._log, total),
        ).fetchone()
        return found

    def _total(self, size: int) -> int:
        found = self._db.execute(
            "SELECT total FROM entry WHERE log = ? AND idx = ?", (self._log, size - 1)
        ).fetchone()
        return 0 if found is None else int(found[0])

    def _files(self, entries: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        for digest in dict.fromkeys(part.hash for raw in entries for part in further_parts(raw)):
            found = self._db.execute(
                "SELECT wrapped FROM file WHERE log = ? AND hash = ?", (self._log, digest)
            ).fetchone()
            yield digest, self._keys.unwrap(None if found is None else found[0])

    def _part(self, digest: bytes) -> tuple[bytes, bytes | None]:
        found = kept_part(self._db, digest)
        if found is None:
            return self._keys.unwrap(None), None
        wrapped, ciphertext = found
        return self._keys.unwrap(wrapped), ciphertext
