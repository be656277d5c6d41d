"""Exports of one matter that is no inquiry: a case, an offer, a round with its list, a review, a text."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from parley.ledger.chosen import Choice
from parley.protocol.strictjson import JsonValue
from parley.protocol.verify.findings import Result
from tests.simulator.rooms import ROOMS, with_terms
from tests.two_nodes.pair import A, B, Pair
from tests.verify.book import judge
from tests.verify.second import findings, plain, statements, told
from tests.verify.test_two_nodes import exported

SAYS: Mapping[str, Mapping[str, JsonValue]] = {kind: with_terms(d, (A, B)) for kind, d, _, _ in ROOMS}
MATTERS = (
    ("case.proposed", "case.joined", "case.noted"),
    ("sharing.offered", "sharing.accepted"),
    ("commitment.proposed", "commitment.agreed", "concern.raised"),
    ("round.proposed", "round.agreed", "outcome.clause_proposed"),
    ("review.cut_proposed", "review.cut_agreed", "review.commented"),
    ("guideline.proposed", "guideline.amended"),
)


@pytest.fixture(name="pair")
def fixture_pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    yield pair
    pair.stop()


@pytest.mark.parametrize("kinds", MATTERS, ids=lambda kinds: kinds[0])
def test_one_matter_is_exported_whole_and_of_others_there_is_the_hash(
    pair: Pair, kinds: tuple[str, ...]
) -> None:
    opening, *others = kinds
    first = pair.say(A, opening, SAYS[opening]).statement
    another = pair.sends(title="another matter").statement
    pair.settle()
    for kind in others:
        pair.say(B, kind, SAYS[kind], re=first)
    pair.settle()

    made, raw = exported(pair, B, Choice(thread=first))
    found = judge(raw, made.listing.digits)
    (there,) = told([(raw, " ".join(found.digits))])

    assert found.result is Result.PROVED, (found.step, found.reason)
    assert there["findings"] == findings(found)
    assert plain(there["statements"]) == statements(found)
    assert {each["kind"] for each in statements(found)} == {"link.opened", *kinds}
    assert another not in [each["id"] for each in statements(found)]
