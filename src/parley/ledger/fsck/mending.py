"""Putting back what is damaged: from the evidence itself where it is derived, else from another copy.

    entry, leaf     bytes of a copy, or the leaf that the bytes give; kept only if the log then
                    gives every root that its writer signed
    head            the root that the entries give, below a head whose signature verifies
    part, key       bytes with that hash, and a key that opens them
    frontier, rows  computed

The tables refuse to change evidence, and that refusal is lifted inside one transaction alone:
either the record is mended and guarded again, or nothing changed. Caller holds the home's lock.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from parley.ledger.database import open_for_writing
from parley.ledger.fsck.copies import Copy
from parley.ledger.fsck.erased import erased_parts
from parley.ledger.fsck.files import fetch_again
from parley.ledger.fsck.finding import Damage
from parley.ledger.fsck.lines import Log, read_lines
from parley.ledger.fsck.notes import Notes
from parley.ledger.fsck.tagged import mend_tags, mend_twice
from parley.ledger.fsck.trees import Position, Tree
from parley.ledger.home import read_config
from parley.ledger.keys import KEK_NAME, Keys, read_keys
from parley.ledger.rebuild import rebuild
from parley.ledger.tags import kept_part, tagged
from parley.protocol.content import inline_parts
from parley.protocol.part import PartError, open_part
from parley.protocol.suite import Standard, Suite
from parley.protocol.tree import EMPTY, Frontier, leaf_hash
from parley.vault.vault import Vault
from parley.work.home import Home

_IN_TREE: Final = frozenset({Damage.ENTRY, Damage.LEAF, Damage.GAP, Damage.HEAD})


def mend(home: Home, copy: Copy, *, suite: Suite | None = None) -> int:
    """Put back what can be put back, fold everything anew, and return how many things were put back."""
    node = read_config(home).node
    keys, suite = read_keys(home.keys, node), suite or Standard()
    db = open_for_writing(home.record)
    try:
        with _unguarded(db):
            # What was erased is found by tags, and what cannot be found is not to be put back beside itself.
            mended = mend_tags(db)
            lines = read_lines(db, node)
            scopes = [origin for log in lines for origin, _ in log.epochs]
            mended += mend_twice(db, keys, suite, scopes=scopes)
            erased = erased_parts(db, lines)
            logs = [_Log(db, log, copy, keys=keys, suite=suite, erased=erased) for log in lines]
            mended += sum(log.mend() for log in logs)
            vault = Vault(home.vault)
            mended += sum(fetch_again(db, log, vault=vault, keys=keys, erased=erased) for log in lines)
            is_sound = not any(log.is_damaged() for log in logs)
    finally:
        db.close()
    if not is_sound:
        # Folding damaged evidence would spoil rows that are right.
        return mended
    return mended + len(rebuild(home, compare=False, suite=suite).differences)


@contextmanager
def _unguarded(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        guards = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            db.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in guards:
            db.execute(sql)
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


class _Log:
    def __init__(
        self,
        db: sqlite3.Connection,
        log: Log,
        copy: Copy,
        *,
        keys: Keys,
        suite: Suite,
        erased: frozenset[bytes],
    ) -> None:
        self._db = db
        self._erased = erased
        self._log = log
        self._copy = copy
        self._keys = keys
        self._suite = suite

    def mend(self) -> int:
        mended = self._entries() + self._parts()
        frontier = self._frontier()
        changed = self._db.execute(
            "UPDATE frontier SET peaks = ? WHERE log = ? AND peaks <> ?",
            (frontier.encode(), self._log.id, frontier.encode()),
        )
        return mended + changed.rowcount

    # ---- Entries and heads

    def _entries(self) -> int:
        if not self.is_damaged():
            return 0
        self._db.execute("SAVEPOINT log")
        mended = sum(self._entry(index) for index in self._suspects()) + self._heads()
        if self.is_damaged():
            # It would not give the roots that were signed: then these bytes are not the ones that were said.
            self._db.execute("ROLLBACK TO log")
            mended = 0
        self._db.execute("RELEASE log")
        return mended

    def is_damaged(self) -> bool:
        """Return whether the entries do not give the roots that are kept."""
        tree = Tree(self._db, self._log, Position())
        return any(finding.damage in _IN_TREE for finding in tree.read(lambda _index, _raw: iter(())))

    def _suspects(self) -> Iterator[int]:
        (covered,) = self._db.execute(
            "SELECT COALESCE(MAX(size), 0) FROM head WHERE log = ?", (self._log.id,)
        ).fetchone()
        sql = "SELECT leaf, raw FROM entry WHERE log = ? AND idx = ?"
        for index in range(covered):
            found = self._db.execute(sql, (self._log.id, index)).fetchone()
            if found is None or leaf_hash(found[1]) != found[0]:
                yield index

    def _entry(self, index: int) -> int:
        origin, base = self._log.origin_at(index + 1)
        kept = self._db.execute(
            "SELECT leaf, raw FROM entry WHERE log = ? AND idx = ?", (self._log.id, index)
        ).fetchone()
        copies = list(self._copy.entries(origin, index - base))
        if kept is not None:
            # The copy whose leaf is the one that is kept, any other, or the bytes that are here.
            copies = sorted(copies, key=lambda raw: leaf_hash(raw) != kept[0]) or [bytes(kept[1])]
        if not copies:
            return 0
        raw = copies[0]
        weight = len(raw) + sum(part.size + 80 for part in inline_parts(raw))
        self._db.execute(
            "INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5 + COALESCE((SELECT total FROM entry"
            " WHERE log = ?1 AND idx = ?2 - 1), 0))"
            " ON CONFLICT (log, idx) DO UPDATE SET leaf = excluded.leaf, raw = excluded.raw",
            (self._log.id, index, leaf_hash(raw), raw, weight),
        )
        return 1

    def _heads(self) -> int:
        """Write the roots that the entries give, up to the largest signed one that they do give."""
        signed = {
            size
            for size, root in self._roots()
            if Notes(self._db, self._log, self._suite).has_signed(size, root)
        }
        mended = 0
        for size, root in self._roots():
            if size <= max(signed, default=0):
                mended += self._db.execute(
                    "UPDATE head SET root = ? WHERE log = ? AND size = ? AND root <> ?",
                    (root, self._log.id, size, root),
                ).rowcount
        return mended

    def _roots(self) -> Iterator[tuple[int, bytes]]:
        sizes = {size for (size,) in self._db.execute("SELECT size FROM head WHERE log = ?", (self._log.id,))}
        for size, frontier in self._frontiers():
            if size in sizes:
                yield size, frontier.root()

    def _frontiers(self) -> Iterator[tuple[int, Frontier]]:
        bases = {base for _, base in self._log.epochs}
        frontier = EMPTY
        for index, leaf in self._db.execute(
            "SELECT idx, leaf FROM entry WHERE log = ? ORDER BY idx", (self._log.id,)
        ):
            frontier = (EMPTY if index in bases else frontier).push(leaf)
            yield index + 1, frontier

    def _frontier(self) -> Frontier:
        last = EMPTY
        for _, frontier in self._frontiers():
            last = frontier
        return last

    # ---- Content

    def _parts(self) -> int:
        mended = 0
        for index, raw in self._db.execute(
            "SELECT idx, raw FROM entry WHERE log = ? ORDER BY idx", (self._log.id,)
        ):
            for part in inline_parts(raw):
                # What was destroyed on both sides' word is never put back, whoever still has it.
                if part.hash in self._erased:
                    continue
                mended += self._part(part.hash, scope=self._log.origin_at(index + 1)[0])
        return mended

    def _part(self, digest: bytes, *, scope: str) -> int:
        kept = kept_part(self._db, digest)
        # What somebody sealed anew with the node's own keys opens too; the hash is what was signed.
        is_it = kept is not None and hashlib.sha256(kept[1]).digest() == digest
        if kept and is_it and self._opens(self._keys.unwrap(kept[0]), kept[1], scope=scope):
            # Under which name the key is wrapped is seen by its opening: there is one.
            named = (KEK_NAME, *tagged(digest), KEK_NAME)
            sql = "UPDATE part SET kek = ? WHERE tag = ? AND hash = ? AND kek <> ?"
            return self._db.execute(sql, named).rowcount
        found = self._copy.part(digest)
        # A copy's bytes have the hash; whether its key opens them is seen here.
        if found is None or not self._opens(*found, scope=scope):
            return 0
        self._db.execute("DELETE FROM part WHERE tag = ? AND hash = ?", tagged(digest))
        self._db.execute(
            "INSERT INTO part (tag, hash, kek, wrapped, ciphertext) VALUES (?, ?, ?, ?, ?)",
            (*tagged(digest), KEK_NAME, self._keys.wrap(found[0]), found[1]),
        )
        return 1

    def _opens(self, key: bytes, ciphertext: bytes, *, scope: str) -> bool:
        try:
            open_part(bytes(ciphertext), key=key, scope=scope, suite=self._suite)
        except PartError:
            return False
        return True
