"""Calls on the page of the inquiry that led to them, and the page that asks whom to call."""

import re
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.hotline.page_desk import CallDesk
from tests.inquiries.page_desk import OFFICER, VIEWER, A, B
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> CallDesk:
    return CallDesk(tmp_path, settings)


def about(page: str) -> str:
    found = re.search(r'<section class="panel" aria-labelledby="calls-about">.*?</section>', page, re.DOTALL)
    return "" if found is None else found[0]


def test_an_inquiry_shows_the_calls_that_it_led_to_on_both_sides_and_no_others(desk: CallDesk) -> None:
    inquiry, other = desk.send("http://one.example/a"), desk.send("http://two.example/b")
    desk.call(inquiry=inquiry, scope="")

    ours, theirs = about(desk.page(inquiry)), about(desk.at(B).page(inquiry))

    for page, who in ((ours, "we call"), (theirs, "they call")):
        assert who in page
        assert f'href="/calls/{LINK}/{desk.place}/"' in page
        assert "REAL" in page
        assert "FLASH" in page
        assert "theft of data" in page
    assert about(desk.page(other)) == about(desk.at(A).page(other)) == ""


def test_whom_to_call_is_asked_only_where_there_are_two(desk: CallDesk) -> None:
    answer = desk.clients[OFFICER].get("/calls/new/")
    viewer = desk.get("/calls/new/", by=VIEWER)

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/calls/new/{LINK}/")
    assert "A viewer may look, not act." in viewer
    assert "data-shift-key" not in viewer
    assert 'data-shift-key="c"' in desk.get("/calls/")
