"""Which card's keys hold where: a node has its cards one after the other, each from a place on.

A head is verified with the card in effect below its size. A receipt has no place in its signer's
own line; it says by its key ids which card signed it. Source: Spec §11.4.6 to §11.4.9, §11.5.12.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, receipt_keys, root_keys, write_keys
from parley.protocol.head import Receipt, SignedHead, read_head, read_receipt
from parley.protocol.names import EPOCH, ORIGIN_CHARACTERS
from parley.protocol.notation import HASH, NUMBER, read_hash, read_number
from parley.protocol.note import Algorithm, VerifyKey
from parley.protocol.suite import Suite

_ACCEPTANCE: Final = re.compile(
    rf"parley-accept/v1\n({ORIGIN_CHARACTERS})\n({NUMBER})\n({HASH})\n({EPOCH})\n".encode()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The cards of one node, and for each the size of the line above which it is in effect.

    `revoked` are the sizes of logs above which the keys of a card count no more, by log and serial.
    """

    cards: tuple[Card, ...]
    above: tuple[int, ...]
    revoked: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def read_head(self, raw: bytes, *, origin: str, base: int, suite: Suite) -> SignedHead:
        """Return the head in a note of the log `origin`, which begins at `base` of the line.

        Raises:
            BreachError: §4.5, or it is not signed by the card in effect.
        """
        card = self._in_effect(origin, base=base, size=_size_in(raw))
        return _read(raw, origin, card, suite=suite)

    def _in_effect(self, origin: str, *, base: int, size: int) -> Card:
        number = max(each for each, above in enumerate(self.above) if above < base + size or each == 0)
        for each, card in enumerate(self.cards):
            if self.revoked.get((origin, card.serial), size) < size:
                number = max(number, each + 1)
        if number == len(self.cards):
            raise BreachError("11.4", "the keys were revoked, and no card follows")
        return self.cards[number]

    def read_fork(
        self, notes: tuple[bytes, bytes], *, origin: str, suite: Suite
    ) -> tuple[SignedHead, SignedHead, Card]:
        """Return the heads in two notes, and the newest card of the node whose keys signed both.

        Raises:
            BreachError: no card's did.
        """
        for card in reversed(self.cards):
            try:
                one, two = (_read(raw, origin, card, suite=suite) for raw in notes)
            except BreachError:
                continue
            return one, two, card
        raise BreachError("4.5", "no card of the node signed both of these heads")

    def read_orphaned(self, raw: bytes, *, origin: str, suite: Suite) -> SignedHead:
        """Return the head in a note of a log that ended, signed by the newest card that no roots revoked.

        Raises:
            BreachError: no such card's keys signed it.
        """
        revoked = {serial for log, serial in self.revoked if log.startswith(f"{self.cards[0].node}/")}
        for card in reversed([card for card in self.cards if card.serial not in revoked]):
            try:
                return _read(raw, origin, card, suite=suite)
            except BreachError:
                continue
        raise BreachError("4.5", "no card of the node signed this head")


def _read(raw: bytes, origin: str, card: Card, *, suite: Suite) -> SignedHead:
    ed25519, ml_dsa = write_keys(card, origin)
    return read_head(raw, ed25519=ed25519, ml_dsa=ml_dsa, suite=suite)


def persons_of(signed: note.Note, card: Card, suite: Suite) -> int:
    """Return how many roots of `card` signed a note; 0 if a line of one of them does not verify."""
    try:
        return len({each.key.name for each in note.verified(signed, root_keys(card), suite)})
    except BreachError:
        return 0


def read_countersigned(raw: bytes, cards: Sequence[Card], suite: Suite) -> Receipt:
    """Return the receipt in a note that one of the other node's `cards` signed.

    Raises:
        BreachError: §4.6, or none did.
    """
    lines = {(line.name, line.key_id) for line in note.parse(raw).lines}
    for card in reversed(cards):
        ed25519, ml_dsa = receipt_keys(card)
        if lines & {(ed25519.name, ed25519.key_id), (ml_dsa.name, ml_dsa.key_id)}:
            return read_receipt(raw, ed25519=ed25519, ml_dsa=ml_dsa, suite=suite)
    raise BreachError("4.6", "no card of the other node signed this receipt")


def read_acceptance(raw: bytes, cards: Sequence[Card], suite: Suite) -> tuple[str, int, bytes, str]:
    """Return the log that is sealed, its size and root, and the epoch that goes on. Spec §11.4.6.

    Raises:
        BreachError: the text is another, or none of the other node's `cards` signed it.
    """
    signed = note.parse(raw)
    match = _ACCEPTANCE.fullmatch(signed.text)
    if match is None:
        raise BreachError("11.4", "this is not the text of an acceptance")
    keys = [
        VerifyKey(name=f"{card.node}/receipt", algorithm=Algorithm.ED25519, public=card.receipt_ed25519)
        for card in reversed(cards)
    ]
    lines = {(line.name, line.key_id) for line in signed.lines}
    newest = next((key for key in keys if (key.name, key.key_id) in lines), None)
    if newest is None or not note.verified(signed, (newest,), suite):
        raise BreachError("11.4", "no card of the other node signed this acceptance")
    origin, size, root, epoch = (word.decode() for word in match.groups())
    return origin, read_number(size, "11.4"), read_hash(root), epoch


def _size_in(raw: bytes) -> int:
    # Only to choose the key; the note is read whole by it.
    _, size, _ = note.read_checkpoint(note.parse(raw).text)
    return size
