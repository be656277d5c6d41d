"""The thread of an order to erase, on a shelf: which answers count, and what became of the order.

A thread like that of an inquiry, only smaller. Source: Spec §6.4, §7.8.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec

from parley.protocol import erasure
from parley.protocol.act import read_act
from parley.protocol.erasure import Answer, Erased, Erasure, ErasureOrdered, ErasureRefused, Order
from parley.protocol.shelf import Row, Shelf
from parley.protocol.strictjson import JsonObject
from parley.protocol.voids import VALID, Outcome, Verdict, Void, void

ORDERED: Final = "record.erasure_ordered"


def settle(shelf: Shelf, rows: Sequence[Row]) -> Erasure | None:
    """Return what became of an order and write down what each answer is worth.

    `rows` are all of its thread, each writer's in the order of its line. None if the order itself
    is without effect: then so are the answers.
    """
    live = [row for row in rows if row.verdict.outcome is not Outcome.UNOPENED]
    order = next((_order(row) for row in live if row.id == row.thread), None)
    answers = {row.id: row for row in live if row.id != row.thread}
    if order is None:
        _decide(shelf, answers.values(), dict.fromkeys(answers, Void.NO_TARGET))
        return None
    voids, found = erasure.fold(order, [_answer(row) for row in answers.values()])
    _decide(shelf, answers.values(), voids)
    return found


def _decide(shelf: Shelf, rows: Collection[Row], voids: Mapping[bytes, Void | None]) -> None:
    for row in rows:
        reason = voids[row.id]
        verdict: Verdict = VALID if reason is None else void(reason)
        if verdict != row.verdict:
            shelf.decide(row, verdict)


def _read(row: Row) -> tuple[bytes | None, erasure.Said]:
    # Its act was read and judged before it was kept.
    value: JsonObject = msgspec.json.decode(row.act or b"")
    act = read_act(value)
    return act.re, erasure.read_said(act.k, act.d)


def _order(row: Row) -> Order:
    _, said = _read(row)
    assert isinstance(said, ErasureOrdered)
    return Order(id=row.id, writer=row.writer, said=said)


def _answer(row: Row) -> Answer:
    re, said = _read(row)
    assert isinstance(said, Erased | ErasureRefused)
    return Answer(id=row.id, writer=row.writer, re=re, said=said)
