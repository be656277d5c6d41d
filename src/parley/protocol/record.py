"""The fold over both logs of a channel: what every entry is worth, and which threads it touches.

An act is judged valid or void in the state folded from exactly its *past*: the entries
before it in its own log, and of the other log the first n entries, n being the largest true
`seen` up to and including this entry. Nothing else has influence: not the reader's clock,
database, settings, or the order of arrival. The one exception is a fact that the receiver
writes: an act that could not be opened is without effect in every past (Spec §6.7).

`absorb` reads one entry after another, each log in its own order; `settle` folds a thread.
Rules that span pages live here: the link must be open, the kind in the terms. Source: Spec §6.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from parley.protocol import calls, erasing, erasure, links, threads, tree
from parley.protocol.act import Act
from parley.protocol.crossing import Said as Paged
from parley.protocol.entry import Seen
from parley.protocol.form import (
    Statement,
    VoidError,
    is_oversize,
    read_fact,
    read_said,
    read_statement,
)
from parley.protocol.hotline import apply as hotline
from parley.protocol.hotline import bodies as spoken
from parley.protocol.inquiries import bodies
from parley.protocol.inquiries.apply import Folded, Inquiry, fold
from parley.protocol.inquiries.bodies import Sent
from parley.protocol.inquiries.eye import Fact
from parley.protocol.judgement import Placed, check_persons, judge, judge_continued
from parley.protocol.kinds import KINDS, Continued
from parley.protocol.names import parse_origin
from parley.protocol.pasts import Logs, true_pasts
from parley.protocol.shelf import MemoryShelf, Row, Shelf, Tip
from parley.protocol.sides import Side, Sides
from parley.protocol.standstill import Standstill, is_stopped, with_stop
from parley.protocol.suite import Suite
from parley.protocol.terms import Terms
from parley.protocol.voids import UNKNOWN, UNOPENED, VALID, Outcome, Void, void

__all__ = ["Absorbed", "Record", "Side", "Sides", "merge"]

QUIET: Final = frozenset({"received", "unopened"})
# What may be said before both sides' openings agree, and whatever the terms list: terms that
# forbade a new opening could never be mended, and terms that forbade to say "unopened" would
# leave an act in effect on the side alone that can read it. A log ends whatever they list.
ALWAYS: Final = frozenset({"link.opened", "link.continued", "unopened"})


class Absorbed(Struct, frozen=True, kw_only=True, gc=False):
    """What reading one entry changed. `false_seen` and `unproven_seen` are alarms, never void reasons.

    `touched` are the threads whose state may be another now, `unjudged` those of them in which
    a verdict may be.
    """

    row: Row
    touched: frozenset[bytes] = frozenset()
    unjudged: frozenset[bytes] = frozenset()
    link_changed: bool = False
    # An opening or card turned out unopened: what was judged since must be judged anew.
    must_refold: bool = False
    # The statement that this one says could not be opened, as it was kept until now.
    unopened: Row | None = None
    false_seen: bool = False
    unproven_seen: bool = False


class Record:
    """The fold of one channel, over a shelf that remembers its rows."""

    def __init__(self, shelf: Shelf, sides: Sides, suite: Suite) -> None:
        """Fold `shelf`, whose logs are those of `sides`; `suite` verifies the roots' signatures."""
        self.shelf = shelf
        self.sides = sides
        self._suite = suite
        self._lane = parse_origin(sides.one.origin).channel.lane
        self._standstill = Standstill(shelf, lane=self._lane)

    def absorb(self, node: str, raw: bytes, act: bytes | None, *, heard: bool = True) -> Absorbed:
        """Return what the next entry of `node` is worth and touches, and keep it.

        `raw` are all the entry's bytes; `act` those of its act, None if it was not opened here.
        """
        said = read_statement(raw)
        return self.take(node, said if act is None else said.opened(act), heard=heard)

    def take(self, node: str, said: Statement, *, heard: bool = True) -> Absorbed:
        """Return what the next entry of `node`, read already, is worth and touches, and keep it.

        It is not `heard` if it is known already that the other side could not open it.
        Never raises for what the bytes say: a breach is void, kept and shown.
        """
        side, other = self.sides.of(node), self.sides.other(node)
        before = self.shelf.tip(node)
        entry = None if said.parsed is None else said.parsed.entry
        seen = entry.seen if entry else ()
        cut, false_seen, unproven = self._cut(seen, other, before) if seen else (before.cut, False, False)
        tip = Tip(
            size=before.size + 1,
            effective=max(before.effective, entry.time if entry else 0),
            cut=cut,
            raised_from=before.cut if cut > before.cut else before.raised_from,
            is_quiet=cut > before.cut or before.is_quiet,
        )
        # When a statement was received moves clocks, and no verdict depends on a clock.
        rises = cut > before.cut
        received = self.shelf.receive(other.node, before.cut, cut, at=tip.effective) if rises else ()
        paces = rises and self.shelf.link().paces(other.node, before.cut, cut)
        found = Placed(said=said, side=side, other=other, index=before.size, tip=tip, heard=heard)
        absorbed = self._examine(found)
        is_loud = not heard or absorbed.row.kind not in QUIET
        self.shelf.set_tip(node, replace(tip, is_quiet=False) if is_loud and tip.is_quiet else tip)
        if not (received or paces or false_seen or unproven):
            return absorbed
        absorbed = replace(absorbed, link_changed=absorbed.link_changed or paces)
        touched = absorbed.touched.union(received)
        return replace(absorbed, touched=touched, false_seen=false_seen, unproven_seen=unproven)

    def _cut(self, named: Sequence[Seen], other: Side, before: Tip) -> tuple[int, bool, bool]:
        """Return the cut after the entry's `seen` lines, and whether one was false or unproven.

        A false `seen` is idle and accuses only the writer of the line (rule H9); a smaller one
        than before is idle; one beyond what is held here is not proved (rule H2).
        """
        cut, is_false, is_unproven = before.cut, False, False
        for seen in named:
            size = other.line.size_of(seen.origin, seen.size)
            if size is None or size <= before.cut:
                continue
            if size > self.shelf.tip(other.node).size:
                is_unproven = True
            elif self.shelf.root(other.node, size) != seen.root:
                is_false = True
            else:
                cut = max(cut, size)
        return cut, is_false, is_unproven

    def _examine(self, found: Placed) -> Absorbed:
        absorbed = self._judged(found)
        if not found.heard:
            absorbed = replace(absorbed, row=replace(absorbed.row, verdict=UNOPENED))
        row = absorbed.row
        self.shelf.put(row)
        if row.thread is None or absorbed.touched:
            return absorbed
        # What opens a thread stands alone in it: whoever speaks of it names its hash. A copy of the
        # same bytes in the other log opens none, since its act does not open there (Spec §4.3).
        unjudged = frozenset() if row.thread == row.id else frozenset({row.thread})
        return replace(absorbed, touched=frozenset({row.thread}), unjudged=unjudged)

    def _judged(self, found: Placed) -> Absorbed:
        """Return its row with its kind, the verdict so far and its thread, and what the entry changes."""
        envelope, kind = found.said.envelope, None
        try:
            _check_form(found, self.shelf)
            if isinstance(envelope, Act):
                kind = envelope.k
                return self._place(found, envelope, found.row(kind=kind))
            return Absorbed(row=found.row(kind=None, verdict=envelope or UNOPENED))
        except VoidError as error:
            row = found.row(kind=kind)
            # Of an act that comes again the first place counts, opened or not; and copies take no room.
            act = None if error.verdict.reason is Void.DUPLICATE_ACT else row.act
            return Absorbed(row=replace(row, act=act, verdict=error.verdict))

    def _place(self, found: Placed, act: Act, row: Row) -> Absorbed:
        """Return the row with its verdict so far and the thread that it belongs to, and what it changes."""
        terms = self.shelf.link().terms(found.past, at=found.tip.effective)
        is_always = act.k in ALWAYS
        if terms is None and not is_always:
            raise VoidError(Void.NOT_ACTIVE)
        agreed = is_always or (terms is not None and terms.kinds.get(act.k) == act.v)
        kind = KINDS.get(act.k)
        if not agreed or kind is None or kind.version != act.v:
            return Absorbed(row=replace(row, verdict=UNKNOWN))
        said = read_said(act)
        if terms is not None and terms.persons.get(act.k):
            check_persons(found, act.k, terms, state=self.shelf.link(), suite=self._suite)
        if isinstance(said, Sent):
            self._check_sent(found, said, terms)
            return _opening(row)
        if isinstance(said, spoken.Opening):
            calls.check_opening(said, self.shelf.link(), found.past, at=found.tip.effective)
            return _opening(row)
        absorbed = Absorbed(row=replace(row, verdict=VALID))
        if isinstance(said, links.LASTING):
            judge(said, found, act.re, state=self.shelf.link(), terms=terms, suite=self._suite)
            return self._set_link(absorbed, said, act.re) if found.heard else absorbed
        match said:
            case Continued():
                # Whatever stands before it is here: it is of the same log.
                root = self.shelf.root(found.side.node, found.index) if said.size else tree.EMPTY_ROOT
                judge_continued(said, found, root, state=self.shelf.link(), suite=self._suite)
                return absorbed
            case erasure.ErasureOrdered():
                return replace(absorbed, row=replace(absorbed.row, thread=row.id))
            case bodies.Said() | spoken.Said() | erasure.Erased() | erasure.ErasureRefused() | Paged():
                # The verdict is a placeholder until the thread is settled, in the same transaction.
                opens = threads.opens(said, found, terms=terms, state=self.shelf.link(), suite=self._suite)
                thread = row.id if opens else self._thread_of(found, act)
                return replace(absorbed, row=replace(absorbed.row, thread=thread))
            case _:
                unopens = act.k == "unopened" and found.heard
                return self._unopen(absorbed, self._unopened(found, act)) if unopens else absorbed

    def _check_sent(self, found: Placed, said: Sent, terms: Terms | None) -> None:
        if terms is None or said.item not in terms.items:
            raise VoidError(Void.SCHEMA, "not an agreed item of cooperation")
        if (state := self.shelf.link()).is_ever_stopped:
            past, at, lane = found.past, found.tip.effective, self._lane
            if is_stopped(state, "inquiry.sent", said, sent=said, past=past, at=at, lane=lane):
                raise VoidError(Void.SUSPENDED)

    def _set_link(self, absorbed: Absorbed, said: links.Lasting, re: bytes | None) -> Absorbed:
        row = absorbed.row
        statement = links.Said(writer=row.writer, index=row.index, statement=row.id, said=said, re=re)
        self.shelf.set_link(self.shelf.link().with_said(statement))
        return replace(absorbed, link_changed=True)

    def _in_past(self, found: Placed, statement: bytes | None, *, writer: str | None = None) -> Row | None:
        row = None if statement is None else self.shelf.row(statement, writer=writer)
        return row if row is not None and row.index < found.past[row.writer] else None

    def _thread_of(self, found: Placed, act: Act) -> bytes:
        target = self._in_past(found, act.re)
        if target is None or target.thread is None or not threads.are_together(target.kind, act.k):
            raise VoidError(Void.NO_TARGET)
        return target.thread

    def _unopened(self, found: Placed, act: Act) -> Row:
        """Return the statement that an `unopened` puts out of effect.

        It counts only if nothing but `received` and `unopened` stands between it and the
        first entry that had seen the statement: nobody can act on an inquiry and later say
        that it could not be read (Spec §6.7).
        """
        target = self._in_past(found, act.re, writer=found.other.node)
        if target is None or target.index < found.tip.raised_from or not found.tip.is_quiet:
            raise VoidError(Void.NO_TARGET)
        return target

    def _unopen(self, absorbed: Absorbed, target: Row) -> Absorbed:
        before = self.shelf.link()
        if target.verdict == UNOPENED:
            # It was said before, and said again costs nothing.
            return replace(absorbed, unopened=target)
        self.shelf.decide(target, UNOPENED)
        self.shelf.set_link(before.without(target.writer, target.index))
        changed = self.shelf.link() != before
        touched = frozenset() if target.thread is None else frozenset({target.thread})
        # A `received` or `unopened` that was not in effect has let others count as they do not.
        refolds = changed or target.kind in QUIET
        absorbed = replace(absorbed, link_changed=changed, must_refold=refolds, unopened=target)
        return replace(absorbed, touched=touched, unjudged=touched)

    def settle(self, thread: bytes) -> Folded | None:
        """Return the state of a thread and write down what each of its statements is worth.

        None if the statement that opened it is without effect: then so is all that followed; and
        for a thread that is about no inquiry.
        """
        rows = self.shelf.live(thread)
        if any(row.id == thread and row.kind == erasing.ORDERED for row in rows):
            erasing.settle(self.shelf, self.shelf.thread(thread))
            return None
        if calls.is_call(rows):
            calls.settle(self.shelf, self.sides, rows)
            return None
        if threads.opened_by(rows) is not None:
            threads.settle(self.shelf, self.sides, rows)
            return None
        if len(rows) == 1 and rows[0].id == thread and rows[0].verdict.is_valid:
            # Nobody has said anything about it yet, so there is nothing to judge.
            return Folded(((thread, VALID),), partial(self._inquiry, rows[0]))
        live = [row for row in rows if row.verdict.outcome is not Outcome.UNOPENED]
        facts = {row.id: read_fact(row) for row in live}
        sent = facts.pop(thread, None)
        root = self.shelf.row(thread)
        if sent is None or root is None:
            for row in live:
                self.shelf.decide(row, void(Void.NO_TARGET))
            return None
        folded = self._fold(sent, facts.values())
        if folded is None:
            return None
        known = {row.id: row for row in live}
        for statement, verdict in folded.verdicts:
            if known[statement].verdict != verdict:
                self.shelf.decide(known[statement], verdict)
        return folded

    def erasure(self, order: bytes) -> erasure.Erasure | None:
        """Return what became of an order to erase, None if it is without effect."""
        return erasing.settle(self.shelf, self.shelf.thread(order))

    def call(self, opened: bytes) -> hotline.Call | None:
        """Return the state of a call, None if `opened` opens none, or is without effect."""
        rows = self.shelf.live(opened)
        return calls.settle(self.shelf, self.sides, rows) if calls.is_call(rows) else None

    def _fold(self, sent: Fact, others: Collection[Fact]) -> Folded | None:
        other = self.sides.other(sent.writer).node
        terms = self.shelf.link().terms({sent.writer: sent.index, other: sent.cut}, at=sent.effective)
        if terms is None:
            # An opening was just found unopened; the refold that follows makes the inquiry void.
            return None
        state, nodes = self.shelf.link(), {sent.writer: other, other: sent.writer}
        if state.is_ever_stopped:
            others = [
                with_stop(state, fact, sent=sent, other=nodes[fact.writer], lane=self._lane)
                for fact in others
            ]
        asker, asked = ([f for f in others if f.writer == each] for each in (sent.writer, other))
        standstill = partial(self._standstill.pauses, sent, debtor=other, terms=terms)
        return fold(sent, asker, asked, terms=terms, other=other, standstill=standstill)

    def _inquiry(self, sent: Row) -> Inquiry:
        folded = self._fold(read_fact(sent), ())
        assert folded is not None, "an inquiry that is valid has terms in its past"
        return folded.inquiry


def _opening(row: Row) -> Absorbed:
    """Return what comes of the statement in `row`, which opens a thread and is valid."""
    return Absorbed(row=replace(row, verdict=VALID, thread=row.id), touched=frozenset((row.id,)))


def _check_form(found: Placed, shelf: Shelf) -> None:
    """Check what can be told from the entry alone, in the order of the reasons."""
    entry = found.entry
    if entry is None:
        raise VoidError(Void.GRAMMAR)
    if is_oversize(entry):
        raise VoidError(Void.OVERSIZE)
    if shelf.has_act(found.side.node, entry.act.hash):
        raise VoidError(Void.DUPLICATE_ACT)
    if entry.log is not None and entry.log != found.side.line.at(found.index).origin:
        raise VoidError(Void.WRONG_LOG)


def merge(logs: Logs, sides: Sides, suite: Suite) -> Record:
    """Return the fold of two whole logs, given for each node as (entry, act) in order.

    For verifiers, vectors and rebuilding. Entries are read in an order in which the past of
    each comes first; the result is the same for every such order. A statement that the other
    side could not open never was in effect, whatever was judged by it meanwhile; so where that
    is found out of one that can be read here, the reading begins anew. It comes to an end,
    since what is found out of a statement depends on later ones only.
    """
    both = (sides.one, sides.two)
    pasts = true_pasts(logs, {side.node: side.line for side in both})
    unheard: frozenset[tuple[str, int]] = frozenset()
    while True:
        record = Record(MemoryShelf({side.node: side.bases for side in both}), sides, suite)
        found, touched = _read_all(logs, record, pasts=pasts, unheard=unheard)
        if found == unheard:
            break
        unheard = found
    for thread in sorted(touched):
        record.settle(thread)
    return record


def _read_all(
    logs: Logs, record: Record, *, pasts: Mapping[str, Sequence[int]], unheard: frozenset[tuple[str, int]]
) -> tuple[frozenset[tuple[str, int]], set[bytes]]:
    """Read everything; return what turned out unopened although it can be read here, and all threads."""
    nodes = sorted(logs)
    at = dict.fromkeys(nodes, 0)
    touched: set[bytes] = set()
    found: set[tuple[str, int]] = set()
    while open_nodes := [node for node in nodes if at[node] < len(logs[node])]:
        # One of them always can go on: two entries cannot each contain a hash of the other.
        node = next(
            node for node in open_nodes if pasts[node][at[node]] <= at.get(record.sides.other(node).node, 0)
        )
        raw, act = logs[node][at[node]]
        absorbed = record.absorb(node, raw, act, heard=(node, at[node]) not in unheard)
        at[node] += 1
        touched |= absorbed.touched
        if absorbed.unopened is not None and absorbed.unopened.act is not None:
            found.add((absorbed.unopened.writer, absorbed.unopened.index))
    return frozenset(found), touched
