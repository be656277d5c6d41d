"""The file of an anchor on a disk that a test owns: what was not flushed may be lost or torn by a crash."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from parley.signer.anchor import Anchor

Strike = Callable[[Callable[[], None]], None]


@dataclass
class Anchorage:
    """The bytes of one anchor: `durable`, and the `pieces` written since. It is the `AnchorFile` of a desk.

    `strike` is asked before each flush, and may let it fail before or after its effect.
    """

    strike: Strike
    durable: bytes = b""
    pieces: list[tuple[int, bytes]] = field(default_factory=list)
    journal: list[str] = field(default_factory=list)

    def read(self) -> bytes:
        return _written(self.durable, self.pieces)

    def write(self, pieces: Mapping[int, bytes]) -> None:
        self.pieces += pieces.items()

    def sync(self) -> None:
        self.strike(self._flush)

    def note(self, line: str) -> None:
        self.journal.append(line)

    def _flush(self) -> None:
        self.durable, self.pieces = self.read(), []

    def close(self) -> None:
        """Let go of it in order: what was written stays."""
        self._flush()

    def crash(self, dice: random.Random) -> None:
        """Cut the power: of each piece that was not flushed, all, a part, or nothing is there."""
        kept = [(at, raw[: dice.choice((0, len(raw), dice.randint(0, len(raw))))]) for at, raw in self.pieces]
        self.durable, self.pieces = _written(self.durable, kept), []


def _written(raw: bytes, pieces: list[tuple[int, bytes]]) -> bytes:
    if not pieces:
        return raw
    size = max(len(raw), *(at + len(piece) for at, piece in pieces))
    found = bytearray(raw.ljust(size, b"\0"))
    for at, piece in pieces:
        found[at : at + len(piece)] = piece
    return bytes(found)


def anchored_sizes(durable: bytes) -> Mapping[str, int]:
    """Return how many entries of each log an anchor has that was flushed so."""
    anchor = Anchor(Anchorage(strike=lambda flush: flush(), durable=durable))
    return {origin: 0 if (at := anchor.get(origin)) is None else at.size for origin in anchor.origins}
