"""The frame around every page: who, where, when, in which world; and what somebody chose for a computer."""

import re

import pytest
from django.test import Client

from parley.agencies import actions
from parley.agencies.policy import Role
from parley.node.shell import WallClock, closing
from parley.node.views import broken
from parley.protocol.officetime import Calendar, read_calendar
from parley.work import clock

HOST = {"host": "localhost"}
MONDAY = 1_792_976_400
"""Mon 26 Oct 2026 01:00Z: nine o'clock at UTC+8."""


def calendar(*, minutes: int = 480) -> Calendar:
    return read_calendar(
        {
            "offsets": [[0, minutes]],
            "weeks": [{"since": "1970-01-01", "hours": [[540, 720], [780, 1020]], "weekend": [5, 6]}],
            "closed": [],
            "made_up": [],
        }
    )


def wall(now: int, *, minutes: int = 480) -> WallClock:
    return WallClock(link="", name="A", calendar=calendar(minutes=minutes), now=now)


@pytest.fixture(name="people")
def fixture_people(db: None) -> dict[str, int]:
    add = actions.add_officer
    now = clock.now() - 60
    return {
        role.value: add(
            f"{role.value} 赵", role=role, language="en", secret="correct-horse-battery", now=now
        ).number
        for role in (Role.OFFICER, Role.VIEWER)
    }


def signed_in(number: int) -> Client:
    client = Client(headers=HOST)
    assert client.post(f"/sign-in/{number}/").status_code == 302
    return client


def test_a_clock_tells_when_offices_open_and_when_they_close() -> None:
    assert wall(MONDAY).is_open
    assert wall(MONDAY).changes_at == MONDAY + 3 * 3_600
    assert not wall(MONDAY + 3 * 3_600).is_open
    assert wall(MONDAY + 3 * 3_600).changes_at == MONDAY + 4 * 3_600
    assert wall(MONDAY + 4 * 3_600).changes_at == MONDAY + 8 * 3_600
    assert wall(MONDAY + 8 * 3_600).changes_text == "Tue 27 Oct 09:00"


def test_whenever_offices_are_open_they_close_again() -> None:
    plain = calendar(minutes=0)

    for hour in range(7 * 24):
        now = MONDAY + hour * 3_600
        if plain.opening(now) == now:
            assert now < closing(plain, now) <= now + 4 * 3_600


def test_a_clock_without_a_calendar_shows_zulu_and_claims_nothing() -> None:
    unknown = WallClock(link="a-b", name="B", calendar=None, now=MONDAY)

    assert not unknown.is_open
    assert unknown.changes_at is None
    assert unknown.changes_text == ""
    assert unknown.zone == "UTC+0"


@pytest.mark.parametrize("path", ["/me/", "/keys/", "/nowhere/"])
@pytest.mark.parametrize("role", ["officer", "viewer"])
def test_every_page_has_one_headline_and_its_landmarks(people: dict[str, int], role: str, path: str) -> None:
    page = signed_in(people[role]).get(path).text

    assert len(re.findall(r"<h1\b", page)) == 1
    for landmark in ("<header", "<nav", '<main id="main"', "<footer", 'href="#main"'):
        assert landmark in page
    assert page.count('role="status"') == 1
    assert 'data-news="/news"' in page
    assert f"{role} 赵" in page


def test_world_demo_says_so_on_every_page(people: dict[str, int]) -> None:
    page = Client(headers=HOST).get("/sign-in/").text

    assert 'class="world-demo' in page
    assert "DEMO" in page


@pytest.mark.parametrize(("language", "lang"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_a_page_says_its_language_and_keeps_its_place(
    people: dict[str, int], language: str, lang: str
) -> None:
    client = signed_in(people["viewer"])

    answer = client.post("/language/", {"language": language, "next": "/keys/?a=1"})
    page = client.get("/keys/").text

    assert answer.headers["Location"] == "/keys/?a=1"
    assert f'<html lang="{lang}"' in page
    assert 'lang="zh-Hans"' in page


@pytest.mark.parametrize("role", ["officer", "viewer"])
def test_everybody_may_choose_how_pages_look_here(people: dict[str, int], role: str) -> None:
    client = signed_in(people[role])

    answer = client.post("/looks/", {"theme": "dark"})
    page = client.get("/me/").text

    assert answer.headers["Location"] == "/me/"
    assert 'data-bs-theme="dark"' in page
    assert 'data-keys="off"' in page


def test_a_look_that_does_not_exist_is_not_kept(people: dict[str, int]) -> None:
    answer = signed_in(people["officer"]).post("/looks/", {"theme": "pink"})

    assert answer.status_code == 404
    assert not [name for name in answer.cookies if name.endswith("looks")]


def test_the_page_of_our_own_fault_needs_no_frame() -> None:

    answer = broken(None)  # type: ignore[arg-type] # it must not look at it

    assert answer.status_code == 500
    assert len(re.findall(rb"<h1\b", answer.content)) == 1
    assert "本页面出错" in answer.content.decode()
