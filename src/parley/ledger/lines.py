"""One link when something of a line is lost, ours or theirs: what is known of it, what was agreed.

    we ask      recover   how far is our line held?           → held, and what follows on the size named
                seal      nothing more is: may it end there?  → accepted, or held: then it begins anew
                decline   the log goes on; what they once accepted is not used

Every question has an epoch of its own; an answer to another one changes nothing. A log ends nowhere but
where both sides let it end, or officers let it end alone; then a new one continues it. What a partner holds
of its own line never gives way here; an end of which nothing is held follows what the partner said last.
What comes back stands in `returning.py`. Source: Spec §4.8, §5.7; rules H10 to H13.
"""

import sqlite3
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from parley.ledger import again, epochs
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
        # From a start until the partner answered its question, or did not in time (rule H15).
        self.is_awaiting, self.is_answered, self._word = False, False, ""
        self._declined: Ending | None = None
        self.was_signed = self._may_have_signed
        self._renew()
        self.shown = self.standing

    def _renew(self) -> None:
        """Take into memory what the tables say of lines and losses now."""
        self.facts = self.cards.facts = epochs.renewed(self._db, self.facts)
        self.mine, self.theirs = self.facts.line(self.facts.me), self.facts.line(self.facts.peer)
        self.heads = SqlHeads(self._db, self.facts)
        self.record = Record(self.shelf, self.facts.sides, self._suite)
        self._signer = Signer(self._db, self.facts, desk=self._desk, sets=self.cards.sets)
        self.lost = epochs.read_lost(self._db, self.my_log)
        # A head of ours in a log that we know as ended, which they still show: officers may follow it.
        self.offered = epochs.read_offered(self._db, self.my_log)
        waits = "SELECT 1 FROM unsaid WHERE log = ? UNION SELECT 1 FROM again WHERE log = ?"
        found = self._db.execute(waits, (self.peer_log, self.my_log)).fetchone()
        # Our entries say to have seen so much of their line; what of it comes again was answered then.
        self.seen_before = epochs.read_seen_before(self._db, self.peer_log)
        # Whether something is to be said that could not be, of their entries or once more (Spec §5.7.9).
        self.owes_words = found is not None
        self.alone = epochs.begun_alone(self._db, self.mine)
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
        """Compare the record with the anchor, before anything is signed. Part of a transaction.

        What was asked before is asked anew: the answer to it may be older than what this record holds.
        """
        is_whole, is_gone = self._is_whole(), self._is_anchor_lost()
        lost = self.lost
        if lost is None and not is_whole:
            self._lose("lost" if is_gone else "behind", now=now)
        elif lost is not None and is_whole and lost.proof is None:
            self._write_lost(None)
        elif lost is not None:
            cause = "lost" if is_gone else "behind" if lost.cause == "lost" else lost.cause
            self._ask_anew(replace(lost, cause=cause))

    def _lose(self, cause: str, *, now: int, proof: bytes | None = None) -> None:
        self._ask_anew(Lost(cause=cause, begun_at=now, next="", proof=proof))

    def _ask_anew(self, lost: Lost) -> None:
        """Ask what they hold of our line, by an epoch that no answer bears yet."""
        self._write_lost(replace(lost, next=self._suite.dice(EPOCH_BYTES).hex(), seal=None, seal_at=None))

    def _seal(self, lost: Lost, *, now: int) -> None:
        """Let our log end at the newest head that is here, if they let it."""
        name = self._suite.dice(EPOCH_BYTES).hex()
        size = self.standing.head_size
        self._write_lost(Lost(cause=lost.cause, begun_at=lost.begun_at, next=name, seal=size, seal_at=now))

    def _write_lost(self, lost: Lost | None) -> None:
        epochs.write_lost(self._db, self.my_log, lost)
        self.lost = lost
        self.standing = replace(self.standing, asks=self._asks())

    def _anchored(self) -> Anchored | None:
        return self._desk.anchor(self.mine.current.origin)

    def _is_anchor_lost(self) -> bool:
        """Return whether the anchor of our current log is gone, though it was or may have been signed."""
        current, before = self.mine.current, self.mine.before(self.mine.current.origin)
        if self._anchored() is not None:
            return False
        is_begun = self.standing.mine.size > current.base
        is_before_lost = before is not None and self._desk.anchor(before.origin) is None
        return is_begun or is_before_lost or current.origin in self._desk.lost()

    def _is_whole(self) -> bool:
        """Return whether the record holds all that the signer signed of our line, and knows all its logs."""
        current, anchored = self.mine.current, self._anchored()
        if anchored is None:
            return not self._is_anchor_lost() and not self._unknown()
        reached = current.base + anchored.size
        is_held = not anchored.size or (
            self.standing.mine.size >= reached
            and self.shelf.root(self.facts.me, reached) == anchored.frontier.root()
        )
        return is_held and not anchored.retired and not self._unknown()

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

    def _may_have_signed(self, origin: str, size: int, root: bytes | None) -> bool:
        """Return whether we may once have signed `size` entries of a log of ours, by the anchor (rule H2)."""
        anchored = self._desk.anchor(origin) if origin.startswith(f"{self.facts.me}/") else None
        if anchored is None or not 0 < size <= anchored.size:
            return False
        reached = self.mine.size_of(origin, size)
        if root is None or reached is None or reached > self.standing.mine.size:
            return True
        is_regained = epochs.is_regained(self._db, self.my_log, reached)
        return is_regained and self.shelf.root(self.facts.me, reached) == root

    # ---- Their line, which they lost

    def _answer_asked(self, intake: Intake) -> None:
        at = replace(self.standing, returns=None, answers=None, is_their_turn=not self.standing.is_their_turn)
        shows_less = intake.shown is not None and intake.shown < at.theirs.size
        self.standing = replace(at, owes_proof=shows_less)
        if intake.asked is None:
            return
        purpose, asked = intake.asked
        if purpose is Purpose.DECLINE:
            self._go_back(asked)
        elif purpose is Purpose.RECOVER:
            start = recovery.judge_recover(asked, self.theirs, at.theirs, root_at=self._their_root)
            self.standing = replace(self.standing, returns=start, answers=self._held(asked.epoch))
        else:
            self._judge_seal(asked)

    def _judge_seal(self, asked: Ending) -> None:
        known = epochs.epoch_names(self._db, self.peer_log)
        # What was accepted once may be accepted again, if it is the same (Spec §4.8.7).
        same = known.get(asked.epoch)
        is_same = same is not None and recovery.parse_note(same) == (Purpose.ACCEPT, asked)
        names = known.keys() - ({asked.epoch} if is_same else set())
        held = self.standing.theirs
        judged = recovery.judge_seal(asked, self.theirs, held, root_at=self._their_root, names=names)
        if judged is Answer.REPEATED:
            self.standing = replace(self.standing, answers=asked.text(Purpose.ACCEPT))
        elif judged is Answer.ACCEPTED:
            self._end_theirs(asked, same if is_same else None)
        elif judged is Answer.HELD:
            answers = self._held(asked.epoch)
            self.standing = replace(self.standing, answers=answers, owes_proof=held.size > 0)

    def _held(self, epoch: str) -> bytes:
        """Return what we hold of their line, as the answer to the question of this epoch."""
        along = self.standing.theirs.size
        origin, size = self.theirs.in_log(along)
        root = self._their_root(along) if size else tree.EMPTY_ROOT
        return Ending(origin=origin, size=size, root=root, epoch=epoch).text(Purpose.HELD)

    def _their_root(self, size: int) -> bytes:
        return self.shelf.root(self.facts.peer, size)

    def _end_theirs(self, ending: Ending, same: bytes | None) -> None:
        """Let their log end where they say, and sign that: we hold no more of it (rules H12, H13)."""
        acceptance = same or self._desk.attest(ending.text(Purpose.ACCEPT))
        receipted = self._desk.anchor(ending.origin)
        if receipted is not None and receipted.size > ending.size:
            remark = f"{receipted.size} receipted, ended at {ending.size}"
            self.raise_alarm(Alarm.RECEIPTED_LOST, remark, self.standing.heard_at or 0)
        self._follow(self.peer_log, ending, acceptance)

    def _go_back(self, ending: Ending) -> None:
        """Let their log go on that we let end before: they do not use what was to follow, nor will."""
        dropped = recovery.judge_decline(ending, self.theirs, self.standing.theirs)
        if dropped:
            epochs.drop_epochs(self._db, dropped)
            self._lines_changed()
            self._count_seen()

    def _follow(self, log: int, ending: Ending, acceptance: bytes | None) -> None:
        """Go on along a line where a log of it ended; what followed there before gives way."""
        line = self.mine if log == self.my_log else self.theirs
        before = line.find(ending.origin)
        assert before is not None, "it was looked up before"
        epoch = Epoch(origin=ending.next_origin, base=before.base + ending.size)
        self.shelf.write()
        gone = line.after(ending.origin)
        epochs.add_epoch(self._db, log, epoch, acceptance=acceptance, instead_of=gone)
        self._lines_changed()
        if log == self.peer_log:
            self._count_seen()

    def _count_seen(self) -> None:
        """Count anew how much of their line our entries had seen, now that one of the lines is another."""
        self.seen_before = again.recount_seen(self._db, self.my_log, self.peer_log, theirs=self.theirs)
        self.owes_words = again.note_unanswered(self._db, self.peer_log, cut=self.seen_before)

    def _lines_changed(self) -> None:
        self._renew()
        self.must_refold = self.link_touched = True
        self.settle()

    # ---- What was agreed, and may have been lost since

    def _learn(self, ending: Ending, raw: bytes, *, now: int) -> None:
        """Take up what was agreed: of our line by them, or of theirs by us, before we lost it."""
        is_mine = ending.origin.split("/", 1)[0] == self.facts.me
        if not is_mine:
            self._learn_theirs(ending, raw)
        elif self.mine.has(ending.next_origin):
            if recovery.is_ended(ending, self.mine):
                epochs.keep_acceptance(self._db, ending.next_origin, raw)
                self._renew()
        elif self.lost is None and ending.origin == self.mine.current.origin:
            self._declined = ending
        elif (
            self.lost is not None and self.lost.seal is not None and ending == self._ending_at(self.lost.seal)
        ):
            self._end_ours(raw, now=now)

    def _learn_theirs(self, ending: Ending, raw: bytes) -> None:
        held, before = self.standing.theirs.size, self.theirs.find(ending.origin)
        if self.theirs.has(ending.next_origin) or before is None:
            return
        base = before.base + ending.size
        if held > min(base, self.theirs.end_of(ending.origin, held)):
            # What is held never gives way to what was once agreed.
            return
        names = epochs.epoch_names(self._db, self.peer_log)
        is_named = ending.epoch in names or len(names) < recovery.MAX_NAMES
        is_same = held != base or not ending.size or self._their_root(base) == ending.root
        if is_named and is_same:
            self._follow(self.peer_log, ending, raw)

    # ---- Our line

    def _ending_at(self, size: int) -> Ending:
        assert self.lost is not None
        return self._ending(size, self.lost.next)

    def _ending(self, size: int, epoch: str) -> Ending:
        origin, count = self.mine.in_log(size)
        root = self.shelf.root(self.facts.me, size) if count else tree.EMPTY_ROOT
        return Ending(origin=origin, size=count, root=root, epoch=epoch)

    def _asks(self) -> bytes | None:
        """Return the text by which we ask for what is lost, or for an end that was not accepted yet."""
        # From where both sides hold the same, as far as they said: what follows there may be another log.
        lost, common = self.lost, min(self.standing.have, self.standing.head_size)
        if lost is None and self.is_awaiting:
            return self._ending(common, self._word).text(Purpose.RECOVER)
        if self.alone is not None and (lost is None or lost.proof is None):
            epoch = self.alone.origin.rsplit("/", 1)[1]
            return self._ending(self.alone.base, epoch).text(Purpose.SEAL)
        if lost is None:
            return None if self._declined is None else self._declined.text(Purpose.DECLINE)
        if lost.seal is not None:
            return self._ending_at(lost.seal).text(Purpose.SEAL)
        return self._ending_at(common).text(Purpose.RECOVER)

    def _end_ours(self, acceptance: bytes | None, *, now: int) -> None:
        assert self.lost is not None
        assert self.lost.seal is not None
        ending = self._ending_at(self.lost.seal)
        self.shelf.write()
        again.note_gone(self._db, self.my_log, self.lost.seal)
        self._cut_off(self.lost.seal, now)
        for origin in (self.mine.current.origin, ending.origin, *self._unknown()):
            self._desk.begin(ending.next_origin, retires=origin)
        epochs.write_lost(self._db, self.my_log, None)
        self._follow(self.my_log, ending, acceptance)

    def end_alone(self, *, now: int) -> None:
        """End our log without the other side, which does not answer (rule H12): officers decided so."""
        assert self.lost is not None
        self._seal(self.lost, now=now)
        self._end_ours(None, now=now)
        self._take_places()

    def _give_way(self, origin: str, size: int, *, now: int) -> None:
        """Cut our line at `size`, where the log `origin` ended or goes on; what followed are orphans."""
        if self.alone is not None:  # Nobody else ever saw what was said there (Spec §4.8.8).
            again.note_gone(self._db, self.my_log, max(size, self.alone.base))
        self._cut_off(size, now)
        epochs.drop_epochs(self._db, self.mine.after(origin))
        self._lines_changed()

    def count_orphans(self) -> int:
        """Return how many entries of ours are no part of our line any more."""
        return epochs.count_orphans(self._db, self.my_log)

    def _cut_off(self, size: int, now: int) -> None:
        """Keep as orphans what the record holds of our line from `size` on."""
        at = self.standing
        if at.mine.size <= size:
            return
        self.shelf.write()
        again.note_unsaid(self._db, self.my_log, self.peer_log, size=size)
        epochs.orphan_from(self._db, self.my_log, size, line=self.mine, now=now)
        self.shelf.forget()
        self._drafted.forget()
        total, receipted = self._total(size), epochs.newest_receipt(self._db, self.my_log)
        self.standing = replace(
            at,
            mine=self._reach_at(size),
            my_total=total,
            text_size=size,
            text_total=total,
            have=min(at.have, size),
            receipted=receipted[0],
            receipted_at=receipted[1],
        )
        if at.head_size > size:
            self._show_head(*epochs.newest_head(self._db, self.my_log))
        self.must_refold = True
        self.settle()
        self.standing = replace(self.standing, cited=self.shelf.tip(self.facts.me).cut)
        self._count_seen()

    def _show_head(self, size: int, signed_at: int, raw: bytes | None) -> None:
        """Go on from an earlier head of ours."""
        at = replace(self.standing, head_size=size, head_total=self._total(size))
        self.standing = replace(at, head_at=signed_at, head_note=raw)

    def _reach_at(self, size: int) -> Reach:
        base = self.mine.at(size - 1).base if size else 0
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
        tip, at = self.shelf.tip(self.facts.me), self.standing
        self.standing = replace(
            at, last_time=max(at.last_time, tip.effective), cited=max(at.cited, tip.cut), asks=self._asks()
        )
