"""parley backup and parley record fsck, typed: made, drilled, restored; damaged, told of, mended."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parley.ledger.checks import DRILL, checked_at
from tests.cli.side import LINK, Side, Sides, make_sides

pytestmark = pytest.mark.slow


@pytest.fixture(name="own")
def fixture_own(tmp_path: Path) -> Iterator[Sides]:
    """Two linked nodes that a test may damage."""
    sides = make_sides(tmp_path)
    sides.make_paired()
    sides.import_sites(["http://one.example/", "http://two.example/"])
    yield sides
    sides.stop()


def backed_up(side: Side, *more: str) -> tuple[str, str]:
    """Make a key and a backup, and return the names of both files."""
    key, file = str(side.folder / "key"), str(side.folder / "backup")
    assert side.ask("backup", "key", key).exit == 0
    said = side.ask("backup", "create", file, *more)
    assert said.exit == 0, said.json
    return key, file


def journal(side: Side) -> list[str]:
    with sqlite3.connect(side.home.house) as db:
        found = [act for (act,) in db.execute("SELECT act FROM agencies_journalentry ORDER BY number")]
    db.close()
    return found


def spoil(side: Side, sql: str, *values: Any) -> None:  # noqa: ANN401 - what SQLite takes
    db = sqlite3.connect(side.home.record, isolation_level=None)
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    assert db.execute(sql, values).rowcount
    db.close()


def test_a_backup_is_made_verified_drilled_and_restored(own: Sides) -> None:
    key, file = backed_up(own.a, "--with-signing-keys")
    own.import_sites(["http://three.example/"])

    outside = own.a.ask("backup", "verify", file)
    inside = own.a.ask("backup", "verify", file, "--key", key)
    drilled = own.a.ask("backup", "drill", file, "--key", key)
    restored = own.a.ask("backup", "restore", file, "--key", key, "--into", str(own.a.folder / "new"))

    assert [said.exit for said in (outside, inside, drilled, restored)] == [0, 0, 0, 0]
    assert outside.result["node"] == inside.result["node"] == "a.example"
    assert drilled.result["good"]
    assert {
        each["link"]: each["entries"] for each in drilled.result["since"] if each["node"] == "a.example"
    } == {"a-b": 1, "a-b/hot": 0, "a-b/bulk": 0}
    assert (own.a.folder / "new" / "record.db").exists()
    assert checked_at(own.a.home, DRILL) is not None
    kept = [act.removeprefix("backup.") for act in journal(own.a) if act.startswith("backup.")]
    assert kept == ["key_made", "made", "drilled", "restored"]


def test_the_key_never_lies_on_the_node(own: Sides) -> None:
    said = own.a.ask("backup", "key", str(own.a.home.root / "key"))

    assert (said.exit, said.fault["code"]) == (3, "key_in_home")


def test_what_goes_wrong_with_a_backup_is_said_in_plain_words(own: Sides) -> None:
    unmade = own.a.ask("backup", "create", str(own.a.folder / "early"))
    key, file = backed_up(own.a)
    cut = Path(file + ".cut")
    cut.write_bytes(Path(file).read_bytes()[:-9])
    (own.a.folder / "full").mkdir()
    (own.a.folder / "full" / "x").touch()

    faults = [
        unmade,
        own.a.ask("backup", "key", str(own.a.folder / "second")),
        own.a.ask("backup", "verify", str(cut)),
        own.a.ask("backup", "drill", file),
        own.a.ask("backup", "drill", file, "--key", str(own.a.secret)),
        own.a.ask("backup", "restore", file, "--key", key, "--into", str(own.a.folder / "full")),
        own.a.ask("backup", "verify", str(own.a.folder / "none")),
    ]

    assert [said.fault["code"] for said in faults] == [
        *("no_backup_key", "key_exists", "bad_backup", "missing_option"),
        *("bad_backup_key", "not_empty", "unreadable_file"),
    ]


def test_a_node_that_lost_its_disk_is_restored_where_there_is_no_home(own: Sides) -> None:
    key, file = backed_up(own.a)
    shutil.rmtree(own.a.home.root)

    said = own.a.ask("backup", "restore", file, "--key", key, "--into", str(own.a.home.root))

    assert said.exit == 0
    assert not said.result["signing_keys"]
    assert own.a.ask("record", "show").exit == 0


def test_a_record_that_was_changed_is_told_of_and_mended_from_what_the_partner_carries(own: Sides) -> None:
    whole = own.b.ask("record", "fsck")
    spoil(
        own.b,
        "UPDATE entry SET raw = CAST('x' AS BLOB) WHERE idx = 1 AND log = ?",
        log_of(own.b, "a.example"),
    )

    found = own.b.ask("record", "fsck")
    alone = own.b.ask("record", "fsck", "--repair")
    carried = str(own.a.folder / "carried")
    assert own.a.ask("link", "carry", "out", LINK, carried, "--all").exit == 0
    mended = own.b.ask("record", "fsck", "--repair", "--from", carried)

    assert [said.exit for said in (whole, found, alone, mended)] == [0, 7, 7, 0]
    assert "entry" in {each["damage"] for each in found.result["findings"]}
    assert "A 1" in {each["place"] for each in found.result["findings"]}
    assert found.result["whole_before"] is not None
    assert own.b.ask("record", "rebuild", "--compare").exit == 0


def test_our_own_entries_are_mended_from_a_backup(own: Sides) -> None:
    key, file = backed_up(own.a)
    spoil(own.a, "DELETE FROM part")
    spoil(own.a, "UPDATE entry SET raw = CAST('x' AS BLOB) WHERE idx = 1")

    mended = own.a.ask("record", "fsck", "--repair", "--from", file, "--key", key)

    assert mended.exit == 0, mended.json
    assert mended.result["whole"]


def log_of(side: Side, node: str) -> int:
    with sqlite3.connect(side.home.record) as db:
        (found,) = db.execute("SELECT id FROM log WHERE node = ?", (node,)).fetchone()
    db.close()
    return int(found)


def test_how_far_a_check_is_can_be_read_by_a_program(own: Sides) -> None:
    said = own.a.type("record", "fsck", "--progress", "jsonl")

    assert '{"what": "database", "done": 0, "total": 1}' in said.err
    assert "everything is whole" in said.out
