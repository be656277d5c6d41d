"""The simulated disk forgets what a real one may forget, and nothing else."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.simulator.disk import CrashError, Disk, Fault

PATH = Path("record.db")
COUNT = "SELECT COUNT(*) FROM heard"


class Coin(random.Random):
    """Dice of which the test says how they fall."""

    def __init__(self, *, lost: bool) -> None:
        super().__init__(0)
        self.lost = lost

    def random(self) -> float:
        return 0.0 if self.lost else 0.9


def write(db: sqlite3.Connection, number: int, *, synchronous: str = "FULL") -> None:
    db.execute(f"PRAGMA synchronous={synchronous}")
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO heard VALUES (?, 1, 1, 1)", (number,))
    db.execute("COMMIT")


def count(disk: Disk) -> int:
    (found,) = disk.writing(PATH).execute(COUNT).fetchone()
    return int(found)


@pytest.mark.parametrize("lost", [False, True])
def test_a_flushed_commit_survives_every_crash(*, lost: bool) -> None:
    disk = Disk(dice=Coin(lost=lost))
    write(disk.writing(PATH), 1)

    disk.crash()

    assert count(disk) == 1


@pytest.mark.parametrize(("lost", "left"), [(False, 2), (True, 1)])
def test_an_unflushed_commit_may_be_lost(*, lost: bool, left: int) -> None:
    disk = Disk(dice=Coin(lost=lost))
    db = disk.writing(PATH)
    write(db, 1)
    write(db, 2, synchronous="NORMAL")

    disk.crash()

    assert count(disk) == left


def test_a_later_flush_makes_the_earlier_commit_durable() -> None:
    disk = Disk(dice=Coin(lost=True))
    db = disk.writing(PATH)
    write(db, 1, synchronous="NORMAL")
    write(db, 2)

    disk.crash()

    assert count(disk) == 2


def test_an_open_transaction_is_lost_with_the_process() -> None:
    disk = Disk()
    db = disk.writing(PATH)
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO heard VALUES (1, 1, 1, 1)")

    disk.crash()

    assert count(disk) == 0


def test_an_orderly_stop_keeps_even_what_was_not_flushed() -> None:
    disk = Disk(dice=Coin(lost=True))
    db = disk.writing(PATH)
    write(db, 1, synchronous="NORMAL")

    db.close()

    assert count(disk) == 1


Effects = tuple[int, int]


@pytest.mark.parametrize(
    ("kind", "error", "effects"),
    [
        ("lost", sqlite3.OperationalError, (0, 0)),
        ("kept", sqlite3.OperationalError, (1, 1)),
        ("phantom", sqlite3.OperationalError, (0, 1)),
        ("crash", CrashError, (0, 0)),
        ("crash_after", CrashError, (1, 1)),
    ],
)
def test_a_commit_that_fails_has_its_effect_now_or_after_a_crash_or_never(
    kind: str, error: type[BaseException], effects: Effects
) -> None:
    disk = Disk(dice=Coin(lost=True))
    db = disk.writing(PATH)
    disk.arm(Fault(kind=kind, at="commit", left=0))

    with pytest.raises(error):
        write(db, 1)

    now = disk.reading(PATH).execute(COUNT).fetchone()[0] if not db.in_transaction else 0
    disk.crash()
    assert (now, count(disk)) == effects


def test_a_fault_strikes_once_and_at_its_turn() -> None:
    disk = Disk()
    db = disk.writing(PATH)
    disk.arm(Fault(kind="full", at="statement", left=2))
    asks: list[Callable[[], object]] = [lambda: db.execute(COUNT)] * 2

    for ask in asks:
        ask()
    with pytest.raises(sqlite3.OperationalError, match="full"):
        db.execute(COUNT)

    assert db.execute(COUNT).fetchone() == (0,)
    assert disk.struck == 1
