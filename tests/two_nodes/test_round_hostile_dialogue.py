"""A partner who signs with a valid key and keeps to nothing: promises, rounds and lists of outcomes.

What it says is in the record of both nodes, void where it breaks a rule, with the reason; what our node shows
is what the record proves; and whatever else is said on the link goes on.
"""

import base64
from collections.abc import Mapping
from typing import Final

import pytest

from parley.ledger.dialogues import commitments, publication, thread_of
from parley.protocol.act import id_text, read_id
from parley.protocol.dialogue import commitment as promises
from parley.protocol.dialogue import outcome as outcomes
from parley.protocol.dialogue.clause import write_clause
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.release import Seal, digest_of, sign_seal
from parley.protocol.strictjson import JsonValue
from tests.protocol.rounds import CLAUSE, OTHER, WORDS
from tests.two_nodes.pair import LINK, MONDAY, SUITE, WORLD, A, B, Pair
from tests.two_nodes.round_foe import TEXTS
from tests.two_nodes.round_stage import NOWHERE, Stage, attempt, stage_of

DAY: Final = 86_400
RELEASE: Final = MONDAY + 10 * DAY
PROMISE: Final[Mapping[str, JsonValue]] = {"text": WORDS, "owners": ["B"], "due": None, "round": None}
PLAN: Final[Mapping[str, JsonValue]] = {"host": "A", "begins": MONDAY, "ends": MONDAY + DAY, "text": WORDS}
TASK: Final[Mapping[str, JsonValue]] = {"owner": "both", "start": None, "due": None}
# Twenty in English, two hundred in Chinese.
UNEQUAL: Final = base64.b64encode("B answers within 20 days.\n乙方在200天内答复。\n".encode()).decode()


@pytest.fixture(name="stage")
def fixture_stage(pair: Pair) -> Stage:
    return stage_of(pair)


def test_a_promise_is_made_and_kept_by_the_word_of_both_alone(stage: Stage) -> None:
    promise = stage.say(B, "commitment.proposed", None, PROMISE)
    found = stage.tried(
        attempt("agreed with itself", "commitment.agreed", promise),
        attempt(
            "was done before anybody agreed",
            "commitment.reported",
            promise,
            d={"standing": "fulfilled", "evidence": []},
        ),
        attempt("worried before anybody agreed", "concern.raised", promise),
    )
    stage.say(A, "commitment.agreed", promise)
    report = stage.say(B, "commitment.reported", promise, {"standing": "fulfilled", "evidence": []})

    found |= stage.tried(
        attempt("confirmed its own report", "commitment.confirmed", report),
        attempt("took back what was agreed", "commitment.withdrawn", promise),
        attempt("answered a call as a concern", "concern.answered", report),
        attempt("agreed by another page", "round.agreed", promise),
    )

    assert found == {
        "agreed with itself": "void:not-writer",
        "was done before anybody agreed": "void:wrong-state",
        "worried before anybody agreed": "void:wrong-state",
        "confirmed its own report": "void:not-writer",
        "took back what was agreed": "void:wrong-state",
        "answered a call as a concern": "void:not-writer",
        "agreed by another page": "void:no-target",
    }
    with stage.pair.reader(A) as reader:
        (kept,) = commitments(reader, LINK)
    assert kept.state is promises.State.IN_FORCE
    assert stage.goes_on()


def agreed_round(stage: Stage) -> bytes:
    """Return a round with one clause that both want."""
    meeting = stage.say(A, "round.proposed", None, {**PLAN, "number": 1, "after": None})
    stage.say(B, "round.agreed", meeting)
    clause = stage.say(A, "outcome.clause_proposed", meeting, {"place": 1, "clause": CLAUSE})
    stage.say(B, "outcome.agreed", clause)
    return meeting


def meeting_at(stage: Stage, meeting: bytes) -> Round:
    with stage.pair.reader(A) as reader:
        found = thread_of(reader, LINK, meeting)
    assert isinstance(found, Round)
    return found


def frozen(stage: Stage, meeting: bytes, *, release: int = RELEASE) -> dict[str, JsonValue]:
    """Return what who freezes the list as it stands says."""
    found = meeting_at(stage, meeting).outcome.outcomes(release)
    assert found is not None
    return {"release": release, "digest": id_text(digest_of(found.text()))}


def seal_of(stage: Stage, frozen_: Mapping[str, JsonValue], *, key_of: str = B, **other: object) -> JsonValue:
    """Return a seal in base64, on what was frozen or on something else."""
    release, digest = int(str(frozen_["release"])), read_id(frozen_["digest"])
    text = Seal(link=f"{WORLD}/{other.get('link', LINK)}", release=release, digest=digest)
    keys = stage.pair.signer_keys(key_of).receipt_keys(SUITE)
    return base64.b64encode(sign_seal(text, (keys.ed25519, keys.ml_dsa), time=release, suite=SUITE)).decode()


def test_a_list_of_outcomes_is_what_both_wanted_and_froze(stage: Stage) -> None:
    meeting = agreed_round(stage)
    ours = frozen(stage, meeting)
    stage.say(A, "outcome.frozen", meeting, ours)
    theirs = stage.say(B, "outcome.clause_proposed", meeting, {"place": 2, "clause": OTHER})

    found = stage.tried(
        attempt(
            "counted otherwise in Chinese",
            "outcome.clause_proposed",
            meeting,
            d={"place": 3, "clause": UNEQUAL},
        ),
        attempt("agreed to its own clause", "outcome.agreed", theirs),
        attempt("froze another list", "outcome.frozen", meeting, d={**ours, "digest": NOWHERE}),
        attempt(
            "froze for a day that was",
            "outcome.frozen",
            meeting,
            d=frozen(stage, meeting, release=MONDAY - 1),
        ),
        attempt("froze by too few hands", "outcome.frozen", meeting, d=ours, hands=1),
        attempt(
            "released what both had not frozen",
            "outcome.released",
            meeting,
            d={**ours, "note": seal_of(stage, ours)},
        ),
    )

    assert found == {
        "counted otherwise in Chinese": "void:schema",
        "agreed to its own clause": "void:not-writer",
        "froze another list": "void:wrong-state",
        "froze for a day that was": "void:wrong-state",
        "froze by too few hands": "void:threshold",
        "released what both had not frozen": "void:wrong-state",
    }
    assert meeting_at(stage, meeting).outcome.state is outcomes.State.HALF_FROZEN
    assert stage.goes_on()


def test_nobody_publishes_before_the_instant_or_other_bytes_or_with_another_seal(stage: Stage) -> None:
    meeting = agreed_round(stage)
    ours = frozen(stage, meeting)
    for node in (A, B):
        stage.say(node, "outcome.frozen", meeting, ours)
    release, note = dict(ours), seal_of(stage, ours)
    changed = write_clause(TEXTS[2])
    early = attempt("early", "outcome.released", meeting, d={**release, "note": note})
    found = stage.tried(
        early,
        attempt(
            "a clause after the freezing",
            "outcome.clause_proposed",
            meeting,
            d={"place": 1, "clause": changed},
        ),
        attempt("frozen once more", "outcome.frozen", meeting, d={**ours, "release": RELEASE + 1}),
    )
    for clock in stage.pair.clocks.values():
        clock.time = RELEASE
    found |= stage.tried(
        attempt("other bytes", "outcome.released", meeting, d={**release, "digest": NOWHERE, "note": note}),
        attempt(
            "a seal of the other side",
            "outcome.released",
            meeting,
            d={**release, "note": seal_of(stage, ours, key_of=A)},
        ),
        attempt(
            "a seal for another link",
            "outcome.released",
            meeting,
            d={**release, "note": seal_of(stage, ours, link="a-c")},
        ),
        attempt("no seal", "outcome.released", meeting, d={**release, "note": "x" * 16_384}),
    )

    assert found == {
        "early": "void:wrong-state",
        "a clause after the freezing": "void:wrong-state",
        "frozen once more": "void:wrong-state",
        "other bytes": "void:schema",
        "a seal of the other side": "void:schema",
        "a seal for another link": "void:schema",
        "no seal": "void:schema",
    }
    with stage.pair.reader(A) as reader:
        assert publication(reader, LINK, meeting_at(stage, meeting)) is None
    alone = stage.say(B, "outcome.released", meeting, {**release, "note": note})
    assert stage.verdict(alone) == "valid"
    assert meeting_at(stage, meeting).outcome.state is outcomes.State.HALF_RELEASED
    with stage.pair.reader(A) as reader:
        found_ = publication(reader, LINK, meeting_at(stage, meeting))
    assert found_ is not None
    assert [*found_.seals] == [B]
