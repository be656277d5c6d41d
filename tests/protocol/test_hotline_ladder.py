"""Who is rung in a call, when, and what ends it. Spec §12.9, §12.10."""

import pytest

from parley.protocol.clauses import Rung
from parley.protocol.hotline.bell import Cause
from parley.protocol.hotline.codes import State
from parley.protocol.hotline.ladder import ends_at, is_one_sided
from tests.protocol.callers import Night, fields
from tests.protocol.world import DAY, HOUR, MINUTE, A, B

ALL = [rung.value for rung in Rung]


@pytest.mark.parametrize(
    ("urgency", "minutes", "rungs"),
    [
        ("U0", 0, 1),
        ("U0", 1, 2),
        ("U0", 2, 3),
        ("U0", 5, 4),
        ("U0", 14, 4),
        ("U0", 15, 5),
        ("U0", 45, 6),
        ("U0", 60 * 24 * 30, 6),
        ("U1", 1, 1),
        ("U1", 3, 2),
        ("U1", 45, 5),
        ("U1", 135, 6),
        ("U2", 60 * 24 * 30, 1),
        ("U3", 60 * 24 * 30, 1),
    ],
)
def test_the_ladder_climbs_by_silence_and_never_ends_by_itself(
    urgency: str, minutes: int, rungs: int
) -> None:
    night = Night()
    call = night.opens(urgency=urgency)
    night.world.wait(minutes * MINUTE)

    assert night.rungs(call, B) == ALL[:rungs]


def test_a_rung_is_rung_every_minute_and_each_stroke_is_one_thing_for_ever() -> None:
    night = Night()
    call = night.opens()
    night.world.wait(5 * MINUTE + 20)

    found = {each.rung: each for each in night.ringing(call, B)}

    assert [each.strokes for each in found.values()] == [6, 5, 4, 1]
    assert {each.next_at - night.world.now for each in found.values()} == {40}
    assert found[Rung.DIRECTOR].since == night.world.now - 20
    assert night.due(call) == night.world.now + 40


def test_the_ladder_runs_by_the_clock_of_the_side_that_is_rung() -> None:
    night = Night()
    night.world.b.skew = HOUR
    call = night.opens()

    assert night.rungs(call, B) == []
    night.world.wait(HOUR)
    assert night.rungs(call, B) == ALL[:1]


def test_nobody_is_rung_for_what_has_not_arrived_but_the_caller_is_told() -> None:
    night = Night()
    call = night.opens(heard=False)
    night.world.wait(10 * MINUTE)

    assert night.rungs(call, B) == []
    assert night.rungs(call, A) == ALL[:4]


def test_who_takes_the_call_ends_the_ringing_for_the_time_of_one_reading() -> None:
    night = Night()
    call = night.opens()
    night.world.wait(10 * MINUTE)
    night.takes(call)
    taken = night.rungs(call, B), night.rungs(call, A)
    night.world.wait(5 * MINUTE)

    assert taken == ([], [])
    assert (night.rungs(call, B), night.rungs(call, A)) == (ALL[:1], ALL[:1])
    assert {each.cause for each in night.ringing(call, B)} == {Cause.READ_BACK}


def test_a_wrong_reading_is_none() -> None:
    night = Night()
    call = night.opens()
    night.takes(call)
    night.reads_back(call, where="unknown")
    night.world.wait(5 * MINUTE)

    assert night.rungs(call, B) == ALL[:1]


def test_a_missed_promise_rings_on_both_sides_again() -> None:
    night = Night()
    call = night.talking()
    night.says(call, "holding", next_word=night.world.now + 20 * MINUTE)
    night.world.wait(20 * MINUTE - 1)
    before = night.rungs(call, A), night.rungs(call, B)
    night.world.wait(3 * MINUTE)

    assert before == ([], [])
    assert (night.rungs(call, A), night.rungs(call, B)) == (ALL[:3], ALL[:3])


def test_the_word_of_one_side_never_silences_the_other() -> None:
    night = Night()
    call = night.talking()
    night.says(call, "holding", next_word=night.world.now + MINUTE)
    night.world.wait(2 * MINUTE)
    night.takes(call, by=B)
    after_b = night.rungs(call, A), night.rungs(call, B)
    night.takes(call, by=A)
    after_a = night.rungs(call, A), night.rungs(call, B)

    assert after_b == (ALL[:2], [])
    assert after_a == ([], [])


def test_a_taking_buys_time_once_more_and_not_for_ever() -> None:
    night = Night()
    call = night.talking()
    night.says(call, "holding", next_word=night.world.now + MINUTE)
    night.world.wait(2 * MINUTE)
    night.takes(call, by=B)
    night.takes(call, by=A)
    night.world.wait(5 * MINUTE)
    for_b = night.rungs(call, A), night.rungs(call, B)
    night.world.wait(10 * MINUTE)

    assert for_b == ([], ALL[:1])
    assert night.rungs(call, A) == ALL[:1]


def test_a_reading_without_a_promise_is_followed_by_a_word() -> None:
    night = Night()
    call = night.talking()
    night.world.wait(15 * MINUTE)

    assert {each.cause for each in night.ringing(call, B)} == {Cause.WORD}


def test_whose_move_it_is_goes_from_side_to_side() -> None:
    night = Night()
    call = night.opens()
    owing = [night.call(call).owing]
    night.takes(call)
    night.reads_back(call)
    owing.append(night.call(call).owing)
    reply = night.says(call, "substantive", by=B)
    owing.append(night.call(call).owing)
    night.says(reply, "holding", by=A, next_word=night.world.now + HOUR)
    owing.append(night.call(call).owing)
    night.says(reply, "proposal", by=A)
    owing.append(night.call(call).owing)
    night.closes(call, by=B)
    owing.append(night.call(call).owing)

    assert owing == [{B}, {B}, {A}, {A}, {B}, set()]


def test_who_crossed_owes_on_both_sides() -> None:
    night = Night()
    call = night.talking()
    night.says(call, "substantive", by=B)
    seen = len(night.world.b.log)
    night.says(call, "question", by=B, heard=False)
    night.says(call, "question", by=A, heard=False, seen=seen)
    night.hears(A)
    night.hears(B)

    assert night.call(call).owing == {A, B}


def test_a_promise_into_the_far_future_is_none() -> None:
    night = Night()
    call = night.talking()
    night.says(call, "holding", next_word=2**53 - 1)
    night.world.wait(4 * HOUR)

    assert night.rungs(call, A) == ALL[:1]


def test_a_promise_for_the_past_rings_from_when_it_was_heard_and_not_up_to_the_minister() -> None:
    night = Night()
    call = night.talking()
    night.world.wait(10 * MINUTE)
    night.says(call, "holding", next_word=0)

    assert (night.rungs(call, A), night.rungs(call, B)) == (ALL[:1], ALL[:1])


def test_a_call_to_a_principal_rings_there_at_once_and_at_the_desk() -> None:
    night = Night()
    call = night.opens(to="minister", urgency="U2")

    assert night.rungs(call, B) == ["duty_desk", "minister"]


def test_a_principal_is_rung_until_that_office_itself_takes_the_call() -> None:
    night = Night()
    call = night.opens()
    night.world.wait(50 * MINUTE)
    night.takes(call)
    desk = night.rungs(call, B)
    night.takes(call, rung="vice_minister")
    vice = night.rungs(call, B)
    night.reads_back(call)
    night.says(call, "substantive")
    spoken = night.rungs(call, B)
    night.takes(call, rung="minister")

    assert desk == ["vice_minister", "minister"]
    assert (vice, spoken) == (["minister"], ["minister"])
    assert night.rungs(call, B) == []


def test_who_is_called_for_by_a_message_is_rung_at_once() -> None:
    night = Night()
    call = night.opens()
    night.says(call, "notification", by=A, to="director")
    rung = night.rungs(call, B)
    night.takes(call)

    assert rung == ["duty_desk", "director"]
    assert night.rungs(call, B) == []


def test_a_cancelled_call_rings_nowhere_and_a_declined_one_neither() -> None:
    night = Night()
    one, two = night.opens(to="minister"), night.opens(to="minister")
    night.world.wait(HOUR)
    night.closes(one, "cancelled", by=A)
    night.closes(two, "declined", by=B)
    night.world.wait(HOUR)

    assert [night.rungs(call, node) for call in (one, two) for node in (A, B)] == [[], [], [], []]


def test_a_word_after_the_closing_rings_who_has_left_at_once() -> None:
    night = Night()
    call = night.opens()
    night.closes(call, "declined", by=B)
    night.world.wait(HOUR)
    night.says(call, "notification", by=A)

    assert night.rungs(call, B) == ALL[:1]
    assert night.call(call).owing == {B}


def test_a_call_that_was_put_off_rings_again_when_its_time_has_come() -> None:
    night = Night()
    call = night.opens()
    night.closes(call, "deferred", by=B, at=night.world.now + DAY)
    night.world.wait(DAY - 1)
    before = night.rungs(call, A), night.rungs(call, B)
    night.world.wait(1)

    assert before == ([], [])
    assert (night.rungs(call, A), night.rungs(call, B)) == (ALL[:1], ALL[:1])
    night.closes(call, "technical_fault", by=A)
    assert (night.rungs(call, A), night.rungs(call, B)) == ([], [])


def test_a_closing_that_nobody_answers_ends_the_call_after_a_day_and_a_late_word_undoes_it() -> None:
    night = Night()
    call = night.talking()
    night.closes(call, by=B)
    end = ends_at(night.call(call))
    found = night.call(call)

    assert end == night.world.now + DAY
    assert night.due(call) == end
    assert (is_one_sided(found, end - 1), is_one_sided(found, end)) == (False, True)

    night.world.wait(2 * DAY)
    night.says(call, "question", by=A)
    assert night.call(call).state is State.READ_BACK
    assert not is_one_sided(night.call(call), night.world.now)


def test_nothing_is_due_in_a_closed_call() -> None:
    night = Night()
    call = night.talking()
    night.closes(call, by=A)
    night.closes(call, by=B)

    assert night.due(call) is None
    assert ends_at(night.call(call)) is None


@pytest.mark.parametrize(
    ("hole", "after", "rungs"),
    [
        ({Rung.DUTY_DESK}, 0, ["duty_phone"]),
        ({Rung.DUTY_DESK, Rung.DUTY_PHONE}, 0, ["second_officer"]),
        ({Rung.DUTY_PHONE}, 1, ["duty_desk", "second_officer"]),
        ({Rung.MINISTER}, 60, ALL[:5]),
        (set(Rung), 2, ALL[:3]),
        (set(Rung) - {Rung.MINISTER}, 0, ["minister"]),
    ],
)
def test_where_nobody_can_be_rung_the_next_is_rung_earlier(
    hole: set[Rung], after: int, rungs: list[str]
) -> None:
    night = Night()
    call = night.opens()
    night.world.wait(after * MINUTE)

    assert night.rungs(call, B, roster=set(Rung) - hole) == rungs


@pytest.mark.parametrize(
    ("hole", "rungs"),
    [
        ({Rung.VICE_MINISTER}, ["duty_desk", "minister"]),
        ({Rung.VICE_MINISTER, Rung.MINISTER}, ["duty_desk", "director"]),
        (set(Rung), ["duty_desk", "vice_minister"]),
    ],
)
def test_for_an_office_where_nobody_is_the_next_one_is_rung(hole: set[Rung], rungs: list[str]) -> None:
    night = Night()
    call = night.opens(to="vice_minister")

    assert night.rungs(call, B, roster=set(Rung) - hole) == rungs


def test_urgent_and_less_urgent_calls_wait_by_their_own_limits() -> None:
    night = Night()
    calls = {urgency: night.opens(urgency=urgency) for urgency in ("U0", "U2")}
    for call in calls.values():
        night.takes(call)
    night.world.wait(5 * MINUTE)

    assert {urgency: night.rungs(call, B) for urgency, call in calls.items()} == {"U0": ALL[:1], "U2": []}


def test_who_speaks_again_has_not_closed() -> None:
    night = Night()
    call = night.talking()
    night.closes(call, by=B)
    night.takes(call, by=B)

    assert night.call(call).state is State.READ_BACK
    assert night.call(call).stands == frozenset()


def test_reading_back_once_more_buys_no_time() -> None:
    night = Night()
    call = night.talking()
    night.world.wait(10 * MINUTE)
    night.reads_back(call)
    night.world.wait(5 * MINUTE)

    assert night.rungs(call, B) == ALL[:1]


def test_a_call_that_is_put_off_into_the_past_rings_from_now_on_and_not_up_to_the_minister() -> None:
    night = Night()
    call = night.opens()
    night.closes(call, "deferred", by=B, at=0)

    assert (night.rungs(call, A), night.rungs(call, B)) == (ALL[:1], ALL[:1])


def test_a_clarified_text_gives_the_time_of_another_reading() -> None:
    night = Night()
    call = night.opens()
    night.takes(call)
    night.world.wait(4 * MINUTE)
    night.says(call, "clarification", by=A, fields=fields(where="A"))
    night.world.wait(4 * MINUTE)
    before = night.rungs(call, B)
    night.world.wait(MINUTE)

    assert (before, night.rungs(call, B)) == ([], ALL[:1])


def test_the_time_for_an_answer_runs_from_when_the_call_was_read_back() -> None:
    night = Night()
    call = night.opens()
    night.world.wait(10 * MINUTE)
    night.takes(call)
    night.world.wait(4 * MINUTE)
    night.reads_back(call)
    night.world.wait(15 * MINUTE - 1)
    before = night.rungs(call, B)
    night.world.wait(1)

    assert (before, night.rungs(call, B)) == ([], ALL[:1])
