"""Every statement of one side crosses every statement of the other. Spec §8.4 (rules M4, H6).

In one world there is an inquiry for each pair, brought to the same state. Then both sides
write, neither having seen what the other wrote, and both logs are read in two orders.
"""

from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from parley.protocol.inquiries.account import account
from parley.protocol.inquiries.codes import State
from parley.protocol.inquiries.moves import MOVES, next_state
from parley.protocol.record import Record
from parley.protocol.shelf import MemoryShelf
from parley.protocol.strictjson import JsonSource
from tests.protocol.inquiries.cases import ASKERS, TARGETS, bring
from tests.protocol.toy import TOY
from tests.protocol.world import SIDES, USUAL, Statement, Wording, World, found, rows_of

OURS = sorted(ASKERS | {"disputed"})
ANSWERS: Mapping[str, Mapping[str, JsonSource]] = {
    "answered in part": {"findings": [found("mitigated", 0)]},
    "corrected to an answer": {"items": [0], "findings": [found("no_data", 0)]},
    "corrected to a refusal": {"items": [0], "grounds": ["G01"]},
}
THEIRS = sorted(
    {kind.removeprefix("inquiry.") for kind in MOVES} - ASKERS | set(ANSWERS),
)
STATES = (
    State.SENT,
    State.RETURNED,
    State.CONDITIONED,
    State.POSTPONED,
    State.PARTLY_ANSWERED,
)


@cache
def crossed(state: State) -> tuple[World, dict[tuple[str, str], tuple[Statement, Statement, Statement]]]:
    """Return a world of crossed pairs: for each, the inquiry and the two statements."""
    world = World()
    cases = {(ours, theirs): bring(world, state) for ours in OURS for theirs in THEIRS}
    cut = len(world.a.log)
    one = {}
    for (ours, theirs), case in cases.items():
        wording = Wording(kind=f"inquiry.{ours}", re=case.target(ours).id)
        one[ours, theirs] = world.a.words(wording, USUAL.get(wording.kind, {}))
    two = {}
    for (ours, theirs), case in cases.items():
        kind = theirs.split(" ", maxsplit=1)[0]
        wording = Wording(kind=f"inquiry.{kind}", re=case.target(kind).id)
        d = {**USUAL.get(wording.kind, {}), **ANSWERS.get(theirs, {})}
        two[ours, theirs] = world.b.words(wording, d, seen=cut)
    return world, {pair: (case.inquiry, one[pair], two[pair]) for pair, case in cases.items()}


def read_late(world: World) -> Record:
    """Return the fold, read so that A's half of the crossing comes after B's; `merge` reads it before."""
    record, touched = Record(MemoryShelf(), SIDES, TOY), set[bytes]()
    crossing = len(OURS) * len(THEIRS)
    sizes = {"a": len(world.a.log) - crossing, "b": len(world.b.log) - crossing}
    before = [world.a.log[0], world.b.log[0], *_merged(world, sizes)]
    for statement in (*before, *world.b.log[sizes["b"] :], *world.a.log[sizes["a"] :]):
        touched |= record.absorb(statement.writer, statement.raw, statement.act).touched
    for thread in touched:
        record.settle(thread)
    return record


def _merged(world: World, sizes: Mapping[str, int]) -> Iterator[Statement]:
    """Return what was written before the crossing; none of that crosses."""
    rest = {"a": world.a.log[1 : sizes["a"]], "b": world.b.log[1 : sizes["b"]]}
    rows = {(row.writer, row.index): row for row in rows_of(world.record())}
    at = {"a": 1, "b": 1}
    while rest["a"] or rest["b"]:
        letter = next(
            each
            for each, other in (("a", "b"), ("b", "a"))
            if rest[each] and rows[rest[each][0].writer, rest[each][0].index].cut <= at[other]
        )
        at[letter] += 1
        yield rest[letter].pop(0)


@pytest.mark.parametrize("state", STATES)
def test_both_orders_give_the_same_verdicts_and_states(state: State) -> None:
    world, pairs = crossed(state)
    early, late = world.record(), read_late(world)

    assert rows_of(early) == rows_of(late)
    for inquiry, _, _ in pairs.values():
        one, two = early.settle(inquiry.id), late.settle(inquiry.id)
        assert one is not None
        assert two is not None
        assert account(one.inquiry) == account(two.inquiry)


@pytest.mark.parametrize("state", STATES)
def test_what_is_crossed_is_judged_as_if_it_were_alone(state: State) -> None:
    world, pairs = crossed(state)

    for names, (_, *statements) in pairs.items():
        for name, statement in zip(names, statements, strict=True):
            kind = name.split(" ", maxsplit=1)[0]
            there = kind not in TARGETS or state is not State.SENT
            allowed = there and next_state(f"inquiry.{kind}", state) is not None
            assert (world.verdict(statement) == "valid") == allowed, (names, name)


@pytest.mark.parametrize("state", STATES)
def test_a_withdrawal_that_is_crossed_yields_only_to_a_final_answer(state: State) -> None:
    world, pairs = crossed(state)

    for (ours, theirs), (inquiry, withdrawn, _) in pairs.items():
        if ours == "withdrawn" and world.verdict(withdrawn) == "valid":
            item = world.item(inquiry)
            final = {"answered": State.ANSWERED, "refused": State.REFUSED}
            corrections = {"corrected to an answer": State.ANSWERED, "corrected to a refusal": State.REFUSED}
            stands = state is not State.SENT and theirs in corrections
            expected = corrections[theirs] if stands else final.get(theirs, State.WITHDRAWN)
            assert (item.state, item.crossed) == (expected, expected is not State.WITHDRAWN), theirs
