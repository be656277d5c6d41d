"""Words of one statement that were put in the place of another's are not shown as said there."""

import sqlite3
from contextlib import closing

import pytest

from parley.ledger.chosen import Choice
from parley.ledger.tags import tagged
from parley.protocol.entry import parse
from parley.protocol.notation import write_base64
from parley.protocol.verify.findings import Result
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.verify.book import judge
from tests.verify.test_two_nodes import exported


@pytest.fixture(name="said")
def fixture_said(pair: Pair) -> tuple[bytes, bytes]:
    """Two statements of A, which both sides hold."""
    one, two = pair.sends(title="one"), pair.sends(title="two")
    pair.settle()
    return one.statement, two.statement


def bodies(pair: Pair, said: tuple[bytes, bytes]) -> list[object]:
    with pair.reader(B) as reader:
        return [reader.body(LINK, statement) for statement in said]


def named(pair: Pair, statement: bytes) -> tuple[bytes, bytes]:
    """Return an entry, and the hash of its body."""
    with pair.reader(B) as reader:
        raw = reader.raw(LINK, statement)
    assert raw is not None
    return raw, parse(raw).entry.parts[0].hash


def changed(pair: Pair, *statements: tuple[str, tuple[object, ...]]) -> None:
    """Change B's database past every guard."""
    with closing(sqlite3.connect(pair.homes[B].record)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        for sql, values in statements:
            db.execute(sql, values)
        db.commit()


def exchange_parts(pair: Pair, said: tuple[bytes, bytes]) -> None:
    """Let each body lie, with its key, under the hash of the other."""
    (_, one), (_, two) = (named(pair, each) for each in said)
    sql = "UPDATE part SET tag = ?, hash = ? WHERE hash = ?"
    moves = ((bytes(32), one), (one, two), (two, bytes(32)))
    changed(pair, *[(sql, (*tagged(there), here)) for there, here in moves])


def test_words_under_the_hash_of_others_are_not_shown(pair: Pair, said: tuple[bytes, bytes]) -> None:
    assert None not in bodies(pair, said)

    exchange_parts(pair, said)

    assert bodies(pair, said) == [None, None]


def test_words_that_a_changed_entry_names_are_not_shown(pair: Pair, said: tuple[bytes, bytes]) -> None:
    (one, mine), (two, theirs) = (named(pair, each) for each in said)
    old, new = (write_base64(each).encode() for each in (mine, theirs))
    sql = "UPDATE entry SET raw = ? WHERE raw = ?"

    changed(pair, (sql, (one.replace(old, new), one)), (sql, (two.replace(new, old), two)))

    assert bodies(pair, said) == [None, None]


def test_an_export_does_not_disclose_what_lies_under_the_hash_of_others(
    pair: Pair, said: tuple[bytes, bytes]
) -> None:
    exchange_parts(pair, said)

    made, raw = exported(pair, B, Choice())

    found = judge(raw, made.listing.digits)
    assert found.result is Result.PROVED, (found.step, found.reason)
    assert exported(pair, A, Choice())[0].size > made.size
