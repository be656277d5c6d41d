"""Of what was signed over a line, what still counts once keys were revoked; for exports.

A node keeps every note that it took. Where the roots said later that keys count no more from a size on,
heads of these keys beyond it prove nothing, and an export that showed them would be refused.
Source: Spec §7.2.8 to §7.2.10, §11.4.8, §11.4.10.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from parley.ledger.announced import cards_of
from parley.ledger.reading import Reader
from parley.ledger.revoking import revocations, with_revoked
from parley.ledger.standing import LinkFacts
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, card_hash, write_keys
from parley.protocol.head import read_head
from parley.protocol.line import Line
from parley.protocol.succession import Succession
from parley.protocol.suite import Suite

Row = tuple[int, int, bytes]
"""The size of a head along the line, the time that it states, and its note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """What was revoked of one line: the notes by log, in the order of the cards; and who signs for what."""

    line: Line
    notes: Mapping[str, tuple[bytes, ...]]
    known: Succession
    suite: Suite

    def heads(self, found: Iterable[Row]) -> Iterable[Row]:
        """Return those of `found` that count."""
        return found if not self.notes else [row for row in found if self._counts(row[0], row[2])]

    def is_fork(self, one: bytes, two: bytes, *, size: int) -> bool:
        """Return whether two heads of `size` entries of the line convict a key that counts there."""
        return not self.notes or (self._counts(size, one) and self._counts(size, two))

    def _counts(self, size: int, note: bytes) -> bool:
        origin, _ = self.line.in_log(size)
        ed25519, ml_dsa = write_keys(self.known.at(size), origin)
        try:
            read_head(note, ed25519=ed25519, ml_dsa=ml_dsa, suite=self.suite)
        except BreachError:
            return False
        return True


def revoked_of(
    reader: Reader, facts: LinkFacts, node: str, *, shown: Sequence[Card], suite: Suite
) -> Revoked:
    """Return what was revoked of the line of `node`, of the cards that are `shown` and were followed."""
    log = facts.logs[node]
    known = with_revoked(cards_of(reader.link_state(facts.name), facts, node), reader.connection, log)
    found = dict(_by_log(reader.connection, log, [card_hash(card) for card in shown[:-1]]))
    return Revoked(line=facts.line(node), notes=found, known=known, suite=suite)


def _by_log(
    db: sqlite3.Connection, log: int, hashes: Sequence[bytes]
) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    of_logs: dict[str, dict[int, bytes]] = {}
    for said, note in revocations(db, log):
        if said.card in hashes:
            of_logs.setdefault(said.origin, {}).setdefault(hashes.index(said.card), note)
    for origin, notes in of_logs.items():
        yield origin, tuple(note for _, note in sorted(notes.items()))
