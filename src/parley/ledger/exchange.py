"""What two sides say to each other on one link, as the writer thread sees it, when nothing is lost.

Everything here runs inside a transaction that `writer.py` began, on its thread. `standing`
is replaced as a whole, so that an undone statement leaves nothing behind; `shown` is what was
committed and signed last, for everybody else. Source: Spec §4.4–§4.6, §5.3, §6.6, §6.7.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import takewhile
from typing import TypeAlias

from msgspec.structs import replace

from parley.ledger import cosigning, files
from parley.ledger.drafted import Drafted
from parley.ledger.drafts import MAX_DRAFT_ID, Appended, Draft, Prepared, RefusedError
from parley.ledger.inforce import KIND, InForce, NotTakenUpError
from parley.ledger.keeping import KEEP_BYTES, KEEP_ENTRIES, Keeping
from parley.ledger.keys import Keys
from parley.ledger.refold import read_logs, refold
from parley.ledger.shelf import SqliteShelf
from parley.ledger.signing import Signed, Signer
from parley.ledger.standing import LinkFacts, SqlHeads, Standing
from parley.protocol import channel
from parley.protocol.breach import BreachError
from parley.protocol.channel import Alarm, Intake, Reading, Taken, WasSigned, Written, never
from parley.protocol.content import Incoming
from parley.protocol.entry import Seen
from parley.protocol.head import Receipt
from parley.protocol.parcel import Parcel
from parley.protocol.record import Absorbed, Record
from parley.protocol.suite import Suite
from parley.protocol.voids import Void
from parley.signer.desk import SigningDesk

# What a statement changes in memory: see `Slot.snapshot`.
Before: TypeAlias = tuple[Standing, int, bool, bool]
ROOT_SIGNED = frozenset({"link.opened", "link.carded", "officer.enrolled", "officer.ended"})

_CHANGE = "INSERT OR FAIL INTO change (link, thread) VALUES {rows}"


class Exchange:
    """One link, in the hands of the writer thread; `slot.py` adds what holds when something is lost."""

    def __init__(
        self,
        db: sqlite3.Connection,
        facts: LinkFacts,
        *,
        keys: Keys,
        desk: SigningDesk,
        suite: Suite,
        standing: Standing,
    ) -> None:
        """Hold the link `facts`, which stands at `standing` and is signed for at `desk`."""
        self._db = db
        self._keys = keys
        self._suite = suite
        self.facts, self.standing, self.shown = facts, standing, standing
        self.shelf = SqliteShelf(db, facts.logs)
        self.cards = InForce(db, facts, self.shelf, keys=keys, desk=desk, suite=suite)
        self._signer = Signer(db, facts, desk=desk, sets=self.cards.sets)
        self.record = Record(self.shelf, facts.sides, suite)
        self.touched: list[bytes] = []
        self._pending: set[bytes] = set()
        self.link_touched = self.must_refold = False
        self.my_log, self.peer_log = facts.logs[facts.me], facts.logs[facts.peer]
        self._keeping = Keeping(db, keys=keys, unwritten=self.shelf.unwritten)
        self._drafted = Drafted(db, self.my_log, self.shelf.unwritten)
        self.mine, self.theirs = facts.line(facts.me), facts.line(facts.peer)
        self.heads = SqlHeads(db, facts)
        self.was_signed: WasSigned = never
        # What every place of ours begins with; none of it ever changes.
        self._appended = partial(Appended, link=facts.link, lane=facts.lane, letter=facts.letters[facts.me])

    @property
    def is_recovering(self) -> bool:
        """Return whether something of our own line is lost, so that nothing may be said or signed."""
        return False

    @property
    def is_unsure(self) -> bool:
        """Return whether our record may not be what we once signed."""
        return self.is_recovering

    @property
    def has_news(self) -> bool:
        """Return whether the peer lacks entries of ours, or we lack its receipt for them."""
        at = self.shown
        return min(at.have, at.receipted) < at.head_size or at.asks is not None

    def owe_receipt(self) -> None:
        """See to it that a fresh receipt is signed after this commit: the peer showed its head."""
        self.standing = replace(self.standing, owes_receipt=True)

    def snapshot(self) -> Before:
        """Return what `restore` needs to forget a statement that was undone; write all before, whosever."""
        self.shelf.write()
        self.shelf.unwritten.write_all()
        return self.standing, len(self.touched), self.link_touched, self.must_refold

    def restore(self, before: Before) -> None:
        """Forget what happened in memory since `before`; the caller undoes the tables."""
        self.standing, touched, self.link_touched, self.must_refold = before
        del self.touched[touched:]
        self._pending = set()
        self._drafted.forget()
        self.shelf.forget()

    # ---- What we say

    def append(self, draft: Draft, *, now: int, among: Sequence[str] = ()) -> Appended:
        """Write `draft` into the record and return its place. `among` are the names of all that came with it.

        Raises:
            RefusedError: it would be void; the caller undoes what was begun.
        """
        if not 0 < len(draft.id) <= MAX_DRAFT_ID:
            raise ValueError(f"a draft is named by 1 to {MAX_DRAFT_ID} characters")
        if self._drafted.is_taken(draft.id, among=among or (draft.id,)):
            return self._written_before(draft)
        if draft.kind == KIND:
            self.cards.check_ours(draft)
        written, absorbed = self._written(draft, now=now)
        if draft.files:
            files.keep_ours(self.shelf.unwritten, self.my_log, draft.files)
        index = absorbed.row.index
        is_settled = self.settle()
        verdict = self.shelf.verdict(self.facts.me, index) if is_settled else absorbed.row.verdict
        if not verdict.is_valid:
            reason = verdict.reason.value if verdict.reason else verdict.outcome.value
            raise RefusedError(reason, verdict.remark)
        self._drafted.take(draft.id, index)
        if draft.kind == KIND and self.cards.keep_ours(draft):
            self.owe_receipt()
        return self._appended(index=index, statement=written.said.leaf)

    def _written(self, draft: Draft, *, now: int) -> tuple[Written, Absorbed]:
        if draft.prepared is not None:
            return self._write_prepared(draft.prepared, now=now)
        try:
            act, value = draft.compose()
            body, files = draft.body_bytes(), draft.parts() if draft.files else ()
            roots = self._keys.roots if draft.kind in ROOT_SIGNED else ()
            said = channel.Draft(act=act, value=value, body=body, files=files, roots=roots)
        except BreachError as error:
            # The other side could not open it, and it would be without effect for ever (Spec §6.7).
            raise RefusedError(Void.BAD_JSON.value, str(error)) from error
        return self._write(said, now=now)

    def _write_prepared(self, prepared: Prepared, *, now: int) -> tuple[Written, Absorbed]:
        try:
            written = cosigning.written(
                prepared, origin=self.mine.current.origin, keys=self._keys, suite=self._suite
            )
        except cosigning.NotPreparedError as error:
            raise RefusedError(Void.WRONG_LOG.value, str(error)) from error
        if self._keeping.has_any([part.hash for part in written.parts]):
            raise RefusedError(Void.DUPLICATE_ACT.value, "it was written before")
        # What it had seen is old by now, and may be idle: the next entry says it again.
        return written, self._keep(written, cited=self.standing.cited, now=now)

    def _written_before(self, draft: Draft) -> Appended:
        self.shelf.write()
        index, leaf = self._db.execute(
            "SELECT drafted.idx, leaf FROM drafted JOIN entry USING (log, idx)"
            " WHERE draft = ? AND drafted.log = ?",
            (draft.id, self.my_log),
        ).fetchone()
        return self._appended(index=index, statement=leaf)

    def _write(self, draft: channel.Draft, *, now: int) -> tuple[Written, Absorbed]:
        at = self.standing
        seen = self._seen() if at.theirs.size > at.cited and draft.ended is None else None
        time = max(now, at.last_time)
        epoch = self.mine.current
        written = channel.write(draft, origin=epoch.origin, time=time, seen=seen, suite=self._suite)
        return written, self._keep(written, cited=at.theirs.size if seen else at.cited, now=now)

    def _keep(self, written: Written, *, cited: int, now: int) -> Absorbed:
        """Write an entry of ours; `cited` is how much of their line ours has seen with it."""
        at, said = self.standing, written.said
        size, total = at.mine.size, at.my_total + written.inline
        if size - at.text_size >= KEEP_ENTRIES or total - at.text_total > KEEP_BYTES:
            self._keep_text()
        self._keeping.entry(self.my_log, size, said=said, total=total)
        self._keeping.sealed(written.parts)
        self.shelf.expect_new(self.facts.me, written.parts[0].hash)
        absorbed = self.record.take(self.facts.me, said)
        self._note(absorbed, now)
        mine = at.mine.begun(self.mine.current).push(said.leaf)
        assert said.parsed is not None, "it was written here"
        time = max(said.parsed.entry.time, at.last_time)
        self.standing = replace(self.standing, mine=mine, my_total=total, cited=cited, last_time=time)
        return absorbed

    def _seen(self) -> Seen:
        theirs = self.standing.theirs
        origin, size = self.theirs.in_log(theirs.size)
        return Seen(origin=origin, size=size, root=theirs.root())

    # ---- What they say

    def read(self, parcel: Parcel, *, now: int) -> Intake:
        """Return what a parcel of the peer's proves, against what is held at this moment."""
        at = self.standing
        for alarm, remark in self.cards.hear(parcel.cards, at):
            self.raise_alarm(alarm, remark, now)
        is_forked = self._db.execute("SELECT 1 FROM fork WHERE log = ?", (self.peer_log,)).fetchone()
        held = channel.Held(
            theirs=at.theirs,
            mine=self.mine,
            my_cards=self.cards.of(self.facts.me, at.mine.size),
            my_later=self.cards.later,
            my_size=at.head_size,
            is_forked=is_forked is not None,
            is_recovering=self.is_recovering,
            was_signed=self.was_signed,
        )
        peer = channel.Peer(line=self.theirs, cards=self.cards.of(self.facts.peer, at.theirs.size))
        return Reading(peer, held, self.heads, now=now, suite=self._suite).read(parcel)

    def accept(self, intake: Intake, *, now: int) -> None:
        """Keep what a parcel proved, and say what must be said to it."""
        pieces = takewhile(bool, (self._take_whole(taken, now) for taken in intake.taken))
        self._answer_for_machine([each for piece in pieces for each in piece], now)
        for receipt, note in intake.receipts:
            self._keep_receipt(receipt, note)
        for alarm, remark in intake.alarms:
            self.raise_alarm(alarm, remark, now)
        for fork in intake.forks:
            self._keeping.fork(self.peer_log, fork.one, fork.two, now=now)
        self.settle()
        have = self.standing.have if intake.have is None else intake.have
        self.standing = replace(self.standing, have=have, heard_at=now)

    def _take_whole(self, taken: Taken, now: int) -> list[Incoming]:
        """Take a piece; undo that if it brings a card that cannot be taken up, and return nothing."""
        if not any(each.said.kind == KIND for each in taken.incoming):
            return self._take(taken, now)
        before, pending = self.snapshot(), set(self._pending)
        self._db.execute("SAVEPOINT piece")
        try:
            heard = self._take(taken, now)
            self.cards.check_theirs(taken)
        except NotTakenUpError as error:
            self._db.execute("ROLLBACK TO piece")
            self.restore(before)
            self._pending = pending
            self.raise_alarm(error.alarm, str(error), now)
            heard = []
        finally:
            self._db.execute("RELEASE piece")
        return heard

    def _take(self, taken: Taken, now: int) -> list[Incoming]:
        kept = self._keeping.kept_keys([part[0] for incoming in taken.incoming for part in incoming.parts])
        said = [incoming.said.parsed for incoming in taken.incoming]
        self.shelf.expect(self.facts.peer, [parsed.entry.act.hash for parsed in said if parsed is not None])
        heard = [self._take_entry(incoming, kept, now=now) for incoming in taken.incoming]
        self.shelf.write()
        self._keeping.head(self.peer_log, taken, line=self.theirs, total=self.standing.their_total)
        self.standing = replace(self.standing, theirs=taken.reach, owes_receipt=True)
        return heard

    def _take_entry(self, arrived: Incoming, kept: dict[bytes, bytes], *, now: int) -> Incoming:
        """Keep an entry; return it as it is answered: that a copy did not open is not said (Spec §5.3.2)."""
        size = len(arrived.said.raw) + sum([len(blob) + 80 for _, blob, _ in arrived.parts])
        total = self.standing.their_total + size + 80 * len(arrived.files)
        index = self.shelf.tip(self.facts.peer).size
        incoming = self._as_taken(arrived, index)
        self._keeping.entry(self.peer_log, index, said=incoming.said, total=total)
        self._keeping.parts(incoming.parts, kept, opened=incoming.unopened in {None, "json"})
        files.keep_wanted(self.shelf.unwritten, self.peer_log, incoming.files, keys=self._keys)
        absorbed = self.record.take(self.facts.peer, incoming.said)
        self._note(absorbed, now)
        self.standing = replace(self.standing, their_total=total)
        if absorbed.row.kind == "link.carded" and absorbed.row.verdict.is_valid:
            self._take_card(incoming, now)
        return replace(arrived, unopened=None) if absorbed.row.verdict.is_copy else arrived

    def _as_taken(self, incoming: Incoming, _index: int) -> Incoming:
        """Return what counts of an entry: of one that did not open, nothing."""
        return incoming

    def _take_card(self, incoming: Incoming, now: int) -> None:
        for alarm, remark in self.cards.take_up(act=incoming.said.act or b"", body=incoming.body or b""):
            self.raise_alarm(alarm, remark, now)

    def _answer_for_machine(self, incoming: Iterable[Incoming], now: int) -> None:
        """Say in our own log what could not be opened, and that the rest was received (Spec §6.6, §6.7)."""
        for each in incoming:
            if each.unopened is not None:
                self._say("unopened", {"reason": each.unopened}, re=each.said.leaf, now=now)
        if self.is_active() and any(each.is_clocked for each in incoming):
            self._say("received", {}, re=None, now=now)

    def _say(self, kind: str, d: "dict[str, str]", *, re: bytes | None, now: int) -> None:
        # An act hash may not occur twice; each is sealed under a fresh key, so none does.
        draft = Draft(id=kind, link=self.facts.name, kind=kind, d=d, re=re)
        self._write(channel.Draft(act=draft.act()), now=now)

    def is_active(self) -> bool:
        """Return whether both openings agree in all that is held here."""
        past = {self.facts.me: self.standing.mine.size, self.facts.peer: self.standing.theirs.size}
        return self.shelf.link().terms(past) is not None

    # ---- Keeping

    def settle_file(self, log: int, digest: bytes) -> None:
        """Note that a file is fetched no more."""
        files.settle(self._db, log, digest)

    def _note(self, absorbed: Absorbed, now: int) -> None:
        self.touched += absorbed.touched
        self.link_touched |= absorbed.link_changed
        self.must_refold |= absorbed.must_refold
        if absorbed.unjudged:
            self._pending |= absorbed.unjudged
        # What was seen may be what we lost: it comes back, and then is looked at again.
        if (absorbed.false_seen or absorbed.unproven_seen) and not self.is_unsure:
            alarm = Alarm.FALSE_SEEN if absorbed.false_seen else Alarm.UNPROVEN_SEEN
            self.raise_alarm(alarm, f"{absorbed.row.writer} {absorbed.row.index}", now)

    def settle(self) -> bool:
        """Fold every thread with something to judge, or all if the link itself must be; return if any was."""
        if not (self._pending or self.must_refold):
            return False
        pending, self._pending = self._pending, set()
        for thread in sorted(pending):
            self.record.settle(thread)
        if self.must_refold:
            self.shelf.write()
            found, sides = read_logs(self._db, self.facts.logs), self.facts.sides
            self.touched += refold(self._db, self.facts.logs, found=found, sides=sides, suite=self._suite)
            self.shelf.forget()
            self.must_refold = False
        return True

    def _keep_receipt(self, receipt: Receipt, note: bytes) -> None:
        log, at = self.my_log, receipt.received_at
        size = self.mine.size_of(receipt.head.origin, receipt.head.size)
        assert size is not None, "a receipt counts only for a head that was signed here"
        self._keeping.receipt(log, size, note, received_at=at)
        before = (self.standing.receipted, self.standing.receipted_at or 0)
        if (size, at) > before:
            self.standing = replace(self.standing, receipted=size, receipted_at=at)
            self._keeping.drop_notes(log, size)

    def raise_alarm(self, alarm: Alarm, remark: str, now: int) -> None:
        """Count an oddity. One row for each kind, so that a flood of them costs no space."""
        self._keeping.alarm(self.facts.id, alarm.value, remark, now=now)

    # ---- Heads and receipts: the text is kept with the entries, the signature comes after

    def prepare_head(self) -> None:
        """Keep the text of the head that is about to be signed. Part of the same transaction."""
        at = self.standing
        self.shelf.write()
        self._drafted.forget()
        for log, reach in ((self.my_log, at.mine), (self.peer_log, at.theirs)):
            self._db.execute("INSERT OR REPLACE INTO frontier VALUES (?, ?)", (log, reach.tree.encode()))
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
            self._keeping.note(self.my_log, each.size, each.note, signed_at=each.signed_at, total=each.total)
        at = signed.standing
        self.cards.note(at)
        if at.heard_at is not None:
            self._db.execute(
                "INSERT OR REPLACE INTO heard VALUES (?, ?, ?, ?)",
                (self.facts.id, at.heard_at, at.have, at.receipt_at),
            )

    def changes(self) -> None:
        """Note for the projections which threads are to be looked at again."""
        link, rows = self.facts.id, [*sorted(set(self.touched)), *([None] if self.link_touched else [])]
        self.shelf.unwritten.add_all(_CHANGE, [(link, row) for row in rows])
        self.shelf.unwritten.write()
        self.touched, self.link_touched = [], False
