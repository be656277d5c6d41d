"""What the README says was measured is what was measured."""

import json
from typing import Any, Final

import pytest

from tests.house.tree import ROOT
from tools.measures.table import PLACE, TITLES, figure, shown, table

KEPT: Final = ROOT / "docs" / "bench.json"


@pytest.fixture(name="kept")
def fixture_kept() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    return kept


def test_the_table_of_the_readme_is_that_of_the_file(kept: dict[str, Any]) -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")

    assert PLACE.findall(page) == [table(kept)], "./run shell python tools/measures/table.py"


def test_every_figure_that_was_kept_is_in_the_table(kept: dict[str, Any]) -> None:
    shown_rows = table(kept).splitlines()

    for row in kept["rows"].values():
        (line,) = [each for each in shown_rows if each.startswith(f"| {TITLES[row['name']]} |")]
        assert all(f"{value:,}" in line for value in row["figures"].values())
        assert row["gate"] in line
        assert ("**no**" in line) == (not row["is_within"])


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("per_second", 11496, "11,496 a second"),
        ("bare_milliseconds", 8.14, "bare 8.14 ms"),
        ("longest_wait_seconds", 0.176, "longest wait 0.176 s"),
        ("pss_mebibytes", 205, "pss 205 MiB"),
    ],
)
def test_a_figure_is_told_with_its_unit(name: str, value: float, text: str) -> None:
    assert figure(name, value) == text


def test_a_table_takes_the_place_of_the_one_before(kept: dict[str, Any]) -> None:
    page = "before\n<!-- measured -->\n| old |\n<!-- /measured -->\nafter\n"

    fresh = shown(page, kept)

    assert fresh == f"before\n<!-- measured -->\n{table(kept)}<!-- /measured -->\nafter\n"
    assert shown(fresh, kept) == fresh
