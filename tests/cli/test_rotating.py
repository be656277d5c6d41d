"""parley link rotate, parley link revoke: new keys, what is shown before, and what stops them."""

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


def change(side: Side, verb: str, *words: str) -> Answer:
    return side.ask("link", verb, *words, "--as", side.officer, "--secret-file", str(side.secret))


def test_keys_are_changed_promised_and_revoked(fresh: Sides) -> None:
    shown = change(fresh.a, "rotate", "--dry-run")
    first = change(fresh.a, "rotate")
    again = change(fresh.a, "rotate", "--dry-run")
    doctor = fresh.a.ask("doctor")
    revoking = change(fresh.a, "revoke", "--dry-run")
    strange = change(fresh.a, "revoke", "--from", "a-x=7")
    unread = change(fresh.a, "revoke", "--from", "seven")
    revoked = change(fresh.a, "revoke")

    assert (shown.exit, shown.result["serial"], shown.result["promise"]) == (0, 2, "ready")
    assert (first.exit, first.result["serial"], first.result["refused"]) == (0, 2, [])
    assert {each["link"] for each in first.result["said"]} == {LINK}
    assert (again.result["serial"], again.result["promise"]) == (3, "ready")
    assert any("promised" in each["said"] for each in doctor.result["looks"])
    assert LINK in revoking.result["lanes"]
    assert (strange.fault["code"], unread.fault["code"]) == ("unknown_link", "not_read")
    assert (revoked.exit, revoked.result["serial"]) == (0, 3)


def test_what_stops_a_change_of_keys_is_said(fresh: Sides) -> None:
    folder = fresh.a.home.keys
    (folder / "root-2").rename(folder.parent / "root-2")
    roots = change(fresh.a, "rotate")
    (folder.parent / "root-2").rename(folder / "root-2")
    assert change(fresh.a, "rotate").exit == 0
    (folder / "receipt-ml-dsa-3").unlink()
    promised = change(fresh.a, "rotate")
    fresh_keys = change(fresh.a, "rotate", "--fresh")
    for path in (*folder.glob("write-*"), *folder.glob("receipt-*")):
        path.unlink()
    lost = change(fresh.a, "rotate")

    assert roots.fault["code"] == "roots_missing"
    assert promised.fault["code"] == "promise_lost"
    assert (fresh_keys.exit, fresh_keys.result["serial"]) == (0, 3)
    assert lost.fault["code"] == "keys_lost"
