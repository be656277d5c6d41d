"""Every signature that is kept, verified anew: heads of both sides, their receipts, proofs of a fork."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from parley.ledger.fsck.finding import Damage, Finding
from parley.ledger.fsck.lines import Log
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, receipt_keys, write_keys
from parley.protocol.head import Head, Receipt, SignedHead, read_head, read_receipt
from parley.protocol.suite import Suite
from parley.protocol.tree import root_of

T = TypeVar("T")

_BARE: Final = (
    "SELECT DISTINCT origin FROM orphan WHERE log = ?"
    " AND NOT EXISTS (SELECT 1 FROM orphan_head WHERE log = orphan.log AND origin = orphan.origin)"
)
_LEAVES: Final = (
    "SELECT leaf FROM (SELECT idx, leaf FROM orphan WHERE log = ?1 AND origin = ?2 UNION ALL"
    " SELECT idx, leaf FROM entry WHERE log = ?1 AND idx >= ?3"
    " AND idx < (SELECT MIN(idx) FROM orphan WHERE log = ?1 AND origin = ?2)) ORDER BY idx LIMIT ?4"
)


class Notes:
    """Verifies what is kept of one log."""

    def __init__(self, db: sqlite3.Connection, log: Log, suite: Suite) -> None:
        self._db = db
        self._log = log
        self._suite = suite

    def check(self) -> Iterator[Finding]:
        """Yield every note that does not verify, or is not what its row says."""
        log = self._log.id
        for size, at, keep, note in self._db.execute(
            "SELECT size, signed_at, keep, note FROM head_note WHERE log = ? ORDER BY size", (log,)
        ):
            signed = self._head(bytes(note), size)
            if signed is None or not self._holds(signed.head, size) or signed.signed_at != at:
                yield self._found(Damage.NOTE, size)
            if keep not in {0, 1}:
                yield self._found(Damage.HINT, size)
        for size, at, note in self._db.execute(
            "SELECT size, received_at, note FROM receipt WHERE log = ? ORDER BY size", (log,)
        ):
            receipt = self._receipt(bytes(note))
            if receipt is None or not self._holds(receipt.head, size) or receipt.received_at != at:
                yield self._found(Damage.RECEIPT, size)
        yield from self._late()
        for one, two in self._db.execute("SELECT one, two FROM fork WHERE log = ?", (log,)):
            if not self._convicts(bytes(one), bytes(two)):
                yield self._found(Damage.PROOF, 0)

    def _late(self) -> Iterator[Finding]:
        """Yield every head of orphans that does not verify, or whose entries are not those (Spec §4.8.9)."""
        for origin, size, note in self._db.execute(
            "SELECT origin, size, note FROM orphan_head WHERE log = ? ORDER BY origin, size", (self._log.id,)
        ).fetchall():
            signed = self._signed_in(origin, bytes(note))
            leaves = self._leaves_of(origin, size)
            if signed is None or signed.head != Head(origin=origin, size=size, root=root_of(leaves)):
                yield Finding(damage=Damage.NOTE, link=self._log.link, place=f"{origin} < {size}")

        for (origin,) in self._db.execute(_BARE, (self._log.id,)) if not self._log.is_mine else ():
            yield Finding(
                damage=Damage.NOTE, link=self._log.link, place=origin, said="orphans without a head"
            )

    def _leaves_of(self, origin: str, size: int) -> Iterator[bytes]:
        """Yield the first leaves of a log that ended: those before its end, and then the orphans."""
        # A log that gave way has none before its end.
        base = next((begin for each, begin in self._log.epochs if each == origin), 2**53)
        kept = self._db.execute(_LEAVES, (self._log.id, origin, base, size))
        return (bytes(leaf) for (leaf,) in kept)

    def has_signed(self, size: int, root: bytes) -> bool:
        """Return whether a note is kept by which the writer signed `root` for `size` entries of the line."""
        origin, base = self._log.origin_at(size)
        found = self._db.execute(
            "SELECT note FROM head_note WHERE log = ? AND size = ?", (self._log.id, size)
        ).fetchone()
        signed = None if found is None else self._head(bytes(found[0]), size)
        return signed is not None and signed.head == Head(origin=origin, size=size - base, root=root)

    def _head(self, note: bytes, size: int) -> SignedHead | None:
        origin, _ = self._log.origin_at(size)
        return self._signed_in(origin, note)

    def _signed_in(self, origin: str, note: bytes) -> SignedHead | None:
        def read(card: Card) -> SignedHead:
            ed25519, ml_dsa = write_keys(card, origin)
            return read_head(note, ed25519=ed25519, ml_dsa=ml_dsa, suite=self._suite)

        return _first(self._log.cards, read)

    def _receipt(self, note: bytes) -> Receipt | None:
        def read(card: Card) -> Receipt:
            ed25519, ml_dsa = receipt_keys(card)
            return read_receipt(note, ed25519=ed25519, ml_dsa=ml_dsa, suite=self._suite)

        return _first(self._log.receipting, read)

    def _holds(self, head: Head, size: int) -> bool:
        """Return whether `head` is the one that is kept under `size`, counted along the line."""
        origin, base = self._log.origin_at(size)
        found = self._db.execute(
            "SELECT root FROM head WHERE log = ? AND size = ?", (self._log.id, size)
        ).fetchone()
        return found is not None and (head.origin, base + head.size, head.root) == (origin, size, found[0])

    def _convicts(self, one: bytes, two: bytes) -> bool:
        for origin, _ in self._log.epochs:
            found = [self._signed_in(origin, note) for note in (one, two)]
            heads = [each.head for each in found if each is not None]
            if len(heads) == 2:
                return heads[0].size == heads[1].size and heads[0].root != heads[1].root
        return False

    def _found(self, damage: Damage, size: int) -> Finding:
        return Finding(damage=damage, link=self._log.link, place=f"{self._log.letter} < {size}")


def _first(cards: Iterable[Card], read: Callable[[Card], T]) -> T | None:
    """Return what `read` makes of the first of `cards` whose keys fit: a node may have had several."""
    for card in cards:
        try:
            return read(card)
        except BreachError:
            continue
    return None
