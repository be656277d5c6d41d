"""The outcome list on paper: the same bytes on both nodes, whoever prints it and whenever, one digest."""

from dataclasses import replace
from typing import Final

import pytest
from django.utils.translation import override

from parley.dialogue.actions import commitments, rounds, saying
from parley.dialogue.actions.saying import Page
from parley.dialogue.queries import Printable, printable
from parley.dialogue.views.paper import press_paper, signing_paper
from parley.ledger.drafts import Appended
from parley.protocol.act import read_id
from parley.protocol.dialogue.bodies import Standing
from parley.protocol.dialogue.clause import Text
from parley.ui import times
from parley.ui.paper.printing import printed
from tests.dialogue.table import DAY, MEASURE, SALT, WORK, Table
from tests.papers import words_of
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])

NODES: Final = (A, B)
ELSEWHERE: Final = Text(en="In the court house.", zh="在法院。")


def frozen(table: Table) -> tuple[Appended, Appended]:
    """Have both freeze a list of one clause while one commitment is in force; return both threads."""
    promise, meeting = table.promises(), table.meets()
    table.clause(meeting)
    for node in NODES:
        table.freezes(node, meeting, release=table.now + DAY - table.now % DAY)
    return promise, meeting


def of(table: Table, node: str, meeting: Appended) -> Printable:
    """Return what `node` prints of the list."""
    with table.pair.reader(node) as reader:
        link = reader.link(LINK)
        assert link is not None
        found = printable(reader, link, table.round(node, meeting))
    assert found is not None
    return found


def test_both_nodes_print_the_same_bytes_whatever_language_their_readers_speak(table: Table) -> None:
    _promise, meeting = frozen(table)
    for first in "AB":
        files = []
        for node, language in zip(NODES, ("en", "zh-hans"), strict=True):
            with override(language):
                paper = signing_paper(of(table, node, meeting), first=first)
            with override("en"):
                files.append(printed(paper))

        assert files[0] == files[1]
    told = [words_of(printed(press_paper(of(table, node, meeting), lang="zh"))) for node in NODES]
    assert told[0] == told[1]


def test_each_side_is_in_the_first_place_on_one_of_two_copies_that_share_one_digest(table: Table) -> None:
    _promise, meeting = frozen(table)
    found = of(table, A, meeting)

    one, other = (words_of(printed(signing_paper(found, first=first))) for first in "AB")
    told = words_of(printed(press_paper(found, lang="en")))

    assert f"{A} · {B}" in one
    assert f"{B} · {A}" in other
    assert one.index(WORK.en[:20]) < one.index(WORK.zh[:6])
    assert other.index(WORK.zh[:6]) < other.index(WORK.en[:20])
    for text in (one, other, told):
        assert found.digest[:8] in text
        assert read_id(found.digest).hex() in text.replace(" ", "")
        assert "WORLD: demo" in text or "demo" in text
    assert WORK.zh[:6] not in told


def test_commitments_stand_as_they_stood_when_the_list_was_frozen(table: Table) -> None:
    promise, meeting = frozen(table)
    before = of(table, A, meeting)
    report = table.says(B, commitments.report, promise, Standing.FULFILLED)
    table.says(A, commitments.confirm, report)
    table.says(B, saying.agree, table.proposes(), Page.COMMITMENT)

    after = of(table, A, meeting)

    assert [(each.place, each.state, each.owners) for each in before.earlier] == [
        (promise.place, "in_force", (B,))
    ]
    assert after.earlier == before.earlier
    assert before.earlier[0].text == WORK
    assert MEASURE.en not in words_of(printed(signing_paper(after, first="A")))


def test_the_paper_says_where_and_when_both_met_and_which_role_signs_as_it_was_at_the_freezing(
    table: Table,
) -> None:
    meeting = table.meets()
    said = rounds.Plan(
        host="B", begins=table.now + 5 * DAY, ends=table.now + 6 * DAY, place=ELSEWHERE, salt=SALT
    )
    table.says(A, saying.agree, table.says(B, rounds.replan, meeting, said), Page.ROUND)
    table.says(A, rounds.delegate, meeting, chair="director", members={"director": 1})
    table.says(A, rounds.delegate, meeting, chair="vice_minister", members={"vice_minister": 1, "cert": 2})
    table.clause(meeting)
    for node in NODES:
        table.freezes(node, meeting, release=table.now + DAY - table.now % DAY)
    table.says(A, rounds.delegate, meeting, chair="expert", members={"expert": 1})
    table.says(A, saying.agree, table.says(B, rounds.replan, meeting, table.plan()), Page.ROUND)

    found = [of(table, node, meeting) for node in NODES]
    one, other = (words_of(printed(signing_paper(found[0], first=first))) for first in "AB")

    assert found[0] == replace(found[1], link=found[0].link)
    assert (found[0].met.host, found[0].met.begins) == (B, said.begins)
    assert found[0].chairs == {A: "vice_minister"}
    for text in (one, other):
        assert ELSEWHERE.en in text
        assert ELSEWHERE.zh in text
        assert "co-chair: vice-minister" in text
        assert "副部长" in text
    assert times.zulu(said.begins) in one


def test_a_report_with_which_the_other_side_does_not_agree_is_told_so(table: Table) -> None:
    promise, meeting = table.promises(), table.meets()
    table.says(A, commitments.dispute, table.says(B, commitments.report, promise, Standing.FULFILLED))
    table.clause(meeting)
    for node in NODES:
        table.freezes(node, meeting, release=table.now + DAY - table.now % DAY)

    found = [of(table, node, meeting) for node in NODES]
    paper = words_of(printed(signing_paper(found[0], first="A")))

    assert found[0].earlier == found[1].earlier
    assert f"{B}: fulfilled; disputed" in paper
    assert "已履行；对方有异议" in paper.replace(" ", "")


def test_nothing_is_printed_before_both_have_frozen_the_same(table: Table) -> None:
    meeting = table.meets()
    table.clause(meeting)
    table.freezes(A, meeting, release=table.now + DAY)

    with table.pair.reader(A) as reader:
        link = reader.link(LINK)
        assert link is not None
        assert printable(reader, link, table.round(A, meeting)) is None
