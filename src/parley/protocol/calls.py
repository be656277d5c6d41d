"""The thread of a call, on a shelf: which statements in it count, and what became of the call.

A call lives in the channel in which it was opened, whichever lane that is: a call that were void for the
lane it stands in would be a call that was missed. An inquiry that it cites may be in another channel;
that is a link without effect (rule H16). Source: Spec §6.4, §12.1, §12.7.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from parley.protocol.act import read_act
from parley.protocol.form import VoidError
from parley.protocol.hotline.apply import Call, fold
from parley.protocol.hotline.bodies import OPENINGS, Opening, read_said
from parley.protocol.hotline.eye import Fact
from parley.protocol.links import LinkState
from parley.protocol.shelf import Row, Shelf
from parley.protocol.sides import Sides
from parley.protocol.strictjson import JsonObject
from parley.protocol.suspension import HOTLINE, Scope
from parley.protocol.voids import Outcome, Void, void

FORUM: Final = "call"
_SCOPES: Final = frozenset({Scope(link=True), Scope(forum=FORUM)})
# With these nothing more is to be found out about a statement, since its past is complete.
_SPENT: Final = frozenset({Void.NOT_WRITER, Void.NO_TARGET, Void.OVERSIZE, Void.SUSPENDED})


def is_stopped(state: LinkState, past: Mapping[str, int]) -> bool:
    """Return whether a suspension in `past` stops what is said in calls."""
    if not state.is_ever_stopped or state.stopped(past).isdisjoint(_SCOPES):
        return False
    terms = state.terms(past)
    return terms is None or HOTLINE not in terms.open_while_suspended


def check_opening(said: Opening, state: LinkState, past: Mapping[str, int]) -> None:
    """Check that a call may be opened so, in this past of its statement.

    Raises:
        VoidError: schema, if its scope or level is not agreed; suspended.
    """
    terms = state.terms(past)
    clauses = None if terms is None else terms.hotline
    if clauses is None or said.level not in clauses.levels:
        raise VoidError(Void.SCHEMA, "no call at this level is agreed")
    if said.scope is not None and said.scope not in clauses.scope:
        raise VoidError(Void.SCHEMA, "not of the agreed scope")
    if is_stopped(state, past):
        raise VoidError(Void.SUSPENDED)


def is_call(rows: Sequence[Row]) -> bool:
    """Return whether these rows, all of one thread, are those of a call."""
    return any(row.id == row.thread and row.kind in OPENINGS for row in rows)


def settle(shelf: Shelf, sides: Sides, rows: Sequence[Row]) -> Call | None:
    """Return the state of a call and write down what each of its statements is worth.

    `rows` are all of its thread, each writer's in the order of its line. None if the opening itself
    is without effect: then so is all that followed.
    """
    live = [row for row in rows if row.verdict.outcome is not Outcome.UNOPENED]
    if len(live) == len(rows):
        live = [row for row in rows if row.verdict.reason not in _SPENT]
    facts = {row.id: _fact(row) for row in live}
    opened = next((facts.pop(row.id) for row in live if row.id == row.thread), None)
    if opened is None:
        for row in live:
            shelf.decide(row, void(Void.NO_TARGET))
        return None
    called = sides.other(opened.writer).node
    state = shelf.link()
    terms = state.terms({opened.writer: opened.index, called: opened.cut})
    if terms is None or terms.hotline is None:
        # An opening of the link was just found unopened; the refold that follows makes the call void.
        return None
    others = {opened.writer: called, called: opened.writer}
    heard = [_with_stop(state, fact, other=others[fact.writer]) for fact in facts.values()]
    own, theirs = ([fact for fact in heard if fact.writer == node] for node in (opened.writer, called))
    folded = fold(opened, own, theirs, clauses=terms.hotline, node=called)
    known = {row.id: row for row in live}
    for statement, verdict in folded.verdicts:
        if known[statement].verdict != verdict:
            shelf.decide(known[statement], verdict)
    now = {node: shelf.tip(node).size for node in (opened.writer, called)}
    return dataclasses.replace(folded.call, is_stopped=is_stopped(state, now))


def _with_stop(state: LinkState, fact: Fact, *, other: str) -> Fact:
    stops = is_stopped(state, {fact.writer: fact.index, other: fact.cut})
    return dataclasses.replace(fact, is_stopped=True) if stops else fact


def _fact(row: Row) -> Fact:
    # Its act was read and judged before it was kept.
    value: JsonObject = msgspec.json.decode(row.act or b"")
    act = read_act(value)
    return Fact(
        id=row.id,
        writer=row.writer,
        index=row.index,
        effective=row.effective,
        cut=row.cut,
        received_at=row.received_at,
        kind=act.k,
        re=act.re,
        said=read_said(act.k, act.d),
        by=act.by,
    )
