"""Times: whole ones are read to the second, others are refused with what they lack."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.gates.table.translate import Choices, Reason, Result, SheetError, Site, read_moment, read_zone
from tests.gates.table.sheets import AT, reasons, row_of, timed_row

WHOLE = (
    "2026-11-02T09:10:00+08:00",
    "2026-11-02T09:10+0800",
    "2026-11-02 09:10:00.250 +08:00",
    "2026-11-02T01:10Z",
    "2026-11-02 01:10 UTC",
    "2026-11-02 09:10 (UTC+8)",
    "2026-11-01 20:10 GMT-5",
    "20261102T011000Z",
    "2 Nov 2026 0110Z",
    "Mon, 02 Nov 2026 09:10:00 +0800",
    "November 2, 2026 9:10 AM +08:00",
    "2026年11月2日 09:10 东八区",
    "2026年11月2日上午9时10分 UTC+8",
    "2026年11月2日 星期一 上午9:10 +08:00",
    "２０２６－１１－０２　０９：１０＋０８：００",
    "2026/11/2 9:10 +8",
    "2026.11.2 9:10:00 +08:00",
    "1793581800",
)
LACKING = {
    "2026-11-02 09:10": {Reason.TIME_WITHOUT_ZONE},
    "2026年11月2日 09:10": {Reason.TIME_WITHOUT_ZONE},
    "20261102091000": {Reason.TIME_WITHOUT_ZONE},
    "11/2 09:10": {Reason.TIME_WITHOUT_YEAR, Reason.TIME_WITHOUT_ZONE},
    "11月2日 09:10 +08:00": {Reason.TIME_WITHOUT_YEAR},
    "11/2/2026 09:10 +08:00": {Reason.TIME_ORDER_UNCLEAR},
    "26-11-02 09:10 +08:00": {Reason.TIME_ORDER_UNCLEAR},
    "2026-11-02": {Reason.TIME_WITHOUT_CLOCK},
    "2026年11月2日": {Reason.TIME_WITHOUT_CLOCK},
    "2026-11-02 09:10 CST": {Reason.ZONE_NOT_READ},
    "2026-11-02 09:10 +19:00": {Reason.ZONE_NOT_READ},
    "2026-02-30 09:10Z": {Reason.TIME_NOT_READ},
    "2026-11-02 25:10Z": {Reason.TIME_NOT_READ},
    "2026-11-02 09:60Z": {Reason.TIME_NOT_READ},
    "2026-11-02 晚上12点 +08:00": {Reason.TIME_NOT_READ},
    "1899-12-30 00:00Z": {Reason.TIME_NOT_READ},
    "46328.38": {Reason.TIME_NOT_READ},
    "1793581800000": {Reason.TIME_NOT_READ},
    "yesterday": {Reason.TIME_NOT_READ},
    "09:10": {Reason.TIME_NOT_READ},
    "2026-11-02 09:10Z " + "x" * 200: {Reason.TIME_NOT_READ},
}
ZONES = {
    "Z": 0,
    "utc": 0,
    "+08:00": 480,
    "+8": 480,
    "UTC+8": 480,
    "（GMT+05:30）": 330,
    "-0330": -210,
    "−5": -300,
    "东八区": 480,
    "西十一区": -660,
    "CST": None,
    "+08:60": None,
    "+15": None,
    "8": None,
    "": None,
}


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_time_is_read_in_every_notation(text: str) -> None:
    assert read_moment(text, zone=None).at == AT


@pytest.mark.parametrize("text", LACKING)
def test_what_a_time_lacks_is_named(text: str) -> None:
    assert reasons(timed_row(text)) == tuple(read_moment(text, zone=None).lacks)
    assert set(reasons(timed_row(text))) == LACKING[text]


@pytest.mark.parametrize("text", ZONES)
def test_a_zone_is_minutes_east_of_utc_or_nothing(text: str) -> None:
    assert read_zone(text) == ZONES[text]


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("上午0:30", 0),
        ("中午12点半", 12),
        ("中午1:30", 13),
        ("下午3时30分", 15),
        ("晚上11:30", 23),
        ("凌晨12:30", 0),
    ],
)
def test_the_half_of_the_day_counts(text: str, hour: int) -> None:
    moment = read_moment(f"2026-11-02 {text} +00:00", zone=None)

    assert moment == read_moment(f"2026-11-02 {hour:02}:30Z", zone=None)


def test_a_day_that_can_only_be_read_one_way_is_read() -> None:
    assert read_moment("27/09/2026 0610Z", zone=None) == read_moment("2026-09-27 06:10Z", zone=None)
    assert read_moment("9/27/2026 0610Z", zone=None) == read_moment("2026-09-27 06:10Z", zone=None)
    assert read_moment("11/11/2026 0610Z", zone=None) == read_moment("2026-11-11 06:10Z", zone=None)


def test_a_time_without_a_zone_is_refused_with_the_option_that_mends_it() -> None:
    row = timed_row("2026年11月2日 09:10")

    assert row.result is Result.NEEDS
    assert row.remark is not None
    assert row.remark.text == "2026年11月2日 09:10"
    assert row.remark.fixes == ("--zone +08:00",)


def test_the_zone_that_is_proposed_is_the_offices_own() -> None:
    row = timed_row("2026-11-02 09:10", choices=Choices(zone_hint="-05:00"))

    assert row.remark is not None
    assert row.remark.fixes == ("--zone -05:00",)


def test_the_zone_that_the_officer_gives_is_taken_for_times_without_one() -> None:
    row = timed_row("2026-11-02 09:10", choices=Choices(zone="+08:00"))

    assert isinstance(row.item, Site)
    assert row.item.observed_at == AT


def test_a_zone_in_the_cell_counts_before_the_officers() -> None:
    row = timed_row("2026-11-02 01:10Z", choices=Choices(zone="+08:00"))

    assert isinstance(row.item, Site)
    assert row.item.observed_at == AT


def test_unix_seconds_have_no_zone_to_contradict() -> None:
    row = row_of(f"http://one.example/,Bank One,{AT},+08:00", header="url,bank,time,zone")

    assert isinstance(row.item, Site)
    assert row.item.observed_at == AT


def test_a_time_that_is_still_to_come_needs_a_person() -> None:
    choices = Choices(now=AT - 301)

    assert reasons(timed_row(str(AT), choices=choices)) == (Reason.TIME_IN_FUTURE,)
    assert timed_row(str(AT), choices=Choices(now=AT - 300)).result is Result.OK


def test_a_row_without_a_time_takes_the_one_that_is_given_for_all() -> None:
    assert timed_row("").remark is not None
    row = timed_row("", choices=Choices(observed_at="2026-11-02 09:10", zone="+08:00"))

    assert isinstance(row.item, Site)
    assert row.item.observed_at == AT


@pytest.mark.parametrize("choices", [Choices(zone="CST"), Choices(observed_at="2026-11-02 09:10")])
def test_an_option_that_cannot_be_read_stops_everything(choices: Choices) -> None:
    with pytest.raises(SheetError, match="choice_not_read"):
        timed_row("2026-11-02 09:10", choices=choices)


@given(
    when=st.datetimes(min_value=datetime(2001, 1, 1), max_value=datetime(2099, 1, 1)),  # noqa: DTZ001  the zone is drawn beside it
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_what_iso_8601_writes_is_read_to_the_second(when: datetime, minutes: int) -> None:
    moment = when.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    assert read_moment(moment.isoformat(), zone=None).at == int(moment.timestamp())


@given(st.text(max_size=60), st.none() | st.integers(-840, 840))
def test_any_text_is_a_moment_or_lacks_something(text: str, zone: int | None) -> None:
    moment = read_moment(text, zone=zone)

    assert (moment.at is None) == bool(moment.lacks)
