"""What comes back of our own line: pieces under heads that our own key signed, whoever sends them.

    here already            nothing, unless its root is another: then our key signed two histories
    at most what is anchored, or confirmed by officers            it goes back into the record
    beyond that             shown to two officers: the key was used elsewhere, or disk and anchor
                            were rolled back together (rule H11)
    of a log of ours that is not known here, or beyond its end    our line went another way, and what
                            we have instead gives way: unasked only if none of it was signed, or if it
                            was begun alone (rule H12)

What goes back is taken as if it had never been away; `lines.py` asks for it. Source: Spec §5.7.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from parley.ledger import epochs, files
from parley.ledger.lines import Lines
from parley.protocol import head, note, tree
from parley.protocol.channel import Alarm, Intake, Returned
from parley.protocol.content import Content, Incoming, inline
from parley.protocol.form import read_statement
from parley.protocol.head import Head
from parley.protocol.line import Reach
from parley.protocol.recovery import Ending


class Returning(Lines):
    """The lines of a link, of which ours may come back."""

    def _take_back(self, returned: Returned, intake: Intake, *, now: int) -> None:
        """Take a piece of our own line. What is here already only tells if our key signed two histories."""
        shown = returned.signed.head
        size = self.mine.size_of(shown.origin, shown.size)
        if size is not None and size <= self.standing.head_size:
            known = self.heads.root_at(shown.origin, shown.size)
            if known is not None and known != shown.root:
                self.raise_alarm(Alarm.KEY_USED_ELSEWHERE, f"{shown.origin}: another root", now)
            return
        if self.lost is None and not self._is_lost_by(returned, now):
            return
        assert self.lost is not None
        if self.lost.seal is not None and (size is None or size > self.lost.seal):
            # More was signed than we knew, so the log does not end there (rule H12).
            self._ask_anew(self.lost)
        if self._may_take(returned, now) and self._goes_on(returned, intake, now=now):
            self._reinstall(returned, now)

    def _is_lost_by(self, returned: Returned, now: int) -> bool:
        """Return whether a head of our own shows that a log of ours has to be opened again.

        Otherwise it may show that something is lost, or that they still hold what we let end.
        """
        shown = returned.signed.head
        anchored = self._desk.anchor(shown.origin)
        is_known = anchored is not None and shown.size <= anchored.size
        size = self.mine.size_of(shown.origin, shown.size)
        if self.alone is not None and size is None and self.mine.has(shown.origin):
            self._lose("reopened", now=now)
            return True
        if is_known and size is not None:
            # Signed by us and written here; only its note is not kept yet.
            return False
        self.raise_alarm(Alarm.KEY_USED_ELSEWHERE, f"{shown.origin} at {shown.size}", now)
        if is_known:
            self._offer(returned.piece.note)
        else:
            self._lose("elsewhere", now=now, proof=returned.piece.note)
        return False

    def _offer(self, note: bytes | None) -> None:
        epochs.write_offered(self._db, self.my_log, note)
        self.offered = note

    def _may_take(self, returned: Returned, now: int) -> bool:
        """Return whether a head of ours is anchored or confirmed; if not, show it to the officers (H11)."""
        shown, lost = returned.signed.head, self.lost
        assert lost is not None
        if lost.confirmed == "".join(head.digits(shown)):
            return True
        anchored = self._desk.anchor(shown.origin)
        if anchored is not None and shown.size <= anchored.size:
            return True
        if lost.confirmed is not None and self._is_before_proof(shown):
            return True
        if anchored is not None:
            self.raise_alarm(Alarm.KEY_USED_ELSEWHERE, f"{shown.origin} at {shown.size}", now)
        self._show_officers(returned)
        return False

    def _is_before_proof(self, shown: Head) -> bool:
        """Return whether a head of ours leads to the one that waits for officers, or is that one."""
        if self.lost is None or self.lost.proof is None:
            return False
        proof = head.parse_text(note.parse(self.lost.proof).text)
        if proof.origin == shown.origin:
            return shown.size <= proof.size
        # A log that is not known here comes after all that are.
        places = [epoch.origin for epoch in self.mine.epochs]
        return shown.origin in places and places.index(shown.origin) < (
            places.index(proof.origin) if proof.origin in places else len(places)
        )

    def _show_officers(self, returned: Returned) -> None:
        """Let officers compare the digits of a head, unless a later one waits for them already."""
        if self.lost is not None and not self._is_before_proof(returned.signed.head):
            self._write_lost(replace(self.lost, proof=returned.piece.note, confirmed=None))

    def _goes_on(self, returned: Returned, intake: Intake, *, now: int) -> bool:
        """Return whether the log of a head of ours is one of our line; let it be, if it can be.

        Where the other side shows that our line went another way, it goes that way. What is signed here
        gives way to that only if officers confirmed it, or if it was begun alone.
        """
        shown = returned.signed.head
        if self.mine.size_of(shown.origin, shown.size) is not None:
            return True
        told = [(each, raw) for each, raw in intake.accepted if each.next_origin == shown.origin]
        if not self.mine.has(shown.origin) and not told:
            return False
        origin = shown.origin if self.mine.has(shown.origin) else told[0][0].origin
        begin = self.mine.find(origin)
        if begin is None:
            return False
        end = self.mine.end_of(origin, self.standing.mine.size)
        base = end if origin == shown.origin else begin.base + told[0][0].size
        if base > end or (origin != shown.origin and not self._agrees(told[0][0], base)):
            # What comes before it is not here yet.
            return False
        is_alone = self.alone is not None and self.alone.base >= base
        if self.standing.head_size > base and not is_alone and not self._is_confirmed(shown):
            self._show_officers(returned)
            return False
        self._give_way(origin, base, now=now)
        if origin != shown.origin:
            self._follow(self.my_log, told[0][0], told[0][1])
        return True

    def _agrees(self, ending: Ending, base: int) -> bool:
        return not ending.size or self.shelf.root(self.facts.me, base) == ending.root

    def _is_confirmed(self, shown: Head) -> bool:
        confirmed = None if self.lost is None else self.lost.confirmed
        return confirmed == "".join(head.digits(shown)) or (
            confirmed is not None and self._is_before_proof(shown)
        )

    def _reinstall(self, returned: Returned, now: int) -> None:
        """Put back into the record what a piece brings, if it goes on from what is here."""
        piece = returned.piece
        epoch = next(each for each in self.mine.epochs if each.origin == returned.signed.head.origin)
        start, size = epoch.base + piece.start, epoch.base + returned.signed.head.size
        if start > self.standing.mine.size:
            return
        leaves = [tree.leaf_hash(raw) for raw in piece.entries]
        same = self._common(start, leaves)
        if start + same < min(self.standing.mine.size, self.standing.head_size):
            self.raise_alarm(Alarm.KEY_USED_ELSEWHERE, f"another entry {start + same}", now)
            return
        known = self._reach_at(start + same) if start + same < self.standing.mine.size else self.standing.mine
        reach = known.begun(epoch).extend(leaves[same:])
        if reach.size != size or reach.root() != returned.signed.head.root:
            if not piece.entries:
                # It only shows how far our line went.
                return
            self.raise_alarm(Alarm.NOT_EXTENDED, f"our own line at {size}", now)
            return
        fresh = [
            read_statement(raw, leaf) for raw, leaf in zip(piece.entries[same:], leaves[same:], strict=True)
        ]
        content = Content(piece, scope=epoch.origin, suite=self._suite)
        wanted = [inline(said.parsed) for said in fresh]
        if not all(content.has(part) for parts in wanted for part in parts):
            self.raise_alarm(Alarm.INCOMPLETE, "of our own line", now)
            return
        self._cut_off(start + same, now)
        self._put_back([content.open(said, parts) for said, parts in zip(fresh, wanted, strict=True)], now)
        self._keep_head(returned, reach)

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
            self.cards.keep_returned(each)
            self._remember_seen(each)
            self.standing = replace(self.standing, my_total=total)
        self.shelf.write()
        self.must_refold = True

    def _remember_seen(self, each: Incoming) -> None:
        seen = () if each.said.parsed is None else each.said.parsed.entry.seen
        sizes = [self.theirs.size_of(one.origin, one.size) for one in seen]
        size = max([one for one in sizes if one is not None], default=0)
        if size > max(self.standing.theirs.size, self.seen_before):
            self.seen_before = epochs.write_seen_before(self._db, self.peer_log, size)

    def _keep_head(self, returned: Returned, reach: Reach) -> None:
        size, signed, raw = reach.size, returned.signed, returned.piece.note
        total = self._total(size)
        epochs.write_regained(self._db, self.my_log, size)
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
