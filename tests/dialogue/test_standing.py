"""Which offers wait: nobody is asked about an old wording while a newer one stands in its place."""

import pytest

from parley.dialogue.actions import outcomes, rounds, saying
from parley.dialogue.actions.saying import Page
from parley.dialogue.policy import Duty
from parley.dialogue.queries import StatementRow
from parley.ledger.drafts import Appended
from parley.links.policy import Whose
from parley.protocol.dialogue.clause import Text
from tests.dialogue.table import DAY, WORK, Table
from tests.two_nodes.pair import A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])

SOONER = Text(en="B answers within 10 working days.", zh="乙方在十个工作日内答复。")
EXPERTS = Text(en="Experts meet.", zh="专家会晤。")


def line(table: Table, node: str, meeting: Appended, said: Appended) -> StatementRow:
    """Return what `node` shows of something that was said in a round."""
    found = table.meeting(node, meeting).at(said.statement)
    assert found is not None
    return found


def asked(table: Table, node: str, meeting: Appended) -> int:
    """Return how many answers `node` owes in a round."""
    return table.meeting(node, meeting).row.owed[Whose.US].get(Duty.ANSWER, 0)


def test_an_old_wording_asks_for_nothing_while_another_waits_and_asks_again_once_that_is_declined(
    table: Table,
) -> None:
    meeting = table.meets()
    clause = table.says(A, outcomes.propose_clause, meeting, 1, WORK)
    amended = table.says(B, outcomes.amend, clause, 1, SOONER)
    old = [line(table, node, meeting, clause) for node in (A, B)]
    owed = asked(table, A, meeting), asked(table, B, meeting)
    table.says(A, saying.decline, amended, Page.OUTCOME)

    again = line(table, B, meeting, clause)

    assert [(each.status, each.may) for each in old] == [("replaced", ())] * 2
    assert owed == (1, 0)
    assert (again.status, asked(table, B, meeting)) == ("open", 1)
    assert "outcome.agreed" in again.may


def test_a_wording_that_both_have_left_behind_is_neither_agreed_to_nor_amended(table: Table) -> None:
    meeting = table.meets()
    clause = table.clause(meeting)
    other = table.says(B, outcomes.amend, clause, 1, SOONER)
    table.says(A, saying.agree, other, Page.OUTCOME)

    first, newest = (line(table, A, meeting, each) for each in (clause, other))

    assert (first.status, first.may) == ("agreed", ())
    assert newest.may == ("outcome.amended",)


def test_what_was_left_open_when_the_list_was_frozen_waits_for_nobody(table: Table) -> None:
    meeting, release = table.meets(), table.now + DAY
    table.clause(meeting)
    left = table.says(A, outcomes.propose_clause, meeting, 2, EXPERTS)
    before = asked(table, B, meeting)
    for node in (A, B):
        table.freezes(node, meeting, release=release)

    found = line(table, B, meeting, left)

    assert (before, asked(table, B, meeting)) == (1, 0)
    assert (found.status, found.may) == ("lapsed", ())


def test_a_proposal_waits_for_its_yes_whatever_else_is_planned_but_an_old_plan_does_not(table: Table) -> None:
    meeting = table.says(A, rounds.propose, "a-b", table.plan(), number=3)
    plan = table.says(B, rounds.replan, meeting, table.plan(host="B"))
    newer = table.says(A, rounds.replan, plan, table.plan())

    shown = {each: line(table, B, meeting, each) for each in (meeting, plan, newer)}

    assert [each.status for each in shown.values()] == ["open", "replaced", "open"]
    assert "round.agreed" in shown[meeting].may
    assert asked(table, B, meeting) == 2
    assert asked(table, A, meeting) == 0


def test_a_side_that_amends_without_end_keeps_one_answer_waiting_and_no_more(table: Table) -> None:
    meeting = table.meets()
    said = table.says(B, outcomes.propose_clause, meeting, 1, WORK)
    for place in range(2, 12):
        said = table.says(B, outcomes.amend, said, place, SOONER)

    assert asked(table, A, meeting) == 1
    assert "outcome.agreed" in line(table, A, meeting, said).may
