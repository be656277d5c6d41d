"""A side that signs with a valid key and means no good: what it tries in a call, and what comes of it.

Floods are told of in `test_hotline_weight.py`. Spec §12.
"""

import pytest

from parley.protocol.hotline.codes import State
from parley.protocol.strictjson import JsonSource
from tests.protocol.callers import Night, fields, lines, minuted
from tests.protocol.world import DAY, HOUR, MINUTE, A, B

LAST: int = 2**53 - 1
"""The last instant that an act can name."""


def test_a_word_promised_for_the_last_of_all_days_is_missed_when_the_clauses_say() -> None:
    night = Night()
    call = night.talking()
    night.says(call, "holding", next_word=LAST)
    night.world.wait(4 * HOUR - 1)
    before = night.rungs(call, A), night.rungs(call, B)

    night.world.wait(1)

    assert before == ([], [])
    assert night.rungs(call, A)
    assert night.rungs(call, B)


def test_who_defers_a_call_for_ever_is_rung_again_by_the_next_word() -> None:
    night = Night()
    call = night.opens()
    night.closes(call, "deferred", by=B, at=LAST)
    quiet = night.rungs(call, B)

    night.says(call, "question", by=A)
    night.world.wait(6 * MINUTE)

    assert quiet == []
    assert "duty_phone" in night.rungs(call, B)
    assert night.rungs(call, A)


def test_a_call_deferred_for_ever_is_over_when_its_caller_ends_it() -> None:
    night = Night()
    call = night.opens()
    night.closes(call, "deferred", by=B, at=LAST)

    night.closes(call, "cancelled", by=A)

    assert night.call(call).state is State.CLOSED
    assert night.due(call) is None


def test_a_clock_that_is_years_ahead_delays_nobody_of_the_other_side() -> None:
    night = Night()
    call = night.opens()
    night.world.b.skew = 300 * 365 * DAY
    night.takes(call)
    night.says(call, "holding", next_word=LAST)

    night.world.wait(4 * HOUR + MINUTE)

    assert "duty_phone" in night.rungs(call, A)


@pytest.mark.parametrize("ending", ["answered", "cancelled", "not_reached"])
def test_the_called_side_closes_no_call_that_it_did_not_take_by_an_ending_that_is_not_its_own(
    ending: str,
) -> None:
    night = Night()
    call = night.opens()

    closed = night.closes(call, ending, by=B)

    assert night.verdict(closed) in {"void:wrong-state", "void:not-writer"}
    assert night.rungs(call, B) == ["duty_desk"]


def test_nobody_says_in_the_name_of_a_call_what_answers_another() -> None:
    night = Night()
    one, two = night.talking(), night.talking()
    minute = night.writes("call.minuted", A, minuted(night.world.now, night.world.now), re=one)

    read = night.writes("call.read_back", B, {"lines": lines()}, re=minute)
    stray = night.writes("call.read_back", B, {"fields": fields()}, re=minute)

    assert night.verdict(read) == "valid"
    assert night.verdict(stray) == "void:no-target"
    assert night.call(one).readings[-1].of == minute.id
    assert all(each.of != minute.id for each in night.call(two).readings)


def test_who_speaks_of_a_call_before_it_has_it_is_not_heard() -> None:
    night = Night()
    call = night.opens(heard=False)

    blind = night.says(call, "question", by=B, seen=1)
    taken = night.writes("call.taken", B, {"rung": "minister"}, re=call, seen=1)

    assert [night.verdict(each) for each in (blind, taken)] == ["void:no-target"] * 2
    assert night.call(call).reached is None


def test_who_presses_a_rung_over_and_over_rings_it_since_the_first_time() -> None:
    night = Night()
    call = night.talking()
    night.says(call, "question", by=B, to="director")
    since = next(each.since for each in night.ringing(call, A) if each.rung.value == "director")
    for _ in range(5):
        night.world.wait(10)
        night.says(call, "question", by=B, to="director")

    again = next(each.since for each in night.ringing(call, A) if each.rung.value == "director")

    assert again == since


def test_a_side_that_closes_and_speaks_in_turn_is_owed_nothing_for_it_and_rings_by_its_last_word() -> None:
    night = Night()
    call = night.talking()
    for _ in range(3):
        night.closes(call, "technical_fault", by=B)
        night.says(call, "notification", by=B)

    found = night.call(call)

    assert found.stands == frozenset()
    assert found.owing == {A}


def test_an_old_view_of_the_record_takes_back_no_reading_and_no_closing_of_the_other_side() -> None:
    night = Night()
    call = night.talking()
    seen = len(night.world.a.log)
    night.closes(call, by=A)

    night.says(call, "question", by=B, seen=seen)
    night.hears(A)

    assert night.call(call).stands == frozenset()
    assert night.call(call).owing == {A}


@pytest.mark.parametrize(
    "d",
    [
        {"sort": "holding", "next_word": -1},
        {"sort": "clarification", "fields": {**fields(), "ask": ["block"] * 2}},
        {"sort": "question", "to": "everybody"},
        {"sort": "question", "text": "x" * 10_000},
        {"sort": "joint_start", "at": None},
    ],
    ids=["before the first day", "asks twice", "no rung", "one field more", "no instant"],
)
def test_what_no_message_can_say_is_without_effect(d: dict[str, JsonSource]) -> None:
    night = Night()
    call = night.talking()
    before = night.call(call)

    said = night.writes("call.said", A, d, re=call)

    assert night.verdict(said).startswith("void:")
    assert night.call(call).messages == before.messages
