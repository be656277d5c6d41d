"""One link in the hands of the writer thread, when something of a line is lost: ours or theirs.

    start       the record lacks what the signer anchored, or its anchor is lost    → recovering
    recovering  nothing is said and nothing signed; every parcel asks for our own line; what comes
                back under our own signatures goes through the same fold again
    whole       the record holds what is anchored                                   → it goes on
    sealed      there is no more: both sides let the log end, a new one continues it → it goes on

A returned entry beyond the anchor is never taken unasked: the key was used elsewhere, or disk
and anchor were rolled back together; then two officers confirm the head by its digits. Nor does
anything that was signed here ever give way unasked. Of a partner's line nothing is believed but
its own signature, and nothing is lost that is held here.
Source: Spec §4.8, §5.7; rules H10 to H13, H15.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from parley.ledger.again import Again, read_gone
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.late import keep_late
from parley.ledger.lines import EPOCH_BYTES
from parley.ledger.returning import Returning
from parley.ledger.signing import Signed
from parley.protocol import channel, head, note, tree
from parley.protocol.channel import Alarm, Intake
from parley.protocol.content import Incoming
from parley.protocol.entry import Seen
from parley.protocol.intake import Late
from parley.protocol.notation import write_base64
from parley.protocol.recovery import Purpose

RECOVERING: Final = "recovering"
# How long people wait for what their own side had seen before a loss; then they speak without it.
BEHIND_SECONDS: Final = 600


class Slot(Returning):
    """One link, in the hands of the writer thread: it says, hears, loses and regains."""

    # Since when our entries say to have seen what is not here any more.
    _behind_at: int | None = None

    # ---- The partner's first word

    def wait_for_word(self) -> None:
        """Say and sign nothing until the partner says how far it holds our line, to a question of now."""
        self.is_awaiting, self.is_answered = True, False
        self._word = self._suite.dice(EPOCH_BYTES).hex()
        self.standing = replace(self.standing, asks=self._asks())

    def wait_no_more(self) -> None:
        """Say and sign from now on."""
        self.is_awaiting = False
        self.standing = replace(self.standing, asks=self._asks())

    # ---- What we say, or may not

    @property
    def is_behind(self) -> bool:
        """Return whether our own entries say to have seen what was lost here, and may still come back."""
        return self.standing.theirs.size < self.seen_before

    def append(self, draft: Draft, *, now: int, among: Sequence[str] = ()) -> Appended:
        """Write `draft` into the record, unless something of our line is lost.

        Raises:
            RefusedError: it would be void, or `recovering`: nothing may be said before the log is whole, or
                before it is known what our own side had seen.
        """
        if self.lost is not None:
            raise RefusedError(RECOVERING, "the log is being asked back from the other side")
        if (self.standing.theirs.size < self.seen_before or self._behind_at is not None) and self._waits(now):
            raise RefusedError(RECOVERING, "what was seen of the other log is not back yet")
        return super().append(draft, now=now, among=among)

    def _waits(self, now: int) -> bool:
        """Return whether people wait: what they say is judged by what is not here (Spec §5.7.5).

        Not for ever, since the other side may keep it back.
        """
        if not self.is_behind:
            self._behind_at = None
            return False
        self._behind_at = now if self._behind_at is None else min(now, self._behind_at)
        return now - self._behind_at < BEHIND_SECONDS

    def sign(self, *, now: int) -> Signed:
        """Return what is signed; nothing while something is lost, or may be (rule H15)."""
        if self.lost is not None or self.is_awaiting:
            return Signed(standing=self.standing, notes=())
        return super().sign(now=now)

    def _answer_for_machine(self, incoming: Iterable[Incoming], now: int) -> None:
        arrived = list(incoming)
        start = self.standing.theirs.size - len(arrived)
        # What our own entries had seen was answered by them.
        fresh = arrived[max(self.seen_before - start, 0) :]
        if not self.is_unsure:
            super()._answer_for_machine(fresh, now)
            return
        # Nothing may be written now, and it must not be forgotten (Spec §5.7.9).
        for index, each in enumerate(fresh, start=max(start, self.seen_before)):
            reason = each.unopened or ("" if each.is_clocked else None)
            if reason is not None:
                self._db.execute(
                    "INSERT OR REPLACE INTO unsaid VALUES (?, ?, ?)", (self.peer_log, index, reason)
                )
                self.owes_words = True

    def is_due(self) -> bool:
        """Return whether `go_on` has something to write. May be asked from any thread."""
        return not self.is_unsure and (self.owes_words or self._is_to_continue())

    def _is_to_continue(self) -> bool:
        return len(self.mine.epochs) > 1 and self.standing.mine.size == self.mine.current.base

    def go_on(self, *, now: int) -> None:
        """Write the first entry of a later log, and what was to be said while nothing could be."""
        if self.is_unsure:
            return
        cited = max(self.shelf.tip(self.facts.me).cut, self.seen_before)
        if self._is_to_continue():
            self._continue(now)
        rows = self._db.execute(
            "SELECT idx, reason, leaf FROM unsaid JOIN entry USING (log, idx) WHERE log = ? AND idx >= ?"
            " ORDER BY idx",
            (self.peer_log, cited),
        ).fetchall()
        self._db.execute("DELETE FROM unsaid WHERE log = ?", (self.peer_log,))
        self.owes_words = False
        for _, reason, leaf in rows:
            if reason:
                self._say("unopened", {"reason": reason}, re=leaf, now=now)
        if self.is_active() and any(not reason for _, reason, _ in rows):
            self._say("received", {}, re=None, now=now)
        self.settle()
        self._say_again(now)

    def _say_again(self, now: int) -> None:
        """Write once more what gave way with the end of a log, and was said by our own people."""
        maker = Again(self._db, self.facts.link, self.my_log, keys=self._keys, suite=self._suite)
        for gone in read_gone(self._db, self.my_log):
            draft = maker.draft(gone)
            if draft is None:
                continue
            before = self.snapshot()
            self._db.execute("SAVEPOINT again")
            try:
                maker.is_now(gone, super().append(draft, now=now).statement)
            except RefusedError:
                # It answers what is not here any more, or persons signed it: it stays an orphan.
                self._db.execute("ROLLBACK TO again")
                self.restore(before)
            self._db.execute("RELEASE again")

    def _continue(self, now: int) -> None:
        """Write the first entry of a later log.

        It says nothing of the other line: what was not opened there must be said by the first that does.
        """
        current = self.mine.current
        origin, size = self.mine.in_log(current.base)
        root = self.shelf.root(self.facts.me, current.base) if size else tree.EMPTY_ROOT
        is_accepted = self.alone is None or self.alone.origin != current.origin
        draft = Draft(
            id="continued",
            link=self.facts.name,
            kind="link.continued",
            d={"origin": origin, "size": size, "root": write_base64(root), "accepted": is_accepted},
        )
        ended = Seen(origin=origin, size=size, root=root) if size else None
        roots = () if is_accepted else self._keys.roots
        self._write(channel.Draft(act=draft.act(), ended=ended, roots=roots), now=now)

    # ---- What they say

    def accept(self, intake: Intake, *, now: int) -> None:
        """Keep what a parcel proved; give and take what was lost."""
        self._declined = None
        for ending, raw in intake.accepted:
            self._learn(ending, raw, now=now)
        for each in intake.returned:
            self._take_back(each, intake, now=now)
        if intake.taken and (self.lost is not None or self.standing.theirs.size < self.seen_before):
            # What our own entries had seen of it is judged by what is here only now.
            self.must_refold = True
        super().accept(intake, now=now)
        if intake.late:
            self._keep_late(intake.late, now)
        words = {self._word, "" if self.lost is None else self.lost.next}
        self.is_answered |= any(each.epoch in words for each in intake.answered)
        self._answer_asked(intake)
        if self.lost is not None:
            self._look_further(intake, now=now)
        self._waits(now)
        self._take_places()

    def _keep_late(self, arrived: Sequence[Late], now: int) -> None:
        """Keep what they signed in a log that had ended before it, as far as there is room for it."""
        for late in arrived:
            if not keep_late(self._db, self.peer_log, late, keeping=self._keeping, now=now):
                return
            self.heads.note_ended(late.signed.head.origin, late.reach)

    # ---- How it ends

    def _as_taken(self, incoming: Incoming, index: int) -> Incoming:
        # No `unopened` is written of what our own entries had seen; of the rest it may still be.
        is_known = self.lost is not None or index < self.seen_before
        return (incoming.known or incoming) if is_known else incoming

    def _look_further(self, intake: Intake, *, now: int) -> None:
        """Go on where all is back, or let the log end where the other side has no more."""
        self._confirm(now)
        lost = self.lost
        assert lost is not None
        if lost.seal is None and lost.proof is None and self._is_whole():
            self._write_lost(None)
            return
        held = next((each for each in intake.answered if each.epoch == lost.next), None)
        if held is None:
            return
        reached = self.mine.size_of(held.origin, held.size)
        is_more = reached is None or reached > self.standing.head_size
        if lost.seal is not None:
            # They do not let it end there; if they hold more, that comes first (rule H12).
            if is_more:
                self._ask_anew(lost)
            return
        if reached is None or is_more or (self._is_anchor_lost() and lost.confirmed is None):
            return
        if held.size and self.shelf.root(self.facts.me, reached) != held.root:
            self.raise_alarm(Alarm.KEY_USED_ELSEWHERE, f"{held.origin} at {held.size}: another root", now)
            return
        self._seal(lost, now=now)
        self._tell_less(intake, now)

    def _tell_less(self, intake: Intake, now: int) -> None:
        """Raise the alarm if they once signed for more than they hold (rule H10)."""
        anchored = self._anchored()
        receipt = None if anchored is None else anchored.receipt
        receipted = 0 if receipt is None else head.parse_text(note.parse(receipt).text).size
        if self.mine.current.base + receipted > self.standing.head_size:
            is_asking = intake.asked is not None and intake.asked[0] is not Purpose.DECLINE
            code = Alarm.RECEIPTED_LOST if is_asking else Alarm.RETURNED_LESS
            self.raise_alarm(code, f"{receipted} receipted", now)

    def _confirm(self, now: int) -> None:
        """Anchor the head that officers confirmed, once the record holds it, and let the log end there.

        Nobody knows any more whether it was the last that was signed: in the same log the next
        entry could be a second history (rule H11).
        """
        lost, at = self.lost, self.standing
        if lost is None or lost.confirmed is None or at.head_note is None:
            return
        held = head.parse_text(note.parse(at.head_note).text)
        if lost.confirmed != "".join(head.digits(held)):
            return
        anchored = self._desk.anchor(held.origin)
        if anchored is None or (anchored.size < held.size and not anchored.retired):
            reached = self._reach_at(at.head_size).tree
            self._desk.replace(held.origin, reached, confirmed=lost.confirmed, time=now)
        self._seal(lost, now=now)

    def confirm(self, digits: str, *, now: int) -> bool:
        """Note that officers confirmed a head by its digits; return whether it is one that waits for that."""
        own = self.standing.head_note if self._is_anchor_lost() else None
        proof = self.offered if self.lost is None else self.lost.proof
        waiting = [raw for raw in (proof, own) if raw is not None]
        known = {"".join(head.digits(head.parse_text(note.parse(raw).text))) for raw in waiting}
        if digits not in known:
            return False
        if self.lost is None:
            self._lose("elsewhere", now=now, proof=proof)
        assert self.lost is not None
        self._ask_anew(replace(self.lost, confirmed=digits))
        self._offer(None)
        self._confirm(now)
        return True
