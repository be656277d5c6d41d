"""Content that both sides erased is gone from both, byte for byte, and everything is still proved."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from parley.ledger.drafts import RefusedError
from parley.ledger.erasing import NoOrderError
from parley.protocol.act import id_text
from parley.protocol.content import inline_parts
from parley.protocol.entry import Entry, PartRef, encode_text
from parley.protocol.part import SealedPart, seal_part
from parley.protocol.strictjson import JsonValue
from parley.protocol.tree import leaf_hash
from tests.two_nodes.erasing import (
    CANARY,
    both_erase,
    damages,
    found_in,
    obeys,
    order_of,
    orders,
    says_secret,
    signed,
)
from tests.two_nodes.filing import vault_of
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import INQUIRY, LINK, SUITE, A, B, Pair


@pytest.fixture
def copies(pair: Pair, tmp_path: Path) -> Copies:
    return Copies(pair=pair, folder=tmp_path / "copies")


@pytest.mark.parametrize("writer", [A, B])
def test_no_byte_of_content_or_key_is_left_on_either_side(pair: Pair, writer: str) -> None:
    secret = says_secret(pair, node=writer)
    for node in (A, B):
        # From the write-ahead log into the file itself.
        pair.restart(node)
    before = [found_in(pair, node, secret) for node in (A, B)]

    order = orders(pair, secret.statement)
    pair.settle()
    here, there = found_in(pair, A, secret), found_in(pair, B, secret)
    obeys(pair, order)

    assert all({"vault", "record.db"} <= each for each in before)
    assert (here, bool(there)) == (set(), True)
    assert found_in(pair, B, secret) == set()


def test_the_other_side_answers_and_everything_still_verifies(pair: Pair) -> None:
    secret = says_secret(pair)
    before = pair.rows(A)

    both_erase(pair, secret)

    after = {row.statement: row.verdict for row in pair.rows(A)}
    kinds = [(row.writer, row.kind, row.verdict.text) for row in pair.rows(B)][-1:]
    assert kinds == [(B, "record.erased", "valid")]
    assert {row.statement: after[row.statement] for row in before} == {
        row.statement: row.verdict for row in before
    }
    assert pair.is_settled()
    assert damages(pair, A) == damages(pair, B) == []
    assert pair.alarms(A) == pair.alarms(B) == {}


def test_one_person_alone_erases_nothing(pair: Pair) -> None:
    secret = says_secret(pair)
    draft = signed(pair, order_of(pair, secret.statement), persons=1)

    with pytest.raises(RefusedError, match="threshold"):
        pair.ledgers[A].eraser.order(draft, now=pair.clocks[A]())

    assert "vault" in found_in(pair, A, secret)


def test_the_order_of_a_partner_destroys_nothing_before_our_people_say_so(pair: Pair) -> None:
    secret = says_secret(pair)
    before = found_in(pair, B, secret)

    orders(pair, secret.statement)
    pair.settle()
    pair.restart(B)

    assert found_in(pair, B, secret) >= {"vault"}
    assert "vault" in before


def test_what_is_no_order_destroys_nothing(pair: Pair) -> None:
    secret = says_secret(pair)

    with pytest.raises(NoOrderError):
        obeys(pair, secret.statement)

    assert "vault" in found_in(pair, B, secret)


def test_the_same_order_twice_is_one_order(pair: Pair) -> None:
    secret = says_secret(pair)
    draft = signed(pair, order_of(pair, secret.statement))

    first = pair.ledgers[A].eraser.order(draft, now=pair.clocks[A]())
    second = pair.ledgers[A].eraser.order(draft, now=pair.clocks[A]())

    assert first.order == second.order
    assert second.erased is None


def test_a_partner_that_lost_it_gets_the_key_of_zeros_and_the_same_record(pair: Pair, copies: Copies) -> None:
    empty = copies.keep(B)
    secret = says_secret(pair)
    both_erase(pair, secret)
    digest = pair.digest(A)

    copies.restore(B, empty)
    pair.settle()

    assert pair.digest(B) == pair.digest(A) == digest
    assert found_in(pair, B, secret) == set()
    assert damages(pair, B) == []


def test_what_a_backup_brings_back_is_destroyed_once_more(pair: Pair, copies: Copies) -> None:
    secret = says_secret(pair)
    full = copies.keep(B)
    both_erase(pair, secret)

    copies.restore(B, full)
    pair.settle()

    assert found_in(pair, B, secret) == set()
    assert damages(pair, B) == []


def test_what_a_crash_left_is_destroyed_at_the_next_start(pair: Pair) -> None:
    secret = says_secret(pair)
    draft = signed(pair, order_of(pair, secret.statement))
    with closing(sqlite3.connect(pair.homes[A].record)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT COUNT(*) FROM entry").fetchone()
        done = pair.ledgers[A].eraser.order(draft, now=pair.clocks[A]())
        place = vault_of(pair, A).places.whole(secret.file)
        place.write_bytes(secret.traces[1])
        pair.ledgers[A].stop()
        left = found_in(pair, A, secret)

    pair.start(A)

    assert not done.is_clean
    assert left == {"record.db-wal", "vault"}
    assert found_in(pair, A, secret) == set()


@pytest.mark.parametrize(("writer", "stolen"), [(A, "act"), (A, "body"), (B, "act")])
def test_an_entry_cannot_name_the_parts_of_another_to_have_them_destroyed(
    pair: Pair, writer: str, stolen: str
) -> None:
    before = pair.sends(title=CANARY, node=writer)
    pair.settle()
    partner = Forger(pair, B, A)
    with pair.reader(B) as reader:
        act, body = inline_parts(reader.raw(LINK, before.statement) or b"")
        meant = {"act": act, "body": body}[stolen]
        wrapped, ciphertext = reader.connection.execute(
            "SELECT wrapped, ciphertext FROM part WHERE hash = ?", (meant.hash,)
        ).fetchone()
    key = pair.keys(B).unwrap(wrapped)
    own = seal_part(act_of("inquiry.sent", INQUIRY), scope=partner.origin, suite=SUITE)
    theirs = SealedPart(hash=meant.hash, size=meant.size, ciphertext=ciphertext, key=key)
    partner.parts |= {own.hash: own, theirs.hash: theirs}
    entry = Entry(
        time=pair.clocks[B](), log=None, seen=(), act=PartRef(hash=own.hash, size=own.size), parts=(meant,)
    )
    partner.entries.append(encode_text(entry))
    named: list[JsonValue] = [{"statement": id_text(leaf_hash(encode_text(entry))), "parts": "all"}]
    order = partner.write(
        act_of("record.erasure_ordered", {"parts": named, "ground": "agreed"}), is_signed=True
    )
    partner.tell()

    obeys(pair, order, node=A)

    with pair.reader(A) as reader:
        found = reader.connection.execute("SELECT 1 FROM part WHERE hash = ?", (meant.hash,)).fetchone()
        assert found == (1,)
        assert reader.body(LINK, before.statement) is not None
