"""Killed at any moment: what was acknowledged is there, and no size was ever signed with two roots."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from parley.ledger.rebuild import rebuild
from parley.protocol import tree
from tests.house.tree import ROOT
from tests.two_nodes.pair import LINK, A, Pair
from tests.two_nodes.tables import tables

pytestmark = pytest.mark.slow


def run_and_kill(home: Path, name: str, *, after: float) -> list[list[str]]:
    """Return what a core in `home` told before it was killed, so many seconds after its first word."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    command = [sys.executable, "-m", "tests.ledger.child", str(home), name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(after)
        child.kill()
        rest = child.stdout.read()
    lines = (first + rest).decode().splitlines(keepends=True)
    return [line.split() for line in lines if line.endswith("\n")]


@pytest.mark.parametrize("times", [5, pytest.param(20, marks=[pytest.mark.slow, pytest.mark.timeout(600)])])
def test_what_was_acknowledged_survives_every_kill_and_every_head_holds(pair: Pair, times: int) -> None:
    home = pair.homes[A].root
    pair.stop()
    said: dict[int, bytes] = {}
    heads: dict[int, set[str]] = {}

    for number in range(times):
        for word, place, value in run_and_kill(home, str(number), after=0.01 + number * 37 % 190 / 1000):
            if word == "entry":
                said[int(place)] = bytes.fromhex(value)
            else:
                heads.setdefault(int(place), set()).add(value)
    for node in pair.names:
        pair.start(node)

    entries = {row.index: row.statement for row in pair.rows(A) if row.writer == A}
    assert len(said) > times
    assert said.items() <= entries.items()
    leaves = [entries[index] for index in range(len(entries))]
    assert {size: {tree.root_of(leaves[:size]).hex()} for size in heads} == heads
    assert pair.standing(A).head_size == len(entries)
    pair.settle()
    assert pair.is_settled()


def test_a_kill_between_writing_and_signing_is_made_good_at_the_start(pair: Pair) -> None:
    pair.sends(node=A)
    pair.ledgers[A].stop()
    # As if the process had ended right after the commit: the text is there, the note is not.
    before = tables(pair.homes[A])
    drop_newest_note(pair)

    pair.start(A)

    assert pair.standing(A).head_size == 2
    assert tables(pair.homes[A], only={"head"})["head"] == before["head"]
    pair.settle()
    assert pair.is_settled()


def drop_newest_note(pair: Pair) -> None:
    db = sqlite3.connect(pair.homes[A].record, isolation_level=None)
    found = db.execute("DELETE FROM head_note WHERE log = 1 AND size = 2")
    assert found.rowcount == 1
    db.close()


def test_after_a_kill_the_record_folds_to_what_it_says(pair: Pair) -> None:
    home = pair.homes[A]
    pair.stop()

    run_and_kill(home.root, "once", after=0.05)

    assert rebuild(home, compare=True).differences == ()
    pair.start(A)
    with pair.reader(A) as reader:
        assert reader.status(LINK) is not None
