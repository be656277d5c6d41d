"""What holds of every joint case, however hostile, and of every order of arrival. Spec §15.4 to §15.8."""

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.protocol.cases.apply import Case, case
from parley.protocol.cases.codes import Standing, TaskState
from parley.protocol.cases.eye import CaseEye
from parley.protocol.cases.report import status_report
from parley.protocol.record import Record
from parley.protocol.threads import look
from tests.protocol.arrivals import logs_of, read_in_any_order, summary
from tests.protocol.dealings import CASES, SCRIPTS, STEPS, Step, accounts, eyes_of, long_script, play
from tests.protocol.world import CHANNEL, A, B, fold_of, rows_of

DICE = st.integers(0, 2**32).map(random.Random)
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def cases_of(record: Record, cut: dict[str, int] | None = None) -> list[Case]:
    """Return every case that is in effect, at a cut or by everything."""
    opened = [eye.opened.id for eye in eyes_of(record)]
    eyes = (look(record.shelf, record.sides, each, cut=cut) for each in opened)
    return [case(eye) for eye in eyes if isinstance(eye, CaseEye)]


def report(record: Record, cut: dict[str, int]) -> bytes:
    """Return the Status Report of a record at a cut."""
    return status_report(cases_of(record, cut), channel=CHANNEL, cut=cut)


@FEW
@given(script=SCRIPTS, dice=DICE)
def test_both_nodes_come_to_the_same_cases_however_statements_arrive(
    script: list[Step], dice: random.Random
) -> None:
    logs = logs_of(play(CASES, script).world)
    merged, arrived = fold_of(logs), read_in_any_order(logs, dice)

    assert summary(arrived) == summary(merged)
    assert accounts(arrived) == accounts(merged)


@FEW
@given(script=SCRIPTS, last=STEPS)
def test_what_is_not_valid_changes_no_case(script: list[Step], last: Step) -> None:
    stage = play(CASES, script)
    before = fold_of(logs_of(stage.world))
    written = stage.step(replace(last, seen=1))

    after = fold_of(logs_of(stage.world))

    row = after.shelf.row(written.id, writer=written.writer)
    assert row is not None
    if not row.verdict.is_valid and len(rows_of(after)) == len(rows_of(before)) + 1:
        assert accounts(after) == accounts(before)


@FEW
@given(script=SCRIPTS, last=STEPS)
def test_no_version_and_no_answer_to_one_is_ever_lost(script: list[Step], last: Step) -> None:
    stage = play(CASES, script)
    before = {each.id: each for found in cases_of(fold_of(logs_of(stage.world))) for each in found.findings}
    written = stage.step(last)

    after = {each.id: each for found in cases_of(fold_of(logs_of(stage.world))) for each in found.findings}

    if b'"unopened"' in written.act:
        return
    for finding_id, finding in before.items():
        versions = after[finding_id].versions
        assert [each.fact.id for each in versions[: len(finding.versions)]] == [
            each.fact.id for each in finding.versions
        ]
        answered = [each for each in finding.versions if each.answer is not None]
        assert all(versions[finding.versions.index(each)].answer is not None for each in answered)


@FEW
@given(script=SCRIPTS)
def test_what_is_joint_has_an_entry_in_both_logs(script: list[Step]) -> None:
    for found in cases_of(fold_of(logs_of(play(CASES, script).world))):
        for finding in found.findings:
            for version in finding.versions:
                if version.standing is Standing.JOINT:
                    assert version.answer is not None
                    assert {version.fact.writer, version.answer.fact.writer} == {A, B}
                    assert version.answer.fact.re == version.fact.id
        for task in found.tasks:
            if task.joint_start is not None:
                assert task.stands == dict.fromkeys(
                    (found.proposer, found.other), task.agreed and task.agreed.id
                )


@FEW
@given(script=SCRIPTS, dice=DICE, share=st.floats(0, 1))
def test_the_status_report_at_a_cut_is_that_of_the_record_which_ends_there(
    script: list[Step], dice: random.Random, share: float
) -> None:
    readable = [replace(step, what=0) if 6 <= step.what < 9 else step for step in script]
    logs = logs_of(play(CASES, readable).world)
    whole = fold_of(logs)
    end = int(len(logs[A]) * share)
    seen = max((row.cut for row in rows_of(whole) if row.writer == A and row.index < end), default=0)
    cut = {A: end, B: max(seen, int(len(logs[B]) * share))}
    # A cut that both can compare holds all that its own entries had seen.
    if any(row.cut > end for row in rows_of(whole) if row.writer == B and row.index < cut[B]):
        return
    shorter = fold_of({node: log[: cut[node]] for node, log in logs.items()})

    assert report(whole, cut) == report(shorter, cut) == report(read_in_any_order(logs, dice), cut)


def hold(start: int) -> Record:
    """Check one long matter in both orders, and read by who lacks what was unopened; return its record."""
    world = play(CASES, long_script(start)).world
    merged = fold_of(logs_of(world))
    unopened = {(row.writer, row.index) for row in rows_of(merged) if row.verdict.text == "unopened"}
    dice = random.Random(start)  # noqa: S311 - chance that can be repeated, no secret

    arrived = read_in_any_order(logs_of(world), dice)
    blind = fold_of(logs_of(world, without=unopened))

    assert accounts(arrived) == accounts(merged) == accounts(blind), start
    assert summary(arrived) == summary(merged) == summary(blind), start
    cut = {A: len(world.a.log), B: len(world.b.log)}
    assert report(arrived, cut) == report(merged, cut) == report(blind, cut), start
    return merged


def test_it_holds_of_long_matters_and_they_reach_every_standing() -> None:
    standings, tasks = set(), set()
    for seed in range(24):
        for found in cases_of(hold(seed)):
            standings |= {version.standing for each in found.findings for version in each.versions}
            tasks |= {task.state for task in found.tasks}

    assert standings == set(Standing)
    assert tasks == set(TaskState)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(30, 50, 20))
def test_it_holds_of_many_long_matters(start: int) -> None:
    for seed in range(start, start + 20):
        hold(seed)
