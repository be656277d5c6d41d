"""parley record orphans: what is part of no log any more, whole; and fsck says that it is kept."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.protocol.act import id_text
from parley.protocol.notation import read_base64
from parley.protocol.tree import leaf_hash
from tests.cli.side import ASKING, LINK, Sides, make_sides

pytestmark = pytest.mark.slow


@pytest.fixture(name="sides")
def fixture_sides(tmp_path: Path) -> Iterator[Sides]:
    sides = make_sides(tmp_path)
    sides.make_paired()
    yield sides
    sides.stop()


def lose_what_is_on_a_stick(sides: Sides) -> Path:
    """Have A ask something that is carried on a stick, lose it with its disk, and go on in another log."""
    record, old, stick = sides.a.home.record, sides.a.folder / "old.db", sides.a.folder / "stick"
    shutil.copy(record, old)
    sheet = sides.a.folder / "sheet.csv"
    sheet.write_text(
        "url,bank,observed at\nhttps://login.example/,First Bank,2026-11-02 09:10 +08:00\n", encoding="utf-8"
    )
    assert sides.a.act("inquiry", "import", str(sheet), *ASKING, "--want", "confirm").exit == 0
    assert sides.a.ask("link", "carry", "out", LINK, str(stick)).exit == 0
    for path in record.parent.glob("record.db*"):
        path.unlink()
    shutil.copy(old, record)
    sides.carry()
    return stick


def test_what_came_late_is_told_whole_and_fsck_says_that_it_is_kept(sides: Sides) -> None:
    before = sides.b.ask("record", "orphans")
    stick = lose_what_is_on_a_stick(sides)

    taken = sides.b.ask("link", "carry", "in", str(stick))
    told, shown = sides.b.ask("record", "orphans"), sides.b.type("record", "orphans")
    looked = sides.b.ask("record", "fsck")

    assert (before.exit, before.result["orphans"]) == (0, [])
    assert taken.exit == 0
    (found,) = told.result["orphans"]
    assert (found["kind"], found["is_ours"], found["index"]) == ("inquiry.sent", False, 1)
    assert id_text(leaf_hash(read_base64(found["entry"], "1.5"))) == found["statement"]
    assert found["head"].startswith(f"{found['log']}\n2\n")
    assert "theirs, signed by them" in shown.out
    assert (looked.exit, looked.result["whole"], looked.result["orphans"]) == (0, True, 1)
