"""What holds of every history, however hostile, and of every order of arrival. Spec §6.4 (rule Z3)."""

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.protocol.arrivals import (
    SCRIPTS,
    STEPS,
    Node,
    Play,
    Step,
    accounts,
    logs_of,
    long_script,
    play,
    read_in_any_order,
    summary,
)
from tests.protocol.world import fold_of, rows_of

DICE = st.integers(0, 2**32).map(random.Random)
FEW = settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@FEW
@given(script=SCRIPTS, dice=DICE)
def test_the_order_of_arrival_does_not_matter(script: list[Step], dice: random.Random) -> None:
    logs = logs_of(play(script))
    merged, arrived = fold_of(logs), read_in_any_order(logs, dice)

    assert summary(arrived) == summary(merged)
    assert accounts(arrived) == accounts(merged)


@FEW
@given(script=SCRIPTS)
def test_who_cannot_read_what_was_unopened_comes_to_the_same(script: list[Step]) -> None:
    world = play(script)
    merged = fold_of(logs_of(world))
    unopened = {(row.writer, row.index) for row in rows_of(merged) if row.verdict.text == "unopened"}

    blind = fold_of(logs_of(world, without=unopened))

    assert summary(blind) == summary(merged)
    assert accounts(blind) == accounts(merged)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 100, 10))
def test_it_holds_of_long_histories_too(start: int) -> None:
    for seed in range(start, start + 10):
        world = play(long_script(seed))
        merged = fold_of(logs_of(world))
        unopened = {(row.writer, row.index) for row in rows_of(merged) if row.verdict.text == "unopened"}

        dice = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
        arrived = read_in_any_order(logs_of(world), dice)
        blind = fold_of(logs_of(world, without=unopened))

        assert summary(arrived) == summary(merged) == summary(blind), seed
        assert accounts(arrived) == accounts(merged) == accounts(blind), seed


@FEW
@given(script=SCRIPTS, last=STEPS)
def test_what_is_not_valid_changes_nothing(script: list[Step], last: Step) -> None:
    stage = Play()
    for step in script:
        stage.step(step)
    before = fold_of(logs_of(stage.world))
    stage.step(replace(last, seen=1))

    after = fold_of(logs_of(stage.world))

    rows = {(row.writer, row.index) for row in rows_of(before)}
    (new,) = [row for row in rows_of(after) if (row.writer, row.index) not in rows]
    if not new.verdict.is_valid:
        assert accounts(after) == accounts(before)
        assert [each for each in summary(after) if each[:2] != (new.writer, new.index)] == summary(before)


@FEW
@given(script=SCRIPTS, cut=st.integers(0, 20))
def test_a_verdict_is_final_but_for_what_turns_out_unopened(script: list[Step], cut: int) -> None:
    world = play(script)
    logs = logs_of(world)
    final = fold_of(logs)
    # Of one side's log the reader has only the beginning, and of the other what that had seen.
    shorter = {node: log[: max(len(log) - cut, 0)] for node, log in logs.items()}

    partial = {(row.writer, row.index): row for row in rows_of(fold_of(shorter))}
    whole = {(row.writer, row.index): row for row in rows_of(final)}

    unopened = any(row.verdict.text == "unopened" for row in whole.values())
    for place, row in partial.items():
        if not unopened and row.cut == whole[place].cut:
            assert row.verdict.text == whole[place].verdict.text


@settings(FEW, max_examples=30)
@given(script=SCRIPTS, dice=DICE)
def test_what_a_node_folds_as_things_arrive_a_verifier_folds_from_all(
    script: list[Step], dice: random.Random
) -> None:
    node = Node(dice)
    for step in script:
        node.step(step)
    node.receive()

    verified = fold_of(node.logs())
    assert summary(node.record) == summary(verified)
    assert accounts(node.record) == accounts(verified)
