"""Curves: the axis as long as something was watched, limits where they hold, the period before beside it."""

from parley.protocol.officetime import read_limit
from parley.protocol.review.numbers import DAY, HOUR, Duration, Remaining, survival
from parley.review.views.drawing import HEIGHT, LEAST, WIDTH, drawing_of, limit_seconds

LIMITS = {urgency: read_limit(text) for urgency, text in (("U1", "2h"), ("U2", "1d"), ("U3", "26h"))}


def curve(*seconds: int) -> tuple[Remaining, ...]:
    return survival(Duration(seconds=each, is_over=True, place="A 1") for each in seconds).curve


def test_a_few_times_have_no_curve() -> None:
    assert drawing_of((), (), LIMITS) is None


def test_the_axis_ends_where_nothing_was_watched_any_longer_and_the_curve_falls_to_what_was_open() -> None:
    short, long = (drawing_of(curve(*times), (), {}) for times in ((HOUR, 2 * HOUR), (HOUR, 40 * DAY)))

    assert short is not None
    assert long is not None
    assert (len(short.steps), len(long.steps)) == (LEAST, 10)
    assert short.steps[0] == (WIDTH // LEAST, HEIGHT // 2)
    assert short.steps[-1][1] == HEIGHT
    assert [mark.share for mark in short.marks] == ["50.0", "0.0", "0.0", "0.0"]


def test_limits_stand_where_they_end_and_words_that_are_near_stand_apart() -> None:
    found = drawing_of(curve(HOUR, 40 * DAY), (), LIMITS)

    assert found is not None
    assert [tick.text for tick in found.limits] == ["U1", "U2", "U3"]
    first, second, third = found.limits
    assert 0 < first.x < second.x < third.x < WIDTH
    assert first.y == second.y > third.y


def test_a_limit_beyond_the_axis_is_not_drawn_and_equal_ones_share_a_line() -> None:
    limits = {urgency: read_limit(text) for urgency, text in (("U1", "2h"), ("U2", "2h"), ("U3", "90d"))}

    found = drawing_of(curve(HOUR, 2 * HOUR), (), limits)

    assert found is not None
    assert [tick.text for tick in found.limits] == ["U1 U2"]


def test_five_working_days_are_drawn_as_a_week() -> None:
    assert limit_seconds(read_limit("5wd")) == 7 * DAY
    assert limit_seconds(read_limit("3d")) == 3 * DAY
    assert limit_seconds(read_limit("90m")) == 90 * 60


def test_the_period_before_makes_the_axis_as_long_as_it_needs() -> None:
    found = drawing_of(curve(HOUR, 2 * HOUR), curve(HOUR, 40 * DAY), {})

    assert found is not None
    assert len(found.steps) == len(found.steps_before) == 10
    assert found.before.startswith("M0 0H")
    assert found.marks[0].before == "50.0"
