"""The page about what holds says what was found, and every figure names what found it."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from tests.house.tree import ROOT
from tools import chunks
from tools.campaign import PLAYED
from tools.chunks import CHUNK, done, keep, read_rows
from tools.chunks import KEPT as KEPT_HERE
from tools.chunks import PLAYED as PLAYED_HERE
from tools.core import bare, core_of
from tools.reliability import FIGURES, KEPT, LATER, PAGE, bound, collect, is_shorter, page

LINES: Final = (
    {"kind": "honest", "first": 0, "count": 100, "failures": [{"seed": 7}], "commit": "old", "date": "1"},
    {"kind": "honest", "first": 0, "count": 100, "failures": [], "commit": "new", "date": "2"},
    {"kind": "hostile", "first": 0, "count": 100, "failures": [{"seed": 9}], "commit": "new", "date": "2"},
    {"kind": "honest", "first": 100, "count": 100, "failures": [], "commit": "new", "date": "3"},
)


@pytest.fixture(name="results")
def fixture_results(tmp_path: Path) -> Path:
    text = "".join(json.dumps(line) + "\n" for line in LINES)
    (tmp_path / "campaign.jsonl").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_page_is_that_of_the_file() -> None:
    kept: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))

    assert PAGE.read_text(encoding="utf-8") == page(kept), "./run reliability --keep"


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_names_a_harness_that_exists_and_a_command(name: str) -> None:
    figure = FIGURES[name]

    assert (ROOT / figure.harness).is_file()
    assert f"    {figure.command.split()[1]}" in (ROOT / "run").read_text(encoding="utf-8").replace(
        "  ", "    "
    )


def test_every_figure_that_is_kept_has_a_commit_and_is_one_of_the_list() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))["figures"]

    assert set(kept) <= set(FIGURES)
    assert all(each["commit"] and each["tries"] > 0 for each in kept.values())


def test_results_of_one_commit_are_counted_together_and_no_others(results: Path) -> None:
    found = collect(FIGURES["F1"], folder=results)

    assert found == {"tries": 200, "failures": 0, "seeds": "0 to 199", "commit": "new", "date": "3"}
    assert bound(FIGURES["F1"], found) == "0.015"


def test_where_something_failed_there_is_no_bound(results: Path) -> None:
    found = collect(FIGURES["F2"], folder=results)

    assert found is not None
    assert found["failures"] == 1
    assert bound(FIGURES["F2"], found) == "none"


def test_what_was_not_run_is_said_so(results: Path) -> None:
    assert collect(FIGURES["F13"], folder=results) is None
    assert page({"python": "3", "cores": 1, "figures": {}}).count("| not run |") == len(FIGURES)


def test_results_of_one_core_are_counted_together_whatever_the_commit(tmp_path: Path) -> None:
    rows = [
        {**LINES[1], "first": first, "core": core, "commit": commit}
        for first, core, commit in ((0, "c1", "old"), (100, "c2", "old"), (200, "c2", "new"))
    ]
    (tmp_path / "campaign.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8"
    )

    found = collect(FIGURES["F1"], folder=tmp_path)

    assert found is not None
    assert (found["tries"], found["commit"]) == (200, "new")


def test_a_long_run_stays_until_a_later_core_ran_as_long_or_failed() -> None:
    long = {"tries": 300, "failures": 0}

    assert is_shorter("F1", {"tries": 299, "failures": 0}, long)
    assert not is_shorter("F1", {"tries": 300, "failures": 0}, long)
    assert not is_shorter("F1", {"tries": 1, "failures": 1}, long)
    assert not is_shorter("F1", {"tries": 1, "failures": 0}, None)
    # Where no other line tells of the newest core, it has this one.
    assert not is_shorter("F3", {"tries": 1, "failures": 0}, long)
    assert {FIGURES[one].command for one in LATER} == {FIGURES[two].command for two in LATER.values()}


def played(first: int, *, core: str = "c", kind: str = "honest", failures: int = 0) -> dict[str, Any]:
    return {
        "kind": kind,
        "first": first,
        "count": CHUNK,
        "seconds": 1.5,
        "statements": 7,
        "faults": {"drop": 2, f"only {first}": 1},
        "failures": [{"seed": str(first + n)} for n in range(failures)],
        "core": core,
        "commit": f"made at {first}",
        "date": f"2026-01-{1 + first // CHUNK:02}",
    }


def write_played(folder: Path, *rows: dict[str, Any]) -> None:
    (folder / "docs").mkdir(exist_ok=True)
    (folder / PLAYED_HERE).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_what_is_kept_of_a_long_run_is_a_line_for_each_span_without_a_gap(tmp_path: Path) -> None:
    hostile = played(0, kind="hostile")
    write_played(tmp_path, played(300, failures=1), played(0), hostile, played(100, failures=2))

    first, last, other = kept = keep(tmp_path)

    assert other == hostile
    assert (first["first"], first["count"], first["statements"], first["seconds"]) == (0, 200, 14, 3.0)
    assert first["faults"] == {"drop": 4, "only 0": 1, "only 100": 1}
    assert [each["seed"] for each in first["failures"]] == ["100", "101"]
    assert (first["commit"], first["date"]) == ("made at 100", "2026-01-02")
    assert (last["first"], last["count"], len(last["failures"])) == (300, 100, 1)
    assert [json.loads(line) for line in (tmp_path / KEPT_HERE).read_text().splitlines()] == kept


def test_what_is_kept_is_counted_once_and_not_played_again(tmp_path: Path) -> None:
    write_played(tmp_path, played(0), played(100))
    keep(tmp_path)
    write_played(tmp_path, played(100), played(200))

    found = collect(FIGURES["F1"], folder=tmp_path)

    assert found is not None
    assert (found["tries"], found["seeds"]) == (300, "0 to 299")
    assert done(read_rows(tmp_path), "honest", "c") == {0, 100, 200}
    assert keep(tmp_path)[0]["count"] == 300
    assert keep(tmp_path)[0]["count"] == 300


def test_of_what_was_played_on_an_older_core_nothing_is_kept(tmp_path: Path) -> None:
    write_played(tmp_path, played(0, core="old"))
    keep(tmp_path)
    write_played(tmp_path, played(200, core="new"))

    assert done(read_rows(tmp_path), "honest", "new") == {200}
    assert [(row["first"], row["core"]) for row in keep(tmp_path)] == [(200, "new")]


def test_what_is_kept_stays_the_newest_though_all_its_lines_were_played_here(tmp_path: Path) -> None:
    rows = (played(0, core="old"), played(100, core="old"), played(0, core="new") | {"date": "2026-01-02"})
    write_played(tmp_path, *rows)

    assert [(row["core"], row["count"]) for row in keep(tmp_path)] == [("new", 100)]
    assert [(row["core"], row["count"]) for row in keep(tmp_path)] == [("new", 100)]
    assert collect(FIGURES["F1"], folder=tmp_path) == {
        "tries": 100,
        "failures": 0,
        "seeds": "0 to 99",
        "core": "new",
        "commit": "made at 0",
        "date": "2026-01-02",
    }


def test_what_passed_a_check_that_was_too_strict_counts_and_what_failed_it_is_played_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What stands there names real cores, and goes with the next change of the core.
    monkeypatch.setattr(chunks, "SUCCESSORS", {"strict": "less", "less": "right"})
    strict = (played(0, core="strict"), played(100, core="strict", failures=1), played(200, core="less"))
    write_played(tmp_path, *strict)

    assert done(read_rows(tmp_path), "honest", "right") == {0, 200}

    write_played(tmp_path, *strict, played(100, core="right"))
    assert done(read_rows(tmp_path), "honest", "right") == {0, 100, 200}
    assert [(row["core"], row["count"], row["failures"]) for row in keep(tmp_path)] == [("right", 300, [])]


def test_what_was_played_on_both_counts_once_and_what_failed_on_either_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What stands there names real cores, and goes with the next change of the core.
    monkeypatch.setattr(chunks, "SUCCESSORS", {"strict": "right"})
    strict = (played(0, core="strict"), played(100, core="strict"))
    write_played(tmp_path, *strict, played(0, core="right"), played(100, core="right", failures=1))

    (kept,) = keep(tmp_path)

    assert (kept["first"], kept["count"], [each["seed"] for each in kept["failures"]]) == (0, 200, ["100"])


@pytest.mark.slow
def test_every_core_that_another_took_the_place_of_leads_to_the_one_that_is_here() -> None:
    for core in chunks.SUCCESSORS.values():
        assert core in chunks.SUCCESSORS or core == core_of(PLAYED)


def test_a_core_is_named_by_what_it_does_and_not_by_what_it_says() -> None:
    said = 'def f(x: int) -> int:\n    """Say one thing."""\n    return x + 1  # so\n'

    assert bare(said) == bare("def f(x: int) -> int: return (x + 1)")
    assert bare(said) != bare(said.replace("1", "2"))


@pytest.mark.slow
def test_the_core_of_the_simulator_is_that_of_both_nodes_and_of_no_page() -> None:
    played, ledger, record = (
        core_of(name) for name in (PLAYED, "parley.ledger.ledger", "parley.protocol.record")
    )

    assert re.fullmatch("[0-9a-f]{12}", played)
    assert played != ledger != record
