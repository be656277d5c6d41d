"""One link in the hands of the writer thread, when something of a line is lost: ours or theirs.

    start       the record lacks what the signer anchored, or its anchor is lost    → recovering
    recovering  nothing is said and nothing signed; every parcel asks for our own line; what comes
                back under our own signatures goes through the same fold again
    whole       the record holds what is anchored                                   → it goes on
    sealed      there is no more: both sides let the log end, a new one continues it → it goes on

A returned entry beyond the anchor is never taken unasked: the key was used elsewhere, or disk
and anchor were rolled back together; then two officers confirm the head by its digits. Of a
partner's line nothing is believed but its own signature, and nothing is lost that is held here.
Source: Spec §4.8, §5.7; rules H10 to H13, H15.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from parley.ledger import epochs, files
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.epochs import Lost
from parley.ledger.lines import Lines
from parley.ledger.signing import Signed
from parley.protocol import channel, head, note, tree
from parley.protocol.channel import Alarm, Intake, Returned
from parley.protocol.content import Content, Incoming, inline
from parley.protocol.entry import Seen
from parley.protocol.form import read_statement
from parley.protocol.line import Reach
from parley.protocol.notation import write_base64

RECOVERING: Final = "recovering"


class Slot(Lines):
    """One link, in the hands of the writer thread: it says, hears, loses and regains."""

    # ---- What we say, or may not

    def append(self, draft: Draft, *, now: int, among: Sequence[str] = ()) -> Appended:
        """Write `draft` into the record, unless something of our line is lost.

        Raises:
            RefusedError: it would be void, or `recovering`: nothing may be said before the log is whole.
        """
        if self.lost is not None:
            raise RefusedError(RECOVERING, "the log is being asked back from the other side")
        return super().append(draft, now=now, among=among)

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
        if self.lost is None:
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
        return self.lost is None and (self.owes_words or self._is_to_continue())

    def _is_to_continue(self) -> bool:
        return len(self.mine.epochs) > 1 and self.standing.mine.size == self.mine.current.base

    def go_on(self, *, now: int) -> None:
        """Write the first entry of a later log, and what was to be said while nothing could be."""
        if self.lost is not None:
            return
        if self._is_to_continue():
            self._continue(now)
        cited = max(self.shelf.tip(self.facts.me).cut, self.seen_before)
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

    def _continue(self, now: int) -> None:
        current = self.mine.current
        origin, size = self.mine.in_log(current.base)
        before = self.mine.before(current.origin)
        if before is not None and not size:
            origin = before.origin
        root = self.shelf.root(self.facts.me, current.base) if size else tree.EMPTY_ROOT
        is_accepted = not epochs.not_accepted(self._db, self.my_log, self.mine)
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
        for ending, raw in intake.accepted:
            self._learn(ending, raw, now=now)
        given = [self._take_back(each, now) for each in intake.returned]
        if intake.taken and (self.lost is not None or self.standing.theirs.size < self.seen_before):
            # What our own entries had seen of it is judged by what is here only now.
            self.must_refold = True
        super().accept(intake, now=now)
        self._answer_asked(intake)
        if self.lost is not None:
            self._look_further(intake, is_given=any(given), now=now)
        self._take_places()

    # ---- What comes back

    def _take_back(self, returned: Returned, now: int) -> bool:
        """Take a piece of our own line; return whether it brought anything.

        What is here already only tells whether our key signed two histories.
        """
        origin, size = returned.signed.head.origin, returned.size
        if self.mine.size_of(origin, returned.signed.head.size) is None:
            return self._is_reopened(origin, now)
        if size <= self.standing.head_size:
            known = self.heads.root_at(origin, returned.signed.head.size)
            if known is not None and known != returned.signed.head.root:
                self.raise_alarm(Alarm.KEY_USED_ELSEWHERE, f"{origin}: another root", now)
            return False
        if self.lost is None:
            self.raise_alarm(Alarm.KEY_USED_ELSEWHERE, f"{origin} at {returned.signed.head.size}", now)
            self._lose("elsewhere", now=now, proof=returned.piece.note)
            return True
        if self.lost.seal is not None and size > self.lost.seal:
            # More was signed than we knew, so the log does not end there (rule H12).
            self._write_lost(replace(self.lost, seal=None, seal_at=None))
        if not self._may_take(returned, now):
            return False
        return self._reinstall(returned, now)

    def _is_reopened(self, origin: str, now: int) -> bool:
        """Take back an end that nobody accepted: more was signed of that log than we knew (rule H12)."""
        before = self.mine.before(self.mine.current.origin)
        is_alone = epochs.not_accepted(self._db, self.my_log, self.mine)
        if not is_alone or before is None or before.origin != origin:
            self.raise_alarm(Alarm.KEY_USED_ELSEWHERE, f"{origin}, beyond its end", now)
            return False
        self._reopen(now)
        return True

    def _may_take(self, returned: Returned, now: int) -> bool:
        """Return whether a head of ours is anchored or confirmed; if not, show it to the officers (H11)."""
        assert self.lost is not None
        shown = returned.signed.head
        if self.lost.confirmed == "".join(head.digits(shown)):
            return True
        anchored = self._desk.anchor(shown.origin)
        if anchored is not None and shown.size <= anchored.size:
            return True
        if self.lost.confirmed is not None and shown.size < self._proved_size():
            return True
        if anchored is not None:
            self.raise_alarm(Alarm.KEY_USED_ELSEWHERE, f"{shown.origin} at {shown.size}", now)
        if shown.size > self._proved_size():
            self._write_lost(replace(self.lost, proof=returned.piece.note))
        return False

    def _proved_size(self) -> int:
        proof = None if self.lost is None else self.lost.proof
        return 0 if proof is None else head.parse_text(note.parse(proof).text).size

    def _reinstall(self, returned: Returned, now: int) -> bool:
        """Put back into the record what a piece brings, if it goes on from what is here."""
        piece, start = returned.piece, returned.start
        if start > self.standing.mine.size:
            return False
        leaves = [tree.leaf_hash(raw) for raw in piece.entries]
        same = self._common(start, leaves)
        if start + same < min(self.standing.mine.size, self.standing.head_size):
            self.raise_alarm(Alarm.KEY_USED_ELSEWHERE, f"another entry {start + same}", now)
            return False
        epoch = next(each for each in self.mine.epochs if each.origin == returned.signed.head.origin)
        known = self._reach_at(start + same) if start + same < self.standing.mine.size else self.standing.mine
        reach = known.begun(epoch).extend(leaves[same:])
        if reach.size != returned.size or reach.root() != returned.signed.head.root:
            if not piece.entries:
                # It only shows how far our line went.
                return False
            self.raise_alarm(Alarm.NOT_EXTENDED, f"our own line at {returned.size}", now)
            return False
        fresh = [
            read_statement(raw, leaf) for raw, leaf in zip(piece.entries[same:], leaves[same:], strict=True)
        ]
        content = Content(piece, scope=epoch.origin, suite=self._suite)
        wanted = [inline(said.parsed) for said in fresh]
        if not all(content.has(part) for parts in wanted for part in parts):
            self.raise_alarm(Alarm.INCOMPLETE, "of our own line", now)
            return False
        self._cut_off(start + same, now)
        self._put_back([content.open(said, parts) for said, parts in zip(fresh, wanted, strict=True)], now)
        self._keep_head(returned, reach)
        return True

    def _common(self, start: int, leaves: Sequence[bytes]) -> int:
        """Return how many of `leaves`, from the index `start` on, are in the record already."""
        kept = self._db.execute(
            "SELECT leaf FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx",
            (self.my_log, start, start + len(leaves)),
        ).fetchall()
        same = 0
        for (leaf,), other in zip(kept, leaves, strict=False):
            if leaf != other:
                break
            same += 1
        return same

    def _as_taken(self, incoming: Incoming, index: int) -> Incoming:
        # No `unopened` is written of what our own entries had seen; of the rest it may still be.
        is_known = self.lost is not None or index < self.seen_before
        return (incoming.known or incoming) if is_known else incoming

    def _put_back(self, arrived: Sequence[Incoming], now: int) -> None:
        incoming = [each.known or each for each in arrived]
        digests = [digest for each in incoming for digest, _, _ in each.parts]
        kept = self._keeping.kept_keys(digests)
        for each in incoming:
            size = (
                len(each.said.raw) + sum(len(blob) + 80 for _, blob, _ in each.parts) + 80 * len(each.files)
            )
            total = self.standing.my_total + size
            index = self.shelf.tip(self.facts.me).size
            self._keeping.entry(self.my_log, index, said=each.said, total=total)
            self._keeping.parts(each.parts, kept, opened=each.unopened in {None, "json"})
            files.keep_wanted(self.shelf.unwritten, self.my_log, each.files, keys=self._keys)
            self._note(self.record.take(self.facts.me, each.said), now)
            self._remember_seen(each)
            self.standing = replace(self.standing, my_total=total)
        self.shelf.write()
        self.must_refold = True

    def _remember_seen(self, each: Incoming) -> None:
        seen = () if each.said.parsed is None else each.said.parsed.entry.seen
        sizes = [self.theirs.size_of(one.origin, one.size) for one in seen]
        size = max([one for one in sizes if one is not None], default=0)
        if size > max(self.standing.theirs.size, self.seen_before):
            self.seen_before = size
            epochs.write_seen_before(self._db, self.peer_log, size)

    def _keep_head(self, returned: Returned, reach: Reach) -> None:
        size, signed, raw = returned.size, returned.signed, returned.piece.note
        total = self._total(size)
        self._db.execute("INSERT OR IGNORE INTO head VALUES (?, ?, ?)", (self.my_log, size, signed.head.root))
        self._keeping.note(self.my_log, size, raw, signed_at=signed.signed_at, total=total)
        self.standing = replace(
            self.standing,
            mine=reach,
            my_total=total,
            text_size=size,
            text_total=total,
            head_size=size,
            head_total=total,
            head_at=signed.signed_at,
            head_note=raw,
        )

    def _look_further(self, intake: Intake, *, is_given: bool, now: int) -> None:
        """Go on where all is back, or let the log end where the other side has no more."""
        self._confirm(now)
        lost = self.lost
        assert lost is not None
        if lost.seal is None and lost.proof is None and self._is_whole():
            self._regain()
            return
        anchored = self._anchored()
        claimed = intake.claimed
        has_no_more = not is_given and claimed is not None and claimed <= self.standing.head_size
        if lost.seal is not None or lost.proof is not None or anchored is None or not has_no_more:
            return
        self._write_lost(replace(lost, seal=self.standing.head_size, seal_at=now))
        receipt = anchored.receipt
        receipted = 0 if receipt is None else head.parse_text(note.parse(receipt).text).size
        if self.mine.current.base + receipted > self.standing.head_size:
            code = Alarm.RECEIPTED_LOST if intake.asked is not None else Alarm.RETURNED_LESS
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
        if lost.confirmed == "".join(head.digits(held)) and at.head_size == at.mine.size:
            self._desk.replace(held.origin, at.mine.tree, confirmed=lost.confirmed, time=now)
            seal = Lost(
                cause=lost.cause, begun_at=lost.begun_at, next=lost.next, seal=at.head_size, seal_at=now
            )
            self._write_lost(seal)

    def confirm(self, digits: str, *, now: int) -> bool:
        """Note that officers confirmed a head by its digits; return whether it is one that waits for that."""
        lost = self.lost
        if lost is None:
            return False
        waiting = [raw for raw in (lost.proof, self.standing.head_note) if raw is not None]
        known = {"".join(head.digits(head.parse_text(note.parse(raw).text))) for raw in waiting}
        if digits not in known:
            return False
        self._write_lost(replace(lost, confirmed=digits, seal=None, seal_at=None))
        self._confirm(now)
        return True
