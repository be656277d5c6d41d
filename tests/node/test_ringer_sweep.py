"""What should ring against what rang: each stroke once, through crashes, floods and dead phones."""

from dataclasses import replace

from parley.gates.pager.ring import CallClass, Reason
from parley.node.sweep import RUNG_AT_ONCE
from tests.node.desks import House
from tests.protocol.callers import TEST_FIELDS, Night
from tests.protocol.world import MINUTE, A, B


def test_whoever_is_due_is_rung_once_a_minute_however_often_it_is_swept() -> None:
    night = Night()
    house = House(night)
    call = night.opens()

    for _ in range(90):
        house.sweeps(call)
        night.world.wait(2)

    assert house.rung == [4, 4, 5]


def test_after_a_crash_what_is_due_rings_at_once_and_nothing_twice() -> None:
    night = Night()
    house = House(night)
    call = night.opens()
    night.world.wait(MINUTE)
    house.sweeps(call)

    house.starts()
    house.sweeps(call)
    night.world.wait(10 * MINUTE)
    house.starts()
    house.sweeps(call)

    assert house.rung == [4, 4, 5, 6]


def test_a_call_that_is_taken_rings_nobody_any_more() -> None:
    night = Night()
    house = House(night)
    call = night.opens()
    night.world.wait(2 * MINUTE)
    house.sweeps(call)

    night.takes(call)
    alarms = house.sweeps(call)

    assert alarms == ()
    assert sorted(house.phones.ended) == sorted(house.phones.known)


def test_taken_and_not_read_back_it_rings_again_and_says_so_u_05() -> None:
    night = Night()
    house = House(night)
    call = night.opens()
    night.takes(call)
    night.world.wait(5 * MINUTE + 1)

    (alarm,) = house.sweeps(call)
    night.world.wait(MINUTE)
    house.sweeps(call)

    assert alarm.cause == "read_back"
    assert {ring.reason for ring in house.phones.known.values()} == {Reason.AGAIN}


def test_a_promise_that_passed_rings_on_both_sides_u_05() -> None:
    night = Night()
    called, caller = House(night), House(night, node="a.example")
    call = night.talking()
    night.says(call, "holding", next_word=night.world.now + 10 * MINUTE)
    quiet = called.sweeps(call), caller.sweeps(call)
    night.world.wait(10 * MINUTE + 1)

    found = called.sweeps(call), caller.sweeps(call)

    assert quiet == ((), ())
    assert [[each.cause for each in alarms] for alarms in found] == [["word"], ["word"]]


def test_no_report_of_a_carrier_ends_the_ringing_u_04() -> None:
    night = Night()
    house = House(night)
    call = night.opens()
    for outcome in (False, True, False):
        night.world.wait(MINUTE)
        house.sweeps(call)
        for key in tuple(house.phones.known):
            house.sweep.told(key, is_lost=outcome)

        assert house.sweeps(call)

    assert house.phones.ended == []


def test_a_lost_ring_makes_the_next_rung_earlier_and_a_taken_one_later_again() -> None:
    night = Night()
    house = House(night)
    call = night.opens(urgency="U1")
    night.world.wait(3 * MINUTE)
    house.sweeps(call)

    house.sweep.told(next(iter(house.phones.known)), is_lost=True)
    house.sweeps(call)

    assert house.rung == [4, 5]


def test_a_person_at_two_rungs_is_rung_once_a_stroke() -> None:
    night = Night()
    house = House(night)
    found = house.hands()
    call = night.opens()
    night.world.wait(2 * MINUTE)
    both = type(found)(persons=dict.fromkeys(found.persons, (4,)), sure=found.sure)

    house.sweep.sweep(house.open_calls(call), both, night.world.now)

    assert house.rung == [4]


def test_a_flood_of_calls_rings_a_person_for_the_worst_few() -> None:
    night = Night()
    house = House(night)
    calls = [night.opens(urgency="U1") for _ in range(9)]
    worst = night.opens()
    night.world.wait(3 * MINUTE)

    alarms = house.sweeps(*calls, worst)

    at_desk = [ring for ring in house.phones.known.values() if ring.person == 4]
    assert len(alarms) == 10
    assert len(at_desk) == RUNG_AT_ONCE
    assert at_desk[0].urgency == alarms[0].urgency == "U0"


def test_a_call_that_is_withdrawn_and_opened_again_and_again_is_no_siege_of_a_phone() -> None:
    night = Night()
    house = House(night, is_watched=False)
    for _ in range(20):
        call = night.opens(urgency="U1")
        night.world.wait(2)
        alarms = house.sweeps(call)
        night.closes(call, "cancelled", by=A)
        house.sweeps(call)
        night.world.wait(1)
        assert alarms, "screens show every one of them"
    besieged = house.rung.count(4)
    worst = night.opens()
    house.sweeps(worst)

    assert besieged == RUNG_AT_ONCE
    assert house.rung.count(4) == RUNG_AT_ONCE + 1, "what is worse rings at once"


def test_what_was_withdrawn_keeps_nobody_from_being_rung_for_longer_than_a_minute() -> None:
    night = Night()
    house = House(night, is_watched=False)
    for _ in range(RUNG_AT_ONCE):
        call = night.opens()
        house.sweeps(call)
        night.closes(call, "cancelled", by=A)
        house.sweeps(call)
    meant = night.opens()
    house.sweeps(meant)
    before = house.rung.count(4)
    night.world.wait(MINUTE)

    house.sweeps(meant)

    assert before == RUNG_AT_ONCE
    assert house.rung.count(4) == RUNG_AT_ONCE + 1


def test_a_clock_that_was_an_hour_ahead_keeps_nobody_from_being_rung() -> None:
    night = Night()
    house = House(night, is_watched=False)
    opened = [house.open_calls(night.opens()) for _ in range(RUNG_AT_ONCE)]
    now = night.world.now
    for each in opened:
        house.sweep.sweep(each, house.hands(), now + 3600)
        house.sweep.sweep((), house.hands(), now + 3600)
    house.phones.known.clear()

    house.sweeps(night.opens())

    assert house.rung == [4]


def test_a_call_that_cannot_be_worked_out_any_more_rings_on_as_it_did_and_silences_no_other() -> None:
    night = Night()
    house = House(night, is_watched=False)
    (torn,) = house.open_calls(night.opens())
    house.sweep.sweep([torn], house.hands(), night.world.now)
    night.world.wait(MINUTE)
    (other,) = house.open_calls(night.opens(urgency="U1"))

    torn = replace(torn, call=replace(torn.call, bells={}))
    alarms = house.sweep.sweep([torn, other], house.hands(), night.world.now)

    assert [each.call for each in alarms] == [torn.name, other.name]
    assert house.rung.count(4) == 3


def test_strokes_stay_on_time_however_long_it_rings() -> None:
    night = Night()
    house = House(night)
    opened, hands, begins = house.open_calls(night.opens()), house.hands(), night.world.now

    for place in range(70 * 30):
        house.sweep.sweep(opened, hands, begins + 2 * place + place // 20)

    strokes = [int(key.split("/")[4]) for key, ring in house.phones.known.items() if ring.person == 4]
    assert strokes == [*range(1, len(strokes) + 1)]
    assert len(strokes) > 60


def test_a_test_is_rung_as_a_test_and_stands_behind_what_is_meant() -> None:
    night = Night()
    house = House(night)
    tried = night.opens(nature="test", scope=None, fields=TEST_FIELDS)
    meant = night.opens(urgency="U1")
    night.world.wait(3 * MINUTE)

    alarms = house.sweeps(tried, meant)

    classes = {ring.urgency: ring.call_class for ring in house.phones.known.values()}
    assert [each.nature for each in alarms] == ["real", "test"]
    assert classes == {"U0": CallClass.TEST, "U1": CallClass.REAL}


def test_without_a_pager_the_screens_ring_alone() -> None:
    night = Night()
    house = House(night)
    call = night.opens()
    night.world.wait(2 * MINUTE)
    sweep = type(house.sweep)(B, lambda: None)

    (alarm,) = sweep.sweep(house.open_calls(call), house.hands(), night.world.now)

    assert alarm.rung == "second_officer"
    assert house.rung == []


def test_a_call_that_cannot_be_worked_out_silences_no_other() -> None:
    night = Night()
    house = House(night)
    broken, sound = house.open_calls(night.opens(), night.opens())
    no_bells = replace(broken, call=replace(broken.call, bells={}))

    alarms = house.sweep.sweep([no_bells, sound], house.hands(), night.world.now)

    assert [each.place for each in alarms] == [sound.place]
