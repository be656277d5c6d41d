"""Exports of lines whose keys changed: proved by both sides, and by nothing but the card in force."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.ledger.chosen import Choice
from parley.ledger.evidence import evidence_of
from parley.ledger.fsck.check import Looking, check_record
from parley.protocol.verify.findings import Result
from parley.protocol.verify.reading import worths
from tests.protocol.samples import SUITE
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.rotating import revoke, rotate
from tests.verify.book import judge
from tests.verify.second import findings, told
from tests.verify.test_two_nodes import exported


@pytest.fixture(name="rotated")
def fixture_rotated(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    for number, node in enumerate((A, B, A)):
        pair.sends(node=node, title=f"before {number}")
        rotate(pair, node)
        pair.sends(node=node, title=f"after {number}")
        pair.settle()
    yield pair
    pair.stop()


@pytest.mark.parametrize("node", [A, B])
def test_an_export_that_crosses_rotations_is_proved(rotated: Pair, node: str) -> None:
    made, raw = exported(rotated, node, Choice())
    found = judge(raw, made.listing.digits)

    assert found.result is Result.PROVED, (found.step, found.reason)
    assert found.told is not None
    assert [len(cards) for cards in found.told.cards.values()] == [3, 2]
    verdicts = worths(found.told, SUITE)
    assert verdicts == {(row.writer, row.index): row.verdict.text for row in rotated.rows(node)}
    assert set(verdicts.values()) == {"valid"}


def test_one_inquiry_alone_is_proved_across_rotations(rotated: Pair) -> None:
    row = next(row for row in rotated.rows(A) if row.kind == "inquiry.sent")
    made, raw = exported(rotated, A, Choice(thread=row.statement))

    found = judge(raw, made.listing.digits)
    assert found.result is Result.PROVED, (found.step, found.reason)


def test_the_second_verifier_says_the_same(rotated: Pair) -> None:
    made, raw = exported(rotated, B, Choice())

    (second,) = told([(raw, " ".join(made.listing.digits))])
    assert second["findings"] == findings(judge(raw, made.listing.digits))


@pytest.mark.parametrize("node", [A, B])
def test_every_statement_is_shown_as_proved_whichever_keys_signed_it(rotated: Pair, node: str) -> None:
    with rotated.reader(node) as reader:
        for row in rotated.rows(node):
            found = evidence_of(reader, LINK, node=row.writer, index=row.index)
            assert found is not None
            assert found.is_proved, row.place
            assert found.receipt is None or found.receipt.is_genuine, row.place


@pytest.mark.parametrize("node", [A, B])
def test_nothing_is_found_damaged(rotated: Pair, node: str) -> None:
    report = check_record(rotated.homes[node], Looking(now=rotated.clocks[node], suite=SUITE))

    assert not report.findings


@pytest.mark.parametrize("node", [A, B])
def test_an_export_of_a_line_whose_keys_were_revoked_is_proved(rotated: Pair, node: str) -> None:
    rotated.sends(title="said, and not heard yet")
    revoke(rotated)
    rotated.sends(title="by the next keys")
    rotated.settle()

    made, raw = exported(rotated, node, Choice())
    found = judge(raw, made.listing.digits)
    assert found.result is Result.PROVED, (found.step, found.reason)
    report = check_record(rotated.homes[node], Looking(now=rotated.clocks[node], suite=SUITE))
    assert not report.findings
