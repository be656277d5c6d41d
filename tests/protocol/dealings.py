"""Random dealings of two desks in the threads of one page: honest and not, every kind said anywhere.

A script of small numbers is played, so that Hypothesis can make it shorter. It holds true, old, blind and
false `seen` lines, wrong writers, targets that fit and that do not, suspensions, and statements that turn
out unopened. `SHARING` and `CASES` say what can be said on each page.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

from parley.protocol import threads
from parley.protocol.cases import account as case_account
from parley.protocol.cases import apply as case_apply
from parley.protocol.cases.eye import CaseEye
from parley.protocol.entry import Seen
from parley.protocol.record import Record
from parley.protocol.sharing import account as share_account
from parley.protocol.sharing.apply import ShareEye
from parley.protocol.strictjson import JsonObject, JsonSource
from tests.protocol.casework import case_terms, given, place
from tests.protocol.sharers import GRADE, OTHER_PART, PARTS, offered, sealed, sharing_terms
from tests.protocol.stops import resume, suspend
from tests.protocol.world import ALL, A, Pen, Statement, Wording, World, rows_of

Detail = Callable[[int], Mapping[str, JsonSource]]
CONDITIONS: Final = (["confidential"], ["confidential", "no_publication"], ["report_outcome"])
POSITIONS: Final = ("concurs", "does_not_concur", "no_position")
ENDINGS: Final = ("solved", "left")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script: who, what, about which earlier statement, having seen what."""

    by_a: bool
    what: int
    target: int
    seen: int
    detail: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One page: its terms, what opens a thread, what else can be said, and what it mostly answers.

    `at_once` is what the other side says of the first two threads.
    """

    terms: str
    forums: tuple[str, ...]
    opening: tuple[str, Detail]
    kinds: Mapping[str, tuple[Detail, tuple[str, ...]]]
    at_once: str | None = None


STEPS = st.builds(
    Step,
    st.booleans(),
    st.integers(0, 59),
    st.integers(0, 19),
    st.integers(0, 9),
    st.integers(0, 59),
)
SCRIPTS = st.lists(STEPS, min_size=1, max_size=24)


def _offer(detail: int) -> Mapping[str, JsonSource]:
    what = ("indicators", "notice", "warning")[detail % 3]
    return offered(what=what, conditions=[] if detail % 2 else CONDITIONS[0])


def _version(detail: int) -> Mapping[str, JsonSource]:
    likelihood = ("likely", "unlikely")[detail % 2]
    evidence = [place(str(each)) for each in range(detail % 3)]
    return given(likelihood=likelihood, evidence=evidence, public=detail % 4 == 0)


def _task(detail: int) -> Mapping[str, JsonSource]:
    return {"owner": ("A", "B", "both")[detail % 3], "start": detail, "due": None}


def _nothing(_detail: int) -> Mapping[str, JsonSource]:
    return {}


SHARING: Final = Subject(
    terms=sharing_terms(),
    forums=("sharing", "case"),
    opening=("sharing.offered", _offer),
    kinds={
        "sharing.accepted": (_nothing, ("sharing.offered",)),
        "sharing.undertaken": (lambda n: {"conditions": CONDITIONS[n % 3]}, ("sharing.offered",)),
        "sharing.confirmed": (_nothing, ("sharing.undertaken",)),
        "sharing.declined": (lambda _: {"reason": "no_need"}, ("sharing.offered",)),
        "sharing.withdrawn": (lambda _: {"reason": "wrong"}, ("sharing.offered",)),
        "sharing.delivered": (
            lambda n: {"content": sealed(*(PARTS if n % 7 else (OTHER_PART,)))},
            ("sharing.accepted", "sharing.undertaken", "sharing.offered"),
        ),
        "sharing.evaluated": (lambda _: GRADE, ("sharing.delivered",)),
        "sharing.result_notified": (lambda n: {"result": ("used", "wrong")[n % 2]}, ("sharing.delivered",)),
        "sharing.release_asked": (lambda n: {"to": ("side", "public")[n % 2]}, ("sharing.delivered",)),
        "sharing.release_permitted": (_nothing, ("sharing.release_asked",)),
        "sharing.release_refused": (_nothing, ("sharing.release_asked",)),
    },
)
CASES: Final = Subject(
    terms=case_terms(),
    at_once="case.joined",
    forums=("case", "finding"),
    opening=("case.proposed", lambda _: {"items": ["trade_secrets"], "origins": []}),
    kinds={
        "case.joined": (_nothing, ("case.proposed",)),
        "case.declined": (lambda _: {"reason": "own_law"}, ("case.proposed",)),
        "case.closed": (lambda n: {"ending": ENDINGS[n % 2]}, ("case.proposed",)),
        "case.noted": (lambda _: {"sort": "lead"}, ("case.proposed", "case.noted")),
        "case.linked": (lambda n: {"to": "evidence", "place": place(str(n % 5))}, ("case.proposed",)),
        "case.unlinked": (lambda _: {"reason": "forged"}, ("case.linked",)),
        "case.task_set": (_task, ("case.proposed", "case.task_set")),
        "case.task_agreed": (_nothing, ("case.task_set",)),
        "case.task_declined": (_nothing, ("case.task_set",)),
        "case.task_done": (lambda _: {"result": "done"}, ("case.task_set",)),
        "finding.given": (_version, ("case.proposed",)),
        "finding.revised": (
            lambda n: {**_version(n), "reasons": ["new_analysis"]},
            ("finding.given", "finding.revised"),
        ),
        "finding.answered": (
            lambda n: {"position": POSITIONS[n % 3], "public": n % 6 == 0},
            ("finding.given", "finding.revised"),
        ),
    },
)


class Play:
    """A world in which a script about one page is played, and what was said in it."""

    def __init__(self, subject: Subject) -> None:
        """Begin with a thread of each side, seen by the other."""
        self.subject = subject
        self.world = World(terms=subject.terms)
        self.said: list[tuple[str, Statement]] = []
        for pen in (self.world.a, self.world.b):
            opened = self._open(pen, 1, ALL)
            if subject.at_once is not None:
                pen.other.words(Wording(kind=subject.at_once, re=opened.id), {})

    def step(self, step: Step) -> Statement:
        """Write one more statement."""
        self.world.wait(60)
        pen, seen = self.world.a if step.by_a else self.world.b, self._seen(step)
        if step.what < 6:
            return pen.says("received")
        if step.what < 9:
            log = pen.other.log
            return pen.says("unopened", re=log[-1 - step.target % min(len(log), 4)], seen=seen)
        if step.what < 11:
            forum = self.subject.forums[step.detail % 2]
            return suspend(pen, scope={"forum": forum} if step.detail % 5 else {"link": True}, seen=seen)
        if step.what < 16:
            stops = [each for each in (*pen.log, *pen.other.log) if b'"link.suspended"' in each.act]
            return resume(pen, stops[step.target % len(stops)] if stops else pen.log[0], seen=seen)
        return self._open(pen, step.detail, seen) if step.what < 18 else self._say(pen, step, seen)

    def _seen(self, step: Step) -> int | Seen | None:
        pen = self.world.a if step.by_a else self.world.b
        there = len(pen.other.log)
        if step.seen == 0:
            return Seen(origin=pen.other.side.origin, size=1 + step.detail % (there + 3), root=bytes(32))
        if step.seen < 3:
            return None
        return min(step.detail % (there + 1), there) or None if step.seen < 5 else ALL

    def _open(self, pen: Pen, detail: int, seen: int | Seen | None) -> Statement:
        kind, read = self.subject.opening
        statement = pen.words(Wording(kind=kind), read(detail), seen=seen)
        self.said.append((kind, statement))
        return statement

    def _say(self, pen: Pen, step: Step, seen: int | Seen | None) -> Statement:
        kinds = list(self.subject.kinds)
        kind = kinds[step.what % len(kinds)]
        read, answers = self.subject.kinds[kind]
        fitting = [each for name, each in self.said if name in answers or step.detail % 13 == 0]
        target = fitting[-1 - step.target % min(len(fitting), 4)] if fitting else self.said[0][1]
        signed = kind == "sharing.undertaken" or kind.startswith("finding.")
        d = read(step.detail)
        wording = Wording(
            kind=kind,
            re=target.id,
            log=pen.side.origin if signed else None,
            roots=(1,) if signed else (),
            body_size=200 if "content" in d else None,
            files=(PARTS if step.detail % 7 else (OTHER_PART,)) if "content" in d else (),
        )
        statement = pen.words(wording, d, seen=seen)
        self.said.append((kind, statement))
        return statement


def play(subject: Subject, script: Sequence[Step]) -> Play:
    """Return the world after the script."""
    stage = Play(subject)
    for step in script:
        stage.step(step)
    return stage


def long_script(seed: int) -> list[Step]:
    """Return a script of thirty to ninety lines, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
    ranges = (60, 20, 10, 60)
    return [Step(dice.random() < 0.5, *map(dice.randrange, ranges)) for _ in range(dice.randint(30, 90))]


def eyes_of(record: Record) -> list[ShareEye | CaseEye]:
    """Return what every thread of a page comes to, in the order of the logs."""
    openings = {opening for page in threads.PAGES for opening in page.openings}
    opened = [row.id for row in rows_of(record) if row.kind in openings and row.thread == row.id]
    eyes = (threads.look(record.shelf, record.sides, each) for each in opened)
    return [eye for eye in eyes if isinstance(eye, ShareEye | CaseEye)]


def accounts(record: Record) -> dict[bytes, JsonObject]:
    """Return the account of every offer and case that is in effect."""
    return {
        eye.opened.id: share_account.account(eye.share())
        if isinstance(eye, ShareEye)
        else case_account.account(case_apply.case(eye))
        for eye in eyes_of(record)
    }


def is_of_a(statement: Statement) -> bool:
    """Return whether A wrote it."""
    return statement.writer == A
