"""Content is destroyed by order, each side answers for itself, and the record stays as it is. Spec §7.8."""

from collections.abc import Mapping

import pytest

from parley.protocol.act import id_text
from parley.protocol.entry import Entry, PartRef
from parley.protocol.erasure import MAX_NAMED, Erasure, ErasureOrdered, Named, Objection, read_said
from parley.protocol.strictjson import JsonSource
from tests.protocol.arrivals import accounts, summary
from tests.protocol.world import ALL, SIDES, A, B, Pen, Statement, Wording, World, fold_of

ORDERED, ERASED, REFUSED = "record.erasure_ordered", "record.erased", "record.erasure_refused"


def orders(pen: Pen, *named: JsonSource, roots: tuple[int, ...] = (1, 2)) -> Statement:
    """Order what is `named`, by default the body of one's own first statement."""
    first: JsonSource = {"statement": id_text(pen.log[0].id), "parts": [0]}
    said: dict[str, JsonSource] = {"parts": list(named) or [first], "ground": "retention"}
    return pen.words(Wording(kind=ORDERED, log=pen.side.origin, roots=roots), said)


def erased(pen: Pen, order: Statement, *, seen: int = ALL) -> Statement:
    return pen.says(ERASED, re=order, seen=seen)


def refused(pen: Pen, order: Statement, *, ground: str = "legal_hold") -> Statement:
    return pen.says(REFUSED, re=order, ground=ground)


def outcome(world: World, order: Statement) -> Erasure:
    found = world.record().erasure(order.id)
    assert found is not None
    return found


# ---- orders


@pytest.mark.parametrize("roots", [(), (1,)])
def test_nobody_orders_by_himself(roots: tuple[int, ...]) -> None:
    world = World()

    assert world.verdict(orders(world.a, roots=roots)) == "void:threshold"


def test_an_order_names_its_log() -> None:
    world = World()
    said: Mapping[str, JsonSource] = {
        "parts": [{"statement": "A" * 43, "parts": "all"}],
        "ground": "retention",
    }

    assert world.verdict(world.a.words(Wording(kind=ORDERED), said)) == "void:wrong-log"


@pytest.mark.parametrize(
    "named",
    [
        {"statement": "A" * 43, "parts": "all"},
        {"statement": "A" * 43, "parts": [0, 1, 255]},
    ],
)
def test_parts_are_all_of_a_statement_or_some_by_number(named: Mapping[str, JsonSource]) -> None:
    world = World()

    assert world.verdict(orders(world.a, named)) == "valid"


@pytest.mark.parametrize(
    "named",
    [
        {"statement": "A" * 43, "parts": []},
        {"statement": "A" * 43, "parts": "some"},
        {"statement": "A" * 43, "parts": [1, 0]},
        {"statement": "A" * 43, "parts": [0, 0]},
        {"statement": "A" * 43, "parts": [256]},
        {"statement": "A" * 43, "parts": [-1]},
        {"statement": "A" * 42 + "B", "parts": "all"},
        {"statement": "A" * 43},
        {"statement": "A" * 43, "parts": "all", "why": "x"},
        "all",
    ],
)
def test_an_order_that_is_not_in_its_form_is_void(named: JsonSource) -> None:
    world = World()

    assert world.verdict(orders(world.a, named)) == "void:schema"


@pytest.mark.parametrize("more", [{"ground": "because"}, {"parts": []}, {"note": "x"}])
def test_an_order_says_what_and_why_and_nothing_else(more: Mapping[str, JsonSource]) -> None:
    world = World()

    named: JsonSource = [{"statement": "A" * 43, "parts": "all"}]
    wording = Wording(kind=ORDERED, log=SIDES.one.origin, roots=(1, 2))
    said = {"parts": named, "ground": "retention", **more}
    assert world.verdict(world.a.words(wording, said)) == "void:schema"


def test_one_order_names_so_many_statements_each_once() -> None:
    def named(count: int) -> list[JsonSource]:
        return [{"statement": id_text(bytes(30) + n.to_bytes(2)), "parts": "all"} for n in range(count)]

    world = World()
    said = [
        orders(world.a, *named(MAX_NAMED)),
        orders(world.a, *named(MAX_NAMED + 1)),
        orders(world.a, *named(1) * 2),
    ]

    assert [world.verdict(each) for each in said] == ["valid", "void:schema", "void:schema"]


def test_what_an_order_names_need_not_be_there() -> None:
    # What one side alone could open must not decide what an order is worth.
    world = World()
    order = orders(world.a, {"statement": "A" * 43, "parts": "all"})

    assert world.verdict(erased(world.b, order)) == "valid"


def test_an_order_means_the_parts_that_the_entry_has() -> None:
    parts = tuple(PartRef(hash=bytes([n]) * 32, size=1) for n in range(3))
    entry = Entry(time=1, act=PartRef(hash=bytes(32), size=1), parts=parts)
    some = Named(statement="A" * 43, parts=(0, 2, 7))

    assert some.of(entry) == (parts[0], parts[2])
    assert Named(statement="A" * 43, parts="all").of(entry) == parts
    assert some.id == bytes(32)


# ---- answers


def test_gone_is_what_both_have_erased() -> None:
    world = World()
    order = orders(world.a)
    steps = [outcome(world, order)]
    for pen in (world.b, world.a):
        assert world.verdict(erased(pen, order)) == "valid"
        steps.append(outcome(world, order))

    assert [step.is_gone for step in steps] == [False, False, True]
    assert [sorted(node for node in (A, B) if step.awaits(node)) for step in steps] == [[A, B], [A], []]
    assert steps[0].order.writer == A


def test_a_side_may_refuse_and_erase_later_but_not_the_other_way() -> None:
    world = World()
    order = orders(world.a)
    said = [refused(world.b, order), refused(world.b, order, ground="own_law")]
    held = outcome(world, order)
    said += [erased(world.b, order), erased(world.b, order), refused(world.b, order)]

    verdicts = [world.verdict(each) for each in said]
    assert verdicts == ["valid", "void:wrong-state", "valid", "void:wrong-state", "void:wrong-state"]
    assert held.refused_by == {B: Objection.LEGAL_HOLD}
    assert not held.awaits(B)
    assert not outcome(world, order).refused_by
    assert outcome(world, order).erased_by == {B}


def test_who_orders_does_not_refuse() -> None:
    world = World()
    order = orders(world.a)

    assert world.verdict(refused(world.a, order)) == "void:not-writer"


def test_answers_name_an_order_that_they_had_seen() -> None:
    world = World()
    inquiry = world.a.sends()
    cut = len(world.a.log)
    order, few = orders(world.a), orders(world.a, roots=(1,))
    own = erased(world.a, order)
    said = [
        erased(world.b, order, seen=cut),
        erased(world.b, few),
        erased(world.b, inquiry),
        erased(world.b, own),
        world.b.says("admitted", re=order),
        world.b.says("disputed", re=order),
    ]

    assert world.verdict(own) == "valid"
    assert [world.verdict(each) for each in said] == ["void:no-target"] * 6


@pytest.mark.parametrize(
    ("kind", "d"), [(ERASED, {"ground": "legal_hold"}), (REFUSED, {}), (REFUSED, {"ground": "x"})]
)
def test_an_answer_that_is_not_in_its_form_is_void(kind: str, d: Mapping[str, JsonSource]) -> None:
    world = World()
    order = orders(world.a)

    assert world.verdict(world.b.words(Wording(kind=kind, re=order.id), d)) == "void:schema"
    assert world.verdict(world.b.words(Wording(kind=kind), d)) == "void:schema"


def test_an_order_that_could_not_be_opened_never_was() -> None:
    world = World()
    order = orders(world.a)
    own = erased(world.a, order)
    world.b.says("unopened", re=order)

    assert [world.verdict(order), world.verdict(own)] == ["unopened", "void:no-target"]
    assert world.record().erasure(order.id) is None


def test_an_answer_that_could_not_be_opened_may_be_given_again() -> None:
    world = World()
    order = orders(world.a)
    lost = erased(world.b, order)
    world.a.says("unopened", re=lost)
    between = outcome(world, order)
    again = erased(world.b, order)

    assert between.awaits(B)
    assert [world.verdict(lost), world.verdict(again)] == ["unopened", "valid"]


def test_nothing_that_the_record_says_changes_by_an_erasure() -> None:
    world = World()
    inquiry = world.a.sends()
    world.b.says("refused", re=inquiry)
    before = fold_of(world.logs())
    order = orders(world.b, {"statement": id_text(inquiry.id), "parts": "all"})
    for pen in (world.a, world.b):
        erased(pen, order)
    after = fold_of(world.logs())

    rows = {row[:2]: row for row in summary(after)}
    assert all(rows[row[0], row[1]][2] == row[2] for row in summary(before))
    assert accounts(after) == accounts(before)


def test_orders_and_answers_go_on_in_a_suspension() -> None:
    world = World()
    wording = Wording(kind="link.suspended", log=SIDES.two.origin, roots=(1, 2))
    world.b.words(wording, {"scope": {"link": True}, "reason": "policy", "until": None})
    order = orders(world.a)

    assert [world.verdict(order), world.verdict(erased(world.b, order))] == ["valid", "valid"]


def test_what_is_read_is_what_is_said() -> None:
    said = read_said(ORDERED, {"parts": [{"statement": "A" * 43, "parts": "all"}], "ground": "agreed"})

    assert isinstance(said, ErasureOrdered)
    assert [(each.id, each.parts) for each in said.parts] == [(bytes(32), "all")]
