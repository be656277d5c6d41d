"""What was ordered to be destroyed of a statement, and what either side says that it did. Spec §7.8."""

from dataclasses import dataclass

from parley.ledger.erasures import OrderRow, orders
from parley.ledger.readers import OpenLink
from parley.ledger.reading import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one side says: where and when it destroyed, or the code of why it refuses; else nothing yet."""

    place: str
    at: int | None
    refused: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureLine:
    """One order: its place, its ground as a code, and both answers."""

    order: str
    ground: str
    ours: Answered
    theirs: Answered


def erasures_of(reader: Reader, link: OpenLink, statement: bytes) -> tuple[ErasureLine, ...]:
    """Return every order that names `statement`, the oldest first."""
    return tuple(
        ErasureLine(
            order=each.order.place,
            ground=each.said.ground.value,
            ours=_answered(each, link.row.me),
            theirs=_answered(each, link.row.peer),
        )
        for each in orders(reader, link.row.name)
        if each.names(statement) is not None
    )


def _answered(order: OrderRow, node: str) -> Answered:
    erased = order.erased(node)
    if erased is not None:
        return Answered(place=erased.place, at=erased.effective, refused="")
    return Answered(place="", at=None, refused=order.refused(node) or "")
