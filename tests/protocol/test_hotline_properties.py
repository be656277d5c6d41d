"""What holds of every night on the hotline, however hostile, and of every order of arrival. Spec §12.7."""

import random
from collections.abc import Collection
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.protocol.clauses import Rung
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.bell import Cause
from parley.protocol.hotline.bodies import Opening
from parley.protocol.hotline.codes import State
from parley.protocol.hotline.ladder import FULL, due, is_one_sided, ringing
from tests.protocol.arrivals import logs_of, read_in_any_order, summary
from tests.protocol.nights import SCRIPTS, STEPS, Play, Step, accounts, calls_of, long_script, play
from tests.protocol.world import DAY, A, B, fold_of, rows_of

DICE = st.integers(0, 2**32).map(random.Random)
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
OPEN = {State.OPENED, State.TAKEN, State.READ_BACK}
WAITS = st.integers(0, 40 * DAY)
ROSTERS = st.sets(st.sampled_from(Rung)).map(frozenset)


def patience(call: Call) -> int:
    """Return for how long a side can be silent in a call at most, by all that the clauses allow."""
    assert isinstance(call.opened.said, Opening)
    limits = call.bells[A].clauses.limits.values()
    return sum(limit[call.opened.said.urgency] for limit in limits)


def has_all(night: Play, call: Call, node: str) -> bool:
    """Return whether the side has all that the other said in the call."""
    rows = night.world.record().shelf.thread(call.id)
    return all(row.received_at is not None for row in rows if row.writer != node)


def shown(
    call: Call, node: str, now: int, roster: Collection[Rung] = FULL
) -> list[tuple[Rung, Cause, int, int]]:
    """Return what is to be done on a side: who is rung, why, since when, how often."""
    return [
        (each.rung, each.cause, each.since, each.strokes) for each in ringing(call, node, now, roster=roster)
    ]


@FEW
@given(script=SCRIPTS, dice=DICE)
def test_both_nodes_come_to_the_same_calls_however_statements_arrive(
    script: list[Step], dice: random.Random
) -> None:
    logs = logs_of(play(script).world)
    merged, arrived = fold_of(logs), read_in_any_order(logs, dice)

    assert summary(arrived) == summary(merged)
    assert accounts(arrived) == accounts(merged)


@FEW
@given(script=SCRIPTS)
def test_who_cannot_read_what_was_unopened_comes_to_the_same_calls(script: list[Step]) -> None:
    world = play(script).world
    merged = fold_of(logs_of(world))
    unopened = {(row.writer, row.index) for row in rows_of(merged) if row.verdict.text == "unopened"}

    blind = fold_of(logs_of(world, without=unopened))

    assert summary(blind) == summary(merged)
    assert accounts(blind) == accounts(merged)


@FEW
@given(script=SCRIPTS, last=STEPS)
def test_what_is_not_valid_changes_no_call(script: list[Step], last: Step) -> None:
    night = play(script)
    before = fold_of(logs_of(night.world))
    written = night.step(replace(last, seen=1))

    after = fold_of(logs_of(night.world))

    row = after.shelf.row(written.id, writer=written.writer)
    assert row is not None
    if not row.verdict.is_valid and len(rows_of(after)) == len(rows_of(before)) + 1:
        assert accounts(after) == accounts(before)


@FEW
@given(script=SCRIPTS, cut=st.integers(0, 12))
def test_a_verdict_in_a_call_is_final_but_for_what_turns_out_unopened(script: list[Step], cut: int) -> None:
    logs = logs_of(play(script).world)
    whole = {(row.writer, row.index): row for row in rows_of(fold_of(logs))}
    shorter = {node: log[: max(len(log) - cut, 0)] for node, log in logs.items()}
    partial = {(row.writer, row.index): row for row in rows_of(fold_of(shorter))}

    unopened = any(row.verdict.text == "unopened" for row in whole.values())
    for place, row in partial.items():
        if not unopened and row.cut == whole[place].cut:
            assert row.verdict.text == whole[place].verdict.text


@FEW
@given(script=SCRIPTS, wait=WAITS)
def test_an_open_call_is_never_without_somebody_rung_or_somebody_in_time(
    script: list[Step], wait: int
) -> None:
    night = play(script)
    now = night.world.now + wait
    for call in calls_of(night.world.record()):
        if call.state not in OPEN or call.is_stopped:
            continue
        for node in (A, B):
            arrived = has_all(night, call, node)
            alarms = [alarm.since for alarm in call.bells[node].alarms]
            in_time = [since for since in alarms if now < since <= night.world.now + patience(call)]
            assert not arrived or ringing(call, node, now) or in_time
            if wait > patience(call):
                assert not arrived or ringing(call, node, now)
        assert call.owing
        assert due(call, now) is not None


@FEW
@given(script=SCRIPTS, wait=WAITS, share=st.floats(0, 1, exclude_max=True))
def test_nothing_changes_before_it_is_due_and_something_does_then(
    script: list[Step], wait: int, share: float
) -> None:
    night = play(script)
    now = night.world.now + wait
    for call in calls_of(night.world.record()):
        then = due(call, now)
        later = now + 400 * DAY if then is None else now + int((then - now) * share)
        before = [shown(call, node, now) for node in (A, B)]

        assert [shown(call, node, later) for node in (A, B)] == before
        assert is_one_sided(call, later) == is_one_sided(call, now)
        if then is not None:
            after = [shown(call, node, then) for node in (A, B)]
            assert after != before or is_one_sided(call, then) != is_one_sided(call, now)


@FEW
@given(script=SCRIPTS, wait=WAITS, more=WAITS)
def test_time_alone_silences_nobody(script: list[Step], wait: int, more: int) -> None:
    night = play(script)
    now = night.world.now + wait
    for call in calls_of(night.world.record()):
        for node in (A, B):
            rung = {each.rung for each in ringing(call, node, now)}
            assert rung <= {each.rung for each in ringing(call, node, now + more)}


@FEW
@given(script=SCRIPTS, wait=WAITS, roster=ROSTERS)
def test_a_hole_in_the_roster_makes_nobody_else_later_and_nothing_silent(
    script: list[Step], wait: int, roster: frozenset[Rung]
) -> None:
    night = play(script)
    now = night.world.now + wait
    for call in calls_of(night.world.record()):
        for node in (A, B):
            full = {each.rung: each.since for each in ringing(call, node, now)}
            held = {each.rung: each.since for each in ringing(call, node, now, roster=roster)}
            assert bool(full) == bool(held) or not roster & {
                step.rung for step, _after in call.bells[node].clauses.climb(call.bells[node].urgency)
            }
            assert all(rung not in full or held[rung] <= full[rung] for rung in held)
            assert {rung for rung in full if rung in roster} <= set(held)


@settings(FEW, max_examples=20)
@given(script=SCRIPTS, wait=WAITS, by_a=st.booleans())
def test_what_one_side_takes_silences_the_other_for_nothing_but_the_taking(
    script: list[Step], wait: int, *, by_a: bool
) -> None:
    night = play(script)
    night.hears(A)
    night.hears(B)
    night.world.wait(wait)
    now, by = night.world.now, A if by_a else B
    other = B if by_a else A
    for call in calls_of(night.world.record()):
        before = ringing(call, other, now)
        twin = Play.__new__(Play)
        twin.world = night.world.fork()
        target = next(each for each in (*twin.world.a.log, *twin.world.b.log) if each.id == call.id)
        twin.takes(target, by=by)
        after = {each.rung for each in ringing(twin.call(target), other, now)}
        left = {each.rung for each in before if each.cause is not Cause.TAKE}
        if call.state in OPEN and call.state is not State.OPENED:
            assert left <= after


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 200, 20))
def test_it_holds_of_long_nights_too(start: int) -> None:
    for seed in range(start, start + 20):
        world = play(long_script(seed)).world
        merged = fold_of(logs_of(world))
        unopened = {(row.writer, row.index) for row in rows_of(merged) if row.verdict.text == "unopened"}
        dice = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret

        arrived = read_in_any_order(logs_of(world), dice)
        blind = fold_of(logs_of(world, without=unopened))

        assert accounts(arrived) == accounts(merged) == accounts(blind), seed
        assert summary(arrived) == summary(merged) == summary(blind), seed
