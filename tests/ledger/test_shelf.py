"""The fold's shelf over the file answers as the one in memory does."""

import itertools
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.ledger.shelf import IN_THREAD, SqliteShelf
from parley.protocol import tree
from parley.protocol.entry import parse
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.tables import tables

COUNT = 40


@pytest.fixture
def shelf(pair: Pair) -> Iterator[SqliteShelf]:
    """Return the shelf of A, whose log has many more sizes than heads."""
    pair.ledgers[A].append([pair.draft("inquiry.sent", INQUIRY) for _ in range(COUNT)])
    with pair.reader(A) as reader:
        logs = {str(row[2]): int(row[0]) for row in tables(pair.homes[A], only={"log"})["log"]}
        yield SqliteShelf(reader.connection, logs)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(sizes=st.lists(st.integers(min_value=0, max_value=COUNT + 1), min_size=1, max_size=12))
def test_the_root_of_any_size_is_the_root_of_so_many_entries(
    pair: Pair, shelf: SqliteShelf, sizes: list[int]
) -> None:
    with pair.reader(A) as reader:
        leaves = [tree.leaf_hash(raw) for raw in reader.entries(LINK)[A]]

    for size in sizes:
        assert shelf.root(A, size) == tree.root_of(leaves[:size])
        shelf.forget()
        assert shelf.root(A, size) == tree.root_of(leaves[:size])


def test_lies_about_many_sizes_cost_one_pass_over_the_log(shelf: SqliteShelf) -> None:
    counting = Counting(shelf)

    for size in itertools.chain(range(COUNT, 0, -1), range(1, COUNT), range(COUNT, 0, -1)):
        shelf.root(A, size)

    assert counting.leaves <= COUNT + 1


def test_what_was_looked_up_at_once_is_what_each_question_would_have_found(pair: Pair) -> None:
    pair.sends(node=A)
    with pair.reader(A) as reader:
        logs = {str(row[2]): int(row[0]) for row in tables(pair.homes[A], only={"log"})["log"]}
        known = [row.act.hash for row in (parse(raw).entry for raw in reader.entries(LINK)[A])]
        unknown = [bytes([n]) * 32 for n in range(200)]
        hashes = [*unknown, *known, *unknown] * 3
        alone, together = SqliteShelf(reader.connection, logs), SqliteShelf(reader.connection, logs)

        together.expect(A, hashes)

        for shelf in (alone, together):
            assert {digest for digest in hashes if shelf.has_act(A, digest)} == set(known)
            assert not any(shelf.has_act(B, digest) for digest in known)


class Counting:
    """Counts the leaves that a shelf reads."""

    def __init__(self, shelf: SqliteShelf) -> None:
        self.leaves = 0
        self._db = shelf._db  # noqa: SLF001 - what it reads is seen nowhere else
        shelf._db = self  # type: ignore[assignment]  # noqa: SLF001

    def execute(self, sql: str, values: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
        return Rows(self, self._db.execute(sql, values), is_counted="SELECT leaf" in sql)


class Rows(Iterator[tuple[object, ...]]):
    def __init__(self, counting: Counting, rows: sqlite3.Cursor, *, is_counted: bool) -> None:
        self._counting, self._rows, self._is_counted = counting, rows, is_counted

    def __next__(self) -> tuple[object, ...]:
        row: tuple[object, ...] = next(self._rows)
        self._counting.leaves += self._is_counted
        return row

    def fetchone(self) -> tuple[object, ...] | None:
        return next(self, None)


def test_the_rows_of_a_thread_are_the_same_on_both_sides(pair: Pair) -> None:
    said = pair.sends(node=A)
    pair.settle()
    pair.say(B, "inquiry.acknowledged", {}, re=said.statement)
    pair.settle()

    rows = {}
    for node in (A, B):
        with pair.reader(node) as reader:
            logs = {str(row[2]): int(row[0]) for row in tables(pair.homes[node], only={"log"})["log"]}
            found = SqliteShelf(reader.connection, logs).thread(said.statement)
            rows[node] = sorted(found, key=lambda row: (row.writer, row.index))

    assert rows[A] == rows[B]
    assert [row.kind for row in rows[A]] == ["inquiry.sent", "inquiry.acknowledged"]


def test_a_thread_is_found_without_going_through_the_logs(shelf: SqliteShelf) -> None:
    sql = f"EXPLAIN QUERY PLAN SELECT idx FROM row WHERE {IN_THREAD} ORDER BY log, idx"  # noqa: S608 - ours

    plan = [str(step[3]) for step in shelf._db.execute(sql, (b"", b"", 1, 2))]  # noqa: SLF001 - no answer shows it

    searches = [step for step in plan if " row " in step]
    assert [step.split(" INDEX ")[1] for step in searches] == [
        "row_leaf (leaf_tag=?)",
        "row_thread (thread=?)",
        "row_spent (thread=?)",
    ]


def test_the_few_statements_of_a_kind_are_found_without_going_through_the_logs(shelf: SqliteShelf) -> None:
    sql = "EXPLAIN QUERY PLAN SELECT act FROM row WHERE log IN (?, ?) AND kind = 'file.got'"

    plan = [str(step[3]) for step in shelf._db.execute(sql, (1, 2))]  # noqa: SLF001 - no answer shows it

    assert plan[0].split(" INDEX ")[1] == "row_kind (log=? AND kind=?)"
