"""One side's days and hours, and the limits that run on them. Spec §7.4, §8.6."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol.breach import BreachError
from parley.protocol.officetime import (
    Calendar,
    Pauses,
    Run,
    Unit,
    default_calendar,
    read_calendar,
    read_limit,
    run_limit,
)
from parley.protocol.strictjson import JsonValue
from tests.protocol.world import DAY, HOUR, MINUTE, date_text, moment


def calendar(**more: JsonValue) -> Calendar:
    """Return the default calendar, but for what the test says."""
    return read_calendar({**default_calendar(), **more})


PLAIN = calendar()
# Two hours east in winter, three from the last Sunday of March to the last of October, 01:00 UTC.
SUMMER: list[JsonValue] = [
    [0, 120],
    [moment("2026-03-29 01:00"), 180],
    [moment("2026-10-25 01:00"), 120],
]


def run(
    limit: str, start: str, *pauses: tuple[str, str | None], waits: bool = True, on: Calendar = PLAIN
) -> Run:
    """Return where a limit stands."""
    spans: Pauses = tuple((moment(since), None if to is None else moment(to)) for since, to in pauses)
    return run_limit(read_limit(limit), on, start=moment(start), pauses=spans, waits=waits)


def due(
    limit: str, start: str, *pauses: tuple[str, str | None], waits: bool = True, on: Calendar = PLAIN
) -> str | None:
    """Return when it is due."""
    return date_text(run(limit, start, *pauses, waits=waits, on=on).due_at)


DAYS: dict[str, JsonValue] = {"hours": [[540, 1020]], "weekend": []}


# ---- limits


@pytest.mark.parametrize(
    ("text", "amount", "unit"), [("30m", 30, Unit.MINUTES), ("2h", 2, Unit.HOURS), ("3d", 3, Unit.DAYS)]
)
def test_a_limit_is_an_amount_and_what_it_counts(text: str, amount: int, unit: Unit) -> None:
    limit = read_limit(text)

    assert (limit.amount, limit.unit, limit.text) == (amount, unit, text)


@pytest.mark.parametrize(
    "text", ["", "0h", "05m", "5", "wd", "5 wd", "5WD", "-1h", "10000d", "1.5h", "5wd\n", "\u0665d", "1w"]
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(BreachError, match=r"^§7[.]3"):
        read_limit(text)


# ---- calendars


@pytest.mark.parametrize(
    "change",
    [
        {"offsets": []},
        {"offsets": [[1, 0]]},
        {"offsets": [[0, 18 * 60 + 1]]},
        {"offsets": [[0, 0], [10 * DAY, 60], [9 * DAY, 0]]},
        {"offsets": [[0, 0], [10 * DAY, 60], [12 * DAY, 0]]},
        {"offsets": [[0, 0], [2**53, 60]]},
        {"offsets": [[0, True]]},
        {"offsets": [[0]]},
        {"weeks": []},
        {"weeks": [{"since": "1970-01-01", "hours": [], "weekend": []}]},
        {"weeks": [{"since": "1970-01-01", "hours": [[600, 600]], "weekend": []}]},
        {"weeks": [{"since": "1970-01-01", "hours": [[600, 700], [650, 800]], "weekend": []}]},
        {"weeks": [{"since": "1970-01-01", "hours": [[0, 1441]], "weekend": []}]},
        {"weeks": [{"since": "1970-01-01", "hours": [[540, 1020]], "weekend": [5, 5]}]},
        {"weeks": [{"since": "1970-01-01", "hours": [[540, 1020]], "weekend": [True]}]},
        {"weeks": [{"since": "1970-01-01", "hours": [[540, 1020]], "weekend": [0, 1, 2, 3, 4, 5, 6]}]},
        {"weeks": [{"since": "1970-01-01", "hours": [[540, 1020]], "weekend": [7]}]},
        {"weeks": [{"since": "1970-01-01", "hours": [[540, 1020]]}]},
        {"weeks": [{"since": "2026-02-01", **DAYS}, {"since": "2026-01-01", **DAYS}]},
        {"closed": ["2026-02-30"]},
        {"closed": ["2026-1-1"]},
        {"closed": ["2026-01-02", "2026-01-01"]},
        {"closed": ["2026-01-01", "2026-01-01"]},
        {"closed": [20260101]},
        {"made_up": "2026-01-01"},
        {"holidays": []},
    ],
)
def test_a_calendar_that_is_not_in_its_form_is_refused(change: Mapping[str, JsonValue]) -> None:
    with pytest.raises(BreachError, match=r"^§7[.]4"):
        read_calendar({**default_calendar(), **change})


def test_a_day_begins_at_the_sides_own_midnight() -> None:
    east = calendar(offsets=[[0, 480]])

    assert east.day(moment("2026-11-16 15:59")) == date(2026, 11, 16).toordinal()
    assert east.day(moment("2026-11-16 16:00")) == date(2026, 11, 17).toordinal()
    assert east.instant(date(2026, 11, 17).toordinal()) == moment("2026-11-16 16:00")


def test_a_skipped_hour_is_the_moment_of_the_change() -> None:
    summer, day = calendar(offsets=SUMMER), date(2026, 3, 29).toordinal()

    assert date_text(summer.instant(day, 2 * 60 + 59)) == "2026-03-29 00:59"
    assert date_text(summer.instant(day, 3 * 60)) == "2026-03-29 01:00"
    assert date_text(summer.instant(day, 3 * 60 + 30)) == "2026-03-29 01:00"
    assert date_text(summer.instant(day, 4 * 60)) == "2026-03-29 01:00"
    assert date_text(summer.instant(day, 5 * 60)) == "2026-03-29 02:00"


def test_of_a_repeated_hour_the_first_one_counts() -> None:
    summer, day = calendar(offsets=SUMMER), date(2026, 10, 25).toordinal()

    assert date_text(summer.instant(day, 3 * 60)) == "2026-10-25 00:00"
    assert date_text(summer.instant(day, 3 * 60 + 59)) == "2026-10-25 00:59"
    assert date_text(summer.instant(day, 4 * 60)) == "2026-10-25 02:00"


def test_closed_beats_made_up_and_made_up_beats_the_weekend() -> None:
    days = calendar(closed=["2026-11-16", "2026-11-22"], made_up=["2026-11-21", "2026-11-22"])
    working = [days.is_working(date(2026, 11, day).toordinal()) for day in range(16, 24)]

    # Monday closed, Saturday made up, Sunday made up and yet closed.
    assert working == [False, True, True, True, True, True, False, True]


def test_a_new_week_holds_from_its_first_day() -> None:
    weeks: list[JsonValue] = [
        {"since": "2026-01-01", "hours": [[540, 1020]], "weekend": [5, 6]},
        {"since": "2026-11-18", "hours": [[480, 720], [780, 960]], "weekend": [4, 5]},
    ]
    days = calendar(weeks=weeks)

    assert days.is_working(date(2026, 11, 13).toordinal())
    assert not days.is_working(date(2026, 11, 20).toordinal())
    assert date_text(days.opening(moment("2026-11-17 17:00"))) == "2026-11-18 08:00"
    assert date_text(days.opening(moment("2026-11-18 12:30"))) == "2026-11-18 13:00"
    assert days.is_working(date(2025, 12, 31).toordinal()), "before the first week, the first one holds"


@pytest.mark.parametrize(
    ("instant", "opening"),
    [
        ("2026-11-16 08:59", "2026-11-16 09:00"),
        ("2026-11-16 09:00", "2026-11-16 09:00"),
        ("2026-11-16 12:34", "2026-11-16 12:34"),
        ("2026-11-16 16:59", "2026-11-16 16:59"),
        ("2026-11-16 17:00", "2026-11-17 09:00"),
        ("2026-11-20 17:00", "2026-11-23 09:00"),
        ("2026-11-21 12:00", "2026-11-23 09:00"),
    ],
)
def test_the_office_opens_next(instant: str, opening: str) -> None:
    assert date_text(PLAIN.opening(moment(instant))) == opening


def test_an_opening_that_a_clock_change_skips_is_none() -> None:
    weeks: list[JsonValue] = [{"since": "1970-01-01", "hours": [[190, 230], [600, 660]], "weekend": []}]
    night = calendar(offsets=SUMMER, weeks=weeks)

    assert date_text(night.opening(moment("2026-03-28 12:00"))) == "2026-03-29 07:00"


# ---- limits in hours


def test_hours_run_through_the_night() -> None:
    assert due("24h", "2026-11-16 10:00") == "2026-11-17 10:00"
    assert due("72h", "2026-11-20 16:00") == "2026-11-23 16:00"


def test_what_waits_begins_at_the_next_opening() -> None:
    assert due("24h", "2026-11-21 10:00") == "2026-11-24 09:00"
    assert due("24h", "2026-11-21 10:00", waits=False) == "2026-11-22 10:00"


def test_a_pause_in_hours_is_added() -> None:
    pauses = ("2026-11-16 11:00", "2026-11-16 15:00"), ("2026-11-17 09:00", "2026-11-17 10:00")

    assert due("24h", "2026-11-16 10:00", *pauses) == "2026-11-17 15:00"


def test_what_resumes_outside_office_hours_waits_for_the_opening() -> None:
    pause = ("2026-11-16 11:00", "2026-11-20 22:00")

    assert due("24h", "2026-11-16 10:00", pause) == "2026-11-24 08:00"
    assert due("24h", "2026-11-16 10:00", pause, waits=False) == "2026-11-21 21:00"


def test_a_pause_before_the_limit_has_begun_takes_nothing_from_it() -> None:
    pause = ("2026-11-21 11:00", "2026-11-21 12:00")

    assert due("24h", "2026-11-21 10:00", pause) == "2026-11-24 09:00"


def test_an_open_pause_shows_what_is_left() -> None:
    paused = run("24h", "2026-11-16 10:00", ("2026-11-16 16:00", None))

    assert paused == Run(due_at=None, paused_since=moment("2026-11-16 16:00"), left=18 * HOUR)


def test_a_pause_at_the_last_second_pauses_and_one_later_does_not() -> None:
    last = run("2h", "2026-11-16 10:00", ("2026-11-16 11:59", None))

    assert (last.due_at, last.left) == (None, MINUTE)
    assert due("2h", "2026-11-16 10:00", ("2026-11-16 12:00", None)) == "2026-11-16 12:00"
    assert due("2h", "2026-11-16 10:00", ("2026-11-18 12:00", "2026-11-19 12:00")) == "2026-11-16 12:00"


# ---- limits in days


def test_calendar_days_end_at_midnight_and_do_not_count_the_first() -> None:
    assert due("1d", "2026-11-16 10:00") == "2026-11-18 00:00"
    assert due("3d", "2026-11-20 10:00") == "2026-11-24 00:00"


def test_working_days_leave_out_weekends_and_holidays() -> None:
    holidays = calendar(closed=["2026-11-18", "2026-11-23"], made_up=["2026-11-21"])

    assert due("5wd", "2026-11-16 10:00") == "2026-11-24 00:00"
    # Tuesday, Thursday, Friday, the Saturday that is made up, and then Tuesday.
    assert due("4wd", "2026-11-16 10:00", on=holidays) == "2026-11-22 00:00"
    assert due("5wd", "2026-11-16 10:00", on=holidays) == "2026-11-25 00:00"


def test_days_are_those_of_the_sides_own_clock() -> None:
    east, west = calendar(offsets=[[0, 480]]), calendar(offsets=[[0, -300]])

    assert due("3d", "2026-11-16 23:00", waits=False, on=east) == "2026-11-20 16:00"
    assert due("3d", "2026-11-16 03:00", waits=False, on=west) == "2026-11-19 05:00"


def test_days_that_wait_begin_on_the_day_of_the_next_opening() -> None:
    assert due("1wd", "2026-11-20 17:00") == "2026-11-25 00:00"
    assert due("3d", "2026-11-20 17:00") == "2026-11-27 00:00"
    assert due("3d", "2026-11-20 17:00", waits=False) == "2026-11-24 00:00"


def test_a_pause_in_days_gives_back_the_days_that_were_left() -> None:
    # Due on the 26th; six days are left after the 20th; resumed on the 24th.
    pause = ("2026-11-20 10:00", "2026-11-24 10:00")

    assert due("10d", "2026-11-16 10:00", pause) == "2026-12-01 00:00"
    assert due("10d", "2026-11-16 10:00", ("2026-11-20 10:00", None)) is None
    assert run("10d", "2026-11-16 10:00", ("2026-11-20 10:00", None)).left == 6


def test_a_pause_in_working_days_counts_working_days() -> None:
    # Due on Monday the 23rd; three working days are left after Wednesday.
    pause = ("2026-11-18 10:00", "2026-11-27 10:00")

    assert due("5wd", "2026-11-16 10:00", pause) == "2026-12-03 00:00"
    assert run("5wd", "2026-11-16 10:00", ("2026-11-18 10:00", None)).left == 3


def test_a_pause_within_one_day_moves_nothing() -> None:
    assert due("5wd", "2026-11-16 10:00", ("2026-11-17 10:00", "2026-11-17 16:00")) == "2026-11-24 00:00"


def test_a_pause_on_the_last_day_leaves_the_day_on_which_it_ends() -> None:
    last = "2026-11-18 23:59"

    assert due("2d", "2026-11-16 10:00", (last, "2026-11-25 10:00")) == "2026-11-26 00:00"
    assert due("2wd", "2026-11-16 10:00", (last, "2026-11-27 18:00")) == "2026-12-01 00:00"
    assert run("2d", "2026-11-16 10:00", (last, None)) == Run(due_at=None, paused_since=moment(last), left=0)


def test_a_pause_that_ends_on_a_day_off_leaves_the_next_working_day() -> None:
    pause = ("2026-11-18 12:00", "2026-11-21 12:00")

    assert due("2wd", "2026-11-16 10:00", pause, waits=False) == "2026-11-24 00:00"


def test_a_pause_before_the_first_day_takes_nothing_from_the_limit() -> None:
    over = ("2026-11-21 11:00", "2026-11-21 12:00")

    assert due("3d", "2026-11-21 10:00", over) == due("3d", "2026-11-21 10:00") == "2026-11-27 00:00"
    assert run("3d", "2026-11-21 10:00", ("2026-11-21 11:00", None)).left == 3


def test_a_pause_after_the_last_day_changes_nothing() -> None:
    assert due("2d", "2026-11-16 10:00", ("2026-11-19 00:00", None)) == "2026-11-19 00:00"


def test_a_day_of_twenty_five_hours_is_one_day() -> None:
    summer = calendar(offsets=SUMMER)

    assert due("1d", "2026-10-24 10:00", waits=False, on=summer) == "2026-10-25 22:00"
    assert due("1d", "2026-10-25 00:30", waits=False, on=summer) == "2026-10-26 22:00"
    assert due("1d", "2026-10-25 01:30", waits=False, on=summer) == "2026-10-26 22:00"
    assert due("24h", "2026-10-24 22:00", waits=False, on=summer) == "2026-10-25 22:00"


def test_a_day_of_twenty_three_hours_is_one_day() -> None:
    summer = calendar(offsets=SUMMER)

    assert due("1d", "2026-03-28 10:00", waits=False, on=summer) == "2026-03-29 21:00"


def test_a_midnight_that_comes_twice_ends_the_day_at_the_first() -> None:
    # At half past midnight the clock goes back by an hour, into the day before.
    back = calendar(offsets=[[0, 60], [moment("2026-10-24 23:30"), 0]])
    day = date(2026, 10, 24).toordinal()

    assert date_text(back.end_of(day)) == "2026-10-24 23:00"
    assert due("1d", "2026-10-24 23:45", waits=False, on=back) == "2026-10-26 00:00"
    pause = ("2026-10-24 23:20", "2026-10-24 23:45")
    assert due("1d", "2026-10-24 23:10", pause, waits=False, on=back) == "2026-10-27 00:00"


# ---- properties

INSTANTS = st.integers(moment("2026-01-01 00:00"), moment("2027-12-31 00:00"))
CALENDARS = st.sampled_from(
    [
        PLAIN,
        calendar(offsets=SUMMER),
        calendar(offsets=[[0, 480]], closed=["2026-10-01", "2026-10-02"], made_up=["2026-10-10"]),
        calendar(offsets=[[0, -570]]),
    ]
)
LIMITS = st.sampled_from(["30m", "2h", "72h", "1d", "3d", "30d", "1wd", "5wd", "10wd"])


@given(CALENDARS, INSTANTS)
def test_an_instant_lies_in_its_day(on: Calendar, instant: int) -> None:
    day = on.day(instant)

    assert on.instant(day) <= instant
    assert on.opening(instant) >= instant
    assert on.opening(on.opening(instant)) == on.opening(instant)


@given(CALENDARS, LIMITS, INSTANTS, st.integers(0, 90 * DAY), st.integers(0, 90 * DAY))
def test_a_pause_never_makes_a_limit_shorter(
    on: Calendar, text: str, start: int, before: int, length: int
) -> None:
    limit = read_limit(text)
    pause = (start + before, start + before + length)
    plain = run_limit(limit, on, start=start, pauses=(), waits=True).due_at
    paused = run_limit(limit, on, start=start, pauses=(pause,), waits=True).due_at

    assert plain is not None
    assert paused is not None
    assert start < plain <= paused
    if pause[0] >= plain:
        assert plain == paused


@given(CALENDARS, LIMITS, INSTANTS, st.integers(1, 30 * DAY))
def test_a_later_start_is_never_due_earlier(on: Calendar, text: str, start: int, later: int) -> None:
    limit = read_limit(text)
    one, two = (
        run_limit(limit, on, start=begin, pauses=(), waits=True).due_at for begin in (start, start + later)
    )

    assert one is not None
    assert two is not None
    assert one <= two
