"""The vectors of exports: what is proved comes out as they say, and each refusal is at its step."""

import base64
import json
from typing import Any, Final

import pytest

from tests.protocol.make_vectors import PLACE
from tests.verify.book import judge
from tests.verify.second import findings

VECTORS: Final[dict[str, Any]] = json.loads((PLACE / "exports.json").read_text(encoding="utf-8"))


def file_of(case: dict[str, Any]) -> bytes:
    """Return the bytes of a case: its own, or those of a valid one with some stretches replaced."""
    raw = base64.b64decode(VECTORS["valid"][case["of"]]["zip"])
    for offset, count, fresh in reversed(case["replace"]):
        raw = raw[:offset] + base64.b64decode(fresh) + raw[offset + count :]
    return raw


def digits_of(case: dict[str, Any]) -> tuple[str, ...]:
    return tuple(VECTORS["valid"][case.get("of", 0)]["digits"])


@pytest.mark.parametrize("case", VECTORS["valid"], ids=lambda case: case["about"])
def test_what_is_proved_says_this(case: dict[str, Any]) -> None:
    found = judge(base64.b64decode(case["zip"]), digits_of(case))

    assert findings(found) == case["findings"]


@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["about"])
def test_what_is_refused_is_refused_at_this_step(case: dict[str, Any]) -> None:
    found = judge(file_of(case), digits_of(case))

    assert found.step is not None
    assert (found.step.value, found.told) == (case["step"], None)


def test_there_is_a_refusal_for_every_step() -> None:
    assert {case["step"] for case in VECTORS["refused"]} == set(range(1, 14))
