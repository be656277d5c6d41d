"""Random nights on the hotline: two sides, honest and not, who write every kind anywhere.

A night is played from a script of small numbers, so that Hypothesis can make it shorter. It holds true,
old, blind and false `seen` lines, wrong writers, targets that fit and that do not, calls at every level
and urgency, promises kept, missed and absurd, suspensions, and statements that turn out unopened.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from parley.protocol.entry import Seen
from parley.protocol.hotline.account import account
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.bodies import OPENINGS
from parley.protocol.record import Record
from parley.protocol.strictjson import JsonObject, JsonSource
from tests.protocol.callers import TEST_FIELDS, TYPED_WRONG, Night, fields, lines
from tests.protocol.stops import resume, suspend
from tests.protocol.world import (
    ALL,
    DAY,
    HOUR,
    MINUTE,
    A,
    B,
    Pen,
    Statement,
    Wording,
    World,
    rows_of,
    usual_terms,
)

# Terms that do not keep the hotline open: then it is suspended like everything else.
SHUTTABLE = usual_terms().replace('"safety_of_life","hotline"]', '"safety_of_life"]')
URGENCIES = ("U0", "U0", "U1", "U3")
RUNGS = ("duty_desk", "director", "vice_minister", "minister")
SORTS = ("holding", "substantive", "question", "clarification", "notification", "joint_start")
ENDINGS = ("answered", "declined", "deferred", "not_reached", "technical_fault", "cancelled")
WAITS = (0, 0, MINUTE, 4 * MINUTE, 20 * MINUTE, 30 * HOUR)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script: who, what, about which earlier statement, having seen what, after how long."""

    by_a: bool
    what: int
    target: int
    seen: int
    detail: int
    wait: int


STEPS = st.builds(
    Step,
    st.booleans(),
    st.integers(0, 49),
    st.integers(0, 19),
    st.integers(0, 9),
    st.integers(0, 59),
    st.integers(0, 5),
)
SCRIPTS = st.lists(STEPS, min_size=1, max_size=24)


class Play(Night):
    """A night in which a script is played."""

    def __init__(self) -> None:
        """Begin with a call of each side: that of A is taken and read back, that of B is only heard."""
        super().__init__(World(terms=SHUTTABLE))
        self.said = [self.talking(), self.opens(by=B, urgency="U3")]

    def step(self, step: Step) -> Statement:
        """Write one more statement."""
        self.world.wait(WAITS[step.wait])
        pen = self.pen(A if step.by_a else B)
        before = len(pen.log)
        self._write(pen, step)
        statement = pen.log[before] if len(pen.log) > before else pen.log[-1]
        if statement.act:
            self.said.append(statement)
        return statement

    def _write(self, pen: Pen, step: Step) -> None:
        seen = self._seen(pen, step)
        if step.what < 12:
            pen.says("received")
        elif step.what < 14:
            log = pen.other.log
            pen.says("unopened", re=log[-1 - step.target % min(len(log), 4)], seen=seen)
        elif step.what < 15:
            suspend(pen, scope=({"link": True}, {"forum": "call"})[step.detail % 2], seen=seen)
        elif step.what < 18:
            stops = [each for each in (*pen.log, *pen.other.log) if b'"link.suspended"' in each.act]
            resume(pen, stops[step.target % len(stops)] if stops else pen.log[0], seen=seen)
        elif step.what < 20:
            self._open(pen, step, seen=seen)
        else:
            kind, d = self._about(step)
            target = self._target(pen, kind, step)
            pen.words(Wording(kind=kind, re=target.id), d, seen=seen)

    def _target(self, pen: Pen, kind: str, step: Step) -> Statement:
        """Return what a statement answers: nearly always what it may answer, and mostly the first calls."""
        if step.detail % 11 == 0:
            return self.said[-1 - step.target % len(self.said)]
        words = {
            "call.said": (b'"call.opened"', b"principal_opened", b'"call.said"'),
            "call.read_back": (b'"fields"',) if step.what < 32 else (b'"lines"',),
        }.get(kind, (b'"call.opened"', b"principal_opened"))
        fitting = [each for each in self.said if any(word in each.act for word in words)]
        if kind == "call.read_back":
            fitting = [each for each in fitting if b"read_back" not in each.act]
            fitting = [each for each in fitting if step.what >= 32 or each.writer != pen.node] or fitting
        few = fitting[:3] if step.detail % 2 else fitting[-3:]
        return few[step.target % len(few)] if few else self.said[0]

    def _seen(self, pen: Pen, step: Step) -> int | Seen | None:
        there = len(pen.other.log)
        if step.seen == 0:
            return Seen(origin=pen.other.side.origin, size=1 + step.detail % (there + 3), root=bytes(32))
        if step.seen < 3:
            return None
        return min(step.detail % (there + 1), there) or None if step.seen < 5 else ALL

    def _open(self, pen: Pen, step: Step, *, seen: int | Seen | None) -> None:
        said: dict[str, JsonSource] = {
            "nature": "real",
            "urgency": URGENCIES[step.detail % len(URGENCIES)],
            "inquiry": None,
            "scope": "threat_to_life",
            "fields": fields(),
        }
        if step.detail % 5 == 0:
            said |= {"nature": "test", "scope": None, "fields": TEST_FIELDS}
        if step.detail % 3:
            pen.words(Wording(kind="call.opened"), said, seen=seen)
            return
        roots = (1, 2) if step.detail % 7 else (1,)
        wording = Wording(kind="call.principal_opened", log=pen.side.origin, roots=roots)
        pen.words(wording, {**said, "to": RUNGS[2 + step.detail % 2]}, seen=seen)

    def _about(self, step: Step) -> tuple[str, Mapping[str, JsonSource]]:
        detail, now = step.detail, self.world.now
        if step.what < 27:
            return "call.taken", {"rung": RUNGS[detail % len(RUNGS)]}
        if step.what < 33:
            if step.what == 32:
                return "call.read_back", {"lines": lines()}
            return "call.read_back", {"fields": fields(host=TYPED_WRONG) if detail % 5 == 0 else fields()}
        if step.what < 43:
            return "call.said", self._message(detail)
        if step.what < 45:
            return "call.minuted", {"since": now, "until": now, "lines": lines()}
        ending = ENDINGS[detail // 2 % len(ENDINGS)]
        return "call.closed", {
            "ending": ending,
            **({"at": (0, now + DAY)[detail % 2]} if ending == "deferred" else {}),
        }

    def _message(self, detail: int) -> Mapping[str, JsonSource]:
        sort, now = SORTS[detail % len(SORTS)], self.world.now
        promises = (0, now + MINUTE, now + HOUR, 2**53 - 1)
        more: dict[str, JsonSource] = {}
        if sort == "holding" or detail // 6 % 3 == 0:
            more["next_word"] = promises[detail // 6 % len(promises)]
        if sort == "joint_start":
            more["at"] = now // DAY * DAY
        if sort == "clarification" and detail % 5:
            more["fields"] = fields(host=TYPED_WRONG)
        if detail // 6 % 4 == 1:
            more["to"] = RUNGS[detail % len(RUNGS)]
        return {"sort": sort, **more}


def play(script: Sequence[Step]) -> Play:
    """Return the night after the script."""
    night = Play()
    for step in script:
        night.step(step)
    return night


def long_script(seed: int) -> list[Step]:
    """Return a script of twenty to eighty lines, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
    return [
        Step(
            dice.random() < 0.5,
            dice.randrange(50),
            dice.randrange(20),
            dice.randrange(10),
            dice.randrange(60),
            dice.randrange(6),
        )
        for _ in range(dice.randint(20, 80))
    ]


def calls_of(record: Record) -> list[Call]:
    """Return the state of every call that is in effect, in the order of the logs."""
    opened = [row.id for row in rows_of(record) if row.kind in OPENINGS and row.thread == row.id]
    return [call for call in (record.call(each) for each in opened) if call is not None]


def accounts(record: Record) -> dict[bytes, JsonObject]:
    """Return the account of every call that is in effect."""
    return {call.id: account(call) for call in calls_of(record)}
