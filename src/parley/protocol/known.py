"""What is known here when a parcel is read: both lines, their cards, and the heads that were signed.

Values and look-ups, given by whoever keeps them; `channel.py` reads against them. Spec §5.3, §5.7.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from parley.protocol.card import Card
from parley.protocol.line import Line, Reach
from parley.protocol.succession import Succession


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The other node on one channel: the line it writes, and its cards as far as that is held here."""

    line: Line
    cards: Succession


class Heads(Protocol):
    """The head texts that are kept for ever, by log and size."""

    def root_at(self, origin: str, size: int) -> bytes | None:
        """Return the root of the head of this size that was signed, or None if there was none."""

    def note_at(self, origin: str, size: int) -> bytes | None:
        """Return the note of that head, if it is still kept."""

    def ended_at(self, origin: str) -> Reach | None:
        """Return how far a log of theirs that ended is kept, with what came after its end.

        None for one that goes on, that is not held up to its end, or that may yet be followed (Spec §4.8.9).
        """


# Whether this node may have signed so many entries of a log of its own: (log, size, root if known).
WasSigned: TypeAlias = Callable[[str, int, bytes | None], bool]


def never(_origin: str, _size: int, _root: bytes | None) -> bool:
    """Return that no log of ours was ever lost."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held here of both lines, and whether there is a proof that the peer forked its own.

    `my_size` is how much of our line is signed. While we are `recovering` we know that it was more, and
    `was_signed` says what we may once have signed of a log that ended, or of which something was lost;
    `my_later` gives our card with keys of ours that came after those in the record, the newest first.
    """

    theirs: Reach
    mine: Line
    my_cards: Succession
    my_size: int
    my_later: Callable[[], Iterable[Card]] = tuple
    was_signed: WasSigned = never
    is_forked: bool = False
    is_recovering: bool = False
