"""Two programs, one text: who is rung, as the protocol computes it and as Spec §12.9 reads to others."""

import random

import pytest

from parley.protocol.hotline.ladder import ringing
from tests.protocol.nights import calls_of, long_script, play
from tests.protocol.second_bell import rung
from tests.protocol.world import DAY, HOUR, A, B


def compare(seed: int) -> int:
    """Compare both in every call of one night, at some instants; return how often somebody was rung."""
    night, dice = play(long_script(seed)), random.Random(seed)  # noqa: S311 - chance that can be repeated
    record, rings = night.world.record(), 0
    for call in calls_of(record):
        for node in (A, B):
            for wait in (0, 60, dice.randrange(2 * HOUR), dice.randrange(DAY), 40 * DAY):
                now, clauses = night.world.now + wait, call.bells[node].clauses
                told = {each.rung: each.since for each in ringing(call, node, now)}
                found = rung(record, call.id, node, called=call.called, clauses=clauses, now=now)
                assert told == ({} if call.is_stopped else found), (seed, node, wait)
                rings += len(told)
    return rings


def test_two_programs_ring_the_same_rungs() -> None:
    assert sum(compare(seed) for seed in range(20)) > 400


@pytest.mark.slow
@pytest.mark.parametrize("start", range(20, 260, 24))
def test_two_programs_ring_the_same_rungs_on_many_nights(start: int) -> None:
    for seed in range(start, start + 24):
        compare(seed)
