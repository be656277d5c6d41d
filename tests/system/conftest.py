"""Writes one line into system.jsonl for each test with real faults; `./run reliability` reads them.

    {"test", "tries", "outcome", "seed", "told", "seconds", "commit", "date"}

`tries` is what the test recorded under that name, or 1; `told` is what it printed.
"""

import json
import re
import subprocess
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Final

import pytest

from parley.work import clock
from tests.house.tree import ROOT

RESULTS: Final = ROOT / "system.jsonl"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" or report.failed:
        _write(item, call, report)
    return report


def _write(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
    seeds = re.findall(r"^SEED=(\d+)$", report.capstdout, re.MULTILINE)
    row = {
        "test": item.nodeid,
        "tries": dict(item.user_properties).get("tries", 1),
        "outcome": report.outcome,
        "seed": int(seeds[0]) if seeds else None,
        "told": [line for line in report.capstdout.splitlines() if not line.startswith("SEED=")],
        "seconds": round(call.duration, 1),
        "commit": _commit(),
        "date": datetime.fromtimestamp(clock.now(), UTC).strftime("%Y-%m-%d"),
    }
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def _commit() -> str:
    words = ("git", "describe", "--always", "--dirty")
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"
