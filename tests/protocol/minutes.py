"""Random dialogues: two sides, honest and not, who promise, meet, and write every kind anywhere.

A dialogue is played from a script of small numbers, so that Hypothesis can make it shorter. It holds true,
old, blind and false `seen` lines, wrong writers, targets that fit and that do not, offers that cross their
answers, lists frozen by what one sees, lies about time, suspensions, and statements that turn out unopened.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

from parley.protocol import threads
from parley.protocol.act import id_text
from parley.protocol.dialogue.account import account
from parley.protocol.dialogue.bodies import CLASSES, OPENINGS, Offer
from parley.protocol.dialogue.commitment import Commitment
from parley.protocol.dialogue.meeting import Round
from parley.protocol.entry import Seen
from parley.protocol.record import Record
from parley.protocol.strictjson import JsonObject, JsonSource
from tests.protocol.rounds import CLAUSE, OTHER, WORDS, Dialogue, plan
from tests.protocol.stops import resume, suspend
from tests.protocol.world import ALL, DAY, HOUR, SIDES, A, B, Pen, Statement, rows_of

KINDS: Final = tuple(sorted(CLASSES))
WAITS: Final = (0, 0, HOUR, DAY, 11 * DAY)
STANDINGS: Final = ("under_way", "hindered", "fulfilled", "fulfilled")
SCOPES: Final[tuple[Mapping[str, JsonSource], ...]] = (
    {"link": True},
    {"forum": "commitment"},
    {"forum": "outcome"},
)
OFFERED: Final = tuple(sorted(kind for kind, said in CLASSES.items() if issubclass(said, Offer)))
ANSWERED: Final[Mapping[str, tuple[str, ...]]] = {
    "commitment.carried": ("commitment.proposed", "commitment.carried"),
    "commitment.confirmed": ("commitment.reported",),
    "commitment.disputed": ("commitment.reported",),
    "concern.raised": ("commitment.proposed",),
    "concern.answered": ("concern.raised",),
    "concern.escalated": ("concern.raised",),
    "concern.settled": ("concern.raised",),
    "outcome.amended": ("outcome.clause_proposed", "outcome.amended"),
    "round.replanned": ("round.proposed", "round.replanned"),
    "round.stated": ("round.proposed", "round.item_proposed"),
}


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
    st.integers(0, 79),
    st.integers(0, 19),
    st.integers(0, 9),
    st.integers(0, 59),
    st.integers(0, 4),
)
SCRIPTS = st.lists(STEPS, min_size=1, max_size=24)


class Play(Dialogue):
    """A dialogue in which a script is played."""

    def __init__(self) -> None:
        """Begin with a commitment that is in force, and a round with one clause that both want."""
        super().__init__()
        self.promise, self.meeting = self.promises(owners=["A", "B"]), self.concludes()
        self.said = [each for pen in (self.world.a, self.world.b) for each in pen.log if each.act]

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
            suspend(pen, scope=SCOPES[step.detail % len(SCOPES)], seen=seen)
        elif step.what < 18:
            stops = [each for each in (*pen.log, *pen.other.log) if b'"link.suspended"' in each.act]
            resume(pen, stops[step.target % len(stops)] if stops else pen.log[0], seen=seen)
        elif step.what < 24:
            self._freeze(pen, seen=seen)
        elif step.what < 28:
            self._release(pen, seen=seen)
        else:
            kind = KINDS[(step.what * 7 + step.detail) % len(KINDS)]
            re = None if kind in OPENINGS else self._target(kind, step)
            self.says(kind, re, self._d(kind, step), by=pen.node, heard=False, seen=seen)

    def _freeze(self, pen: Pen, *, seen: int | Seen | None) -> None:
        release = self.world.now // DAY * DAY + 2 * DAY
        if self.look(self.meeting) is not None and self.text(self.meeting, release):
            self.freezes(self.meeting, by=pen.node, release=release, heard=False, seen=seen)

    def _release(self, pen: Pen, *, seen: int | Seen | None) -> None:
        found = self.look(self.meeting)
        if isinstance(found, Round) and pen.node in found.outcome.frozen:
            self.releases(self.meeting, by=pen.node, heard=False)
        else:
            pen.says("received", seen=seen)

    def _target(self, kind: str, step: Step) -> Statement:
        """Return what a statement answers: nearly always what it may answer, and mostly a newer one."""
        words = [f'"k":"{each}"'.encode() for each in _targets(kind)]
        fitting = [each for each in self.said if any(word in each.act for word in words)]
        if step.detail % 11 == 0 or not fitting:
            return self.said[step.target % len(self.said)]
        few = fitting[:2] if step.detail % 2 else fitting[-4:]
        return few[step.target % len(few)]

    def _seen(self, pen: Pen, step: Step) -> int | Seen | None:
        there = len(pen.other.log)
        if step.seen == 0:
            return Seen(origin=pen.other.side.origin, size=1 + step.detail % (there + 3), root=bytes(32))
        if step.seen < 3:
            return None
        return min(step.detail % (there + 1), there) or None if step.seen < 5 else ALL

    def _d(self, kind: str, step: Step) -> Mapping[str, JsonSource]:
        detail, now = step.detail, self.world.now
        clause = (CLAUSE, OTHER)[detail % 2]
        values: Mapping[str, Mapping[str, JsonSource]] = {
            "commitment.proposed": {
                "text": WORDS,
                "owners": [["A"], ["B"], ["A", "B"]][detail % 3],
                "due": now + DAY,
                "round": None,
            },
            "commitment.carried": {"round": id_text(self.meeting.id), "due": detail},
            "commitment.reported": {"standing": STANDINGS[detail % len(STANDINGS)], "evidence": []},
            "concern.escalated": {"call": id_text(self.said[-1].id)},
            "round.proposed": {"number": 1 + detail, "after": None, **plan(now)},
            "round.replanned": plan(now, host="AB"[detail % 2]),
            "round.next_proposed": plan(now + detail, host="B"),
            "round.item_proposed": {"source": "concern", "of": None, "text": WORDS},
            "round.group_reported": {"group": "experts", "text": WORDS},
            "round.decided": {"guideline": None, "text": WORDS},
            "round.delegated": {"chair": "minister", "members": [{"role": "minister", "count": 1 + detail}]},
            "round.stated": {"stance": "view"},
            "outcome.clause_proposed": {"place": 1 + detail, "clause": clause},
            "outcome.amended": {"place": 1 + detail, "clause": None if detail % 5 == 0 else clause},
            "outcome.frozen": {"release": now + DAY, "digest": WORDS},
            "outcome.released": {"release": now, "digest": WORDS, "note": ""},
        }
        return values.get(kind, {})


def _targets(kind: str) -> tuple[str, ...]:
    """Return the kinds that a statement of this kind may answer."""
    page, _, word = kind.partition(".")
    if word in {"agreed", "declined", "withdrawn"}:
        return tuple(name for name in OFFERED if name.startswith(f"{page}."))
    return ANSWERED.get(kind, ("commitment.proposed",) if page == "commitment" else ("round.proposed",))


def play(script: Sequence[Step]) -> Play:
    """Return the dialogue after the script."""
    dialogue = Play()
    for step in script:
        dialogue.step(step)
    return dialogue


def long_script(seed: int) -> list[Step]:
    """Return a script of twenty to eighty lines, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
    return [
        Step(
            dice.random() < 0.5,
            dice.randrange(80),
            dice.randrange(20),
            dice.randrange(10),
            dice.randrange(60),
            dice.randrange(5),
        )
        for _ in range(dice.randint(20, 80))
    ]


def threads_of(record: Record) -> list[Commitment | Round]:
    """Return the state of every commitment and round that is in effect, in the order of the logs."""
    opened = [row.id for row in rows_of(record) if row.kind in OPENINGS and row.thread == row.id]
    found = [threads.look(record.shelf, SIDES, each) for each in opened]
    return [each for each in found if isinstance(each, Commitment | Round)]


def accounts(record: Record) -> dict[bytes, JsonObject]:
    """Return the account of every commitment and round that is in effect."""
    return {each.opened.id: account(each) for each in threads_of(record)}
