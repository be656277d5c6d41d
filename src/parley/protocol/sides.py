"""The two writers of a channel: their cards, and the lines that they write.

A value and no more: which log follows which is agreed in `recovery.py`. Spec §4.8, §7.1.
"""

from dataclasses import dataclass

from parley.protocol.card import Card
from parley.protocol.line import Epoch, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One writer: its node, the first log it wrote, the card by which the pairing knows it.

    `later` are the logs that it wrote since (Spec §4.8).
    """

    node: str
    origin: str
    card: Card
    card_hash: bytes
    later: tuple[Epoch, ...] = ()

    @property
    def line(self) -> Line:
        """Return all its logs in their order."""
        return Line(epochs=(Epoch(origin=self.origin, base=0), *self.later))

    @property
    def bases(self) -> frozenset[int]:
        """Return where in its line a later log begins."""
        return frozenset(epoch.base for epoch in self.later)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both writers of a channel."""

    one: Side
    two: Side

    def of(self, node: str) -> Side:
        """Return the side of `node`."""
        return self.one if node == self.one.node else self.two

    def other(self, node: str) -> Side:
        """Return the side that is not `node`'s."""
        return self.two if node == self.one.node else self.one
