"""Whatever was said in whatever order: both nodes print the same paper of the Status Report. Spec §15.8."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from parley.cases.queries import StatusReport, status_report
from parley.cases.views.showing.paper import paper_of
from parley.ui.paper.blocks import Paper
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, MEMORY, A, B, Pair
from tests.two_nodes.test_any_order import Wire
from tests.two_nodes.test_restores import Story
from tests.two_nodes.test_round_digest import Histories
from tests.two_nodes.toy import Toy


@pytest.fixture
def pair() -> Iterator[Pair]:
    with tempfile.TemporaryDirectory(prefix="parley-", dir=MEMORY) as folder:
        found = Pair(Path(folder), suite=Toy())
        yield found
        found.stop()


def told(pair: Pair, node: str) -> tuple[StatusReport, list[Paper]]:
    """Return the report of a node, and its paper in both languages."""
    with pair.reader(node) as reader:
        link = reader.link(LINK)
        assert link is not None
        report = status_report(reader, link)
        papers = []
        for language in ("en", "zh-hans"):
            with override(language):
                papers.append(paper_of(report))
    return report, papers


@pytest.mark.parametrize("seed", range(2))
def test_after_any_history_the_paper_of_the_report_is_the_same_on_both_nodes(pair: Pair, seed: int) -> None:
    story = Story(pair=pair, copies=Copies(pair=pair, folder=pair.folder / "copies"), wire=Wire(pair))
    history = Histories(story=story, dice=random.Random(seed))  # noqa: S311 - chance that can be repeated
    for node in (B, A):
        pen = history.foes[node]
        pen.say("case.proposed", pen.fields("case.proposed"))
        pair.settle()
    history.play(length=120)

    (ours, our_papers), (theirs, their_papers) = (told(pair, node) for node in (A, B))

    assert {case.proposer for case in ours.cases} == {A, B}
    assert ours.bytes == theirs.bytes
    assert our_papers == their_papers
