"""A record as it stood at an agreed cut: of each log its first entries, and nothing that was written later.

Who folds today and who folds next year come to the same: a statement beyond the cut is not looked at, nor is
it known that anybody received it there. Only a statement that turned out unopened counts for nothing,
whenever that was said. So both nodes compute one review (`review/`), and one answer to what another guideline
would have done (`guidelines/replay.py`). It judges nothing anew: what is valid was decided in its past.
Source: Spec §18.3.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from msgspec.structs import replace

from parley.protocol import calls
from parley.protocol.form import read_fact
from parley.protocol.guidelines.replay import Bygone
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.bodies import OPENINGS as CALL_OPENINGS
from parley.protocol.inquiries.apply import Inquiry, fold
from parley.protocol.inquiries.eye import Fact
from parley.protocol.linetests.account import History, history
from parley.protocol.linetests.periods import Calendar
from parley.protocol.linetests.trials import Sign, trials_of_call, trials_of_probes
from parley.protocol.links import LinkState, Opened
from parley.protocol.names import LANES, MAIN, parse_origin
from parley.protocol.places import Place
from parley.protocol.review.bodies import CutProposed
from parley.protocol.review.calling import CountedCall
from parley.protocol.review.counted import Counted, count
from parley.protocol.shelf import Row, Shelf, Tip, state_of
from parley.protocol.sides import Sides
from parley.protocol.standstill import Standstill
from parley.protocol.terms import Terms
from parley.protocol.voids import Verdict

LETTERS: Final = "AB"


class CutError(Exception):
    """A cut that no review can be held at: one side had seen more of the other's log than it takes in."""

    def __init__(self, lane: str) -> None:
        """Name the lane."""
        super().__init__(f"the cut of lane {lane} leaves out what one side had seen by then")
        self.lane = lane


class Prefix:
    """The first entries of both logs of one lane, as a shelf that is only looked at.

    `ends` tells where each log stands at the cut: its size there, and the effective time and the cut of its
    last entry. The rows of `shelf` are settled.
    """

    def __init__(self, shelf: Shelf, sides: Sides, ends: Mapping[str, Tip]) -> None:
        """Look at `shelf`, the logs of `sides`, up to `ends`.

        Raises:
            CutError: one of the logs had seen more of the other than is looked at.
        """
        self._shelf = shelf
        self._sides = sides
        self._ends = ends
        self.lane = parse_origin(sides.one.origin).channel.lane
        self._letters = dict(zip(sorted(ends), LETTERS, strict=True))
        for node, end in ends.items():
            if end.cut > ends[sides.other(node).node].size:
                raise CutError(self.lane)
        self._link = _up_to(shelf.link(), ends)
        self._standstill = Standstill(self, lane=self.lane)

    @property
    def nodes(self) -> tuple[str, ...]:
        """Return both nodes, in the order of the parties."""
        return tuple(sorted(self._ends))

    def place(self, row: Row) -> str:
        """Return the place of an entry as it is said, such as ``A 112``."""
        return Place(letter=self._letters[row.writer], index=row.index, lane=self.lane).text

    def bygone(self, row: Row) -> tuple[Bygone, bool] | None:
        """Return the inquiry that `row` sent, and whether it was ever returned; None if it has no effect."""
        told = self._told(row)
        if told is None:
            return None
        bygone = Bygone(
            place=self.place(row),
            at=self._ends[told.asked].effective,
            inquiry=self._folded(told, told.terms),
            under=partial(self._folded, told),
        )
        return bygone, any(fact.kind == "inquiry.returned" for fact in told.theirs)

    def call(self, row: Row) -> CountedCall | None:
        """Return the call that `row` opened, None if it has no effect."""
        rows = self.thread(row.id)
        call = calls.settle(self, self._sides, rows) if row.id in {each.id for each in rows} else None
        if call is None:
            return None
        return CountedCall(place=self.place(row), call=call, at=self._ends[call.caller].effective)

    def terms(self, *, at: int) -> Terms | None:
        """Return the terms in force by all that is looked at, at an instant."""
        return self._link.terms({node: end.size for node, end in self._ends.items()}, at=at)

    def opened_at(self) -> int:
        """Return when the link was opened: the later of both sides' first openings. Only where it is."""
        first = [self._link.rows[node, Opened][0] for node in self._ends]
        rows = [self.row(said.statement, writer=said.writer) for said in first]
        return max(row.effective for row in rows if row is not None)

    def sign(self, sign: Sign) -> Sign | None:
        """Return a statement about the line as it stood at the cut, None if it was not there."""
        other = self._sides.other(sign.writer).node
        if sign.index >= self._ends[sign.writer].size:
            return None
        is_received = sign.index < self._ends[other].cut
        return sign if is_received else dataclasses.replace(sign, received_at=None)

    def _told(self, row: Row) -> "_Told | None":
        facts = [read_fact(each) for each in self.thread(row.id)]
        sent = next((fact for fact in facts if fact.id == row.id), None)
        if sent is None:
            return None
        asked = self._sides.other(sent.writer).node
        terms = self._link.terms({sent.writer: sent.index, asked: sent.cut}, at=sent.effective)
        if terms is None:
            return None
        others = [fact for fact in facts if fact.id != row.id]
        return _Told(
            sent=sent,
            asked=asked,
            ours=[fact for fact in others if fact.writer == sent.writer],
            theirs=[fact for fact in others if fact.writer == asked],
            terms=terms,
        )

    def _folded(self, told: "_Told", terms: Terms) -> Inquiry:
        standstill = partial(self._standstill.pauses, told.sent, debtor=told.asked, terms=terms)
        folded = fold(told.sent, told.ours, told.theirs, terms=terms, other=told.asked, standstill=standstill)
        return folded.inquiry

    def within(self, row: Row) -> Row | None:
        """Return the row as it stood at the cut: not there, or not received yet by the other side."""
        if row.index >= self._ends[row.writer].size:
            return None
        other = self._sides.other(row.writer).node
        if row.received_at is not None and row.index >= self._ends[other].cut:
            return replace(row, received_at=None)
        return row

    def tip(self, writer: str) -> Tip:
        """Return where the log of `writer` stands at the cut."""
        return self._ends[writer]

    def thread(self, statement: bytes) -> Sequence[Row]:
        """Return the entries of a thread that are there and valid, each writer's in the order of its log."""
        found = (self.within(row) for row in self._shelf.thread(statement) if row.verdict.is_valid)
        return [row for row in found if row is not None]

    def live(self, statement: bytes) -> Sequence[Row]:
        """Return the same: what is void is not looked at."""
        return self.thread(statement)

    def row(self, statement: bytes, *, writer: str | None = None) -> Row | None:
        """Return the entry with this id, None if it stands beyond the cut."""
        found = self._shelf.row(statement, writer=writer)
        return None if found is None else self.within(found)

    def link(self) -> LinkState:
        """Return what is in force on the link at the cut."""
        return self._link

    def root(self, writer: str, size: int) -> bytes:
        """Return the root at the first `size` entries of `writer`."""
        return self._shelf.root(writer, size)

    def has_act(self, writer: str, act_hash: bytes) -> bool:
        """Return whether an entry of `writer` had this act."""
        return self._shelf.has_act(writer, act_hash)

    def decide(self, row: Row, verdict: Verdict) -> None:
        """Write nothing: it is only looked at."""

    def set_over(self, opening: Row, at: int | None) -> None:
        """Write nothing."""

    def put(self, row: Row) -> None:
        """Write nothing."""

    def set_tip(self, writer: str, tip: Tip) -> None:
        """Write nothing."""

    def set_link(self, state: LinkState) -> None:
        """Write nothing."""

    def receive(self, writer: str, since: int, until: int, *, at: int) -> Iterable[bytes]:
        """Refuse: what is only looked at receives nothing."""
        raise TypeError(f"expected only to be looked at, was given {writer} {since}..{until} at {at}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    sent: Fact
    asked: str
    ours: Sequence[Fact]
    theirs: Sequence[Fact]
    terms: Terms


def _up_to(state: LinkState, ends: Mapping[str, Tip]) -> LinkState:
    return state_of(said for said in state.said if said.index < ends[said.writer].size)


_SENT: Final = frozenset({"inquiry.sent"})
# The kinds that begin something that is counted.
BEGINNINGS: Final = _SENT | CALL_OPENINGS
# A lane up to the cut, and the entries of it that might begin something.
Lane = tuple[Prefix, Iterable[Row]]


def _begun(lanes: Iterable[Lane], cut: CutProposed, kinds: frozenset[str]) -> Iterator[tuple[Prefix, Row]]:
    """Yield what began in the period, in the order of the logs: by when the other side had it, if it had."""
    for prefix, rows in sorted(lanes, key=lambda lane: LANES.index(lane[0].lane)):
        for row in sorted(rows, key=lambda each: (each.writer, each.index)):
            within = prefix.within(row) if row.kind in kinds and row.verdict.is_valid else None
            if within is None:
                continue
            begun = within.effective if within.received_at is None else within.received_at
            if cut.since <= begun < cut.until:
                yield prefix, within


def bygones(lanes: Iterable[Lane], cut: CutProposed) -> Iterator[tuple[Bygone, bool]]:
    """Yield the inquiries of the period in the order of the logs, and whether each was ever returned."""
    for prefix, row in _begun(lanes, cut, _SENT):
        found = prefix.bygone(row)
        if found is not None:
            yield found


def inquiries(lanes: Iterable[Lane], cut: CutProposed) -> Iterator[Counted]:
    """Yield the inquiries of the period, to be counted."""
    for bygone, was_returned in bygones(lanes, cut):
        yield count(bygone.place, bygone.inquiry, at=bygone.at, was_returned=was_returned)


def called(lanes: Iterable[Lane], cut: CutProposed) -> Iterator[CountedCall]:
    """Yield the calls of the period, to be counted."""
    for prefix, row in _begun(lanes, cut, CALL_OPENINGS):
        found = prefix.call(row)
        if found is not None:
            yield found


def line_at(lanes: Sequence[Lane], signs: Iterable[Sign], cut: CutProposed) -> History | None:
    """Return the tests of the line at the end of the period, by what is looked at; None if none are agreed.

    `signs` are all valid statements about the line; what is beyond the cut is passed over.
    """
    prefixes = {prefix.lane: prefix for prefix, _rows in lanes}
    terms = prefixes[MAIN].terms(at=cut.until)
    if terms is None or terms.hotline is None:
        return None
    found = [prefixes[sign.lane].sign(sign) for sign in signs if sign.lane in prefixes]
    within = [sign for sign in found if sign is not None]
    calendar = Calendar(clauses=terms.hotline, nodes=terms.nodes, opened_at=prefixes[MAIN].opened_at())
    trials = (
        *trials_of_probes(within, clauses=terms.hotline),
        *(trial for call in _tried(lanes) for trial in trials_of_call(call)),
    )
    return history(trials, within, calendar, cut=cut.until)


def _tried(lanes: Iterable[Lane]) -> Iterator[Call]:
    for prefix, rows in lanes:
        for row in rows:
            within = prefix.within(row) if row.kind in CALL_OPENINGS and row.verdict.is_valid else None
            found = None if within is None else prefix.call(within)
            if found is not None:
                yield found.call
