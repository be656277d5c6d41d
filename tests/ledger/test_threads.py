"""A thread of which one side makes a flood: what is read of it, counted in steps of SQLite."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from parley.ledger.reading import Reader
from parley.ledger.shelf import SPENT_IN_THREAD, LookingShelf
from parley.ledger.slot import Slot
from parley.ledger.waiting import Job
from parley.protocol.strictjson import JsonValue
from parley.protocol.voids import SPENT, Void
from tests.node.calling import OPENING
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.tables import tables

FEW: Final = 60
MANY: Final = 1_500
SLACK: Final = 40
"""An index with more pages is some steps deeper."""


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path)
    yield nodes
    nodes.stop()


@pytest.fixture
def call(pair: Pair) -> bytes:
    opened = pair.say(A, "call.opened", OPENING).statement
    pair.settle()
    return opened


def floods(pair: Pair, call: bytes, count: int) -> None:
    """Have B write statements in the call that its own node would refuse, so many."""
    d: dict[str, JsonValue] = {"ending": "cancelled"}

    def write(slot: Slot) -> None:
        for _ in range(count):
            slot._say("call.closed", d, re=call, now=pair.clocks[B].time)  # type: ignore[arg-type] # noqa: SLF001 - past the door
        slot.settle()

    pair.ledgers[B]._writer.submit(Job(link=LINK, run=write)).result()  # noqa: SLF001 - likewise
    pair.settle()


def steps(reader: Reader, done: Callable[[], object]) -> int:
    """Return how many steps SQLite makes while something is done."""
    made = [0]

    def count() -> int:
        made[0] += 1
        return 0

    reader.connection.set_progress_handler(count, 1)
    done()
    reader.connection.set_progress_handler(None, 1)
    return made[0]


def test_what_a_side_says_in_a_call_without_effect_makes_nothing_that_is_read_of_it_longer(
    pair: Pair, call: bytes
) -> None:
    logs = {str(row[2]): int(row[0]) for row in tables(pair.homes[A], only={"log"})["log"]}
    costs = []
    for count in (FEW, MANY):
        floods(pair, call, count)
        with pair.reader(A) as reader:
            shelf = LookingShelf(reader.connection, logs)
            folded = steps(reader, partial(shelf.live, call))
            shown = steps(reader, partial(reader.rows, LINK, thread=call, void=20))
            costs.append((folded, shown))

    (few, shown_few), (many, shown_many) = costs
    assert many <= few + SLACK
    assert shown_many <= shown_few + SLACK


def test_of_the_void_statements_in_a_thread_the_newest_are_given_and_all_are_counted(
    pair: Pair, call: bytes
) -> None:
    floods(pair, call, FEW)

    with pair.reader(A) as reader:
        whole, some = reader.rows(LINK, thread=call), reader.rows(LINK, thread=call, void=5)
        count = reader.count(LINK, call)

    void = [row.index for row in whole if not row.verdict.is_valid]
    assert len(whole) == count == FEW + 1
    assert [row.index for row in some if not row.verdict.is_valid] == void[-5:]
    assert some[0].statement == call


def test_the_words_in_the_indexes_are_those_of_the_fold() -> None:
    named = {reason for reason in Void if f"'{reason.value}'" in SPENT_IN_THREAD}

    assert named == SPENT
