"""Own answers and refusals, put right. Spec §8.3, §8.5."""

from tests.protocol.world import DAY, HOUR, Statement, World, found


def asked(count: int = 1) -> tuple[World, Statement]:
    world = World()
    inquiry = world.a.sends(urgency="U1", wants=("mitigate", "operator"), count=count)
    world.b.says("received")
    return world, inquiry


def test_a_correction_replaces_what_was_found() -> None:
    world, inquiry = asked()
    answered = world.b.says("answered", re=inquiry, findings=[found("false_positive", 0)])
    world.b.says("corrected", re=answered, items=[0], findings=[found("mitigated", 0)])

    assert world.states(inquiry) == ("partly_answered",)
    assert [(key, each.code.value) for key, each in world.item(inquiry).findings] == [
        (answered.id, "mitigated")
    ]


def test_what_was_settled_and_still_is_keeps_its_time() -> None:
    world, inquiry = asked()
    answered = world.b.says("answered", re=inquiry, findings=[found("false_positive", 0)])
    at = world.now
    world.wait(9 * DAY)
    world.b.says("corrected", re=answered, items=[0], findings=[found("mitigated", 0)])

    assert world.timer(inquiry, "mitigate").stop == (at, answered.id)
    assert world.timer(inquiry, "evidence").stop is None
    assert world.timer(inquiry, "admit").stop == (at, answered.id)


def test_what_was_settled_by_a_correction_has_its_time() -> None:
    world, inquiry = asked()
    answered = world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    world.wait(HOUR)
    corrected = world.b.says("corrected", re=answered, items=[0], findings=[found("no_data", 0)])

    assert world.timer(inquiry, "evidence").stop == (world.now, corrected.id)


def test_with_neither_findings_nor_grounds_an_answer_is_taken_back() -> None:
    world, inquiry = asked()
    world.b.says("admitted", re=inquiry)
    answered = world.b.says("answered", re=inquiry)
    world.b.says("corrected", re=answered)

    assert world.states(inquiry) == ("admitted",)
    assert world.item(inquiry).findings == ()
    assert world.timer(inquiry, "mitigate").phase.value == "running"


def test_a_refusal_by_error_becomes_an_answer() -> None:
    world, inquiry = asked()
    refused = world.b.says("refused", re=inquiry)
    refused_at = world.now
    world.wait(HOUR)
    corrected = world.b.says("corrected", re=refused, items=[0], findings=[found("mitigated", 0)])

    assert world.states(inquiry) == ("partly_answered",)
    assert world.item(inquiry).grounds == ()
    assert world.timer(inquiry, "mitigate").stop == (world.now, corrected.id)
    assert world.timer(inquiry, "admit").stop == (refused_at, refused.id)


def test_a_refusal_on_a_wrong_ground_stays_refused_from_its_first_time() -> None:
    world, inquiry = asked()
    refused = world.b.says("refused", re=inquiry, grounds=["G01"])
    at = world.now
    world.wait(9 * DAY)
    world.b.says("corrected", re=refused, items=[0], grounds=["G04"])

    assert [ground.value for ground in world.item(inquiry).grounds] == ["G04"]
    assert world.timer(inquiry, "mitigate").stop == (at, refused.id)
    assert world.timer(inquiry, "mitigate").phase.value == "met"


def test_a_refusal_is_taken_back() -> None:
    world, inquiry = asked()
    refused = world.b.says("refused", re=inquiry)
    world.b.says("corrected", re=refused)

    assert world.states(inquiry) == ("sent",)
    assert world.inquiry(inquiry).acknowledged_at is not None


def test_an_answer_that_ought_to_have_been_a_refusal() -> None:
    world, inquiry = asked()
    answered = world.b.says("answered", re=inquiry)
    world.b.says("corrected", re=answered, items=[0], grounds=["G02"])

    assert world.states(inquiry) == ("refused",)
    assert world.item(inquiry).findings == ()


def test_a_correction_may_be_corrected_through_the_first_statement() -> None:
    world, inquiry = asked()
    answered = world.b.says("answered", re=inquiry)
    world.b.says("corrected", re=answered, items=[0], grounds=["G02"])
    world.b.says("corrected", re=answered, items=[0], findings=[found("no_data", 0)])

    assert world.states(inquiry) == ("answered",)


def test_a_correction_does_not_take_an_item_out_of_a_return() -> None:
    world, inquiry = asked()
    part = world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    world.b.says("returned", re=inquiry)
    world.b.says("corrected", re=part, items=[0], findings=[found("already_down", 0)])

    assert world.states(inquiry) == ("returned",)
    assert world.timer(inquiry, "evidence").phase.value == "paused"


def test_a_correction_does_not_lengthen_the_pause_that_the_refusal_ended() -> None:
    world, inquiry = asked()
    world.b.says("returned", re=inquiry)
    returned_at = world.now
    world.wait(HOUR)
    refused = world.b.says("refused", re=inquiry)
    world.wait(9 * DAY)
    world.b.says("corrected", re=refused, items=[0], findings=[found("no_data", 0)])

    assert world.timer(inquiry, "mitigate").pauses == ((returned_at, returned_at + HOUR),)
    assert world.timer(inquiry, "mitigate").phase.value == "missed"


def test_a_correction_of_the_answer_does_not_move_what_a_refusal_stopped() -> None:
    world, inquiry = asked()
    part = world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    refused = world.b.says("refused", re=inquiry)
    refused_at = world.now
    world.wait(9 * DAY)
    world.b.says("corrected", re=part, items=[0], findings=[found("no_data", 0)])

    assert world.states(inquiry) == ("refused",)
    assert world.timer(inquiry, "evidence").stop == (refused_at, refused.id)


def test_only_the_items_of_the_first_statement_are_corrected() -> None:
    world, inquiry = asked(count=3)
    answered = world.b.says("answered", re=inquiry, findings=[found("no_data", 0, 2)])

    beyond = world.b.says("corrected", re=answered, items=[0, 1])
    everything = world.b.says("corrected", re=answered, items="all")

    assert [world.verdict(beyond), world.verdict(everything)] == ["void:no-target", "valid"]
    assert world.states(inquiry) == ("sent", "sent", "sent")


def test_one_item_of_many_is_corrected() -> None:
    world, inquiry = asked(count=2)
    answered = world.b.says("answered", re=inquiry, findings=[found("no_data", 0, 1)])
    world.b.says("corrected", re=answered, items=[1], grounds=["G17"])

    assert world.states(inquiry) == ("answered", "refused")


def test_only_an_answer_or_a_refusal_is_corrected() -> None:
    world, inquiry = asked()
    returned = world.b.says("returned", re=inquiry)
    answered = world.b.says("answered", re=inquiry)
    corrected = world.b.says("corrected", re=answered)

    for target in (inquiry, returned, corrected):
        assert world.verdict(world.b.says("corrected", re=target)) == "void:no-target"


def test_a_correction_restarts_the_lapse() -> None:
    world, inquiry = asked()
    answered = world.b.says("answered", re=inquiry)
    world.wait(DAY)
    world.b.says("corrected", re=answered, items=[0], findings=[found("hosted_elsewhere", 0)])

    assert world.inquiry(inquiry).last_answer_at == world.now
