"""Reading the record, from any process: pages, commands, projections. Nothing here writes.

Rows are read as committed; a thread is folded from its own facts when somebody looks at it
or a projection follows a change. What a page shows of bodies is opened here with the
node's own key, and only on this side of the door.
"""

import base64
import re
import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from parley.ledger.database import FILES, Storage
from parley.ledger.home import read_config
from parley.ledger.keys import Keys, read_keys
from parley.ledger.links import read_facts
from parley.ledger.offers import Offer, read_offer
from parley.ledger.rows import AlarmRow, EntryRow, LinkRow, LinkStatus
from parley.ledger.shelf import IN_THREAD, ROW_COLUMNS, SqliteShelf, read_row
from parley.ledger.standing import LinkFacts
from parley.ledger.telling import told
from parley.ledger.uptake import current_card
from parley.protocol import card as cards
from parley.protocol import entry as entries
from parley.protocol.act import Act, read_act, read_json
from parley.protocol.breach import BreachError
from parley.protocol.inquiries.apply import Folded
from parley.protocol.links import LinkState
from parley.protocol.part import PartError, open_part
from parley.protocol.record import Record
from parley.protocol.shelf import Row
from parley.protocol.strictjson import MAX_BODY_VALUES, JsonObject, read, write
from parley.protocol.suite import Standard, Suite
from parley.protocol.terms import Terms
from parley.protocol.voids import Verdict
from parley.work.home import Home

_PLACE: Final = re.compile(r"([AB]) ?([0-9]{1,15})")
_SHORT: Final = re.compile(r"[a-z2-7]{8}")
_REF: Final = re.compile(r"[ -~]{1,64}")
_FULL: Final = re.compile(r"[A-Za-z0-9_-]{43}")


__all__ = ["AlarmRow", "AmbiguousError", "EntryRow", "LinkRow", "LinkStatus", "Reader"]


class AmbiguousError(Exception):
    """More than one statement is called that; nothing was chosen."""


class Reader:
    """The record of one home. Cheap to make; not for use by two threads at once."""

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
        self._known: dict[str, LinkFacts] = {}
        self._shelves: dict[str, SqliteShelf] = {}

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # ---- Links

    def _facts(self, link: str) -> LinkFacts | None:
        if not (self._known and self._db.in_transaction):
            self._known = {facts.name: facts for facts in read_facts(self._db, self.node)}
        return self._known.get(link)

    def links(self) -> tuple[LinkRow, ...]:
        """Return all links, by name."""
        return tuple(self._link_row(facts) for facts in read_facts(self._db, self.node))

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
        return read_offer(bytes(kept), suite=self._suite)

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
        return shelf.link().terms({node: shelf.tip(node).size for node in facts.logs})

    def status(self, link: str) -> LinkStatus | None:
        """Return where both logs of a link stand here."""
        facts = self._facts(link)
        if facts is None:
            return None
        mine, theirs = facts.logs[facts.me], facts.logs[facts.peer]
        receipt = self._db.execute(
            "SELECT size, received_at FROM receipt WHERE log = ? ORDER BY size DESC LIMIT 1", (mine,)
        ).fetchone() or (0, None)
        heard = self._db.execute("SELECT at FROM heard WHERE link = ?", (facts.id,)).fetchone()
        alarms = self._db.execute(
            "SELECT code, times, first_at, last_at, remark FROM alarm WHERE link = ? ORDER BY code",
            (facts.id,),
        )
        (forks,) = self._db.execute("SELECT COUNT(*) FROM fork WHERE log = ?", (theirs,)).fetchone()
        return LinkStatus(
            my_size=self._size(mine),
            my_receipted=receipt[0],
            my_receipted_at=receipt[1],
            their_size=self._size(theirs),
            last_heard_at=None if heard is None else heard[0],
            forks=forks,
            alarms=tuple(
                AlarmRow(code=code, times=times, first_at=first, last_at=last, remark=remark)
                for code, times, first, last, remark in alarms
            ),
        )

    def _size(self, log: int) -> int:
        found = self._db.execute("SELECT size FROM tip WHERE log = ?", (log,)).fetchone()
        return 0 if found is None else int(found[0])

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

    def is_receipted(self, link: str, index: int) -> bool:
        """Return whether the other node has signed that it holds our entry with this index."""
        status = self.status(link)
        return status is not None and index < status.my_receipted

    # ---- Statements

    def _shelf(self, facts: LinkFacts) -> SqliteShelf:
        shelf = self._shelves.get(facts.name)
        if shelf is None or not self._db.in_transaction:
            shelf = self._shelves[facts.name] = _Looking(self._db, facts.logs)
        return shelf

    def threads(self, link: str) -> tuple[bytes, ...]:
        """Return every inquiry of a link, in the order of its writer's log."""
        facts = self._facts(link)
        if facts is None:
            return ()
        found = self._db.execute(
            "SELECT leaf FROM row WHERE kind = 'inquiry.sent' AND thread = leaf AND log IN (?, ?)"
            " ORDER BY log, idx",
            tuple(facts.logs.values()),
        )
        return tuple(bytes(leaf) for (leaf,) in found)

    def thread(self, link: str, statement: bytes) -> Folded | None:
        """Return the state of an inquiry; None if there is none, or it is without effect."""
        facts = self._facts(link)
        if facts is None:
            return None
        return Record(self._shelf(facts), facts.sides, self._suite).settle(statement)

    def rows(
        self, link: str, *, thread: bytes | None = None, after: int = -1, limit: int = 10_000
    ) -> tuple[EntryRow, ...]:
        """Return statements of a link, or of one thread, in the order in which both sides' clocks put them.

        For one whole link, `after` skips that many entries of each log, and `limit` bounds them.
        """
        facts = self._facts(link)
        if facts is None:
            return ()
        nodes = {log: node for node, log in facts.logs.items()}
        bounds = tuple(facts.logs.values())
        if thread is not None:
            sql, values = IN_THREAD, (thread, thread, *bounds)
        else:
            sql, values = "log IN (?, ?) AND idx > ? AND idx <= ?", (*bounds, after, after + limit)
        found = self._db.execute(f"SELECT {ROW_COLUMNS} FROM row WHERE {sql}", values)  # noqa: S608 - our own words
        return told(self._entry_row(facts, read_row(each, nodes)) for each in found)

    def row(self, link: str, statement: bytes) -> EntryRow | None:
        """Return one statement."""
        facts = self._facts(link)
        row = None if facts is None else self._shelf(facts).row(statement)
        return None if row is None or facts is None else self._entry_row(facts, row)

    def _entry_row(self, facts: LinkFacts, row: Row) -> EntryRow:
        return EntryRow(
            letter=facts.letters[row.writer],
            index=row.index,
            statement=row.id,
            writer=row.writer,
            thread=row.thread,
            kind=row.kind,
            verdict=row.verdict,
            effective=row.effective,
            cut=row.cut,
            received_at=row.received_at,
            act=_act(row.act),
        )

    def raw(self, link: str, statement: bytes) -> bytes | None:
        """Return the bytes of an entry."""
        facts = self._facts(link)
        row = None if facts is None else self._shelf(facts).row(statement)
        if row is None or facts is None:
            return None
        return self._raw(facts.logs[row.writer], row.index)

    def _raw(self, log: int, index: int) -> bytes | None:
        found = self._db.execute("SELECT raw FROM entry WHERE log = ? AND idx = ?", (log, index)).fetchone()
        return None if found is None else bytes(found[0])

    def entries(self, link: str) -> dict[str, Iterator[bytes]]:
        """Return the bytes of all entries of both logs, by node, in order."""
        facts = self._facts(link)
        if facts is None:
            return {}
        sql = "SELECT raw FROM entry WHERE log = ? ORDER BY idx"
        return {
            node: (bytes(raw) for (raw,) in self._db.execute(sql, (log,))) for node, log in facts.logs.items()
        }

    def body(self, link: str, statement: bytes) -> JsonObject | None:
        """Return what a statement says beyond its act; None if it says no more or cannot be opened here."""
        facts = self._facts(link)
        row = None if facts is None else self._shelf(facts).row(statement)
        if row is None or facts is None:
            return None
        try:
            entry = entries.parse(self._raw(facts.logs[row.writer], row.index) or b"").entry
            part = entry.parts[0] if entry.parts else None
            if part is None:
                return None
            text = self._open(part.hash, facts.line(row.writer).at(row.index).origin)
            return read(text, max_values=MAX_BODY_VALUES)
        except (BreachError, PartError):
            return None

    def _open(self, digest: bytes, scope: str) -> bytes:
        found = self._db.execute(
            "SELECT ciphertext, wrapped FROM part WHERE hash = ?",
            (digest,),
        ).fetchone()
        if found is None:
            raise PartError("the part is not here any more")
        if self._keys is None:
            self._keys = read_keys(self._home.keys, self.node)
        ciphertext, wrapped = found
        return open_part(bytes(ciphertext), key=self._keys.unwrap(wrapped), scope=scope, suite=self._suite)

    # ---- Finding

    def find(self, link: str, name: str) -> bytes | None:
        """Return the statement that people call `name`: ``A 112``, a short or full id, or a registry number.

        Raises:
            AmbiguousError: there is more than one.
        """
        facts = self._facts(link)
        if facts is None:
            return None
        # A registry number may look like one of the others.
        return self._by_shape(facts, name) or self._by_ref(facts, name)

    def _by_shape(self, facts: LinkFacts, name: str) -> bytes | None:
        place = _PLACE.fullmatch(name)
        if place is not None:
            node = next(node for node, letter in facts.letters.items() if letter == place[1])
            return self._leaf("log = ? AND idx = ?", (facts.logs[node], int(place[2])))
        if _FULL.fullmatch(name):
            full = base64.urlsafe_b64decode(name + "=")
            return self._leaf("leaf = ? AND log IN (?, ?)", (full, *facts.logs.values()))
        if _SHORT.fullmatch(name):
            start = base64.b32decode(name.upper())
            bounds = (start, start + b"\xff" * 27)
            return self._leaf("leaf >= ? AND leaf <= ? AND log IN (?, ?)", (*bounds, *facts.logs.values()))
        return None

    def _leaf(self, sql: str, values: tuple[Any, ...]) -> bytes | None:
        query = f"SELECT DISTINCT leaf FROM row WHERE {sql} LIMIT 2"  # noqa: S608 - our own words
        found = self._db.execute(query, values).fetchall()
        if len(found) > 1:
            raise AmbiguousError(str(len(found)))
        return bytes(found[0][0]) if found else None

    def _by_ref(self, facts: LinkFacts, name: str) -> bytes | None:
        if not _REF.fullmatch(name):
            return None
        found = self._db.execute(
            "SELECT leaf, act FROM row WHERE log IN (?, ?) AND kind = 'inquiry.sent' AND thread = leaf"
            " AND instr(act, ?)",
            (*facts.logs.values(), write({"ref": name})[len(b'{"ref":"') : -len(b'"}')]),
        )
        leaves = {bytes(leaf) for leaf, raw in found if (act := _act(raw)) is not None and act.ref == name}
        if len(leaves) > 1:
            raise AmbiguousError(name)
        return next(iter(leaves), None)

    # ---- For the projections

    def changes(self, after: int, *, limit: int = 1_000) -> tuple[tuple[int, str, bytes | None], ...]:
        """Return what changed after the watermark: (sequence, link, thread or None for the link itself)."""
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


class _Looking(SqliteShelf):
    """A shelf for somebody who only looks: core has written down the same verdicts already."""

    def decide(self, row: Row, verdict: Verdict) -> None:
        """Write nothing."""


def _act(raw: bytes | None) -> Act | None:
    if raw is None:
        return None
    try:
        return read_act(read_json(bytes(raw)))
    except BreachError:
        return None
