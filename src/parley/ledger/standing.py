"""One link in memory: what never changes, where it stands, and which heads were signed."""

import sqlite3
from dataclasses import dataclass

from msgspec import Struct

from parley.protocol import tree
from parley.protocol.channel import Heads
from parley.protocol.record import Sides


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """What never changes about a link: names, numbers of the logs, both cards."""

    id: int
    name: str
    channel: str
    letters: "dict[str, str]"
    sides: Sides
    me: str
    peer: str
    logs: "dict[str, int]"
    is_verified: bool


class Standing(Struct, frozen=True, kw_only=True):
    """Where a link stands. Sizes are entries, totals bytes in parcels, instants Unix seconds.

    `text_size` and `text_total` are those of our newest head text, `head_…` those of the newest
    that is signed too.
    """

    mine: tree.Frontier
    theirs: tree.Frontier
    my_total: int
    their_total: int
    cited: int
    last_time: int
    text_size: int
    text_total: int
    head_size: int
    head_total: int
    head_at: int
    head_note: bytes | None
    receipted: int
    receipted_at: int | None
    have: int
    receipt_note: bytes | None
    receipt_size: int
    receipt_at: int
    owes_receipt: bool
    heard_at: int | None


class SqlHeads(Heads):
    """Head texts and notes, looked up where they are kept."""

    def __init__(self, connection: sqlite3.Connection, origins: "dict[str, int]") -> None:
        """Look up through `connection` the logs named in `origins`."""
        self._db = connection
        self._origins = origins

    def _find(self, sql: str, origin: str, size: int) -> bytes | None:
        if origin not in self._origins:
            return None
        found = self._db.execute(sql, (self._origins[origin], size)).fetchone()
        return None if found is None else bytes(found[0])

    def root_at(self, origin: str, size: int) -> bytes | None:
        """Return the root of the head of this size, or None if there was none."""
        return self._find("SELECT root FROM head WHERE log = ? AND size = ?", origin, size)

    def note_at(self, origin: str, size: int) -> bytes | None:
        """Return its note, if it is still kept."""
        return self._find("SELECT note FROM head_note WHERE log = ? AND size = ?", origin, size)
