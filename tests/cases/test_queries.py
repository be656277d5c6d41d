"""Lists and the page of a case, as officers of both sides look at them."""

import io

import pytest

from parley.cases import actions
from parley.cases.queries import (
    CutError,
    Dossier,
    StatusReport,
    UnknownCaseError,
    cases_about,
    count_cases,
    dossier_of,
    find_case,
    findings_of,
    list_cases,
    status_report,
)
from parley.inquiries.forms.letter import text_of
from parley.ledger.enclosing import keep
from parley.protocol.act import id_text
from parley.protocol.cases.bodies import Place
from parley.protocol.cases.codes import Linked, Position, Reason, Sort, Unlinking
from tests.cases.desks import TITLE, Desks, held, task
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def page(desks: Desks, node: str) -> Dossier:
    desks.tell(node)
    with desks.pair.reader(node) as reader:
        (link,) = reader.links()
        return dossier_of(reader, link, desks.on.statement, now=desks.pair.clocks[node].time)


def test_a_finding_is_shown_with_every_version_and_what_was_said_of_each(desks: Desks) -> None:
    desks.open()
    first = desks.give(A, held())
    answer = actions.draft_answered(
        desks.at(first),
        Position.DOES_NOT_CONCUR,
        is_public=False,
        by=desks.hand(B),
        text=text_of("We see no state in it."),
    )
    desks.sign(B, answer)
    second = held(evidence=(Place(statement=id_text(first.statement), part=0),))
    revised = actions.draft_revised(
        desks.at(first), second, reasons=(Reason.OTHER_SIDE,), changed=TITLE, by=desks.hand(A)
    )
    desks.sign(A, revised)

    ours, theirs = (page(desks, node).findings for node in (A, B))

    assert [each.label for each in ours] == [each.label for each in theirs] == ["A F1"]
    (old, new) = theirs[0].versions
    assert (old.version.standing.value, new.version.standing.value) == ("contested", "unanswered")
    assert old.answer_words.text == text_of("We see no state in it.")
    assert new.words.changed == TITLE
    assert [each.part for each in new.version.added] == [0]
    assert (theirs[0].is_ours, ours[0].is_ours) == (False, True)


def test_evidence_has_a_number_of_its_side_and_the_name_of_its_file(desks: Desks) -> None:
    desks.open()
    kept = keep(desks.pair.homes[B], LINK, io.BytesIO(b"payments"), name="payments.csv")
    noted = desks.say(B, actions.note, Sort.NOTE, text=text_of("The payments."), files=(kept,))
    linked = desks.say(B, actions.link_to, Linked.EVIDENCE, Place(statement=id_text(noted.statement), part=1))
    desks.say(B, actions.unlink, Unlinking.FORGED, on=linked)

    (exhibit,) = page(desks, A).evidence

    assert (exhibit.label, exhibit.target, exhibit.file) == ("B E1", noted.place, "payments.csv")
    assert exhibit.link.undone is not None


def test_a_task_is_called_by_the_version_that_holds(desks: Desks) -> None:
    desks.open()
    first = desks.say(A, actions.set_task, task())
    desks.say(B, actions.agree_task, on=first)
    shown = page(desks, B).tasks[0]
    desks.say(B, actions.set_task, task(start=1_793_800_000), on=first)
    moved = page(desks, B).tasks[0]

    assert (shown.title.zh, shown.task.state.value, shown.task.joint_start) == (
        "扣押服务器",
        "agreed",
        1_793_700_000,
    )
    assert (moved.task.state.value, len(moved.places)) == ("set", 2)


def test_lists_find_open_cases_and_those_about_a_statement(desks: Desks) -> None:
    inquiry = desks.pair.sends()
    desks.pair.settle()
    for number in range(3):
        desks.propose(origins=(inquiry.statement,), ref=f"2026-{number}")
    desks.tell(A)

    first = list_cases(link=LINK, is_open=True, limit=2)
    rest = list_cases(link=LINK, is_open=True, limit=2, after=first.after)

    assert [row.ref for row in (*first.rows, *rest.rows)] == ["2026-2", "2026-1", "2026-0"]
    assert (rest.after, count_cases(is_open=False)) == (None, 0)
    assert len(cases_about(LINK, id_text(inquiry.statement))) == 3
    assert findings_of(LINK, first.rows[0].case) == ()
    with pytest.raises(UnknownCaseError):
        find_case(LINK, id_text(inquiry.statement))


def test_both_nodes_show_the_same_report_and_what_is_called_how_beside_it(desks: Desks) -> None:
    desks.open()
    desks.give(A, held())
    reports: dict[str, StatusReport] = {}
    for node in (A, B):
        with desks.pair.reader(node) as reader:
            (link,) = reader.links()
            cut = {A: 4, B: 4} if node == A else reports[A].cut
            reports[node] = status_report(reader, link, cut=None if node == A else cut)

    assert reports[A].bytes == reports[B].bytes
    assert reports[A].digest == reports[B].digest
    assert reports[B].is_held_by_both
    assert reports[B].titles[id_text(desks.on.statement)] == TITLE
    assert b"Theft" not in reports[A].bytes
    with desks.pair.reader(A) as reader, pytest.raises(CutError):
        status_report(reader, reader.links()[0], cut={A: 10_000, B: 1})
