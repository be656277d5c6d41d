"""Content is destroyed on both sides, and the record still proves all that it proved.

    record.erasure_ordered  {"parts":[{"statement":"<id>","parts":"all"},…],"ground":"retention"}
    record.erased           re: the order     d {}                          destroyed here
    record.erasure_refused  re: the order     d {"ground":"legal_hold"}     not destroyed here

Only parts are ever destroyed: ciphertext and key. Entries, acts, heads and receipts stay, and what
they prove does not change, since no fold reads a part (rule Z4). Each side answers for itself; gone
is what both have erased. The order binds nobody against its own law: a legal hold refuses.

An order opens a thread, and its answers join it; which of them count is told here. What is destroyed
where, and that no byte of it is left, is a matter of the house. Source: Spec §7.8.
"""

import itertools
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from parley.protocol.act import Id, read_id
from parley.protocol.breach import BreachError
from parley.protocol.entry import MAX_PARTS, Entry, PartRef
from parley.protocol.strictjson import JsonValue
from parley.protocol.voids import Void

MAX_NAMED: Final = 256

_Index = Annotated[int, Meta(ge=0, lt=MAX_PARTS)]


class Ground(Enum):
    """Why parts are to be destroyed."""

    RETENTION = "retention"
    PURPOSE_MET = "purpose_met"
    MISTAKEN = "mistaken"
    COURT_ORDER = "court_order"
    AGREED = "agreed"


class Objection(Enum):
    """Why a side does not destroy them."""

    LEGAL_HOLD = "legal_hold"
    PROCEEDINGS = "proceedings"
    OWN_LAW = "own_law"
    NOT_AGREED = "not_agreed"


class Named(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some parts of one statement of either side: all `part` lines, or those of these numbers, from 0."""

    statement: Id
    parts: Literal["all"] | Annotated[tuple[_Index, ...], Meta(min_length=1, max_length=MAX_PARTS)]

    def __post_init__(self) -> None:
        """Check that the id is in its one form, and that the numbers rise."""
        read_id(self.statement)
        if not isinstance(self.parts, str) and any(a >= b for a, b in itertools.pairwise(self.parts)):
            raise ValueError("the numbers of parts are not a rising list")

    @property
    def id(self) -> bytes:
        """Return the statement."""
        return read_id(self.statement)

    def of(self, entry: Entry) -> tuple[PartRef, ...]:
        """Return the parts that are meant of the statement's `entry`; a number that it lacks means none."""
        if isinstance(self.parts, str):
            return entry.parts
        return tuple(entry.parts[at] for at in self.parts if at < len(entry.parts))


class ErasureOrdered(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The writer asks both sides to destroy these parts."""

    parts: Annotated[tuple[Named, ...], Meta(min_length=1, max_length=MAX_NAMED)]
    ground: Ground

    def __post_init__(self) -> None:
        """Check that no statement stands twice."""
        if len({each.statement for each in self.parts}) != len(self.parts):
            raise ValueError("a statement stands twice")


class Erased(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The writer has destroyed what was ordered."""


class ErasureRefused(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The writer does not destroy it."""

    ground: Objection


class Answer(Struct, frozen=True, kw_only=True):
    """What a side answers to the statement `re`; that this is in its past was seen when it was read."""

    id: bytes
    writer: str
    re: bytes | None
    said: "Erased | ErasureRefused"


class Order(Struct, frozen=True, kw_only=True):
    """An order that is in effect."""

    id: bytes
    writer: str
    said: ErasureOrdered


class Erasure(Struct, frozen=True, kw_only=True):
    """An order, and what became of it: who has erased, and who refuses and why."""

    order: Order
    erased_by: frozenset[str]
    refused_by: Mapping[str, Objection]

    @property
    def is_gone(self) -> bool:
        """Return whether both sides have destroyed the parts."""
        return len(self.erased_by) == 2

    def awaits(self, node: str) -> bool:
        """Return whether `node` has not answered yet."""
        return node not in self.erased_by and node not in self.refused_by


def fold(order: Order, answers: Sequence[Answer]) -> tuple[Mapping[bytes, Void | None], Erasure]:
    """Return why each of the answers is void, None if it is not, and what became of the order.

    The answers of each side are in the order of its line. A side answers for itself, so what the
    other says makes no difference: it may refuse once, and then still erase, once.
    """
    voids: dict[bytes, Void | None] = {}
    erased: set[str] = set()
    refused: dict[str, Objection] = {}
    for answer in answers:
        voids[answer.id] = _void(order, answer, erased=erased, refused=refused)
        if voids[answer.id] is not None:
            continue
        if isinstance(answer.said, Erased):
            erased.add(answer.writer)
            refused.pop(answer.writer, None)
        else:
            refused[answer.writer] = answer.said.ground
    return voids, Erasure(order=order, erased_by=frozenset(erased), refused_by=refused)


def _void(order: Order, answer: Answer, *, erased: Collection[str], refused: Collection[str]) -> Void | None:
    own = answer.writer == order.writer
    if answer.re != order.id:
        return Void.NO_TARGET
    refuses = isinstance(answer.said, ErasureRefused)
    if own and refuses:
        return Void.NOT_WRITER
    again = answer.writer in erased or (refuses and answer.writer in refused)
    return Void.WRONG_STATE if again else None


Said = ErasureOrdered | Erased | ErasureRefused

_KINDS: Final[Mapping[str, type[Said]]] = {
    "record.erasure_ordered": ErasureOrdered,
    "record.erased": Erased,
    "record.erasure_refused": ErasureRefused,
}


def read_said(kind: str, d: Mapping[str, JsonValue]) -> Said:
    """Return what the `d` of an act about erasure says.

    Raises:
        BreachError: §7.8, which makes the act void as ``schema``.
    """
    try:
        return msgspec.convert(dict(d), type=_KINDS[kind], strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise BreachError("7.8", f"{kind}: {error}") from error
