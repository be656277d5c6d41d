"""The page on which the watch is taken, handed over, relieved and left: by persons, and never by mistake."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.actions import add_officer
from parley.agencies.policy import Role
from parley.agencies.queries import OfficerRow
from parley.watch import actions
from parley.watch.beats import Fallback, write_handing
from parley.watch.policy import Channel, Handing
from parley.watch.queries import watch_now
from parley.work import clock
from parley.work.home import Home
from tests.links.office import SECRET, signed_in, words
from tests.today.core import core_that_answers
from tests.two_nodes.pair import make_home

pytestmark = pytest.mark.django_db(databases=["default", "view"])

PATH = "/desk/handover/"
SAID = Handing(
    calls=("A hot 3",), due_first=("B 81",), due_at=4_000_000_000, degraded=("a-b/hot",), rings=False
)
RIGHT = {"open_call": "A-hot-3", "due_first": "b 81", "degraded": "a-b/hot", "heard": "yes"}


def person(name: str, *, role: Role = Role.OFFICER) -> OfficerRow:
    return add_officer(name, role=role, language="en", secret=SECRET, now=1)


@pytest.fixture(name="chen")
def fixture_chen(settings: Settings, tmp_path: Path) -> OfficerRow:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HOME = make_home(tmp_path / "home", "a.example")
    return person("Chen")


@contextmanager
def core(home: Home, said: Handing = SAID) -> Iterator[None]:
    with core_that_answers(home, handing=write_handing(said)):
        yield


def take(client: Client, settings: Settings, name: str = "Chen", /, **fields: str) -> str:
    """Press the button of the page with these fields, and return its words; empty once it is done."""
    with core(settings.HOME):
        return press(client, name, **fields)


def press(client: Client, name: str, **fields: str) -> str:
    incoming = {"incoming_name": name, "incoming_secret": SECRET, "do": "take"}
    answer = client.post(PATH, RIGHT | incoming | fields)
    if answer.status_code == 302:
        return ""
    assert answer.status_code == 422
    return words(answer)


def test_the_page_says_what_the_record_says(chen: OfficerRow, settings: Settings) -> None:
    with core(settings.HOME):
        told = words(signed_in(chen).get(PATH))

    assert "Exercise or real: DEMO" in told
    assert "Open calls: A hot 3" in told
    assert "Due first, within 12 hours: B 81" in told
    assert "Degraded paths: a-b/hot" in told
    assert "no phone is set up: this desk alone rings" in told
    assert "Nobody has the watch." in told


def test_the_watch_is_taken_by_whoever_heard_the_sound_and_knows_the_record(
    chen: OfficerRow, settings: Settings
) -> None:
    assert take(signed_in(chen), settings, screen="0123456789abcdef") == ""

    held = watch_now()
    assert held is not None
    assert (held.name, held.screen, held.outgoing) == ("Chen", "0123456789abcdef", None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"heard": ""}, "Play the sound, and say that you heard it."),
        ({"open_call": "A hot 4"}, "Not what the record says: Which call is open?"),
        ({"due_first": ""}, "Not what the record says: What of ours falls due first?"),
        ({"degraded": "none"}, "Not what the record says: Which path is degraded?"),
        ({"incoming_secret": "wrong"}, "A name and a secret do not belong together."),
    ],
)
def test_whatever_is_missing_is_told_at_its_field_and_nobody_has_the_watch(
    chen: OfficerRow, settings: Settings, wrong: dict[str, str], said: str
) -> None:
    told = take(signed_in(chen), settings, **wrong)

    assert "Nothing was changed. This stands in the way:" in told
    assert said in told
    assert watch_now() is None


def test_that_there_is_nothing_is_said_in_either_language(chen: OfficerRow, settings: Settings) -> None:
    with core(settings.HOME, Handing(rings=False)):
        fields = {"incoming_name": "Chen", "incoming_secret": SECRET, "do": "take", "heard": "yes"}
        answers = {"open_call": "无", "due_first": "none", "degraded": "没有"}
        assert signed_in(chen).post(PATH, fields | answers).status_code == 302

    assert watch_now() is not None


@pytest.mark.parametrize("typed", ["phones", "电话"])
def test_that_no_phone_can_be_rung_is_read_and_typed_in_either_language(
    chen: OfficerRow, settings: Settings, typed: str
) -> None:
    client, answers = signed_in(chen), {"open_call": "none", "due_first": "none", "degraded": typed}
    with core(settings.HOME, Handing(degraded=("phones",), rings=False)):
        told = words(client.get(PATH))
        assert press(client, "Chen", **answers) == ""

    assert "Degraded paths: phones" in told
    assert watch_now() is not None


def test_both_hand_it_over_and_in_between_nobody_is_without(chen: OfficerRow, settings: Settings) -> None:
    wang, client = person("Wang"), signed_in(chen)
    take(client, settings)
    outgoing = {"outgoing_name": "Chen", "outgoing_secret": SECRET, "do": "hand_over"}

    alone = take(client, settings, "Wang", **outgoing | {"outgoing_secret": ""})
    assert "do not belong together" in alone
    same = take(client, settings, "Chen", **outgoing)
    assert "Nobody hands the watch over to himself or herself." in same
    assert take(client, settings, "Wang", **outgoing) == ""

    held = watch_now()
    assert held is not None
    assert (held.officer, held.outgoing) == (wang.number, chen.number)


def test_what_somebody_has_is_not_taken_but_whoever_is_away_is_relieved(
    chen: OfficerRow, settings: Settings
) -> None:
    wang = signed_in(person("Wang"))
    take(signed_in(chen), settings)

    assert "Chen has the watch, and hands it over." in take(wang, settings, "Wang")
    assert take(wang, settings, "Wang", do="relieve") == ""

    held = watch_now()
    assert held is not None
    assert held.name == "Wang"


def test_the_page_says_who_sits_there_and_relieves_nobody_whose_screen_is_seen(
    chen: OfficerRow, settings: Settings
) -> None:
    wang = signed_in(person("Wang"))
    take(signed_in(chen), settings)
    there = replace(SAID, in_view=(chen.number,))

    with core(settings.HOME, there):
        shown = words(wang.get(PATH))
        refused = press(wang, "Wang", do="relieve")

    assert "A screen of Chen is in view, so nobody can be relieved." in shown
    assert "Relieve, with the secret" not in shown
    assert "Have the watch handed over, with the name and secret of both." in refused
    held = watch_now()
    assert held is not None
    assert held.name == "Chen"


def test_the_page_says_that_the_desk_is_muted(chen: OfficerRow, settings: Settings) -> None:
    client = signed_in(chen)
    take(client, settings)
    with core(settings.HOME):
        before = words(client.get(PATH))
        phone = Fallback(channel=Channel.SMS, ending="17", proved_at=1)
        actions.mute_desk(chen.number, seconds=300, stand_in=phone, now=clock.now())
        after = words(client.get(PATH))

    assert "Sound: on" in before
    assert "Sound: muted until" in after


def test_the_watch_is_left_by_whoever_has_it(chen: OfficerRow, settings: Settings) -> None:
    client = signed_in(chen)
    take(client, settings)
    person("Wang")

    other = take(client, settings, do="leave", outgoing_name="Wang", outgoing_secret=SECRET)
    assert "The officer who should hand it over does not have it." in other
    assert take(client, settings, do="leave", outgoing_name="Chen", outgoing_secret=SECRET) == ""

    assert watch_now() is None


def test_a_viewer_takes_no_watch(chen: OfficerRow, settings: Settings) -> None:
    person("Wu", role=Role.VIEWER)

    assert "takes no calls, and no watch" in take(signed_in(chen), settings, "Wu")


def test_without_core_nothing_is_asked_and_nothing_changes(chen: OfficerRow, settings: Settings) -> None:
    client = signed_in(chen)

    answer = client.post(PATH, RIGHT | {"incoming_name": "Chen", "incoming_secret": SECRET, "do": "take"})

    assert answer.status_code == 503
    assert "Core says nothing" in words(answer)
    assert watch_now() is None


def test_whoever_has_the_watch_beats_on_every_page(chen: OfficerRow, settings: Settings) -> None:
    client = signed_in(chen)
    before = client.get("/desk/roster/").text
    take(client, settings)

    assert "data-beat=" not in before
    assert "data-beat=" in client.get("/desk/roster/").text
    assert "data-beat=" not in signed_in(person("Wang")).get("/desk/roster/").text
