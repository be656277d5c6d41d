"""What holds of every dialogue, however hostile, and of every order of arrival. Spec §17.1, §17.9."""

import random
from collections.abc import Collection
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.protocol.act import id_text
from parley.protocol.dialogue import outcome as outcomes
from parley.protocol.dialogue.bodies import Released
from parley.protocol.dialogue.commitment import Commitment, State
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.release import digest_of, read_outcomes
from parley.protocol.record import Record
from tests.protocol.arrivals import logs_of, read_in_any_order, summary
from tests.protocol.minutes import SCRIPTS, STEPS, Step, accounts, long_script, play, threads_of
from tests.protocol.world import fold_of, rows_of

DICE = st.integers(0, 2**32).map(random.Random)
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@FEW
@given(script=SCRIPTS, dice=DICE)
def test_both_nodes_come_to_the_same_dialogue_however_statements_arrive(
    script: list[Step], dice: random.Random
) -> None:
    logs = logs_of(play(script).world)
    merged, arrived = fold_of(logs), read_in_any_order(logs, dice)

    assert summary(arrived) == summary(merged)
    assert accounts(arrived) == accounts(merged)


@FEW
@given(script=SCRIPTS)
def test_who_cannot_read_what_was_unopened_comes_to_the_same_dialogue(script: list[Step]) -> None:
    world = play(script).world
    merged = fold_of(logs_of(world))
    unopened = {(row.writer, row.index) for row in rows_of(merged) if row.verdict.text == "unopened"}

    blind = fold_of(logs_of(world, without=unopened))

    assert summary(blind) == summary(merged)
    assert accounts(blind) == accounts(merged)


@FEW
@given(script=SCRIPTS, last=STEPS)
def test_what_is_not_valid_changes_no_dialogue(script: list[Step], last: Step) -> None:
    dialogue = play(script)
    before = fold_of(logs_of(dialogue.world))
    written = dialogue.step(replace(last, seen=1))

    after = fold_of(logs_of(dialogue.world))

    row = after.shelf.row(written.id, writer=written.writer)
    assert row is not None
    if not row.verdict.is_valid and len(rows_of(after)) == len(rows_of(before)) + 1:
        assert accounts(after) == accounts(before)


@FEW
@given(script=SCRIPTS, cut=st.integers(0, 12))
def test_a_verdict_is_final_but_for_what_turns_out_unopened(script: list[Step], cut: int) -> None:
    logs = logs_of(play(script).world)
    whole = {(row.writer, row.index): row for row in rows_of(fold_of(logs))}
    shorter = {node: log[: max(len(log) - cut, 0)] for node, log in logs.items()}
    partial = {(row.writer, row.index): row for row in rows_of(fold_of(shorter))}

    unopened = any(row.verdict.text == "unopened" for row in whole.values())
    for place, row in partial.items():
        if not unopened and row.cut == whole[place].cut:
            assert row.verdict.text == whole[place].verdict.text


def check(record: Record) -> None:
    """Check what no history, however made, brings about by one side alone."""
    valid: Collection[tuple[str, str]] = {
        (row.kind or "", row.writer) for row in rows_of(record) if row.verdict.is_valid
    }
    for thread in threads_of(record):
        for made in thread.offers.made.values():
            page = made.fact.kind.partition(".")[0]
            if made.agreed_at is not None:
                assert (f"{page}.agreed", thread.partner(made.fact.writer)) in valid
        if isinstance(thread, Commitment):
            _check_commitment(thread, valid)
        else:
            _check_round(thread)


def _check_commitment(thread: Commitment, valid: Collection[tuple[str, str]]) -> None:
    if thread.state is State.FULFILLED:
        for owner in thread.owners:
            assert ("commitment.reported", owner) in valid
            assert ("commitment.confirmed", thread.partner(owner)) in valid
    if thread.state in {State.IN_FORCE, State.FULFILLED, State.DROPPED}:
        assert ("commitment.agreed", thread.other) in valid


def _check_round(thread: Round) -> None:
    outcome = thread.outcome
    for each in outcome.clauses:
        made = outcome.offers.made[each.version]
        assert made.agreed_at is not None
    for fact in outcome.released.values():
        assert isinstance(fact.said, Released)
        assert fact.effective >= fact.said.release
    if outcome.state is outcomes.State.RELEASED:
        assert set(outcome.released) == set(thread.nodes)
        assert outcome.frozen[thread.nodes[0]] == outcome.frozen[thread.nodes[1]]
    if outcome.agreed is not None:
        assert outcome.public is not None
        assert id_text(digest_of(outcome.public.text())) == outcome.agreed.digest
    found = outcome.outcomes(1)
    if found is not None:
        assert read_outcomes(found.text()) == found
        assert digest_of(found.text()) != digest_of(b"")


@FEW
@given(script=SCRIPTS)
def test_nothing_joint_comes_of_one_side_alone(script: list[Step]) -> None:
    check(play(script).world.record())


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(15))
def test_the_same_holds_of_long_dialogues(seed: int) -> None:
    world = play(long_script(seed)).world
    logs = logs_of(world)
    merged = fold_of(logs)

    check(merged)
    arrived = read_in_any_order(logs, random.Random(seed))  # noqa: S311 - chance that can be repeated
    assert accounts(arrived) == accounts(merged)
    assert summary(arrived) == summary(merged)
