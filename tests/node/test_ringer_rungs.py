"""Which rungs ring here, and whom: the ladder of the record against our own roster and screens."""

import pytest

from parley.node.rungs import hands, rungs
from parley.protocol.clauses import Rung
from parley.watch.policy import DAY, Channel, Post, Roster, Shift
from tests.node.desks import House, person, roster
from tests.protocol.callers import Night
from tests.protocol.world import MINUTE, A, Statement


def rung(night: Night, house: House, call: Statement, *, failed: tuple[Rung, ...] = ()) -> list[str]:
    (found,) = house.open_calls(call)
    said = rungs(found.call, house.node, night.world.now, hands=house.hands(), failed=failed)
    return [each.rung.value for each in said.rung]


def test_at_a_watched_desk_a_call_rings_there_alone_at_first() -> None:
    night = Night()
    house = House(night)
    call = night.opens()

    assert rung(night, house, call) == ["duty_desk"]


def test_without_a_watched_screen_the_next_urgent_call_starts_at_the_phone_u_03() -> None:
    night = Night()
    house = House(night, is_watched=False)
    call = night.opens()

    assert rung(night, house, call) == ["duty_desk", "duty_phone"]


@pytest.mark.parametrize("urgency", ["U2", "U3"])
def test_what_is_not_urgent_rings_no_phone_whoever_watches(urgency: str) -> None:
    night = Night()
    house = House(night, is_watched=False)
    call = night.opens(urgency=urgency)
    night.world.wait(DAY)

    assert rung(night, house, call) == ["duty_desk"]


@pytest.mark.parametrize(
    ("missing", "minutes", "heir"), [(5, 2, "director"), (6, 5, "vice_minister"), (7, 15, "minister")]
)
def test_a_hole_in_the_roster_passes_its_time_on(missing: int, minutes: int, heir: str) -> None:
    night = Night()
    house = House(night, roster=roster(night.world.now, without=(missing,)))
    call = night.opens()
    night.world.wait(minutes * MINUTE)

    assert rung(night, house, call)[-1] == heir


def test_whose_proofs_lapsed_is_rung_all_the_same_and_the_next_besides() -> None:
    night = Night()
    house = House(night, roster=roster(night.world.now, unproved=(4,)))
    call = night.opens()
    night.world.wait(MINUTE)

    assert rung(night, house, call) == ["duty_desk", "duty_phone", "second_officer"]


def test_a_ring_that_no_machine_took_makes_the_next_rung_earlier() -> None:
    night = Night()
    house = House(night)
    call = night.opens()
    night.world.wait(MINUTE)

    assert rung(night, house, call) == ["duty_desk", "duty_phone"]
    assert rung(night, house, call, failed=(Rung.DUTY_PHONE,)) == [
        "duty_desk",
        "duty_phone",
        "second_officer",
    ]


def test_where_nobody_can_be_rung_the_whole_ladder_counts_as_if_somebody_could() -> None:
    night = Night()
    house = House(night, rings=frozenset(), is_watched=False)
    call = night.opens()
    night.world.wait(6 * MINUTE)

    assert rung(night, house, call) == ["duty_desk", "duty_phone", "second_officer", "director"]


def test_the_next_rung_is_told_with_its_instant() -> None:
    night = Night()
    house = House(night)
    call = night.opens()

    (alarm,) = house.sweeps(call)

    assert (alarm.rung, alarm.next_rung) == ("duty_desk", "duty_phone")
    assert alarm.next_at is not None
    assert alarm.next_at - alarm.since == MINUTE


def test_whoever_took_the_watch_is_rung_though_the_roster_names_another() -> None:
    night = Night()
    now = night.world.now
    people = (person(4, proved_at=now), person(9, proved_at=now))
    shift = Shift(number=1, post=Post.DESK, person=4, begins=now, ends=now + DAY)

    found = hands(
        Roster(persons=people, shifts=(shift,)), now, rings=lambda _: True, has_watch=9, is_watched=True
    )

    assert found.persons == {Rung.DUTY_PHONE: (4, 9)}
    assert found.sure == {Rung.DUTY_DESK, Rung.DUTY_PHONE}


def test_whom_no_provider_rings_is_at_no_rung() -> None:
    night = Night()
    house = House(night, rings=frozenset({Channel.PUSH}))

    assert house.hands().persons == {}


def test_the_caller_is_rung_too_when_the_other_side_stays_silent() -> None:
    night = Night()
    house = House(night, node=A)
    call = night.opens()
    night.world.wait(5 * MINUTE)

    (alarm,) = house.sweeps(call)

    assert alarm.is_ours
    assert alarm.cause == "take"
