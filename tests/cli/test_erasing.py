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
    sides.make_paired()
    for side in (sides.a, sides.b):
        added = side.ask("officer", "add", "second", "--secret-file", str(side.secret))
        assert added.exit == 0, added.json
        for name in (side.officer, "second"):
            made = side.ask("officer", "key", name, "--role", "principal", "--secret-file", str(side.secret))
            assert made.exit == 0, made.json
    sides.carry()
    yield sides
    sides.stop()


def by(side: Side, officer: str, *words: str) -> Answer:
    """Have one officer of a side type a command about the record."""
    return side.ask("record", *words, "--as", officer, "--secret-file", str(side.secret))


def both(side: Side, *words: str) -> Answer:
    """Have two officers of a side type the same command, and return what the second is told."""
    by(side, side.officer, *words)
    return by(side, "second", *words)


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


@pytest.mark.parametrize(
    ("second", "code"), [("desk-a", "signed_already"), ("nobody", "wrong_secret"), ("desk", "no_officer_key")]
)
def test_one_officer_alone_destroys_nothing(own: Sides, second: str, code: str) -> None:
    own.a.ask("officer", "add", "desk", "--secret-file", str(own.a.secret))
    inquiry = own.import_sites([URL])

    first = by(own.a, own.a.officer, "erase", inquiry, "--for-good")
    said = by(own.a, second, "erase", inquiry, "--for-good")

    assert (first.exit, first.result["saved"]) == (5, False)
    assert (said.exit != 0, said.fault["code"]) == (True, code)
    assert orders(own.a) == []
    assert len(own.a.show(inquiry)["items"]) == 1


def test_what_another_officer_types_is_the_very_same_or_an_order_of_its_own(own: Sides) -> None:
    inquiry, other = own.import_sites([URL]), own.import_sites(["http://other.example/"])
    by(own.a, own.a.officer, "erase", inquiry, "--for-good")

    for words in ((other,), (inquiry, other), (inquiry, "--ground", "retention")):
        assert by(own.a, "second", "erase", *words, "--for-good").exit == 5
    assert orders(own.a) == []
    assert by(own.a, "second", "erase", inquiry, "--for-good").exit == 0
    assert orders(own.a) == [("erased", "waiting")]


def test_what_was_prepared_is_shown_can_be_put_away_and_is_signed_by_its_own_command(own: Sides) -> None:
    inquiry = own.import_sites([URL])
    number = by(own.a, own.a.officer, "erase", inquiry, "--for-good").result["draft"]
    secret = ("--as", "second", "--secret-file", str(own.a.secret))

    waiting = own.a.ask("link", "sign").result["waiting"]
    signed = own.a.ask("link", "sign", str(number), *secret)
    away = own.a.ask("link", "sign", str(number), *secret, "--put-away")

    assert [(each["draft"], each["kind"]) for each in waiting] == [(number, "record.erasure_ordered")]
    assert signed.fault["code"] == "for_good"
    assert away.exit == 0
    assert by(own.a, "second", "erase", inquiry, "--for-good").exit == 5
    assert orders(own.a) == []


def test_one_officer_alone_answers_no_request(own: Sides) -> None:
    inquiry = own.import_sites([URL])
    order = both(own.a, "erase", inquiry, "--for-good").result["order"].replace(" ", "-")
    own.carry()

    for more in (("--for-good",), ("--refuse", "own_law")):
        first = by(own.b, own.b.officer, "erase", "--request", order, *more)
        again = by(own.b, own.b.officer, "erase", "--request", order, *more)

        assert (first.exit, first.result["done"]) == (5, False)
        assert again.fault["code"] == "signed_already"
    assert orders(own.b) == [("waiting", "erased")]
    assert len(own.b.ask("link", "sign").result["waiting"]) == 2
    assert len(own.b.show(inquiry)["items"]) == 1


def test_a_hold_that_came_between_the_two_officers_holds(own: Sides) -> None:
    inquiry = own.import_sites([URL])
    by(own.a, own.a.officer, "erase", inquiry, "--for-good")
    by(own.a, own.a.officer, "hold", inquiry, "--reason", "court")

    said = by(own.a, "second", "erase", inquiry, "--for-good")

    assert said.fault["code"] == "held"
    assert orders(own.a) == []


def test_what_is_held_is_not_destroyed_and_the_other_side_is_told_so(own: Sides) -> None:
    inquiry = own.import_sites([URL])
    held = by(own.b, own.b.officer, "hold", inquiry, "--reason", "court")
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
    by(own.a, own.a.officer, "hold", inquiry, "--reason", "court")
    held = both(own.a, "erase", inquiry, "--for-good")
    by(own.a, own.a.officer, "hold", inquiry, "--release")

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
