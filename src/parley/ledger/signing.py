"""Signing what was committed: every head text that has no note yet, and the receipt that is owed.

Roots are read from the table of head texts, whose rows never change; so whatever stands in
memory, no size is ever signed with two roots, nor one that is not durable. Sizes only grow,
and so do the times (Spec §4.5, §4.6).
"""

import sqlite3
from dataclasses import dataclass

from msgspec.structs import replace

from parley.ledger.keys import Keys
from parley.ledger.standing import LinkFacts, SqlHeads, Standing
from parley.protocol.head import Head, sign_head, sign_receipt
from parley.protocol.suite import Suite


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadNote:
    """A head of ours just signed. `total` is how many bytes its entries take in parcels."""

    size: int
    total: int
    signed_at: int
    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The notes to keep, and where the link stands once they are kept."""

    standing: Standing
    notes: tuple[HeadNote, ...]


class Signer:
    """Signs for one link."""

    def __init__(self, db: sqlite3.Connection, facts: LinkFacts, *, keys: Keys, suite: Suite) -> None:
        """Sign the log of `facts.me` and receipts for that of `facts.peer`."""
        self._db = db
        self._suite = suite
        self._log = facts.logs[facts.me]
        self._origin = facts.sides.of(facts.me).origin
        self._peer_origin = facts.sides.of(facts.peer).origin
        self._heads = SqlHeads(db, {self._peer_origin: facts.logs[facts.peer]})
        self._write_keys = keys.write_keys(self._origin, suite)
        self._receipt_keys = keys.receipt_keys(suite)

    def sign(self, at: Standing, *, now: int) -> Signed:
        """Return what is signed for a link that stands at `at`, all of it committed."""
        notes = self._sign_heads(at, now)
        if notes:
            last = notes[-1]
            at = replace(
                at, head_size=last.size, head_total=last.total, head_at=last.signed_at, head_note=last.note
            )
        if at.owes_receipt and at.theirs.size:
            at = self._sign_receipt(at, now)
        return Signed(standing=at, notes=notes)

    def _sign_heads(self, at: Standing, now: int) -> tuple[HeadNote, ...]:
        rows = self._db.execute(
            "SELECT size, root, total FROM head JOIN entry ON entry.log = head.log AND idx = size - 1"
            " WHERE head.log = ? AND size > ? ORDER BY size",
            (self._log, at.head_size),
        )
        time = max(now, at.head_at)
        heads = [(Head(origin=self._origin, size=size, root=root), total) for size, root, total in rows]
        return tuple(
            HeadNote(
                size=head.size,
                total=total,
                signed_at=time,
                note=sign_head(head, self._write_keys, time=time, suite=self._suite),
            )
            for head, total in heads
        )

    def _sign_receipt(self, at: Standing, now: int) -> Standing:
        root = self._heads.root_at(self._peer_origin, at.theirs.size)
        if root is None:  # pragma: no cover - entries are only taken up to a head, which is kept with them
            return at
        time = max(now, at.receipt_at)
        head = Head(origin=self._peer_origin, size=at.theirs.size, root=root)
        note = sign_receipt(head, self._receipt_keys, time=time, suite=self._suite)
        return replace(at, receipt_note=note, receipt_size=head.size, receipt_at=time, owes_receipt=False)
