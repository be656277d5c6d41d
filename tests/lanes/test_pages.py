"""What a person sees: one link, a table of its lanes, and the lane in a number only where it is not main."""

from importlib import import_module
from typing import Any

import pytest
from pytest_django import Settings

from parley.ledger.lanes import named
from parley.protocol.names import HOT
from tests.two_nodes.forger import Forger
from tests.two_nodes.pair import LINK, A, B, Pair

pytestmark = pytest.mark.django_db(databases=["default", "view"])


@pytest.fixture(name="office")
def fixture_office(pair: Pair, settings: Settings, db: None) -> Any:  # noqa: ANN401 - known once Django is awake
    return import_module("tests.links.office").Office(pair, settings)


def words(answer: Any) -> str:  # noqa: ANN401 - the test client's answers have no type
    return str(import_module("tests.links.office").words(answer))


@pytest.mark.parametrize(("language", "said"), [("en", "hot"), ("zh", "紧急通道")])
def test_the_page_of_a_link_has_a_table_of_its_lanes(office: Any, language: str, said: str) -> None:  # noqa: ANN401 - as above
    office.pair.sends(lane=HOT)

    page = words(office.person(language=language).get(f"/links/{LINK}/"))

    assert said in page
    assert "A hot 1" in page


def test_an_inquiry_on_hot_has_its_page_and_its_number(office: Any) -> None:  # noqa: ANN401 - as above
    sent = office.pair.sends(lane=HOT, title="on hot")
    office.pair.settle()
    office.project()
    person = office.person()

    page = words(person.get(f"/l/{LINK}/inquiries/A-hot-1/"))
    listed = words(person.get(f"/l/{LINK}/inquiries/"))
    proved = words(person.get(f"/l/{LINK}/record/A-hot-1/"))

    assert sent.place == "A hot 1"
    assert "A hot 1" in page
    assert "on hot" in page
    assert "A hot 1" in listed
    assert "A hot 1" in proved


def test_the_record_shows_each_lane_as_the_order_it_is(office: Any) -> None:  # noqa: ANN401 - as above
    office.pair.sends(lane=HOT)
    person = office.person()

    main, hot = (words(person.get(f"/l/{LINK}/record/{query}")) for query in ("", "?lane=hot"))

    assert "A hot 1" not in main
    assert "A hot 1" in hot
    assert person.get(f"/l/{LINK}/record/?lane=fast").status_code == 404


def test_two_histories_on_hot_are_told_on_the_page_of_the_link(office: Any) -> None:  # noqa: ANN401 - as above
    forger = Forger(office.pair, B, A, link=named(LINK, HOT))
    forger.send(forger.piece(note=forger.head(root=b"\x01" * 32)))

    assert "two histories" in words(office.person().get(f"/links/{LINK}/"))
