"""parley record, status and doctor: what is held, whether it is right, and what to do if it is not."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.side import Side, Sides, make_sides

pytestmark = pytest.mark.slow


@pytest.fixture(name="own")
def fixture_own(tmp_path: Path) -> Iterator[Sides]:
    """Two linked nodes that a test may damage."""
    sides = make_sides(tmp_path)
    sides.make_paired()
    sides.import_sites(["http://one.example/", "http://two.example/"])
    yield sides
    sides.stop()


def looks(side: Side) -> dict[str, str]:
    """Return how ill each thing is: the worst that was found of it."""
    found = side.ask("doctor").result["looks"]
    worst: dict[str, str] = {}
    for each in sorted(found, key=lambda look: ["ok", "warn", "fail"].index(look["health"])):
        worst[each["what"]] = each["health"]
    return worst


def test_the_record_is_shown_entry_by_entry_and_both_digests_are_equal(sides: Sides) -> None:
    inquiry = sides.import_sites(["http://record.example/"])
    sides.b.say("acknowledge", inquiry)
    sides.carry()

    (ours,) = sides.a.ask("record", "show").result["links"]
    (theirs,) = sides.b.ask("record", "show").result["links"]
    (thread,) = sides.a.ask("record", "show", "--thread", inquiry).result["links"]

    assert ours["digest"] == theirs["digest"]
    assert ours["entries"] == theirs["entries"]
    assert ours["entries"][0]["kind"] == "link.opened"
    assert [entry["kind"] for entry in thread["entries"]] == ["inquiry.sent", "inquiry.acknowledged"]
    assert thread["entries"][0]["by"] == {"role": "officer", "n": 1}
    assert f"Digest of a-b: {ours['digest']}" in sides.a.type("record", "show", "--limit", "1").out


def test_a_row_of_the_record_that_was_changed_is_found_and_mended(own: Sides) -> None:
    with sqlite3.connect(own.a.home.record) as db:
        db.execute("UPDATE row SET effective = effective + 1 WHERE kind = 'inquiry.sent'")
    db.close()

    compared = own.a.ask("record", "rebuild", "--compare")
    again = own.a.ask("record", "rebuild", "--compare")
    rebuilt = own.a.ask("record", "rebuild")
    after = own.a.ask("record", "rebuild", "--compare")

    assert (compared.exit, [each["table"] for each in compared.result["differences"]]) == (7, ["row"])
    assert again.exit == 7
    assert (rebuilt.exit, rebuilt.result["rebuilt"]) == (0, True)
    assert (after.exit, after.result["differences"]) == (0, [])


def test_a_row_of_the_views_that_was_changed_is_found_and_mended(own: Sides) -> None:
    own.a.ask("inquiry", "list")
    with sqlite3.connect(own.a.home.view) as db:
        db.execute("UPDATE inquiries_item SET state = 'answered' WHERE n = 1")
        db.execute("DELETE FROM inquiries_event")
    db.close()

    compared = own.a.type("record", "rebuild", "--compare")
    own.a.ask("record", "rebuild")
    after = own.a.ask("record", "rebuild", "--compare")

    assert compared.exit == 7
    assert "inquiries_item" in compared.out
    assert "inquiries_event" in compared.out
    assert after.exit == 0


@pytest.mark.slow
def test_a_view_that_was_deleted_is_told_again(own: Sides) -> None:
    before = own.a.ask("inquiry", "list").result
    own.a.stop()
    for path in own.a.home.root.glob("view.db*"):
        path.unlink()

    again = Side("A", own.a.folder)
    try:
        assert again.ask("inquiry", "list").result == before
    finally:
        again.stop()


def test_a_node_at_rest_says_that_it_does_not_run(sides: Sides) -> None:
    said = sides.a.ask("status")

    assert (said.exit, said.result["core_runs"], said.result["node"]) == (10, False, "a.example")
    assert said.result["links"][0]["is_active"] is True


def test_the_doctor_finds_nothing_wrong_with_a_good_node(sides: Sides) -> None:
    said = sides.a.type("doctor")

    assert said.exit == 10
    assert looks(sides.a) == {
        "settings": "ok",
        "keys": "ok",
        "clock": "ok",
        "disk": "ok",
        "people": "ok",
        "journal": "ok",
        "record": "ok",
        "age of keys": "ok",
        "next keys": "ok",
        "a-b": "ok",
        "a-b/hot": "ok",
        "a-b/bulk": "ok",
        "views": "ok",
        "core": "warn",
        "signer": "warn",
    }
    assert said.out.endswith("0 failures, 2 warnings.\n")


@pytest.mark.slow
def test_the_doctor_finds_keys_that_others_can_read(own: Sides) -> None:
    (own.a.home.keys / "root-1").chmod(0o644)

    assert looks(own.a)["keys"] == "fail"


@pytest.mark.slow
def test_the_doctor_finds_a_key_that_is_gone(own: Sides) -> None:
    (own.a.home.keys / "seal-x-wing").unlink()

    assert looks(own.a)["keys"] == "fail"


@pytest.mark.slow
def test_the_doctor_finds_a_setting_that_is_none(own: Sides) -> None:
    with own.a.home.settings_file.open("a", encoding="utf-8") as file:
        file.write("\n[extra]\nx = 1\n")

    assert looks(own.a)["settings"] == "fail"


@pytest.mark.slow
def test_the_doctor_finds_a_changed_journal(own: Sides) -> None:
    with sqlite3.connect(own.a.home.house) as db:
        db.execute("UPDATE agencies_journalentry SET act = 'nothing' WHERE number = 2")
    db.close()

    assert looks(own.a)["journal"] == "fail"


@pytest.mark.slow
def test_the_doctor_finds_an_entry_that_was_changed(own: Sides) -> None:
    with sqlite3.connect(own.a.home.record) as db:
        db.execute("DROP TRIGGER entry_stays")
        db.execute("UPDATE entry SET raw = CAST(raw || x'00' AS BLOB) WHERE idx = 1")
    db.close()

    assert looks(own.a)["a-b"] == "fail"


def test_where_there_is_no_node_every_command_says_so(tmp_path: Path) -> None:
    side = Side("A", tmp_path)
    try:
        said = [
            side.ask(*words.split())
            for words in ("link card", "inquiry list", "record show", "status", "doctor", "serve")
        ]
    finally:
        side.stop()

    assert {(each.exit, each.fault["code"]) for each in said} == {(4, "no_home")}


def test_a_node_without_a_link_says_so(tmp_path: Path) -> None:
    sides = make_sides(tmp_path)
    sides.make()
    try:
        assert sides.a.ask("link", "status").result == {"links": []}
        assert sides.a.ask("inquiry", "list").fault["code"] == "no_link"
        assert sides.a.ask("doctor").exit == 10
    finally:
        sides.stop()
