"""Two whole nodes promise, meet, and make a list public together, on terms that list this. Spec §17."""

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from parley.ledger.dialogues import commitments, rounds
from parley.ledger.drafts import Appended, RefusedError
from parley.protocol.act import id_text
from parley.protocol.dialogue import commitment as promises
from parley.protocol.dialogue import outcome as outcomes
from parley.protocol.dialogue.account import account
from parley.protocol.dialogue.clause import write_clause
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.release import Seal, digest_of, join, sign_seal, verify
from parley.protocol.kinds import VERSIONS
from parley.protocol.strictjson import JsonValue
from parley.protocol.terms import default_terms
from tests.protocol.rounds import OTHER, SALT, WORDS, WORK
from tests.two_nodes.pair import LINK, MONDAY, SUITE, WORLD, A, B, Pair
from tests.two_nodes.persons import bring, prepared_draft, signed

DAY: Final = 24 * 60 * 60
RELEASE: Final = MONDAY + 10 * DAY
# Few, so that the texts are short.
LISTED: Final = {kind: 1 for kind in VERSIONS if not kind.startswith(("inquiry.", "call."))}
PLAN: Final[Mapping[str, JsonValue]] = {"host": "A", "begins": MONDAY, "ends": MONDAY + DAY, "text": WORDS}


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Return two nodes whose terms list the dialogue."""
    nodes = Pair(tmp_path)
    calendars = {node: nodes.offer(node).calendar for node in (A, B)}
    terms = default_terms(calendars, world=WORLD, kinds=LISTED)
    act = next(row.act for row in nodes.rows(A) if row.kind == "link.opened")
    assert act is not None
    for node in (A, B):
        bring(
            nodes,
            node,
            signed(nodes, node, prepared_draft(nodes, node, "link.opened", {**act.d, "terms": terms})),
        )
    nodes.settle()
    yield nodes
    nodes.stop()


def says(
    pair: Pair, node: str, kind: str, re: Appended | None = None, d: Mapping[str, JsonValue] | None = None
) -> Appended:
    """Have a node say something of the dialogue, and the other one have it."""
    body: Mapping[str, JsonValue] = {
        "salt": base64.b64encode(SALT).decode(),
        "texts": [{"en": WORK.en, "zh": WORK.zh}],
    }
    said = pair.say(node, kind, d or {}, re=None if re is None else re.statement, body=body)
    pair.settle()
    return said


def meets(pair: Pair) -> Appended:
    """Agree on a round with one clause that both want."""
    meeting = says(pair, A, "round.proposed", d={**PLAN, "number": 3, "after": None})
    says(pair, B, "round.agreed", meeting)
    clause = says(pair, A, "outcome.clause_proposed", meeting, {"place": 1, "clause": write_clause(WORK)})
    says(pair, B, "outcome.agreed", clause)
    return meeting


def only_round(pair: Pair, node: str) -> Round:
    with pair.reader(node) as reader:
        (found,) = rounds(reader, LINK)
        return found


def freezes(pair: Pair, node: str, meeting: Appended) -> Appended:
    """Have two persons of a node freeze the list as it stands."""
    found = only_round(pair, node).outcome.outcomes(RELEASE)
    assert found is not None
    d: Mapping[str, JsonValue] = {"release": RELEASE, "digest": id_text(digest_of(found.text()))}
    said = bring(
        pair,
        node,
        signed(pair, node, prepared_draft(pair, node, "outcome.frozen", d, re=meeting.statement)),
    )
    pair.settle()
    return said


def seal(pair: Pair, node: str, *, at: int) -> tuple[Mapping[str, JsonValue], bytes]:
    """Return what a node says when it releases, and its seal."""
    outcome = only_round(pair, node).outcome
    frozen, found = outcome.agreed, outcome.public
    assert frozen is not None
    assert found is not None
    keys = pair.signer_keys(node).receipt_keys(SUITE)
    made = sign_seal(
        Seal(link=f"{WORLD}/{LINK}", release=frozen.release, digest=digest_of(found.text())),
        (keys.ed25519, keys.ml_dsa),
        time=at,
        suite=SUITE,
    )
    d: Mapping[str, JsonValue] = {
        "release": frozen.release,
        "digest": frozen.digest,
        "note": base64.b64encode(made).decode(),
    }
    return d, made


def accounts(pair: Pair, node: str) -> list[object]:
    with pair.reader(node) as reader:
        promised = [account(each) for each in commitments(reader, LINK)]
        return [*promised, *(account(each) for each in rounds(reader, LINK))]


def test_both_nodes_come_to_the_same_promise_and_only_both_fulfil_it(pair: Pair) -> None:
    due = MONDAY + 30 * DAY
    promise = says(
        pair,
        A,
        "commitment.proposed",
        d={"text": WORDS, "owners": ["B"], "due": due, "round": None},
    )
    says(pair, B, "commitment.agreed", promise)
    concern = says(pair, A, "concern.raised", promise)
    says(pair, B, "concern.answered", concern)
    report = says(pair, B, "commitment.reported", promise, {"standing": "fulfilled", "evidence": []})
    with pytest.raises(RefusedError, match="not-writer"):
        pair.say(B, "commitment.confirmed", {}, re=report.statement)
    says(pair, A, "commitment.confirmed", report)

    with pair.reader(B) as reader:
        (found,) = commitments(reader, LINK)
    assert found.state is promises.State.FULFILLED
    assert accounts(pair, A) == accounts(pair, B)
    assert pair.is_settled()
    before = accounts(pair, A)
    pair.restart(A)
    assert accounts(pair, A) == before


def test_a_list_is_public_by_both_at_the_agreed_instant_and_by_nobody_before(pair: Pair) -> None:
    meeting = meets(pair)
    freezes(pair, A, meeting)
    clause = says(pair, B, "outcome.clause_proposed", meeting, {"place": 2, "clause": OTHER})
    says(pair, A, "outcome.agreed", clause)
    freezes(pair, B, meeting)
    assert only_round(pair, A).outcome.state is outcomes.State.HALF_FROZEN
    d: Mapping[str, JsonValue] = {"release": RELEASE + 1, "digest": WORDS}
    draft = prepared_draft(pair, A, "outcome.frozen", d, re=meeting.statement)
    with pytest.raises(RefusedError, match="threshold"):
        bring(pair, A, signed(pair, A, draft, roots=(1,)))
    freezes(pair, A, meeting)
    early, _made = seal(pair, A, at=RELEASE)
    with pytest.raises(RefusedError, match="wrong-state"):
        pair.say(A, "outcome.released", early, re=meeting.statement)

    notes = []
    for node, at in ((A, RELEASE), (B, RELEASE + 1)):
        pair.clocks[node].time = at
        released, made = seal(pair, node, at=at)
        says(pair, node, "outcome.released", meeting, released)
        notes.append(made)
        states = {only_round(pair, each).outcome.state for each in (A, B)}
        assert states == {outcomes.State.HALF_RELEASED if node == A else outcomes.State.RELEASED}
    found = only_round(pair, B).outcome.public
    assert found is not None
    cards = [pair.offer(node).card.card for node in (A, B)]
    published = verify(found.text(), join(*notes), cards, suite=SUITE)
    assert published.is_joint
    assert published.sealed_at == ((A, RELEASE), (B, RELEASE + 1))
    assert accounts(pair, A) == accounts(pair, B)
