"""What is said in each lane by one act of a person is news once; what is said in one lane alone is news."""

from pathlib import Path

import pytest
from pytest_django import Settings

from parley.ledger.readers import link_called
from parley.links.queries import newest_of_theirs
from parley.protocol.names import HOT, LANES
from tests.links.office import Office
from tests.two_nodes.pair import LINK, B, Pair

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def test_the_opening_of_each_lane_is_news_once_and_a_hot_inquiry_is_news(
    tmp_path: Path, settings: Settings
) -> None:
    pair = Pair(tmp_path, lanes=LANES)
    pair.sends(node=B, lane=HOT)
    pair.settle()
    office = Office(pair, settings)
    link = link_called(office.home, LINK)
    assert link is not None

    newest = newest_of_theirs(office.home, link, limit=20)
    pair.stop()

    kinds = [(row.lane, row.kind) for row in newest]
    assert [lane for lane, kind in kinds if kind == "link.opened"] == ["main"]
    assert ("hot", "inquiry.sent") in kinds
