"""A desk in a terminal: what it says, when it sounds, and when it says that it is blind."""

from dataclasses import replace

from parley.cli.desk.panel import BLIND_SECONDS, SETTLED_SECONDS, Panel
from parley.watch.beats import AlarmRow, Beat, Fallback
from parley.watch.policy import Channel, WatchState

NOW = 1_793_610_000
QUIET = Beat(
    seq=1,
    now=NOW,
    world="live",
    watch=WatchState.WATCHED,
    on_watch=4,
    fallback=Fallback(channel=Channel.SMS, ending="17", proved_at=NOW),
    alarms=(),
)
CALL = AlarmRow(
    link="a-b",
    call="A" * 43,
    place="A hot 3",
    nature="real",
    urgency="U0",
    cause="take",
    rung="duty_desk",
    since=NOW,
    next_rung="duty_phone",
    next_at=NOW + 60,
    is_ours=False,
)
RINGS = replace(QUIET, alarms=(CALL,))


def heard(panel: Panel, beat: Beat, at: float) -> list[str]:
    return list(panel.hear(beat, at))


def test_a_call_is_told_when_it_begins_when_it_climbs_and_when_it_ends_and_not_in_between() -> None:
    panel = Panel(0)
    heard(panel, QUIET, 1)
    climbed = replace(RINGS, alarms=(replace(CALL, rung="duty_phone", next_rung=None, next_at=None),))

    told = [heard(panel, beat, 2) for beat in (RINGS, RINGS, climbed, climbed, QUIET)]

    assert [len(lines) for lines in told] == [1, 0, 1, 0, 1]
    assert "REAL" in told[0][0]
    assert "1:00" in told[0][0]
    assert "rings no more" in told[-1][0]


def test_what_is_real_sounds_every_four_seconds_and_a_test_seldom() -> None:
    real, tried = Panel(0), Panel(0)
    heard(real, RINGS, 0)
    heard(tried, replace(RINGS, alarms=(replace(CALL, nature="test"),)), 0)

    assert [real.sounds(at) for at in (0, 1, 3.9, 4, 8)] == [True, False, False, True, True]
    assert [tried.sounds(at) for at in (0, 4, 29, 30)] == [True, False, False, True]


def test_a_quiet_desk_makes_no_sound_and_the_next_call_sounds_at_once() -> None:
    panel = Panel(0)
    heard(panel, RINGS, 0)
    first = panel.sounds(0)
    heard(panel, QUIET, 1)
    quiet = panel.sounds(1)
    heard(panel, RINGS, 2)

    assert [first, quiet, panel.sounds(2)] == [True, False, True]


def test_without_core_the_desk_is_blind_after_fifteen_seconds_sounds_and_takes_nothing() -> None:
    panel = Panel(0)
    heard(panel, RINGS, 10)
    before = [*panel.miss(10 + BLIND_SECONDS - 1)]
    blind = [*panel.miss(10 + BLIND_SECONDS)]

    assert before == []
    assert "BLIND" in blind[0]
    assert "17" in blind[1]
    assert [*panel.miss(60)] == []
    assert panel.worst is None
    assert panel.sounds(60)


def test_a_desk_that_core_never_answered_is_blind_too() -> None:
    panel = Panel(0)

    assert "BLIND" in next(panel.miss(BLIND_SECONDS))


def test_when_core_answers_again_it_is_said_for_how_long_it_did_not() -> None:
    panel = Panel(0)
    heard(panel, QUIET, 10)
    list(panel.miss(40))

    assert "40 s" in heard(panel, RINGS, 50)[0]
    assert panel.worst == CALL


def test_a_key_as_another_call_becomes_the_worst_or_pressed_twice_takes_neither() -> None:
    panel = Panel(0)
    worse = replace(CALL, call="B" * 43)
    heard(panel, QUIET, 9)
    heard(panel, RINGS, 10)
    early, meant = panel.is_settled(10.1), panel.is_settled(10 + SETTLED_SECONDS)
    twice = panel.is_settled(10.1 + SETTLED_SECONDS)
    heard(panel, replace(RINGS, alarms=(worse, CALL)), 20)

    assert [early, meant, twice] == [False, True, False]
    assert panel.worst == worse
    assert [panel.is_settled(20.1), panel.is_settled(21)] == [False, True]


def test_one_key_takes_no_call_that_only_a_principal_s_office_can_end_before_another() -> None:
    panel = Panel(0)
    office = replace(CALL, call="B" * 43, cause="own_rung", rung="vice_minister")

    heard(panel, replace(RINGS, alarms=(office, CALL)), 10)

    assert panel.worst == CALL
    assert (office.awaits_principal, CALL.awaits_principal) == (True, False)
    assert not replace(office, rung="second_officer").awaits_principal
    assert not replace(office, cause="take").awaits_principal


def test_one_key_takes_what_waits_to_be_taken_and_no_call_of_ours_before_it() -> None:
    panel = Panel(0)
    ours, late = replace(CALL, is_ours=True), replace(CALL, cause="word")
    waiting = replace(CALL, call="B" * 43, urgency="U1")

    heard(panel, replace(RINGS, alarms=(ours, late, waiting)), 10)
    found = panel.worst
    heard(panel, replace(RINGS, alarms=(late,)), 20)

    assert [found, panel.worst] == [waiting, late]
