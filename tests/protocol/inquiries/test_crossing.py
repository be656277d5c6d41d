"""What happens when two statements pass each other on the way. Spec §8.4, rule H6."""

import pytest

from tests.protocol.world import DAY, HOUR, World, found


def test_an_answer_that_crossed_a_withdrawal_stands() -> None:
    world = World()
    inquiry = world.a.sends()
    sent = len(world.a.log)
    withdrawn = world.a.says("withdrawn", re=inquiry)
    answered = world.b.says("answered", re=inquiry, seen=sent)

    assert [world.verdict(withdrawn), world.verdict(answered)] == ["valid", "valid"]
    assert world.states(inquiry) == ("answered",)
    assert world.item(inquiry).crossed


def test_a_refusal_that_crossed_a_withdrawal_stands() -> None:
    world = World()
    inquiry = world.a.sends()
    sent = len(world.a.log)
    world.a.says("withdrawn", re=inquiry)
    world.b.says("refused", re=inquiry, seen=sent)

    assert world.states(inquiry) == ("refused",)
    assert world.item(inquiry).crossed


def test_an_answer_in_part_does_not_stop_a_withdrawal_that_crossed_it() -> None:
    world = World()
    inquiry = world.a.sends()
    sent = len(world.a.log)
    world.a.says("withdrawn", re=inquiry)
    part = world.b.says("answered", re=inquiry, seen=sent, findings=[found("mitigated", 0)])

    assert world.verdict(part) == "valid"
    assert world.states(inquiry) == ("withdrawn",)
    assert [finding.code.value for _, finding in world.item(inquiry).findings] == ["mitigated"]


@pytest.mark.parametrize("kind", ["answered", "refused", "returned", "admitted", "progressed", "extended"])
def test_what_had_seen_the_withdrawal_is_void(kind: str) -> None:
    world = World()
    inquiry = world.a.sends()
    world.a.says("withdrawn", re=inquiry)
    late = world.b.says(kind, re=inquiry)

    assert world.verdict(late) == "void:wrong-state"
    assert world.states(inquiry) == ("withdrawn",)
    assert not world.item(inquiry).crossed


def test_of_many_items_each_crosses_by_itself() -> None:
    world = World()
    inquiry = world.a.sends(count=3)
    sent = len(world.a.log)
    world.a.says("withdrawn", re=inquiry, items=[0, 1])
    world.b.says("answered", re=inquiry, seen=sent, findings=[found("no_data", 1, 2)])

    assert world.states(inquiry) == ("withdrawn", "answered", "answered")
    assert [item.crossed for item in world.inquiry(inquiry).items] == [False, True, False]


def test_a_withdrawal_of_all_leaves_what_was_answered() -> None:
    world = World()
    inquiry = world.a.sends(count=2)
    world.b.says("answered", re=inquiry)
    world.a.says("withdrawn", re=inquiry, items="all")

    assert world.states(inquiry) == ("answered", "withdrawn")


def test_a_correction_cannot_answer_what_was_seen_to_be_withdrawn() -> None:
    world = World()
    inquiry = world.a.sends()
    part = world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    world.a.says("withdrawn", re=inquiry)
    corrected = world.b.says("corrected", re=part, items=[0], findings=[found("no_data", 0)])

    assert world.verdict(corrected) == "valid"
    assert world.states(inquiry) == ("withdrawn",)
    assert not world.item(inquiry).crossed
    assert [finding.code.value for _, finding in world.item(inquiry).findings] == ["no_data"]
    assert world.timer(inquiry, "evidence").phase.value == "ended"


def test_a_correction_that_crossed_the_withdrawal_answers() -> None:
    world = World()
    inquiry = world.a.sends()
    part = world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    cut = len(world.a.log)
    world.a.says("withdrawn", re=inquiry)
    world.b.says("corrected", re=part, seen=cut, items=[0], findings=[found("no_data", 0)])

    assert world.states(inquiry) == ("answered",)
    assert world.item(inquiry).crossed


def test_a_crossed_answer_that_is_taken_back_leaves_the_withdrawal() -> None:
    world = World()
    inquiry = world.a.sends()
    sent = len(world.a.log)
    world.a.says("withdrawn", re=inquiry)
    answered = world.b.says("answered", re=inquiry, seen=sent)
    world.b.says("corrected", re=answered)

    assert world.states(inquiry) == ("withdrawn",)


def test_a_crossed_answer_that_is_corrected_still_stands() -> None:
    world = World()
    inquiry = world.a.sends()
    sent = len(world.a.log)
    world.a.says("withdrawn", re=inquiry)
    answered = world.b.says("answered", re=inquiry, seen=sent)
    world.b.says("corrected", re=answered, items=[0], findings=[found("hosted_elsewhere", 0)])

    assert world.states(inquiry) == ("answered",)


def test_an_answer_and_a_supplement_may_cross() -> None:
    world = World()
    inquiry = world.a.sends()
    returned = world.b.says("returned", re=inquiry)
    cut = len(world.a.log)
    supplied = world.a.says("supplied", re=returned)
    answered = world.b.says("answered", re=inquiry, seen=cut)

    assert [world.verdict(supplied), world.verdict(answered)] == ["valid", "valid"]
    assert world.states(inquiry) == ("answered",)


def test_a_reply_to_what_was_answered_meanwhile_is_void_only_if_that_was_seen() -> None:
    for seen, verdict in ((1, "valid"), (2, "void:wrong-state")):
        world = World()
        inquiry = world.a.sends()
        base = len(world.b.log)
        returned = world.b.says("returned", re=inquiry)
        world.b.says("answered", re=inquiry)

        assert world.verdict(world.a.says("supplied", re=returned, seen=base + seen)) == verdict


def test_two_open_returns_and_their_supplements_never_mix() -> None:
    world = World()
    inquiry = world.a.sends(count=2)
    world.b.says("admitted", re=inquiry)
    first = world.b.says("returned", re=inquiry, items=[0])
    second = world.b.says("returned", re=inquiry, items=[0, 1])

    supplied = world.a.says("supplied", re=second)

    assert world.verdict(supplied) == "valid"
    assert world.states(inquiry) == ("returned", "admitted")
    assert world.inquiry(inquiry).waiting == (world.inquiry(inquiry).waiting[0],)
    assert world.inquiry(inquiry).waiting[0].id == first.id

    world.a.says("supplied", re=first)

    assert world.states(inquiry) == ("admitted", "admitted")
    assert world.inquiry(inquiry).waiting == ()


def test_two_open_returns_pause_until_both_supplements_are_received() -> None:
    world = World()
    inquiry = world.a.sends(urgency="U1", wants=("mitigate",))
    world.b.says("received")
    first, second = world.b.says("returned", re=inquiry), world.b.says("returned", re=inquiry)
    world.wait(HOUR)
    world.a.says("supplied", re=second)
    world.b.says("received")
    world.wait(HOUR)
    world.a.says("supplied", re=first)
    world.b.says("received")

    timer = world.timer(inquiry, "mitigate")

    assert timer.pauses == ((world.now - 2 * HOUR, world.now),)
    assert timer.due_at == world.now + 12 * HOUR


def test_a_statement_is_replied_to_once() -> None:
    world = World()
    inquiry = world.a.sends()
    condition = world.b.says("conditioned", re=inquiry)

    first, second = world.a.says("undertaken", re=condition), world.a.says("declined", re=condition)

    assert [world.verdict(first), world.verdict(second)] == ["valid", "void:wrong-state"]


def test_two_withdrawals_are_one() -> None:
    world = World()
    inquiry = world.a.sends()
    first, second = world.a.says("withdrawn", re=inquiry), world.a.says("withdrawn", re=inquiry)

    assert [world.verdict(first), world.verdict(second)] == ["valid", "void:wrong-state"]


def test_facts_are_not_removed_by_what_is_learned_later() -> None:
    world = World()
    inquiry = world.a.sends()
    sent = len(world.a.log)
    answered = world.b.says("answered", re=inquiry, seen=sent)
    before = world.verdict(answered)
    world.wait(DAY)
    world.a.says("withdrawn", re=inquiry, seen=None)

    assert before == world.verdict(answered) == "valid"
