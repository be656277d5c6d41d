"""Rows that waited are written whole and in their order, however many they are."""

import sqlite3

import pytest

from parley.ledger.unwritten import AT_ONCE, Unwritten, share

MANY = "INSERT OR FAIL INTO said (place, word) SELECT column1, column2 || '!' FROM (VALUES {rows})"
EACH = "INSERT INTO heard (place, word) VALUES (?, ?)"


@pytest.fixture
def db() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for table in ("said", "heard"):
        connection.execute(f"CREATE TABLE {table} (n INTEGER PRIMARY KEY, place INTEGER UNIQUE, word TEXT)")
    return connection


@pytest.mark.parametrize("count", [1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE + 5])
def test_all_rows_are_written_in_the_order_in_which_they_came(db: sqlite3.Connection, count: int) -> None:
    waiting = Unwritten(db)
    for place in range(count, 0, -1):
        waiting.add(MANY, (place, f"word {place}"))
        waiting.add(EACH, (place, f"word {place}"))

    waiting.write()

    places = [(place,) for place in range(count, 0, -1)]
    assert db.execute("SELECT place FROM said ORDER BY n").fetchall() == places
    assert db.execute("SELECT place FROM heard ORDER BY n").fetchall() == places
    assert db.execute("SELECT COUNT(*) FROM said WHERE word <> 'word ' || place || '!'").fetchone() == (0,)


def test_what_was_written_is_not_written_again(db: sqlite3.Connection) -> None:
    waiting = Unwritten(db)
    waiting.add(EACH, (1, "once"))

    waiting.write()
    waiting.write()

    assert db.execute("SELECT COUNT(*) FROM heard").fetchone() == (1,)


def test_a_row_that_is_there_already_ends_it_and_the_transaction_alone_undoes_the_rest(
    db: sqlite3.Connection,
) -> None:
    waiting = Unwritten(db)
    for place in (*range(AT_ONCE - 1), 3):
        waiting.add(MANY, (place, "word"))

    db.execute("BEGIN")
    with pytest.raises(sqlite3.IntegrityError):
        waiting.write()

    # Else a journal was kept to undo this one call, page by page, at the cost of every call.
    assert db.execute("SELECT COUNT(*) FROM said").fetchone() == (AT_ONCE - 1,)
    db.execute("ROLLBACK")
    assert db.execute("SELECT COUNT(*) FROM said").fetchone() == (0,)


def test_what_waits_in_one_is_written_by_all_that_share_a_connection(db: sqlite3.Connection) -> None:
    one, two = Unwritten(db), Unwritten(db)
    share((one, two))
    one.add(EACH, (1, "one"))
    two.add(EACH, (2, "two"))
    one.drop()

    one.write_all()
    two.write_all()

    assert db.execute("SELECT word FROM heard").fetchall() == [("two",)]
