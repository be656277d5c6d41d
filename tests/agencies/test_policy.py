"""The waits after wrong secrets, and who may act."""

from hypothesis import given
from hypothesis import strategies as st

from parley.agencies.policy import LONGEST_WAIT, Role, may_act, seconds_to_wait


def test_the_first_four_failures_cost_nothing() -> None:
    assert [seconds_to_wait(failures) for failures in range(5)] == [0] * 5


def test_the_waits_double_up_to_an_hour() -> None:
    waits = [seconds_to_wait(failures) for failures in range(5, 13)]

    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]


@given(failures=st.integers(min_value=0, max_value=2**31))
def test_no_wait_is_ever_shorter_than_the_one_before_nor_longer_than_an_hour(failures: int) -> None:
    assert seconds_to_wait(failures) <= seconds_to_wait(failures + 1) <= LONGEST_WAIT


def test_a_viewer_may_not_act() -> None:
    assert may_act(Role.OFFICER)
    assert not may_act(Role.VIEWER)
