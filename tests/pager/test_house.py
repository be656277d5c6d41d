"""The pager of a home put together: whatever became of its file, people are rung."""

import sqlite3
from pathlib import Path
from queue import SimpleQueue

import pytest

from parley.gates.pager.deliveries import VersionError
from parley.gates.pager.house import fresh_code, open_deliveries, open_pager
from parley.gates.pager.ring import News
from parley.work.home import Home
from tests.pager.conftest import call


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> Home:
    (tmp_path / "parley.toml").write_text('[node]\nname = "a.example"\nworld = "demo"\n')
    return Home(root=tmp_path)


def test_a_file_that_is_no_database_is_put_aside_and_people_are_rung(home: Home) -> None:
    (home.root / "pager.db").write_bytes(b"not a database" * 1000)
    told: SimpleQueue[News] = SimpleQueue()

    pager = open_pager(home, told=told.put)

    pager.start()
    pager.ring(call())
    # Nobody is configured here: that this is told shows that the pager lives.
    assert told.get(timeout=60).lost
    pager.stop()
    assert (home.root / "pager.db.broken").exists()


def test_a_file_of_another_version_is_put_aside_by_the_pager_and_left_alone_by_others(home: Home) -> None:
    open_deliveries(home).close()
    with sqlite3.connect(home.root / "pager.db") as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()

    with pytest.raises(VersionError, match="found 99"):
        open_deliveries(home)
    open_pager(home, told=lambda _: None)

    open_deliveries(home).close()
    assert (home.root / "pager.db.broken").exists()


def test_where_no_file_can_be_opened_people_are_rung_all_the_same(home: Home) -> None:
    (home.root / "pager.db").mkdir()
    told: SimpleQueue[News] = SimpleQueue()

    pager = open_pager(home, told=told.put)

    pager.start()
    pager.ring(call())
    assert told.get(timeout=60).lost
    pager.stop()


def test_codes_have_six_digits_and_are_not_told_by_the_one_before() -> None:
    codes = {fresh_code() for _ in range(50)}

    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 40
