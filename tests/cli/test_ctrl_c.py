"""Ctrl-C in the middle of a test of the line: what was said stands, and the same command goes on with it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from tests.cli.side import LINK, Side, Sides
from tests.keyboard import hear_signals


def interrupted(side: Side, *words: str) -> tuple[int, Sequence[str]]:
    """Type a command at a terminal, press Ctrl-C once it waits, and return its exit code and what it said."""
    environ = os.environ | {
        "PARLEY_HOME": str(side.home.root),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "LANG": "C.UTF-8",
    }
    command = [sys.executable, "-P", "-m", "parley.cli", *words, "--json"]
    command += ["--as", side.officer, "--secret-file", str(side.secret)]
    hear_signals()
    typed = subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert typed.stderr is not None
    told = next((line for line in typed.stderr if "Saved here" in line), None)
    assert told is not None, "it never waited"
    typed.send_signal(signal.SIGINT)
    said, _rest = typed.communicate(timeout=60)
    return typed.returncode, said.splitlines()


def openings(side: Side) -> list[str]:
    return [each["place"] for each in side.ask("call", "list").result["calls"]]


def test_a_test_that_was_interrupted_runs_on_and_is_no_second_one(sides: Sides) -> None:
    code, said = interrupted(sides.a, "link", "test", LINK, "--wait", "3600")

    (told,) = [json.loads(line) for line in said]
    place = told["result"]["place"]
    assert (code, told["result"]["answered_after"], told["result"]["closed_by_us"]) == (5, None, False)
    assert openings(sides.a) == [place]

    again = sides.a.act("link", "test", LINK, "--wait", "0")
    assert (again.exit, again.result["place"]) == (5, place)
    assert "continued" in again.err
    assert openings(sides.a) == [place]


def test_a_ladder_that_was_interrupted_pressed_no_rung_that_is_not_in_the_record(sides: Sides) -> None:
    code, _said = interrupted(sides.b, "link", "test", LINK, "--what", "ladder", "--wait", "3600")

    (place,) = openings(sides.b)
    shown = sides.b.ask("call", "show", place.replace(" ", "-")).result
    pressed = [each for each in shown["timeline"] if each["kind"] == "call.said"]
    again = sides.b.act("link", "test", LINK, "--what", "ladder", "--wait", "0")

    assert code == 5
    assert again.result["place"] == place
    assert pressed == []
