"""A muted desk: silent for minutes and never for a night, and only where a phone rings instead."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from parley.agencies.models import JournalEntry
from parley.agencies.policy import Role
from parley.agencies.queries import find_officer
from parley.watch import actions, queries
from parley.watch.actions import Secret
from parley.watch.beats import Fallback, write_stand_in
from parley.watch.policy import Channel, figures
from parley.watch.policy.mute import HOUR, LEAST_SECONDS, MUTE_SECONDS, Mute, free_at, left_of_hour, mute_at
from parley.work import clock
from tests.links.office import signed_in, words
from tests.today.core import core_that_answers
from tests.two_nodes.pair import make_home
from tests.watch.test_taking import NOON, SECRET, officer, taking

PHONE = Fallback(channel=Channel.SMS, ending="17", proved_at=NOON)
PATH = "/desk/mute/"


# ---- The share of an hour


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(LEAST_SECONDS, MUTE_SECONDS)), max_size=20))
def test_no_hour_holds_more_than_fifteen_minutes_of_silence(wanted: list[tuple[int, int]]) -> None:
    mutes, now = list[Mute](), NOON
    for wait, seconds in wanted:
        now += wait
        lasts = min(seconds, left_of_hour(mutes, now))
        if lasts >= LEAST_SECONDS:
            mutes.append(Mute(officer=1, begins=now, ends=now + lasts))
            now += lasts

    for each in mutes:
        assert silent(mutes, since=each.ends - HOUR, until=each.ends) <= MUTE_SECONDS


def silent(mutes: Sequence[Mute], *, since: int, until: int) -> int:
    return sum(max(0, min(each.ends, until) - max(each.begins, since)) for each in mutes)


def test_whoever_used_it_up_is_told_from_when_on_there_is_a_minute_again() -> None:
    whole = Mute(officer=1, begins=NOON, ends=NOON + MUTE_SECONDS)

    assert left_of_hour([whole], whole.ends) == 0
    assert free_at([whole], whole.ends) == NOON + HOUR + LEAST_SECONDS
    assert left_of_hour([whole], NOON + HOUR + LEAST_SECONDS) == LEAST_SECONDS
    assert free_at([], NOON) == NOON


def test_a_mute_that_a_wrong_clock_put_into_the_future_silences_nothing_now() -> None:
    ahead = Mute(officer=1, begins=NOON + 60, ends=NOON + 120)

    assert mute_at([ahead], NOON) is None
    assert mute_at([ahead], NOON + 60) == ahead
    assert mute_at([ahead], NOON + 120) is None


def test_the_report_counts_how_often_and_for_how_long_within_the_watch() -> None:
    found = figures(
        (), (), muted=((NOON - 60, NOON + 60), (NOON + 90, NOON + 90)), begins=NOON, ends=NOON + HOUR
    )

    assert (found.mutes, found.muted) == (1, 60)


# ---- What is asked for, and what ends it


@pytest.fixture(name="chen")
def fixture_chen(db: None) -> int:
    number = officer("Chen")
    actions.take_watch(taking(), now=NOON)
    return number


def mute(person: int, *, minutes: int = 15, phone: Fallback | None = PHONE, now: int = NOON) -> Mute:
    return actions.mute_desk(person, seconds=minutes * 60, stand_in=phone, now=now)


def lasting(now: int) -> Mute | None:
    return mute_at(queries.mutes(since=now), now)


def test_it_ends_by_itself_and_is_in_the_journal(chen: int) -> None:
    assert mute(chen).ends == NOON + MUTE_SECONDS

    assert lasting(NOON + MUTE_SECONDS - 1) is not None
    assert lasting(NOON + MUTE_SECONDS) is None
    assert JournalEntry.objects.get(act="watch.muted").officer_id == chen


def test_it_cannot_be_chained(chen: int) -> None:
    mute(chen, minutes=10)
    assert mute(chen, now=NOON + 600).ends == NOON + 600 + 300

    with pytest.raises(actions.MutedEnoughError) as refused:
        mute(chen, now=NOON + 900)
    assert refused.value.free_at == NOON + HOUR + LEAST_SECONDS

    assert actions.sound_again(chen, now=NOON + 899)


def test_without_a_phone_or_without_the_watch_there_is_none(chen: int) -> None:
    wang = officer("Wang")

    with pytest.raises(actions.NoPhoneError):
        mute(chen, phone=None)
    with pytest.raises(actions.NotHeldError):
        mute(wang)

    assert queries.mutes(since=0) == ()


def test_another_officer_ends_it_and_nothing_is_ended_twice(chen: int) -> None:
    wang = officer("Wang")
    mute(chen)

    assert [actions.sound_again(wang, now=NOON + each) for each in (60, 61)] == [True, False]

    assert lasting(NOON + 60) is None
    assert JournalEntry.objects.get(act="watch.unmuted").officer_id == wang


@pytest.mark.parametrize("how", ["leave", "hand over", "relieve"])
def test_nobody_takes_over_a_silent_desk(chen: int, how: str) -> None:
    officer("Wang")
    outgoing = Secret(name="Chen", secret=SECRET)
    mute(chen)

    if how == "leave":
        actions.leave_watch(outgoing, now=NOON + 60)
    elif how == "relieve":
        actions.take_watch(taking("Wang"), relieves=True, now=NOON + 60)
    else:
        actions.hand_over(taking("Wang"), outgoing=outgoing, now=NOON + 60)

    assert lasting(NOON + 60) is None


# ---- Its page


@pytest.fixture(name="desk")
def fixture_desk(settings: Settings, tmp_path: Path, chen: int) -> Client:
    settings.HOME = make_home(tmp_path / "home", "a.example")
    return signed_in(find_officer("Chen"))


def press(client: Client, settings: Settings, phone: Fallback | None = PHONE, /, **fields: str) -> str:
    """Press the button of the page, and return its words; empty once it is done."""
    with core_that_answers(settings.HOME, stand_in=write_stand_in(phone)):
        answer = client.post(PATH, {"do": "mute", "minutes": "5"} | fields)
    return "" if answer.status_code == 302 else words(answer)


def test_the_page_names_the_phone_and_mutes_until_somebody_says_otherwise(
    desk: Client, settings: Settings
) -> None:
    with core_that_answers(settings.HOME, stand_in=write_stand_in(PHONE)):
        told = words(desk.get(PATH))

    assert "Rings instead: text message ••17" in told
    assert "Of 15 minutes in any hour, 15 are left." in told
    assert press(desk, settings) == ""
    found = lasting(clock.now())
    assert found is not None
    assert found.ends - found.begins == 300
    assert "Sound again" in words(desk.get(PATH))

    officer("Wang")
    assert press(signed_in(find_officer("Wang")), settings, do="sound") == ""
    assert lasting(clock.now()) is None


@pytest.mark.parametrize(
    ("phone", "fields", "said"),
    [
        (None, {}, "No phone of yours can be counted on to ring."),
        (PHONE, {"minutes": "60"}, "Choose for how long."),
        (PHONE, {"do": "everything"}, "Choose for how long."),
    ],
)
def test_what_stands_in_the_way_is_told_and_the_desk_goes_on_sounding(
    desk: Client, settings: Settings, phone: Fallback | None, fields: dict[str, str], said: str
) -> None:
    assert said in press(desk, settings, phone, **fields)

    assert queries.mutes(since=0) == ()


def test_only_whoever_has_the_watch_is_offered_it_and_core_that_is_away_means_no_phone(
    desk: Client, settings: Settings
) -> None:
    officer("Wang")
    wang = signed_in(find_officer("Wang"))

    assert "Chen has the watch: only that officer's screens can be muted." in words(wang.get(PATH))
    assert "You do not have the watch" in press(wang, settings)
    assert "No phone of yours can be counted on" in words(desk.get(PATH))


def test_a_viewer_mutes_nothing_and_ends_no_mute(desk: Client, settings: Settings, chen: int) -> None:
    officer("Guest", role=Role.VIEWER)
    guest = signed_in(find_officer("Guest"))
    mute(chen, now=clock.now())

    assert guest.post(PATH, {"do": "sound"}).status_code == 403
    assert lasting(clock.now()) is not None
