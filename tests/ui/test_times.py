"""Instants and spans as people read them, in both languages, whatever number the other side writes."""

import pytest
from django.utils import translation

from parley.ui import times

SEPTEMBER = 1_790_586_840
"""Mon 28 Sep 2026 09:14Z."""
HUGE = 2**53 - 1


def test_zulu_has_its_month_in_letters_or_signs() -> None:
    assert times.zulu(SEPTEMBER) == "28 Sep 2026 09:14Z"
    with translation.override("zh-hans"):
        assert times.zulu(SEPTEMBER) == "2026年9月28日 09:14Z"


def test_what_is_planned_has_its_weekday() -> None:
    assert times.planned(SEPTEMBER) == "Mon 28 Sep 2026 09:14Z"
    with translation.override("zh-hans"):
        assert times.planned(SEPTEMBER) == "2026年9月28日（周一）09:14Z"


def test_what_both_sides_do_at_one_instant_is_told_to_the_second() -> None:
    told = (
        times.zulu(SEPTEMBER + 7, to=times.SECOND),
        times.planned(SEPTEMBER + 7, to=times.SECOND),
        times.local(SEPTEMBER + 7, offset=480, to=times.SECOND),
    )

    assert told == ("28 Sep 2026 09:14:07Z", "Mon 28 Sep 2026 09:14:07Z", "Mon 28 Sep 2026 17:14:07 (UTC+8)")
    with translation.override("zh-hans"):
        assert times.planned(SEPTEMBER + 7, to=times.SECOND) == "2026年9月28日（周一）09:14:07Z"


@pytest.mark.parametrize(
    ("offset", "english", "chinese"),
    [
        (0, "Mon 28 Sep 2026 09:14 (UTC+0)", "2026年9月28日（周一）09:14 UTC+0"),
        (480, "Mon 28 Sep 2026 17:14 (UTC+8)", "2026年9月28日（周一）17:14 UTC+8"),
        (-240, "Mon 28 Sep 2026 05:14 (UTC-4)", "2026年9月28日（周一）05:14 UTC-4"),
        (-570, "Sun 27 Sep 2026 23:44 (UTC-9:30)", "2026年9月27日（周日）23:44 UTC-9:30"),
        (345, "Mon 28 Sep 2026 14:59 (UTC+5:45)", "2026年9月28日（周一）14:59 UTC+5:45"),
        (18 * 60, "Tue 29 Sep 2026 03:14 (UTC+18)", "2026年9月29日（周二）03:14 UTC+18"),
    ],
)
def test_a_side_reads_its_own_clock_with_weekday_and_offset(offset: int, english: str, chinese: str) -> None:
    assert times.local(SEPTEMBER, offset=offset) == english
    with translation.override("zh-hans"):
        assert times.local(SEPTEMBER, offset=offset) == chinese


def test_a_clock_on_the_wall_needs_no_year() -> None:
    assert times.wall(SEPTEMBER, offset=480) == "Mon 28 Sep 17:14"
    with translation.override("zh-hans"):
        assert times.wall(SEPTEMBER, offset=480) == "9月28日 周一 17:14"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "UTC+0"), (330, "UTC+5:30"), (-210, "UTC-3:30"), (-30, "UTC-0:30"), (5, "UTC+0:05")],
)
def test_an_offset_is_never_an_abbreviation(minutes: int, text: str) -> None:
    assert times.offset_text(minutes) == text


def test_before_the_first_day_there_were_days_too() -> None:
    assert times.zulu(-1) == "31 Dec 1969 23:59Z"
    assert times.local(-62_135_596_800, offset=0) == "Mon 1 Jan 1 00:00 (UTC+0)"


@pytest.mark.parametrize("seconds", [HUGE, -HUGE, 10**30, -(10**30)])
def test_a_number_that_no_calendar_has_is_shown_as_it_is(seconds: int) -> None:
    assert times.zulu(seconds) == str(seconds)
    assert times.planned(seconds) == str(seconds)
    assert times.local(seconds, offset=-240) == str(seconds)
    assert times.wall(seconds, offset=480) == str(seconds)
    assert times.span(seconds)


@pytest.mark.parametrize("seconds", [-62_135_596_800, 253_402_300_799])
def test_the_last_day_of_the_calendar_may_be_no_day_elsewhere(seconds: int) -> None:
    for offset in (-240, 0, 480):
        assert times.local(seconds, offset=offset)


def test_what_is_not_known_is_a_dash() -> None:
    assert times.zulu(None) == times.local(None, offset=0) == times.planned(None) == "–"


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 s", "0秒"),
        (12, "12 s", "12秒"),
        (-12, "12 s", "12秒"),
        (61, "1 min 1 s", "1分钟1秒"),
        (60, "1 min", "1分钟"),
        (3_600, "1 h", "1小时"),
        (3_605, "1 h", "1小时"),
        (3_660, "1 h 1 min", "1小时1分钟"),
        (-86_399, "23 h 59 min", "23小时59分钟"),
        (86_400, "1 d", "1天"),
        (183_600, "2 d 3 h", "2天3小时"),
        (86_460, "1 d", "1天"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(seconds: int, english: str, chinese: str) -> None:
    assert times.span(seconds) == english
    with translation.override("zh-hans"):
        assert times.span(seconds) == chinese
