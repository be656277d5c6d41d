"""The clocks of an inquiry: what starts, stops, pauses and ends them. Spec §8.6, domain §4.2."""

import pytest

from parley.protocol.officetime import default_calendar
from parley.protocol.strictjson import JsonSource, JsonValue
from tests.protocol.world import DAY, HOUR, Statement, World, date_text, found, usual_terms

WANTS = ("mitigate", "preserve", "operator", "subscriber", "stop_payment")

# When each clock is due for U0 to U3, for an inquiry received on Monday 16 November at 10:00,
# in office hours, and for one received on Saturday 21 November at 20:00. Hours run on; a day
# ends at midnight and the first is not counted. U2 and U3 begin at the next opening.
MONDAY = """
acknowledge   11-16 10:30   11-16 12:00   11-18 00:00   11-24 00:00
admit         11-16 12:00   11-16 18:00   11-20 00:00   12-01 00:00
mitigate      11-16 14:00   11-16 22:00   11-17 10:00   11-19 10:00
preserve      11-16 14:00   11-17 10:00   11-20 00:00   11-24 00:00
evidence      11-20 00:00   11-24 00:00   12-17 00:00   02-15 00:00
subscriber    11-16 18:00   11-20 00:00   11-27 00:00   12-07 00:00
stop_payment  11-16 12:00   11-16 14:00   - -           - -
status        11-16 12:00   11-18 00:00   11-20 00:00   11-27 00:00
"""
SATURDAY = """
acknowledge   11-21 20:30   11-21 22:00   11-25 00:00   12-01 00:00
admit         11-21 22:00   11-22 04:00   11-27 00:00   12-08 00:00
mitigate      11-22 00:00   11-22 08:00   11-24 09:00   11-26 09:00
preserve      11-22 00:00   11-22 20:00   11-27 00:00   12-01 00:00
evidence      11-25 00:00   11-29 00:00   12-24 00:00   02-22 00:00
subscriber    11-22 04:00   11-25 00:00   12-04 00:00   12-14 00:00
stop_payment  11-21 22:00   11-22 00:00   - -           - -
status        11-21 22:00   11-23 00:00   11-27 00:00   12-04 00:00
"""


def rows(table: str) -> dict[str, list[str]]:
    lines = (line.split() for line in table.strip().splitlines())
    return {
        clock: [f"{day} {time}" for day, time in zip(rest[::2], rest[1::2], strict=True)]
        for clock, *rest in lines
    }


def dues(at: str) -> dict[str, list[str]]:
    """Return when each clock is due for each urgency, if an inquiry is received `at`."""
    found: dict[str, list[str]] = {clock: [] for clock in rows(MONDAY)}
    for urgency in ("U0", "U1", "U2", "U3"):
        world = World()
        world.at(at)
        inquiry = world.a.sends(urgency=urgency, wants=WANTS)
        world.a.says("status_asked", re=inquiry)
        world.b.says("received")
        state = world.inquiry(inquiry)
        timers = {timer.clock.value: timer for timer in (*state.timers, *state.items[0].timers)}
        for clock, cells in found.items():
            text = date_text(timers[clock].due_at) if clock in timers else None
            cells.append("- -" if text is None else text.removeprefix("2026-").removeprefix("2027-"))
    return found


@pytest.mark.parametrize(("at", "table"), [("2026-11-16 10:00", MONDAY), ("2026-11-21 20:00", SATURDAY)])
def test_every_clock_is_due_as_the_profile_says(at: str, table: str) -> None:
    assert dues(at) == rows(table)


# ---- the start


def asked(urgency: str = "U1", *wants: str) -> tuple[World, Statement]:
    """Return an inquiry that was sent and not yet received."""
    world = World()
    return world, world.a.sends(urgency=urgency, wants=wants or ("mitigate",))


def test_a_clock_starts_when_the_debtor_had_the_inquiry() -> None:
    world, inquiry = asked()
    before = world.timer(inquiry, "mitigate")
    world.wait(2 * HOUR)
    world.b.says("received")

    assert (before.phase.value, before.due_at) == ("not_started", None)
    assert world.timer(inquiry, "mitigate").started_at == world.now


def test_what_is_received_is_told_by_whatever_the_debtor_writes_next() -> None:
    world, inquiry = asked()
    world.wait(HOUR)
    world.b.says("inquiry.sent")
    world.wait(HOUR)
    world.b.says("received")

    assert world.timer(inquiry, "mitigate").started_at == world.now - HOUR


def test_a_statement_that_had_not_seen_the_inquiry_starts_nothing() -> None:
    world, inquiry = asked()
    world.b.says("inquiry.sent", seen=1)

    assert world.timer(inquiry, "mitigate").started_at is None


def test_clocks_run_on_the_debtors_own_time() -> None:
    world, inquiry = asked()
    world.b.skew, world.a.skew = 3 * HOUR, -5 * HOUR
    world.b.says("received")
    world.a.says("received")
    world.wait(HOUR)
    world.b.says("answered", re=inquiry)

    timer = world.timer(inquiry, "mitigate")

    assert timer.started_at == world.now + 2 * HOUR
    assert timer.stop is not None
    assert timer.stop[0] == world.now + 3 * HOUR


def test_a_clock_that_goes_back_stands_still() -> None:
    world, inquiry = asked()
    world.b.says("received")
    begun = world.now
    world.b.skew = -DAY
    answered = world.b.says("answered", re=inquiry)

    assert world.timer(inquiry, "mitigate").stop == (begun, answered.id)


def test_the_debtors_calendar_counts_and_not_the_creditors() -> None:
    east: dict[str, JsonValue] = {**default_calendar(offset_minutes=480), "closed": ["2026-11-18"]}
    for letter, due in (("a", "2026-11-18 00:00"), ("b", "2026-11-18 16:00")):
        world = World(terms=usual_terms(**{letter: east}))
        inquiry = world.a.sends(urgency="U2")
        world.b.says("received")

        # 10:00 UTC is 18:00 in the east: the next opening is on the 17th, and the 18th is closed.
        expected = due if letter == "a" else "2026-11-19 16:00"
        assert world.due(inquiry, "acknowledge") == expected


def test_both_directions_have_their_own_debtor() -> None:
    closed: dict[str, JsonValue] = {**default_calendar(), "closed": ["2026-11-17"]}
    world = World(terms=usual_terms(a=closed))
    ours, theirs = world.a.sends(urgency="U2"), world.b.sends(urgency="U2")
    world.b.says("received")
    world.a.says("received")

    assert world.due(ours, "acknowledge") == "2026-11-18 00:00"
    assert world.due(theirs, "acknowledge") == "2026-11-19 00:00"


def test_an_inquiry_keeps_the_terms_under_which_it_was_sent() -> None:
    world, inquiry = asked("U2")
    closed: dict[str, JsonValue] = {**default_calendar(), "closed": ["2026-11-17"]}
    world.terms = usual_terms(b=closed)
    world.a.opens()
    world.b.opens()
    later = world.a.sends(urgency="U2")
    world.b.says("received")

    assert world.due(inquiry, "acknowledge") == "2026-11-18 00:00"
    assert world.due(later, "acknowledge") == "2026-11-19 00:00"


# ---- the stop


def test_an_answer_at_the_last_second_is_in_time_and_one_later_is_late() -> None:
    for late, phase in ((0, "met"), (1, "missed")):
        world, inquiry = asked()
        world.b.says("received")
        world.wait(12 * HOUR + late)
        world.b.says("answered", re=inquiry)

        assert world.timer(inquiry, "mitigate").phase.value == phase


def test_a_clock_that_nobody_stopped_is_running_however_late() -> None:
    world, inquiry = asked()
    world.b.says("received")
    world.wait(100 * DAY)
    world.b.says("received")

    assert world.timer(inquiry, "mitigate").phase.value == "running"


@pytest.mark.parametrize("kind", ["admitted", "conditioned", "postponed", "referred", "answered", "refused"])
def test_any_decision_at_the_gate_stops_the_clock_for_admitting(kind: str) -> None:
    world, inquiry = asked()
    world.b.says("acknowledged", re=inquiry)
    before = world.timer(inquiry, "admit").stop
    statement = world.b.says(kind, re=inquiry)

    assert before is None
    assert world.timer(inquiry, "admit").stop == (world.now, statement.id)


def test_a_return_only_pauses_the_clock_for_admitting() -> None:
    world, inquiry = asked()
    world.b.says("received")
    returned = world.b.says("returned", re=inquiry)
    paused = world.timer(inquiry, "admit")
    world.wait(DAY)
    world.a.says("supplied", re=returned)
    world.b.says("received")

    assert (paused.phase.value, paused.left) == ("paused", 8 * HOUR)
    assert world.timer(inquiry, "admit").due_at == world.now + 8 * HOUR


def test_the_clock_for_acknowledging_never_pauses() -> None:
    world, inquiry = asked()
    world.b.says("received")
    returned = world.b.says("returned", re=inquiry)

    assert world.timer(inquiry, "acknowledge").stop == (world.now, returned.id)
    assert world.timer(inquiry, "acknowledge").pauses == ()


def test_a_refusal_stops_all_clocks_of_the_item() -> None:
    world, inquiry = asked("U1", *WANTS)
    world.b.says("received")
    refused = world.b.says("refused", re=inquiry)

    assert {timer.stop for timer in world.item(inquiry).timers} == {(world.now, refused.id)}


def test_a_withdrawal_ends_the_clocks_that_still_run() -> None:
    world, inquiry = asked("U1", "mitigate", "operator")
    world.b.says("received")
    world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    world.a.says("withdrawn", re=inquiry)

    phases = {timer.clock.value: timer.phase.value for timer in world.item(inquiry).timers}

    assert phases == {"admit": "met", "mitigate": "met", "evidence": "ended"}


def test_a_withdrawal_of_everything_ends_the_clock_for_acknowledging() -> None:
    world = World()
    inquiry = world.a.sends(count=2)
    world.b.says("received")
    world.a.says("withdrawn", re=inquiry, items=[0])
    half = world.timer(inquiry, "acknowledge").phase.value
    world.a.says("withdrawn", re=inquiry, items=[1])

    assert (half, world.timer(inquiry, "acknowledge").phase.value) == ("running", "ended")


def test_each_item_has_its_own_clocks() -> None:
    world = World()
    inquiry = world.a.sends(count=2, urgency="U1", wants=("mitigate",))
    world.b.says("received")
    world.b.says("returned", re=inquiry, items=[0])
    world.b.says("answered", re=inquiry, findings=[found("no_data", 1)])

    assert world.timer(inquiry, "mitigate", 0).phase.value == "paused"
    assert world.timer(inquiry, "mitigate", 1).phase.value == "met"


def test_items_of_one_inquiry_may_want_different_things() -> None:
    world = World()
    groups: list[JsonSource] = [
        {"count": 1, "type": "phishing_site", "wants": ["mitigate", "confirm"]},
        {"count": 2, "type": "information", "wants": ["subscriber"]},
    ]
    inquiry = world.a.says("inquiry.sent", groups=groups)
    clocks = [[timer.clock.value for timer in item.timers] for item in world.inquiry(inquiry).items]

    assert clocks == [["admit", "mitigate", "evidence"], ["admit", "subscriber"], ["admit", "subscriber"]]
    assert [item.type.value for item in world.inquiry(inquiry).items] == [
        "phishing_site",
        "information",
        "information",
    ]


# ---- pauses


def test_a_pause_begins_with_the_return_and_ends_when_the_supplement_is_received() -> None:
    world, inquiry = asked()
    world.b.says("received")
    world.wait(HOUR)
    returned_at = world.now
    returned = world.b.says("returned", re=inquiry)
    world.wait(10 * HOUR)
    world.a.says("supplied", re=returned)
    world.wait(10 * HOUR)
    world.b.says("received")

    timer = world.timer(inquiry, "mitigate")

    assert timer.pauses == ((returned_at, world.now),)
    assert timer.due_at == world.now + 11 * HOUR


def test_overlapping_pauses_are_one() -> None:
    world, inquiry = asked()
    world.b.says("received")
    begun = world.now
    postponed = world.b.says("postponed", re=inquiry, until=begun + 5 * HOUR)
    world.a.says("agreed", re=postponed)
    world.wait(HOUR)
    returned = world.b.says("returned", re=inquiry)
    world.wait(7 * HOUR)
    world.a.says("supplied", re=returned)
    world.b.says("received")

    assert world.timer(inquiry, "mitigate").pauses == ((begun, begun + 8 * HOUR),)
    assert world.timer(inquiry, "mitigate").due_at == begun + 20 * HOUR


def test_a_pause_within_another_changes_nothing() -> None:
    world, inquiry = asked()
    world.b.says("received")
    begun = world.now
    world.a.says("agreed", re=world.b.says("postponed", re=inquiry, until=begun + 9 * HOUR))
    world.wait(HOUR)
    returned = world.b.says("returned", re=inquiry)
    world.wait(HOUR)
    world.a.says("supplied", re=returned)
    world.b.says("received")

    assert world.timer(inquiry, "mitigate").pauses == ((begun, begun + 9 * HOUR),)


def test_a_pause_that_begins_after_the_limit_lapsed_does_not_excuse() -> None:
    world, inquiry = asked()
    world.b.says("received")
    due = world.now + 12 * HOUR
    world.wait(13 * HOUR)
    returned = world.b.says("returned", re=inquiry)
    world.wait(DAY)
    world.a.says("supplied", re=returned)
    world.b.says("answered", re=inquiry)

    assert (world.timer(inquiry, "mitigate").due_at, world.timer(inquiry, "mitigate").phase.value) == (
        due,
        "missed",
    )


def test_a_pause_after_the_stop_is_passed_over() -> None:
    world, inquiry = asked("U1", "mitigate", "operator")
    world.b.says("received")
    due = world.due(inquiry, "mitigate")
    world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    world.wait(HOUR)
    returned = world.b.says("returned", re=inquiry)
    world.wait(HOUR)
    world.a.says("supplied", re=returned)
    world.b.says("received")

    assert (world.timer(inquiry, "mitigate").pauses, world.due(inquiry, "mitigate")) == ((), due)
    assert world.timer(inquiry, "evidence").pauses == ((world.now - HOUR, world.now),)


def test_an_answer_out_of_a_pause_is_in_time() -> None:
    world, inquiry = asked()
    world.b.says("received")
    world.b.says("returned", re=inquiry)
    world.wait(9 * DAY)
    world.b.says("answered", re=inquiry)

    assert world.timer(inquiry, "mitigate").phase.value == "met"
