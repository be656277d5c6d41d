"""The record to rows: the same rows in whatever steps they are told, and what they say on both sides."""

import pytest
from django.db import connections

from parley.cases import actions
from parley.cases.models import Case, Finding, Mention
from parley.inquiries.forms.letter import text_of
from parley.protocol.act import id_text
from parley.protocol.cases.bodies import Place
from parley.protocol.cases.codes import Declining, Ending, Linked, Position, Reason, Result, Sort, Unlinking
from tests.cases.desks import TITLE, Desks, dump, held, task
from tests.two_nodes.pair import A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def work(desks: Desks) -> None:
    """Have both sides work on a case, and tell the rows of A after every step."""
    desks.open()
    desks.tell(A)
    desks.say(B, actions.note, Sort.LEAD, text=text_of("A wallet was used twice."))
    lead = desks.say(A, actions.note, Sort.NOTE, text=text_of("Thanks."))
    desks.tell(A, anew=False)
    place = Place(statement=id_text(lead.statement), part=1)
    desks.say(A, actions.link_to, Linked.EVIDENCE, place)
    version = desks.say(A, actions.set_task, task())
    desks.tell(A, anew=False)
    desks.say(B, actions.agree_task, on=version)
    desks.say(B, actions.finish_task, Result.DONE, on=version)
    desks.give(A, held(evidence=(place,)))
    desks.tell(A, anew=False)


def test_the_rows_are_the_same_told_at_every_step_or_at_once(desks: Desks) -> None:
    work(desks)
    stepwise = dump()
    desks.tell(A, anew=False)
    again = dump()
    desks.tell(A)

    assert stepwise == again == dump()
    assert [len(rows) for rows in stepwise.values()] == [1, 1, 1]


def test_nothing_is_written_where_nothing_changed(desks: Desks) -> None:
    work(desks)
    with connections["view"].cursor() as cursor:
        cursor.execute("UPDATE cases_case SET rowid = 77")
        cursor.execute("UPDATE watermark SET seq = 0 WHERE stage = 'lists'")

    desks.tell(A, anew=False)

    with connections["view"].cursor() as cursor:
        assert cursor.execute("SELECT rowid FROM cases_case").fetchall() == [(77,)]


def test_both_sides_read_whose_move_it_is_each_from_its_own_side(desks: Desks) -> None:
    work(desks)
    waits = {}
    for node in (A, B):
        desks.tell(node)
        row = Case.objects.get()
        waits[node] = [(whose, what) for whose, what, _of, _due in row.owed]
        assert (row.state, row.notes, row.leads, row.evidence) == ("open", 1, 1, 1)
        assert (row.title_en, row.title_zh) == (TITLE.en, TITLE.zh)
        assert row.is_ours is (node == A)

    assert waits == {
        A: [("us", "do"), ("them", "answer")],
        B: [("them", "do"), ("us", "answer")],
    }
    assert desks.is_same()


def test_a_case_that_was_declined_waits_for_nobody_and_can_still_be_joined(desks: Desks) -> None:
    desks.propose()
    desks.tell(B)
    proposed = Case.objects.get()
    desks.say(B, actions.decline, Declining.OWN_PROCEEDINGS)
    desks.tell(B, anew=False)
    declined = Case.objects.get()
    desks.say(B, actions.join)
    desks.tell(B, anew=False)

    assert [(row[0], row[1]) for row in proposed.owed] == [("us", "join")]
    assert (declined.state, declined.is_open, declined.owed) == ("declined", False, [])
    assert Case.objects.get().state == "open"


def test_who_closed_waits_for_the_other_side_until_both_did(desks: Desks) -> None:
    desks.open()
    desks.say(A, actions.close, Ending.SOLVED)
    desks.tell(A)
    half = Case.objects.get()
    desks.say(B, actions.close, Ending.SOLVED)
    desks.tell(A, anew=False)
    closed = Case.objects.get()

    assert (half.state, [row[:2] for row in half.owed]) == ("half_closed", [["them", "close"]])
    assert (closed.state, closed.is_open, closed.owed) == ("closed", False, [])
    assert closed.endings == {"us": "solved", "them": "solved"}


def test_the_list_has_the_current_version_of_a_finding_and_who_stands_behind_it(desks: Desks) -> None:
    desks.open()
    first = desks.give(A, held())
    answer = actions.draft_answered(desks.at(first), Position.CONCURS, is_public=False, by=desks.hand(B))
    desks.sign(B, answer)
    desks.tell(B)
    joint = Finding.objects.get()
    revised = actions.draft_revised(
        desks.at(first),
        held(is_public=True),
        reasons=(Reason.NEW_EVIDENCE,),
        changed=TITLE,
        by=desks.hand(A),
    )
    desks.sign(A, revised)
    desks.tell(B, anew=False)
    current = Finding.objects.get()

    assert (joint.standing, joint.versions, joint.speech) == ("joint", 1, "nobody")
    assert (current.standing, current.versions, current.speech) == ("unanswered", 2, "author")
    assert (current.likelihood, current.confidence) == ("likely", "low")


def test_a_case_belongs_to_what_it_arose_from_until_that_link_is_undone(desks: Desks) -> None:
    inquiry = desks.pair.sends()
    desks.pair.settle()
    desks.propose(origins=(inquiry.statement,))
    desks.say(B, actions.join)
    place = Place(statement=id_text(desks.on.statement), part=None)
    linked = desks.say(B, actions.link_to, Linked.CASE, place)
    desks.tell(A)
    before = set(Mention.objects.values_list("statement", flat=True))
    desks.say(B, actions.unlink, Unlinking.MISTAKEN, on=linked)
    desks.tell(A, anew=False)

    assert before == {id_text(inquiry.statement), place.statement}
    assert list(Mention.objects.values_list("statement", flat=True)) == [id_text(inquiry.statement)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "x", "text": 7},
        {"title": {"en": ["x"], "zh": "字" * 5_000}},
        {"title": {"en": "<script>", "zh": None}, "text": {"lang": 1, "text": 2}},
    ],
)
def test_whatever_a_body_holds_the_case_is_listed(desks: Desks, body: dict[str, object]) -> None:
    desks.pair.say(A, "case.proposed", {"items": ["trade_secrets"], "origins": []}, body=body)  # type: ignore[arg-type]  # it is JSON
    desks.pair.settle()

    desks.tell(B)

    assert Case.objects.get().state == "proposed"
