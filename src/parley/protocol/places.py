"""The place of a statement as people say it: whose log, which lane, which entry.

    A 112      entry 112 of party A, lane main
    A hot 3    entry 3 of party A, lane hot; in an address: A-hot-3

Main is the lane that nobody names. The letter and the lane together are the *mark* of a log: ``A``,
``A hot``. There is one reader of such places for every page and command. Spec §3.1, §7.3.
"""

import re
from dataclasses import dataclass
from typing import Final

from parley.protocol.names import LANES, MAIN

_PLACE: Final = re.compile(rf"([AB]) ?(?:({'|'.join(LANES[1:])}) ?)?([0-9]{{1,15}})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a statement stands on a link: the letter of the party, the lane, the index in that log."""

    letter: str
    index: int
    lane: str = MAIN

    @property
    def text(self) -> str:
        """Return the place as it is said, such as ``A 112`` or ``A hot 3``."""
        return f"{mark(self.letter, self.lane)} {self.index}"

    @property
    def path(self) -> str:
        """Return the place as it stands in an address, such as ``A-112`` or ``A-hot-3``."""
        return self.text.replace(" ", "-")


def mark(letter: str, lane: str) -> str:
    """Return how the log of the party `letter` in `lane` is called: ``A``, or ``A hot``."""
    return letter if lane == MAIN else f"{letter} {lane}"


def read_place(text: str) -> Place | None:
    """Return the place that `text` is, spaces or none between its words; None if it is no place."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    return Place(letter=found[1], index=int(found[3]), lane=found[2] or MAIN)


def addressed_place(path: str) -> Place | None:
    """Return the place that stands in an address, in its one spelling there; None if none does."""
    found = read_place(path.replace("-", " "))
    return found if found is not None and found.path == path else None


def heard_place(text: str) -> Place | None:
    """Return the place that somebody typed as he heard it: small letters, hyphens as in an address."""
    words = text.replace("-", " ").lower()
    return read_place(words[:1].upper() + words[1:])
