"""Programs of the house as providers: what they get, what their exit is worth, and that they end."""

import json
import os
import sys
from pathlib import Path

import pytest

from parley.gates.pager.attempt import GivenUpError
from parley.gates.pager.providers.command import run
from parley.gates.pager.ring import Answer, Outcome
from parley.gates.pager.settings import Command
from tests.pager.trying import REFERENCE, trying

TELL = """
import json, os, sys
got = {"environ": dict(os.environ), "stdin": sys.stdin.read(), "args": sys.argv[2:]}
json.dump(got, open(sys.argv[1], "w"))
"""


def program(source: str, *words: str) -> Command:
    return Command(command=(sys.executable, "-c", source, *words))


def test_a_program_gets_text_and_address_where_nobody_else_can_list_them(tmp_path: Path) -> None:
    answer = run(trying("Parley：请登录。"), program(TELL, str(tmp_path / "got"), "fixed"))

    got = json.loads((tmp_path / "got").read_text())
    assert answer == Answer(outcome=Outcome.ACCEPTED, said="exit 0")
    assert got["stdin"] == got["environ"]["PARLEY_TEXT"] == "Parley：请登录。"
    assert got["environ"]["PARLEY_TO"] == "+9995551234"
    assert got["environ"]["PARLEY_ID"] == REFERENCE
    assert got["args"] == ["fixed"]


def test_a_program_gets_nothing_else_of_this_node(tmp_path: Path) -> None:
    run(trying(), program(TELL, str(tmp_path / "got")))

    environ = json.loads((tmp_path / "got").read_text())["environ"]
    assert "PARLEY_HOME" in os.environ
    assert set(environ) - {"LC_CTYPE"} == {"PATH", "LANG", "PARLEY_TO", "PARLEY_TEXT", "PARLEY_ID"}


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(0, Outcome.ACCEPTED), (75, Outcome.FAILED), (1, Outcome.REFUSED), (3, Outcome.REFUSED)],
)
def test_the_exit_of_a_program_says_how_it_went(code: int, outcome: Outcome) -> None:
    assert run(trying(), program(f"raise SystemExit({code})")).outcome is outcome


def test_a_program_that_is_not_there_sends_nothing() -> None:
    answer = run(trying(), Command(command=("/nowhere/at/all",)))

    assert answer.outcome is Outcome.FAILED
    assert answer.said.startswith("it did not start")


def test_a_program_that_does_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    reader = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)
    source = (
        "import os, signal, sys\n"
        "held = open(sys.argv[1], 'wb', buffering=0)\n"
        "os.fork()\n"
        "held.write(b'x')\n"
        "signal.pause()\n"
    )
    attempt = trying(seconds=2)

    with pytest.raises((TimeoutError, GivenUpError)):
        run(attempt, program(source, str(alive)))

    os.set_blocking(reader, True)
    assert attempt.is_committed
    # The end of the pipe comes when nobody is left who holds it.
    with os.fdopen(reader, "rb") as stream:
        assert stream.read() == b"xx"


def test_a_program_that_does_not_read_its_text_still_counts() -> None:
    assert run(trying("x" * 100_000), program("raise SystemExit(0)")).outcome is Outcome.ACCEPTED
