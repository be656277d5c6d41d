"""parley init and parley link: making nodes, pairing them, and what stops it."""

import os
import pty
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.cli.pairing import compare
from tests.cli.side import LINK, Side, Sides, make_sides

pytestmark = pytest.mark.slow


@pytest.fixture(name="fresh")
def fixture_fresh(tmp_path: Path) -> Iterator[Sides]:
    """Two nodes that do not know each other."""
    sides = make_sides(tmp_path)
    sides.make()
    yield sides
    sides.stop()


def loaded(sides: Sides) -> list[str]:
    """Load B's offer at A, and return the digits."""
    added = sides.a.ask("link", "add", str(sides.b.folder / "offer"))
    assert added.exit == 0, added.json
    digits: list[str] = added.result["digits"]
    return digits


def verify(sides: Sides, groups: list[str], *more: str) -> tuple[int, str]:
    spoken = sides.a.folder / "digits"
    spoken.write_text("\n".join(groups), encoding="ascii")
    said = sides.a.act("link", "verify", LINK, "--digits", str(spoken), *more)
    return said.exit, said.fault["code"] if "fault" in said.json else ""


def test_both_sides_see_the_same_twelve_groups(fresh: Sides) -> None:
    ours = loaded(fresh)
    theirs = fresh.b.ask("link", "add", str(fresh.a.folder / "offer")).result["digits"]

    assert ours == theirs
    assert [len(group) for group in ours] == [5] * 12


def test_a_link_carries_nothing_before_the_digits_are_compared(fresh: Sides) -> None:
    loaded(fresh)

    (link,) = fresh.a.ask("link", "status").result["links"]
    said = fresh.a.act("inquiry", "import", "x.csv", "--item", "x", "--urgency", "U3", "--want", "confirm")

    assert (link["verified_at"], link["is_active"], link["my_size"]) == (None, False, 0)
    assert (said.exit, said.fault["code"]) == (3, "not_active")


def test_equal_digits_sign_the_opening_and_two_openings_open_the_link(fresh: Sides) -> None:
    fresh.pair()

    for side in (fresh.a, fresh.b):
        (link,) = side.ask("link", "status").result["links"]
        assert (link["is_active"], link["waiting"], link["alarms"]) == (True, 0, [])
    assert "open" in fresh.a.type("link", "status").out


@pytest.mark.parametrize("given", ["all", "theirs"])
def test_the_groups_may_be_all_twelve_or_the_six_that_they_read(fresh: Sides, given: str) -> None:
    digits = loaded(fresh)

    code, fault = verify(fresh, digits if given == "all" else digits[1::2])

    assert (code, fault) == (0, "")


def test_other_digits_stop_it_and_nothing_is_signed(fresh: Sides) -> None:
    digits = loaded(fresh)
    wrong = [f"{(int(digits[0]) + 1) % 100_000:05}", *digits[1:]]

    code, fault = verify(fresh, wrong)

    assert (code, fault) == (7, "digits_differ")
    (link,) = fresh.a.ask("link", "status").result["links"]
    assert (link["verified_at"], link["my_size"]) == (None, 0)


def test_what_are_no_digits_is_refused(fresh: Sides) -> None:
    loaded(fresh)
    spoken = fresh.a.folder / "digits"

    for groups in ([], ["12345"] * 11, ["1234"] * 12, ["١٢٣٤٥"] * 6):
        spoken.write_text(" ".join(groups), encoding="utf-8")
        said = fresh.a.act("link", "verify", LINK, "--digits", str(spoken))

        assert (said.exit, said.fault["code"]) == (2, "no_digits")


def test_a_dry_run_compares_and_signs_nothing(fresh: Sides) -> None:
    digits = loaded(fresh)

    assert verify(fresh, digits, "--dry-run") == (0, "")
    assert fresh.a.ask("link", "status").result["links"][0]["my_size"] == 0


def test_without_a_terminal_the_digits_must_be_given(fresh: Sides) -> None:
    loaded(fresh)

    said = fresh.a.act("link", "verify", LINK)

    assert (said.exit, said.fault["code"]) == (2, "missing_option")
    assert "--digits" in said.fault["do"]


DIGITS = tuple(f"{n:05}" for n in range(12))


@pytest.mark.parametrize(
    ("is_first", "typed", "equal"),
    [
        (True, [DIGITS[place] for place in range(1, 12, 2)], True),
        (False, [DIGITS[place] for place in range(0, 12, 2)], True),
        (True, ["99999", *(DIGITS[place] for place in range(1, 12, 2))], True),
        (True, ["99999", "99998"], False),
        (True, ["0 0 0 0 1", *(DIGITS[place] for place in range(3, 12, 2))], True),
    ],
)
def test_at_a_terminal_a_group_may_be_wrong_once(
    monkeypatch: pytest.MonkeyPatch, *, is_first: bool, typed: list[str], equal: bool
) -> None:
    ours, terminal = pty.openpty()
    os.write(ours, "".join(f"{group}\n" for group in typed).encode())
    with os.fdopen(terminal, encoding="ascii") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)

        assert compare(DIGITS, is_first=is_first, given=None) is equal
    os.close(ours)


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (("add", "{b}/offer"), 8, "link_exists"),
        (("add", "{a}/offer", "--name", "self"), 8, "link_exists"),
        (("add", "{b}/offer", "--name", "Not A Label"), 2, "schema"),
        (("add", "{a}/secret"), 7, "bad_offer"),
        (("add", "{a}/nothing"), 4, "unreadable_file"),
        (("verify", "a-c", "--digits", "x"), 4, "unknown_link"),
        (("status", "a-c"), 4, "unknown_link"),
        (("card", "--out", "{a}/no/such/folder/card"), 1, "unwritable_file"),
    ],
)
def test_what_cannot_be_linked_has_a_code(
    sides: Sides, words: tuple[str, ...], exit_code: int, code: str
) -> None:
    places = {"a": sides.a.folder, "b": sides.b.folder}
    typed = [word.format(**places) for word in words]

    said = sides.a.act("link", *typed) if words[0] == "verify" else sides.a.ask("link", *typed)

    assert (said.exit, said.fault["code"]) == (exit_code, code), said.json


def test_an_offer_holds_no_secret(sides: Sides) -> None:
    offer = sides.a.ask("link", "card").result["offer"]

    for key in sides.a.home.keys.iterdir():
        assert key.read_text(encoding="ascii").strip() not in offer


def test_a_changed_offer_is_refused(sides: Sides) -> None:
    offer = (sides.b.folder / "offer").read_text(encoding="utf-8")
    forged = sides.a.folder / "forged"
    forged.write_text(offer.replace("b.example", "c.example"), encoding="utf-8")

    said = sides.a.ask("link", "add", str(forged))

    assert (said.exit, said.fault["code"]) == (7, "bad_offer")


NAMES = ("--name-en", "Country A", "--name-zh", "甲国")


@pytest.fixture(name="nobody")
def fixture_nobody(tmp_path: Path) -> Iterator[Side]:
    """A command line without a node."""
    side = Side("A", tmp_path)
    yield side
    side.stop()


def test_without_a_terminal_init_names_what_it_must_know(nobody: Side) -> None:
    said = nobody.ask("init", "--node", "a.example")

    assert (said.exit, said.fault["code"]) == (2, "missing_option")
    assert "--name-en, --name-zh" in said.fault["do"]
    assert not nobody.home.root.exists()


def test_what_cannot_be_a_node_is_not_made(nobody: Side) -> None:
    node = ("--node", "a.example")
    for words in (
        ("--node", "Not A Name"),
        (*node, "--pages", "nowhere"),
        (*node, "--world", "demo", "--partner", "192.0.2.1:8441"),
        (*node, "--url", "ftp://a.example/"),
        (*node, "--utc-offset", "CST"),
        (*node, "--tls-cert", "cert.pem"),
        (*node, "--tls-cert", str(nobody.secret), "--tls-key", str(nobody.secret)),
        (*node, "--calendar", "nowhere.json"),
        (*node, "--calendar", str(nobody.secret)),
    ):
        said = nobody.ask("init", *words, *NAMES)

        assert (said.exit, said.fault["code"]) == (2, "node_not_made"), words
        assert not nobody.home.settings_file.exists()


def test_a_node_is_made_once_and_only_its_owner_looks_in(nobody: Side) -> None:
    home = nobody.home.root

    made = nobody.type("init", "--node", "a.example", *NAMES, "--utc-offset", "+08:00", "--persons", "3")
    again = nobody.ask("init", "--node", "a.example", *NAMES)

    assert made.exit == 0, made.err
    assert (again.exit, again.fault["code"]) == (8, "home_exists")
    assert home.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in home.iterdir()} == {0}
    assert sorted(path.name for path in (home / "keys").glob("root-*")) == ["root-1", "root-2", "root-3"]
    assert "[[0,480]]" in (home / "calendar.json").read_text(encoding="ascii")
    assert "keys/root-*" in made.out
