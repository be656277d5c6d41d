"""What holds of the tests of every line: alike on both nodes, and no gain by lying. Spec §13."""

import random
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.protocol.linetests.account import account, digest
from parley.protocol.linetests.trials import next_rung
from tests.protocol.arrivals import logs_of, read_in_any_order
from tests.protocol.days import WRONG, Days, history_of
from tests.protocol.world import DAY, HOUR, MINUTE, A, B, Statement, fold_of, rows_of

DICE = st.integers(0, 2**32).map(random.Random)
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
# No two tests of one second: of these the smaller id counts, and who hears another word writes other ids.
WAITS = (1, MINUTE, 10 * MINUTE, HOUR, DAY, 3 * DAY, 8 * DAY)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script: who, what, about which earlier statement, whether it is heard, after how long."""

    by_a: bool
    what: int
    target: int
    is_heard: bool
    wait: int


STEPS = st.builds(Step, st.booleans(), st.integers(0, 8), st.integers(0, 9), st.booleans(), st.integers(0, 6))
SCRIPTS = st.lists(STEPS, min_size=1, max_size=20)


def play(script: list[Step], *, behind: int = 0) -> Days:
    """Return the days after the script; the clock of B is `behind` by so many seconds."""
    days = Days()
    days.hears(A)
    days.pen(B).skew = -behind
    probes, calls = [days.probes()], [days.tries()]
    for step in script:
        days.world.wait(WAITS[step.wait])
        by = A if step.by_a else B
        probe, call = probes[step.target % len(probes)], calls[step.target % len(calls)]
        if step.what == 0:
            probes.append(days.probes(by=by, heard=step.is_heard))
        elif step.what == 1:
            calls.append(days.tries(by=by, heard=step.is_heard, to="minister" if step.target == 9 else None))
        elif step.what == 8:
            days.pen(by).says("unopened", re=days.pen(by).other.log[-1])
        else:
            _answer(days, step, by, probe=probe, call=call)
    days.world.wait(DAY)
    return days


def _answer(days: Days, step: Step, by: str, *, probe: Statement, call: Statement) -> None:
    match step.what:
        case 2:
            days.echoes(probe, by=by, heard=step.is_heard)
        case 3:
            days.takes(call, by=by, rung=("duty_desk", "director", "minister")[step.target % 3])
        case 4:
            days.answers(call, host=None if step.target else WRONG)
        case 5:
            found = days.world.record().call(call.id)
            rung = None if found is None else next_rung(found)
            days.says(call, "notification", by=by, to=None if rung is None else rung.value)
        case 6:
            days.declares(
                by, ("human", "machine")[step.target % 2], 3000 + 18_000 * (step.target % 2), "policy"
            )
        case _:
            days.hears(by)


@FEW
@given(script=SCRIPTS, dice=DICE)
def test_both_nodes_print_the_same_however_statements_arrive(script: list[Step], dice: random.Random) -> None:
    world = play(script).world
    logs = logs_of(world)

    merged = history_of(fold_of(logs), world.terms, cut=world.now)
    arrived = history_of(read_in_any_order(logs, dice), world.terms, cut=world.now)

    assert digest(arrived) == digest(merged)


@FEW
@given(script=SCRIPTS)
def test_who_cannot_read_what_was_unopened_prints_the_same(script: list[Step]) -> None:
    world = play(script).world
    merged = fold_of(logs_of(world))
    unopened = {(row.writer, row.index) for row in rows_of(merged) if row.verdict.text == "unopened"}

    blind = history_of(fold_of(logs_of(world, without=unopened)), world.terms, cut=world.now)

    assert account(blind) == account(history_of(merged, world.terms, cut=world.now))


@FEW
@given(script=SCRIPTS, behind=st.integers(0, 30 * DAY))
def test_a_side_that_dates_back_changes_no_result_of_a_test_that_the_other_began(
    script: list[Step], behind: int
) -> None:
    honest, lying = (play(script, behind=each).history() for each in (0, behind))

    results = [
        [(each.test, each.number, each.result) for each in history.periods if each.turn == A]
        for history in (honest, lying)
    ]
    assert results[0] == results[1]
