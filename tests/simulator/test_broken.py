"""n of n: every core with a rule taken out is found, and the whole core is not."""

import pytest

from tests.simulator.broken import FAULTS, Broken, read_seeds
from tests.simulator.homes import prepare
from tests.simulator.play import play

SEEDS = read_seeds()


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.what for fault in FAULTS])
def test_a_core_without_one_rule_is_found(fault: Broken) -> None:
    chosen = fault.schedule(SEEDS["broken"][fault.what])
    prepare()

    whole = play(chosen).fault
    with fault.inserted():
        found = play(chosen).fault

    assert whole is None
    assert found is not None


def test_there_are_enough_of_them_and_each_is_another() -> None:
    assert len({fault.what for fault in FAULTS}) == len(FAULTS) >= 20
    assert all(fault.owner.__dict__[fault.name] is not fault.without for fault in FAULTS)
