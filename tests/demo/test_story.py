"""The demonstration as it is played: two real nodes, the whole story, and processes that die in it."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from parley.demo.place import Place
from tests.demo.shown import family

ROOT = Path(__file__).resolve().parents[2]
# What the story promises, whatever happens to its processes.
PROMISED = {
    "same": True,
    "inquiries": 20,
    "items": 59,
    "answered": 12,
    "refused": 3,
    "supplied": 1,
    "pending": 4,
    "crossed": 1,
    "not_visible": 1,
    "missed": 0,
    "calls": 2,
    "commitments": 4,
    "offers": 1,
    "cases": 1,
    "findings": 1,
    "versions": 2,
    "clauses": 3,
    "outcomes": "released",
}
# Computed by each side from its own record: `same` says that they are equal.
DIGESTS = ("digest", "rooms_digest", "report_digest", "review_digest", "release_digest")


def play(folder: Path, language: str = "en", *, log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as out:
        return subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "parley.cli",
                "demo",
                "--headless",
                "--dir",
                str(folder),
                "--lang",
                language,
            ],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            stdout=out,
            stderr=subprocess.STDOUT,
        )


def figures(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "same.json").read_text(encoding="utf-8"))
    assert all(found[name] for name in DIGESTS)
    return {name: found[name] for name in PROMISED}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_story_comes_to_its_end_in_chinese_and_both_records_are_the_same(tmp_path: Path) -> None:
    log = tmp_path / "told"

    code = play(tmp_path, "zh", log=log).wait(800)

    told = log.read_text(encoding="utf-8")
    assert code == 0, told
    assert figures(tmp_path) == PROMISED
    assert "双方" in told


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whatever_process_is_killed_the_story_goes_on_to_the_same_end(tmp_path: Path) -> None:
    log = tmp_path / "told"
    process = play(tmp_path, log=log)
    dice = random.Random(7)  # noqa: S311 - which process dies is no secret
    killed = 0

    while process.poll() is None:
        time.sleep(dice.uniform(0.5, 2.5))
        victims = family(process.pid)
        if victims and killed < 12:
            _kill(dice.choice(victims))
            killed += 1

    assert process.returncode == 0, log.read_text(encoding="utf-8")
    assert killed >= 5
    assert figures(tmp_path) == PROMISED


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_a_step_that_is_noted_is_not_done_again(tmp_path: Path) -> None:
    Place(tmp_path / "place.json").once("greet", lambda: {"said": "hello"})

    again = Place(tmp_path / "place.json").once("greet", lambda: {"said": "twice"})

    assert again == {"said": "hello"}
