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
from parley.protocol.clauses import Clauses
from parley.protocol.form import VoidError
from parley.protocol.hotline.apply import Call, fold
from parley.protocol.hotline.bodies import OPENINGS, Opening, read_said
from parley.protocol.hotline.codes import State
from parley.protocol.hotline.eye import Fact
from parley.protocol.hotline.ladder import ends_at
from parley.protocol.links import LinkState
from parley.protocol.shelf import Row, Shelf, first_unopened
from parley.protocol.sides import Sides
from parley.protocol.strictjson import JsonObject
from parley.protocol.suspension import HOTLINE, Scope
from parley.protocol.voids import Outcome, Void, void

FORUM: Final = "call"
_SCOPES: Final = frozenset({Scope(link=True), Scope(forum=FORUM)})
# What is void for one of these counts as said (Spec §12.7.1, step 6), and for nothing else.
_COUNTED: Final = frozenset({Void.THRESHOLD, Void.WRONG_STATE})


def is_stopped(state: LinkState, past: Mapping[str, int], *, at: int) -> bool:
    """Return whether a suspension in `past` stops what is said in calls at the instant `at`."""
    if not state.is_ever_stopped or state.stopped(past).isdisjoint(_SCOPES):
        return False
    terms = state.terms(past, at=at)
    return terms is None or HOTLINE not in terms.open_while_suspended


def check_opening(said: Opening, state: LinkState, past: Mapping[str, int], *, at: int) -> None:
    """Check that a call may be opened so, in this past of its statement, whose effective time is `at`.

    Raises:
        VoidError: schema, if its scope or level is not agreed; suspended.
    """
    terms = state.terms(past, at=at)
    clauses = None if terms is None else terms.hotline
    if clauses is None or said.level not in clauses.levels:
        raise VoidError(Void.SCHEMA, "no call at this level is agreed")
    if said.scope is not None and said.scope not in clauses.scope:
        raise VoidError(Void.SCHEMA, "not of the agreed scope")
    if is_stopped(state, past, at=at):
        raise VoidError(Void.SUSPENDED)


def is_call(rows: Sequence[Row]) -> bool:
    """Return whether these rows, all of one thread, are those of a call."""
    return any(row.id == row.thread and row.kind in OPENINGS for row in rows)


def settle(shelf: Shelf, sides: Sides, rows: Sequence[Row]) -> Call | None:
    """Return the state of a call and write down what each of its statements is worth.

    `rows` are those of its thread that are still to be read, each writer's in the order of its line. Of
    what was found void before, nothing is read but that it was said. None if the opening itself is
    without effect: then so is all that followed.
    """
    live = [row for row in rows if row.verdict.outcome is not Outcome.UNOPENED]
    since = first_unopened(rows)
    counted = [row for row in live if _is_counted(row, since)]
    facts = {row.id: _fact(row) for row in live if not _is_counted(row, since)}
    opened = next((facts.pop(row.id) for row in live if row.id == row.thread), None)
    if opened is None:
        _void(shelf, sides, rows)
        return None
    called = sides.other(opened.writer).node
    state = shelf.link()
    clauses = _clauses(state, opened, called)
    if clauses is None:
        # An opening of the link was just found unopened; the refold that follows makes the call void.
        return None
    others = {opened.writer: called, called: opened.writer}
    heard = [_with_stop(state, fact, other=others[fact.writer]) for fact in facts.values()]
    own, theirs = ([fact for fact in heard if fact.writer == node] for node in (opened.writer, called))
    void_at = {node: [row.index for row in counted if row.writer == node] for node in others}
    folded = fold(opened, own, theirs, clauses=clauses, node=called, void_at=void_at)
    known = {row.id: row for row in live}
    for statement, verdict in folded.verdicts:
        if known[statement].verdict != verdict:
            shelf.decide(known[statement], verdict)
    shelf.set_over(known[opened.id], 0 if folded.call.state is State.CLOSED else ends_at(folded.call))
    return _as_it_stands(shelf, folded.call)


def unheard(shelf: Shelf, sides: Sides, opening: Row) -> Call | None:
    """Return a call that the called side's node says it could not open, as its caller has it: not received.

    Nothing in it has effect, and it has no state (§12.7.3). But who called must not believe that it
    rings there: so the caller's own people are rung, as for a call that never arrives (§12.10.6).
    """
    fact = dataclasses.replace(_fact(opening), received_at=None)
    called = sides.other(fact.writer).node
    clauses = _clauses(shelf.link(), fact, called)
    if clauses is None:
        return None
    return _as_it_stands(shelf, fold(fact, (), (), clauses=clauses, node=called).call)


def lapses_at(call: Call) -> int:
    """Return until when an unheard call rings its own caller, if that side does not call again."""
    return call.opened.effective + call.bells[call.caller].clauses.close


def _void(shelf: Shelf, sides: Sides, rows: Sequence[Row]) -> None:
    """Write down that the opening was not opened, and that all that answers it has no target."""
    for row in rows:
        if row.id != row.thread:
            if row.verdict.outcome is not Outcome.UNOPENED:
                shelf.decide(row, void(Void.NO_TARGET))
            continue
        call = unheard(shelf, sides, row)
        shelf.set_over(row, 0 if call is None else lapses_at(call))


def _clauses(state: LinkState, opened: Fact, called: str) -> Clauses | None:
    terms = state.terms({opened.writer: opened.index, called: opened.cut}, at=opened.effective)
    return None if terms is None else terms.hotline


def _as_it_stands(shelf: Shelf, call: Call) -> Call:
    tips = [(node, shelf.tip(node)) for node in (call.caller, call.called)]
    now, at = {node: tip.size for node, tip in tips}, max(tip.effective for _node, tip in tips)
    return dataclasses.replace(call, is_stopped=is_stopped(shelf.link(), now, at=at))


def _is_counted(row: Row, since: Mapping[str, int]) -> bool:
    """Return whether it is settled that `row` is void, and counts as said."""
    return row.verdict.reason in _COUNTED and row.index < since.get(row.writer, row.index + 1)


def _with_stop(state: LinkState, fact: Fact, *, other: str) -> Fact:
    stops = is_stopped(state, {fact.writer: fact.index, other: fact.cut}, at=fact.effective)
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
