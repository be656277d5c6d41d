"""Freezing a list on pages: two persons sign the very bytes that both have read, or nothing is said."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.actions import add_officer
from parley.agencies.policy import Role
from parley.work import clock
from tests.dialogue.page_table import PROMISE, PageTable
from tests.inquiries.page_desk import OFFICER, A, B
from tests.links.office import SECRET, signed_in, words
from tests.two_nodes.pair import LINK
from tests.two_nodes.persons import enrol

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageTable:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return PageTable(tmp_path, settings)


@pytest.fixture(name="people")
def fixture_people(desk: PageTable) -> tuple[Client, Client]:
    """Give a head and a principal of A, whose keys count."""
    found = [
        add_officer(name, role=Role.OFFICER, language="en", secret=SECRET, now=1) for name in ("Li", "Qian")
    ]
    for row, role in zip(found, ("head", "principal"), strict=True):
        enrol(desk.homes[A], row.number, secret=SECRET, now=clock.now(), roles=(role,))
    desk.carry()
    return signed_in(found[0]), signed_in(found[1])


def listed(desk: PageTable) -> str:
    """Agree on a round with one clause, and return its place."""
    place = desk.meeting()
    desk.at(B)
    desk.say_on(place, "round-agreed", place)
    clause = desk.say_on(
        place, "outcome-clause_proposed", place, place="1", en=PROMISE["en"], zh=PROMISE["zh"]
    )
    desk.at(A)
    desk.say_on(place, "outcome-agreed", clause)
    return place


def test_two_officers_sign_the_list_that_both_have_read_and_only_then_it_is_said(
    desk: PageTable, people: tuple[Client, Client]
) -> None:
    place = listed(desk)
    freeze = f"/rounds/{LINK}/{place}/freeze/"
    shown = people[0].post(freeze, {"release": "2030-01-01T00:00Z"})
    digest = re.search(r'name="digest" value="([^"]+)"', shown.text)
    assert digest is not None
    signing = {"release": "2030-01-01T00:00Z", "digest": digest[1], "secret": SECRET}

    other = people[0].post(freeze, {**signing, "digest": "A" * 43})
    prepared = people[0].post(freeze, signing)
    address = prepared.headers["Location"]
    first, waiting = (person.get(address).text for person in people)
    wrong = people[1].post(address, {"do": "sign", "secret": "something-else-1"})
    before = desk.get(f"/rounds/{LINK}/{place}/")
    said = people[1].post(address, {"do": "sign", "secret": SECRET})
    desk.tell()
    after = words(people[0].get(f"/rounds/{LINK}/{place}/"))
    # Who signed first still has the page open, and it fetches itself again.
    told = people[0].get(address).text
    late = people[0].post(address, {"do": "put_away"}, follow=True).text

    assert (other.status_code, prepared.status_code) == (200, 303)
    assert PROMISE["zh"] in waiting
    assert digest[1] in waiting
    assert wrong.status_code == 422
    assert "frozen by one side" not in before
    assert (said.status_code, said.headers["Location"]) == (302, f"/rounds/{LINK}/{place}/")
    assert "frozen by one side" in after
    assert "signed, and said" in told
    assert f'href="/rounds/{LINK}/{place}/"' in told
    assert "signed, and said" in late
    assert 'id="signing" data-live' in first
    assert 'id="signing" data-live' not in waiting


def test_a_clause_that_was_agreed_since_is_told_to_the_second_officer(
    desk: PageTable, people: tuple[Client, Client]
) -> None:
    place = listed(desk)
    freeze, release = f"/rounds/{LINK}/{place}/freeze/", {"release": "2030-01-01T00:00Z"}
    digest = re.search(r'name="digest" value="([^"]+)"', people[0].post(freeze, release).text)
    assert digest is not None
    prepared = people[0].post(freeze, {**release, "digest": digest[1], "secret": SECRET})
    desk.at(B)
    more = desk.say_on(
        place,
        "outcome-clause_proposed",
        place,
        place="2",
        en="Experts meet in December.",
        zh="专家于12月会晤。",
    )
    desk.at(A)
    desk.say_on(place, "outcome-agreed", more)

    page = words(people[1].get(prepared.headers["Location"]))
    put_away = people[1].post(prepared.headers["Location"], {"do": "put_away"})

    assert "The list is not any more what was prepared" in page
    assert put_away.status_code == 302
    assert "frozen by one side" not in desk.get(f"/rounds/{LINK}/{place}/")


def test_who_comes_to_freeze_what_is_frozen_by_both_is_told_so_on_the_page_of_the_round(
    desk: PageTable,
) -> None:
    place = desk.listed()
    form = f"/rounds/{LINK}/{place}/freeze/"
    before = desk.status(form)
    desk.freeze(place, release=clock.now() + 100)
    client = desk.at(A).clients[OFFICER]

    shown, pressed = client.get(form), client.post(form, {"release": "+1d"})

    assert before == 200
    assert {each.headers["Location"] for each in (shown, pressed)} == {
        f"/rounds/{LINK}/{place}/?unfrozen=1#outcome"
    }
    assert "The list cannot be frozen as it stands now. Nothing was signed." in desk.get(
        f"/rounds/{LINK}/{place}/?unfrozen=1"
    )
