"""What a `seen` line does: true, old, false, unproven or about another log. Spec §4.4, rules H2, H9."""

from collections.abc import Callable

from parley.protocol import tree
from parley.protocol.entry import Seen
from parley.protocol.record import Record
from parley.protocol.shelf import MemoryShelf
from tests.protocol.toy import TOY
from tests.protocol.world import SIDES, B, Pen, World, read_in_order


def after_seen(make: Callable[[Pen], Seen | int | None]) -> tuple[str, int]:
    """Return what becomes of a statement of B about an inquiry of A with this `seen`, and its cut."""
    world = World()
    inquiry = world.a.sends()
    statement = world.b.says("admitted", re=inquiry, seen=make(world.a))
    return world.verdict(statement), world.row(statement).cut


def test_a_true_seen_puts_the_target_in_the_past() -> None:
    assert after_seen(lambda pen: pen.head(2)) == ("valid", 2)


def test_a_smaller_seen_than_before_is_idle() -> None:
    world = World()
    inquiry = world.a.sends()
    world.b.says("received")
    statement = world.b.says("admitted", re=inquiry, seen=1)

    assert world.verdict(statement) == "valid"
    assert world.row(statement).cut == 2


def test_a_false_seen_is_idle() -> None:
    def lie(pen: Pen) -> Seen:
        return Seen(origin=pen.side.origin, size=2, root=tree.EMPTY_ROOT)

    assert after_seen(lie) == ("void:no-target", 1)


def test_a_seen_beyond_what_there_is_is_idle() -> None:
    def guess(pen: Pen) -> Seen:
        return Seen(origin=pen.side.origin, size=3, root=pen.head(2).root)

    assert after_seen(guess) == ("void:no-target", 1)


def test_a_seen_of_another_log_is_idle() -> None:
    def other(pen: Pen) -> Seen:
        head = pen.head(2)
        return Seen(origin=head.origin.replace("/main/", "/hot/"), size=head.size, root=head.root)

    assert after_seen(other) == ("void:no-target", 1)


def test_false_and_unproven_are_alarms_and_no_reasons() -> None:
    world = World()
    world.a.sends()
    lies = [
        Seen(origin=SIDES.one.origin, size=2, root=bytes(32)),
        Seen(origin=SIDES.one.origin, size=9, root=bytes(32)),
        world.a.head(2),
    ]
    statements = [world.b.says("received", seen=lie) for lie in lies]
    record = Record(MemoryShelf(), SIDES, TOY)
    for each in (*world.a.log, world.b.log[0]):
        record.absorb(each.writer, each.raw, each.act)

    alarms = [record.absorb(B, each.raw, each.act) for each in statements]

    assert [(each.false_seen, each.unproven_seen) for each in alarms] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert {each.row.verdict.text for each in alarms} == {"valid"}


def test_a_lie_about_the_future_does_not_hold_up_the_honest_side() -> None:
    # B says that it had seen five entries of A before there are any; A then truly sees that.
    world = World()
    inquiry = world.b.sends()
    world.b.says("received", seen=Seen(origin=SIDES.one.origin, size=6, root=bytes(32)))
    acknowledged = world.a.says("acknowledged", re=inquiry)
    for _ in range(5):
        world.a.says("received", seen=None)

    assert world.verdict(acknowledged) == "valid"
    live = read_in_order(world, "ABBBA" + "A" * 5)
    row = live.shelf.row(acknowledged.id)
    assert row is not None
    assert row.verdict.text == "valid"
