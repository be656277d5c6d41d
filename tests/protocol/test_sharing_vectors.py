"""The vectors of sharing and of cases in `docs/protocol/vectors/`, read as a stranger would read them."""

import json
from typing import Any

import pytest

from parley.protocol.record import Sides, merge
from parley.protocol.sharing.codes import State
from parley.protocol.suite import Standard
from tests.protocol import make_thread_vectors
from tests.protocol.make_fold_vectors import PLACE, rows
from tests.protocol.make_thread_vectors import found, report
from tests.protocol.test_fold_vectors import load, logs_of, side

NAMES = sorted(path.name for word in ("sharing", "case") for path in PLACE.glob(f"{word}-*.json"))


def test_the_files_are_what_the_script_writes() -> None:
    written = make_thread_vectors.texts()

    assert sorted(written) == sorted(NAMES)
    for name, text in written.items():
        assert (PLACE / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("name", NAMES)
def test_two_logs_come_to_the_offers_and_cases_that_the_vector_says(name: str) -> None:
    vector: dict[str, Any] = load(name)
    one, two = (side(each) for each in vector["sides"])

    record = merge(logs_of(vector, read_all=True), Sides(one=one, two=two), Standard())

    assert {node: rows(record, node) for node in vector["logs"]} == vector["rows"]
    told = found(record)
    assert told == {key: vector[key] for key in told}
    assert [report(record, each["cut"]) for each in vector.get("reports", ())] == vector.get("reports", [])


def test_the_vectors_show_every_state_standing_and_reason() -> None:
    whole = [load(name) for name in NAMES]
    offers = [each["account"] for vector in whole for each in vector.get("offers", ())]
    cases = [each["account"] for vector in whole for each in vector.get("cases", ())]
    versions = [version for each in cases for finding in each["findings"] for version in finding["versions"]]
    verdicts = {row["verdict"] for vector in whole for log in vector["rows"].values() for row in log}
    passing = {way for each in offers for way in each["passing"].values()}

    assert {each["state"] for each in offers} == {state.value for state in State}
    assert {each["state"] for each in cases} == {"proposed", "declined", "open", "half_closed", "closed"}
    assert {each["standing"] for each in versions} == {"joint", "contested", "unanswered"}
    assert {task["state"] for each in cases for task in each["tasks"]} == {
        "set",
        "agreed",
        "declined",
        "done",
    }
    assert passing == {"free", "permitted", "ask", "refused"}
    assert verdicts == {
        "valid",
        "unopened",
        *(
            f"void:{reason}"
            for reason in ("schema", "not-writer", "no-target", "wrong-state", "wrong-log", "suspended")
        ),
    }
    assert json.dumps(offers).count('"crossed": true') == 2
