"""A partner who signs with a valid key and keeps to nothing: offers, cases, guidelines and reviews.

What it says is in the record of both nodes, void where it breaks a rule, with the reason; what our node shows
is what the record proves; and whatever else is said on the link goes on.
"""

import base64
from collections.abc import Mapping
from typing import Final

import pytest

from parley.ledger.casebook import case_at, share_at
from parley.protocol.agreements import reviews
from parley.protocol.cases.codes import Standing
from parley.protocol.sharing.codes import State
from parley.protocol.strictjson import JsonValue
from tests.protocol.casework import given
from tests.protocol.rounds import WORDS
from tests.protocol.sharers import PARTS, offered, sealed
from tests.two_nodes.pair import LINK, MONDAY, WORLD, A, B, Pair
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


# ---- Offers


def test_of_an_offer_a_receiver_can_take_nothing_back_and_nothing_more(stage: Stage) -> None:
    offer = stage.say(A, "sharing.offered", None, offered(conditions=["confidential"]))
    other = stage.say(A, "sharing.offered", None, offered(conditions=["no_third_party"]))
    yes = stage.say(B, "sharing.undertaken", offer, {"conditions": ["confidential"]})

    found = stage.tried(
        attempt("declined after it undertook", "sharing.declined", offer, d={"reason": "no_need"}),
        attempt("accepted what asks for conditions", "sharing.accepted", other),
        attempt("withdrew our offer", "sharing.withdrawn", other, d={"reason": "wrong"}),
        attempt("confirmed its own undertaking", "sharing.confirmed", yes),
        attempt("delivered for us", "sharing.delivered", yes, d={"content": sealed(*PARTS)}),
        attempt("judged what never came", "sharing.evaluated", yes, d={"source": "A", "information": 1}),
        attempt(
            "undertook by too few hands",
            "sharing.undertaken",
            other,
            d={"conditions": ["no_third_party"]},
            hands=0,
        ),
    )

    assert found == {
        "declined after it undertook": "void:wrong-state",
        "accepted what asks for conditions": "void:no-target",
        "withdrew our offer": "void:not-writer",
        "confirmed its own undertaking": "void:not-writer",
        # The entry brings no such part, whoever writes it.
        "delivered for us": "void:schema",
        "judged what never came": "void:no-target",
        "undertook by too few hands": "void:wrong-log",
    }
    with stage.pair.reader(A) as reader:
        one, two = (share_at(reader, LINK, each) for each in (offer, other))
    assert one is not None
    assert two is not None
    assert (one.state, two.state) == (State.ACCEPTED, State.OFFERED)
    assert stage.goes_on()


# ---- Cases


def test_in_a_case_nobody_speaks_for_the_other_side_or_before_it_is_in(stage: Stage) -> None:
    case = stage.say(A, "case.proposed", None, {"items": ["trade_secrets"], "origins": []})
    early = attempt("spoke before it joined", "case.noted", case, d={"sort": "note"})
    found = stage.tried(early)
    stage.say(B, "case.joined", case)
    theirs = stage.say(A, "finding.given", case, given())
    link = stage.say(A, "case.linked", case, {"to": "inquiry", "place": {"statement": NOWHERE, "part": None}})
    task = stage.say(A, "case.task_set", case, TASK)

    found |= stage.tried(
        attempt("joined twice", "case.joined", case),
        attempt("declined when it was in", "case.declined", case, d={"reason": "own_law"}),
        attempt("took our link away", "case.unlinked", link, d={"reason": "forged"}),
        attempt("was done with what nobody agreed", "case.task_done", task, d={"result": "done"}),
        attempt("revised our finding", "finding.revised", theirs, d={**given(), "reasons": ["error"]}),
        attempt("found by too few hands", "finding.given", case, d=given(), hands=0),
        attempt("proposed what is not agreed", "case.proposed", d={"items": ["espionage"], "origins": []}),
    )

    assert found == {
        "spoke before it joined": "void:wrong-state",
        "joined twice": "void:wrong-state",
        "declined when it was in": "void:wrong-state",
        "took our link away": "void:not-writer",
        "was done with what nobody agreed": "void:wrong-state",
        "revised our finding": "void:not-writer",
        "found by too few hands": "void:wrong-log",
        "proposed what is not agreed": "void:schema",
    }
    assert stage.goes_on()


def test_who_concurs_with_a_version_that_was_replaced_does_not_stand_behind_the_new_one(stage: Stage) -> None:
    case = stage.say(A, "case.proposed", None, {"items": ["trade_secrets"], "origins": []})
    stage.say(B, "case.joined", case)
    first = stage.say(A, "finding.given", case, given(public=True))
    stage.say(A, "finding.revised", first, {**given(responsibility="no_state"), "reasons": ["new_evidence"]})

    said = stage.say(B, "finding.answered", first, {"position": "concurs", "public": True})

    with stage.pair.reader(A) as reader:
        found = case_at(reader, LINK, case)
    assert found is not None
    old, new = found.findings[0].versions
    assert stage.verdict(said) == "valid"
    assert (old.standing, new.standing) == (Standing.JOINT, Standing.UNANSWERED)
    assert found.findings[0].current is new


# ---- Guidelines and reviews


def test_a_text_holds_by_both_signatures_in_time_or_not_at_all(stage: Stage) -> None:
    terms = stage.terms()
    other = terms.replace('"U1":"2h"', '"U1":"30m"')
    d: dict[str, JsonValue] = {"text": WORDS, "terms": other, "since": MONDAY + DAY}
    draft = stage.say(A, "guideline.proposed", None, d)
    theirs = stage.say(B, "guideline.amended", draft, d)
    stage.say(B, "guideline.signed", theirs, {"text": WORDS})

    found = stage.tried(
        attempt("signed another text", "guideline.signed", draft, d={"text": NOWHERE}),
        attempt("signed twice", "guideline.signed", theirs, d={"text": WORDS}),
        attempt("took back what it signed", "guideline.withdrawn", theirs),
        attempt("took our text away", "guideline.withdrawn", draft),
        attempt("signed by too few hands", "guideline.signed", draft, d={"text": WORDS}, hands=1),
        attempt(
            "terms of another world",
            "guideline.proposed",
            d={**d, "terms": other.replace(f'"{WORLD}"', '"live"')},
        ),
        attempt("terms that are none", "guideline.proposed", d={**d, "terms": "{}"}),
    )
    for clock in stage.pair.clocks.values():
        clock.time = MONDAY + DAY + 1
    late = attempt("signed when its day had come", "guideline.signed", draft, d={"text": WORDS})
    found |= stage.tried(late)

    assert found == {
        "signed another text": "void:schema",
        "signed twice": "void:wrong-state",
        "took back what it signed": "void:wrong-state",
        "took our text away": "void:not-writer",
        "signed by too few hands": "void:threshold",
        "terms of another world": "void:schema",
        "terms that are none": "void:schema",
        "signed when its day had come": "void:wrong-state",
    }
    assert stage.terms() == terms
    assert stage.goes_on()


def cut_of(*sizes: int, lane: str = "main") -> dict[str, JsonValue]:
    return {"since": 0, "until": MONDAY + DAY, "cut": [{"lane": lane, "sizes": [*sizes]}]}


def test_a_review_is_held_at_what_both_hold_and_differing_figures_are_shown(stage: Stage) -> None:
    review = stage.say(A, "review.cut_proposed", None, {**cut_of(1, 1), "since": 1})
    found = stage.tried(
        attempt("a cut beyond the logs", "review.cut_proposed", d=cut_of(9_999, 9_999)),
        attempt("a cut of another lane", "review.cut_proposed", d=cut_of(1, 1, lane="hot")),
        attempt("signed before it agreed", "review.signed", review, d={"digest": NOWHERE}),
    )
    theirs = stage.say(B, "review.cut_proposed", None, cut_of(1, 1))
    found |= stage.tried(attempt("agreed with itself", "review.cut_agreed", theirs))
    stage.say(B, "review.cut_agreed", review)
    stage.say(A, "review.signed", review, {"digest": WORDS})

    found |= stage.tried(
        attempt("signed by too few hands", "review.signed", review, d={"digest": NOWHERE}, hands=1),
        attempt("signed other figures", "review.signed", review, d={"digest": NOWHERE}),
        attempt("no figure of ours", "review.commented", review, d={"figure": "<script>"}),
    )

    assert found == {
        "a cut beyond the logs": "void:wrong-state",
        "a cut of another lane": "void:schema",
        "signed before it agreed": "void:wrong-state",
        "agreed with itself": "void:not-writer",
        "signed by too few hands": "void:threshold",
        "signed other figures": "valid",
        "no figure of ours": "void:schema",
    }
    with stage.pair.reader(A) as reader:
        every = reviews(reader.link_state(LINK), dict.fromkeys((A, B), 9_999))
        ours = next(each for each in every if each.id == review)
        assert ours.is_contradicted
        assert ours.joint is None
    assert stage.goes_on()
