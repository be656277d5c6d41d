"""A writer's line: the logs that one node writes in one channel, one after another, counted through.

    line    0 … 41    42 … 60    61 …
    log     0 … 41    0 … 18     0 …        the first sealed at 42, the second at 19
    epoch   5e0c9a71  9b1f03d2   77aa0c14

On the wire every size is of one log. Inside, entries are counted along the line, so that an
inquiry goes on over the end of a log; only the Merkle tree begins anew with each. Which log
follows which is agreed in `recovery.py`, and nothing else is ever taken for one. Spec §4.8.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, Self

from msgspec import Struct

from parley.protocol.tree import EMPTY, Frontier


class Epoch(Struct, frozen=True, kw_only=True):
    """One log of a line; `base` is how many entries of the line come before it."""

    origin: str
    base: int


class Line(Struct, frozen=True, kw_only=True):
    """The logs of one writer in their order: each but the last is sealed where the next begins."""

    epochs: tuple[Epoch, ...]

    @property
    def current(self) -> Epoch:
        """Return the log that is written now."""
        return self.epochs[-1]

    def at(self, index: int) -> Epoch:
        """Return the log in which the entry `index` of the line stands."""
        return next(epoch for epoch in reversed(self.epochs) if epoch.base <= index)

    def has(self, origin: str) -> bool:
        """Return whether `origin` is one of its logs."""
        return any(epoch.origin == origin for epoch in self.epochs)

    def find(self, origin: str) -> Epoch | None:
        """Return the log `origin`, None if it is not of this line."""
        return next((epoch for epoch in self.epochs if epoch.origin == origin), None)

    def end_of(self, origin: str, size: int) -> int:
        """Return where the log `origin` of this line was sealed; `size` if it is written now."""
        later = [two.base for one, two in pairwise(self.epochs) if one.origin == origin]
        return later[0] if later else size

    def after(self, origin: str) -> tuple[Epoch, ...]:
        """Return the logs that follow `origin`, which is one of this line."""
        return self.epochs[[epoch.origin for epoch in self.epochs].index(origin) + 1 :]

    def before(self, origin: str) -> Epoch | None:
        """Return the log that `origin` continues; None for the first, and for one of another line."""
        return next((one for one, two in pairwise(self.epochs) if two.origin == origin), None)

    def size_of(self, origin: str, size: int) -> int | None:
        """Return how many entries of the line the first `size` of the log `origin` reach.

        None if the log is not of this line, or was sealed before that.
        """
        seal: int | None = None
        for epoch in reversed(self.epochs):
            if epoch.origin == origin:
                reached = epoch.base + size
                return reached if seal is None or reached <= seal else None
            seal = epoch.base
        return None

    def in_log(self, size: int) -> tuple[str, int]:
        """Return the log in which the first `size` entries of the line end, and how many of it they are.

        Where one log ends and the next begins it is the former, so no entries are those of the first log.
        """
        epoch = self.at(size - 1) if size else self.epochs[0]
        return epoch.origin, size - epoch.base


class Reach(Struct, frozen=True, kw_only=True, gc=False):
    """How far a line is held: all of its first `base` entries, and the `tree` of the log that follows."""

    base: int
    tree: Frontier

    @property
    def size(self) -> int:
        """Return how many entries of the line these are."""
        return self.base + self.tree.size

    def root(self) -> bytes:
        """Return the root of the log in which it ends."""
        return self.tree.root()

    def begun(self, epoch: Epoch) -> Self:
        """Return where the entries of `epoch` are added: a tree of its own, once all before it is held."""
        return self if epoch.base == self.base else type(self)(base=epoch.base, tree=EMPTY)

    def push(self, leaf: bytes) -> Self:
        """Return it with one more entry of the same log, by its leaf hash."""
        return type(self)(base=self.base, tree=self.tree.push(leaf))

    def extend(self, leaves: Iterable[bytes]) -> Self:
        """Return it with more entries of the same log."""
        return type(self)(base=self.base, tree=self.tree.extend(leaves))


NOTHING: Final = Reach(base=0, tree=EMPTY)
