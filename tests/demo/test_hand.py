"""The hand of one side when its command line cannot start."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from parley.demo.hand import CommandError, Hand


def test_a_hand_that_dies_each_time_says_what_it_died_of(tmp_path: Path) -> None:
    hand = Hand(home=tmp_path, log=tmp_path / "hand.log", pause=lambda _seconds: None, tries=2)
    hand.do(
        *("init", "--node", "a.example", "--world", "demo", "--name-en", "Country A", "--name-zh", "甲国"),
        *("--url", "http://127.0.0.1:9/parley/v1"),
    )
    hand.stop()
    (tmp_path / "house.db").unlink()
    # A table stands there that is none of ours.
    with closing(sqlite3.connect(tmp_path / "house.db")) as house:
        house.execute("CREATE TABLE agencies_officer (id INTEGER PRIMARY KEY)")

    with pytest.raises(CommandError, match=r"no_answer: (?s:.)*no such column"):
        hand.do("officer", "list")
