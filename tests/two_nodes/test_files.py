"""Evidence files that travel in parcels, where only one side can dial (§5.8)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from parley.ledger.files import file_rows, want_again
from parley.protocol.entry import PartRef
from parley.protocol.files import file_scope
from parley.protocol.parcel import MAX_STRETCH
from parley.protocol.part import chunk_start
from parley.vault.coming import Wanted
from tests.two_nodes.filing import CHANNEL, Filed, content_at, files_it, some_bytes, vault_of
from tests.two_nodes.pair import A, B, Pair


@pytest.mark.parametrize("size", [0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 9 * 1024 * 1024])
def test_a_file_reaches_the_other_side_and_is_told_to_be_there(tmp_path: Path, size: int) -> None:
    pair = Pair(tmp_path)

    filed = files_it(pair, some_bytes(size))
    pair.settle()

    assert content_at(pair, B, filed) == filed.content
    assert [row.kind for row in pair.rows(A) if row.writer == B][-1] == "file.got"
    assert pair.is_settled()
    pair.stop()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path)
    yield nodes
    nodes.stop()


def want(pair: Pair, node: str, filed: Filed) -> None:
    """Write down that `node` is to fetch a file once more, as a repair does while core does not run."""
    pair.ledgers[node].stop()
    with closing(sqlite3.connect(pair.homes[node].record, isolation_level=None)) as db:
        (row,) = file_rows(db, filed.sealed.hash)
        want_again(db, row.log, row.hash)
    pair.start(node)


def knock(pair: Pair, node: str) -> None:
    """Let `node` send a prompt, and carry whatever follows."""
    for _ in range(3):
        pair.carry(node, pair.other(node), prompt=True)
        pair.settle()


@pytest.mark.parametrize("node", [A, B])
def test_a_file_that_was_lost_comes_back_whoever_wrote_the_statement(pair: Pair, node: str) -> None:
    filed = files_it(pair, some_bytes(100_000))
    pair.settle()
    before = len(pair.rows(A))
    vault_of(pair, node).destroy(filed.sealed.hash)

    want(pair, node, filed)
    knock(pair, node)

    assert content_at(pair, node, filed) == filed.content
    assert len(pair.rows(A)) == before


def test_of_a_damaged_file_only_what_follows_the_damage_is_fetched(pair: Pair) -> None:
    filed = files_it(pair, some_bytes(200_000))
    pair.settle()
    vault = vault_of(pair, B)
    path = vault.places.whole(filed.sealed.hash)
    raw = bytearray(path.read_bytes())
    raw[chunk_start(7)] ^= 1
    path.write_bytes(raw)
    part = PartRef(hash=filed.sealed.hash, size=filed.sealed.size)
    vault.retake(Wanted(part=part, key=filed.sealed.key, scope=file_scope(A, CHANNEL)))

    want(pair, B, filed)
    asked = pair.ledgers[B].files.wants("a-b")
    knock(pair, B)

    assert [each.offset for each in asked] == [chunk_start(7)]
    assert content_at(pair, B, filed) == filed.content


def test_statements_go_before_files(pair: Pair) -> None:
    files_it(pair, some_bytes(9 * 1024 * 1024))
    pair.carry(A, B)
    said = pair.sends(node=A)

    answer = pair.post(A, B)

    assert answer is not None
    parcel = pair.opened(pair.sent[-2], CHANNEL)
    assert sum(len(each.content) for each in parcel.stretches) == MAX_STRETCH
    assert any(row.statement == said.statement for row in pair.rows(B))


def test_a_want_of_what_is_not_here_changes_nothing(pair: Pair) -> None:
    filed = files_it(pair, some_bytes(100_000))
    pair.carry(A, B)
    vault_of(pair, A).destroy(filed.sealed.hash)

    knock(pair, B)

    assert pair.is_settled()
    assert [row.kind for row in pair.rows(A)].count("file.got") == 0
