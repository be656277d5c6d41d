"""parley link status: whether their desk is watched, their office hours, their offices."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from parley.protocol.strictjson import JsonSource
from parley.work import clock
from tests.cli.side import LINK, Side, Sides, make_sides
from tests.cli.test_linetests import POINTS
from tests.links.office import core_that_says, courier

NOT_CONFIRMED = "Country B has not said in the last minutes that its desk is watched."


@pytest.fixture(name="agreed", scope="module")
def fixture_agreed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Two linked nodes whose offers both proposed that each side tells whether its desk is watched."""
    sides = make_sides(tmp_path_factory.mktemp("sides"))
    sides.make()
    for side in (sides.a, sides.b):
        with side.home.settings_file.open("a", encoding="utf-8") as settings:
            settings.write("\n[desk]\nwatch_shown = true\n")
        assert side.ask("link", "card", "--out", str(side.folder / "offer")).exit == 0
    sides.pair()
    yield sides
    sides.stop()


def desks(**said: int) -> Mapping[str, JsonSource]:
    return {**courier(succeeded_at=clock.now()), "their_desks": {LINK: said["at"]} if said else {}}


def status(side: Side) -> tuple[str, Any]:
    """Return what the command prints, and what it says of the desk with `--json`."""
    (link,) = side.ask("link", "status").result["links"]
    return side.type("link", "status").out, link["their_desk"]


def test_their_word_stands_there_with_the_minute_that_it_names(agreed: Sides) -> None:
    minute = clock.now() // 60 * 60

    with core_that_says(agreed.a.home, desks(at=minute)):
        shown, desk = status(agreed.a)

    assert f"{LINK}: Country B says that its desk is watched." in shown
    assert (desk["is_told"], desk["watched_at"]) == (True, minute)


def test_without_their_word_or_without_core_it_is_not_confirmed(agreed: Sides) -> None:
    with core_that_says(agreed.a.home, desks()):
        silent, _desk = status(agreed.a)
    without_core, desk = status(agreed.a)

    assert NOT_CONFIRMED in silent
    assert NOT_CONFIRMED in without_core
    assert "unwatched" not in silent
    assert (desk["is_told"], desk["watched_at"]) == (True, None)


def test_where_the_terms_do_not_say_so_a_word_is_not_shown(sides: Sides) -> None:
    with core_that_says(sides.a.home, desks(at=clock.now())):
        shown, desk = status(sides.a)

    assert "watched" not in shown
    assert (desk["is_told"], desk["watched_at"]) == (False, None)


def test_their_hours_are_those_of_the_terms_and_their_offices_are_by_their_word(agreed: Sides) -> None:
    before, empty = status(agreed.a)
    file = agreed.b.folder / "contacts.json"
    file.write_text(json.dumps(POINTS), encoding="utf-8")

    assert agreed.b.act("link", "contacts", "set", LINK, str(file)).exit == 0
    agreed.carry()

    shown, desk = status(agreed.a)
    assert "by their word" not in before
    assert empty["offices"] == []
    assert f"{LINK}: Their offices, by their word: Duty desk (duty desk, round the clock)" in shown
    assert [each["rung"] for each in desk["offices"]] == ["duty_desk"]
    hours = ("Their offices are open now.", "Their offices are closed now, and open at 20")
    assert any(f"{LINK}: {each}" in shown for each in hours)
    assert "全天候" in agreed.a.type("link", "status", "--lang", "zh").out
