"""parley record erase, erasures, hold: content goes for ever, by two officers, and not while it is held."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from parley.work import clock
from tests.cli.side import Answer, Side, Sides, make_sides

pytestmark = pytest.mark.slow

URL: Final = "http://canary-of-the-third-cage.example/"


@pytest.fixture(name="own")
def fixture_own(tmp_path: Path) -> Iterator[Sides]:
    """Two linked nodes with two principals each, who have keys that the roots enrolled."""
    sides = make_sides(tmp_path)
    sides.make()
    sides.pair()
    for side in (sides.a, sides.b):
        added = side.ask("officer", "add", "second", "--secret-file", str(side.secret))
        assert added.exit == 0, added.json
        for name in (side.officer, "second"):
            made = side.ask("officer", "key", name, "--role", "principal", "--secret-file", str(side.secret))
            assert made.exit == 0, made.json
    sides.carry()
    yield sides
    sides.stop()


def both(side: Side, *words: str, second: str = "second") -> Answer:
    """Type a command that two officers of a side decide."""
    secret = ("--secret-file", str(side.secret))
    return side.ask("record", *words, "--as", side.officer, *secret, "--as", second, *secret)


def files_with(side: Side, canary: str) -> set[str]:
    """Return which files of a node have `canary` in them; the log of a database counts as the database."""
    found = (path for path in side.home.root.rglob("*") if path.is_file())
    return {path.name.removesuffix("-wal") for path in found if canary.encode() in path.read_bytes()}


def orders(side: Side) -> list[tuple[str, str]]:
    return [(each["ours"], each["theirs"]) for each in side.ask("record", "erasures").result["orders"]]


def test_both_sides_erase_and_no_file_of_either_node_has_a_word_of_it(own: Sides) -> None:
    inquiry = own.import_sites([URL])
    own.import_sites(["http://stays.example/"])
    for side in (own.a, own.b):
        assert side.ask("record", "rebuild").exit == 0
        assert "view.db" in files_with(side, "canary-of-the-third")

    done = both(own.a, "erase", inquiry, "--for-good")
    own.carry()
    half = orders(own.a)
    order = done.result["order"].replace(" ", "-")
    obeyed = both(own.b, "erase", "--request", order, "--for-good")
    own.carry()

    assert (done.exit, done.result["is_clean"]) == (0, True), done.json
    assert (obeyed.exit, obeyed.result["is_clean"]) == (0, True), obeyed.json
    assert half == [("erased", "waiting")]
    for side in (own.a, own.b):
        assert orders(side) == [("erased", "erased")]
        assert files_with(side, "canary") == set()
        assert side.ask("record", "fsck").exit == 0
        assert side.ask("record", "rebuild", "--compare").result["differences"] == []
        assert files_with(side, "stays.example") == {"view.db"}


def test_an_export_says_that_it_was_erased_and_verifies(own: Sides, tmp_path: Path) -> None:
    inquiry = own.import_sites([URL])
    assert both(own.a, "erase", inquiry, "--for-good").exit == 0
    own.carry()
    out = tmp_path / "evidence.zip"

    exported = own.a.ask("record", "export", "a-b", str(out), "--all")
    verified = own.a.type("verify", str(out))

    assert exported.exit == 0, exported.json
    # It fits together, and no digits were given to prove whose it is.
    assert (verified.exit, "1 erased" in verified.out) == (1, True), verified.out
    assert "Not yet proved: everything in this file fits together" in verified.out
    assert b"canary" not in out.read_bytes()


def test_without_for_good_one_only_sees_what_would_be_destroyed(own: Sides) -> None:
    inquiry = own.import_sites([URL])

    seen = both(own.a, "erase", inquiry)

    assert (seen.exit, seen.result["destroyed"]) == (0, False)
    assert orders(own.a) == []
    assert len(own.a.show(inquiry)["items"]) == 1


@pytest.mark.parametrize("second", ["desk-a", "nobody"])
def test_one_officer_alone_destroys_nothing(own: Sides, second: str) -> None:
    inquiry = own.import_sites([URL])

    said = both(own.a, "erase", inquiry, "--for-good", second=second)

    assert said.exit != 0
    assert said.fault["code"] in {"two_officers", "wrong_secret"}
    assert orders(own.a) == []


def test_what_is_held_is_not_destroyed_and_the_other_side_is_told_so(own: Sides) -> None:
    inquiry = own.import_sites([URL])
    held = own.b.ask(
        *("record", "hold", inquiry, "--reason", "court", "--as", own.b.officer),
        *("--secret-file", str(own.b.secret)),
    )
    order = both(own.a, "erase", inquiry, "--for-good").result["order"].replace(" ", "-")
    own.carry()

    blocked = both(own.b, "erase", "--request", order, "--for-good")
    refused = both(own.b, "erase", "--request", order, "--refuse", "legal_hold")
    own.carry()

    assert held.exit == 0, held.json
    assert blocked.fault["code"] == "held"
    assert refused.exit == 0, refused.json
    assert orders(own.a) == [("erased", "legal_hold")]
    assert own.b.ask("record", "hold", "--list").result["holds"][0]["reason"] == "court"


def test_a_hold_that_was_lifted_holds_no_more(own: Sides) -> None:
    inquiry = own.import_sites([URL])
    by = ("--as", own.a.officer, "--secret-file", str(own.a.secret))
    own.a.ask("record", "hold", inquiry, "--reason", "court", *by)
    held = both(own.a, "erase", inquiry, "--for-good")
    own.a.ask("record", "hold", inquiry, "--release", *by)

    assert held.fault["code"] == "held"
    assert own.a.ask("record", "hold", "--list").result["holds"] == []
    assert both(own.a, "erase", inquiry, "--for-good").exit == 0


def test_what_the_record_is_checked_with_cannot_be_destroyed(own: Sides) -> None:
    said = both(own.a, "erase", "A-0", "--for-good")

    assert said.fault["code"] == "kept"


@contextmanager
def served(side: Side) -> Iterator[None]:
    """Have `parley serve` run for a node, at any ports, while the block lasts."""
    toml = side.home.settings_file
    ports = re.compile(r'^(pages|partner) = "127[.]0[.]0[.]1:[0-9]+"$', re.MULTILINE)
    toml.write_text(ports.sub(r'\1 = "127.0.0.1:0"', toml.read_text("utf-8")), "utf-8")
    environ = os.environ | {
        "PARLEY_HOME": str(side.home.root),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    command = [sys.executable, "-P", "-m", "parley.cli", "serve"]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        until(lambda: bool(side.ask("status").json.get("result", {}).get("core_runs")))
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def until(is_so: Callable[[], bool]) -> None:
    deadline = clock.monotonic() + 60
    while not is_so():
        assert clock.monotonic() < deadline, "it did not come about"
        clock.sleep(0.1)


def test_a_node_that_is_served_destroys_it_while_it_runs(own: Sides) -> None:
    inquiry = own.import_sites([URL])
    with served(own.a):
        until(lambda: "view.db" in files_with(own.a, "canary-of-the-third"))

        done = both(own.a, "erase", inquiry, "--for-good")

        assert (done.exit, done.result["is_clean"]) == (0, True), done.json
        assert files_with(own.a, "canary") == set()
