"""Commitments and concerns: who may say what, from which state, and what both come to. Spec §17.4, §17.5."""

from collections.abc import Callable, Mapping

import pytest

from parley.protocol.dialogue.commitment import State, Word
from parley.protocol.strictjson import JsonSource
from tests.protocol.rounds import WORDS, Dialogue
from tests.protocol.stops import suspend
from tests.protocol.world import DAY, A, B, Statement

ID = "A" * 43


@pytest.fixture
def dialogue() -> Dialogue:
    return Dialogue()


def test_a_commitment_is_in_force_when_the_other_side_agrees(dialogue: Dialogue) -> None:
    promise = dialogue.proposes()

    assert dialogue.commitment(promise).state is State.PROPOSED
    dialogue.says("commitment.agreed", promise, by=B)
    assert dialogue.commitment(promise).state is State.IN_FORCE


def test_who_proposed_it_cannot_agree_to_it(dialogue: Dialogue) -> None:
    promise = dialogue.proposes()

    assert dialogue.verdict(dialogue.says("commitment.agreed", promise, by=A)) == "void:not-writer"


def test_it_is_fulfilled_only_when_the_other_side_says_so(dialogue: Dialogue) -> None:
    promise = dialogue.promises()
    report = dialogue.reports(promise)

    assert dialogue.commitment(promise).state is State.IN_FORCE
    assert dialogue.verdict(dialogue.says("commitment.confirmed", report, by=B)) == "void:not-writer"
    dialogue.says("commitment.confirmed", report, by=A)
    assert dialogue.commitment(promise).state is State.FULFILLED


def test_what_is_owed_by_both_is_fulfilled_by_both(dialogue: Dialogue) -> None:
    promise = dialogue.promises(owners=["A", "B"])
    for owner, other in ((A, B), (B, A)):
        assert dialogue.commitment(promise).state is State.IN_FORCE
        dialogue.says("commitment.confirmed", dialogue.reports(promise, by=owner), by=other)

    assert dialogue.commitment(promise).state is State.FULFILLED


def test_a_disputed_report_can_be_confirmed_later(dialogue: Dialogue) -> None:
    promise = dialogue.promises()
    report = dialogue.reports(promise)
    dialogue.says("commitment.disputed", report, by=A)

    assert dialogue.commitment(promise).reports[B].word is Word.DISPUTED
    dialogue.says("commitment.confirmed", report, by=A)
    assert dialogue.commitment(promise).state is State.FULFILLED


def test_a_word_on_a_report_that_crossed_a_newer_one_counts_for_nothing(dialogue: Dialogue) -> None:
    promise = dialogue.promises()
    report = dialogue.reports(promise)
    confirmed = dialogue.says("commitment.confirmed", report, by=A, heard=False)
    dialogue.says(
        "commitment.reported", promise, by=B, seen=confirmed.index, standing="hindered", evidence=[]
    )

    assert dialogue.verdict(confirmed) == "valid"
    found = dialogue.commitment(promise)
    assert (found.state, found.reports[B].word) == (State.IN_FORCE, Word.NONE)


def test_a_word_on_an_older_report_changes_nothing_of_a_newer_one(dialogue: Dialogue) -> None:
    # The reporter opened the thread, so its newer report is judged before the other side's word.
    promise = dialogue.promises(owners=["A"])
    report = dialogue.reports(promise, by=A)
    size = len(dialogue.world.b.log)
    dialogue.says("commitment.confirmed", report, by=B, heard=False)
    newer: dict[str, JsonSource] = {"standing": "fulfilled", "evidence": [ID]}
    dialogue.says("commitment.reported", promise, newer, by=A, seen=size)

    found = dialogue.commitment(promise)
    assert (found.state, found.reports[A].word) == (State.IN_FORCE, Word.NONE)


def test_only_the_newest_report_that_is_seen_is_judged_and_each_word_is_said_once(dialogue: Dialogue) -> None:
    promise = dialogue.promises()
    older, newer = dialogue.reports(promise, "under_way"), dialogue.reports(promise, "hindered")

    assert dialogue.verdict(dialogue.says("commitment.confirmed", older, by=A)) == "void:wrong-state"
    assert dialogue.verdict(dialogue.says("commitment.disputed", newer, by=A)) == "valid"
    dialogue.world.wait(1)
    assert dialogue.verdict(dialogue.says("commitment.disputed", newer, by=A)) == "void:wrong-state"


def test_what_is_no_more_in_force_is_carried_nowhere(dialogue: Dialogue) -> None:
    promise = dialogue.promises()
    carried = dialogue.says("commitment.carried", promise, by=A, round=None, due=None)
    report = dialogue.reports(promise)
    astray = dialogue.says("commitment.carried", report, by=A, round=None, due=1)
    dialogue.says("commitment.confirmed", report, by=A)

    assert dialogue.verdict(astray) == "void:no-target"
    assert dialogue.verdict(dialogue.says("commitment.agreed", carried, by=B)) == "void:wrong-state"


def test_a_commitment_keeps_its_id_when_it_is_carried_over(dialogue: Dialogue) -> None:
    promise = dialogue.promises()
    due = dialogue.world.now + 90 * DAY
    carried = dialogue.says("commitment.carried", promise, by=A, round=ID, due=due)

    assert dialogue.commitment(promise).standing.due != due
    dialogue.says("commitment.agreed", carried, by=B)
    found = dialogue.commitment(promise)
    assert (found.opened.id, found.standing.due, found.standing.round) == (promise.id, due, ID)


def test_of_two_carryings_that_crossed_both_nodes_take_the_same(dialogue: Dialogue) -> None:
    promise = dialogue.promises()
    size = len(dialogue.world.b.log)
    one = dialogue.says("commitment.carried", promise, by=A, heard=False, round=None, due=1)
    two = dialogue.says("commitment.carried", promise, by=B, heard=False, seen=None, round=None, due=2)
    dialogue.says("commitment.agreed", two, by=A, heard=False)
    dialogue.says("commitment.agreed", one, by=B)

    assert len(dialogue.world.b.log) > size
    assert dialogue.commitment(promise).standing.due == (1 if one.id < two.id else 2)


def test_it_is_dropped_only_by_both(dialogue: Dialogue) -> None:
    promise = dialogue.promises()
    dropped = dialogue.says("commitment.dropped", promise, by=B)

    assert dialogue.commitment(promise).state is State.IN_FORCE
    dialogue.says("commitment.agreed", dropped, by=A)
    assert dialogue.commitment(promise).state is State.DROPPED


def test_a_withdrawal_that_crossed_the_agreement_binds_nobody(dialogue: Dialogue) -> None:
    promise = dialogue.proposes()
    agreed = dialogue.says("commitment.agreed", promise, by=B, heard=False)
    withdrawn = dialogue.says("commitment.withdrawn", promise, by=A, seen=None)

    assert (dialogue.verdict(agreed), dialogue.verdict(withdrawn)) == ("valid", "valid")
    found = dialogue.commitment(promise)
    assert found.state is State.WITHDRAWN
    assert found.offers.made[promise.id].is_crossed


def test_who_has_seen_the_agreement_withdraws_no_more(dialogue: Dialogue) -> None:
    promise = dialogue.promises()

    assert dialogue.verdict(dialogue.says("commitment.withdrawn", promise, by=A)) == "void:wrong-state"


def test_overdue_is_a_view_of_what_is_in_force(dialogue: Dialogue) -> None:
    promise = dialogue.promises()
    due = dialogue.commitment(promise).standing.due
    assert due is not None

    assert not dialogue.commitment(promise).is_overdue(due)
    assert dialogue.commitment(promise).is_overdue(due + 1)
    dialogue.says("commitment.confirmed", dialogue.reports(promise), by=A)
    assert not dialogue.commitment(promise).is_overdue(due + 1)


def test_a_concern_is_answered_by_the_other_and_settled_by_who_raised_it(dialogue: Dialogue) -> None:
    promise = dialogue.promises()
    concern = dialogue.says("concern.raised", promise, by=A)
    verdicts = [
        dialogue.verdict(dialogue.says(kind, concern, d, by=by))
        for kind, by, d in (
            ("concern.answered", A, {}),
            ("concern.answered", B, {}),
            ("concern.escalated", B, {"call": ID}),
            ("concern.settled", B, {}),
            ("concern.settled", A, {}),
            ("concern.answered", B, {}),
        )
    ]

    assert verdicts == ["void:not-writer", "valid", "valid", "void:not-writer", "valid", "void:wrong-state"]
    (found,) = dialogue.commitment(promise).concerns.values()
    assert (found.state.value, found.calls) == ("settled", {ID})


def test_a_concern_joins_no_other_thread(dialogue: Dialogue) -> None:
    meeting = dialogue.meets()

    assert dialogue.verdict(dialogue.says("concern.raised", meeting, by=A)) == "void:no-target"


def test_a_suspended_forum_stops_commitments_and_concerns_and_leaves_rounds(dialogue: Dialogue) -> None:
    promise, meeting = dialogue.promises(), dialogue.invites()
    suspend(dialogue.world.a, scope={"forum": "commitment"})

    assert dialogue.verdict(dialogue.proposes(by=B)) == "void:suspended"
    assert dialogue.verdict(dialogue.reports(promise)) == "void:suspended"
    assert dialogue.verdict(dialogue.says("concern.raised", promise, by=B)) == "void:suspended"
    assert dialogue.verdict(dialogue.says("round.agreed", meeting, by=B)) == "valid"


# ---- the table of moves: every kind from every state

Told = Callable[[Dialogue], Statement]
STATES: Mapping[str, Told] = {
    "proposed": lambda d: d.proposes(),
    "declined": lambda d: _then(d, d.proposes(), "commitment.declined", B),
    "withdrawn": lambda d: _then(d, d.proposes(), "commitment.withdrawn", A),
    "in_force": lambda d: d.promises(),
    "fulfilled": lambda d: _fulfilled(d, d.promises()),
    "dropped": lambda d: _dropped(d, d.promises()),
}
MOVES: tuple[tuple[str, str, Mapping[str, JsonSource], set[str]], ...] = (
    ("commitment.carried", A, {"round": None, "due": None}, {"in_force"}),
    ("commitment.dropped", B, {}, {"in_force"}),
    ("commitment.agreed", B, {}, {"proposed", "declined"}),
    ("commitment.declined", B, {}, {"proposed"}),
    ("commitment.withdrawn", A, {}, {"proposed", "declined"}),
    ("commitment.reported", B, {"standing": "under_way", "evidence": [ID]}, {"in_force"}),
    ("concern.raised", A, {}, {"in_force", "fulfilled"}),
)


def _then(dialogue: Dialogue, promise: Statement, kind: str, by: str) -> Statement:
    dialogue.says(kind, promise, by=by)
    return promise


def _fulfilled(dialogue: Dialogue, promise: Statement) -> Statement:
    dialogue.says("commitment.confirmed", dialogue.reports(promise), by=A)
    return promise


def _dropped(dialogue: Dialogue, promise: Statement) -> Statement:
    dialogue.says("commitment.agreed", dialogue.says("commitment.dropped", promise, by=A), by=B)
    return promise


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("kind", "by", "d", "allowed"), MOVES, ids=[row[0] for row in MOVES])
def test_every_move_is_tried_from_every_state(
    dialogue: Dialogue, state: str, kind: str, by: str, d: Mapping[str, JsonSource], allowed: set[str]
) -> None:
    promise = STATES[state](dialogue)
    assert dialogue.commitment(promise).state.value == state

    verdict = dialogue.verdict(dialogue.says(kind, promise, d, by=by))

    assert verdict == ("valid" if state in allowed else "void:wrong-state")


@pytest.mark.parametrize(
    ("kind", "d"),
    [
        ("commitment.proposed", {"text": WORDS, "owners": [], "due": None, "round": None}),
        ("commitment.proposed", {"text": WORDS, "owners": ["B", "A"], "due": None, "round": None}),
        ("commitment.proposed", {"text": WORDS, "owners": ["A", "A"], "due": None, "round": None}),
        ("commitment.proposed", {"text": "x", "owners": ["A"], "due": None, "round": None}),
        ("commitment.proposed", {"text": WORDS, "owners": ["C"], "due": None, "round": None}),
        ("commitment.proposed", {"text": WORDS, "owners": ["A"], "due": -1, "round": None}),
        ("commitment.proposed", {"text": WORDS, "owners": ["A"], "due": None}),
        ("commitment.proposed", {"text": WORDS, "owners": ["A"], "due": None, "round": ID[:-1] + "B"}),
    ],
)
def test_what_is_not_in_the_form_of_a_commitment_is_void(
    dialogue: Dialogue, kind: str, d: Mapping[str, JsonSource]
) -> None:
    assert dialogue.verdict(dialogue.says(kind, None, d, by=A)) == "void:schema"


def test_evidence_names_each_place_once(dialogue: Dialogue) -> None:
    promise = dialogue.promises()
    twice = dialogue.says("commitment.reported", promise, by=B, standing="fulfilled", evidence=[ID, ID])

    assert dialogue.verdict(twice) == "void:schema"


def test_who_owes_nothing_reports_nothing(dialogue: Dialogue) -> None:
    promise = dialogue.promises(owners=["B"])

    assert dialogue.verdict(dialogue.reports(promise, by=A)) == "void:not-writer"


def test_an_answer_names_an_offer_and_nothing_else(dialogue: Dialogue) -> None:
    report = dialogue.reports(dialogue.promises())

    assert dialogue.verdict(dialogue.says("commitment.agreed", report, by=A)) == "void:no-target"
