"""parley record export, prove and tiles, parley verify: evidence out of a node, and its check without one."""

import zipfile
from pathlib import Path

import pytest

from tests.cli.side import LINK, Sides

pytestmark = pytest.mark.slow


def test_what_is_exported_is_proved_with_the_digits_alone(sides: Sides, tmp_path: Path) -> None:
    inquiry = sides.import_sites(["http://evidence.example/"])
    sides.b.say("acknowledge", inquiry)
    sides.carry()
    file = tmp_path / "all.zip"

    made = sides.a.ask("record", "export", LINK, str(file), "--all")
    checked = sides.b.ask("verify", str(file), "--digits", made.result["digits"])
    spoken = sides.b.type("verify", str(file), "--digits", made.result["digits"], "--lang", "zh")

    assert made.exit == 0, made.json
    assert (checked.exit, checked.result["result"]) == (0, "proved")
    assert checked.result["entries"]["stubs"] == 0
    assert spoken.out.startswith("已证明。")
    assert "inquiry.acknowledged" in spoken.out
    assert file.stat().st_mode & 0o777 == 0o600


def test_without_digits_or_with_wrong_ones_nothing_is_proved(sides: Sides, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    sides.a.ask("record", "export", LINK, str(file), "--all")

    bare = sides.a.ask("verify", str(file))
    wrong = sides.a.ask("verify", str(file), "--digits", "1" * 60)
    none = sides.a.ask("verify", str(file), "--digits", "12345")
    other = sides.a.ask("verify", str(sides.a.secret))

    assert (bare.exit, bare.result["result"]) == (1, "open")
    assert (wrong.exit, wrong.result["result"], wrong.result["step"]) == (1, "refused", 4)
    assert (none.exit, none.fault["code"]) == (2, "not_read")
    assert (other.exit, other.result["result"]) == (2, "unreadable")


def test_one_inquiry_is_exported_without_the_others(sides: Sides, tmp_path: Path) -> None:
    one = sides.import_sites(["http://first.example/"])
    sides.import_sites(["http://second.example/"])
    sides.carry()
    file = tmp_path / "one.zip"

    made = sides.a.ask("record", "export", LINK, str(file), "--inquiry", one)
    checked = sides.a.ask("verify", str(file), "--digits", made.result["digits"])

    assert (checked.exit, checked.result["result"]) == (0, "proved")
    assert checked.result["entries"]["whole"] == made.result["entries"]
    assert checked.result["entries"]["stubs"] > 0
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None


def test_a_choice_must_be_one_and_a_file_is_never_overwritten(sides: Sides, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"

    none = sides.a.ask("record", "export", LINK, str(file))
    both = sides.a.ask("record", "export", LINK, str(file), "--all", "--inquiry", "A-1")
    day = sides.a.ask("record", "export", LINK, str(file), "--from", "yesterday")
    assert not file.exists()
    file.write_text("kept")
    taken = sides.a.ask("record", "export", LINK, str(file), "--all")

    assert [each.fault["code"] for each in (none, both, day)] == ["usage", "usage", "not_read"]
    assert (taken.exit, taken.fault["code"], file.read_text()) == (1, "unwritable_file", "kept")


def test_a_span_of_days_can_be_chosen(sides: Sides, tmp_path: Path) -> None:
    file = tmp_path / "span.zip"

    made = sides.a.ask("record", "export", LINK, str(file), "--from", "2001-01-01", "--to", "2001-12-31")
    checked = sides.a.ask("verify", str(file), "--digits", made.result["digits"])

    assert (checked.exit, checked.result["entries"]["whole"]) == (0, 2)


def test_one_statement_is_handed_over_for_stock_tools(sides: Sides, tmp_path: Path) -> None:
    inquiry = sides.import_sites(["http://proof.example/"])

    made = sides.a.ask("record", "prove", inquiry, str(tmp_path))

    assert made.exit == 0, made.json
    names = {Path(each).name for each in made.result["files"]}
    assert names == {f"{inquiry}.tlog-proof", f"{inquiry}.entry", f"{inquiry}.policy"}
    assert (tmp_path / f"{inquiry}.tlog-proof").read_text().startswith("c2sp.org/tlog-proof@v1\nindex ")
    assert (tmp_path / f"{inquiry}.policy").read_text().splitlines()[-1] == "quorum both"


def test_the_addresses_of_the_tiles_name_both_logs(sides: Sides) -> None:
    shown = sides.a.ask("record", "tiles", LINK).result["tiles"]

    assert {origin.split("/")[0] for origin in shown} == {"a.example", "b.example"}
    assert all("/parley/v1/log/" in address for address in shown.values())
