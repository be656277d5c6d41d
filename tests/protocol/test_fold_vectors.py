"""The fold vectors of `docs/protocol/vectors/`, read as a stranger would read them."""

import base64
import json
from typing import Any

import pytest

from parley.protocol.breach import BreachError
from parley.protocol.card import card_hash, parse_text
from parley.protocol.pasts import Logs
from parley.protocol.record import Side, Sides, merge
from parley.protocol.suite import Standard
from parley.protocol.voids import Void
from tests.protocol import make_fold_vectors
from tests.protocol.fold_stories import STORIES
from tests.protocol.make_fold_vectors import PLACE, erasures, rows, states

NAMES = sorted(path.name for path in PLACE.glob("fold-*.json"))


def side(told: dict[str, str]) -> Side:
    card = parse_text(told["card"].encode())
    return Side(node=told["node"], origin=told["origin"], card=card, card_hash=card_hash(card))


def logs_of(vector: dict[str, Any], *, read_all: bool) -> Logs:
    """Return the two logs; with `read_all` also what its receiver could not open."""
    return {
        node: [
            (
                base64.b64decode(each["entry"]),
                each["act"].encode("latin-1")
                if each["act"] and (read_all or not each.get("unread"))
                else None,
            )
            for each in log
        ]
        for node, log in vector["logs"].items()
    }


def load(name: str) -> dict[str, Any]:
    vector: dict[str, Any] = json.loads((PLACE / name).read_text(encoding="utf-8"))
    return vector


def test_the_files_are_what_the_script_writes() -> None:
    written = make_fold_vectors.texts()

    assert sorted(written) == NAMES
    for name, text in written.items():
        assert (PLACE / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("read_all", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_two_logs_come_to_what_the_vector_says(name: str, *, read_all: bool) -> None:
    vector = load(name)
    one, two = (side(each) for each in vector["sides"])

    record = merge(logs_of(vector, read_all=read_all), Sides(one=one, two=two), Standard())

    assert {node: rows(record, node) for node in vector["logs"]} == vector["rows"]
    assert states(record) == vector["inquiries"]
    assert erasures(record) == vector.get("erasures", [])


def test_the_vectors_show_every_reason() -> None:
    verdicts = {row["verdict"] for name in NAMES for log in load(name)["rows"].values() for row in log}

    assert verdicts == {"valid", "unopened", "unknown", *(f"void:{reason.value}" for reason in Void)}


def test_each_story_says_what_it_shows() -> None:
    for story in STORIES:
        vector = load(f"fold-{story.name}.json")
        assert (vector["spec"], vector["about"]) == (story.spec, story.about)


def test_a_card_of_a_vector_is_a_card() -> None:
    for each in load(NAMES[0])["sides"]:
        assert side(each).card.threshold == 2
        with pytest.raises(BreachError):
            parse_text(each["card"].encode() + b"x\n")
