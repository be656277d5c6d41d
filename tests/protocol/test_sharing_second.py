"""Two programs, one text: what is void about offers and in cases, and where they stand. Spec §14, §15."""

import pytest

from parley.protocol.cases.apply import case
from parley.protocol.cases.eye import CaseEye
from parley.protocol.record import Record
from parley.protocol.sharing.apply import ShareEye
from parley.protocol.shelf import Row
from parley.protocol.suspension import Scope
from tests.protocol.arrivals import logs_of
from tests.protocol.dealings import CASES, SHARING, Subject, eyes_of, long_script, play
from tests.protocol.second_threads import (
    Told,
    case_state,
    holds,
    judged,
    read_told,
    root,
    share_state,
    task_state,
)
from tests.protocol.world import A, B, fold_of


def is_stopped(record: Record, row: Row) -> bool:
    """Return whether a suspension stops the kind of `row` in its past."""
    other = B if row.writer == A else A
    word = (row.kind or "").partition(".")[0]
    scopes = {Scope(link=True), Scope(forum=word), Scope(forum="case" if word == "finding" else word)}
    return bool(record.shelf.link().stopped({row.writer: row.index, other: row.cut}) & scopes)


def told_of(record: Record, row: Row) -> Told:
    """Return a statement as the second program reads it."""
    place = (row.writer, row.index, row.cut)
    return read_told(row.act or b"", leaf=row.id, place=place, stopped=is_stopped(record, row))


def compare(subject: Subject, seed: int) -> int:
    """Compare both programs over one dealing; return how many statements were judged."""
    record = fold_of(logs_of(play(subject, long_script(seed)).world))
    count = 0
    for eye in eyes_of(record):
        other = B if eye.opened.writer == A else A
        rows = [row for row in record.shelf.thread(eye.opened.id) if row.verdict.text != "unopened"]
        told = {row.id: told_of(record, row) for row in rows}
        opened = told.pop(eye.opened.id)
        verdicts = judged(list(told.values()), opened, other)
        assert {row.id: row.verdict.text for row in rows} == verdicts, seed
        valid = [opened, *(each for each in told.values() if verdicts[each.id] == "valid")]
        check_state(eye, valid, other)
        count += len(rows)
    return count


def check_state(eye: ShareEye | CaseEye, valid: list[Told], other: str) -> None:
    """Check that both programs see the thread stand alike."""
    opened = valid[0]
    if isinstance(eye, ShareEye):
        assert eye.state.value == share_state(valid, opened)
        return
    found = case(eye)
    assert found.state.value == case_state(valid, opened, other)
    for task in found.tasks:
        agreed = None if task.agreed is None else task.agreed.id
        assert agreed == holds(valid, task.id, (opened.writer, other))
        assert task.state.value == task_state(valid, task.id, (opened.writer, other))
    for finding in found.findings:
        versions = [
            each.id for each in valid if each.word in {"given", "revised"} and root(each, valid) == finding.id
        ]
        assert [version.fact.id for version in finding.versions] == versions
        for version in finding.versions:
            answers = [each for each in valid if each.word == "answered" and each.re == version.fact.id]
            said = None if version.answer is None else version.answer.said.position.value
            assert said == (answers[-1].d["position"] if answers else None)


@pytest.mark.parametrize("subject", [SHARING, CASES], ids=["sharing", "cases"])
def test_two_programs_judge_alike(subject: Subject) -> None:
    assert sum(compare(subject, seed) for seed in range(10)) > 150


@pytest.mark.slow
@pytest.mark.parametrize("subject", [SHARING, CASES], ids=["sharing", "cases"])
def test_two_programs_judge_many_dealings_alike(subject: Subject) -> None:
    for seed in range(10, 30):
        compare(subject, seed)
