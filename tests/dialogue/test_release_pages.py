"""What pages say of the instant at which both make a list public: to the second, and the same on both."""

import re
from pathlib import Path
from typing import Final

import pytest
from django.test import Client
from pytest_django import Settings

from tests.dialogue.page_table import PROMISE, PageTable
from tests.inquiries.page_desk import HOST, OFFICER, A, B
from tests.papers import words_of
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

RELEASE: Final = 1_801_440_007
SHOWN: Final = "1 Feb 2027 00:00:07Z"
OTHER: Final = {"en": "B answers within 10 working days.", "zh": "乙方在十个工作日内答复。"}
AGAIN: Final = f'data-again-at="{RELEASE}"'
BUTTON: Final = "Release it now"


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageTable:
    return PageTable(tmp_path, settings)


def main_of(path: str) -> str:
    """Return what the page of a node says to a stranger, without its frame."""
    page = Client(headers=HOST).get(path).text
    found = re.search(r"<main.*</main>", page, re.DOTALL)
    assert found is not None
    return found[0]


def _at(desk: PageTable, node: str) -> str:
    desk.at(node)
    return main_of(f"/public/outcomes/{desk.digest}/")


def test_wherever_the_release_is_told_its_second_is_told(desk: PageTable) -> None:
    place = desk.listed()
    shown = desk.send_to(f"/rounds/{LINK}/{place}/freeze/", {"release": "2027-02-01T00:00:07Z"}).text
    desk.freeze(place, release=RELEASE)
    desk.at(A)
    page, summary = desk.get(f"/rounds/{LINK}/{place}/"), desk.get(f"/l/{LINK}/summary/")
    papers = [
        words_of(desk.clients[OFFICER].get(f"/rounds/{LINK}/{place}/{name}/").content)
        for name in ("pdf", "press")
    ]
    desk.release(A, place, at=RELEASE)

    public = main_of(f"/public/outcomes/{desk.digest}/")

    for each in (shown, page, summary, public, *papers):
        assert SHOWN in each
    assert f"Mon {SHOWN}" in page
    # Whoever looks at what was said reads the same of both freezings.
    assert page.count(f"· {SHOWN}") == 2
    assert "Country A: Mon 1 Feb 2027" not in public


def test_what_strangers_read_of_a_released_list_is_the_same_on_both_nodes(desk: PageTable) -> None:
    place = desk.listed()
    desk.freeze(place, release=RELEASE)
    for node in (A, B):
        desk.at(node).release(node, place, at=RELEASE)

    ours, theirs = (_at(desk, node) for node in (A, B))

    assert "Both sides released this list" in ours
    assert ours == theirs


def test_a_page_that_waits_for_the_release_looks_again_at_its_second(desk: PageTable) -> None:
    place = desk.listed()
    before = desk.get(f"/rounds/{LINK}/{place}/")
    desk.freeze(place, release=RELEASE)

    waiting = desk.at(A).get(f"/rounds/{LINK}/{place}/")

    assert AGAIN not in before
    assert AGAIN in waiting
    assert "From that second on it is released here." in waiting
    assert BUTTON not in waiting


def test_a_side_whose_clock_is_ahead_releases_alone_and_ours_still_waits_for_our_second(
    desk: PageTable,
) -> None:
    place = desk.listed()
    desk.freeze(place, release=RELEASE)
    desk.at(B).release(B, place, at=RELEASE)

    page = desk.at(A).get(f"/rounds/{LINK}/{place}/")
    early = desk.send_to(f"/rounds/{LINK}/{place}/release/", {})

    assert "released by one side" in page
    assert AGAIN in page
    assert BUTTON not in page
    assert "early=1" in early.headers["Location"]
    assert Client(headers=HOST).get(f"/public/outcomes/{desk.digest}/").status_code == 404


def test_a_side_that_releases_twice_has_released_once(desk: PageTable) -> None:
    place = desk.listed()
    desk.freeze(place, release=RELEASE)
    desk.at(B).release(B, place, at=RELEASE)
    said = next(row.act.d for row in desk.rows() if row.kind == "outcome.released" and row.act)
    once = desk.at(A).get(f"/rounds/{LINK}/{place}/")
    desk.force("outcome.released", dict(said), node=B, on=place)
    desk.carry()

    page = desk.get(f"/rounds/{LINK}/{place}/")

    assert once.count('class="chip failed"') == 0
    assert page.count('class="chip failed"') == 1
    assert "released by one side" in page


def test_who_presses_after_a_colleague_released_it_comes_to_the_page_that_says_so(desk: PageTable) -> None:
    place = desk.listed()
    desk.freeze(place, release=RELEASE)
    desk.at(A).release(A, place, at=RELEASE)

    pressed = desk.send_to(f"/rounds/{LINK}/{place}/release/", {})

    assert pressed.headers["Location"] == f"/rounds/{LINK}/{place}/#outcome"
    assert "released by one side" in desk.get(f"/rounds/{LINK}/{place}/")


def test_sides_that_signed_different_lists_see_it_and_either_can_sign_what_the_other_has(
    desk: PageTable,
) -> None:
    place = desk.listed()
    desk.freeze_apart(place, {A: RELEASE, B: RELEASE + 60})

    pages = [desk.at(node).get(f"/rounds/{LINK}/{place}/") for node in (A, B)]
    offered = desk.at(A).get(f"/rounds/{LINK}/{place}/freeze/")

    for page in pages:
        assert "Both sides have signed, and not the same." in page
        assert SHOWN in page
        assert "1 Feb 2027 00:01:07Z" in page
        assert "to sign the outcome list" in page
    assert 'value="2027-02-01T00:01:07Z"' in offered


def test_a_list_that_was_amended_since_the_other_side_signed_is_told_before_we_sign(desk: PageTable) -> None:
    place = desk.listed()
    clause = next(row.place for row in desk.rows() if row.kind == "outcome.clause_proposed")
    desk.freeze_apart(place, {A: RELEASE})
    amended = desk.at(A).say_on(place, "outcome-amended", clause.replace(" ", "-"), place="1", **OTHER)
    desk.at(B).say_on(place, "outcome-agreed", amended)

    page, form = desk.get(f"/rounds/{LINK}/{place}/"), desk.get(f"/rounds/{LINK}/{place}/freeze/")

    assert "another list than this one" in page
    assert "has signed another list than this one" in form
    assert PROMISE["zh"] not in form
