"""A log that is being asked back, on the pages: what is told, and what two officers decide about it."""

import shutil
import sqlite3
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.policy import Role
from parley.ledger.lost import LostRow, lost_rows
from parley.ledger.regaining import ALONE_SECONDS
from tests.links.office import SECRET, Office, words
from tests.two_nodes.pair import LINK, A, Pair

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])

PAGE = f"/links/{LINK}/"
RECOVER = f"/links/{LINK}/recover/"


@pytest.fixture(name="office")
def fixture_office(pair: Pair, settings: Settings, transactional_db: None) -> Iterator[Office]:
    """Give the office of A, whose anchor is gone: it does not know what it signed last. No core runs."""
    pair.sends()
    pair.settle()
    pair.ledgers[A].stop()
    office = Office(pair, settings)
    shutil.rmtree(pair.homes[A].anchor)
    pair.start(A).stop()
    yield office
    pair.start(A)


@pytest.fixture(name="people")
def fixture_people(office: Office) -> tuple[Client, Client]:
    return office.person("Chen"), office.person("Wu")


def lost(office: Office) -> LostRow:
    with office.pair.reader(A) as reader:
        (row,) = lost_rows(reader, LINK)
    return row


def heard(row: LostRow, **other: str) -> dict[str, str]:
    """Return what somebody types who heard the even groups right, but for `other`."""
    groups = {f"group-{number}": row.digits[number - 1] for number in range(2, 13, 2)}
    return {**groups, **other, "lane": "main", "do": "confirm", "secret": SECRET}


def test_the_link_says_what_happened_what_is_safe_and_what_to_do(
    office: Office, people: tuple[Client, Client]
) -> None:
    page, desk = words(people[0].get(PAGE)), words(people[0].get("/", follow=True))

    assert "Something of our own log is being asked back" in page
    assert "What is safe: Nothing is signed meanwhile" in page
    assert "Two officers call" in page
    assert "our log is being asked back" in desk


def test_the_groups_that_they_read_are_on_no_page_of_ours(
    office: Office, people: tuple[Client, Client]
) -> None:
    row = lost(office)
    shown = people[0].get(RECOVER).text

    assert all(row.digits[place] in shown for place in range(0, 12, 2))
    assert not any(row.digits[place] in shown for place in range(1, 12, 2))


def test_their_page_has_the_digits_that_they_read_to_us(
    office: Office, people: object, settings: Settings
) -> None:
    row = lost(office)
    settings.HOME = office.pair.homes["b.example"]

    shown = words(office.person("Reed").get(PAGE))

    assert all(group in shown for group in row.digits)


def test_two_officers_confirm_the_head_and_the_log_ends_there(
    office: Office, people: tuple[Client, Client]
) -> None:
    row = lost(office)
    wrong = people[0].post(RECOVER, heard(row, **{"group-4": "00000"}))
    short = people[0].post(RECOVER, heard(row, **{"group-6": ""}))
    secret = people[0].post(RECOVER, {**heard(row), "secret": "something-else-1"})
    first = people[0].post(RECOVER, heard(row), follow=True)
    again = people[0].post(RECOVER, heard(row))

    assert [each.status_code for each in (wrong, short, secret, again)] == [422] * 4
    assert "Group 4 is not the same" in words(wrong)
    assert "Group 6 needs five digits" in words(short)
    assert "Nothing was changed yet: another officer decides the same" in words(first)
    assert not lost(office).is_sealed

    second = people[1].post(RECOVER, heard(row), follow=True)

    assert "Both officers decided it, and it is done." in words(second)
    assert lost(office).is_sealed
    assert "Our log ends where both sides can prove it" in words(people[0].get(PAGE))


def test_the_log_ends_without_them_only_after_the_agreed_time(
    office: Office, people: tuple[Client, Client]
) -> None:
    early = people[0].post(RECOVER, {"do": "alone", "lane": "main", "secret": SECRET})
    shown = words(people[0].get(RECOVER))

    assert (early.status_code, "The partner still has" in words(early)) == (422, True)
    assert "They have time to answer, as agreed, until" in shown
    assert not lost(office).is_sealed


def test_after_the_agreed_time_two_officers_let_it_end(office: Office, people: tuple[Client, Client]) -> None:
    _long_ago(_path(office))

    first = people[0].post(RECOVER, {"do": "alone", "lane": "main", "secret": SECRET})
    before = lost(office).is_sealed
    second = people[1].post(RECOVER, {"do": "alone", "lane": "main", "secret": SECRET}, follow=True)

    assert (first.status_code, before) == (302, False)
    assert "Both officers decided it, and it is done." in words(second)


def test_what_is_said_of_a_lane_that_is_whole_decides_nothing_of_another(
    office: Office, people: tuple[Client, Client]
) -> None:
    _long_ago(_path(office))

    for person in people:
        answer = person.post(RECOVER, {"do": "alone", "lane": "bulk", "secret": SECRET})
        assert answer.status_code == 200
    assert not lost(office).is_sealed


def test_a_viewer_sees_it_and_decides_nothing(office: Office) -> None:
    guest = office.person("Guest", role=Role.VIEWER)

    assert "Something of our own log is lost" in words(guest.get(RECOVER))
    assert guest.post(RECOVER, heard(lost(office))).status_code == 403


def _path(office: Office) -> str:
    with office.pair.reader(A) as reader:
        return str(reader.connection.execute("PRAGMA database_list").fetchone()[2])


def _long_ago(path: str) -> None:
    with sqlite3.connect(path) as db:
        db.execute("UPDATE recovery SET begun_at = begun_at - ?", (ALONE_SECONDS + 60,))
