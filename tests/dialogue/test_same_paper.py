"""The outcome list to be signed, where both sides promised something: one order on both nodes."""

import pytest
from django.utils.translation import override

from parley.dialogue.actions import commitments, saying
from parley.dialogue.actions.saying import Page
from parley.dialogue.views.paper import signing_paper
from parley.ui.paper.printing import printed
from tests.dialogue.table import DAY, Table
from tests.dialogue.test_paper import NODES, of
from tests.two_nodes.pair import A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def test_commitments_of_both_sides_stand_in_one_order_on_both_papers(table: Table) -> None:
    first = table.promises()
    theirs = table.proposes(node=B, owners=("A",))
    table.says(A, saying.agree, theirs, Page.COMMITMENT)
    # What was said in them since moves no commitment to another place either.
    table.says(A, commitments.carry, first, due=table.now + 40 * DAY, to=None)
    last = table.promises()
    meeting = table.meets()
    table.clause(meeting)
    for node in NODES:
        table.freezes(node, meeting, release=table.now + DAY - table.now % DAY)

    found = [of(table, node, meeting) for node in NODES]
    with override("en"):
        one, other = (printed(signing_paper(each, first="A")) for each in found)

    assert [each.place for each in found[0].earlier] == [first.place, last.place, theirs.place]
    assert found[0].earlier == found[1].earlier
    assert one == other
