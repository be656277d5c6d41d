"""Joint cases in a world of two pens, so that a test of cases reads like what two desks do.

    desks = Cases()                                  both have opened the link, on terms that list these kinds
    case = desks.opened()                            A proposes, B joins
    finding = desks.gives(case, likelihood="likely") A gives a finding, signed by a person
    desks.answers(finding, "concurs", public=True)   B concurs with this version
    desks.case(case).findings[0].current.standing    what both fold

Every statement has seen all that was written before it, unless `seen` says otherwise.
"""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parley.protocol import threads
from parley.protocol.act import id_text
from parley.protocol.cases import apply
from parley.protocol.cases.eye import CaseEye
from parley.protocol.kinds import VERSIONS
from parley.protocol.officetime import default_calendar
from parley.protocol.strictjson import JsonSource
from parley.protocol.terms import default_terms
from tests.protocol.world import ALL, A, B, Statement, Wording, World

NOTHING: Final[Mapping[str, JsonSource]] = MappingProxyType({})


def case_terms() -> str:
    """Return the default terms with the kinds of cases beside the others."""
    calendars = {A: default_calendar(), B: default_calendar()}
    return default_terms(calendars, world="live", kinds=VERSIONS)


def place(name: str, part: int | None = 1) -> dict[str, JsonSource]:
    """Return a place in the record, of a statement that nobody needs to find."""
    return {"statement": id_text(hashlib.sha256(name.encode()).digest()), "part": part}


def given(**more: JsonSource) -> dict[str, JsonSource]:
    """Return the `d` of a finding that a state was behind it."""
    usual: dict[str, JsonSource] = {
        "responsibility": "state_executed",
        "likelihood": "likely",
        "confidence": "low",
        "evidence": [],
        "alternatives": [],
        "dissent": False,
        "public": False,
    }
    return {**usual, **more}


class Cases:
    """A world, and the joint cases in it."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World(terms=case_terms())

    def proposes(self, *, by: str = A, seen: int = ALL, **more: JsonSource) -> Statement:
        """Propose a case."""
        said: dict[str, JsonSource] = {"items": ["trade_secrets"], "origins": [], **more}
        return self.world.pen(by).words(Wording(kind="case.proposed"), said, seen=seen)

    def opened(self, *, by: str = A) -> Statement:
        """Return a case that the other side has joined."""
        case = self.proposes(by=by)
        self.says("joined", case, by=B if by == A else A)
        return case

    def says(
        self,
        kind: str,
        re: Statement,
        d: Mapping[str, JsonSource] = NOTHING,
        *,
        by: str,
        seen: int = ALL,
        **more: JsonSource,
    ) -> Statement:
        """Write any statement in a case; `kind` is its second word."""
        return self.world.pen(by).words(Wording(kind=f"case.{kind}", re=re.id), {**d, **more}, seen=seen)

    def notes(self, case: Statement, *, by: str = A, seen: int = ALL) -> Statement:
        """Write a note."""
        return self.says("noted", case, by=by, seen=seen, sort="note")

    def sets(
        self, re: Statement, owner: str = "both", *, by: str = A, seen: int = ALL, **d: JsonSource
    ) -> Statement:
        """Set a task, or its next version."""
        said: dict[str, JsonSource] = {"owner": owner, "start": None, "due": None, **d}
        return self.says("task_set", re, said, by=by, seen=seen)

    def gives(
        self, case: Statement, *, by: str = A, seen: int = ALL, roots: tuple[int, ...] = (1,), **d: JsonSource
    ) -> Statement:
        """Give a finding."""
        return self._signed("finding.given", case, given(**d), by=by, seen=seen, roots=roots)

    def revises(self, version: Statement, *, by: str = A, seen: int = ALL, **d: JsonSource) -> Statement:
        """Revise a finding."""
        said = {**given(**d), "reasons": d.get("reasons", ["new_analysis"])}
        return self._signed("finding.revised", version, said, by=by, seen=seen)

    def answers(
        self, version: Statement, position: str, *, public: bool = False, by: str = B, seen: int = ALL
    ) -> Statement:
        """Say what the side holds of a version."""
        said: dict[str, JsonSource] = {"position": position, "public": public}
        return self._signed("finding.answered", version, said, by=by, seen=seen)

    def _signed(
        self,
        kind: str,
        re: Statement,
        d: Mapping[str, JsonSource],
        *,
        by: str,
        seen: int,
        roots: tuple[int, ...] = (1,),
    ) -> Statement:
        pen = self.world.pen(by)
        return pen.words(Wording(kind=kind, re=re.id, log=pen.side.origin, roots=roots), d, seen=seen)

    def look(self, case: Statement, *, cut: Mapping[str, int] | None = None) -> apply.Case | None:
        """Return the state of a case, None if it is without effect, or beyond the cut."""
        record = self.world.record()
        eye = threads.look(record.shelf, record.sides, case.id, cut=cut)
        assert eye is None or isinstance(eye, CaseEye)
        return None if eye is None else apply.case(eye)

    def case(self, case: Statement) -> apply.Case:
        """Return the state of a case that is in effect."""
        found = self.look(case)
        assert found is not None
        return found

    def verdict(self, statement: Statement) -> str:
        """Return what became of a statement."""
        return self.world.verdict(statement)
