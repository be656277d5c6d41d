"""The content that entries name: hashed, unwrapped and opened, and nothing there that nobody names."""

import hashlib
import sqlite3
from collections.abc import Iterator

from parley.ledger.fsck.finding import Damage, Finding
from parley.ledger.fsck.lines import Log
from parley.ledger.keys import KEK_NAME, Keys
from parley.ledger.tags import tagged
from parley.protocol import entry as entries
from parley.protocol.content import inline_parts
from parley.protocol.part import LOST_KEY, PartError, open_part
from parley.protocol.suite import Suite


class Parts:
    """Checks the parts of one record. What was looked at is kept in a file of its own, not in memory."""

    def __init__(
        self, db: sqlite3.Connection, keys: Keys, suite: Suite, *, erased: frozenset[bytes] = frozenset()
    ) -> None:
        self._db = db
        self._keys = keys
        self._suite = suite
        self.erased = erased
        # SQLite keeps a database without a name in a file that nobody else sees.
        self._seen = sqlite3.connect("")
        self._seen.execute("CREATE TABLE seen (hash BLOB PRIMARY KEY) WITHOUT ROWID")
        self._seen.execute(
            "CREATE TABLE filed (log INTEGER, hash BLOB, PRIMARY KEY (log, hash)) WITHOUT ROWID"
        )
        (self._newest,) = db.execute("SELECT COALESCE(MAX(rowid), 0) FROM part").fetchone()

    def close(self) -> None:
        self._seen.close()

    def named_by(self, log: Log, index: int, raw: bytes) -> Iterator[Finding]:
        """Yield what is wrong with act and body of the entry `index`."""
        wanted = inline_parts(raw)
        if not wanted:
            return
        files = [(log.id, part.hash) for part in entries.parse(raw).entry.parts[1:]]
        self._seen.executemany("INSERT OR IGNORE INTO filed VALUES (?, ?)", files)
        # A copy brings nothing along, and what could not be opened when it came need not open now.
        opens = self._is_read(log, index)
        for part in wanted:
            found = self._db.execute(
                "SELECT kek, wrapped, ciphertext FROM part WHERE tag = ? AND hash = ?", tagged(part.hash)
            ).fetchone()
            place = log.place(index)
            if part.hash in self.erased:
                if found is not None and self._is_new(part.hash):
                    yield _found(Damage.STRAY, log, place, said="it was erased, and is here")
                continue
            if found is None:
                if opens:
                    yield _found(Damage.PART, log, place, said="it is not here")
                continue
            if self._is_new(part.hash):
                yield from self._one(part.hash, found, log, place=place)
            if opens and not self._opens(found, scope=log.origin_at(index + 1)[0]):
                yield _found(Damage.KEY, log, place, said="it does not open")

    def _is_read(self, log: Log, index: int) -> bool:
        found = self._db.execute(
            "SELECT 1 FROM row WHERE log = ? AND idx = ? AND act IS NOT NULL", (log.id, index)
        ).fetchone()
        return found is not None

    def _is_new(self, digest: bytes) -> bool:
        return self._seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", (digest,)).rowcount == 1

    def _one(
        self, digest: bytes, found: tuple[str, bytes, bytes], log: Log, *, place: str
    ) -> Iterator[Finding]:
        kek, wrapped, ciphertext = found
        if hashlib.sha256(ciphertext).digest() != digest:
            yield _found(Damage.PART, log, place, said="its bytes are not those of its hash")
        if kek != KEK_NAME or not self._unwraps(wrapped):
            yield _found(Damage.KEY, log, place, said="its key does not unwrap")

    def _unwraps(self, wrapped: bytes) -> bool:
        # The key of zeros says "lost", of a key that came so, or of one that does not unwrap.
        return self._keys.unwrap(wrapped) != LOST_KEY or self._keys.wrap(LOST_KEY) == wrapped

    def _opens(self, found: tuple[str, bytes, bytes], *, scope: str) -> bool:
        _, wrapped, ciphertext = found
        try:
            open_part(ciphertext, key=self._keys.unwrap(wrapped), scope=scope, suite=self._suite)
        except PartError:
            return False
        return True

    def stray_files(self, log: Log) -> Iterator[Finding]:
        """Yield every row of a file that no entry of this log names, once all of them were looked at."""
        for (digest,) in self._db.execute("SELECT hash FROM file WHERE log = ?", (log.id,)):
            named = self._seen.execute("SELECT 1 FROM filed WHERE log = ? AND hash = ?", (log.id, digest))
            if named.fetchone() is None:
                yield _found(Damage.STRAY, log, bytes(digest).hex()[:16], said="no entry names this file")

    def strays(self) -> Iterator[Finding]:
        """Yield every part that no entry and no orphan names, once all entries were looked at."""
        for (raw,) in self._db.execute("SELECT raw FROM orphan"):
            for part in inline_parts(bytes(raw)):
                self._is_new(part.hash)
        for (digest,) in self._db.execute("SELECT hash FROM part WHERE rowid <= ?", (self._newest,)):
            if self._seen.execute("SELECT 1 FROM seen WHERE hash = ?", (digest,)).fetchone() is None:
                yield Finding(damage=Damage.STRAY, link="", place=bytes(digest).hex()[:16])


def _found(damage: Damage, log: Log, place: str, *, said: str) -> Finding:
    return Finding(damage=damage, link=log.link, place=place, said=said)
