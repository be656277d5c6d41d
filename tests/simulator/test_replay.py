"""A seed replays the same statements, verdicts and digests; the real suite has the same outcome."""

import pytest

from tests.simulator.play import play
from tests.simulator.schedule import numbered, schedule


@pytest.mark.parametrize("is_hostile", [False, True], ids=["honest", "hostile"])
def test_a_seed_replays_the_same_run_byte_for_byte(*, is_hostile: bool) -> None:
    for seed in range(8):
        chosen = schedule(numbered(seed, "replay ", is_hostile=is_hostile), is_hostile=is_hostile)
        one, two = (play(chosen) for _ in range(2))

        assert one.fault is None, one.schedule.text
        assert one.trace == two.trace
        assert one.digest == two.digest


def test_two_seeds_are_two_runs() -> None:
    assert play(schedule("one")).digest != play(schedule("two")).digest


@pytest.mark.parametrize("is_hostile", [False, True], ids=["honest", "hostile"])
def test_one_schedule_in_a_hundred_runs_the_real_suite_with_the_same_outcome(*, is_hostile: bool) -> None:
    chosen = schedule("99", is_hostile=is_hostile)

    assert chosen.is_real
    assert play(chosen).fault is None
