"""The call vectors of `docs/protocol/vectors/`, read as a stranger would read them."""

import json
from typing import Any

import pytest

from parley.protocol.clauses import Rung
from parley.protocol.hotline.account import account, digest
from parley.protocol.record import Sides, merge
from parley.protocol.suite import Standard
from tests.protocol import make_call_vectors
from tests.protocol.make_call_vectors import moment
from tests.protocol.make_fold_vectors import PLACE, rows
from tests.protocol.nights import calls_of
from tests.protocol.test_fold_vectors import load, logs_of, side

NAMES = sorted(path.name for path in PLACE.glob("call-*.json"))


def test_the_files_are_what_the_script_writes() -> None:
    written = make_call_vectors.texts()

    assert sorted(written) == NAMES
    for name, text in written.items():
        assert (PLACE / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("name", NAMES)
def test_two_logs_come_to_the_calls_that_the_vector_says(name: str) -> None:
    vector: dict[str, Any] = load(name)
    one, two = (side(each) for each in vector["sides"])

    record = merge(logs_of(vector, read_all=True), Sides(one=one, two=two), Standard())

    assert {node: rows(record, node) for node in vector["logs"]} == vector["rows"]
    calls = calls_of(record)
    assert [account(call) for call in calls] == [each["account"] for each in vector["calls"]]
    assert [digest(call).hex() for call in calls] == [each["digest"] for each in vector["calls"]]
    for call, told in zip(calls, vector["calls"], strict=True):
        for each in told["times"]:
            assert moment(call, each["now"], {Rung(rung) for rung in each["roster"]}) == each


def test_the_vectors_show_every_ending_sort_cause_and_reason() -> None:
    whole = [load(name) for name in NAMES]
    calls = [each for vector in whole for each in vector["calls"]]
    accounts = [each["account"] for each in calls]
    verdicts = {row["verdict"] for vector in whole for log in vector["rows"].values() for row in log}
    rung = [
        stroke
        for call in calls
        for time in call["times"]
        for side in time["ringing"].values()
        for stroke in side
    ]

    assert {each["state"] for each in accounts} == {"opened", "taken", "read_back", "half_closed", "closed"}
    assert len({message["sort"] for each in accounts for message in each["messages"]}) == 10
    assert {cause for _rung, cause, _since, _strokes in rung} == {"take", "read_back", "word", "own_rung"}
    assert verdicts == {
        "valid",
        "unopened",
        *(
            f"void:{reason}"
            for reason in ("schema", "not-writer", "no-target", "wrong-state", "threshold", "suspended")
        ),
    }
    assert json.dumps(whole).count('"one_sided": true') > 0
