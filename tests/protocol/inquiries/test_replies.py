"""Returns, conditions, extensions and postponements, and what the asker replies. Spec §8.3, §8.6."""

import pytest

from tests.protocol.world import DAY, HOUR, Statement, World, found, moment


def asked(*, urgency: str = "U1", wants: tuple[str, ...] = ("mitigate",)) -> tuple[World, Statement]:
    """Return an inquiry that was received at the moment it was sent."""
    world = World()
    inquiry = world.a.sends(urgency=urgency, wants=wants)
    world.b.says("received")
    return world, inquiry


def test_a_supplement_puts_the_item_back_where_it_was() -> None:
    for before, state in (("acknowledged", "acknowledged"), ("admitted", "admitted")):
        world, inquiry = asked()
        world.b.says(before, re=inquiry)
        returned = world.b.says("returned", re=inquiry)
        waiting = world.states(inquiry)
        world.a.says("supplied", re=returned)

        assert (waiting, world.states(inquiry)) == (("returned",), (state,))


def test_a_return_may_be_overtaken_by_the_asked_side_itself() -> None:
    world, inquiry = asked()
    world.b.says("returned", re=inquiry)
    world.wait(HOUR)
    world.b.says("admitted", re=inquiry)

    assert world.states(inquiry) == ("admitted",)
    assert world.timer(inquiry, "mitigate").pauses == ((world.now - HOUR, world.now),)


@pytest.mark.parametrize("reply", ["undertaken", "declined"])
def test_a_reply_to_a_condition_ends_its_pause_when_it_is_received(reply: str) -> None:
    world, inquiry = asked()
    world.b.says("admitted", re=inquiry)
    begun = world.now
    condition = world.b.says("conditioned", re=inquiry)
    world.wait(HOUR)
    world.a.says(reply, re=condition)
    world.wait(HOUR)
    still = world.timer(inquiry, "mitigate")
    world.b.says("received")

    assert still.phase.value == "paused"
    assert world.timer(inquiry, "mitigate").pauses == ((begun, begun + 2 * HOUR),)
    assert world.states(inquiry) == ("admitted",)


def test_after_the_reply_the_asked_side_goes_on_from_where_it_was() -> None:
    world, inquiry = asked()
    world.b.says("admitted", re=inquiry)
    condition = world.b.says("conditioned", re=inquiry)
    too_early = world.b.says("returned", re=inquiry)
    world.a.says("undertaken", re=condition)
    twice = world.b.says("admitted", re=inquiry)
    returned = world.b.says("returned", re=inquiry)

    assert [world.verdict(each) for each in (too_early, twice)] == ["void:wrong-state"] * 2
    assert world.verdict(returned) == "valid"


def test_an_answer_that_waited_for_a_condition_is_released_by_the_undertaking() -> None:
    world, inquiry = asked()
    condition = world.b.says("conditioned", re=inquiry)
    undertaken = world.a.says("undertaken", re=condition)
    answered = world.b.says("answered", re=inquiry)

    assert [world.verdict(undertaken), world.verdict(answered)] == ["valid", "valid"]
    assert world.states(inquiry) == ("answered",)


def test_a_supplement_is_no_reply_to_a_condition() -> None:
    world, inquiry = asked()
    condition = world.b.says("conditioned", re=inquiry)

    for kind in ("supplied", "agreed", "time_refused"):
        assert world.verdict(world.a.says(kind, re=condition)) == "void:no-target"


def test_a_postponement_pauses_only_if_it_is_agreed() -> None:
    until = moment("2026-11-20 10:00")
    for reply, pauses in ((None, False), ("time_refused", False), ("agreed", True)):
        world, inquiry = asked()
        begun = world.now
        postponed = world.b.says("postponed", re=inquiry, until=until)
        if reply:
            world.a.says(reply, re=postponed)

        expected = ((begun, until),) if pauses else ()
        assert world.timer(inquiry, "mitigate").pauses == expected


def test_an_agreed_postponement_ends_at_its_time_or_when_work_goes_on() -> None:
    until = moment("2026-11-20 10:00")
    world, inquiry = asked()
    begun = world.now
    world.a.says("agreed", re=world.b.says("postponed", re=inquiry, until=until))
    world.wait(DAY)
    world.b.says("admitted", re=inquiry)

    assert world.timer(inquiry, "mitigate").pauses == ((begun, begun + DAY),)


def test_a_postponement_until_a_time_that_is_past_pauses_nothing() -> None:
    world, inquiry = asked()
    world.a.says("agreed", re=world.b.says("postponed", re=inquiry, until=world.now - 1))

    assert world.timer(inquiry, "mitigate").pauses == ()


def test_a_refused_postponement_leaves_the_item_where_it_was() -> None:
    world, inquiry = asked()
    world.b.says("admitted", re=inquiry)
    postponed = world.b.says("postponed", re=inquiry)
    world.a.says("time_refused", re=postponed)

    assert world.states(inquiry) == ("admitted",)


def extended(until: str, *, at: str, agreed: bool = False) -> tuple[str | None, bool]:
    """Return the due time of a limit of 12 hours from 10:00 on 16 November, and whether it was moved."""
    world, inquiry = asked()
    world.at(at)
    statement = world.b.says("extended", re=inquiry, clock="mitigate", until=moment(until))
    if agreed:
        world.a.says("agreed", re=statement)
    return world.due(inquiry, "mitigate"), world.timer(inquiry, "mitigate").extended


def test_an_extension_told_in_time_holds_without_consent() -> None:
    assert extended("2026-11-17 08:00", at="2026-11-16 21:59") == ("2026-11-17 08:00", True)


def test_an_extension_told_late_does_not_hold() -> None:
    assert extended("2026-11-17 08:00", at="2026-11-16 22:00") == ("2026-11-16 22:00", False)


def test_an_extension_told_late_holds_if_it_is_agreed() -> None:
    assert extended("2026-11-17 08:00", at="2026-11-18 00:00", agreed=True) == ("2026-11-17 08:00", True)


def test_without_consent_a_limit_at_most_doubles() -> None:
    assert extended("2026-11-17 10:00", at="2026-11-16 11:00") == ("2026-11-17 10:00", True)
    assert extended("2026-11-17 10:01", at="2026-11-16 11:00") == ("2026-11-16 22:00", False)
    assert extended("2026-12-24 10:01", at="2026-11-16 11:00", agreed=True) == ("2026-12-24 10:01", True)


def test_an_extension_never_shortens() -> None:
    assert extended("2026-11-16 12:00", at="2026-11-16 11:00", agreed=True) == ("2026-11-16 22:00", False)


def test_an_extension_that_needs_no_consent_is_not_undone_by_refusing_it() -> None:
    world, inquiry = asked()
    statement = world.b.says("extended", re=inquiry, until=moment("2026-11-17 08:00"))
    refused = world.a.says("time_refused", re=statement)

    assert world.verdict(refused) == "valid"
    assert world.due(inquiry, "mitigate") == "2026-11-17 08:00"


def test_only_the_first_extension_of_a_clock_needs_no_consent() -> None:
    world, inquiry = asked()
    world.b.says("extended", re=inquiry, until=moment("2026-11-17 00:00"))
    second = world.b.says("extended", re=inquiry, until=moment("2026-11-17 06:00"))
    alone = world.due(inquiry, "mitigate")
    world.a.says("agreed", re=second)

    assert (alone, world.due(inquiry, "mitigate")) == ("2026-11-17 00:00", "2026-11-17 06:00")


def test_the_first_extension_is_the_free_one_even_if_it_was_for_too_long() -> None:
    world, inquiry = asked()
    world.b.says("extended", re=inquiry, until=moment("2090-01-01 00:00"))
    world.b.says("extended", re=inquiry, until=moment("2026-11-17 08:00"))

    assert world.due(inquiry, "mitigate") == "2026-11-16 22:00"


def test_an_extension_moves_its_own_clock_alone() -> None:
    world, inquiry = asked(wants=("mitigate", "operator"))
    world.b.says("extended", re=inquiry, clock="evidence", until=moment("2026-11-30 10:00"))

    assert world.due(inquiry, "evidence") == "2026-11-30 10:00"
    assert world.due(inquiry, "mitigate") == "2026-11-16 22:00"
    assert world.due(inquiry, "admit") == "2026-11-16 18:00"


def test_an_extension_told_in_a_pause_is_judged_by_what_is_due_when_it_is_told() -> None:
    world, inquiry = asked()
    returned = world.b.says("returned", re=inquiry)
    world.wait(HOUR)
    world.b.says("extended", re=inquiry, until=moment("2090-01-01 00:00"))
    paused = world.timer(inquiry, "mitigate")
    world.a.says("supplied", re=returned)
    world.b.says("received")

    assert (paused.extended, paused.left) == (False, 12 * HOUR)
    assert world.due(inquiry, "mitigate") == "2026-11-16 23:00"


def test_a_later_pause_cannot_make_an_extension_hold() -> None:
    world, inquiry = asked()
    world.b.says("extended", re=inquiry, until=moment("2026-11-17 10:30"))
    returned = world.b.says("returned", re=inquiry)
    world.wait(HOUR)
    world.a.says("supplied", re=returned)
    world.b.says("received")

    assert world.due(inquiry, "mitigate") == "2026-11-16 23:00"


def test_a_pause_after_an_extension_moves_the_new_due_time() -> None:
    world, inquiry = asked()
    world.b.says("extended", re=inquiry, until=moment("2026-11-17 08:00"))
    world.at("2026-11-17 07:00")
    returned = world.b.says("returned", re=inquiry)
    paused = world.timer(inquiry, "mitigate")
    world.at("2026-11-17 12:00")
    world.a.says("supplied", re=returned)
    world.b.says("received")

    assert (paused.phase.value, paused.left) == ("paused", HOUR)
    assert world.due(inquiry, "mitigate") == "2026-11-17 13:00"


def test_a_pause_that_was_over_before_an_extension_is_not_added_to_it() -> None:
    world, inquiry = asked()
    returned = world.b.says("returned", re=inquiry)
    world.wait(HOUR)
    world.a.says("supplied", re=returned)
    world.b.says("received")
    world.wait(HOUR)
    world.b.says("extended", re=inquiry, until=moment("2026-11-17 08:00"))

    assert world.due(inquiry, "mitigate") == "2026-11-17 08:00"


def test_an_agreed_extension_and_a_pause_that_begins_after_the_new_time_do_not_add_up() -> None:
    world, inquiry = asked()
    world.a.says("agreed", re=world.b.says("extended", re=inquiry, until=moment("2026-11-17 08:00")))
    world.at("2026-11-17 08:00")
    world.b.says("returned", re=inquiry)

    assert world.due(inquiry, "mitigate") == "2026-11-17 08:00"


def test_what_waits_for_a_reply_is_listed_until_the_items_are_settled() -> None:
    world, inquiry = asked()
    statements = [
        world.b.says("extended", re=inquiry),
        world.b.says("postponed", re=inquiry),
        world.b.says("conditioned", re=inquiry),
    ]
    waiting = [fact.id for fact in world.inquiry(inquiry).waiting]
    world.b.says("answered", re=inquiry, findings=[found("no_data", 0)])

    assert waiting == [statement.id for statement in statements]
    assert world.inquiry(inquiry).waiting == ()
