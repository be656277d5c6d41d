"""What a partner signed in a log that had ended is shown on the page of the link, and counts for nothing."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.links.office import Office, words
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, B, Pair
from tests.two_nodes.test_late import lost

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])

PAGE = f"/links/{LINK}/"


def test_the_page_of_the_link_says_what_came_after_its_log_had_ended(
    pair: Pair, settings: Settings, tmp_path: Path
) -> None:
    late = lost(pair, Copies(pair=pair, folder=tmp_path / "copies"), "one", "two")
    office = Office(pair, settings, node=B)
    chen = office.person("Chen")
    before = words(chen.get(PAGE))

    pair.ledgers[B].accept(late)
    page = words(chen.get(PAGE))

    assert "only after their log had ended" not in before
    assert "2 statements that they signed came only after their log had ended before them" in page
