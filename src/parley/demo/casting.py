"""Who plays what: which sites, or whole inquiries, are answered, refused, returned, and which stay pending.

The story counts in *units*: whole inquiries where there are at least twenty of them, as in
the batch that it sends itself; otherwise single sites, so that it can go on with whatever a
walker has sent. Of twenty units twelve are answered, three refused, one is returned and
supplied, and four stay pending.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from parley.protocol.inquiries.apply import Inquiry, ItemState
from parley.protocol.inquiries.codes import OPEN

WHOLE: Final = 20
ANSWERED: Final = 12
REFUSED: Final = ("G13", "G09", "G20")
# What the story is about is one refusal for a good reason: the asked side has a case of its own.
GROUND: Final = "G09"


class Part(Enum):
    """What becomes of a unit."""

    ANSWERED = "answered"
    REFUSED = "refused"
    RETURNED = "returned"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Some items of one inquiry that share a fate. `number` counts from 1; `ground` is that of a refusal."""

    number: int
    inquiry: Inquiry
    items: tuple[ItemState, ...]
    part: Part
    ground: str = GROUND

    @property
    def open_items(self) -> tuple[ItemState, ...]:
        """Return those that nobody has settled yet."""
        return tuple(item for item in self.items if item.state in OPEN)

    @property
    def numbers(self) -> str:
        """Return the open items as the command line names them."""
        return ",".join(str(item.n) for item in self.open_items)


def cast(inquiries: Sequence[Inquiry]) -> tuple[Unit, ...]:
    """Return the units of `inquiries`, which stand as they were sent, each with its part."""
    split = _whole(inquiries) if len(inquiries) >= WHOLE else _single(inquiries)
    parts = _parts(len(split))
    return tuple(
        Unit(
            number=number,
            inquiry=inquiry,
            items=items,
            part=parts[number - 1],
            ground=_ground(number, count=len(split)),
        )
        for number, (inquiry, items) in enumerate(split, start=1)
    )


def wanted_answers(count: int) -> int:
    """Return how many of `count` units are to be answered."""
    return sum(part is Part.ANSWERED for part in _parts(count))


def _whole(inquiries: Sequence[Inquiry]) -> list[tuple[Inquiry, tuple[ItemState, ...]]]:
    return [(inquiry, inquiry.items) for inquiry in inquiries]


def _single(inquiries: Sequence[Inquiry]) -> list[tuple[Inquiry, tuple[ItemState, ...]]]:
    return [(inquiry, (item,)) for inquiry in inquiries for item in inquiry.items]


def _parts(count: int) -> tuple[Part, ...]:
    if count > ANSWERED + len(REFUSED):
        pending = count - ANSWERED - len(REFUSED) - 1
        return (
            *(Part.ANSWERED,) * ANSWERED,
            *(Part.REFUSED,) * len(REFUSED),
            Part.RETURNED,
            *(Part.PENDING,) * pending,
        )
    # A walker may have sent a few only: each part is played as long as there is somebody for it.
    few = (Part.REFUSED, Part.RETURNED)[: max(0, count - 1)]
    return (*(Part.ANSWERED,) * (count - len(few)), *few)


def _ground(number: int, *, count: int) -> str:
    if count <= ANSWERED + len(REFUSED) or not ANSWERED < number <= ANSWERED + len(REFUSED):
        return GROUND
    return REFUSED[number - ANSWERED - 1]
