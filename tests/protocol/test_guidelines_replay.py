"""What another text would have done to a period: who would have been late, and who no longer. Spec §16.8."""

from parley.protocol.guidelines.replay import Effect, replay
from parley.protocol.guidelines.text import Guideline
from parley.protocol.inquiries.codes import Clock
from parley.protocol.strictjson import JsonValue
from parley.protocol.terms import read_terms
from tests.protocol.counted import bygones_of
from tests.protocol.guided import Table, guided_terms, text_of
from tests.protocol.stops import resume, suspend
from tests.protocol.world import DAY, HOUR, MINUTE, World, date_text, found, moment

# A: closed for a week in October, with the Saturday before and after made up. B: a holiday in November, and a
# clock that goes back an hour in between. Both have a weekend, and other hours.
HOLIDAYS_A: dict[str, JsonValue] = {
    "offsets": [[0, 480]],
    "weeks": [
        {"since": "1970-01-01", "hours": [[9 * 60, 12 * 60], [13 * 60 + 30, 17 * 60]], "weekend": [5, 6]}
    ],
    "closed": [f"2026-10-{day:02}" for day in range(1, 8)],
    "made_up": ["2026-09-26", "2026-10-10"],
}
HOLIDAYS_B: dict[str, JsonValue] = {
    "offsets": [[0, -300], [moment("2026-03-08 07:00"), -240], [moment("2026-11-01 06:00"), -300]],
    "weeks": [{"since": "1970-01-01", "hours": [[9 * 60, 17 * 60]], "weekend": [5, 6]}],
    "closed": ["2026-10-12", "2026-11-26"],
    "made_up": [],
}
PLAIN = guided_terms(a=HOLIDAYS_A, b=HOLIDAYS_B)


def early() -> World:
    """Return a link that was opened before all the holidays."""
    world = World(terms=PLAIN, is_open=False)
    world.at("2026-09-01 08:00")
    world.a.opens()
    world.b.opens()
    return world


def effects(world: World, terms: str) -> dict[tuple[str, Clock], Effect]:
    """Return what terms would have done to all inquiries of a world."""
    return {(each.asked, each.clock): each for each in replay(bygones_of(world), read_terms(terms))}


def acknowledged(world: World, *, sent: str, after: int, by_a: bool = True, urgency: str = "U3") -> None:
    """Have an inquiry sent, received at once, and acknowledged after so many seconds."""
    asker, asked = (world.a, world.b) if by_a else (world.b, world.a)
    world.at(sent)
    inquiry = asker.sends(urgency=urgency)
    asked.says("received")
    world.wait(after)
    asked.says("acknowledged", re=inquiry)


def test_a_shorter_limit_would_have_made_late_what_was_in_time() -> None:
    world = early()
    acknowledged(world, sent="2026-11-16 15:00", after=2 * HOUR, urgency="U1")
    acknowledged(world, sent="2026-11-17 15:00", after=20 * MINUTE, urgency="U1")

    effect = effects(world, PLAIN.replace('"U0":"30m","U1":"2h"', '"U0":"30m","U1":"30m"'))[
        "b.example", Clock.ACKNOWLEDGE
    ]

    assert (effect.ran, effect.late) == (2, ())
    assert effect.newly_late == ("A 1",)


def test_a_longer_limit_forgives_what_was_late() -> None:
    world = early()
    acknowledged(world, sent="2026-11-16 15:00", after=3 * HOUR, urgency="U1")

    effect = effects(world, PLAIN.replace('"U0":"30m","U1":"2h"', '"U0":"30m","U1":"4h"'))[
        "b.example", Clock.ACKNOWLEDGE
    ]

    assert effect.no_longer_late == effect.late == ("A 1",)


def test_the_same_terms_change_nothing() -> None:
    world = early()
    acknowledged(world, sent="2026-10-02 02:00", after=30 * DAY, by_a=False)
    acknowledged(world, sent="2026-11-02 15:00", after=9 * DAY)

    assert all(each.late == each.would_be_late for each in effects(world, PLAIN).values())
    assert [each.late for each in effects(world, PLAIN).values() if each.clock is Clock.ACKNOWLEDGE] == [
        ("B 1",),
        ("A 3",),
    ]


def test_both_sides_holidays_made_up_days_and_a_change_of_clocks_are_crossed() -> None:
    world = early()
    # Five working days of A from Tuesday 29 September: Wednesday 30; then a week off; Thursday 8, Friday 9,
    # Saturday 10, which is made up, and Monday 12 October: until 24:00 there, which is 16:00 UTC.
    acknowledged(world, sent="2026-09-29 02:00", after=DAY, by_a=False)
    # Five working days of B from Friday 23 October, over the change of clocks on 1 November, and Saturdays
    # and Sundays: until 24:00 on Friday 30, which is 04:00 UTC, still by the summer clock.
    acknowledged(world, sent="2026-10-23 15:00", after=DAY)
    # From Monday 26 October a day later each: Monday 2 November, which ends at 05:00 UTC, by the other clock.
    acknowledged(world, sent="2026-10-26 15:00", after=DAY)
    ten = PLAIN.replace('"U2":"1wd","U3":"5wd"', '"U2":"1wd","U3":"10wd"')

    before = [date_text(each.inquiry.timers[0].due_at) for each in bygones_of(world)]
    after = [date_text(each.under(read_terms(ten)).timers[0].due_at) for each in bygones_of(world)]

    # In the order of the logs: those of A first.
    assert before == ["2026-10-31 04:00", "2026-11-03 05:00", "2026-10-12 16:00"]
    assert after == ["2026-11-07 05:00", "2026-11-10 05:00", "2026-10-19 16:00"]


def test_who_answers_on_the_day_before_the_holidays_end_would_be_late_without_them() -> None:
    world = early()
    # Thursday 8 October: five working days later by a calendar without holidays was Tuesday 6.
    acknowledged(world, sent="2026-09-29 02:00", after=9 * DAY, by_a=False)
    working: dict[str, JsonValue] = {**HOLIDAYS_A, "closed": [], "made_up": []}

    effect = effects(world, guided_terms(a=working, b=HOLIDAYS_B))["a.example", Clock.ACKNOWLEDGE]

    assert effect.newly_late == ("B 1",)


def test_an_hour_of_the_clock_decides() -> None:
    world = early()
    # A day of B ends an hour later by UTC once its clock went back: 04:30 UTC on 3 November is in time by it.
    acknowledged(world, sent="2026-10-26 15:00", after=7 * DAY + 13 * HOUR + 30 * MINUTE)
    summer: dict[str, JsonValue] = {**HOLIDAYS_B, "offsets": [[0, -240]]}

    effect = effects(world, guided_terms(a=HOLIDAYS_A, b=summer))["b.example", Clock.ACKNOWLEDGE]

    assert (effect.late, effect.newly_late) == ((), ("A 1",))


def test_what_is_open_is_late_by_the_clock_of_who_owes_it() -> None:
    world = early()
    world.at("2026-11-16 15:00")
    world.a.sends(urgency="U1", wants=["mitigate"])
    world.b.says("received")
    world.wait(10 * HOUR)
    world.b.says("received")

    effect = effects(
        world, PLAIN.replace('"mitigate":{"U0":"4h","U1":"12h"', '"mitigate":{"U0":"4h","U1":"8h"')
    )

    assert effect["b.example", Clock.MITIGATE].newly_late == ("A 1",)
    assert effect["b.example", Clock.ACKNOWLEDGE].late == ("A 1",)


def test_items_of_one_inquiry_are_named_apart() -> None:
    world = early()
    world.at("2026-11-16 15:00")
    inquiry = world.a.sends(urgency="U1", wants=["mitigate"], count=3)
    world.b.says("received")
    world.b.says("answered", re=inquiry, findings=[found("mitigated", 1)])
    world.wait(DAY)
    world.b.says("answered", re=inquiry, findings=[found("mitigated", 0, 2)])

    effect = effects(world, PLAIN)["b.example", Clock.MITIGATE]

    assert effect.late == ("A 1/0", "A 1/2")


def test_a_suspension_stands_still_by_what_the_other_terms_leave_open() -> None:
    world = early()
    world.at("2026-11-16 15:00")
    inquiry = world.a.sends(urgency="U0")
    world.b.says("received")
    stop = suspend(world.b)
    world.wait(DAY)
    resume(world.b, stop)
    world.b.says("acknowledged", re=inquiry)
    closed = PLAIN.replace('["preservation","safety_of_life","hotline"]', '["preservation","hotline"]')

    effect = effects(world, closed)["b.example", Clock.ACKNOWLEDGE]

    assert effect.no_longer_late == ("A 1",)


def test_what_would_have_been_is_told_before_a_text_is_signed() -> None:
    table = Table(early())
    acknowledged(table.world, sent="2026-11-16 15:00", after=2 * HOUR, urgency="U1")
    text: Guideline = text_of(PLAIN.replace('"U0":"30m","U1":"2h"', '"U0":"30m","U1":"30m"'))
    draft = table.drafts(text)

    effect = replay(bygones_of(table.world), text.terms)[0]

    assert table.verdict(draft) == "valid"
    assert effect.newly_late == ("A 1",)
