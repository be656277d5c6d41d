"""Random histories of two sides, honest and not, and the orders in which they can arrive.

A history is played from a script of small numbers, so that Hypothesis can make it shorter. It
holds true, old, blind and false `seen` lines, wrong writers, targets that fit and that do not,
duplicates, foreign bytes and kinds, new openings, and much that is simply right.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from parley.protocol.entry import Seen
from parley.protocol.inquiries.account import account
from parley.protocol.inquiries.bodies import CLASSES
from parley.protocol.inquiries.moves import MOVES, Writer, answers
from parley.protocol.pasts import Logs, true_pasts
from parley.protocol.record import Record
from parley.protocol.shelf import MemoryShelf
from parley.protocol.strictjson import JsonObject, JsonSource
from tests.protocol.stops import resume, suspend
from tests.protocol.toy import TOY
from tests.protocol.world import (
    ALL,
    DAY,
    HOUR,
    SIDES,
    USUAL,
    A,
    B,
    Pen,
    Statement,
    Wording,
    World,
    fold_of,
    found,
    rows_of,
    usual_terms,
)

OTHER_TERMS = usual_terms().replace('"5wd"', '"6wd"')
ITEMS: tuple[JsonSource, ...] = ("all", [0], [1], [0, 1], [7])
CODES = ("mitigated", "no_data", "operator_information", "preserved")
CLOCKS = ("mitigate", "evidence", "admit", "preserve")
WANTS = (("mitigate", "operator"), ("mitigate", "preserve"), ("preserve",))
URGENCIES = ("U2", "U2", "U1", "U0")
SCOPES: tuple[Mapping[str, JsonSource], ...] = (
    {"link": True},
    {"forum": "inquiry"},
    {"item": "fraud_phishing"},
    {"item": "trade_secrets"},
)
YEAR = 400 * DAY


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script: who, what, about which earlier statement, having seen what."""

    by_a: bool
    what: int
    kind: int
    target: int
    seen: int
    detail: int


STEPS = st.builds(
    Step,
    st.booleans(),
    st.integers(0, 99),
    st.integers(0, 24),
    st.integers(0, 99),
    st.integers(0, 11),
    st.integers(0, 59),
)
SCRIPTS = st.lists(STEPS, min_size=1, max_size=24)
KINDS = tuple(sorted(set(CLASSES) - {"inquiry.sent"}))


class Play:
    """A world in which a script is played, and what was said by whom."""

    def __init__(self) -> None:
        """Begin with an open link and one inquiry of each side."""
        self.world = World()
        self.said: list[tuple[str, Statement, Statement]] = []
        for pen in (self.world.a, self.world.b):
            self._send(pen, ALL)

    def step(self, step: Step) -> Statement:
        """Write one more statement."""
        self.world.wait((step.detail % 7) * HOUR)
        pen = self.world.a if step.by_a else self.world.b
        odd = {95: self._foreign, 96: self._broken, 97: self._again, 98: self._unknown, 99: self._opening}
        odd |= dict.fromkeys(range(86, 91), self._suspension) | dict.fromkeys(range(91, 95), self._resumption)
        if step.what in odd:
            return odd[step.what](pen, step)
        if step.what < 5:
            return pen.says("received", seen=self.seen(pen, step))
        if step.what < 17:
            return self._unopened(pen, step)
        if step.what < 22:
            return self._send(pen, self.seen(pen, step))
        return self._about(pen, step)

    def seen(self, pen: Pen, step: Step) -> int | Seen | None:
        """Return what the statement says to have seen."""
        size, there = step.detail % (len(pen.other.log) + 3), len(pen.other.log)
        if step.seen == 0:
            return Seen(origin=pen.other.side.origin, size=size + 1, root=bytes(32))
        if step.seen < 3:
            return None
        return min(size, there) or None if step.seen < 6 else ALL

    def _send(self, pen: Pen, seen: int | Seen | None) -> Statement:
        number = len(self.said)
        wants = WANTS[number % len(WANTS)]
        inquiry = pen.sends(count=2, urgency=URGENCIES[number % len(URGENCIES)], wants=wants, seen=seen)
        self.said.append(("inquiry.sent", inquiry, inquiry))
        return inquiry

    def _suspension(self, pen: Pen, step: Step) -> Statement:
        roots = (1, 2) if step.detail % 5 else (1,)
        scope = SCOPES[step.kind % len(SCOPES)]
        statement = suspend(pen, roots=roots, scope=scope, seen=self.seen(pen, step))
        self.world.wait(YEAR if step.detail % 9 == 0 else 0)
        return statement

    def _resumption(self, pen: Pen, step: Step) -> Statement:
        stops = [each for each in (*pen.log, *pen.other.log) if b'"link.suspended"' in each.act]
        target = stops[step.target % len(stops)] if stops else pen.log[0]
        return resume(pen, target, seen=self.seen(pen, step))

    def _about(self, pen: Pen, step: Step) -> Statement:
        threads = [inquiry for kind, inquiry, _ in self.said if kind == "inquiry.sent"]
        thread = threads[step.target % len(threads)]
        mine = Writer.ASKER if thread.writer == pen.node else Writer.ASKED
        kinds = [kind for kind in KINDS if step.what > 80 or MOVES[kind].writer in {mine, Writer.EITHER}]
        kind = kinds[step.kind % len(kinds)]
        fitting = [each for name, each, of in self.said if of is thread and name in answers(kind)]
        target = fitting[-1 - step.target % min(len(fitting), 3)] if fitting else thread
        d = {**USUAL.get(kind, {}), **self._detail(kind, step.detail)}
        statement = pen.words(Wording(kind=kind, re=target.id), d, seen=self.seen(pen, step))
        self.said.append((kind, statement, thread))
        return statement

    def _detail(self, kind: str, detail: int) -> Mapping[str, JsonSource]:
        items = ITEMS[detail % len(ITEMS)]
        code = CODES[detail % len(CODES)]
        listed = [0, 1] if isinstance(items, str) else items
        finding = {**found(code), "items": listed}
        match kind:
            case "inquiry.answered":
                return {"findings": [finding]}
            case "inquiry.corrected":
                return [
                    {"items": listed, "findings": [finding]},
                    {"items": items, "grounds": ["G01"]},
                    {"items": items},
                ][detail % 3]
            case "inquiry.extended":
                until = self.world.now + detail * 3 * HOUR
                return {"items": items, "clock": CLOCKS[detail % len(CLOCKS)], "until": until}
            case "inquiry.postponed":
                return {"items": items, "until": self.world.now + detail * HOUR}
            case _:
                return {"items": items} if "items" in USUAL.get(kind, {}) else {}

    def _unopened(self, pen: Pen, step: Step) -> Statement:
        log = pen.other.log
        return pen.says("unopened", re=log[-1 - step.target % min(len(log), 4)], seen=self.seen(pen, step))

    def _foreign(self, pen: Pen, step: Step) -> Statement:
        return pen.puts(pen.other.log[step.target % len(pen.other.log)].raw)

    def _broken(self, pen: Pen, step: Step) -> Statement:
        raws = (b"\x00", b"parley/v1\n", pen.log[-1].raw[:-1])
        if step.target % 4 < len(raws):
            return pen.puts(raws[step.target % 4])
        return pen.writes(b'{"k":', Wording(kind="received"), seen=self.seen(pen, step))

    def _again(self, pen: Pen, step: Step) -> Statement:
        first = pen.log[step.target % len(pen.log)]
        return pen.puts(first.raw, first.act)

    def _unknown(self, pen: Pen, step: Step) -> Statement:
        return pen.words(Wording(kind="parade.held"), {}, seen=self.seen(pen, step))

    def _opening(self, pen: Pen, step: Step) -> Statement:
        terms = OTHER_TERMS if step.detail % 3 == 0 else self.world.terms
        return pen.opens(terms=terms, seen=self.seen(pen, step))


def long_script(seed: int) -> list[Step]:
    """Return a script of ten to fifty lines, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
    return [
        Step(
            dice.random() < 0.5,
            dice.randrange(100),
            dice.randrange(25),
            dice.randrange(100),
            dice.randrange(12),
            dice.randrange(60),
        )
        for _ in range(dice.randint(10, 50))
    ]


def play(script: Sequence[Step]) -> World:
    """Return the world after the script."""
    stage = Play()
    for step in script:
        stage.step(step)
    return stage.world


def logs_of(world: World, *, without: Collection[tuple[str, int]] = ()) -> Logs:
    """Return both logs as they open: bytes that were copied from the other log never do.

    `without` are places (node, index) whose acts the reader does not have; the same bytes
    elsewhere in the same log then do not open either.
    """
    pens = (world.a, world.b)
    hidden = {(pen.node, each.raw) for pen in pens for each in pen.log if (pen.node, each.index) in without}
    return {
        pen.node: [
            (each.raw, each.act if each.act and (pen.node, each.raw) not in hidden else None)
            for each in pen.log
        ]
        for pen in pens
    }


def read_in_any_order(logs: Logs, dice: random.Random) -> Record:
    """Return the fold of two logs that arrive as the dice say, settled now and then on the way."""
    pasts = true_pasts(logs, {side.node: side.line for side in (SIDES.one, SIDES.two)})
    unheard: set[tuple[str, int]] = set()
    while True:
        record, found_now = _read(logs, pasts, unheard, dice=dice)
        if found_now == unheard:
            return record
        unheard = found_now


def _read(
    logs: Logs, pasts: Mapping[str, Sequence[int]], unheard: set[tuple[str, int]], *, dice: random.Random
) -> tuple[Record, set[tuple[str, int]]]:
    record = Record(MemoryShelf(), SIDES, TOY)
    at, touched, unopened = dict.fromkeys(logs, 0), set[bytes](), set[tuple[str, int]]()
    while open_nodes := [node for node in logs if at[node] < len(logs[node])]:
        ready = [node for node in open_nodes if pasts[node][at[node]] <= at[SIDES.other(node).node]]
        node = dice.choice(ready)
        raw, act = logs[node][at[node]]
        absorbed = record.absorb(node, raw, act, heard=(node, at[node]) not in unheard)
        at[node] += 1
        touched |= absorbed.touched
        if absorbed.unopened is not None and absorbed.unopened.act is not None:
            unopened.add((absorbed.unopened.writer, absorbed.unopened.index))
        if dice.random() < 0.3:
            _settle(record, touched)
    _settle(record, touched)
    return record, unopened


def _settle(record: Record, touched: set[bytes]) -> None:
    for thread in touched:
        record.settle(thread)
    touched.clear()


def summary(record: Record) -> list[tuple[str, int, str, int, int | None]]:
    """Return what became of every entry, and when it was received."""
    return [
        (row.writer, row.index, row.verdict.text, row.effective, row.received_at) for row in rows_of(record)
    ]


def accounts(record: Record) -> dict[bytes, JsonObject | None]:
    """Return the state of every inquiry that has effect."""
    roots = [row for row in rows_of(record) if row.kind == "inquiry.sent" and row.verdict.is_valid]
    folds = {row.id: record.settle(row.id) for row in roots}
    return {root: None if folded is None else account(folded.inquiry) for root, folded in folds.items()}


class Node:
    """The node of A as it runs: it folds what it writes and receives at once, and never anew.

    It writes nothing void, and says at once what of B's statements it could not open. B does
    as the script says.
    """

    def __init__(self, dice: random.Random) -> None:
        """Begin with the open link and one inquiry of each side, all received."""
        self.stage = Play()
        self.dice = dice
        self.record = Record(MemoryShelf(), SIDES, TOY)
        self.received = 0
        self.closed: set[bytes] = set()
        a, b = self.world.a, self.world.b
        for statement in (a.log[0], b.log[0], a.log[1]):
            self._take([statement])
        self.received = 1
        self.receive()

    @property
    def world(self) -> World:
        """Return the world in which both write."""
        return self.stage.world

    def logs(self) -> Logs:
        """Return all that the node holds."""
        logs = logs_of(self.world)
        theirs = [(raw, None if raw in self.closed else act) for raw, act in logs[B][: self.received]]
        return {A: logs[A], B: theirs}

    def _take(self, statements: Sequence[Statement]) -> None:
        touched: set[bytes] = set()
        must_refold = False
        for each in statements:
            opens = each.act and each.raw not in self.closed
            absorbed = self.record.absorb(each.writer, each.raw, each.act if opens else None)
            touched |= absorbed.touched
            must_refold |= absorbed.must_refold
        if must_refold:
            self.record = fold_of(self.logs())
        _settle(self.record, touched)

    def receive(self) -> None:
        """Take all that B has written, and say what could not be opened."""
        new = self.world.b.log[self.received :]
        self.received = len(self.world.b.log)
        self._take(new)
        for each in new:
            if each.raw in self.closed:
                self._take([self.world.a.says("unopened", re=each)])
        self._take([self.world.a.says("received")])

    def step(self, step: Step) -> None:
        """Play one step; a step of A is left out if it would be void."""
        pen = self.world.pen(A if step.by_a else B)
        log, size = pen.log, len(pen.log)
        if step.by_a:
            self.receive()
            size, cited = len(log), pen.cited
            self.stage.step(replace(step, what=step.what % 60 + 17, seen=11))
            if summary(fold_of(self.logs()))[size][2] == "valid":
                self._take(log[size:])
            else:
                pen.unsay()
                pen.cited = cited
                self.stage.said = [each for each in self.stage.said if each[1] in log or each[1].writer == B]
        else:
            known = {each.raw for each in log}
            self.stage.step(step)
            # Some of what is new does not open here.
            self.closed |= {each.raw for each in log[size:] if self.dice.random() < 0.15} - known
