"""One link when something of a line is lost, ours or theirs: what is known of it, what was agreed.

A log ends nowhere but where both sides let it end, or where officers let it end alone; then a
new one continues it, under a name that was never used before. Of a partner's line nothing is
believed but its own signature, and nothing is lost that is held here. What comes back, and when
anything may be said again, stands in `slot.py`. Source: Spec §4.8, §5.7; rules H10 to H13.
"""

import sqlite3
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from parley.ledger import epochs
from parley.ledger.epochs import Lost
from parley.ledger.exchange import Before, Exchange
from parley.ledger.keys import Keys
from parley.ledger.signing import Signer
from parley.ledger.standing import LinkFacts, SqlHeads, Standing
from parley.protocol import recovery, tree
from parley.protocol.channel import Alarm, Intake
from parley.protocol.line import Epoch, Reach
from parley.protocol.record import Record
from parley.protocol.recovery import Answer, Ending, Purpose
from parley.protocol.suite import Suite
from parley.signer.desk import Anchored, SigningDesk

EPOCH_BYTES: Final = 4


class Lines(Exchange):
    """The lines of a link, which may end and go on."""

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
        super().__init__(db, facts, keys=keys, desk=desk, suite=suite, standing=standing)
        self._desk = desk
        # True from a start until one parcel was exchanged, or nobody answered in time (rule H15).
        self.is_awaiting = False
        self._renew()
        self.shown = self.standing

    def _renew(self) -> None:
        """Take into memory what the tables say of lines and losses now."""
        self.facts = epochs.renewed(self._db, self.facts)
        self.mine, self.theirs = self.facts.line(self.facts.me), self.facts.line(self.facts.peer)
        self.heads = SqlHeads(self._db, self.facts)
        self.record = Record(self.shelf, self.facts.sides, self._suite)
        self._signer = Signer(self._db, self.facts, desk=self._desk)
        self.lost = epochs.read_lost(self._db, self.my_log)
        found = self._db.execute("SELECT 1 FROM unsaid WHERE log = ?", (self.peer_log,)).fetchone()
        # Our entries say to have seen so much of their line; what of it comes again was answered then.
        self.seen_before = epochs.read_seen_before(self._db, self.peer_log)
        # Whether something is to be said of their entries that could not be when they came (Spec §5.7.9).
        self.owes_words = found is not None
        self.my_endings = epochs.acceptances(self._db, self.my_log)
        self.their_endings = epochs.acceptances(self._db, self.peer_log)
        self.standing = replace(self.standing, asks=self._asks())

    def restore(self, before: Before) -> None:
        """Forget what happened in memory since `before`, and what was learned of the lines."""
        super().restore(before)
        self._renew()
        self.standing = before[0]

    @property
    def is_recovering(self) -> bool:
        """Return whether something of our own line is lost."""
        return self.lost is not None

    @property
    def is_unsure(self) -> bool:
        """Return whether our record may not be what we once signed: something is lost, or may be."""
        return self.lost is not None or self.is_awaiting

    # ---- Whether anything is lost

    def examine(self, *, now: int) -> None:
        """Compare the record with the anchor, before anything is signed. Part of a transaction."""
        is_whole = self._is_whole()
        if self.lost is None and not is_whole:
            self._lose("behind" if self._anchored() is not None else "lost", now=now)
        elif self.lost is not None and is_whole and self.lost.proof is None and self.lost.seal is None:
            self._regain()

    def _lose(self, cause: str, *, now: int, proof: bytes | None = None) -> None:
        following = self._suite.dice(EPOCH_BYTES).hex()
        self._write_lost(Lost(cause=cause, begun_at=now, next=following, proof=proof))

    def _regain(self) -> None:
        self._write_lost(None)

    def _write_lost(self, lost: Lost | None) -> None:
        epochs.write_lost(self._db, self.my_log, lost)
        self.lost = lost
        self.standing = replace(self.standing, asks=self._asks())

    def _anchored(self) -> Anchored | None:
        return self._desk.anchor(self.mine.current.origin)

    def _is_whole(self) -> bool:
        """Return whether the record holds all that the signer signed of our line, and knows all its logs."""
        current, anchored = self.mine.current, self._anchored()
        if anchored is None:
            is_lost = current.origin in self._desk.lost()
            return not is_lost and self.standing.mine.size <= current.base and not self._has_unknown()
        if anchored.retired or self._has_unknown():
            return False
        reached = current.base + anchored.size
        return not anchored.size or (
            self.standing.mine.size >= reached
            and self.shelf.root(self.facts.me, reached) == anchored.frontier.root()
        )

    def _to_retire(self) -> str:
        """Return the log that is never signed in again when the next begins."""
        return next(iter(self._unknown()), self.mine.current.origin)

    def _has_unknown(self) -> bool:
        return bool(self._unknown())

    def _unknown(self) -> Sequence[str]:
        """Return the logs of this line that we signed in, and that the record does not know."""
        prefix = f"{self.facts.me}/{self.facts.channel}/"
        strange = [
            origin
            for origin in self._desk.origins()
            if origin.startswith(prefix) and not self.mine.has(origin)
        ]
        found = [self._desk.anchor(origin) for origin in strange]
        return [each.origin for each in found if each is not None and each.size and not each.retired]

    # ---- Their line, which they lost

    def _answer_asked(self, intake: Intake) -> None:
        at = replace(
            self.standing, returns=None, owes_proof=False, is_their_turn=not self.standing.is_their_turn
        )
        shows_less = intake.shown is not None and intake.shown < at.theirs.size
        self.standing = replace(at, owes_proof=shows_less)
        if intake.asked is None:
            return
        purpose, ending = intake.asked
        if purpose is Purpose.RECOVER:
            judged = recovery.judge_recover(ending, self.theirs, at.theirs, root_at=self._their_root)
            if judged.answer is Answer.RETURNED:
                self.standing = replace(self.standing, returns=judged.start)
            return
        names = epochs.epoch_names(self._db, self.peer_log)
        judged = recovery.judge_seal(ending, self.theirs, at.theirs, root_at=self._their_root, names=names)
        if judged.answer is Answer.PROVED:
            self.standing = replace(self.standing, owes_proof=True)
        elif judged.answer is Answer.ACCEPTED and not judged.repeats:
            self._end_theirs(ending, judged.start)

    def _their_root(self, size: int) -> bytes:
        return self.shelf.root(self.facts.peer, size)

    def _end_theirs(self, ending: Ending, base: int) -> None:
        """Let their log end where they say, and sign that: we hold no more of it (rules H12, H13)."""
        acceptance = self._desk.attest(ending.text(Purpose.ACCEPT))
        receipted = self._desk.anchor(ending.origin)
        if receipted is not None and receipted.size > ending.size:
            remark = f"{receipted.size} receipted, ended at {ending.size}"
            self.raise_alarm(Alarm.RECEIPTED_LOST, remark, self.standing.heard_at or 0)
        self._follow(self.peer_log, Epoch(origin=ending.next_origin, base=base), acceptance)

    def _follow(self, log: int, epoch: Epoch, acceptance: bytes | None) -> None:
        self.shelf.write()
        epochs.add_epoch(self._db, log, epoch, acceptance=acceptance)
        if log == self.peer_log and self.seen_before > epoch.base:
            epochs.write_seen_before(self._db, log, epoch.base)
        self._renew()
        self.must_refold = self.link_touched = True
        self.settle()

    # ---- Our line

    def _learn(self, ending: Ending, raw: bytes, *, now: int) -> None:
        """Take up what was agreed: of our line by them, or of theirs by us, before we lost it."""
        is_mine = ending.origin.split("/", 1)[0] == self.facts.me
        line = self.mine if is_mine else self.theirs
        if line.has(ending.next_origin):
            if is_mine:
                epochs.keep_acceptance(self._db, ending.next_origin, raw)
                self._renew()
            return
        if is_mine and self.lost is not None and ending == self._ending():
            self._end_ours(raw, now=now)
            return
        base = line.size_of(ending.origin, ending.size)
        if base is None or ending.origin != line.current.origin or (is_mine and self.lost is None):
            return
        log = self.my_log if is_mine else self.peer_log
        held = self.standing.mine if is_mine else self.standing.theirs
        if base >= held.size and ending.epoch not in epochs.epoch_names(self._db, log):
            self._follow(log, Epoch(origin=ending.next_origin, base=base), raw)

    def _ending(self) -> Ending | None:
        """Return how our log is to end, if it is."""
        if self.lost is None or self.lost.seal is None:
            return None
        return self._ending_at(self.lost.seal)

    def _ending_at(self, size: int) -> Ending:
        assert self.lost is not None
        origin, count = self.mine.in_log(size)
        root = self.shelf.root(self.facts.me, size) if count else tree.EMPTY_ROOT
        return Ending(origin=origin, size=count, root=root, epoch=self.lost.next)

    def _asks(self) -> bytes | None:
        """Return the text by which we ask for what is lost, or for an end that was not accepted yet."""
        if self.lost is not None:
            ending = self._ending() or self._ending_at(self.standing.head_size)
            return ending.text(Purpose.RECOVER if self.lost.seal is None else Purpose.SEAL)
        if not epochs.not_accepted(self._db, self.my_log, self.mine):
            return None
        current = self.mine.current
        before = self.mine.before(current.origin)
        assert before is not None
        size = current.base - before.base
        root = self.shelf.root(self.facts.me, current.base) if size else tree.EMPTY_ROOT
        epoch = current.origin.rsplit("/", 1)[1]
        return Ending(origin=before.origin, size=size, root=root, epoch=epoch).text(Purpose.SEAL)

    def _end_ours(self, acceptance: bytes | None, *, now: int) -> None:
        ending = self._ending()
        assert ending is not None
        assert self.lost is not None
        base = self.lost.seal or 0
        self._cut_off(base, now)
        self._desk.begin(ending.next_origin, retires=self._to_retire())
        epochs.write_lost(self._db, self.my_log, None)
        self._follow(self.my_log, Epoch(origin=ending.next_origin, base=base), acceptance)

    def end_alone(self, *, now: int) -> None:
        """End our log without the other side, which does not answer (rule H12): officers decided so."""
        assert self.lost is not None
        self._write_lost(replace(self.lost, seal=self.standing.head_size, seal_at=now))
        self._end_ours(None, now=now)
        self._take_places()

    def _reopen(self, now: int) -> None:
        """Undo that our log was ended alone, and ask it back again; what was written since are orphans."""
        current = self.mine.current
        self._cut_off(current.base, now)
        epochs.drop_epoch(self._db, current.origin)
        found = self._db.execute(
            "SELECT size, signed_at, note FROM head_note WHERE log = ? AND size <= ?"
            " ORDER BY size DESC LIMIT 1",
            (self.my_log, current.base),
        ).fetchone() or (0, 0, None)
        size, signed_at, raw = found
        self.standing = replace(
            self.standing, head_size=size, head_total=self._total(size), head_at=signed_at, head_note=raw
        )
        self._renew()
        self._lose("reopened", now=now)
        self.must_refold = self.link_touched = True

    def count_orphans(self) -> int:
        """Return how many entries of ours are no part of our line any more."""
        (count,) = self._db.execute("SELECT COUNT(*) FROM orphan WHERE log = ?", (self.my_log,)).fetchone()
        return int(count)

    def _cut_off(self, size: int, now: int) -> None:
        """Keep as orphans what the record holds of our line from `size` on: nobody signed it."""
        at = self.standing
        if at.mine.size <= size:
            return
        self.shelf.write()
        epochs.orphan_from(self._db, self.my_log, size, line=self.mine, now=now)
        self.shelf.forget()
        self._drafted.forget()
        reach = self._reach_at(size)
        self.standing = replace(
            at, mine=reach, my_total=self._total(size), text_size=size, text_total=self._total(size)
        )
        self.must_refold = True
        self.settle()

    def _reach_at(self, size: int) -> Reach:
        base = self.mine.at(max(size - 1, 0)).base
        leaves = self._db.execute(
            "SELECT leaf FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx",
            (self.my_log, base, size),
        )
        return Reach(base=base, tree=tree.EMPTY.extend(leaf for (leaf,) in leaves))

    def _total(self, size: int) -> int:
        found = self._db.execute(
            "SELECT total FROM entry WHERE log = ? AND idx = ?", (self.my_log, size - 1)
        ).fetchone()
        return 0 if found is None else int(found[0])

    def _take_places(self) -> None:
        """Take from the fold what follows from entries that came back or went."""
        tip = self.shelf.tip(self.facts.me)
        at = self.standing
        self.standing = replace(
            at, last_time=max(at.last_time, tip.effective), cited=max(at.cited, tip.cut), asks=self._asks()
        )
