"""The threads of the later pages, on a shelf: which statements in them count, and what they come to.

A *page* says by which words its kinds begin, which kinds open its threads, and in which eye a statement is
judged; `crossing.py` folds. Whatever else the terms or the entry have to say of a statement is `check`ed
before it joins a thread. Threads of inquiries, calls and orders to erase are folded elsewhere. Nothing of
these pages stays open while the link or the forum is suspended. Source: Spec §6.4, §7.7, §8.4.

    forum        first words           opens
    sharing      sharing               sharing.offered
    case         case, finding         case.proposed
    commitment   commitment, concern   commitment.proposed
    round        round, outcome        round.proposed
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from parley.protocol.act import read_act
from parley.protocol.breach import BreachError
from parley.protocol.cases.bodies import Proposed
from parley.protocol.cases.eye import CaseEye
from parley.protocol.crossing import Eye, Fact, Said, Told, fold
from parley.protocol.dialogue import release
from parley.protocol.dialogue.bodies import Released
from parley.protocol.dialogue.commitment import Commitment
from parley.protocol.dialogue.meeting import Round
from parley.protocol.form import VoidError
from parley.protocol.judgement import Placed
from parley.protocol.kinds import KINDS
from parley.protocol.links import LinkState
from parley.protocol.names import parse_origin
from parley.protocol.sharing.apply import ShareEye
from parley.protocol.sharing.bodies import Delivered
from parley.protocol.shelf import Row, Shelf
from parley.protocol.sides import Sides
from parley.protocol.strictjson import JsonObject
from parley.protocol.suite import Suite
from parley.protocol.suspension import Scope
from parley.protocol.terms import Terms
from parley.protocol.voids import Outcome, Void, void


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the treaty: its forum, the first words of its kinds, what opens a thread, and its eye."""

    forum: str
    words: frozenset[str]
    openings: frozenset[str]
    begin: Callable[[Fact, str], Eye]


PAGES: Final = (
    Page(
        forum="sharing",
        words=frozenset({"sharing"}),
        openings=frozenset({"sharing.offered"}),
        begin=ShareEye,
    ),
    Page(
        forum="case",
        words=frozenset({"case", "finding"}),
        openings=frozenset({"case.proposed"}),
        begin=CaseEye,
    ),
    Page(
        forum="commitment",
        words=frozenset({"commitment", "concern"}),
        openings=frozenset({"commitment.proposed"}),
        begin=Commitment,
    ),
    Page(
        forum="round",
        words=frozenset({"round", "outcome"}),
        openings=frozenset({"round.proposed"}),
        begin=Round,
    ),
)
_BY_WORD: Final[Mapping[str, Page]] = {word: page for page in PAGES for word in page.words}


def page_of(kind: str | None) -> Page | None:
    """Return the page to which a kind belongs; None if its threads are folded elsewhere, or it has none."""
    return _BY_WORD.get(first_word(kind))


def first_word(kind: str | None) -> str:
    """Return what stands before the dot of a kind, "" where there is none."""
    return (kind or "").partition(".")[0]


def forum_of(kind: str | None) -> str:
    """Return to which forum a kind belongs: its first word, unless its page is called otherwise."""
    page = page_of(kind)
    return first_word(kind) if page is None else page.forum


def are_together(one: str | None, two: str | None) -> bool:
    """Return whether two kinds belong to the same forum, so that one can answer the other."""
    return forum_of(one) == forum_of(two)


def opens(said: object, found: Placed, *, terms: Terms | None, state: LinkState, suite: Suite) -> bool:
    """Return whether a statement opens a thread of a page, once entry, terms and link have had their say.

    Raises:
        VoidError: schema, if an item of cooperation is not agreed, the entry lacks what it delivers, or a
            list is not sealed; suspended, if it would open a thread.
    """
    kind = found.said.kind or ""
    page = page_of(kind)
    if page is None or terms is None:
        return False
    if isinstance(said, Proposed) and not terms.items.issuperset(said.items):
        raise VoidError(Void.SCHEMA, "not an agreed item of cooperation")
    if isinstance(said, Released):
        _check_seal(said, found, state=state, suite=suite)
    if isinstance(said, Delivered) and (found.entry is None or not said.is_in(found.entry)):
        raise VoidError(Void.SCHEMA, "the entry does not bring what it delivers")
    if kind in page.openings and is_stopped(state, found.past, kind):
        raise VoidError(Void.SUSPENDED)
    return kind in page.openings


def _check_seal(said: Released, found: Placed, *, state: LinkState, suite: Suite) -> None:
    channel = parse_origin(found.side.origin).channel
    card = state.card(found.side.node, found.index, paired=found.side.card)
    try:
        release.check_released(said, card, link=f"{channel.world}/{channel.link}", suite=suite)
    except BreachError as error:
        raise VoidError(Void.SCHEMA, str(error)) from error


def is_stopped(state: LinkState, past: Mapping[str, int], kind: str) -> bool:
    """Return whether a suspension in `past` stops what is said by `kind`, which belongs to a page."""
    if not state.is_ever_stopped:
        return False
    words = {first_word(kind), forum_of(kind)}
    return not state.stopped(past).isdisjoint({Scope(link=True), *(Scope(forum=word) for word in words)})


def opened_by(rows: Sequence[Row]) -> Page | None:
    """Return the page to which a thread belongs, None if it is folded elsewhere."""
    kinds = (row.kind for row in rows if row.id == row.thread)
    return next((page for page in map(page_of, kinds) if page is not None), None)


def settle(shelf: Shelf, sides: Sides, rows: Sequence[Row]) -> Eye | None:
    """Return what a thread of a page comes to, and write down what each of its statements is worth.

    `rows` are those of the thread that are still to be read, each writer's in the order of its line. None if
    what opened it is without effect: then so is all that followed.
    """
    live = _live(rows)
    told = _told(shelf.link(), sides, live)
    verdicts = {} if told is None else dict(told.verdicts)
    for row in live:
        verdict = verdicts.get(row.id, void(Void.NO_TARGET))
        if verdict != row.verdict:
            shelf.decide(row, verdict)
    return None if told is None else told.eye


def look(shelf: Shelf, sides: Sides, opened: bytes, *, cut: Mapping[str, int] | None = None) -> Eye | None:
    """Return what the thread that `opened` opened comes to, and write nothing.

    With a `cut`, only so many entries of each line are looked at. None if `opened` opens no thread of a
    page, is beyond the cut, or is without effect. What turned out unopened, wherever that is said, has no
    effect at any cut (Spec §6.7).
    """
    rows = [row for row in shelf.thread(opened) if cut is None or row.index < cut[row.writer]]
    if opened_by(rows) is None:
        return None
    told = _told(shelf.link(), sides, _live(rows))
    return None if told is None else told.eye


def _live(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.verdict.outcome is not Outcome.UNOPENED]


def _told(state: LinkState, sides: Sides, live: Sequence[Row]) -> Told[Eye] | None:
    opening = next((row for row in live if row.id == row.thread), None)
    page = None if opening is None else page_of(opening.kind)
    if opening is None or page is None:
        return None
    other = sides.other(opening.writer).node
    partners = {opening.writer: other, other: opening.writer}
    others = [
        _with_stop(state, _fact(row), other=partners[row.writer]) for row in live if row.id != opening.id
    ]
    return fold(_fact(opening), others, other=other, begin=page.begin)


def _with_stop(state: LinkState, fact: Fact, *, other: str) -> Fact:
    stops = is_stopped(state, {fact.writer: fact.index, other: fact.cut}, fact.kind)
    return dataclasses.replace(fact, is_stopped=True) if stops else fact


def _fact(row: Row) -> Fact:
    # Its act was read and judged before it was kept.
    value: JsonObject = msgspec.json.decode(row.act or b"")
    act = read_act(value)
    said = KINDS[act.k].read(act.d)
    assert isinstance(said, Said)
    return Fact(
        id=row.id,
        writer=row.writer,
        index=row.index,
        cut=row.cut,
        effective=row.effective,
        kind=act.k,
        re=act.re,
        said=said,
        by=act.by,
        ref=act.ref,
    )
