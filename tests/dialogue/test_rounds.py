"""Rounds through the room's own doors: plan, agenda, delegations, what binds nobody, and the next one."""

import pytest

from parley.dialogue.actions import rounds, saying
from parley.dialogue.actions.rounds import Item
from parley.dialogue.actions.saying import Page
from parley.dialogue.policy import Duty
from parley.dialogue.queries import list_rounds
from parley.ledger.drafts import RefusedError
from parley.links.policy import Whose
from parley.protocol.act import id_text
from parley.protocol.dialogue.bodies import Source, Stance
from tests.dialogue.table import DAY, PLACE, SALT, WORK, Table, words
from tests.two_nodes.pair import A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def test_the_plan_that_both_last_wanted_holds_with_its_place_in_both_languages(table: Table) -> None:
    meeting = table.says(A, rounds.propose, "a-b", table.plan(), number=3)
    proposed = table.meeting(B, meeting).row
    table.says(B, saying.agree, meeting, Page.ROUND)
    other = table.says(B, rounds.replan, meeting, table.plan(host="B"))
    before = table.meeting(A, meeting).row
    table.says(A, saying.agree, other, Page.ROUND)

    row = table.meeting(A, meeting).row

    assert (proposed.state, proposed.owed[Whose.US]) == ("proposed", {Duty.ANSWER: 1})
    assert (before.host, before.owed[Whose.US]) == (Whose.US, {Duty.ANSWER: 1})
    assert (row.state, row.host, row.owing) == ("agreed", Whose.THEM, ())
    assert (row.place_en, row.place_zh, row.is_true) == (PLACE.en, PLACE.zh, True)


def test_an_item_is_on_the_agenda_once_both_want_it_and_is_suggested_until_it_is_offered(
    table: Table,
) -> None:
    promise, meeting = table.promises(due=table.now + DAY), table.meets()
    table.pass_to(table.now + 2 * DAY)
    suggested = table.suggests(A, meeting)
    of = promise.statement
    item = table.says(
        A, rounds.propose_item, meeting, Item(source=Source.COMMITMENT, text=WORK, salt=SALT, of=of)
    )
    offered = table.meeting(B, meeting)
    table.says(B, saying.agree, item, Page.ROUND)
    agreed, left = table.meeting(B, meeting), table.suggests(B, meeting)

    assert [(each.source, each.place, each.is_late) for each in suggested] == [
        (Source.COMMITMENT, promise.place, True)
    ]
    assert (offered.row.items, agreed.row.items) == (0, 1)
    assert left == ()
    line = agreed.at(item.statement)
    assert line is not None
    assert line.told.text() == WORK


def test_a_view_is_kept_and_binds_nobody_and_a_round_is_over_by_the_word_of_both(table: Table) -> None:
    meeting = table.meets()
    view = table.says(A, rounds.state, meeting, Stance.VIEW, along=words("We see it so."))
    seen = table.meeting(B, meeting)
    table.says(B, rounds.delegate, meeting, {"vice_minister": 1, "desk": 4}, chair="vice_minister")
    table.says(A, rounds.close, meeting)
    half = table.meeting(B, meeting).row
    table.says(B, rounds.close, meeting)
    over = table.meeting(B, meeting)
    with pytest.raises(RefusedError, match="wrong-state"):
        table.says(A, rounds.propose_next, meeting, table.plan(host="B"))

    line = seen.at(view.statement)
    assert line is not None
    assert line.may == ()
    assert half.owed[Whose.US] == {Duty.CLOSE: 1}
    assert (over.row.state, over.row.is_open, over.row.owing) == ("closed", False, ())
    assert table.is_same(meeting)


def test_the_next_round_follows_and_lists_show_the_newest_first(table: Table) -> None:
    first = table.meets(number=3)
    after = table.says(B, rounds.propose_next, first, table.plan(host="B"))
    table.says(A, saying.agree, after, Page.ROUND)
    told = table.meeting(A, first).row
    second = table.says(B, rounds.propose, "a-b", table.plan(host="B"), number=4, after=first.statement)

    row = table.meeting(A, second).row

    assert (told.next_host, told.next_begins is not None) == ("them", True)
    assert row.after == id_text(first.statement)
    assert [each.number for each in list_rounds().rows] == [4, 3]
    assert [each.number for each in list_rounds(limit=1, after=list_rounds(limit=1).after).rows] == [3]
