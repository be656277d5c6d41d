"""parley link recover: what is lost of our own log, and what two officers decide about it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.side import LINK, Sides, make_sides

pytestmark = pytest.mark.slow


@pytest.fixture(name="fresh")
def fixture_fresh(tmp_path: Path) -> Iterator[Sides]:
    sides = make_sides(tmp_path)
    sides.make()
    sides.pair()
    yield sides
    sides.stop()


def test_a_whole_log_is_told_so_and_there_is_nothing_to_decide(fresh: Sides) -> None:
    shown = fresh.a.ask("link", "recover", LINK)

    assert (shown.exit, shown.result["lost"], shown.result["logs"]) == (0, None, 1)
    for decision in (["--digits", "12345 " * 12], ["--alone"]):
        refused = fresh.a.ask("link", "recover", LINK, *decision)
        assert (refused.exit != 0, refused.fault["code"]) == (True, "not_lost")


def test_with_the_anchor_lost_the_digits_are_shown_and_confirmed(fresh: Sides) -> None:
    shutil.rmtree(fresh.a.home.anchor)

    shown = fresh.a.ask("link", "recover", LINK)
    wrong = fresh.a.ask("link", "recover", LINK, "--digits", "12345 " * 12)
    early = fresh.a.ask("link", "recover", LINK, "--alone")
    right = fresh.a.ask("link", "recover", LINK, "--digits", shown.result["lost"]["digits"])

    assert shown.result["lost"]["cause"] == "lost"
    assert (wrong.fault["code"], early.fault["code"]) == ("other_digits", "too_early")
    assert right.exit == 0
    assert right.result["lost"]["is_sealed"]
