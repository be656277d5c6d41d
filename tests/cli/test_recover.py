"""parley link recover: what is lost of our own log, and what two officers decide about it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.side import LINK, Answer, Side, Sides, make_sides

pytestmark = pytest.mark.slow


@pytest.fixture(name="fresh")
def fixture_fresh(tmp_path: Path) -> Iterator[Sides]:
    sides = make_sides(tmp_path)
    sides.make_paired()
    yield sides
    sides.stop()


def decide(side: Side, *words: str, by: str = "") -> Answer:
    """Have an officer of a side type it, the first one unless another is named."""
    name = by or side.officer
    return side.ask("link", "recover", LINK, *words, "--as", name, "--secret-file", str(side.secret))


def test_a_whole_log_is_told_so_and_there_is_nothing_to_decide(fresh: Sides) -> None:
    shown = fresh.a.ask("link", "recover", LINK)

    assert (shown.exit, shown.result["lost"], shown.result["logs"]) == (0, None, 1)
    for decision in (["--digits", "12345 " * 12], ["--alone"]):
        refused = decide(fresh.a, *decision)
        assert (refused.exit != 0, refused.fault["code"]) == (True, "not_lost")


def test_with_the_anchor_lost_the_digits_are_shown_and_two_officers_confirm_them(fresh: Sides) -> None:
    fresh.a.ask("officer", "add", "second", "--secret-file", str(fresh.a.secret))
    shutil.rmtree(fresh.a.home.anchor)

    shown = fresh.a.ask("link", "recover", LINK)
    digits = shown.result["lost"]["digits"]
    nobody = fresh.a.ask("link", "recover", LINK, "--digits", digits)
    wrong = decide(fresh.a, "--digits", "12345 " * 12)
    early = decide(fresh.a, "--alone")
    first = decide(fresh.a, "--digits", digits)
    again = decide(fresh.a, "--digits", digits)
    held = fresh.a.ask("link", "recover", LINK)
    right = decide(fresh.a, "--digits", digits, by="second")

    assert shown.result["lost"]["cause"] == "lost"
    assert nobody.fault["code"] == "missing_option"
    assert (wrong.fault["code"], early.fault["code"]) == ("other_digits", "too_early")
    assert (first.exit, again.fault["code"]) == (5, "signed_already")
    assert not held.result["lost"]["is_sealed"]
    assert right.exit == 0
    assert right.result["lost"]["is_sealed"]
