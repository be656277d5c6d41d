"""The fold's shelf over record.db: the same questions as in `protocol/shelf.py`, answered in SQL."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from parley.ledger.tags import tag_of, tagged
from parley.ledger.unwritten import ROWS, Unwritten
from parley.protocol import links, tree
from parley.protocol.act import read_act, read_json
from parley.protocol.guidelines.bodies import Signed
from parley.protocol.hotline.bodies import OPENINGS
from parley.protocol.kinds import KINDS
from parley.protocol.links import LinkState
from parley.protocol.shelf import Row, Tip, first_unopened, state_of
from parley.protocol.voids import VALID, Outcome, Verdict, Void

ROW_COLUMNS: Final = (
    "log, idx, leaf, effective, cut, received_at, act, act_hash, kind, thread, outcome, reason, remark"
)
# A thread is what opened it and all that names it; of this, what was found void for good stands apart. Each
# of the three has an index of its own, in the same words. The plus keeps SQLite from going through both logs.
_SPENT: Final = (
    "thread <> leaf AND ifnull(reason, '') IN ('schema', 'not-writer', 'no-target', 'oversize', 'suspended')"
)
_LIVE: Final = _SPENT.replace(" IN ", " NOT IN ")
_OPENING: Final = "leaf_tag = ?1 AND leaf = ?2 AND thread = leaf"
IN_LIVE_THREAD: Final = f"({_OPENING} OR thread = ?2 AND {_LIVE}) AND +log IN (?3, ?4)"
IN_THREAD: Final = f"({_OPENING} OR thread = ?2 AND {_LIVE} OR thread = ?2 AND {_SPENT}) AND +log IN (?3, ?4)"
SPENT_IN_THREAD: Final = f"thread = ? AND {_SPENT} AND log = ?"
ACTS_AT_ONCE: Final = 500
# What is said of the link itself: that from which terms come, and the rest.
_AGREED: Final = "'link.opened', 'guideline.signed'"
_DRAFTED: Final = "'guideline.proposed', 'guideline.amended'"
_LASTING: Final = (
    f"{_AGREED}, {_DRAFTED}, 'guideline.withdrawn', 'link.carded', 'link.suspended', 'link.resumed',"
    " 'link.sealkey', 'officer.enrolled', 'officer.ended',"
    " 'review.cut_proposed', 'review.cut_agreed', 'review.signed', 'review.commented'"
)
_GOES: Final = "INSERT OR REPLACE INTO going_call (log, thread, over_at) VALUES (?, ?, ?)"
_PUT: Final = f"INSERT OR FAIL INTO row ({ROW_COLUMNS}, leaf_tag, act_tag) VALUES {ROWS}"  # noqa: S608 - ours
# What opens a thread is its own thread. Most statements do, and every value that is bound costs its time.
_PUT_OPENING: Final = (
    "INSERT OR FAIL INTO row"  # noqa: S608 - our own words
    " (log, idx, leaf, effective, cut, act, act_hash, kind, leaf_tag, act_tag, thread, outcome, remark)"
    " SELECT column1, column2, column3, column4, column5, column6, column7, column8, column9, column10,"
    " column3, 'valid', ''"
    f" FROM (VALUES {ROWS})"
)


class SqliteShelf:
    """Rows of one channel. `logs` gives the number of each node's log. Belongs to the writer thread."""

    def __init__(self, connection: sqlite3.Connection, logs: Mapping[str, int]) -> None:
        """Read and write through `connection`, within the transaction that the caller began."""
        self._db = connection
        self._logs = logs
        self._nodes = {number: node for node, number in logs.items()}
        self._link: LinkState | None = None
        # What the transaction brought and `write` has still to write: rows and tips.
        self.unwritten = Unwritten(connection)
        # Whether an earlier entry had an act: what `write` has still to write, and what was asked before.
        self._acts: dict[str, dict[bytes, bool]] = {writer: {} for writer in logs}
        self._tips: dict[str, Tip] = {}
        self._roots: dict[str, list[bytes]] = {}
        self._frontiers: dict[str, tree.Frontier] = {}

    def forget(self) -> None:
        """Drop what is kept in memory, since what it came from was undone or written anew."""
        self._link = None
        self._tips = {}
        self._forget_acts()
        self.unwritten.drop()
        for writer in [each for each, roots in self._roots.items() if len(roots) > self.tip(each).size]:
            del self._roots[writer], self._frontiers[writer]

    def _forget_acts(self) -> None:
        for acts in self._acts.values():
            acts.clear()

    def tip(self, writer: str) -> Tip:
        """Return where the log of `writer` stands."""
        tip = self._tips.get(writer)
        if tip is None:
            tip = self._tips[writer] = self._read_tip(writer)
        return tip

    def _read_tip(self, writer: str) -> Tip:
        found = self._db.execute(
            "SELECT size, effective, cut, raised_from, is_quiet FROM tip WHERE log = ?", (self._logs[writer],)
        ).fetchone()
        if found is None:
            return Tip()
        size, effective, cut, raised_from, quiet = found
        return Tip(size=size, effective=effective, cut=cut, raised_from=raised_from, is_quiet=bool(quiet))

    def set_tip(self, writer: str, tip: Tip) -> None:
        """Note where it stands now."""
        self._tips[writer] = tip

    def write(self) -> None:
        """Write what waits, so that the tables hold all that was kept so far."""
        self.unwritten.write()
        self._forget_acts()
        self._db.executemany(
            "INSERT OR REPLACE INTO tip (log, size, effective, cut, raised_from, is_quiet)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (self._logs[writer], tip.size, tip.effective, tip.cut, tip.raised_from, int(tip.is_quiet))
                for writer, tip in self._tips.items()
            ],
        )
        self._tips = {}

    def root(self, writer: str, size: int) -> bytes:
        """Return the root at the first `size` entries of `writer`, of the log in which they end.

        An honest `seen` cites a head, and those roots are kept. For other sizes one frontier
        is advanced and all its roots are kept, so that lies cost one hash for each leaf in all.
        """
        log = self._logs[writer]
        found = self._db.execute("SELECT root FROM head WHERE log = ? AND size = ?", (log, size)).fetchone()
        if found is not None:
            return bytes(found[0])
        self.unwritten.write()
        roots = self._roots.setdefault(writer, [])
        frontier = self._frontiers.get(writer, tree.EMPTY)
        bases = {base for (base,) in self._db.execute("SELECT base FROM epoch WHERE log = ?", (log,))}
        leaves = self._db.execute(
            "SELECT leaf FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx",
            (log, len(roots), size),
        )
        for (leaf,) in leaves:
            frontier = (tree.EMPTY if len(roots) in bases else frontier).push(leaf)
            roots.append(frontier.root())
        self._frontiers[writer] = frontier
        return roots[size - 1] if size else tree.EMPTY_ROOT

    def row(self, statement: bytes, *, writer: str | None = None) -> Row | None:
        """Return the entry with this id, of `writer` if it is named; an opened one before others."""
        self.unwritten.write()
        found = self._db.execute(
            f"SELECT {ROW_COLUMNS} FROM row WHERE leaf_tag = ? AND leaf = ? AND +log IN (?, ?)"  # noqa: S608 - our own column names
            " ORDER BY act IS NULL, log, idx LIMIT 1",
            (*tagged(statement), *self._one_or_both(writer)),
        ).fetchone()
        return None if found is None else self._read(found)

    def _one_or_both(self, writer: str | None) -> tuple[int, int]:
        one, two = self._logs.values()
        return (one, two) if writer is None else (self._logs[writer], self._logs[writer])

    def _read(self, found: tuple[Any, ...]) -> Row:
        return read_row(found, self._nodes)

    def verdict(self, writer: str, index: int) -> Verdict:
        """Return what became of an entry that is here."""
        self.unwritten.write()
        outcome, reason, remark = self._db.execute(
            "SELECT outcome, reason, remark FROM row WHERE log = ? AND idx = ?", (self._logs[writer], index)
        ).fetchone()
        return _read_verdict(outcome, reason, remark)

    def has_act(self, writer: str, act_hash: bytes) -> bool:
        """Return whether an earlier entry of `writer` had the same act."""
        known = self._acts[writer].get(act_hash)
        if known is None:
            found = self._db.execute(
                "SELECT 1 FROM row WHERE act_tag = ? AND log = ? AND act_hash = ? LIMIT 1",
                (tag_of(act_hash), self._logs[writer], act_hash),
            )
            known = found.fetchone() is not None
        return known

    def expect(self, writer: str, act_hashes: Sequence[bytes]) -> None:
        """Look up at once which of these acts an earlier entry of `writer` had; `has_act` then knows it."""
        for at in range(0, len(act_hashes), ACTS_AT_ONCE):
            some = act_hashes[at : at + ACTS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            sql = f"SELECT act_hash FROM row WHERE +log = ? AND act_tag IN ({marks})"  # noqa: S608 - question marks
            tags = [tag_of(digest) for digest in some]
            found = {digest for (digest,) in self._db.execute(sql, (self._logs[writer], *tags))}
            acts = self._acts[writer]
            for digest in some:
                acts.setdefault(digest, digest in found)

    def expect_new(self, writer: str, act_hash: bytes) -> None:
        """Note that no entry of `writer` had this act: it was sealed under a key thrown a moment ago."""
        self._acts[writer].setdefault(act_hash, False)

    def put(self, row: Row) -> None:
        """Keep a new entry."""
        log, statement, act_hash = self._logs[row.writer], row.id, row.act_hash
        tag, act_tag = tag_of(statement), None
        if act_hash is not None:
            self._acts[row.writer][act_hash] = True
            act_tag = tag_of(act_hash)
        place = (log, row.index, statement, row.effective, row.cut)
        if row.thread == statement and row.verdict == VALID and row.received_at is None:
            self.unwritten.add(_PUT_OPENING, (*place, row.act, act_hash, row.kind, tag, act_tag))
            if row.kind in OPENINGS:
                self.unwritten.add(_GOES, (log, statement, None))
        else:
            said = (row.received_at, row.act, act_hash, row.kind, row.thread)
            self.unwritten.add(_PUT, (*place, *said, *_verdict(row.verdict), tag, act_tag))

    def decide(self, row: Row, verdict: Verdict) -> None:
        """Write down what became of an entry."""
        self.unwritten.write()
        self._db.execute(
            "UPDATE row SET outcome = ?, reason = ?, remark = ? WHERE log = ? AND idx = ?",
            (*_verdict(verdict), self._logs[row.writer], row.index),
        )

    def thread(self, statement: bytes) -> Sequence[Row]:
        """Return all entries of a thread, each writer's in the order of its log."""
        self.unwritten.write()
        found = self._db.execute(
            f"SELECT {ROW_COLUMNS} FROM row WHERE {IN_THREAD} ORDER BY log, idx",  # noqa: S608 - ours
            (*tagged(statement), *self._one_or_both(None)),
        )
        return [self._read(each) for each in found]

    def live(self, statement: bytes) -> Sequence[Row]:
        """Return those entries of a thread that are still to be read, each writer's in their order."""
        self.unwritten.write()
        found = self._db.execute(
            f"SELECT {ROW_COLUMNS} FROM row WHERE {IN_LIVE_THREAD} ORDER BY log, idx",  # noqa: S608 - ours
            (*tagged(statement), *self._one_or_both(None)),
        )
        rows = [self._read(each) for each in found]
        again = [
            self._read(each)
            for writer, index in first_unopened(rows).items()
            for each in self._db.execute(
                f"SELECT {ROW_COLUMNS} FROM row WHERE {SPENT_IN_THREAD} AND idx > ?",  # noqa: S608 - ours
                (statement, self._logs[writer], index),
            )
        ]
        return sorted([*rows, *again], key=lambda row: (row.writer, row.index)) if again else rows

    def receive(self, writer: str, since: int, until: int, *, at: int) -> Iterable[bytes]:
        """Write down when these entries were received, and return the threads that this touches."""
        self.unwritten.write()
        bounds = (self._logs[writer], since, until)
        self._db.execute(
            "UPDATE row SET received_at = ? WHERE log = ? AND idx >= ? AND idx < ?", (at, *bounds)
        )
        touched = self._db.execute(
            "SELECT DISTINCT thread FROM row WHERE log = ? AND idx >= ? AND idx < ? AND thread IS NOT NULL",
            bounds,
        )
        return [bytes(thread) for (thread,) in touched]

    def set_over(self, opening: Row, at: int | None) -> None:
        """Write down from when on a call is over; what both sides closed has no row."""
        self.unwritten.write()
        log = self._logs[opening.writer]
        if at == 0:
            self._db.execute("DELETE FROM going_call WHERE log = ? AND thread = ?", (log, opening.id))
        else:
            self._db.execute(_GOES, (log, opening.id, at))

    def link(self) -> LinkState:
        """Return what is in force on the link."""
        if self._link is None:
            self._link = self._read_link()
        return self._link

    def agreed(self) -> LinkState:
        """Return of what is in force that from which terms come: openings, and the texts that both signed.

        A page asks for terms many times; and the other side can say a great deal to reviews, and put many
        texts on the table, which are long.
        """
        if self._link is not None:
            return self._link
        said = tuple(self._read_lasting(_AGREED))
        signed = [
            (each.writer, each.re, each.said.text)
            for each in said
            if isinstance(each.said, Signed) and each.re
        ]
        one, two = ({text for writer, _draft, text in signed if writer == node} for node in self._logs)
        drafts = {draft for _writer, draft, text in signed if text in one & two}
        return state_of((*said, *self._read_lasting(_DRAFTED, among=drafts)))

    def _read_link(self) -> LinkState:
        return state_of(self._read_lasting(_LASTING))

    def _read_lasting(self, kinds: str, *, among: Collection[bytes] | None = None) -> Iterator[links.Said]:
        """Yield the statements of these kinds, those alone that stand `among` some, if it is given."""
        self.unwritten.write()
        marks = "" if among is None else f" AND leaf IN ({', '.join('?' * len(among))})"
        found = self._db.execute(
            # Without a word SQLite would go through both logs.
            f"SELECT {ROW_COLUMNS} FROM row INDEXED BY row_kind WHERE log IN (?, ?)"  # noqa: S608 - ours
            f" AND kind IN ({kinds}) AND outcome = 'valid'{marks}",
            (*self._one_or_both(None), *(among or ())),
        )
        for each in found.fetchall():
            row = self._read(each)
            act = read_act(read_json(row.act or b""))
            said = KINDS[act.k].read(act.d)
            if isinstance(said, links.LASTING):
                yield links.Said(writer=row.writer, index=row.index, statement=row.id, said=said, re=act.re)

    def set_link(self, state: LinkState) -> None:
        """Keep what is in force; the rows of the statements themselves are what is written down."""
        self._link = state


class LookingShelf(SqliteShelf):
    """A shelf for somebody who only looks: core has written down the same verdicts already."""

    def decide(self, row: Row, verdict: Verdict) -> None:
        """Write nothing."""

    def set_over(self, opening: Row, at: int | None) -> None:
        """Write nothing."""


def read_row(found: tuple[Any, ...], nodes: Mapping[int, str]) -> Row:
    """Return the row in one result of a query for `ROW_COLUMNS`; the STRICT columns hold what they say."""
    log, index, leaf, effective, cut, received_at, act, act_hash, kind, thread, outcome, reason, remark = (
        found
    )
    return Row(
        id=leaf,
        writer=nodes[log],
        index=index,
        effective=effective,
        cut=cut,
        received_at=received_at,
        act=act,
        act_hash=act_hash,
        kind=kind,
        thread=thread,
        verdict=_read_verdict(outcome, reason, remark),
    )


def _read_verdict(outcome: str, reason: str | None, remark: str) -> Verdict:
    if outcome == "valid":
        return VALID
    return Verdict(outcome=Outcome(outcome), reason=None if reason is None else Void(reason), remark=remark)


def _verdict(verdict: Verdict) -> tuple[str, str | None, str]:
    return verdict.outcome.value, None if verdict.reason is None else verdict.reason.value, verdict.remark
