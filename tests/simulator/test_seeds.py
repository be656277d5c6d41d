"""Seeds that failed once, and seeds that nobody has played before."""

import pytest

from parley.work import clock
from tests.simulator.broken import read_seeds
from tests.simulator.play import play
from tests.simulator.schedule import Schedule, numbered, schedule

SEEDS = read_seeds()
FRESH = {"honest": 200, "hostile": 120, "restored": 60}
"""Others each day; `./run campaign` goes on for as long as somebody lets it."""


def chosen(kind: str, seed: str) -> Schedule:
    return schedule(seed, is_hostile=kind == "hostile", is_restored=kind == "restored")


@pytest.mark.parametrize("kind", FRESH)
def test_what_failed_once_holds_now(kind: str) -> None:
    for seed in SEEDS[kind]:
        played = play(chosen(kind, seed))

        assert played.fault is None, f"{played.schedule.text}\n{played.fault}"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", FRESH)
def test_seeds_that_nobody_has_played_before_hold_too(kind: str) -> None:
    day = clock.now() // 86_400
    for number in range(FRESH[kind]):
        played = play(chosen(kind, numbered(number, f"day {day} ", is_hostile=kind == "hostile")))

        assert played.fault is None, f"{played.schedule.text}\n{played.fault}"
