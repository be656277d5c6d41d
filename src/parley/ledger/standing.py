"""One link in memory: what never changes, where it stands, and which heads were signed."""

import sqlite3
from dataclasses import dataclass

from msgspec import Struct

from parley.ledger.lanes import lane_of, link_of
from parley.ledger.late import Ends
from parley.protocol.channel import Heads
from parley.protocol.line import Line, Reach
from parley.protocol.record import Sides


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """What never changes about a link in one lane: names, numbers of the logs, both cards.

    `name` is that of the link, in another lane than main followed by the lane: `lanes.py`.
    """

    id: int
    name: str
    channel: str
    letters: "dict[str, str]"
    sides: Sides
    me: str
    peer: str
    logs: "dict[str, int]"
    is_verified: bool

    @property
    def link(self) -> str:
        """Return the name of the link as people know it."""
        return link_of(self.name)

    @property
    def lane(self) -> str:
        """Return the lane."""
        return lane_of(self.name)

    def line(self, node: str) -> Line:
        """Return the line of `node`."""
        return self.sides.of(node).line


class Standing(Struct, frozen=True, kw_only=True):
    """Where a link stands. Sizes are entries of a line, totals bytes in parcels, instants Unix seconds.

    `text_size` and `text_total` are those of our newest head text, `head_…` those of the newest
    that is signed too.

    Of a recovery (Spec §5.7): `asks` is the text by which we ask for our own line, `answers` the one that
    says what we hold of theirs to whoever asked, `returns` where
    theirs is to be given back from, `is_their_turn` if that goes before ours where both do not fit;
    `owes_proof` that they are to see how far their line went.
    """

    mine: Reach
    theirs: Reach
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
    asks: bytes | None = None
    answers: bytes | None = None
    returns: int | None = None
    owes_proof: bool = False
    is_their_turn: bool = False

    @property
    def reached(self) -> "Reached":
        """Return how far the link has come."""
        return Reached(
            theirs=self.theirs.size,
            receipted=self.receipted,
            have=self.have,
            lacks=min(self.have, self.receipted) < self.head_size,
        )


class Reached(Struct, frozen=True, kw_only=True):
    """How far a link has come, in entries: what is here of theirs, and what they signed for of ours.

    `have` is what they say to hold of ours, which may be less than before, or a lie; with `lacks` there is
    something that they do not hold, or did not sign for.
    """

    theirs: int
    receipted: int
    have: int
    lacks: bool

    def is_beyond(self, before: "Reached") -> bool:
        """Return whether anything went on since `before`."""
        return self.theirs > before.theirs or self.receipted > before.receipted or self.have > before.have


class SqlHeads(Heads):
    """Head texts and notes, looked up where they are kept."""

    def __init__(self, connection: sqlite3.Connection, facts: LinkFacts) -> None:
        """Look up through `connection` the logs of both lines of a link."""
        self._db = connection
        self._lines = tuple((facts.line(node), log) for node, log in facts.logs.items())
        self._ends = Ends(connection, facts.logs[facts.peer], facts.line(facts.peer))

    def _find(self, sql: str, origin: str, size: int) -> bytes | None:
        for line, log in self._lines:
            reached = line.size_of(origin, size)
            if reached is not None:
                found = self._db.execute(sql, (log, reached)).fetchone()
                return None if found is None else bytes(found[0])
        return None

    def root_at(self, origin: str, size: int) -> bytes | None:
        """Return the root of the head of this size, or None if there was none."""
        return self._find("SELECT root FROM head WHERE log = ? AND size = ?", origin, size)

    def note_at(self, origin: str, size: int) -> bytes | None:
        """Return its note, if it is still kept."""
        return self._find("SELECT note FROM head_note WHERE log = ? AND size = ?", origin, size)

    def ended_at(self, origin: str) -> Reach | None:
        """Return how far a log of theirs that ended is kept, with what came after its end."""
        return self._ends.reach(origin)

    def note_ended(self, origin: str, reach: Reach) -> None:
        """Note that so much of that log is kept now."""
        self._ends.note(origin, reach)
