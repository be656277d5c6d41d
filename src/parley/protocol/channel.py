"""The exchange, without sockets or disk: what a parcel means for the logs, and what to send next.

Writing     encrypt the act, hash it, make the entry. The caller commits, and only then asks
            for the signature on the head: persist, sign, send.
Receiving   `read` says what a parcel proves: entries that extend what is held here to a head
            that the writer signed, receipts for heads that were signed here, hints. The
            caller commits what it says, and only then asks for the receipt.
Sending     there is no queue: what is to be sent is a function of what the peer says it has.

An unproven claim changes nothing and accuses nobody; it is an alarm (rules H1, H2). Nothing
is refused because of a time (H3). Source: Spec §4.4–§4.7, §5.3–§5.5.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from parley.protocol import note
from parley.protocol.alarms import Alarm
from parley.protocol.breach import BreachError
from parley.protocol.card import Card
from parley.protocol.content import Content, Incoming, inline
from parley.protocol.form import Statement, read_statement
from parley.protocol.head import Head, Receipt, SignedHead, parse_text
from parley.protocol.intake import Fork, Intake, Late, Returned, Taken
from parley.protocol.known import Heads, Held, Peer, WasSigned, never
from parley.protocol.line import Epoch, Reach
from parley.protocol.parcel import Have, Parcel, Piece
from parley.protocol.recovery import Ending, Purpose, is_answer, read_answer, read_asked
from parley.protocol.recovery import parse_text as read_ending
from parley.protocol.succession import (
    Succession,
    brought,
    countersigned,
    is_by,
    read_signed,
    signing_card,
)
from parley.protocol.suite import Suite
from parley.protocol.tree import leaf_hash
from parley.protocol.writing import Draft, Written, write

__all__ = [
    "MAX_BATCH",
    "MAX_INLINE",
    "SKEW_SECONDS",
    "Alarm",
    "Draft",
    "Fork",
    "Heads",
    "Held",
    "Intake",
    "Late",
    "Peer",
    "Reading",
    "Returned",
    "Taken",
    "WasSigned",
    "Written",
    "never",
    "write",
]

# A head further ahead of this clock is taken and receipted all the same, and flagged (rule H3).
SKEW_SECONDS: Final = 300
# A writer closes a batch so that what lies between two of its heads always fits one parcel.
MAX_INLINE: Final = 8 * 1024 * 1024
MAX_BATCH: Final = 256


class Reading:
    """Reads one parcel of one peer against what is held here."""

    def __init__(self, peer: Peer, held: Held, heads: Heads, *, now: int, suite: Suite) -> None:
        """Read for a node that holds `held`, whose clock shows `now`."""
        self._peer = peer
        self._held = held
        self._heads = heads
        self._now = now
        self._suite = suite
        self._reach = held.theirs
        self._cards = peer.cards
        self._is_behind = False
        self._have: int | None = None
        self._answered: list[Ending] = []
        self._shown: int | None = None
        self._shows_head = False
        self._returned: list[Returned] = []
        self._accepted: list[tuple[Ending, bytes]] = []
        self._taken: list[Taken] = []
        self._late: list[Late] = []
        self._receipts: list[tuple[Receipt, bytes]] = []
        self._alarms: list[tuple[Alarm, str]] = []
        self._forks: list[Fork] = []

    def read(self, parcel: Parcel) -> Intake:
        """Return what `parcel` means. Its last frame has been verified; nothing else has."""
        for raw in filter(is_answer, parcel.receipts):
            self._read_answer(raw)
        asked = None if parcel.recover is None else self._read_asked(parcel.recover)
        # A log that this parcel itself announces is read from the next one on: it comes again.
        announced = {ending.next_origin for ending, _ in self._accepted}
        announced |= {asked[1].next_origin} if asked else set()
        for piece in parcel.pieces:
            self._read_piece(piece, announced)
        for raw in parcel.receipts:
            if not is_answer(raw):
                self._read_receipt(raw)
        for have in parcel.haves:
            self._read_have(have)
        return Intake(
            taken=tuple(self._taken),
            returned=tuple(self._returned),
            late=tuple(self._late),
            receipts=tuple(self._receipts),
            accepted=tuple(self._accepted),
            answered=tuple(self._answered),
            asked=asked,
            have=self._have,
            shows_head=self._shows_head,
            shown=self._shown,
            forks=tuple(self._forks),
            # Last, since all of the above may raise one.
            alarms=tuple(self._alarms),
        )

    def _alarm(self, alarm: Alarm, remark: str) -> None:
        self._alarms.append((alarm, remark))

    def _read_piece(self, piece: Piece, announced: Collection[str]) -> None:
        try:
            origin = parse_text(note.parse(piece.note).text).origin
            is_mine = _line_of(origin) == _line_of(self._held.mine.current.origin)
            ended = None if is_mine else self._ended(piece)
            if ended is None and origin in announced and not (is_mine or self._peer.line.has(origin)):
                # They go on where nobody here follows, or not yet: they are shown how far they are held.
                self._shown = self._shown or 0
                return
            epoch, signed, card = self._head_of(piece, origin, is_mine=is_mine, ended=ended)
        except BreachError as error:
            self._alarm_head(piece, error)
            return
        if is_mine:
            self._returned.append(Returned(signed=signed, piece=piece))
            return
        if signed.signed_at > self._now + SKEW_SECONDS:
            self._alarm(Alarm.AHEAD_OF_CLOCK, f"{signed.signed_at - self._now} s")
        self._shows_head = True
        reached = epoch.base + signed.head.size if self._peer.line.has(origin) else 0
        self._shown = max(reached, self._shown or 0)
        if self._is_fork(signed.head, piece.note) or self._held.is_forked or self._forks:
            # Which of the two histories goes on is for people to say (Spec §4.7).
            return
        if ended is None:
            self._extend(piece, signed, epoch=epoch, card=card)
        else:
            self._keep_late(piece, signed, ended=ended)

    def _alarm_head(self, piece: Piece, error: BreachError) -> None:
        """Raise the alarm, unless it only shows that much was said since, under keys that came later."""
        try:
            head = parse_text(note.parse(piece.note).text)
            epoch = next((each for each in self._peer.line.epochs if each.origin == head.origin), None)
            is_gap = epoch is not None and epoch.base + piece.start > self._reach.size
            if is_gap and not any(is_by(piece.note, card, head.origin) for card in self._cards.cards):
                self._is_behind = True
                return
        except BreachError:
            pass
        self._alarm(Alarm.BAD_HEAD, str(error))

    def _ended(self, piece: Piece) -> Reach | None:
        """Return how far a log of theirs is kept that ended before the head of this piece."""
        head = parse_text(note.parse(piece.note).text)
        line = self._peer.line
        if head.origin == line.current.origin or line.size_of(head.origin, head.size) is not None:
            return None
        here = [late.reach for late in self._late if late.signed.head.origin == head.origin]
        return here[-1] if here else self._heads.ended_at(head.origin)

    def _head_of(
        self, piece: Piece, origin: str, *, is_mine: bool, ended: Reach | None
    ) -> tuple[Epoch, SignedHead, Card]:
        """Return the log `origin` of either line, the head of it in a piece, and by which card it reads.

        A log of our own that is not known here is one all the same, if our key signed.

        Raises:
            BreachError: it is of another log, or not signed by its writer.
        """
        line = self._held.mine if is_mine else self._peer.line
        epoch = line.find(origin) or (Epoch(origin=origin, base=self._held.my_size) if is_mine else None)
        known = self._held.my_cards if is_mine else self._cards
        held = self._held.my_size if is_mine else self._reach.size
        if ended is not None:
            epoch, held = Epoch(origin=origin, base=ended.base), line.end_of(origin, ended.base)
            # No card that a later log announced was in force in this one.
            known = known.upto(held)
        if epoch is None:
            raise BreachError("4.5", f"{origin} is no log of this link")
        log, before = epoch, () if line.has(origin) else reversed(known.cards)

        def others() -> Iterable[Card]:
            found = self._brought(piece, known, log)
            later = self._held.my_later() if is_mine else ()
            return (*found.cards[len(known.cards) :][::-1], *later, *before)

        signed, card = read_signed(
            piece.note, known, base=log.base, held=held, others=others, suite=self._suite
        )
        return log, signed, card

    def _brought(self, piece: Piece, known: Succession, epoch: Epoch) -> Succession:
        """Return the cards that a piece brings whose head bears none of the keys that are known."""
        content = Content(piece, scope=epoch.origin, suite=self._suite)
        opened: list[tuple[int, Statement]] = []
        for index, raw in enumerate(piece.entries, start=epoch.base + piece.start):
            said = read_statement(raw)
            parts = inline(said.parsed)
            is_signed = said.parsed is not None and bool(said.parsed.lines)
            if is_signed and all(content.has(part) for part in parts):
                opened.append((index, content.open(said, parts).said))
        return brought(known, opened, origin=epoch.origin, suite=self._suite)

    def _is_fork(self, head: Head, raw: bytes) -> bool:
        """Return whether another root of this size is known, if only by this parcel; keep both notes (H1)."""
        here = {(each.signed.head.origin, each.signed.head.size): each for each in self._taken}
        taken = here.get((head.origin, head.size))
        known = taken.signed.head.root if taken else self._heads.root_at(head.origin, head.size)
        if known is None or known == head.root:
            return False
        one = taken.note if taken else self._heads.note_at(head.origin, head.size)
        if one is not None:
            self._forks.append(Fork(one=one, two=raw))
            self._alarm(Alarm.FORK, f"{head.origin} at {head.size}")
        else:
            # Without the other note it is a claim of ours and not a proof, so nobody is accused.
            self._alarm(Alarm.NOT_EXTENDED, f"another root at {head.size}")
        return True

    def _extend(self, piece: Piece, signed: SignedHead, *, epoch: Epoch, card: Card) -> None:
        reached = self._peer.line.size_of(epoch.origin, signed.head.size)
        size, start = self._reach.size, epoch.base + piece.start
        if reached is None or reached <= size or start > size:
            # An old head, a gap, or beyond a seal: the answer repeats `have`, and the peer goes on there.
            return
        fresh = piece.entries[size - start :]
        leaves = [leaf_hash(raw) for raw in fresh]
        reach = self._reach.begun(epoch).extend(leaves)
        if reach.size != reached or reach.root() != signed.head.root:
            self._alarm(Alarm.NOT_EXTENDED, f"{size} and these do not make the head {signed.head.size}")
            return
        incoming = self._open_all(piece, list(map(read_statement, fresh, leaves)), origin=epoch.origin)
        if incoming is None:
            return
        opened = ((index, each.said) for index, each in enumerate(incoming, start=size))
        cards = brought(self._cards, opened, origin=epoch.origin, suite=self._suite)
        if cards.newest != card:
            try:
                signed, _ = read_signed(
                    piece.note, cards, base=epoch.base, held=reached, others=tuple, suite=self._suite
                )
            except BreachError as error:
                self._alarm(Alarm.BAD_HEAD, f"card {cards.newest.serial}: {error}")
                return
        self._reach, self._cards = reach, cards
        self._taken.append(
            Taken(
                start=size, incoming=incoming, reach=reach, signed=signed, note=piece.note, card=cards.newest
            )
        )

    def _keep_late(self, piece: Piece, signed: SignedHead, *, ended: Reach) -> None:
        """Keep what goes on from the end of a log: it is proved, and has no effect (Spec §4.8.9)."""
        start, size = ended.base + piece.start, ended.base + signed.head.size
        if size <= ended.size or start > ended.size:
            return
        fresh = piece.entries[ended.size - start :]
        leaves = [leaf_hash(raw) for raw in fresh]
        reach = ended.extend(leaves)
        if reach.size != size or reach.root() != signed.head.root:
            self._alarm(Alarm.NOT_EXTENDED, f"{ended.size} and these do not make the late head {size}")
            return
        said = list(map(read_statement, fresh, leaves))
        incoming = self._open_all(piece, said, origin=signed.head.origin)
        if incoming is not None:
            self._late.append(
                Late(start=ended.size, incoming=incoming, reach=reach, signed=signed, note=piece.note)
            )

    def _open_all(
        self, piece: Piece, fresh: Sequence[Statement], *, origin: str
    ) -> tuple[Incoming, ...] | None:
        """Return the entries opened, or None if a key or ciphertext did not come: then nothing is taken."""
        content = Content(piece, scope=origin, suite=self._suite)
        wanted = [inline(said.parsed) for said in fresh]
        missing = [part.hash for parts in wanted for part in parts if not content.has(part)]
        if missing:
            self._alarm(Alarm.INCOMPLETE, f"{len(missing)} parts did not come")
            return None
        return tuple(content.open(said, parts) for said, parts in zip(fresh, wanted, strict=True))

    def _read_asked(self, raw: bytes) -> tuple[Purpose, Ending] | None:
        try:
            return read_asked(raw, self._cards.newest, self._suite)
        except BreachError as error:
            self._alarm(Alarm.BAD_RECOVERY, str(error))
            return None

    def _read_answer(self, raw: bytes) -> None:
        """Read what they say of our line, or what we accepted of theirs and may have lost since."""
        try:
            _, ending = read_ending(note.parse(raw).text)
            known = self._held.my_cards.cards
            is_mine = ending.origin.split("/", 1)[0] == known[0].node
            cards = self._cards.cards if is_mine else (*known, *reversed(tuple(self._held.my_later())))
            purpose, ending = read_answer(raw, signing_card(raw, cards), self._suite)
        except BreachError as error:
            self._alarm(Alarm.BAD_RECOVERY, str(error))
            return
        if purpose is Purpose.ACCEPT:
            self._accepted.append((ending, raw))
        else:
            self._answered.append(ending)

    def _read_receipt(self, raw: bytes) -> None:
        try:
            receipt = countersigned(raw, self._cards, self._suite)
        except BreachError as error:
            if not self._is_behind:
                self._alarm(Alarm.BAD_RECEIPT, str(error))
            return
        if receipt is None:
            return
        head = receipt.head
        # A receipt counts only for a head text that was signed here: a look-up, so that an
        # invented one neither costs anything nor stops anything (rule H2).
        if self._held.mine.has(head.origin) and self._heads.root_at(head.origin, head.size) == head.root:
            self._receipts.append((receipt, raw))
        elif not self._may_be_true(head.origin, head.size, head.root):
            self._alarm(Alarm.INVENTED_RECEIPT, f"{head.origin} at {head.size}")

    def _may_be_true(self, origin: str, size: int, root: bytes | None = None) -> bool:
        """Return whether a claim about our line may be so: we lost something, or our own head is shown."""
        shown = [each.signed.head.size for each in self._returned if each.signed.head.origin == origin]
        is_told = any(ending.next_origin == origin for ending, _ in self._accepted)
        is_shown = is_told or any(size <= most for most in shown)
        return self._held.is_recovering or is_shown or self._held.was_signed(origin, size, root)

    def _read_have(self, have: Have) -> None:
        mine, most = self._held.mine, self._held.my_size
        size = mine.size_of(have.origin, have.size)
        may_be = (size is not None and size <= most) or self._may_be_true(have.origin, have.size)
        if not mine.has(have.origin):
            if not may_be:
                self._alarm(Alarm.UNKNOWN_LOG, have.origin)
        elif not may_be:
            self._alarm(Alarm.INVENTED_HAVE, f"{have.size} of {most}")
        else:
            # Beyond the end of a log, or of what is known of it, they go on from there.
            size = min(mine.end_of(have.origin, most), most) if size is None else min(size, most)
            self._have = max(size, self._have or 0)


def _line_of(origin: str) -> str:
    return origin.rsplit("/", 1)[0]
