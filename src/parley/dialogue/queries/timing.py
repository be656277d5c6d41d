"""Lists that an officer has told this node to release at their second, by itself.

Such an order is ours alone and lies in a draft of the house: nothing is signed by it, and the other side
learns nothing of it. `node/releaser.py` carries it out, `actions/timing.py` gives it and takes it back.
"""

from dataclasses import dataclass
from typing import Final

from parley.drafts.queries import DraftRow, list_drafts, list_open, values_of
from parley.protocol.act import id_text, read_id
from parley.protocol.dialogue.bodies import Frozen
from parley.protocol.strictjson import read

PURPOSE: Final = "outcome_release"
FIELD: Final = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """To release the list of the round `statement` as both have `frozen` it, once its second has come.

    `number` is that of its draft, `key` makes a repetition harmless; `officer` gave it at `at`, unix seconds.
    """

    number: int
    link: str
    statement: bytes
    frozen: Frozen
    key: str
    officer: int
    by: str
    at: int


def order_of(link: str, statement: bytes) -> Order | None:
    """Return the order that stands for the list of this round."""
    found = list_drafts(link, purpose=PURPOSE, about=id_text(statement))
    return _order(found[0]) if found else None


def last_refused(link: str, statement: bytes) -> DraftRow | None:
    """Return the last order for the list of this round, if the record refused to carry it out."""
    found = list_drafts(link, purpose=PURPOSE, about=id_text(statement), is_closed=True)
    return next((each for each in found[:1] if each.outcome == "refused"), None)


def orders() -> tuple[Order, ...]:
    """Return all that stand, the next to be released first."""
    return tuple(sorted(map(_order, list_open(PURPOSE)), key=lambda each: (each.frozen.release, each.number)))


def _order(row: DraftRow) -> Order:
    said = read(values_of(row.number, (FIELD,))[FIELD].encode())
    match said:
        case {"release": int(release), "digest": str(digest), "key": str(key), "officer": int(officer)}:
            frozen = Frozen(release=release, digest=digest)
        case _:  # pragma: no cover - `actions/timing.py` wrote it
            raise ValueError(f"draft {row.number} is no order")
    return Order(
        number=row.number,
        link=row.link,
        statement=read_id(row.about),
        frozen=frozen,
        key=key,
        officer=officer,
        by=row.saved_by,
        at=row.saved_at,
    )
