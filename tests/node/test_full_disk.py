"""A full disk is told as what it is, on a page and at the keyboard, and no mistake of ours is told as one."""

import errno
import sqlite3
from pathlib import Path

import pytest

from parley.node.views import broken
from parley.work.room import is_out_of_room


def full(path: Path) -> sqlite3.Error:
    """Return what a database says that may grow no more."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("CREATE TABLE one (text)")
    db.execute("PRAGMA max_page_count = 2")
    try:
        db.execute("INSERT INTO one VALUES (?)", ("x" * 100_000,))
    except sqlite3.Error as error:
        return error
    finally:
        db.close()
    raise AssertionError("there was room")


def fail(error: Exception) -> None:
    raise RuntimeError("Django's own") from error


def page(error: Exception) -> tuple[int, bytes]:
    """Return the page that is shown while `error` is handled."""
    try:
        fail(error)
    except RuntimeError:
        answer = broken(None)  # type: ignore[arg-type]  # it must not look at it
        return answer.status_code, answer.content
    raise AssertionError("nothing failed")


def test_the_page_of_a_full_disk_says_so_and_asks_to_come_later(tmp_path: Path) -> None:
    status, content = page(full(tmp_path / "db"))

    assert status == 503
    assert "磁盘已满" in content.decode()
    assert "The disk of this node is full" in content.decode()


def test_a_mistake_of_ours_is_no_full_disk() -> None:
    assert page(sqlite3.OperationalError("no such table"))[0] == 500
    assert page(OSError(errno.EACCES, "not ours"))[0] == 500


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_file_that_finds_no_room_is_known_too(number: int) -> None:
    assert is_out_of_room(OSError(number, "no room"))
