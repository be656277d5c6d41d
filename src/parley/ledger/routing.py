"""In which lanes a statement is said.

    what answers a statement, or orders to     where that statement stands: a thread lives in one channel
    erase one
    what is said of the link and its persons   in every lane that is open, by one action, since each lane is
                                               folded alone
    anything else                              where its draft says

A draft that was written before, in whatever lane, is that statement. Source: rule H16; Spec §3.1, §7.9.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from parley.ledger.drafts import Appended, Draft, RefusedError, UnknownLinkError
from parley.ledger.lanes import lane_of, link_of, named
from parley.ledger.shelf import SqliteShelf
from parley.ledger.slot import Slot
from parley.ledger.standing import LinkFacts
from parley.ledger.tags import logs_of
from parley.protocol import erasing, erasure
from parley.protocol.breach import BreachError
from parley.protocol.erasure import ErasureOrdered
from parley.protocol.guidelines.bodies import CLASSES as GUIDELINES
from parley.protocol.links import LinkState
from parley.protocol.names import LANES, MAIN
from parley.protocol.suspension import Suspended

# A card is announced in each lane by a draft of its own: one lane may have missed others (`cards.py`).
EVERYWHERE: Final = frozenset(
    {
        "link.sealkey",
        "link.suspended",
        "link.resumed",
        "officer.enrolled",
        "officer.ended",
        *GUIDELINES,
    }
)
# What may be said in other lanes than that of its draft, though it answers nothing.
ELSEWHERE: Final = EVERYWHERE | {erasing.ORDERED}


def lanes_of(slots: Mapping[str, Slot], link: str) -> tuple[LinkFacts, ...]:
    """Return `link` in each of its lanes, main first.

    Raises:
        UnknownLinkError: there is no such link.
    """
    names = [named(link_of(link), lane) for lane in LANES]
    found = tuple(slots[name].facts for name in names if name in slots)
    if not found:
        raise UnknownLinkError(link)
    return found


def routes(db: sqlite3.Connection, lanes: Sequence[LinkFacts], draft: Draft) -> tuple[Draft, ...]:
    """Return what is written for `draft` on the link of these `lanes`, each with its lane; the first counts.

    Raises:
        UnknownLinkError: the link has no such lane.
    """
    if (
        draft.link == lanes[0].name
        and draft.lane == MAIN
        and draft.re is None
        and draft.kind not in ELSEWHERE
    ):
        # What opens a thread is most of what is said, and goes where it says.
        return (draft,)
    link, named_lane = link_of(draft.link), lane_of(draft.link)
    asked = draft.lane if named_lane == MAIN else named_lane
    lane = _lane(db, lanes, draft, asked=asked)
    if (link, lane) != (draft.link, draft.lane):
        draft = replace(draft, link=link, lane=lane)
    wanted = named(draft.link, draft.lane)
    if all(facts.name != wanted for facts in lanes):
        raise UnknownLinkError(wanted)
    if draft.kind not in EVERYWHERE or draft.lane != MAIN or asked != MAIN:
        return (draft,)
    return (draft, *_elsewhere(db, lanes, draft))


def outcome_of(told: Sequence[Appended | BaseException]) -> Appended | RefusedError:
    """Return what came of one draft, in whichever lanes: its first place, unless one lane refused it.

    Raises:
        BaseException: what went wrong in a lane, whatever that is, if it is no refusal.
    """
    found: Appended | RefusedError | None = None
    for each in told:
        if isinstance(each, RefusedError):
            found = found if isinstance(found, RefusedError) else each
        elif isinstance(each, Appended):
            found = found or each
        else:
            raise each
    assert found is not None, "every draft is said in a lane at least"
    return found


def _lane(db: sqlite3.Connection, lanes: Sequence[LinkFacts], draft: Draft, *, asked: str) -> str:
    if len(lanes) == 1:
        return asked
    target = _target(draft)
    if target is not None:
        return _holder(db, lanes, target, default=asked)
    if asked != MAIN:
        return next((facts.lane for facts in lanes if _is_drafted(db, facts, draft.id)), asked)
    return asked


def _target(draft: Draft) -> bytes | None:
    if draft.kind != erasing.ORDERED:
        return draft.re
    try:
        said = erasure.read_said(draft.kind, draft.d)
    except BreachError:
        # It is void wherever it is written.
        return None
    return said.parts[0].id if isinstance(said, ErasureOrdered) else None


def _holder(db: sqlite3.Connection, lanes: Sequence[LinkFacts], statement: bytes, *, default: str) -> str:
    logs = logs_of(db, statement)
    return next((facts.lane for facts in lanes if not logs.isdisjoint(facts.logs.values())), default)


def _is_drafted(db: sqlite3.Connection, facts: LinkFacts, name: str) -> bool:
    sql = "SELECT 1 FROM drafted WHERE log = ? AND draft = ?"
    return db.execute(sql, (facts.logs[facts.me], name)).fetchone() is not None


# ---- In every lane


def _elsewhere(db: sqlite3.Connection, lanes: Sequence[LinkFacts], draft: Draft) -> Iterator[Draft]:
    prepared = dict(() if draft.prepared is None else draft.prepared.others)
    states = {facts.lane: SqliteShelf(db, facts.logs).link() for facts in lanes}
    for facts in lanes:
        state = states[facts.lane]
        if facts.lane == draft.lane or not _is_open(db, facts, state):
            continue
        if draft.prepared is not None:
            if facts.lane in prepared:
                yield replace(draft, lane=facts.lane, prepared=prepared[facts.lane])
        elif draft.re is None:
            yield replace(draft, lane=facts.lane)
        elif (same := _same(state, states[draft.lane], draft.re, me=facts.me)) is not None:
            yield replace(draft, lane=facts.lane, re=same)


def _is_open(db: sqlite3.Connection, facts: LinkFacts, state: LinkState) -> bool:
    shelf = SqliteShelf(db, facts.logs)
    return state.terms({node: shelf.tip(node).size for node in facts.logs}) is not None


def _same(state: LinkState, other: LinkState, re: bytes | None, *, me: str) -> bytes | None:
    """Return the suspension or the draft in one lane that was said with `re` in the other, and stands."""
    meant = next((each for each in other.said if each.statement == re), None)
    if meant is None:
        return None
    if isinstance(meant.said, Suspended):
        return _suspension(state, meant.said, me=me)
    # The same side may have said the same twice: the second there is the second here.
    here, there = (
        [each.statement for each in some.said if (each.writer, each.said) == (meant.writer, meant.said)]
        for some in (state, other)
    )
    return dict(zip(there, here, strict=False)).get(meant.statement)


def _suspension(state: LinkState, meant: Suspended, *, me: str) -> bytes | None:
    found = state.suspensions({meant.scope})
    return next(
        (
            each.statement
            for each, lifted in found
            if lifted is None and each.writer == me and each.said == meant
        ),
        None,
    )
