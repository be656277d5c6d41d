"""One link as the writer thread sees it: what stands in memory, and what goes into the tables.

Everything here runs inside a transaction that `writer.py` began, on its thread. `standing`
is replaced as a whole, so that an undone statement leaves nothing behind; `shown` is what was
committed and signed last, for everybody else. Source: Spec §4.4–§4.6, §5.3, §6.6, §6.7.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from parley.ledger.drafts import MAX_DRAFT_ID, Appended, Draft, RefusedError
from parley.ledger.keys import KEK_NAME, Keys
from parley.ledger.refold import read_logs, refold
from parley.ledger.shelf import SqliteShelf
from parley.ledger.signing import Signed, Signer
from parley.ledger.standing import LinkFacts, SqlHeads, Standing
from parley.ledger.uptake import take_up
from parley.protocol import channel
from parley.protocol.breach import BreachError
from parley.protocol.channel import Alarm, Incoming, Intake, Reading, Taken, Written
from parley.protocol.entry import Seen
from parley.protocol.head import Receipt
from parley.protocol.parcel import Parcel
from parley.protocol.record import Absorbed, Record
from parley.protocol.suite import Suite
from parley.protocol.voids import Void

# A note is kept for ever once in so many entries or bytes, so that a catch-up can end at it (Spec §4.5).
KEEP_ENTRIES = 1_024
KEEP_BYTES = 4 * 1024 * 1024
ROOT_SIGNED = frozenset({"link.opened", "link.carded"})


class Slot:
    """One link, in the hands of the writer thread."""

    def __init__(
        self, db: sqlite3.Connection, facts: LinkFacts, *, keys: Keys, suite: Suite, standing: Standing
    ) -> None:
        """Hold the link `facts`, which stands at `standing`."""
        self._db = db
        self._keys = keys
        self._suite = suite
        self._signer = Signer(db, facts, keys=keys, suite=suite)
        self.facts = facts
        self.standing = self.shown = standing
        self.shelf = SqliteShelf(db, facts.logs)
        self.record = Record(self.shelf, facts.sides, suite)
        self.touched: set[bytes] = set()
        self._pending: set[bytes] = set()
        self.link_touched = False
        self.must_refold = False
        self.origin = facts.sides.of(facts.me).origin
        self.peer_origin = facts.sides.of(facts.peer).origin
        self.heads = SqlHeads(
            db, {self.origin: facts.logs[facts.me], self.peer_origin: facts.logs[facts.peer]}
        )

    @property
    def my_log(self) -> int:
        """Return the number of this node's log."""
        return self.facts.logs[self.facts.me]

    @property
    def peer_log(self) -> int:
        """Return the number of the peer's log."""
        return self.facts.logs[self.facts.peer]

    @property
    def has_news(self) -> bool:
        """Return whether the peer lacks entries of ours, or we lack its receipt for them."""
        at = self.shown
        return min(at.have, at.receipted) < at.head_size

    def owe_receipt(self) -> None:
        """See to it that a fresh receipt is signed after this commit: the peer showed its head."""
        self.standing = replace(self.standing, owes_receipt=True)

    def snapshot(self) -> "tuple[Standing, set[bytes], bool, bool]":
        """Return what `restore` needs to forget a statement that was undone."""
        return self.standing, set(self.touched), self.link_touched, self.must_refold

    def restore(self, before: "tuple[Standing, set[bytes], bool, bool]") -> None:
        """Forget what happened in memory since `before`; the caller undoes the tables."""
        self.standing, self.touched, self.link_touched, self.must_refold = before
        self._pending = set()
        self.shelf.forget()

    # ---- What we say

    def append(self, draft: Draft, *, now: int) -> Appended:
        """Write `draft` into the record and return its place.

        Raises:
            RefusedError: it would be void; the caller undoes what was begun.
        """
        if not 0 < len(draft.id) <= MAX_DRAFT_ID:
            raise ValueError(f"a draft is named by 1 to {MAX_DRAFT_ID} characters")
        known = self._written_before(draft)
        if known is not None:
            return known
        try:
            act, body = draft.act(), draft.body_bytes()
        except BreachError as error:
            # The other side could not open it, and it would be without effect for ever (Spec §6.7).
            raise RefusedError(Void.BAD_JSON.value, str(error)) from error
        written, absorbed = self._write(draft.kind, act, body=body, now=now)
        self.settle()
        row = self.shelf.row(written.leaf, writer=self.facts.me)
        verdict = absorbed.row.verdict if row is None else row.verdict
        if not verdict.is_valid:
            reason = verdict.reason.value if verdict.reason else verdict.outcome.value
            raise RefusedError(reason, verdict.remark)
        index = absorbed.row.index
        self._db.execute(
            "INSERT INTO drafted (draft, log, idx) VALUES (?, ?, ?)", (draft.id, self.my_log, index)
        )
        return self._appended(index, written.leaf)

    def _written_before(self, draft: Draft) -> Appended | None:
        found = self._db.execute(
            "SELECT drafted.idx, leaf FROM drafted JOIN entry USING (log, idx)"
            " WHERE draft = ? AND drafted.log = ?",
            (draft.id, self.my_log),
        ).fetchone()
        return None if found is None else self._appended(*found)

    def _appended(self, index: int, leaf: bytes) -> Appended:
        letter = self.facts.letters[self.facts.me]
        return Appended(link=self.facts.name, letter=letter, index=index, statement=leaf)

    def _write(self, kind: str, act: bytes, *, body: bytes | None, now: int) -> tuple[Written, Absorbed]:
        at = self.standing
        cites = at.theirs.size > at.cited
        seen = Seen(origin=self.peer_origin, size=at.theirs.size, root=at.theirs.root()) if cites else None
        time = max(now, at.last_time)
        roots = self._keys.roots if kind in ROOT_SIGNED else ()
        draft = channel.Draft(act=act, body=body, roots=roots)
        written = channel.write(draft, origin=self.origin, time=time, seen=seen, suite=self._suite)
        parts = ((part.hash, part.ciphertext, part.key) for part in written.parts)
        total = at.my_total + written.inline
        if at.mine.size - at.text_size >= KEEP_ENTRIES or total - at.text_total > KEEP_BYTES:
            self._keep_text()
        self._keep_entry(self.my_log, at.mine.size, leaf=written.leaf, raw=written.raw, total=total)
        self._keep_parts(parts, opened=True)
        absorbed = self.record.absorb(self.facts.me, written.raw, act)
        self._note(absorbed, now)
        mine = at.mine.push(written.leaf)
        self.standing = replace(
            self.standing, mine=mine, my_total=total, cited=at.theirs.size, last_time=time
        )
        return written, absorbed

    # ---- What they say

    def read(self, parcel: Parcel, *, now: int) -> Intake:
        """Return what a parcel of the peer's proves, against what is held at this moment."""
        at = self.standing
        is_forked = self._db.execute("SELECT 1 FROM fork WHERE log = ?", (self.peer_log,)).fetchone()
        held = channel.Held(
            theirs=at.theirs,
            my_origin=self.origin,
            my_size=at.head_size,
            is_forked=is_forked is not None,
        )
        peer = channel.Peer(origin=self.peer_origin, card=self.facts.sides.of(self.facts.peer).card)
        return Reading(peer, held, self.heads, now=now, suite=self._suite).read(parcel)

    def accept(self, intake: Intake, *, now: int) -> None:
        """Keep what a parcel proved, and say what must be said to it."""
        for taken in intake.taken:
            self._take(taken, now)
        self._answer_for_machine([each for taken in intake.taken for each in taken.incoming], now)
        for receipt, note in intake.receipts:
            self._keep_receipt(receipt, note)
        for alarm, remark in intake.alarms:
            self.raise_alarm(alarm, remark, now)
        for fork in intake.forks:
            self._db.execute(
                "INSERT OR IGNORE INTO fork VALUES (?, ?, ?, ?)", (self.peer_log, now, fork.one, fork.two)
            )
        self.settle()
        have = self.standing.have if intake.have is None else intake.have
        self.standing = replace(self.standing, have=have, heard_at=now)

    def _take(self, taken: Taken, now: int) -> None:
        for incoming in taken.incoming:
            self._take_entry(incoming, now)
        log, head = self.peer_log, taken.signed.head
        self._db.execute("INSERT OR IGNORE INTO head VALUES (?, ?, ?)", (log, head.size, head.root))
        self._keep_note(
            log, head.size, taken.note, signed_at=taken.signed.signed_at, total=self.standing.their_total
        )
        self.standing = replace(self.standing, theirs=taken.frontier, owes_receipt=True)

    def _take_entry(self, incoming: Incoming, now: int) -> None:
        at = self.standing
        size = len(incoming.raw) + sum(len(blob) + 80 for _, blob, _ in incoming.parts)
        total = at.their_total + size
        index = self.shelf.tip(self.facts.peer).size
        self._keep_entry(self.peer_log, index, leaf=incoming.leaf, raw=incoming.raw, total=total)
        self._keep_parts(incoming.parts, opened=incoming.unopened in {None, "json"})
        absorbed = self.record.absorb(self.facts.peer, incoming.raw, incoming.act)
        self._note(absorbed, now)
        self.standing = replace(at, their_total=total)
        if absorbed.row.kind == "link.carded" and absorbed.row.verdict.is_valid:
            self._take_card(incoming, now)

    def _take_card(self, incoming: Incoming, now: int) -> None:
        pairing = self.facts.sides.of(self.facts.peer).card
        act, body = incoming.act or b"", incoming.body or b""
        try:
            take_up(self._db, self.facts.id, act=act, body=body, pairing=pairing, suite=self._suite)
        except BreachError as error:
            self.raise_alarm(Alarm.BAD_CARD, str(error), now)

    def _answer_for_machine(self, incoming: Iterable[Incoming], now: int) -> None:
        """Say in our own log what could not be opened, and that the rest was received (Spec §6.6, §6.7)."""
        for each in incoming:
            if each.unopened is not None:
                self._say("unopened", {"reason": each.unopened}, re=each.leaf, now=now)
        if self.is_active() and any(each.is_clocked for each in incoming):
            self._say("received", {}, re=None, now=now)

    def _say(self, kind: str, d: "dict[str, str]", *, re: bytes | None, now: int) -> None:
        # An act hash may not occur twice; each is sealed under a fresh key, so none does.
        draft = Draft(id=kind, link=self.facts.name, kind=kind, d=d, re=re)
        self._write(kind, draft.act(), body=None, now=now)

    def is_active(self) -> bool:
        """Return whether both openings agree in all that is held here."""
        past = {self.facts.me: self.standing.mine.size, self.facts.peer: self.standing.theirs.size}
        return self.shelf.link().terms(past) is not None

    # ---- Keeping

    def _note(self, absorbed: Absorbed, now: int) -> None:
        self.touched |= absorbed.touched
        self.link_touched |= absorbed.link_changed
        self.must_refold |= absorbed.must_refold
        place = f"{absorbed.row.writer} {absorbed.row.index}"
        if absorbed.false_seen:
            self.raise_alarm(Alarm.FALSE_SEEN, place, now)
        if absorbed.unproven_seen:
            self.raise_alarm(Alarm.UNPROVEN_SEEN, place, now)
        self._pending |= absorbed.touched

    def settle(self) -> None:
        """Fold every thread that was touched since the last time, or all if the link itself must be."""
        pending, self._pending = self._pending, set()
        for thread in sorted(pending):
            self.record.settle(thread)
        if self.must_refold:
            found, sides = read_logs(self._db, self.facts.logs), self.facts.sides
            self.touched |= refold(self._db, self.facts.logs, found=found, sides=sides, suite=self._suite)
            self.shelf.forget()
            self.must_refold = False

    def _keep_entry(self, log: int, index: int, *, leaf: bytes, raw: bytes, total: int) -> None:
        self._db.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", (log, index, leaf, raw, total))

    def _keep_parts(self, parts: Iterable[tuple[bytes, bytes, bytes]], *, opened: bool) -> None:
        for digest, ciphertext, key in parts:
            # Looked up first: one large part may be named by thousands of entries.
            kept = self._db.execute(
                "SELECT wrapped FROM part LEFT JOIN content_key USING (hash) WHERE hash = ?", (digest,)
            ).fetchone()
            if kept is None:
                self._db.execute("INSERT INTO part VALUES (?, ?)", (digest, ciphertext))
            # A key that opens it takes the place of one that does not, whoever brought that before.
            if kept is None or kept[0] is None or (opened and self._keys.unwrap(kept[0]) != key):
                wrapped = self._keys.wrap(key)
                self._db.execute(
                    "INSERT OR REPLACE INTO content_key VALUES (?, ?, ?)", (digest, KEK_NAME, wrapped)
                )

    def _keep_note(self, log: int, size: int, note: bytes, *, signed_at: int, total: int) -> None:
        last = self._db.execute(
            "SELECT size, (SELECT total FROM entry WHERE log = ? AND idx = head_note.size - 1) FROM head_note"
            " WHERE log = ? AND keep ORDER BY size DESC LIMIT 1",
            (log, log),
        ).fetchone() or (0, 0)
        keep = size // KEEP_ENTRIES > last[0] // KEEP_ENTRIES or total - (last[1] or 0) >= KEEP_BYTES
        self._db.execute(
            "INSERT OR REPLACE INTO head_note VALUES (?, ?, ?, ?, ?)", (log, size, signed_at, int(keep), note)
        )
        if log == self.peer_log:
            self._db.execute("DELETE FROM head_note WHERE log = ? AND size < ? AND NOT keep", (log, size))

    def _keep_receipt(self, receipt: Receipt, note: bytes) -> None:
        log, size, at = self.my_log, receipt.head.size, receipt.received_at
        self._db.execute(
            "INSERT INTO receipt VALUES (?, ?, ?, ?) ON CONFLICT (log, size) DO UPDATE"
            " SET received_at = excluded.received_at, note = excluded.note"
            " WHERE excluded.received_at > received_at",
            (log, size, at, note),
        )
        before = (self.standing.receipted, self.standing.receipted_at or 0)
        if (size, at) > before:
            self.standing = replace(self.standing, receipted=size, receipted_at=at)
            self._db.execute("DELETE FROM head_note WHERE log = ? AND size < ? AND NOT keep", (log, size))

    def raise_alarm(self, alarm: Alarm, remark: str, now: int) -> None:
        """Count an oddity. One row for each kind, so that a flood of them costs no space."""
        self._db.execute(
            "INSERT INTO alarm VALUES (?, ?, 1, ?, ?, ?) ON CONFLICT (link, code) DO UPDATE"
            " SET times = times + 1, last_at = excluded.last_at, remark = excluded.remark",
            (self.facts.id, alarm.value, now, now, remark[:200]),
        )

    # ---- Heads and receipts: the text is kept with the entries, the signature comes after

    def prepare_head(self) -> None:
        """Keep the text of the head that is about to be signed. Part of the same transaction."""
        at = self.standing
        for log, frontier in ((self.my_log, at.mine), (self.peer_log, at.theirs)):
            self._db.execute("INSERT OR REPLACE INTO frontier VALUES (?, ?)", (log, frontier.encode()))
        if at.mine.size > at.text_size:
            self._keep_text()

    def _keep_text(self) -> None:
        """Close a batch: what lies between two heads always fits a parcel (Spec §4.5.5)."""
        at = self.standing
        if at.mine.size > at.text_size:
            self._db.execute("INSERT INTO head VALUES (?, ?, ?)", (self.my_log, at.mine.size, at.mine.root()))
            self.standing = replace(at, text_size=at.mine.size, text_total=at.my_total)

    def sign(self, *, now: int) -> Signed:
        """Return heads of ours and a receipt for theirs, over what is committed, never before."""
        return self._signer.sign(self.standing, now=now)

    def keep_signed(self, signed: Signed) -> None:
        """Keep the notes just signed, and the hints: when the peer was heard, and what it said it has."""
        for each in signed.notes:
            self._keep_note(self.my_log, each.size, each.note, signed_at=each.signed_at, total=each.total)
        at = signed.standing
        if at.heard_at is not None:
            self._db.execute(
                "INSERT OR REPLACE INTO heard VALUES (?, ?, ?, ?)",
                (self.facts.id, at.heard_at, at.have, at.receipt_at),
            )

    def changes(self) -> None:
        """Note for the projections which threads are to be looked at again."""
        rows: list[bytes | None] = [*sorted(self.touched)]
        if self.link_touched:
            rows.append(None)
        self._db.executemany(
            "INSERT INTO change (link, thread) VALUES (?, ?)", [(self.facts.id, row) for row in rows]
        )
        self.touched, self.link_touched = set(), False
