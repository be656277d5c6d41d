"""What holds of every dealing about offers, and of every order of arrival. Spec §14.4, §14.5."""

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.protocol.record import Record
from parley.protocol.sharing.apply import ShareEye
from parley.protocol.sharing.codes import State
from tests.protocol.arrivals import logs_of, read_in_any_order, summary
from tests.protocol.dealings import SCRIPTS, SHARING, STEPS, Step, accounts, eyes_of, long_script, play
from tests.protocol.world import fold_of, rows_of

DICE = st.integers(0, 2**32).map(random.Random)
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@FEW
@given(script=SCRIPTS, dice=DICE)
def test_both_nodes_come_to_the_same_offers_however_statements_arrive(
    script: list[Step], dice: random.Random
) -> None:
    logs = logs_of(play(SHARING, script).world)
    merged, arrived = fold_of(logs), read_in_any_order(logs, dice)

    assert summary(arrived) == summary(merged)
    assert accounts(arrived) == accounts(merged)


@FEW
@given(script=SCRIPTS, last=STEPS)
def test_what_is_not_valid_changes_no_offer(script: list[Step], last: Step) -> None:
    stage = play(SHARING, script)
    before = fold_of(logs_of(stage.world))
    written = stage.step(replace(last, seen=1))

    after = fold_of(logs_of(stage.world))

    row = after.shelf.row(written.id, writer=written.writer)
    assert row is not None
    if not row.verdict.is_valid and len(rows_of(after)) == len(rows_of(before)) + 1:
        assert accounts(after) == accounts(before)


@FEW
@given(script=SCRIPTS)
def test_nothing_is_delivered_that_was_taken_back_or_that_nobody_agreed_to(script: list[Step]) -> None:
    for eye in eyes_of(fold_of(logs_of(play(SHARING, script).world))):
        assert isinstance(eye, ShareEye)
        share = eye.share()
        assert share.delivered is None or eye.withdrawn is None
        if share.state is State.DELIVERED:
            assert share.under in {*share.agreed, share.id if share.offer.is_unconditional else None}


def hold(start: int) -> Record:
    """Check one long dealing in both orders, and read by who lacks what was unopened; return its record."""
    world = play(SHARING, long_script(start)).world
    merged = fold_of(logs_of(world))
    unopened = {(row.writer, row.index) for row in rows_of(merged) if row.verdict.text == "unopened"}
    dice = random.Random(start)  # noqa: S311 - chance that can be repeated, no secret

    arrived = read_in_any_order(logs_of(world), dice)
    blind = fold_of(logs_of(world, without=unopened))

    assert accounts(arrived) == accounts(merged) == accounts(blind), start
    assert summary(arrived) == summary(merged) == summary(blind), start
    return merged


def test_it_holds_of_long_dealings_and_they_reach_every_state() -> None:
    reached = set()
    for seed in range(12):
        for eye in eyes_of(hold(seed)):
            assert isinstance(eye, ShareEye)
            reached.add(eye.state)

    assert reached == set(State)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(30, 50, 20))
def test_it_holds_of_many_long_dealings(start: int) -> None:
    for seed in range(start, start + 20):
        hold(seed)
