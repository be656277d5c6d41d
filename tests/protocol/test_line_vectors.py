"""The line vectors of `docs/protocol/vectors/`, read as a stranger would read them."""

import json
from typing import Any

import pytest

from parley.protocol.act import read_act, read_json
from parley.protocol.linetests.account import account, digest
from parley.protocol.record import Sides, merge
from parley.protocol.suite import Standard
from tests.protocol import make_line_vectors
from tests.protocol.days import history_of
from tests.protocol.make_fold_vectors import PLACE, rows
from tests.protocol.test_fold_vectors import load, logs_of, side
from tests.protocol.world import rows_of

NAMES = sorted(path.name for path in PLACE.glob("line-*.json"))


def test_the_files_are_what_the_script_writes() -> None:
    written = make_line_vectors.texts()

    assert sorted(written) == NAMES
    for name, text in written.items():
        assert (PLACE / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("name", NAMES)
def test_two_logs_come_to_the_tests_that_the_vector_says(name: str) -> None:
    vector: dict[str, Any] = load(name)
    one, two = (side(each) for each in vector["sides"])

    record = merge(logs_of(vector, read_all=True), Sides(one=one, two=two), Standard())

    assert {node: rows(record, node) for node in vector["logs"]} == vector["rows"]
    terms = str(read_act(read_json(rows_of(record)[0].act or b"")).d["terms"])
    for each in vector["tests"]:
        found = history_of(record, terms, cut=each["account"]["cut"])
        assert account(found) == each["account"]
        assert digest(found).hex() == each["digest"]


def test_the_vectors_show_every_result_test_and_clue() -> None:
    whole = [each["account"] for name in NAMES for each in load(name)["tests"]]
    periods = [each for account in whole for each in account["periods"]]
    tickets = [each for account in whole for each in account["tickets"]]

    assert {each["result"] for each in periods} == {"open", "ok", "late", "failed", "not_held"}
    assert {each["test"] for each in periods} == {"machine", "human", "ladder", "principals"}
    assert {clue for each in tickets for clue in (*each["line"], *each["people"])} == {
        "not_reached",
        "machine_failed",
        "reached",
        "taken",
        "machine_ok",
    }
    assert {each["is_open"] for each in tickets} == {True, False}
    assert json.dumps(whole).count("line_fault") > 0
