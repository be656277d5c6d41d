"""Reading the record, from any process: pages, commands, projections. Nothing here writes.

Rows are read as committed; a thread is folded from its own facts when somebody looks at it
or a projection follows a change. What a page shows of bodies is opened here with the
node's own key, and only on this side of the door.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterator, Sequence

from parley.ledger import threads as thread_rows
from parley.ledger.calling import OPENINGS as NUMBERED
from parley.ledger.calling import AmbiguousError, called
from parley.ledger.database import FILES, Storage
from parley.ledger.home import read_config
from parley.ledger.keys import Keys, read_keys
from parley.ledger.lanes import link_of, named
from parley.ledger.links import read_facts
from parley.ledger.offers import Offer, read_offer
from parley.ledger.rows import AlarmRow, EntryRow, LinkRow, LinkStatus, kept_act
from parley.ledger.shelf import ROW_COLUMNS, LookingShelf, SqliteShelf, read_row
from parley.ledger.standing import LinkFacts
from parley.ledger.statuses import status_of
from parley.ledger.tags import kept_part, logs_of
from parley.ledger.telling import told
from parley.ledger.threads import GoingCalls
from parley.ledger.uptake import current_card
from parley.protocol import calls
from parley.protocol import card as cards
from parley.protocol import entry as entries
from parley.protocol.breach import BreachError
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.bodies import OPENINGS
from parley.protocol.inquiries.apply import Folded
from parley.protocol.links import LinkState
from parley.protocol.names import MAIN
from parley.protocol.part import PartError, open_part
from parley.protocol.places import read_place
from parley.protocol.record import Record
from parley.protocol.shelf import Row
from parley.protocol.strictjson import MAX_BODY_VALUES, JsonObject, read
from parley.protocol.suite import Standard, Suite
from parley.protocol.terms import Terms
from parley.protocol.threads import page_of
from parley.protocol.tree import leaf_hash
from parley.protocol.voids import UNOPENED
from parley.work.home import Home

__all__ = ["AlarmRow", "AmbiguousError", "EntryRow", "LinkRow", "LinkStatus", "Reader"]


class Reader:
    """The record of one home. Cheap to make; not for use by two threads at once.

    A link is named as people know it, or in one of its lanes (`lanes.py`). Where a statement is asked for,
    the link stands for all its lanes; where the question is about a log, for lane main.
    """

    def __init__(self, home: Home, *, suite: Suite | None = None, storage: Storage = FILES) -> None:
        """Read the record of `home` in `storage`.

        Raises:
            FileNotFoundError: there is no record yet.
        """
        self._suite = Standard() if suite is None else suite
        self._db = storage.reading(home.record)
        self._home = home
        self.node = read_config(home).node
        self._keys: Keys | None = None
        # What was read of the links since `begin`; outside of it every question looks anew.
        self._known: dict[str, tuple[LinkFacts, ...]] = {}
        # Reading an offer verifies its card, and it never changes.
        self._offers: dict[bytes, Offer] = {}
        self._shelves: dict[str, SqliteShelf] = {}

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # ---- Links

    def _facts(self, link: str) -> LinkFacts | None:
        return next((facts for facts in self._lanes(link) if facts.name == link), None)

    def _lanes(self, link: str) -> tuple[LinkFacts, ...]:
        """Return the link in all its lanes, main first, or in the one that is named."""
        whole = link_of(link)
        if not (self._known and self._db.in_transaction):
            self._known = {}
        if whole not in self._known:
            self._known[whole] = read_facts(self._db, self.node, link=whole)
        found = self._known[whole]
        return found if link == whole else tuple(facts for facts in found if facts.name == link)

    def _holder(self, link: str, statement: bytes) -> LinkFacts | None:
        """Return the lane of the link in which `statement` stands; the first if it stands in none."""
        lanes = self._lanes(link)
        if len(lanes) > 1:
            logs = logs_of(self._db, statement)
            lanes = tuple(facts for facts in lanes if not logs.isdisjoint(facts.logs.values())) or lanes
        return lanes[0] if lanes else None

    def links(self) -> tuple[LinkRow, ...]:
        """Return all links, by name, each in lane main."""
        return tuple(row for row in self.lanes() if row.lane == MAIN)

    def lanes(self, link: str | None = None) -> tuple[LinkRow, ...]:
        """Return `link`, or every link, in each of its lanes, main first."""
        found = read_facts(self._db, self.node) if link is None else self._lanes(link)
        return tuple(self._link_row(facts) for facts in found)

    def lane_names(self, link: str) -> tuple[str, ...]:
        """Return the name of the link in each of its lanes, main first."""
        return tuple(facts.name for facts in self._lanes(link))

    def open_lanes(self, link: str) -> frozenset[str]:
        """Return the lanes of the link that both sides opened and that go on: nothing lost, and no fork."""
        found = (facts for facts in self._lanes(link) if self._terms(facts) is not None)
        stops = "SELECT 1 FROM recovery WHERE log = ? UNION SELECT 1 FROM fork WHERE log = ?"
        return frozenset(
            facts.lane
            for facts in found
            if self._db.execute(stops, (facts.logs[facts.me], facts.logs[facts.peer])).fetchone() is None
        )

    def lane_of(self, link: str, statement: bytes) -> str:
        """Return the name of the link in the lane in which `statement` stands."""
        facts = self._holder(link, statement)
        return link if facts is None else facts.name

    def link(self, name: str) -> LinkRow | None:
        """Return the link of this name."""
        facts = self._facts(name)
        return None if facts is None else self._link_row(facts)

    def _link_row(self, facts: LinkFacts) -> LinkRow:
        mine, theirs = facts.sides.of(facts.me), facts.sides.of(facts.peer)
        added_at, verified_at = self._db.execute(
            "SELECT added_at, verified_at FROM link WHERE id = ?", (facts.id,)
        ).fetchone()
        offer = self.offer(facts.name)
        current = current_card(self._db, facts.id, theirs.card)
        return LinkRow(
            id=facts.id,
            name=facts.name,
            channel=facts.channel,
            world=facts.channel.split("/", 1)[0],
            me=facts.me,
            peer=facts.peer,
            my_letter=facts.letters[facts.me],
            their_letter=facts.letters[facts.peer],
            peer_names=offer.names,
            peer_url=current.url,
            peer_tls_sha256=current.tls_sha256,
            my_origin=mine.line.current.origin,
            peer_origin=theirs.line.current.origin,
            digits=cards.digits(mine.card_hash, theirs.card_hash),
            added_at=added_at,
            verified_at=verified_at,
            is_active=self._terms(facts) is not None,
        )

    def offer(self, link: str) -> Offer:
        """Return the partner's offer, as it was loaded."""
        (kept,) = self._db.execute("SELECT offer FROM link WHERE name = ?", (link,)).fetchone()
        if kept not in self._offers:
            self._offers[kept] = read_offer(bytes(kept), suite=self._suite)
        return self._offers[kept]

    def link_state(self, link: str) -> LinkState:
        """Return what is in force on the link."""
        facts = self._facts(link)
        return LinkState() if facts is None else self._shelf(facts).link()

    def terms(self, link: str) -> Terms | None:
        """Return the terms in force by all that is held here, or None while the link is not open."""
        facts = self._facts(link)
        return None if facts is None else self._terms(facts)

    def _terms(self, facts: LinkFacts) -> Terms | None:
        shelf = self._shelf(facts)
        tips = {node: shelf.tip(node) for node in facts.logs}
        # A guideline takes effect when its day has come, as far as the record itself knows the time.
        at = max(tip.effective for tip in tips.values())
        return shelf.agreed().terms({node: tip.size for node, tip in tips.items()}, at=at)

    def status(self, link: str) -> LinkStatus | None:
        """Return where both logs of a link stand here."""
        facts = self._facts(link)
        return None if facts is None else status_of(self._db, facts)

    def head_notes(self, link: str) -> tuple[bytes | None, bytes | None]:
        """Return the newest head of our log and of theirs, each a signed note."""
        facts = self._facts(link)
        if facts is None:
            return None, None
        mine, theirs = (self._newest_note(facts.logs[node]) for node in (facts.me, facts.peer))
        return mine, theirs

    def _newest_note(self, log: int) -> bytes | None:
        found = self._db.execute(
            "SELECT note FROM head_note WHERE log = ? ORDER BY size DESC LIMIT 1", (log,)
        ).fetchone()
        return None if found is None else bytes(found[0])

    def is_receipted(self, link: str, place: str) -> bool:
        """Return whether the other node has signed that it holds our entry at `place`, such as ``A 112``."""
        where = read_place(place)
        status = None if where is None else self.status(named(link_of(link), where.lane))
        return where is not None and status is not None and where.index < status.my_receipted

    # ---- Statements

    def _shelf(self, facts: LinkFacts) -> SqliteShelf:
        shelf = self._shelves.get(facts.name)
        if shelf is None or not self._db.in_transaction:
            shelf = self._shelves[facts.name] = LookingShelf(self._db, facts.logs)
        return shelf

    def threads(self, link: str, *, kinds: Collection[str] = ("inquiry.sent",)) -> tuple[bytes, ...]:
        """Return every thread of a lane that one of `kinds` opened, in the order of its writer's log."""
        facts = self._facts(link)
        return () if facts is None else thread_rows.opened_by(self._db, facts.logs, kinds)

    def going_calls(self, link: str, *, now: int) -> GoingCalls:
        """Return the calls of a lane that are not over at `now`, as core wrote it down."""
        facts = self._facts(link)
        return thread_rows.going_calls(self._db, {} if facts is None else facts.logs, now=now)

    def thread(self, link: str, statement: bytes) -> Folded | None:
        """Return the state of an inquiry; None if there is none, or it is without effect."""
        facts = self._holder(link, statement)
        opening = None if facts is None else self._shelf(facts).row(statement)
        # What opened another thread is not folded for nothing: every projection asks for every thread.
        if facts is None or opening is None or opening.kind in OPENINGS or page_of(opening.kind):
            return None
        return Record(self._shelf(facts), facts.sides, self._suite).settle(statement)

    def call(self, link: str, statement: bytes) -> Call | None:
        """Return the state of a call; None if there is none, or its opening is without effect."""
        facts = self._holder(link, statement)
        return None if facts is None else Record(self._shelf(facts), facts.sides, self._suite).call(statement)

    def unheard_call(self, link: str, statement: bytes) -> Call | None:
        """Return a call of ours that the other node says it could not open, as if it had not arrived yet."""
        facts = self._holder(link, statement)
        row = None if facts is None else self._shelf(facts).row(statement)
        if facts is None or row is None or row.writer != self.node or row.kind not in OPENINGS:
            return None
        return calls.unheard(self._shelf(facts), facts.sides, row) if row.verdict == UNOPENED else None

    def calls_among(self, statements: Collection[bytes]) -> set[bytes]:
        """Return those of the statements that open a call."""
        return thread_rows.calls_among(self._db, statements)

    def has_called_since(self, link: str, call: Call) -> bool:
        """Return whether we opened another call on the link after `call`, and it has effect."""
        logs = [facts.logs[facts.me] for facts in self._lanes(link_of(link))]
        return thread_rows.has_called_since(self._db, logs, call.opened)

    def rows(
        self,
        link: str,
        *,
        thread: bytes | None = None,
        void: int | None = None,
        after: int = -1,
        limit: int = 10_000,
    ) -> tuple[EntryRow, ...]:
        """Return statements of a link, or of one thread, in the order in which both sides' clocks put them.

        Of the void ones in a thread only the newest `void` of each side, if that is not None. For one
        whole link, `after` skips that many entries of each log, and `limit` bounds them.
        """
        facts = self._facts(link) if thread is None else self._holder(link, thread)
        if facts is None:
            return ()
        nodes = {log: node for node, log in facts.logs.items()}
        if thread is not None:
            found = thread_rows.rows_of(self._db, facts.logs, thread, void=void)
        else:
            sql = f"SELECT {ROW_COLUMNS} FROM row WHERE log IN (?, ?) AND idx > ? AND idx <= ?"  # noqa: S608 - ours
            found = self._db.execute(sql, (*facts.logs.values(), after, after + limit)).fetchall()
        return told(self._entry_row(facts, read_row(each, nodes)) for each in found)

    def count(self, link: str, thread: bytes) -> int:
        """Return how many statements stand in a thread, whatever they are worth."""
        facts = self._holder(link, thread)
        return 0 if facts is None else thread_rows.count_of(self._db, facts.logs, thread)

    def row(self, link: str, statement: bytes) -> EntryRow | None:
        """Return one statement."""
        facts = self._holder(link, statement)
        row = None if facts is None else self._shelf(facts).row(statement)
        return None if row is None or facts is None else self._entry_row(facts, row)

    def _entry_row(self, facts: LinkFacts, row: Row) -> EntryRow:
        return EntryRow(
            letter=facts.letters[row.writer],
            lane=facts.lane,
            index=row.index,
            statement=row.id,
            writer=row.writer,
            thread=row.thread,
            kind=row.kind,
            verdict=row.verdict,
            effective=row.effective,
            cut=row.cut,
            received_at=row.received_at,
            act=kept_act(row.act),
        )

    def raw(self, link: str, statement: bytes) -> bytes | None:
        """Return the bytes of an entry."""
        facts = self._holder(link, statement)
        row = None if facts is None else self._shelf(facts).row(statement)
        return None if row is None or facts is None else self._raw(facts.logs[row.writer], row.index)

    def _raw(self, log: int, index: int) -> bytes | None:
        found = self._db.execute("SELECT raw FROM entry WHERE log = ? AND idx = ?", (log, index)).fetchone()
        return None if found is None else bytes(found[0])

    def entries(self, link: str) -> dict[str, Iterator[bytes]]:
        """Return the bytes of all entries of both logs, by node, in order."""
        facts, sql = self._facts(link), "SELECT raw FROM entry WHERE log = ? ORDER BY idx"
        logs = {} if facts is None else facts.logs
        return {node: (bytes(raw) for (raw,) in self._db.execute(sql, (log,))) for node, log in logs.items()}

    def body(self, link: str, statement: bytes) -> JsonObject | None:
        """Return what a statement says beyond its act; None if it says no more or cannot be opened here."""
        facts = self._holder(link, statement)
        row = None if facts is None else self._shelf(facts).row(statement)
        if row is None or facts is None:
            return None
        try:
            raw = self._raw(facts.logs[row.writer], row.index) or b""
            part = next(iter(entries.parse(raw).entry.parts), None)
            # Words of another statement must not be shown as of this one.
            if part is None or leaf_hash(raw) != statement:
                return None
            text = self._open(part.hash, facts.line(row.writer).at(row.index).origin)
            return read(text, max_values=MAX_BODY_VALUES)
        except (BreachError, PartError):
            return None

    def _open(self, digest: bytes, scope: str) -> bytes:
        found = kept_part(self._db, digest)
        if found is None or hashlib.sha256(found[1]).digest() != digest:
            raise PartError("the part is not here any more, or not the one that the entry names")
        if self._keys is None:
            self._keys = read_keys(self._home.keys, self.node)
        wrapped, ciphertext = found
        return open_part(ciphertext, key=self._keys.unwrap(wrapped), scope=scope, suite=self._suite)

    # ---- Finding

    def find(self, link: str, name: str, *, numbered: Sequence[str] = NUMBERED) -> bytes | None:
        """Return the statement that people call `name`: ``A 112``, a short or full id, or a registry number.

        A number is looked for in all statements of the kinds `numbered`.

        Raises:
            AmbiguousError: there is more than one.
        """
        lanes = self._lanes(link)
        return called(self._db, lanes, name, numbered=numbered) if lanes else None

    # ---- For the projections

    def changes(self, after: int, *, limit: int = 1_000) -> tuple[tuple[int, str, bytes | None], ...]:
        """Return what changed after the watermark: (sequence, lane, thread or None for the lane itself)."""
        found = self._db.execute(
            "SELECT seq, link.name, thread FROM change JOIN link ON link.id = change.link"
            " WHERE seq > ? ORDER BY seq LIMIT ?",
            (after, limit),
        )
        return tuple((seq, name, None if thread is None else bytes(thread)) for seq, name, thread in found)

    def last_change(self) -> int:
        """Return the newest sequence number."""
        (seq,) = self._db.execute("SELECT COALESCE(MAX(seq), 0) FROM change").fetchone()
        return int(seq)

    def begin(self) -> None:
        """Hold on to what is committed now, until `end`: all that is read between fits together."""
        if not self._db.in_transaction:
            self._known, self._shelves = {}, {}
            self._db.execute("BEGIN")

    def end(self) -> None:
        """Let go of it."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    @property
    def connection(self) -> sqlite3.Connection:
        """Return the reading connection, for what only the ledger itself may ask."""
        return self._db
