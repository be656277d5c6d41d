"""Exports of lines whose keys were revoked: what stays is proved, and what a thief signed is not in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.ledger.chosen import Choice
from parley.protocol.head import Head, sign_head
from parley.protocol.tree import leaf_hash, root_of
from parley.protocol.verify.findings import Findings, Result
from parley.protocol.verify.reading import worths
from parley.protocol.verify.report import report
from parley.protocol.verify.sentences import Language
from tests.protocol.samples import SUITE
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.rotating import revoke, signing_set
from tests.verify.book import judge
from tests.verify.second import findings, plain, statements, told
from tests.verify.test_two_nodes import exported


@pytest.fixture(name="pair")
def fixture_pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    pair.sends(title="before")
    pair.settle()
    yield pair
    pair.stop()


def after_it(pair: Pair) -> None:
    """Have the old keys sign more than the other side hears, and the roots revoke them."""
    pair.sends(title="signed by the old keys alone")
    pair.sends(title="and this")
    assert not revoke(pair, A).refused
    pair.settle()
    pair.sends(title="after")
    pair.settle()


def proved(pair: Pair, node: str) -> tuple[bytes, Findings]:
    made, raw = exported(pair, node, Choice())
    found = judge(raw, made.listing.digits)
    assert found.result is Result.PROVED, (found.step, found.reason)
    return raw, found


@pytest.mark.parametrize("node", [A, B])
def test_what_was_said_before_and_after_is_proved_and_told(pair: Pair, node: str) -> None:
    after_it(pair)

    _, found = proved(pair, node)

    (revoked,) = findings(found)["revocations"]
    assert (revoked["origin"][:9], revoked["serial"]) == (A, 1)
    assert found.told is not None
    assert worths(found.told, SUITE) == {(row.writer, row.index): row.verdict.text for row in pair.rows(node)}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "What they signed up to there stays proved"), ("zh", "此前由其签署的内容仍获证明")],
)
def test_it_is_said_in_plain_words(pair: Pair, language: Language, words: str) -> None:
    after_it(pair)

    assert words in "\n".join(report(proved(pair, A)[1], language, suite=SUITE, limit=10))


@pytest.mark.slow
def test_both_verifiers_say_the_same_of_it(pair: Pair) -> None:
    after_it(pair)
    raw, first = proved(pair, B)
    assert first.told is not None

    (second,) = told([(raw, " ".join(first.digits))])

    assert second["findings"] == findings(first)
    assert plain(second["statements"]) == statements(first)


def test_a_head_by_the_old_keys_that_is_still_kept_is_not_shown(pair: Pair) -> None:
    """One note in a thousand entries is kept for ever, whatever became of its keys."""
    after_it(pair)
    _, found = proved(pair, A)
    (revoked,) = findings(found)["revocations"]
    size, origin = revoked["size"] + 1, revoked["origin"]
    with pair.reader(A) as reader:
        leaves = [leaf_hash(raw) for raw in list(reader.entries(LINK)[A])[:size]]
        log = reader.connection.execute("SELECT id FROM log WHERE origin = ?", (origin,)).fetchone()[0]
    head = Head(origin=origin, size=size, root=root_of(leaves))
    keys, time = signing_set(pair, A, 1).write_keys(origin, SUITE), pair.clocks[A].time
    note = sign_head(head, keys, time=time, suite=SUITE)
    rows = pair.ledgers[A]._db  # noqa: SLF001 - a test may look behind a door
    rows.execute("INSERT OR REPLACE INTO head_note VALUES (?, ?, ?, 1, ?)", (log, size, time, note))

    assert proved(pair, A)[0]
