"""Which card's keys hold where on a line, and the cards that a piece itself brings along.

    card 1           card 2                   card 3
    ─────────────────┬────────────────────────┬───────────▶  entries of the line
                     i: link.carded           j: link.carded

A head is read with the card in force after the entries that it covers: of at most i entries with
card 1, of more with card 2. So who holds all of a line never needs an old key, and an old key is
worth nothing beyond the entry that replaced it. A receipt has no place in its signer's line; it
counts by the newest card. Whether an announcement is valid is decided by the fold alone; what is
read here of entries that are not folded yet only says by which keys their head is to be read, and
whoever takes them compares that with the fold. Source: Spec §7.2.5, §7.2.7.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, old_threshold, receipt_keys, write_keys
from parley.protocol.form import Statement, signers
from parley.protocol.head import Receipt, SignedHead, parse_text, read_head, read_receipt
from parley.protocol.links import Carded, LinkState, card_in, read_said
from parley.protocol.sides import Side
from parley.protocol.suite import Suite


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """The cards of one node on one line, the oldest first; each holds for sizes above its `above`."""

    cards: tuple[Card, ...]
    above: tuple[int, ...] = (0,)

    @property
    def newest(self) -> Card:
        """Return the card that is in force after all entries that are held."""
        return self.cards[-1]

    def at(self, size: int) -> Card:
        """Return the card in force after the first `size` entries of the line."""
        number = max((at for at, above in enumerate(self.above) if above < size), default=0)
        return self.cards[number]

    def upto(self, size: int) -> "Succession":
        """Return those of them that are in force within the first `size` entries; the first one always."""
        count = max(sum(above < size for above in self.above), 1)
        return Succession(cards=self.cards[:count], above=self.above[:count])

    def then(self, card: Card, *, above: int) -> "Succession":
        """Return this with one card more; where it holds from an earlier place, the others give way to it."""
        return Succession(cards=(*self.cards, card), above=(*self.above, above))


def succession(state: LinkState, side: Side, *, size: int) -> Succession:
    """Return the cards of `side` in the first `size` entries of its line."""
    found = Succession(cards=(side.card,))
    for each in state.of(Carded, side.node, size):
        if isinstance(each.said, Carded) and each.said.text is not None:
            found = found.then(card_in(each.said.text), above=each.index)
    return found


def brought(
    known: Succession, opened: Iterable[tuple[int, Statement]], *, origin: str, suite: Suite
) -> Succession:
    """Return `known` with the cards that entries of the log `origin` announce, each as (index, opened).

    Only what roots of the card before and of the new one signed counts; the rest is for the fold.
    """
    node = known.newest.node
    for index, said in opened:
        if said.kind != "link.carded" or said.parsed is None or said.parsed.entry.log != origin:
            continue
        card = _announced(said)
        old = known.newest
        if card is None or card.node != node or card == old:
            continue
        if signers(said.parsed, old, suite) >= old_threshold(old, card) and (
            signers(said.parsed, card, suite) >= card.threshold
        ):
            known = known.then(card, above=index)
    return known


def _announced(said: Statement) -> Card | None:
    """Return the card whose text an act says, None if it says none."""
    envelope = said.envelope
    d = getattr(envelope, "d", None)
    try:
        carded = None if d is None else read_said("link.carded", d)
    except BreachError:
        return None
    return card_in(carded.text) if isinstance(carded, Carded) and carded.text is not None else None


def read_signed(
    raw: bytes, known: Succession, *, base: int, held: int, others: Callable[[], Iterable[Card]], suite: Suite
) -> tuple[SignedHead, Card]:
    """Return the head in a note of the log that begins at `base`, and the card by which it reads.

    Up to the `held` size of the line that is the card in force there, and no other. Beyond it the
    newest that is known comes first, and then what `others` gives: cards that came with the note.

    Raises:
        BreachError: by none of them.
    """
    head = parse_text(note.parse(raw).text)
    size = base + head.size
    first = known.at(size)
    try:
        return _read(raw, first, suite=suite), first
    except BreachError:
        if size <= held:
            raise
        for card in others():
            if card != first and is_by(raw, card, head.origin):
                return _read(raw, card, suite=suite), card
        raise


def _read(raw: bytes, card: Card, *, suite: Suite) -> SignedHead:
    ed25519, ml_dsa = write_keys(card, parse_text(note.parse(raw).text).origin)
    return read_head(raw, ed25519=ed25519, ml_dsa=ml_dsa, suite=suite)


def is_by(raw: bytes, card: Card, origin: str) -> bool:
    """Return whether a note has lines under the names and ids of the write keys of `card`."""
    lines = {(line.name, line.key_id) for line in note.parse(raw).lines}
    return {(key.name, key.key_id) for key in write_keys(card, origin)} <= lines


def countersigned(raw: bytes, known: Succession, suite: Suite) -> Receipt | None:
    """Return the receipt in a note, by the newest card; None if only older ones signed it.

    That is no fault: it was signed before the newer card was, and a fresh one follows.

    Raises:
        BreachError: no card of the node signed it.
    """
    ed25519, ml_dsa = receipt_keys(known.newest)
    try:
        return read_receipt(raw, ed25519=ed25519, ml_dsa=ml_dsa, suite=suite)
    except BreachError:
        for card in reversed(known.cards[:-1]):
            try:
                old_ed25519, old_ml_dsa = receipt_keys(card)
                read_receipt(raw, ed25519=old_ed25519, ml_dsa=old_ml_dsa, suite=suite)
            except BreachError:
                continue
            return None
        raise


def signing_card(raw: bytes, cards: Sequence[Card]) -> Card:
    """Return the newest of `cards` whose receipt key a note of an acceptance names; the newest, if none."""
    lines = {(line.name, line.key_id) for line in note.parse(raw).lines}
    for card in reversed(cards):
        key = note.VerifyKey(
            name=f"{card.node}/receipt", algorithm=note.Algorithm.ED25519, public=card.receipt_ed25519
        )
        if (key.name, key.key_id) in lines:
            return card
    return cards[-1]


def with_keys(card: Card, keys: Iterable[tuple[bytes, bytes, bytes, bytes]]) -> Iterator[Card]:
    """Yield `card` with other keys: (write ed25519, write ml-dsa, receipt ed25519, receipt ml-dsa) each."""
    for write, write_pq, receipt, receipt_pq in keys:
        yield replace(
            card,
            write_ed25519=write,
            write_ml_dsa=write_pq,
            receipt_ed25519=receipt,
            receipt_ml_dsa=receipt_pq,
        )
