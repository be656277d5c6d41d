"""Every kind is tried from every state of an item, by both sides. Spec §8.3."""

from functools import cache

import pytest

from parley.protocol.inquiries.bodies import CLASSES
from parley.protocol.inquiries.codes import State
from parley.protocol.inquiries.moves import MOVES, Writer, next_state
from parley.protocol.strictjson import JsonSource
from tests.protocol.inquiries.cases import ASKERS, TARGETS, case_in, writer
from tests.protocol.world import USUAL, Statement, Wording, World, found

# The columns, by their letters: sent, acKnowledged, admitted, in eXecution, returned,
# conditioned, postponed, reFerred, partly answered (Y), aNswered, refused (Z), withdrawn.
COLUMNS = {
    "S": State.SENT,
    "K": State.ACKNOWLEDGED,
    "A": State.ADMITTED,
    "X": State.IN_EXECUTION,
    "R": State.RETURNED,
    "C": State.CONDITIONED,
    "P": State.POSTPONED,
    "F": State.REFERRED,
    "Y": State.PARTLY_ANSWERED,
    "N": State.ANSWERED,
    "Z": State.REFUSED,
    "W": State.WITHDRAWN,
}

# A letter: the state after it; a dot: void, wrong state; a dash: there is nothing to reply to.
TABLE = """
                         S K A X R C P F Y N Z W
acknowledged             K . . . . . . . . . . .
admitted                 A A . . A . A A . . . .
returned                 R R R R R . R R R . . .
progressed               S K X X R C X X Y . . .
referred                 F F F F F . F . . . . .
conditioned              C C C C . C C C C . . .
postponed                P P P P . . P P P . . .
extended                 S K A X R C P F Y . . .
answered                 N N N N N N N N N . . .
answered-in-part         Y Y Y Y Y Y Y Y Y . . .
refused                  Z Z Z Z Z Z Z Z Z . . .
corrected                - - A X R C P F C Y Z W
corrected-to-an-answer   - - N N N N N N N N Z W
corrected-to-a-refusal   - - Z Z Z Z Z Z Z Z Z W
supplied                 - - A X Y C P F Y . . .
undertaken               - - A X R A P F Y . . .
declined                 - - A X R A P F Y . . .
agreed                   - - A X R C P F Y . . .
time_refused             - - A X R C A F Y . . .
status_asked             S K A X R C P F Y . . .
withdrawn                W W W W W W W W W . . .
rated                    . . . . . . . . Y N Z .
outcome_notified         S K A X R C P F Y N Z W
closed                   . . . . . . . . . N Z W
disputed                 S K A X R C P F Y N Z W
"""
VARIANTS: dict[str, dict[str, JsonSource]] = {
    "answered-in-part": {"findings": [found("confirmed", 0)]},
    "corrected-to-an-answer": {"items": [0], "findings": [found("no_data", 0)]},
    "corrected-to-a-refusal": {"items": [0], "grounds": ["G01"]},
}
ROWS = {name: cells for name, *cells in (line.split() for line in TABLE.strip().splitlines()[1:])}
KINDS = sorted(kind.removeprefix("inquiry.") for kind in MOVES)


@cache
def tried(row: str, state: State) -> tuple[World, Statement, Statement]:
    """Return a world in which a statement of the row's kind was made when the item was in `state`."""
    case, kind = case_in(state).fork(), row.split("-", maxsplit=1)[0]
    pen = writer(case.world, kind)
    wording = Wording(kind=f"inquiry.{kind}", re=case.target(kind).id)
    statement = pen.words(wording, {**USUAL.get(wording.kind, {}), **VARIANTS.get(row, {})})
    return case.world, case.inquiry, statement


def cell(row: str, state: State) -> str:
    world, inquiry, statement = tried(row, state)
    words = {"void:wrong-state": ".", "void:no-target": "-"}
    after = {each: letter for letter, each in COLUMNS.items()}[world.item(inquiry).state]
    return words.get(world.verdict(statement), after)


def test_the_table_has_every_kind_and_every_state() -> None:
    assert {row.split("-", maxsplit=1)[0] for row in ROWS} == set(KINDS)
    assert {f"inquiry.{kind}" for kind in KINDS} == set(CLASSES) - {"inquiry.sent"}
    assert set(COLUMNS.values()) == set(State)
    assert all(len(cells) == len(State) for cells in ROWS.values())


@pytest.mark.parametrize("row", ROWS)
def test_a_statement_moves_an_item_as_the_table_says(row: str) -> None:
    assert [cell(row, state) for state in COLUMNS.values()] == ROWS[row]


@pytest.mark.parametrize("kind", KINDS)
def test_the_cell_of_the_moves_decides(kind: str) -> None:
    for state in State:
        there = case_in(state).target(kind) is not case_in(state).inquiry or kind not in TARGETS
        world, inquiry, statement = tried(kind, state)

        expected = next_state(f"inquiry.{kind}", state)
        assert (world.verdict(statement) == "valid") == (there and expected is not None)
        if world.verdict(statement) == "valid" and isinstance(expected, State):
            assert world.item(inquiry).state is expected


@pytest.mark.parametrize("kind", KINDS)
def test_a_void_statement_leaves_the_item_where_it_was(kind: str) -> None:
    for state in State:
        world, inquiry, statement = tried(kind, state)

        if world.verdict(statement) != "valid":
            assert world.item(inquiry).state is state


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "disputed"])
def test_the_other_side_cannot_say_it(kind: str) -> None:
    for state in State:
        case = case_in(state).fork()
        wrong = writer(case.world, kind).other
        statement = wrong.says(kind, re=case.target(kind))

        assert case.world.verdict(statement) == "void:not-writer"
        assert case.state() is state


def test_the_table_of_moves_names_the_writers_of_the_rules() -> None:
    writers = {kind: move.writer for kind, move in MOVES.items()}

    assert {kind.removeprefix("inquiry.") for kind, each in writers.items() if each is Writer.ASKER} == ASKERS
    assert [kind for kind, each in writers.items() if each is Writer.EITHER] == ["inquiry.disputed"]


def test_both_sides_may_dispute_any_statement_of_the_thread() -> None:
    world = World()
    inquiry = world.a.sends()
    refusal = world.b.says("refused", re=inquiry)

    disputes = [
        world.a.says("disputed", re=refusal, ground="ground"),
        world.b.says("disputed", re=inquiry),
        world.a.says("disputed", re=inquiry, ground="time"),
    ]

    assert [world.verdict(each) for each in disputes] == ["valid"] * 3
    assert world.inquiry(inquiry).disputed == tuple(sorted({refusal.id, inquiry.id}))
    assert world.states(inquiry) == ("refused",)


def test_all_means_the_items_for_which_it_is_allowed() -> None:
    world = World()
    inquiry = world.a.sends(count=3)
    world.b.says("refused", re=inquiry, items=[1])

    admitted = world.b.says("admitted", re=inquiry, items="all")

    assert world.verdict(admitted) == "valid"
    assert world.states(inquiry) == ("admitted", "refused", "admitted")


def test_of_listed_items_each_must_be_allowed() -> None:
    world = World()
    inquiry = world.a.sends(count=3)
    world.b.says("refused", re=inquiry, items=[1])

    admitted = world.b.says("admitted", re=inquiry, items=[0, 1])

    assert world.verdict(admitted) == "void:wrong-state"
    assert world.states(inquiry) == ("sent", "refused", "sent")


def test_an_item_that_does_not_exist_is_no_target() -> None:
    world = World()
    inquiry = world.a.sends(count=2)

    statements = [
        world.b.says("admitted", re=inquiry, items=[0, 2]),
        world.b.says("answered", re=inquiry, findings=[found("no_data", 0, 2)]),
        world.a.says("withdrawn", re=inquiry, items=[4999]),
    ]

    assert [world.verdict(each) for each in statements] == ["void:no-target"] * 3


def test_a_void_statement_cannot_be_replied_to() -> None:
    world = World()
    inquiry = world.a.sends()
    world.b.says("refused", re=inquiry)
    returned = world.b.says("returned", re=inquiry)

    supplied = world.a.says("supplied", re=returned)

    assert world.verdict(returned) == "void:wrong-state"
    assert world.verdict(supplied) == "void:no-target"


def test_an_inquiry_is_closed_once() -> None:
    world = World()
    inquiry = world.a.sends()
    world.b.says("refused", re=inquiry)
    world.wait(60)

    closed, again = world.a.says("closed", re=inquiry), world.a.says("closed", re=inquiry)

    assert [world.verdict(closed), world.verdict(again)] == ["valid", "void:wrong-state"]
    assert world.inquiry(inquiry).closed_at == world.now


def test_an_inquiry_with_an_open_item_is_not_closed() -> None:
    world = World()
    inquiry = world.a.sends(count=2)
    world.b.says("refused", re=inquiry, items=[0])

    assert world.verdict(world.a.says("closed", re=inquiry)) == "void:wrong-state"


def test_the_last_rating_and_the_last_outcome_count() -> None:
    world = World()
    inquiry = world.a.sends()
    world.b.says("answered", re=inquiry)
    world.a.says("rated", re=inquiry, timely=0)
    world.a.says("rated", re=inquiry, timely=2)
    world.a.says("outcome_notified", re=inquiry, outcome="under_investigation")
    world.a.says("outcome_notified", re=inquiry, outcome="acquitted")

    state = world.inquiry(inquiry)

    assert state.rated is not None
    assert state.outcome is not None
    assert (state.rated.timely, state.outcome.outcome.value) == (2, "acquitted")


def test_whatever_the_asked_side_says_of_it_first_acknowledges_the_inquiry() -> None:
    for kind in ("acknowledged", "admitted", "returned", "answered", "refused", "extended"):
        world = World()
        inquiry = world.a.sends()
        world.wait(60)
        world.b.says(kind, re=inquiry)
        world.wait(60)
        world.b.says("extended", re=inquiry)

        assert world.inquiry(inquiry).acknowledged_at == world.now - 60


def test_a_dispute_acknowledges_nothing() -> None:
    world = World()
    inquiry = world.a.sends()
    world.b.says("disputed", re=inquiry)

    assert world.inquiry(inquiry).acknowledged_at is None
