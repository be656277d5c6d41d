"""One side changes its own copy: its node finds where, and the copy of the other, still whole, mends it."""

import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from parley.demo.cheating import exchange
from parley.demo.country import Country, country
from parley.demo.hand import CommandError
from parley.demo.stage import StoryError
from parley.work import clock
from tests.demo.shown import Shown, family, is_alive, started, until
from tests.two_nodes.pair import LINK, B, Pair, make_home

DONE: Final = 0
NOT_PROVED: Final = 7


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_b_changes_in_its_own_database_is_found_there_and_put_back_from_a(tmp_path: Path) -> None:
    with started(tmp_path / "play", temp=tmp_path):
        shown = Shown(tmp_path / "play")
        shown.ready()
        a, b = (country(letter, shown.folder, pause=clock.sleep) for letter in "AB")
        try:
            _is_refused_before_there_is_something_to_change(shown)
            shown.watch("send")
            words = _words(b)
            _cheats(shown)
            _is_found_at_b_alone(shown)
            assert (_fsck(a), _fsck(b)) == (DONE, NOT_PROVED)
            assert _words(b) != words
            _is_not_played_on(shown)
            _comes_back_as_it_was(shown)
            _is_put_back(shown)
            assert (_fsck(a), _fsck(b)) == (DONE, DONE)
            assert _words(b) == words == _words(a)
        finally:
            a.hand.stop()
            b.hand.stop()


def _ordered(shown: Shown, what: str) -> None:
    assert shown.post("/en/watch", upto=what, speed="fast") == 303


def _is_refused_before_there_is_something_to_change(shown: Shown) -> None:
    _ordered(shown, "cheat")

    until(lambda: "no two inquiries" in shown.now()["fault"])
    assert not shown.now()["cheat"]["is_cheated"]


def _cheats(shown: Shown) -> None:
    _ordered(shown, "cheat")

    until(lambda: bool(shown.now()["cheat"]["is_cheated"]) and not shown.now()["is_playing"])


def _is_found_at_b_alone(shown: Shown) -> None:
    now = shown.now()

    changed, ours, theirs = now["cheat"]["lines"]
    places = {
        json.loads((shown.folder / "place.json").read_text())["cheat"][each] for each in ("one", "other")
    }
    assert all(f"A {place}" in changed and f"A {place}" in theirs for place in places)
    assert ours == "Country A's check: whole; nothing of A's copy was touched."
    assert now["same"] == "Not equal: Country B's own copy was changed."
    assert now["digests"]["A"] != now["digests"]["B"]
    assert not now["is_same"]


def _is_not_played_on(shown: Shown) -> None:
    _ordered(shown, "same")
    _ordered(shown, "cheat")

    assert not shown.now()["is_playing"]
    assert shown.now()["fault"] == ""


def _comes_back_as_it_was(shown: Shown) -> None:
    noted = shown.noted()["page"]
    (host,) = [pid for pid in family(os.getpid()) if "parley.demo.host" in _command(pid)]
    os.kill(host, signal.SIGKILL)
    until(lambda: not is_alive(host))
    shown.ready()

    assert shown.noted()["page"] == noted
    assert shown.now()["cheat"]["is_cheated"]


def _is_put_back(shown: Shown) -> None:
    _ordered(shown, "put_back")

    until(lambda: not shown.now()["cheat"]["is_cheated"])
    until(lambda: bool(shown.now()["is_same"]))
    assert shown.now()["fault"] == ""


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _words(side: Country) -> Any:  # noqa: ANN401 - what the command line shows of the first inquiry
    first = side.do("inquiry", "list", "--link", LINK, "--limit", "200")["inquiries"][-1]["statement"]
    return side.do("inquiry", "show", first)["letter"]


def _fsck(side: Country) -> int:
    try:
        side.do("record", "fsck")
    except CommandError as error:
        return int(error.exit or 0)
    return DONE


@pytest.fixture(name="made")
def fixture_made(tmp_path: Path) -> Callable[[str], Country]:
    def make(world: str) -> Country:
        side = country("B", tmp_path, pause=clock.sleep)
        make_home(side.home.root, B, world=world)
        return side

    return make


@pytest.mark.parametrize("world", ["live", "ex-spring"])
def test_nothing_is_changed_outside_world_demo(made: Callable[[str], Country], world: str) -> None:
    with pytest.raises(StoryError, match="not of world demo"):
        exchange(made(world), 0, 1)


def test_a_change_that_breaks_off_leaves_the_record_and_its_guards_as_they_were(tmp_path: Path) -> None:
    pair = Pair(tmp_path / "pair")
    pair.sends(title="one")
    pair.settle()
    pair.stop()
    side = country("B", tmp_path, pause=clock.sleep)
    shutil.copytree(pair.homes[B].root, side.home.root)
    before = _content(side)

    with pytest.raises(TypeError):
        exchange(side, 1, 99)

    assert _content(side) == before


def _content(side: Country) -> list[str]:
    with closing(sqlite3.connect(side.home.record)) as db:
        return [*db.iterdump()]
