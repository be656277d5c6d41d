"""What the receiver could not open is without effect, on both sides and for ever. Spec §6.7, rule H7."""

import pytest

from parley.protocol.record import Record
from parley.protocol.shelf import MemoryShelf
from tests.protocol.toy import TOY
from tests.protocol.world import SIDES, A, B, Statement, World, fold_of, found, rows_of


def verdicts(world: World, *, without: tuple[Statement, ...] = ()) -> list[str]:
    """Return what became of everything, for somebody who cannot open the acts of `without`."""
    record = fold_of(world.logs(without={each.id for each in without}))
    return [row.verdict.text for row in rows_of(record)]


def test_what_was_said_unopened_at_once_is_without_effect() -> None:
    world = World()
    inquiry = world.a.sends()
    refused = world.b.says("refused", re=inquiry)
    unopened = world.a.says("unopened", re=refused)

    assert [world.verdict(refused), world.verdict(unopened)] == ["unopened", "valid"]
    assert world.states(inquiry) == ("sent",)


@pytest.mark.parametrize("reason", ["key", "commitment", "json", "size"])
def test_there_are_four_ways_in_which_a_statement_does_not_open(reason: str) -> None:
    world = World()
    inquiry = world.a.sends()

    assert world.verdict(world.b.says("unopened", re=inquiry, reason=reason)) == "valid"


def test_there_is_no_fifth_way() -> None:
    world = World()
    inquiry = world.a.sends()

    assert world.verdict(world.b.says("unopened", re=inquiry, reason="tone")) == "void:schema"


def test_several_may_be_said_unopened_at_once_and_in_any_order_with_received() -> None:
    world = World()
    inquiries = [world.a.sends() for _ in range(3)]
    world.b.says("received")
    said = [world.b.says("unopened", re=each) for each in reversed(inquiries)]
    world.b.says("received")

    assert [world.verdict(each) for each in (*inquiries, *said)] == ["unopened"] * 3 + ["valid"] * 3


def test_who_has_gone_on_cannot_say_it_any_more() -> None:
    world = World()
    inquiry = world.a.sends()
    world.b.says("acknowledged", re=inquiry)
    late = world.b.says("unopened", re=inquiry)

    assert [world.verdict(inquiry), world.verdict(late)] == ["valid", "void:no-target"]


def test_anything_else_that_was_said_in_between_counts_as_going_on() -> None:
    world = World()
    inquiry = world.a.sends()
    world.b.says("received")
    world.b.sends()

    assert world.verdict(world.b.says("unopened", re=inquiry)) == "void:no-target"


def test_what_an_earlier_entry_had_seen_is_not_unopened_by_a_later_one() -> None:
    world = World()
    inquiry = world.a.sends()
    world.b.says("received")
    world.a.says("received")
    late = world.b.says("unopened", re=inquiry)

    assert [world.verdict(inquiry), world.verdict(late)] == ["valid", "void:no-target"]


@pytest.mark.parametrize("seen", [None, 1])
def test_what_was_not_seen_is_not_unopened(seen: int | None) -> None:
    world = World()
    inquiry = world.a.sends()

    assert world.verdict(world.b.says("unopened", re=inquiry, seen=seen)) == "void:no-target"


def test_only_the_other_sides_statements_are_unopened() -> None:
    world = World()
    inquiry = world.a.sends()
    world.b.says("received")

    assert world.verdict(world.a.says("unopened", re=inquiry)) == "void:no-target"
    assert world.verdict(world.b.says("unopened", re=bytes(32))) == "void:no-target"


def test_without_the_inquiry_nothing_of_its_thread_has_effect() -> None:
    world = World()
    inquiry = world.a.sends()
    follow_up = world.a.says("withdrawn", re=inquiry)
    world.b.says("unopened", re=inquiry)
    late = world.a.says("status_asked", re=inquiry)

    assert world.folded(inquiry) is None
    assert [world.verdict(each) for each in (inquiry, follow_up, late)] == [
        "unopened",
        "void:no-target",
        "void:no-target",
    ]


def test_what_replied_to_it_has_no_target_even_in_a_past_that_did_not_know() -> None:
    world = World()
    inquiry = world.a.sends()
    answered = world.b.says("answered", re=inquiry)
    corrected = world.b.says("corrected", re=answered)
    world.a.says("unopened", re=answered)

    assert world.verdict(corrected) == "void:no-target"
    assert world.states(inquiry) == ("sent",)


def test_the_writer_may_say_it_again() -> None:
    world = World()
    inquiry = world.a.sends()
    first = world.b.says("answered", re=inquiry)
    world.a.says("unopened", re=first)
    second = world.b.says("answered", re=inquiry)

    assert [world.verdict(first), world.verdict(second)] == ["unopened", "valid"]
    assert world.states(inquiry) == ("answered",)


def test_an_act_that_nobody_opened_here_is_unopened_before_anybody_says_so() -> None:
    world = World()
    inquiry = world.a.sends()

    record = fold_of(world.logs(without={inquiry.id}))

    assert rows_of(record)[1].verdict.text == "unopened"


def test_who_can_read_it_and_who_cannot_come_to_the_same() -> None:
    world = World()
    inquiry = world.a.sends(count=2)
    answered = world.b.says("answered", re=inquiry)
    world.b.says("corrected", re=answered)
    disputed = world.b.says("disputed", re=answered)
    world.b.says("disputed", re=disputed)
    world.a.says("unopened", re=answered)
    world.a.says("disputed", re=disputed)
    world.b.says("refused", re=inquiry)

    assert verdicts(world) == verdicts(world, without=(answered,))
    assert world.states(inquiry) == ("refused", "refused")


# ---- openings and cards


def test_an_opening_that_could_not_be_read_never_opened_the_link() -> None:
    world = World(is_open=False)
    opening = world.b.opens()
    world.a.opens()
    before = world.a.sends()
    # A has read B's opening; B could not read A's.
    unopened = world.b.says("unopened", re=world.a.log[0])
    after = world.a.sends()

    assert [world.verdict(each) for each in (opening, unopened)] == ["valid", "valid"]
    assert [world.verdict(each) for each in (before, after)] == ["void:not-active"] * 2
    assert verdicts(world) == verdicts(world, without=(world.a.log[0],))


def test_reading_on_says_that_all_must_be_read_again() -> None:
    world = World(is_open=False)
    world.b.opens()
    world.a.opens()
    world.b.says("unopened", re=world.a.log[0])
    record = Record(MemoryShelf(), SIDES, TOY)
    order = [world.b.log[0], world.a.log[0], world.b.log[1]]

    absorbed = [record.absorb(each.writer, each.raw, each.act) for each in order]

    assert [each.link_changed for each in absorbed] == [True, True, True]
    assert [each.must_refold for each in absorbed] == [False, False, True]
    assert absorbed[2].unopened is not None
    assert absorbed[2].unopened.id == world.a.log[0].id


def test_after_an_unopened_opening_the_link_is_opened_by_the_next() -> None:
    world = World(is_open=False)
    world.b.opens()
    world.a.opens()
    world.b.says("unopened", re=world.a.log[0])
    world.a.opens()

    assert world.verdict(world.a.sends()) == "valid"


def test_terms_that_could_not_be_read_never_held() -> None:
    world = World()
    inquiry = world.a.sends()
    again = world.a.opens(terms=world.terms.replace('"5wd"', '"6wd"'))
    world.b.says("unopened", re=again)
    acknowledged = world.b.says("acknowledged", re=inquiry)
    own = world.a.sends()

    assert [world.verdict(each) for each in (again, acknowledged, own)] == ["unopened", "valid", "valid"]


# ---- lies


def test_a_received_that_the_other_side_could_not_read_is_not_quiet() -> None:
    # A sends a `received` that B cannot open, and then calls B's inquiry unopened. B, who does
    # not know what stands between, cannot let that count; so it counts for nobody, even if A
    # later shows its key.
    world = World()
    inquiry = world.b.sends()
    received = world.a.says("received")
    unopened = world.a.says("unopened", re=inquiry)
    world.b.says("unopened", re=received)

    assert verdicts(world) == verdicts(world, without=(received,))
    assert [world.verdict(inquiry), world.verdict(unopened)] == ["valid", "void:no-target"]


def test_an_unopened_that_the_other_side_could_not_read_is_without_effect() -> None:
    world = World()
    inquiry = world.b.sends()
    unopened = world.a.says("unopened", re=inquiry)
    world.b.says("unopened", re=unopened)

    assert verdicts(world) == verdicts(world, without=(unopened,))
    assert [world.verdict(inquiry), world.verdict(unopened)] == ["valid", "unopened"]


def test_a_copy_of_the_other_sides_bytes_does_not_open_and_means_nothing() -> None:
    world = World()
    inquiry = world.a.sends()
    copy = world.b.puts(inquiry.raw)
    logs = world.logs()
    logs[B][copy.index] = (copy.raw, None)

    record = fold_of(logs)

    assert [row.verdict.text for row in rows_of(record) if row.id == inquiry.id] == ["valid", "unopened"]
    world.b.says("admitted", re=inquiry)
    logs = world.logs()
    logs[B][copy.index] = (copy.raw, None)
    assert rows_of(fold_of(logs))[-1].verdict.text == "valid"


def test_a_copy_that_is_read_before_its_original_hides_nothing() -> None:
    # Nothing in A's log says that the copy comes after; so a reader may meet it first.
    world = World()
    inquiry = world.b.sends()
    world.a.puts(inquiry.raw)
    admitted = world.a.says("admitted", re=inquiry)

    assert world.verdict(admitted) == "valid"


def test_the_copy_alone_is_said_unopened() -> None:
    world = World()
    inquiry = world.a.sends()
    copy = world.b.puts(inquiry.raw)
    world.b.says("acknowledged", re=inquiry)
    unopened = world.a.says("unopened", re=inquiry)
    logs = world.logs()
    logs[B][copy.index] = (copy.raw, None)

    rows = {(row.writer, row.index): row.verdict.text for row in rows_of(fold_of(logs))}

    assert rows[A, unopened.index] == "valid"
    assert rows[B, copy.index] == "unopened"
    assert rows[A, inquiry.index] == "valid"
    assert rows[B, copy.index + 1] == "valid"


def test_to_say_a_copy_of_ones_own_opening_unopened_does_not_close_the_link() -> None:
    world = World()
    copy = world.b.puts(world.a.log[0].raw)
    unopened = world.a.says("unopened", re=copy)
    after = world.a.sends()
    logs = world.logs()
    logs[B][copy.index] = (copy.raw, None)

    rows = {(row.writer, row.index): row.verdict.text for row in rows_of(fold_of(logs))}

    assert [rows[A, each.index] for each in (world.a.log[0], unopened, after)] == ["valid"] * 3


def test_a_duplicate_of_an_own_entry_changes_nothing() -> None:
    world = World()
    inquiry = world.a.sends()
    world.a.puts(inquiry.raw, inquiry.act)
    admitted = world.b.says("admitted", re=inquiry)

    assert world.verdicts(world.a)[-2:] == ["valid", "void:duplicate-act"]
    assert world.verdict(admitted) == "valid"


def test_a_second_copy_that_opens_does_not_stand_for_the_first_that_did_not() -> None:
    world = World()
    inquiry = world.a.sends()
    copy = world.a.puts(inquiry.raw, inquiry.act)
    unopened = world.b.says("unopened", re=inquiry)
    logs = world.logs()
    # The key of the first was wrong, that of the second is right.
    logs[A][inquiry.index] = (inquiry.raw, None)

    found_of = {(row.writer, row.index): row.verdict.text for row in rows_of(fold_of(logs))}

    assert found_of[A, inquiry.index] == "unopened"
    assert found_of[A, copy.index] == "void:duplicate-act"
    assert found_of[B, unopened.index] == "valid"


def test_what_is_void_may_be_unopened_as_well() -> None:
    world = World()
    inquiry = world.a.sends()
    void = world.b.says("supplied", re=inquiry)
    unopened = world.a.says("unopened", re=void)

    assert [world.verdict(void), world.verdict(unopened)] == ["unopened", "valid"]
    assert verdicts(world) == verdicts(world, without=(void,))


def test_an_answer_that_was_unopened_stops_no_clock() -> None:
    world = World()
    inquiry = world.a.sends(urgency="U1")
    answered = world.b.says("answered", re=inquiry, findings=[found("no_data", 0)])
    world.a.says("unopened", re=answered)

    assert world.timer(inquiry, "mitigate").phase.value == "running"
    assert world.timer(inquiry, "mitigate").started_at == world.now
