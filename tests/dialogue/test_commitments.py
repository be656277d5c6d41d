"""Commitments and concerns through the room's own doors: whose word is due, and what can be said."""

import pytest

from parley.dialogue.actions import commitments, saying
from parley.dialogue.actions.saying import Page
from parley.dialogue.policy import Duty
from parley.dialogue.queries import Wanted, count_commitments, list_commitments, list_due
from parley.ledger.drafts import RefusedError
from parley.links.policy import Whose
from parley.protocol.dialogue.bodies import Standing
from tests.dialogue.table import DAY, MEASURE, WORK, Table, words
from tests.two_nodes.pair import A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def test_a_proposal_is_the_other_sides_move_and_both_sides_read_both_languages(table: Table) -> None:
    promise = table.proposes(ref="2026-17")

    ours, theirs = table.commitment(A, promise).row, table.commitment(B, promise).row

    assert (ours.owing, theirs.owing) == ((Whose.THEM,), (Whose.US,))
    assert ours.owed[Whose.THEM] == {Duty.ANSWER: 1}
    assert (theirs.text_en, theirs.text_zh, theirs.is_true) == (WORK.en, WORK.zh, True)
    assert (theirs.measure_en, theirs.measure_zh) == (MEASURE.en, MEASURE.zh)
    assert (ours.owners, theirs.owners) == ((Whose.THEM,), (Whose.US,))
    assert ours.ref == "2026-17"


def test_only_both_fulfil_a_commitment_and_each_word_is_somebodys_move(table: Table) -> None:
    promise = table.promises()
    in_force = table.commitment(A, promise).row
    report = table.says(B, commitments.report, promise, Standing.FULFILLED)
    reported = table.commitment(A, promise).row
    with pytest.raises(RefusedError, match="not-writer"):
        table.says(B, commitments.confirm, report)
    table.says(A, commitments.dispute, report)
    disputed = table.commitment(A, promise).row
    table.says(A, commitments.confirm, report)
    done = table.commitment(A, promise).row

    assert [each.state for each in (in_force, reported, disputed, done)] == ["in_force"] * 3 + ["fulfilled"]
    assert in_force.owed == {Whose.US: {}, Whose.THEM: {Duty.PERFORM: 1}}
    assert reported.owed == {Whose.US: {Duty.JUDGE: 1}, Whose.THEM: {}}
    assert disputed.owed == {Whose.US: {}, Whose.THEM: {Duty.PERFORM: 1}}
    assert (done.owing, done.is_open) == ((), False)
    assert table.is_same(promise)


def test_overdue_is_a_view_and_carried_over_it_keeps_its_id_and_its_first_time(table: Table) -> None:
    promise = table.promises()
    meeting = table.meets()
    later = table.now + 90 * DAY
    over = table.commitment(A, promise).row
    assert over.is_overdue(table.now + 31 * DAY)
    offer = table.says(B, commitments.carry, promise, to=meeting.statement, due=later)
    asked = table.commitment(A, promise).row
    table.says(A, saying.agree, offer, Page.COMMITMENT)

    row = table.commitment(A, promise).row

    assert asked.owed[Whose.US] == {Duty.ANSWER: 1}
    assert (row.statement, row.due, row.is_carried) == (over.statement, later, True)
    assert row.first_due == over.due
    assert not row.is_overdue(table.now + 31 * DAY)
    assert list_commitments(Wanted(round=row.round), now=table.now).rows == (row,)


def test_a_concern_goes_from_one_side_to_the_other_until_who_raised_it_is_content(table: Table) -> None:
    promise = table.promises()
    concern = table.says(A, commitments.raise_concern, promise, along=words("Nothing has come yet."))
    raised = table.commitment(B, promise)
    table.says(B, commitments.answer_concern, concern, along=words("It comes on Monday."))
    answered = table.commitment(B, promise).row
    table.says(A, commitments.settle_concern, concern)
    settled = table.commitment(B, promise).row

    assert raised.row.owed[Whose.US] == {Duty.PERFORM: 1, Duty.ANSWER_CONCERN: 1}
    assert [each.concerns for each in (raised.row, answered, settled)] == [
        {"raised": 1},
        {"answered": 1},
        {"settled": 1},
    ]
    assert answered.owed[Whose.THEM] == {Duty.SETTLE_CONCERN: 1}
    said = raised.at(concern.statement)
    assert said is not None
    assert said.told.words is not None
    assert said.told.words.text == "Nothing has come yet."
    assert said.may == ("concern.answered", "concern.escalated")


def test_the_page_offers_what_the_fold_would_take_and_nothing_else(table: Table) -> None:
    promise = table.proposes()

    theirs, ours = table.commitment(B, promise).opening.may, table.commitment(A, promise).opening.may

    assert theirs == ("commitment.agreed", "commitment.declined")
    assert ours == ("commitment.withdrawn",)
    table.says(B, saying.agree, promise, Page.COMMITMENT)
    assert table.commitment(B, promise).opening.may == (
        "commitment.carried",
        "commitment.dropped",
        "commitment.reported",
        "concern.raised",
    )
    assert "commitment.reported" not in table.commitment(A, promise).opening.may


def test_lists_show_what_is_due_first_and_go_on_where_they_ended(table: Table) -> None:
    late = table.promises(due=table.now + 60 * DAY)
    soon = table.promises(due=table.now + 5 * DAY)
    never = table.proposes(due=None)
    table.project(A)
    now = table.now + 10 * DAY

    first = list_commitments(Wanted(), now=now, limit=2)
    rest = list_commitments(Wanted(), now=now, limit=2, after=first.after)

    assert [row.place for row in list_due()] == [soon.place, late.place, never.place]
    assert [row.place for row in (*first.rows, *rest.rows)] == [never.place, soon.place, late.place]
    assert rest.after is None
    assert [row.place for row in list_commitments(Wanted(is_overdue=True), now=now).rows] == [soon.place]
    assert count_commitments(Wanted(is_open=True), now=now) == 3
