"""How a call ends: no ending is silence, and each is the word of one side."""

import pytest

from parley.hotline.actions import Closing
from parley.hotline.queries import count_open, list_calls
from parley.inquiries.forms.letter import text_of
from parley.ledger.drafts import RefusedError
from parley.links.policy import Whose
from parley.protocol.hotline.codes import Cause, Ending
from tests.hotline.line import Line, typed
from tests.two_nodes.pair import A, B
from tests.two_nodes.persons import suspends

pytestmark = pytest.mark.django_db(databases=["default", "view"])

DAY = 86_400


@pytest.mark.parametrize(
    ("node", "closing"),
    [
        (B, Closing(ending=Ending.DECLINED, text=text_of("We take no part in this."))),
        (A, Closing(ending=Ending.NOT_REACHED, cause=Cause.UNKNOWN)),
        (A, Closing(ending=Ending.CANCELLED)),
        (A, Closing(ending=Ending.TECHNICAL_FAULT, cause=Cause.LINE_FAULT)),
        (B, Closing(ending=Ending.TECHNICAL_FAULT, cause=Cause.STAFFING)),
    ],
)
def test_one_side_ends_a_call_that_nobody_took_and_both_sides_say_how(
    line: Line, node: str, closing: Closing
) -> None:
    line.open()

    line.close(node, closing)

    for each in (A, B):
        row = line.row(each)
        side = Whose.US if each == node else Whose.THEM
        assert (row.state, row.stands, row.ended) == ("half_closed", (side,), (closing.ending.value,))
        assert row.endings[side].cause == (closing.cause.value if closing.cause else "")
        assert row.owing == ()
    assert line.is_same()


@pytest.mark.parametrize("ending", [Ending.DEFERRED, Ending.CALL_BACK])
def test_a_call_that_is_put_off_owes_a_word_at_that_time_and_rings_nobody_before(
    line: Line, ending: Ending
) -> None:
    line.open()
    at = line.now + 7_200

    line.close(B, Closing(ending=ending, at=at))

    row = line.row(B)
    assert (row.owing, row.owed[Whose.US].cause, row.owed[Whose.US].since) == ((Whose.US,), "word", at)
    assert {each.stand.value for each in line.page(B).ladders[Whose.US]} <= {"quiet", "waiting"}


@pytest.mark.parametrize(
    ("node", "ending"),
    [
        (A, Ending.DECLINED),
        (B, Ending.CANCELLED),
        (B, Ending.NOT_REACHED),
        (A, Ending.ANSWERED),
    ],
)
def test_nobody_ends_a_call_with_the_word_of_the_other_side(line: Line, node: str, ending: Ending) -> None:
    line.open()

    with pytest.raises(RefusedError):
        line.close(node, Closing(ending=ending))

    assert line.row(A).ended == ()


def test_a_call_that_one_side_alone_closed_is_a_one_sided_record_after_a_day_until_a_late_word(
    line: Line,
) -> None:
    line.open()
    line.close(A, Closing(ending=Ending.NOT_REACHED))
    row = line.row(B)
    ends = (row.ends_at or 0) - line.now

    line.pass_time(ends - 1)
    before = (line.row(A).is_one_sided(line.now), count_open(now=line.now))
    line.pass_time(1)
    after = (line.row(A).is_one_sided(line.now), count_open(now=line.now))
    over = list_calls(now=line.now, is_open=False).rows
    line.close(B, Closing(ending=Ending.TECHNICAL_FAULT, cause=Cause.STAFFING))

    assert DAY - 60 < ends <= DAY
    assert (before, after) == ((False, 1), (True, 0))
    assert len(over) == 1
    late = line.row(A)
    assert (late.state, late.is_one_sided(line.now)) == ("closed", False)
    assert late.endings[Whose.THEM].cause == "staffing"


def test_the_silent_side_says_later_why_and_the_newest_word_counts(line: Line) -> None:
    line.open()
    line.close(A, Closing(ending=Ending.NOT_REACHED))
    line.close(B, Closing(ending=Ending.TECHNICAL_FAULT, cause=Cause.UNKNOWN))

    line.close(B, Closing(ending=Ending.TECHNICAL_FAULT, cause=Cause.POLICY))

    assert [line.row(node).endings[side].cause for node, side in ((A, Whose.THEM), (B, Whose.US))] == [
        "policy",
        "policy",
    ]


def test_a_suspended_link_leaves_the_hotline_open_by_the_default_terms(line: Line) -> None:
    suspends(line.pair, B)
    line.pair.settle()

    line.open()
    line.take()
    line.read_back(typed())

    assert line.row(A).state == "read_back"
    assert not line.page(A).is_stopped
