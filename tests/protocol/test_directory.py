"""Contact points: what is a list of offices, and what is none."""

import pytest

from parley.protocol.breach import BreachError
from parley.protocol.clauses import Hours, Level, Rung
from parley.protocol.directory import MAX_POINTS, read_directory, read_said, write_directory
from parley.protocol.strictjson import JsonValue

POINT: dict[str, JsonValue] = {
    "rung": "duty_desk",
    "level": "desk",
    "office": {"en": "Duty desk", "zh": "值班台"},
    "languages": ["en", "zh"],
    "hours": "always",
    "channels": [{"way": "phone", "address": "+00 1 234 5678"}],
    "keys": ["9F2C 11D0"],
}


def test_a_list_of_offices_is_read_and_written_back() -> None:
    directory = read_directory({"points": [POINT, {**POINT, "rung": None, "keys": []}]})

    first, second = directory.points
    assert (first.rung, first.level, first.hours) == (Rung.DUTY_DESK, Level.DESK, Hours.ALWAYS)
    assert second.rung is None
    assert read_directory(write_directory(directory)) == directory


def test_what_else_stands_in_the_body_is_passed_over() -> None:
    assert read_directory({"points": [], "text": "as of today"}).points == ()


@pytest.mark.parametrize(
    "change",
    [
        {"rung": "doorman"},
        {"level": "king"},
        {"office": {"en": "Desk"}},
        {"office": {"en": "Desk\u0007", "zh": "台"}},
        {"office": {"en": "x" * 201, "zh": "台"}},
        {"languages": []},
        {"languages": ["English"]},
        {"hours": "sometimes"},
        {"channels": [{"way": "pigeon", "address": "roof"}]},
        {"channels": [{"way": "phone", "address": ""}]},
        {"keys": ["k"] * 9},
        {"name": "Mr X"},
    ],
    ids=[
        *("rung", "level", "one language", "bell", "long", "mute", "language", "hours", "way", "no address"),
        *("keys", "name"),
    ],
)
def test_what_is_no_office_is_refused(change: dict[str, JsonValue]) -> None:
    with pytest.raises(BreachError, match=r"§13\.9"):
        read_directory({"points": [{**POINT, **change}]})


@pytest.mark.parametrize("body", [None, {}, {"points": "none"}, {"points": [POINT] * (MAX_POINTS + 1)}])
def test_what_is_no_list_is_refused(body: dict[str, JsonValue] | None) -> None:
    with pytest.raises(BreachError, match=r"§13\.9"):
        read_directory(body)


def test_the_act_says_nothing_since_all_stands_in_the_body() -> None:
    read_said("link.listed", {})

    with pytest.raises(BreachError, match=r"§13\.9"):
        read_said("link.listed", {"points": []})
