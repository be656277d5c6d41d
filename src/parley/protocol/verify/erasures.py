"""What both sides say in an export of destroying content: orders, and the answers to them.

Parts that are gone cannot be shown, and whoever made the file says why they are not in it. An order
with its answers says more: it was signed, receipted and entered like everything else. It is shown
as it was said; what it is worth is told with the worth of all statements. Source: Spec §7.8, §11.6.6.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from parley.protocol.act import Act
from parley.protocol.breach import BreachError
from parley.protocol.erasure import ErasureOrdered, ErasureRefused, Said, read_said
from parley.protocol.form import read_envelope
from parley.protocol.tree import leaf_hash
from parley.protocol.verify.listed import Listing, Log
from parley.protocol.verify.members import Whole

_KINDS: Final = frozenset({"record.erasure_ordered", "record.erased", "record.erasure_refused"})


class Saying(Struct, frozen=True, kw_only=True):
    """An order or an answer: entry `index` of the line of `node`, whose id is `statement`."""

    node: str
    index: int
    statement: bytes
    re: bytes | None
    said: Said


class Answered(Struct, frozen=True, kw_only=True):
    """What a side answered, at a place: `erased`, or its ground against it."""

    node: str
    place: str
    says: str


class Erasure(Struct, frozen=True, kw_only=True):
    """An order, at a place, and the answers to it, A's before B's."""

    node: str
    place: str
    said: ErasureOrdered
    answers: tuple[Answered, ...]


def read_saying(act: bytes, whole: Whole, log: Log) -> Iterator[Saying]:
    """Yield what an act of a whole entry says of erasing, if it does."""
    # Only to spare most acts a second reading; JSON may write any sign as `\\u` and its number.
    if b"record.eras" not in act and b"\\u" not in act:
        return
    envelope = read_envelope(act)
    if not isinstance(envelope, Act) or envelope.k not in _KINDS or envelope.v != 1:
        return
    try:
        said = read_said(envelope.k, envelope.d)
    except BreachError:
        return
    if (envelope.re is None) is isinstance(said, ErasureOrdered):
        at = log.base + whole.index
        yield Saying(node=log.node, index=at, statement=leaf_hash(whole.raw), re=envelope.re, said=said)


def erasures(listing: Listing, found: Sequence[Saying]) -> tuple[Erasure, ...]:
    """Return the orders, in the order of the lines, each with what is answered to it."""
    answers: dict[bytes, list[Answered]] = {}
    for each in found:
        if each.re is not None:
            says = each.said.ground.value if isinstance(each.said, ErasureRefused) else "erased"
            place = listing.place(each.node, each.index)
            answers.setdefault(each.re, []).append(Answered(node=each.node, place=place, says=says))
    return tuple(
        Erasure(
            node=each.node,
            place=listing.place(each.node, each.index),
            said=each.said,
            answers=tuple(answers.get(each.statement, ())),
        )
        for each in found
        if isinstance(each.said, ErasureOrdered)
    )


def ordered(found: Iterable[Erasure]) -> Mapping[bytes, tuple[str, ...]]:
    """Return, for each statement that an order names, the places of the orders."""
    places: dict[bytes, list[str]] = {}
    for order in found:
        for named in order.said.parts:
            places.setdefault(named.id, []).append(order.place)
    return {statement: tuple(each) for statement, each in places.items()}
