"""What strangers get of a released list: the same for a thousand of them as for one, and never too much."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from parley.dialogue.queries.held import BusyError, Held
from parley.ledger.readers import reader_of
from parley.work import clock
from tests.dialogue.page_table import PageTable
from tests.inquiries.page_desk import HOST, OFFICER, A, B
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

THOUSAND = 1_000


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageTable:
    return PageTable(tmp_path, settings)


@pytest.fixture(name="released")
def fixture_released(desk: PageTable) -> str:
    """Give the address of a list that A has released, and B has not."""
    place, release = desk.listed(), clock.now() + 100
    desk.freeze(place, release=release)
    desk.at(A).release(A, place, at=release)
    return f"/public/outcomes/{desk.digest}/"


def test_a_thousand_strangers_cost_no_more_looks_into_the_record_than_a_few(released: str) -> None:
    nobody = Client(headers=HOST)
    asked: list[str] = []
    nobody.get(f"{released}outcomes.txt")
    reader = reader_of(django_settings.HOME)
    assert reader is not None
    reader.connection.set_trace_callback(asked.append)
    begun = clock.now()

    for _ in range(THOUSAND):
        assert nobody.get(f"{released}outcomes.txt").status_code == 200
    known, minutes = len(asked), (clock.now() - begun) // 60 + 1
    for _ in range(10):
        assert nobody.get(f"/public/outcomes/{'B' * 43}/outcomes.txt").status_code == 404

    # What is held is looked at anew once a minute; of what is not public the record is never asked.
    assert known <= 100 * minutes
    assert len(asked) == known


def test_a_stranger_sees_the_release_of_the_other_side_as_soon_as_it_is_here(
    desk: PageTable, released: str
) -> None:
    nobody = Client(headers=HOST)
    alone = nobody.get(released)
    place = re.search(rf"/rounds/{LINK}/([^/]+)/", desk.get("/rounds/"))
    release = re.search(r"\nrelease (\d+)\n", nobody.get(f"{released}outcomes.txt").content.decode())
    assert place is not None
    assert release is not None
    desk.at(B).release(B, place[1], at=int(release[1]))
    desk.at(A)

    joint = nobody.get(released)

    assert "One side alone has released this list so far." in alone.text
    assert "Both sides released this list, the same bytes." in joint.text
    assert alone.headers["ETag"] != joint.headers["ETag"]


def test_strangers_find_what_this_node_has_released_and_nothing_before(desk: PageTable) -> None:
    nobody, lists = Client(headers=HOST), "/public/outcomes/"
    place, release = desk.listed(), clock.now() + 100
    desk.freeze(place, release=release)
    pages = [nobody.get(lists).text]
    desk.at(B).release(B, place, at=release)
    desk.at(A)
    pages.append(nobody.get(lists).text)
    old = nobody.get(lists).headers["ETag"]
    desk.at(B)
    alone = nobody.get(lists).text
    desk.at(A).release(A, place, at=release)

    joint = []
    for node in (B, A):
        desk.at(node)
        joint.append(nobody.get(lists).text)
    again = nobody.get(lists, headers={"If-None-Match": old})

    address = f'href="/public/outcomes/{desk.digest}/"'
    assert all("This node has made no list public yet." in page for page in pages)
    assert address in alone
    assert again.status_code == 200
    assert "by this side alone so far" in alone
    assert all(address in page and "by both sides" in page for page in joint)
    assert f'href="{lists}"' in nobody.get("/sign-in/").text


def test_who_has_a_copy_is_told_that_it_is_still_so(released: str) -> None:
    nobody = Client(headers=HOST)

    for address in (released, "/public/outcomes/", f"{released}outcomes.txt", f"{released}release.note"):
        first, head = nobody.get(address), nobody.head(address)
        again = nobody.get(address, headers={"If-None-Match": first.headers["ETag"]})
        other = nobody.get(address, headers={"If-None-Match": '"other"'})

        assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        assert (other.status_code, other.headers["ETag"]) == (200, first.headers["ETag"])
        assert first.headers["Cache-Control"] == "no-cache"


def test_whoever_is_signed_in_gets_a_page_of_their_own_and_no_tag_of_everybody(
    desk: PageTable, released: str
) -> None:
    for address in (released, "/public/outcomes/"):
        answer = desk.clients[OFFICER].get(address)

        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"


def test_only_so_much_is_computed_in_a_second_and_what_is_held_costs_nothing() -> None:
    held: Held[int] = Held(most=2, seconds=60, each_second=2)
    values: Iterator[int] = count()

    first = [held.take(key, values.__next__, now=100) for key in ("a", "b", "a")]
    with pytest.raises(BusyError):
        held.take("c", values.__next__, now=100)
    later = held.take("c", values.__next__, now=101)
    gone = held.take("b", values.__next__, now=101)
    aged = held.take("b", values.__next__, now=161)

    assert first == [0, 1, 0]
    assert (later, gone, aged) == (2, 3, 4)
