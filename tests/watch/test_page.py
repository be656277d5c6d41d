"""The page of the roster: who is on watch, what is missing, and by what one is rung."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from parley.agencies.actions import add_officer
from parley.agencies.policy import Role
from parley.agencies.queries import OfficerRow
from parley.watch import actions
from parley.watch.policy import DAY, Channel, Post, Shift
from parley.work import clock
from tests.links.office import signed_in, words

pytestmark = pytest.mark.django_db(databases=["default", "view"])

HOUR = 3600
SECRET = "correct-horse-battery"


def person(name: str, *, role: Role = Role.OFFICER, language: str = "en") -> OfficerRow:
    return add_officer(name, role=role, language=language, secret=SECRET, now=1)


def look(client: Client) -> str:
    answer = client.get("/desk/roster/")
    assert answer.status_code == 200
    return words(answer)


@pytest.fixture(name="chen")
def fixture_chen(settings: Settings) -> OfficerRow:
    """Have Chen with two ways that are proved, on watch for another hour."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    chen, now = person("Chen"), clock.now()
    for channel, address in ((Channel.SMS, "+9995551234"), (Channel.MAIL, "chen@house.example")):
        way = actions.add_way(chen.number, channel=channel, address=address, now=now)
        actions.begin_proof(way, code="482913", now=now)
        actions.finish_proof(way, code="482913", now=now)
    shift = Shift(number=0, post=Post.DESK, person=chen.number, begins=now - HOUR, ends=now + HOUR)
    actions.add_shifts([shift], now=now)
    return chen


def test_it_says_who_is_on_watch_and_where_nobody_is(chen: OfficerRow) -> None:
    actions.set_need(Post.DESK, ["en"], now=clock.now())

    page = look(signed_in(chen))

    assert "On watch now desk: Chen until" in page
    assert "desk nobody who can be rung speaks en" in page
    assert "desk nobody is on the roster" in page
    assert "No hole" not in page


def test_a_post_that_is_held_shows_no_hole(chen: OfficerRow) -> None:
    now = clock.now()
    actions.set_need(Post.SECOND, [], now=now)
    shift = Shift(number=0, post=Post.SECOND, person=chen.number, begins=now - HOUR, ends=now + 20 * DAY)
    actions.add_shifts([shift], now=now)

    assert "No hole in the next 14 days." in look(signed_in(chen))


def test_everybody_sees_by_what_he_or_she_is_rung_and_by_what_nobody_else_is(chen: OfficerRow) -> None:
    other = person("Wu", role=Role.VIEWER)

    own, others = look(signed_in(chen)), look(signed_in(other))

    assert "text message: +9995551234 proved" in own
    assert "+9995551234" not in others
    assert "Nothing rings you." in others
    assert "desk: Chen" in others


def test_a_way_that_was_never_proved_says_so(chen: OfficerRow) -> None:
    actions.add_way(chen.number, channel=Channel.PUSH, address="chen-7f3a", now=clock.now())

    assert "push: chen-7f3a never proved" in look(signed_in(chen))


def test_a_long_roster_costs_no_more_questions(
    chen: OfficerRow, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = clock.now()
    actions.add_shifts(
        [
            Shift(
                number=0,
                post=Post.DESK,
                person=chen.number,
                begins=now + hour * HOUR,
                ends=now + (hour + 1) * HOUR,
            )
            for hour in range(1, 100)
        ],
        now=now,
    )
    client = signed_in(chen)

    with django_assert_max_num_queries(12):
        page = look(client)

    assert page.count("desk Chen") == 100
