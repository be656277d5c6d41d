"""Whether their desk is watched, on the page of the link and before one calls: only where both agreed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from parley.ledger.offers import Offer
from parley.protocol.strictjson import JsonSource
from parley.work import clock
from tests.links.office import Office, core_that_says, courier, words
from tests.two_nodes.pair import LINK, A, B, Pair

pytestmark = pytest.mark.django_db(databases=["default", "view"])

PAGES = pytest.mark.parametrize("page", [f"/links/{LINK}/", f"/calls/new/{LINK}/"])
WATCHED = "says that its desk is watched."
NOT_CONFIRMED = "has not said in the last minutes that its desk is watched. A call rings there all the same."


class Agreed(Pair):
    """A pair whose offers both propose that each tells of its desk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, is_open=False)
        self.open(A, B)

    def offer(self, node: str) -> Offer:
        return replace(super().offer(node), watch_shown=True)


@pytest.fixture(name="agreed")
def fixture_agreed(tmp_path: Path, settings: Settings) -> Iterator[Office]:
    pair = Agreed(tmp_path)
    yield Office(pair, settings)
    pair.stop()


def desks(*said: int) -> dict[str, JsonSource]:
    return {**courier(succeeded_at=clock.now()), "their_desks": dict.fromkeys([LINK][: len(said)], *said)}


@PAGES
def test_their_word_is_shown_with_the_minute_that_it_names(agreed: Office, page: str) -> None:
    minute = clock.now() // 60 * 60

    with core_that_says(agreed.home, desks(minute)):
        answer = agreed.person().get(page)

    assert WATCHED in words(answer)
    assert "watched" in answer.text
    assert NOT_CONFIRMED not in words(answer)


@PAGES
def test_without_their_word_it_is_not_confirmed_and_never_unwatched(agreed: Office, page: str) -> None:
    with core_that_says(agreed.home, desks()):
        text = words(agreed.person().get(page))

    assert NOT_CONFIRMED in text
    assert "unwatched" not in text


@PAGES
def test_without_core_nobody_knows(agreed: Office, page: str) -> None:
    assert NOT_CONFIRMED in words(agreed.person().get(page))


@PAGES
def test_where_the_terms_do_not_say_so_nothing_is_shown(office: Office, page: str) -> None:
    with core_that_says(office.home, desks(clock.now())):
        text = words(office.person().get(page))

    assert WATCHED not in text
    assert NOT_CONFIRMED not in text
