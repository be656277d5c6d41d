"""What goes into a parcel to a partner, put together from what is committed: nothing waits anywhere.

    full     what the partner lacks of our line, our receipt, what we hold of theirs
    brief    an answer: the receipt if it is due, what we hold
    either   while we are recovering, that we ask for our line; what the partner asked back of its
             own; a head of its own, if it showed less than we hold; what was agreed about an end

Source: Spec §5.4, §5.6, §5.7.
"""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from parley.ledger.keys import Keys
from parley.ledger.outgoing import BUDGET, BULK_BUDGET, Newest, Outgoing
from parley.ledger.slot import Slot
from parley.ledger.standing import Standing
from parley.protocol.line import Line
from parley.protocol.names import BULK
from parley.protocol.parcel import MAX_ENTRIES, Have, Parcel, Piece
from parley.protocol.recovery import Purpose, parse_text
from parley.signer.desk import SigningDesk

# An acceptance is some hundred bytes; a partner that lost many learns them one parcel after another.
MAX_ACCEPTANCES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """Composes for all links of a node. `reader` gives a connection that sees what is committed."""

    keys: Keys
    desk: SigningDesk
    reader: Callable[[], sqlite3.Connection]

    def brief(self, slot: Slot, *, shown: bool) -> Parcel:
        """Return the answer to a parcel, which `shown` a head or not."""
        at = slot.shown
        pieces = [] if at.returns is None else [self._returned(slot, at.returns)]
        return self._parcel(slot, at, pieces=pieces, shows_receipt=shown)

    def full(self, slot: Slot, at: Standing, *, is_paced: bool = True) -> Parcel:
        """Return all that a parcel would carry from `at` on; on lane bulk, little if it `is_paced`."""
        own = None if _is_unheard_of(slot, at) else self._outgoing(slot, is_paced=is_paced).piece(at)
        back = None if at.returns is None else self._returned(slot, at.returns)
        pieces = [piece for piece in (own, back) if piece is not None]
        if len(pieces) == 2 and not _fit_together(pieces):
            pieces = [pieces[int(at.is_their_turn)]]
        return self._parcel(slot, at, pieces=pieces, shows_receipt=True)

    def _parcel(self, slot: Slot, at: Standing, *, pieces: list[Piece], shows_receipt: bool) -> Parcel:
        facts = slot.facts
        if at.owes_proof and at.returns is None:
            pieces = [*pieces, *self._proof(slot)]
        receipts = (at.receipt_note,) if shows_receipt and at.receipt_note is not None else ()
        answers = () if at.answers is None else (self.desk.attest(at.answers),)
        return Parcel(
            sender=facts.me,
            receiver=facts.peer,
            channel=facts.channel,
            cards=slot.cards.frames,
            recover=None if at.asks is None else self.desk.attest(at.asks),
            pieces=tuple(pieces),
            receipts=(*receipts, *answers, *_acceptances(slot, at)),
            haves=_haves(slot.theirs, at),
        )

    def _outgoing(self, slot: Slot, *, is_paced: bool) -> Outgoing:
        budget = BULK_BUDGET if is_paced and slot.facts.lane == BULK else BUDGET
        return Outgoing(self.reader(), slot.my_log, line=slot.mine, keys=self.keys, budget=budget)

    def _returned(self, slot: Slot, start: int) -> Piece:
        theirs = Outgoing(self.reader(), slot.peer_log, line=slot.theirs, keys=self.keys)
        return theirs.since(start, self._newest(slot))

    def _proof(self, slot: Slot) -> Iterable[Piece]:
        newest = self._newest(slot)
        return (Piece(note=newest.note, start=slot.theirs.in_log(newest.size)[1]),)

    def _newest(self, slot: Slot) -> Newest:
        size, note, total = (
            self.reader()
            .execute(
                "SELECT size, note, total FROM head_note"
                " JOIN entry ON entry.log = head_note.log AND idx = size - 1"
                " WHERE head_note.log = ? ORDER BY size DESC LIMIT 1",
                (slot.peer_log,),
            )
            .fetchone()
        )
        return Newest(size=size, total=total, note=bytes(note))


def _is_unheard_of(slot: Slot, at: Standing) -> bool:
    """Return whether our newest head is of a log that was begun alone and is not announced with it."""
    if slot.alone is None or at.asks is None or at.head_size <= slot.alone.base:
        return False
    return parse_text(at.asks)[0] is Purpose.RECOVER


def _fit_together(pieces: Iterable[Piece]) -> bool:
    pieces = list(pieces)
    weight = sum(len(blob) for piece in pieces for blob in (*piece.entries, *piece.blobs))
    return weight <= BUDGET and sum(len(piece.entries) for piece in pieces) <= MAX_ENTRIES


def _acceptances(slot: Slot, at: Standing) -> tuple[bytes, ...]:
    """Return what was agreed about ends of either line beyond which the other holds nothing yet.

    The newest of ours always: whoever lost it could not even read what goes on behind it.
    """
    lacks = at.theirs.size if at.returns is None else at.returns
    ours = [note for base, note in slot.my_endings if base >= at.have] or [
        note for _, note in slot.my_endings[-1:]
    ]
    theirs = [note for base, note in slot.their_endings if base >= lacks]
    return (*ours[:MAX_ACCEPTANCES], *theirs[:MAX_ACCEPTANCES])


def _haves(theirs: Line, at: Standing) -> tuple[Have, ...]:
    """Return what is held of each log of their line, up to the first that is not whole."""
    held = at.theirs.size
    begun = [epoch for epoch in theirs.epochs if epoch.base < held or epoch.base == 0]
    following = [epoch for epoch in theirs.epochs if 0 < epoch.base == held]
    sizes = [min(theirs.end_of(epoch.origin, held), held) - epoch.base for epoch in (*begun, *following)]
    return tuple(
        Have(origin=epoch.origin, size=size) for epoch, size in zip((*begun, *following), sizes, strict=True)
    )
