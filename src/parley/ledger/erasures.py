"""Orders to erase, from any process: core is asked to carry one out; how they stand is read.

    {"ask":"erase","draft":{…}}                                 an order of ours, signed
    {"ask":"erase","link":"a-b","order":"<id>","officer":4}     an order that is in the record
    {"answer":{"order":{…}|null,"erased":{…}|null,"is_clean":true}}

Source: Spec §7.8.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from parley.ledger.append import core_or_alone
from parley.ledger.asking import NotADraftError, read_draft, write_draft
from parley.ledger.drafts import Appended, Draft, RefusedError, UnknownLinkError
from parley.ledger.erasing import ERASED, Destroyed, NoOrderError
from parley.ledger.ledger import Ledger, StorageError
from parley.ledger.reading import EntryRow, Reader
from parley.ledger.waiting import StoppedError
from parley.ledger.writer import UnsignedError
from parley.protocol import erasure
from parley.protocol.act import id_text, read_id
from parley.protocol.breach import BreachError
from parley.protocol.erasing import ORDERED
from parley.protocol.erasure import ErasureOrdered, Named
from parley.protocol.strictjson import JsonObject, JsonSource, JsonValue
from parley.work import clock
from parley.work.home import Home
from parley.work.sock import CoreError

SEVERAL_LANES: Final = "several-lanes"

Reply: TypeAlias = Mapping[str, JsonSource]

_ORDERS: Final = (
    "SELECT leaf FROM row JOIN log ON log.id = row.log JOIN link ON link.id = log.link"
    " WHERE kind = 'record.erasure_ordered' AND outcome = 'valid' AND link.name = ?"
    " ORDER BY effective, row.log, idx"
)


# ---- Asked, in core


def answer(request: JsonObject, *, ledger: Ledger) -> Reply:
    """Return what came of `request`.

    Raises:
        CoreError: it is no such request, or it cannot be done.
    """
    try:
        return _write(_done(request, ledger))
    except RefusedError as error:
        return {"refused": error.code, "remark": error.remark}
    except (NotADraftError, BreachError) as error:
        raise CoreError("request", str(error)) from error
    except UnknownLinkError as error:
        raise CoreError("unknown_link", str(error)) from error
    except NoOrderError as error:
        raise CoreError("no_order", str(error)) from error
    except UnsignedError as error:
        raise CoreError("unsigned", str(error)) from error
    except StorageError as error:
        raise CoreError("storage", str(error)) from error
    except StoppedError as error:
        raise CoreError("stopped", "core is stopping; ask again") from error


def _done(request: JsonObject, ledger: Ledger) -> Destroyed:
    match request:
        case {"ask": "erase", "draft": dict(draft)}:
            return ledger.eraser.order(read_draft(draft), now=clock.now())
        case {"ask": "erase", "link": str(link), "order": str(order), "officer": int(officer)}:
            return ledger.eraser.carry_out(link, read_id(order), officer=officer, now=clock.now())
        case _:
            raise CoreError("request", "core does not know this request")


def _write(done: Destroyed) -> Reply:
    return {
        "order": _write_appended(done.order),
        "erased": _write_appended(done.erased),
        "is_clean": done.is_clean,
    }


def _write_appended(said: Appended | None) -> Reply | None:
    if said is None:
        return None
    return {
        "link": said.link,
        "lane": said.lane,
        "letter": said.letter,
        "index": said.index,
        "statement": id_text(said.statement),
    }


# ---- Asking


def order(home: Home, draft: Draft) -> Destroyed:
    """Say the order `draft`, which persons signed, destroy here what it names, and say so.

    Raises:
        RefusedError, UnknownLinkError: nothing was destroyed; `several-lanes`, if it names statements of
        more than one lane.
        NobodyWritesError, StorageError: it may not have been; bring it again.
    """
    said = erasure.read_said(draft.kind, draft.d)
    assert isinstance(said, ErasureOrdered), "an order orders"
    lanes = {_lane(home, draft.link, each.id) for each in said.parts}
    if len(lanes) > 1:
        raise RefusedError(SEVERAL_LANES, ", ".join(sorted(lanes)))
    draft = replace(draft, link=lanes.pop())
    request: dict[str, JsonSource] = {"ask": "erase", "draft": write_draft(draft)}
    return _ask(home, request, lambda ledger: ledger.eraser.order(draft, now=clock.now()))


def _lane(home: Home, link: str, statement: bytes) -> str:
    """Return the link in the lane in which a statement stands: there an order is said, and counts."""
    try:
        with closing(Reader(home)) as reader:
            return reader.lane_of(link, statement)
    except FileNotFoundError:
        return link


def carry_out(home: Home, link: str, order: bytes, *, officer: int) -> Destroyed:
    """Destroy here what an order in the record names, and say so.

    Raises:
        NoOrderError, RefusedError, UnknownLinkError: nothing was destroyed.
        NobodyWritesError, StorageError: it may not have been; ask again.
    """
    link = _lane(home, link, order)
    request: dict[str, JsonSource] = {
        "ask": "erase",
        "link": link,
        "order": id_text(order),
        "officer": officer,
    }

    def run(ledger: Ledger) -> Destroyed:
        return ledger.eraser.carry_out(link, order, officer=officer, now=clock.now())

    return _ask(home, request, run)


def _ask(home: Home, request: "dict[str, JsonSource]", run: Callable[[Ledger], Destroyed]) -> Destroyed:
    try:
        found = core_or_alone(home, request, run)
    except CoreError as error:
        match error.code:
            case "no_order":
                raise NoOrderError(error.reason) from error
            case "unknown_link":
                raise UnknownLinkError(error.reason) from error
            case "unsigned":
                raise UnsignedError(error.reason) from error
            case "storage":
                raise StorageError(error.reason) from error
            case _:
                raise
    if isinstance(found, Destroyed):
        return found
    match found:
        case {"refused": str(code), "remark": str(remark)}:
            raise RefusedError(code, remark)
        case {"order": ordered, "erased": erased, "is_clean": bool(is_clean)}:
            return Destroyed(order=_appended(ordered), erased=_appended(erased), is_clean=is_clean)
        case _:
            raise NotADraftError("this is not what comes of an order")


def _appended(value: JsonValue) -> Appended | None:
    match value:
        case {
            "link": str(link),
            "lane": str(lane),
            "letter": str(letter),
            "index": int(index),
            "statement": str(statement),
        }:
            return Appended(link=link, lane=lane, letter=letter, index=index, statement=read_id(statement))
        case _:
            return None


# ---- How they stand


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order that is in effect, and the answers that count: of each node the last one."""

    order: EntryRow
    said: ErasureOrdered
    answers: Mapping[str, EntryRow]

    def names(self, statement: bytes) -> Named | None:
        """Return which parts of `statement` it names, if any."""
        return next((each for each in self.said.parts if each.id == statement), None)

    def erased(self, node: str) -> EntryRow | None:
        """Return where `node` said that it erased."""
        found = self.answers.get(node)
        return found if found is not None and found.kind == ERASED else None

    def refused(self, node: str) -> str | None:
        """Return the ground on which `node` refuses, as a code."""
        found = self.answers.get(node)
        if found is None or found.kind == ERASED or found.act is None:
            return None
        return str(found.act.d.get("ground", ""))


def orders(reader: Reader, link: str) -> Iterator[OrderRow]:
    """Yield every order to erase that is in effect on a link, lane by lane, the oldest first."""
    leaves = [leaf for name in reader.lane_names(link) for (leaf,) in _leaves(reader, name)]
    for leaf in leaves:
        first, *rows = sorted(
            reader.rows(link, thread=bytes(leaf)), key=lambda row: (row.kind != ORDERED, row.index)
        )
        if first.act is None:
            continue
        said = erasure.read_said(first.act.k, first.act.d)
        answers = {row.writer: row for row in rows if row.verdict.is_valid}
        if isinstance(said, ErasureOrdered):
            yield OrderRow(order=first, said=said, answers=answers)


def _leaves(reader: Reader, lane: str) -> list[tuple[bytes]]:
    return reader.connection.execute(_ORDERS, (lane,)).fetchall()


def erased_times(reader: Reader) -> int:
    """Return how often this node said that it erased something: whoever keeps copies looks here."""
    (found,) = reader.connection.execute(
        "SELECT COUNT(*) FROM row JOIN log ON log.id = row.log"
        " WHERE kind = 'record.erased' AND outcome = 'valid' AND log.node = ?",
        (reader.node,),
    ).fetchone()
    return int(found)
