"""What was erased stays erased, whatever of the record is damaged and mended afterwards."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from parley.ledger.fsck.copies import Copy
from parley.ledger.fsck.mending import mend
from parley.ledger.keys import read_keys
from parley.protocol.content import inline_parts
from tests.two_nodes.erasing import both_erase, says_secret
from tests.two_nodes.pair import LINK, B, Pair


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path)
    yield nodes
    nodes.stop()


@pytest.mark.parametrize("damaged", ["the order", "the statement"])
def test_a_damaged_tag_brings_nothing_back_that_was_erased(pair: Pair, tmp_path: Path, damaged: str) -> None:
    secret, home = says_secret(pair), pair.homes[B]
    pair.ledgers[B].stop()
    shutil.copytree(home.root, tmp_path / "copy")
    pair.start(B)
    with pair.reader(B) as reader:
        raw = reader.raw(LINK, secret.statement)
    assert raw is not None
    body = inline_parts(raw)[1].hash
    order = both_erase(pair, secret)
    pair.ledgers[B].stop()
    meant = order if damaged == "the order" else secret.statement

    with closing(sqlite3.connect(home.record, isolation_level=None)) as db, closing(Copy()) as copy:
        db.execute("UPDATE row SET leaf_tag = leaf_tag + 1 WHERE leaf = ?", (meant,))
        copy.add_record(tmp_path / "copy" / "record.db", read_keys(home.keys, B))
        mend(home, copy)

        assert db.execute("SELECT COUNT(*) FROM part WHERE hash = ?", (body,)).fetchone() == (0,)
    pair.start(B)
