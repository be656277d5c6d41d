"""Two nodes and their joint cases: officers of both sides speak through the room's own actions.

desks.open()                     A proposes, B joins
given = desks.give(A, held())    A gives a finding, signed by its author
desks.answer(B, given, …)        B answers that very version
desks.page(B)                    the page of the case, as B has it
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connections

from parley.agencies.policy import Role
from parley.agencies.queries import OfficerRow
from parley.cases import actions
from parley.cases.actions import Holding, Proposal, Task
from parley.cases.forms.texts import Both
from parley.inquiries.forms.letter import text_of
from parley.ledger.casebook import case_at
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.ledger import Ledger
from parley.ledger.preparing import prepare
from parley.links.actions.speaking import Hand, Said, Target, Tried
from parley.node.projector import Projector, projections
from parley.protocol.cases import account
from parley.protocol.cases.apply import Case
from parley.protocol.cases.codes import Confidence, Likelihood, Owner, Responsibility
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.persons import bring, signed

OFFICER: Final = OfficerRow(number=4, name="Chen", role=Role.OFFICER, language="en", is_active=True)
TITLE: Final = Both(en="Theft of personnel records", zh="人事档案失窃案")
TABLES: Final = ("cases_case", "cases_finding", "cases_mention")


@dataclass(frozen=True, kw_only=True)
class Straight:
    """A door that leads to a ledger which runs already."""

    ledger: Ledger

    def pass_on(self, drafts: Sequence[Draft], *, by: Hand) -> Sequence[Appended | Tried | RefusedError]:  # noqa: ARG002 - a door
        return self.ledger.append(drafts)


def held(**more: Any) -> Holding:  # noqa: ANN401 - whatever a test puts there
    """Return a finding that a state was behind it."""
    usual = Holding(
        statement=Both(en="State-sponsored.", zh="国家支持的网络攻击。"),
        responsibility=Responsibility.STATE_EXECUTED,
        likelihood=Likelihood.LIKELY,
        confidence=Confidence.LOW,
    )
    return replace(usual, **more)


def task(**more: Any) -> Task:  # noqa: ANN401 - whatever a test puts there
    """Return a task that both sides start together."""
    usual = Task(owner=Owner.BOTH, title=Both(en="Seize the servers", zh="扣押服务器"), start=1_793_700_000)
    return replace(usual, **more)


@dataclass
class Desks:
    """The desks of a.example and b.example. `case` is the proposal of the one case of a test."""

    folder: Path
    keys: int = 0
    case: Appended | None = None
    pair: Pair = field(init=False)

    def __post_init__(self) -> None:
        self.pair = Pair(self.folder)

    def stop(self) -> None:
        self.pair.stop()

    # ---- Speaking

    def hand(self, node: str) -> Hand:
        self.keys += 1
        return Hand(
            officer=OFFICER,
            key=f"k{self.keys}",
            now=self.pair.clocks[node].time,
            door=Straight(ledger=self.pair.ledgers[node]),
        )

    @property
    def on(self) -> Target:
        assert self.case is not None, "a case was proposed"
        return Target(link=LINK, statement=self.case.statement)

    def at(self, appended: Appended) -> Target:
        return Target(link=LINK, statement=appended.statement)

    def propose(self, node: str = A, **more: Any) -> Appended:  # noqa: ANN401 - whatever a test puts there
        proposal = Proposal(items=("trade_secrets",), title=TITLE, text=text_of("Shall we?"))
        self.case = self.said(actions.propose(LINK, replace(proposal, **more), by=self.hand(node)))
        return self.case

    def open(self, node: str = A) -> Appended:
        """Have `node` propose a case and the other side join it."""
        case = self.propose(node)
        self.said(actions.join(self.on, by=self.hand(self.pair.other(node))))
        return case

    def say(self, node: str, verb: Any, *args: Any, on: Appended | None = None, **more: Any) -> Appended:  # noqa: ANN401 - a verb of `actions`, and what it takes
        """Have `node` say something in the case, or of the statement `on`."""
        target = self.on if on is None else self.at(on)
        return self.said(verb(target, *args, by=self.hand(node), **more))

    def sign(self, node: str, draft: Draft) -> Appended:
        """Have one person of `node` sign what `actions` drafted, and say it."""
        made = prepare(self.pair.homes[node], draft, now=self.pair.clocks[node].time, suite=self.pair.suite)
        return self.said(
            bring(self.pair, node, signed(self.pair, node, replace(draft, prepared=made), roots=(1,)))
        )

    def give(self, node: str, holding: Holding) -> Appended:
        return self.sign(node, actions.draft_given(self.on, holding, by=self.hand(node)))

    def said(self, said: Said) -> Appended:
        assert isinstance(said, Appended)
        for clock in self.pair.clocks.values():
            clock.time += 10
        self.pair.settle()
        return said

    # ---- Looking

    def fold(self, node: str) -> Case:
        with self.pair.reader(node) as reader:
            found = case_at(reader, LINK, self.on.statement)
        assert found is not None
        return found

    def is_same(self) -> bool:
        """Return whether both nodes compute the same of the case."""
        return account.digest(self.fold(A)) == account.digest(self.fold(B))

    def tell(self, node: str, *, anew: bool = True) -> None:
        """Tell the rows of `node`, as its projector does; `anew`, those of the other node go first."""
        with self.pair.reader(node) as reader:
            projector = Projector(reader=reader, modules=projections(settings.PROJECTIONS))
            if anew:
                projector.empty()
            projector.catch_up()


def dump() -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the room."""
    with connections["view"].cursor() as cursor:
        return {
            table: cursor.execute(f"SELECT * FROM {table} ORDER BY key").fetchall()  # noqa: S608 - our own names
            for table in TABLES
        }
