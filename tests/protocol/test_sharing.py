"""What may be said of an offer, by whom and when, and what it comes to. Spec §14."""

from collections.abc import Callable

import pytest

from parley.protocol.entry import PartRef
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing.bodies import CLASSES
from parley.protocol.sharing.codes import Class, Result, State
from parley.protocol.strictjson import JsonSource
from tests.protocol.sharers import GRADE, OTHER_PART, PARTS, Sharing, offered, sealed
from tests.protocol.stops import LINK, resume, suspend
from tests.protocol.world import A, B, Statement, Wording, World

REASONS: dict[str, dict[str, JsonSource]] = {
    "declined": {"reason": "no_need"},
    "withdrawn": {"reason": "outdated"},
}
# What each kind says in the table of moves, by its second word.
SAYINGS: dict[str, dict[str, JsonSource]] = {
    "accepted": {},
    "declined": {"reason": "no_need"},
    "withdrawn": {"reason": "outdated"},
    "evaluated": dict(GRADE),
    "result_notified": {"result": "used"},
    "cleaned": {"informed": 3, "cleaned": 2, "patched": 2, "not_found": 1},
    "release_asked": {"to": "providers"},
}
OPEN = {State.OFFERED, State.COUNTERED}
ALLOWED: dict[str, set[State]] = {
    "accepted": OPEN,
    "undertaken": OPEN,
    "declined": OPEN,
    "withdrawn": OPEN,
    "confirmed": {State.COUNTERED},
    "delivered": {State.ACCEPTED},
    **{kind: {State.DELIVERED} for kind in ("evaluated", "result_notified", "cleaned", "release_asked")},
}


def to_state(desks: Sharing, state: State) -> tuple[Statement, Statement | None, Statement | None]:
    """Bring an offer of a notice into a state; return it, an undertaking, and the delivery, if any."""
    offer = desks.offers(what="notice", pap="RED")
    counter = None if state is State.OFFERED else desks.undertakes(offer, "confidential")
    if state in {State.ACCEPTED, State.DELIVERED} and counter is not None:
        desks.says("confirmed", counter, by=A)
    delivery = desks.delivers(counter) if state is State.DELIVERED and counter is not None else None
    if state in {State.DECLINED, State.WITHDRAWN}:
        kind, by = ("declined", B) if state is State.DECLINED else ("withdrawn", A)
        desks.says(kind, offer, REASONS[kind], by=by)
    return offer, counter, delivery


def test_an_offer_is_undertaken_delivered_evaluated_and_its_use_is_told() -> None:
    desks = Sharing()
    offer = desks.offers(conditions=["confidential", "report_outcome"], grade=dict(GRADE))
    states = [desks.share(offer).state]
    yes = desks.undertakes(offer, "report_outcome", "confidential")
    states.append(desks.share(offer).state)
    delivery = desks.delivers(yes)
    desks.says("evaluated", delivery, by=B, source="A", information=1)
    desks.says("result_notified", delivery, by=B, result="known_before")
    desks.says("result_notified", delivery, by=B, result="measures_taken")

    found = desks.share(offer)

    assert states == [State.OFFERED, State.ACCEPTED]
    assert (found.state, found.under, found.agreed) == (State.DELIVERED, yes.id, (yes.id,))
    assert found.conditions == {Condition.CONFIDENTIAL, Condition.REPORT_OUTCOME}
    assert found.evaluation is not None
    assert (found.evaluation.source.value, found.evaluation.information) == ("A", 1)
    assert found.result is not None
    assert found.result.result is Result.MEASURES_TAKEN
    assert {*desks.world.verdicts(desks.world.a), *desks.world.verdicts(desks.world.b)} == {"valid"}


def test_an_undertaking_of_other_conditions_binds_only_when_it_is_confirmed() -> None:
    desks = Sharing()
    offer = desks.offers(conditions=["intelligence_only", "no_third_party"])
    counter = desks.undertakes(offer, "no_third_party")
    waiting = desks.share(offer)
    early = desks.delivers(counter)
    desks.says("confirmed", counter, by=A)
    delivery = desks.delivers(counter)

    assert (waiting.state, waiting.agreed) == (State.COUNTERED, ())
    assert desks.verdict(early) == "void:wrong-state"
    assert desks.verdict(delivery) == "valid"
    assert desks.share(offer).conditions == {Condition.NO_THIRD_PARTY}


def test_of_two_undertakings_only_the_one_that_binds_is_delivered_on() -> None:
    desks = Sharing()
    offer = desks.offers(conditions=["confidential"])
    counter = desks.undertakes(offer, "no_publication")
    desks.undertakes(offer, "confidential")

    assert desks.share(offer).state is State.ACCEPTED
    assert desks.verdict(desks.delivers(counter)) == "void:wrong-state"


def test_an_undertaking_of_the_offers_own_conditions_needs_no_confirmation() -> None:
    desks = Sharing()
    offer = desks.offers(conditions=["confidential"])
    yes = desks.undertakes(offer, "confidential")

    assert desks.verdict(desks.says("confirmed", yes, by=A)) == "void:no-target"


def test_conditions_bind_because_a_person_signed_for_them() -> None:
    desks = Sharing()
    offer = desks.offers(conditions=["confidential"])
    pen = desks.world.b
    unsigned = pen.words(Wording(kind="sharing.undertaken", re=offer.id), {"conditions": ["confidential"]})
    nobody = desks.undertakes(offer, "confidential", roots=())

    assert desks.verdict(unsigned) == "void:wrong-log"
    assert desks.verdict(nobody) in {"void:threshold", "void:grammar"}
    assert desks.share(offer).state is State.OFFERED


@pytest.mark.parametrize("state", State, ids=lambda state: state.value)
@pytest.mark.parametrize("kind", ALLOWED)
def test_every_row_of_the_table_of_moves_is_as_the_specification_says(kind: str, state: State) -> None:
    desks = Sharing()
    offer, counter, delivery = to_state(desks, state)
    match kind:
        case "undertaken":
            said = desks.undertakes(offer, "no_publication")
        case "confirmed":
            said = desks.says("confirmed", counter or offer, by=A)
        case "delivered":
            said = desks.delivers(counter or desks.world.b.says("received"))
        case "evaluated" | "result_notified" | "cleaned" | "release_asked":
            said = desks.says(kind, delivery or offer, SAYINGS[kind], by=B)
        case _:
            said = desks.says(kind, offer, SAYINGS[kind], by=A if kind == "withdrawn" else B)

    verdict = desks.verdict(said)

    assert (verdict == "valid") == (state in ALLOWED[kind])
    assert verdict in {"valid", "void:wrong-state", "void:no-target"}


@pytest.mark.parametrize("state", State, ids=lambda state: state.value)
@pytest.mark.parametrize("what", ["warning", "notice", "indicators"])
def test_a_warning_or_notice_without_conditions_is_delivered_at_once(what: str, state: State) -> None:
    desks = Sharing()
    offer = desks.offers(what=what)
    if state in {State.COUNTERED, State.ACCEPTED, State.DELIVERED}:
        counter = desks.undertakes(offer, "confidential")
        if state is not State.COUNTERED:
            desks.says("confirmed", counter, by=A)
        if state is State.DELIVERED:
            desks.delivers(counter)
    if state in {State.DECLINED, State.WITHDRAWN}:
        kind, by = ("declined", B) if state is State.DECLINED else ("withdrawn", A)
        desks.says(kind, offer, REASONS[kind], by=by)

    verdict = desks.verdict(desks.delivers(offer))

    if what == "indicators":
        assert verdict == "void:no-target"
    else:
        assert (verdict == "valid") == (state in OPEN | {State.ACCEPTED})


def test_a_warning_on_conditions_waits_for_them() -> None:
    desks = Sharing()
    offer = desks.offers(what="warning", conditions=["confidential"])

    assert desks.verdict(desks.delivers(offer)) == "void:no-target"
    assert desks.verdict(desks.says("accepted", offer, by=B)) == "void:no-target"


@pytest.mark.parametrize(
    ("parts", "brings", "verdict"),
    [
        (PARTS, PARTS, "valid"),
        ((PARTS[0], OTHER_PART), (PARTS[0], OTHER_PART), "void:no-target"),
        (PARTS[:1], PARTS[:1], "void:no-target"),
        (PARTS[::-1], PARTS[::-1], "void:no-target"),
        (PARTS, PARTS[:1], "void:schema"),
        (PARTS, (PARTS[0], OTHER_PART), "void:schema"),
        (PARTS, (*PARTS, OTHER_PART), "void:schema"),
        (PARTS, (), "void:schema"),
        (PARTS, (PartRef(hash=PARTS[0].hash, size=4097), PARTS[1]), "void:schema"),
    ],
)
def test_nothing_can_be_delivered_but_what_the_offer_committed_to(
    parts: tuple[PartRef, ...], brings: tuple[PartRef, ...], verdict: str
) -> None:
    desks = Sharing()
    yes = desks.says("accepted", desks.offers(), by=B)

    assert desks.verdict(desks.delivers(yes, *parts, brings=brings)) == verdict


@pytest.mark.parametrize("kind", ["accepted", "declined", "undertaken", "evaluated", "release_asked"])
def test_the_offerer_cannot_answer_its_own_offer(kind: str) -> None:
    desks = Sharing()
    offer, delivery = desks.delivered()
    if kind == "undertaken":
        said = desks.undertakes(offer, "confidential", by=A)
    else:
        target = delivery if kind in {"evaluated", "release_asked"} else offer
        said = desks.says(kind, target, SAYINGS[kind], by=A)

    assert desks.verdict(said) == "void:not-writer"


def test_the_receiver_can_neither_withdraw_confirm_deliver_nor_permit() -> None:
    desks = Sharing()
    offer = desks.offers(conditions=["confidential"])
    counter = desks.undertakes(offer, "no_publication")
    said = [
        desks.says("withdrawn", offer, by=B, reason="wrong"),
        desks.says("confirmed", counter, by=B),
        desks.delivers(counter, by=B),
    ]
    _, delivery = desks.delivered()
    question = desks.says("release_asked", delivery, by=B, to="public")
    said.append(desks.says("release_permitted", question, by=B))

    assert {desks.verdict(each) for each in said} == {"void:not-writer"}


def test_an_acceptance_that_crosses_a_withdrawal_changes_nothing_and_binds_nobody() -> None:
    desks = Sharing()
    offer = desks.offers()
    before = len(desks.world.b.log)
    yes = desks.says("accepted", offer, by=B)
    taken_back = desks.says("withdrawn", offer, by=A, seen=before, reason="source_at_risk")
    late = desks.delivers(yes)

    found = desks.share(offer)

    assert [desks.verdict(each) for each in (yes, taken_back, late)] == ["valid", "valid", "void:wrong-state"]
    assert (found.state, found.crossed, found.delivered) == (State.WITHDRAWN, True, None)


def test_who_has_seen_the_acceptance_cannot_withdraw_and_who_has_seen_the_withdrawal_cannot_accept() -> None:
    desks = Sharing()
    accepted, withdrawn = desks.offers(), desks.offers()
    desks.says("accepted", accepted, by=B)
    desks.says("withdrawn", withdrawn, by=A, reason="wrong")

    assert desks.verdict(desks.says("withdrawn", accepted, by=A, reason="wrong")) == "void:wrong-state"
    assert desks.verdict(desks.says("accepted", withdrawn, by=B)) == "void:wrong-state"
    assert not desks.share(withdrawn).crossed


def test_a_declining_that_crosses_the_confirmation_and_the_delivery_is_shown() -> None:
    desks = Sharing()
    offer = desks.offers(conditions=["confidential"])
    counter = desks.undertakes(offer, "no_publication")
    seen = len(desks.world.b.log)
    desks.says("declined", offer, by=B, reason="conditions")
    desks.says("confirmed", counter, by=A, seen=seen)
    delivery = desks.delivers(counter, seen=seen)

    found = desks.share(offer)

    assert desks.verdict(delivery) == "valid"
    assert (found.state, found.crossed) == (State.DELIVERED, True)
    assert found.conditions == {Condition.NO_PUBLICATION}


def test_what_was_declined_is_not_delivered_by_who_knows_it() -> None:
    desks = Sharing()
    offer = desks.offers(what="warning")
    desks.says("declined", offer, by=B, reason="no_need")

    assert desks.verdict(desks.delivers(offer)) == "void:wrong-state"
    assert desks.share(offer).state is State.DECLINED


def test_an_offer_lapses_as_a_view_and_makes_nothing_void() -> None:
    desks = Sharing()
    offer = desks.offers(until=desks.world.now + 60)
    before, at = desks.share(offer), desks.world.now + 60
    desks.world.wait(3600)
    yes = desks.says("accepted", offer, by=B)

    assert (before.is_expired(at - 1), before.is_expired(at)) == (False, True)
    assert desks.verdict(yes) == "valid"
    assert not desks.share(offer).is_expired(at)


def test_the_counts_of_a_clean_up_belong_to_a_notice() -> None:
    desks = Sharing()
    notice, delivery = desks.delivered(what="notice")
    _, other = desks.delivered(what="victims")
    desks.says("cleaned", delivery, by=B, informed=300, cleaned=10, patched=0, not_found=4)
    desks.says("cleaned", delivery, by=B, informed=300, cleaned=250, patched=40, not_found=9)

    cleaned = desks.share(notice).cleaned

    assert cleaned is not None
    assert (cleaned.cleaned, cleaned.patched) == (250, 40)
    assert desks.verdict(desks.says("cleaned", other, SAYINGS["cleaned"], by=B)) == "void:no-target"


@pytest.mark.parametrize("scope", [LINK, {"forum": "sharing"}])
def test_a_suspension_stops_offers_and_all_that_is_said_of_them(scope: dict[str, JsonSource]) -> None:
    desks = Sharing()
    offer = desks.offers()
    stop = suspend(desks.world.b, scope=scope)
    said = [desks.offers(), desks.says("accepted", offer, by=B)]
    resume(desks.world.b, stop)
    said.append(desks.says("accepted", offer, by=B))

    assert [desks.verdict(each) for each in said] == ["void:suspended", "void:suspended", "valid"]


def test_another_forum_that_is_stopped_stops_no_offer() -> None:
    desks = Sharing()
    suspend(desks.world.b, scope={"forum": "case"})

    assert desks.verdict(desks.offers()) == "valid"


def test_all_that_is_said_of_an_offer_that_could_not_be_opened_is_void() -> None:
    desks = Sharing()
    offer = desks.offers()
    desks.world.b.says("unopened", re=offer)
    yes = desks.says("accepted", offer, by=B)

    assert desks.look(offer) is None
    assert desks.verdict(yes) == "void:no-target"


def test_what_names_an_inquiry_joins_no_offer() -> None:
    desks = Sharing()
    inquiry = desks.world.a.sends()

    assert desks.verdict(desks.says("accepted", inquiry, by=B)) == "void:no-target"


def test_the_default_terms_list_these_kinds() -> None:
    desks = Sharing(World())

    assert desks.verdict(desks.offers()) == "valid"


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "gossip"},
        {"counts": []},
        {"counts": [{"of": "ip", "n": 0}]},
        {"counts": [{"of": "ip", "n": 1}, {"of": "ip", "n": 2}]},
        {"tlp": "amber"},
        {"pap": "AMBER+STRICT"},
        {"conditions": ["confidential", "confidential"]},
        {"content": []},
        {"content": sealed(PARTS[0], PARTS[0])},
        {"content": [{"hash": "A" * 42 + "B", "size": 1}]},
        {"content": [{"hash": "A" * 43, "size": 0}]},
        {"grade": {"source": "D", "information": 1}},
        {"grade": {"source": "A", "information": 5}},
        {"about": ["A" * 43, "A" * 43]},
        {"until": -1},
        {"more": 1},
    ],
)
def test_an_offer_that_is_none_is_void(wrong: dict[str, JsonSource]) -> None:
    desks = Sharing()

    assert desks.verdict(desks.offers(wrong)) == "void:schema"


@pytest.mark.parametrize("kind", sorted(set(CLASSES) - {"sharing.offered"}))
def test_every_other_kind_names_a_statement_and_has_no_field_more(kind: str) -> None:
    desks = Sharing()
    offer = desks.offers()
    pen = desks.world.b
    wordings: list[Callable[[], Statement]] = [
        lambda: pen.words(Wording(kind=kind), {}),
        lambda: pen.words(Wording(kind=kind, re=offer.id), {"more": 1}),
    ]

    assert {desks.verdict(write()) for write in wordings} == {"void:schema"}


def test_each_class_can_be_offered() -> None:
    desks = Sharing()

    assert {desks.verdict(desks.offers(what=each.value)) for each in Class} == {"valid"}
    assert offered()["what"] == "indicators"
