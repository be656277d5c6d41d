"""What was ordered to be destroyed of a statement, and what either side says that it did. Spec §7.8."""

from dataclasses import dataclass

from parley.ledger.erasures import OrderRow, orders
from parley.ledger.readers import OpenLink, reader_of
from parley.ledger.reading import Reader
from parley.links.queries.doomed import Doomed, doomed
from parley.protocol.act import id_text
from parley.work.home import Home


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """One order as its page shows it: what it names, as far as that is here, and both answers."""

    id: str
    place: str
    is_ours: bool
    at: int
    ground: str
    rows: tuple[Doomed, ...]
    ours: Answered
    theirs: Answered

    @property
    def slug(self) -> str:
        """Return its place as it stands in an address."""
        return self.place.replace(" ", "-")

    @property
    def awaits_us(self) -> bool:
        """Return whether our side has neither destroyed it nor refused."""
        return self.ours.at is None and not self.ours.refused


def order_pages(home: Home, link: OpenLink) -> tuple[OrderPage, ...]:
    """Return every order on `link` that is in effect, the newest first."""
    reader = reader_of(home)
    assert reader is not None, "there is a link"
    found = tuple(_page(reader, link, each) for each in orders(reader, link.row.name))
    return tuple(reversed(found))


def unanswered_orders(reader: Reader, link: OpenLink) -> tuple[str, ...]:
    """Return the places of the other side's orders on `link` that we have not answered."""
    me = link.row.me
    return tuple(
        each.order.place
        for each in orders(reader, link.row.name)
        if each.order.writer != me and each.erased(me) is None and each.refused(me) is None
    )


def _page(reader: Reader, link: OpenLink, order: OrderRow) -> OrderPage:
    return OrderPage(
        id=id_text(order.order.statement),
        place=order.order.place,
        is_ours=order.order.writer == link.row.me,
        at=order.order.effective,
        ground=order.said.ground.value,
        rows=doomed(reader, link.row.name, [each.id for each in order.said.parts]),
        ours=_answered(order, link.row.me),
        theirs=_answered(order, link.row.peer),
    )
