"""The Status Report where both sides proposed cases: one order on both nodes, on paper too."""

import pytest
from django.utils.translation import override

from parley.cases.queries import StatusReport, status_report
from parley.cases.views.showing.paper import paper_of
from parley.protocol.act import id_text
from parley.ui.paper.printing import printed
from tests.cases.desks import Desks, held
from tests.two_nodes.pair import A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def test_cases_of_both_sides_stand_in_one_order_on_both_papers(desks: Desks) -> None:
    theirs = desks.open(B)
    desks.give(B, held())
    desks.give(A, held())
    ours = desks.open(A)
    reports: list[StatusReport] = []
    papers = []
    for node in (A, B):
        with desks.pair.reader(node) as reader, override("en"):
            (link,) = reader.links()
            reports.append(status_report(reader, link, cut=reports[0].cut if reports else None))
            papers.append(printed(paper_of(reports[-1])))

    assert reports[0].bytes == reports[1].bytes
    for report in reports:
        assert [id_text(case.id) for case in report.cases] == [
            id_text(case.statement) for case in (ours, theirs)
        ]
    assert papers[0] == papers[1]
