"""The record folded anew from the evidence: the same rows, or every row that differs."""

import sqlite3
from collections.abc import Callable, Mapping

import pytest

from parley.ledger.rebuild import rebuild
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.forger import act_of, force
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.tables import tables

DERIVED = {"row", "tip"}
ANSWER: Mapping[str, JsonValue] = {
    "findings": [{"items": [0], "code": "mitigated", "measure": "content_removed"}]
}


@pytest.fixture
def told(pair: Pair) -> Pair:
    """Return two nodes with a story behind them: valid, void, crossing and unopened statements."""
    said = pair.sends(node=A)
    pair.settle()
    pair.say(B, "inquiry.acknowledged", {}, re=said.statement)
    pair.say(B, "inquiry.answered", ANSWER, re=said.statement)
    pair.say(A, "inquiry.withdrawn", {"items": "all", "reason": "solved"}, re=said.statement)
    pair.settle()
    force(pair, B, act_of("inquiry.sent", INQUIRY), body=b"not json")
    force(pair, B, b"not json")
    force(pair, B, act_of("inquiry.acknowledged", {}, re=bytes(32)))
    pair.sends(node=B)
    pair.settle()
    assert pair.is_settled()
    return pair


def tampered(pair: Pair, sql: str) -> None:
    pair.ledgers[A].stop()
    db = sqlite3.connect(pair.homes[A].record, isolation_level=None)
    assert db.execute(sql).rowcount > 0
    db.close()


def test_an_honest_record_folds_to_itself(told: Pair) -> None:
    for node in (A, B):
        told.ledgers[node].stop()

        comparison = rebuild(told.homes[node], compare=True)

        assert comparison.rows > 10
        assert comparison.differences == ()


def test_comparing_changes_nothing(told: Pair) -> None:
    tampered(told, "UPDATE row SET outcome = 'void', reason = 'schema' WHERE kind = 'inquiry.answered'")
    before = tables(told.homes[A])

    assert rebuild(told.homes[A], compare=True).differences

    assert tables(told.homes[A]) == before


TAMPERED = {
    "a verdict": (
        "UPDATE row SET outcome = 'void', reason = 'schema' WHERE kind = 'inquiry.answered'",
        "row",
    ),
    "an act": (
        "UPDATE row SET act = CAST(replace(act, 'mitigated', 'confirmed') AS BLOB)",
        "row",
    ),
    "an act away": ("UPDATE row SET act = NULL WHERE kind = 'inquiry.answered'", "row"),
    "a time": ("UPDATE row SET effective = effective - 1 WHERE kind = 'inquiry.acknowledged'", "row"),
    "a time of receipt": ("UPDATE row SET received_at = NULL WHERE kind = 'inquiry.sent'", "row"),
    "a cut": ("UPDATE row SET cut = cut - 1 WHERE kind = 'inquiry.answered'", "row"),
    "a thread": ("UPDATE row SET thread = NULL WHERE kind = 'inquiry.answered'", "row"),
    "a kind": ("UPDATE row SET kind = 'inquiry.refused' WHERE kind = 'inquiry.answered'", "row"),
    "an id": ("UPDATE row SET leaf = randomblob(32) WHERE kind = 'inquiry.answered'", "row"),
    "a tag": ("UPDATE row SET leaf_tag = leaf_tag + 1 WHERE kind = 'inquiry.answered'", "row"),
    "a tag of an act": ("UPDATE row SET act_tag = 7 WHERE kind = 'inquiry.answered'", "row"),
    "a row away": ("DELETE FROM row WHERE kind = 'inquiry.withdrawn'", "row"),
    "a tip": ("UPDATE tip SET size = size + 1", "tip"),
    "an unopened one brought back": ("UPDATE row SET outcome = 'valid' WHERE outcome = 'unopened'", "row"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_every_row_that_was_tampered_with_is_found_and_mended(told: Pair, name: str) -> None:
    honest = tables(told.homes[A], only=DERIVED)
    sql, table = TAMPERED[name]
    tampered(told, sql)

    found = rebuild(told.homes[A], compare=True).differences
    rebuild(told.homes[A], compare=False)

    assert {difference.table for difference in found} == {table}
    assert tables(told.homes[A], only=DERIVED) == honest
    assert rebuild(told.homes[A], compare=True).differences == ()


def test_an_entry_that_was_tampered_with_is_found(told: Pair) -> None:
    told.ledgers[A].stop()
    db = sqlite3.connect(told.homes[A].record, isolation_level=None)
    db.execute("DROP TRIGGER entry_stays")
    db.execute("UPDATE entry SET raw = CAST(replace(raw, 'time 17936', 'time 17935') AS BLOB) WHERE idx = 1")
    db.close()

    assert rebuild(told.homes[A], compare=True).differences


def test_a_record_whose_rows_are_all_lost_is_told_again_from_the_evidence(told: Pair) -> None:
    honest = tables(told.homes[A], only=DERIVED)
    tampered(told, "DELETE FROM row")
    tampered(told, "DELETE FROM tip")

    rebuild(told.homes[A], compare=False)

    assert tables(told.homes[A], only=DERIVED) == honest
    told.start(A)
    assert told.is_settled()


def test_what_is_said_after_a_rebuild_goes_on_from_it(told: Pair) -> None:
    told.ledgers[A].stop()
    rebuild(told.homes[A], compare=False)
    told.start(A)

    for node in (A, B):
        told.sends(node=node)
    told.settle()

    assert told.is_settled()


def test_an_opening_that_turns_out_unopened_has_everything_judged_anew(pair: Pair) -> None:
    offers = {node: pair.offer(node) for node in (A, B)}
    story: list[Callable[[], object]] = [
        lambda: pair.ledgers[A].sign_opening(LINK, offers[A], offers[B], draft="again"),
        lambda: pair.sends(node=A),
    ]
    for act in story:
        act()
    pair.settle()
    pair.ledgers[B].stop()

    comparison = rebuild(pair.homes[B], compare=True)

    assert comparison.differences == ()
    pair.start(B)
    assert pair.is_settled()
