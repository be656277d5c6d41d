"""The dialogue vectors of `docs/protocol/vectors/`, read as a stranger would read them."""

import re
from typing import Any

import pytest

from parley.protocol.breach import BreachError
from parley.protocol.card import parse
from parley.protocol.dialogue.account import account, digest
from parley.protocol.dialogue.bodies import CLASSES
from parley.protocol.dialogue.figures import figures_en, figures_zh, unequal
from parley.protocol.dialogue.release import verify
from parley.protocol.record import Sides, merge
from parley.protocol.suite import Standard
from tests.protocol import make_dialogue_vectors
from tests.protocol.make_fold_vectors import PLACE, rows
from tests.protocol.minutes import threads_of
from tests.protocol.test_fold_vectors import load, logs_of, side

NAMES = sorted(path.name for path in PLACE.glob("dialogue-*.json"))
LOGS = [name for name in NAMES if "logs" in load(name)]


def test_the_files_are_what_the_script_writes() -> None:
    written = make_dialogue_vectors.texts(make_dialogue_vectors.Seals())

    assert sorted(written) == NAMES
    for name, text in written.items():
        assert (PLACE / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("name", LOGS)
def test_two_logs_come_to_the_dialogue_that_the_vector_says(name: str) -> None:
    vector: dict[str, Any] = load(name)
    one, two = (side(each) for each in vector["sides"])

    record = merge(logs_of(vector, read_all=True), Sides(one=one, two=two), Standard())

    assert {node: rows(record, node) for node in vector["logs"]} == vector["rows"]
    found = threads_of(record)
    assert [account(each) for each in found] == [each["account"] for each in vector["threads"]]
    assert [digest(each).hex() for each in found] == [each["digest"] for each in vector["threads"]]


def test_two_texts_name_the_figures_that_the_vector_says() -> None:
    for case in load("dialogue-figures.json")["cases"]:
        one, two, found = figures_en(case["en"]), figures_zh(case["zh"]), unequal(case["en"], case["zh"])

        assert (dict(one.sure), dict(one.maybe)) == (case["sure_en"], case["maybe_en"])
        assert (dict(two.sure), dict(two.maybe)) == (case["sure_zh"], case["maybe_zh"])
        lists = (found.only_en, found.only_zh) if found else ((), ())
        assert [list(each) for each in lists] == [case["only_en"], case["only_zh"]]


def test_a_list_is_sealed_by_whom_the_vector_says() -> None:
    vector = load("dialogue-release.json")
    cards = [parse(card.encode()).card for card in vector["cards"]]
    text = vector["text"].encode()
    for case in vector["cases"]:
        if case["sealed_at"] is None:
            with pytest.raises(BreachError):
                verify(text, case["note"].encode(), cards, suite=Standard())
        else:
            found = verify(text, case["note"].encode(), cards, suite=Standard())
            assert dict(found.sealed_at) == case["sealed_at"]
    for refused in vector["refused_texts"]:
        old, new = refused["replace"]
        with pytest.raises(BreachError):
            verify(
                text.replace(old.encode(), new.encode()),
                vector["cases"][0]["note"].encode(),
                cards,
                suite=Standard(),
            )


def test_the_vectors_show_every_kind_and_every_state() -> None:
    whole = "".join((PLACE / name).read_text(encoding="utf-8") for name in LOGS)
    shown = set(re.findall(r'\\"k\\":\\"([a-z_.]+)\\"', whole))
    voids = {row["verdict"] for name in LOGS for log in load(name)["rows"].values() for row in log}

    assert set(CLASSES) - shown == {
        "round.declined",
        "round.withdrawn",
        "outcome.declined",
        "outcome.withdrawn",
    }
    assert {
        "valid",
        "void:schema",
        "void:not-writer",
        "void:no-target",
        "void:wrong-state",
        "void:threshold",
    } <= voids
