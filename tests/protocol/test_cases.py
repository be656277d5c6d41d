"""What may be said in a joint case, by whom and when; tasks, links, the end. Spec §15.1 to §15.4, §15.6."""

import pytest

from parley.protocol.cases.apply import Work
from parley.protocol.cases.bodies import CLASSES
from parley.protocol.cases.codes import Result, State, TaskState, Unlinking
from parley.protocol.crossing import MAX_STATEMENTS
from parley.protocol.strictjson import JsonSource
from tests.protocol.casework import Cases, given, place
from tests.protocol.stops import LINK, suspend
from tests.protocol.world import A, B, Statement, Wording, World

MEMBERS = {State.OPEN, State.HALF_CLOSED, State.CLOSED}
# From which states the proposer, and the other side, can say a kind.
ROWS: dict[str, tuple[set[State], set[State]]] = {
    "joined": (set(), {State.PROPOSED, State.DECLINED}),
    "declined": (set(), {State.PROPOSED}),
    "closed": ({State.PROPOSED, *MEMBERS}, MEMBERS),
    "noted": ({State.PROPOSED, *MEMBERS}, MEMBERS),
    "linked": ({State.PROPOSED, *MEMBERS}, MEMBERS),
    "task_set": ({State.PROPOSED, *MEMBERS}, MEMBERS),
    "given": ({State.PROPOSED, *MEMBERS}, MEMBERS),
}
SAYINGS: dict[str, dict[str, JsonSource]] = {
    "joined": {},
    "declined": {"reason": "own_law"},
    "closed": {"ending": "merged"},
    "noted": {"sort": "lead"},
    "linked": {"to": "inquiry", "place": place("inquiry", None)},
    "task_set": {"owner": "both", "start": None, "due": None},
}


def to_state(desks: Cases, state: State) -> Statement:
    """Return a case in a state, each closed side with the ending `solved`."""
    case = desks.proposes()
    if state is State.DECLINED:
        desks.says("declined", case, by=B, reason="no_interest")
    if state in MEMBERS:
        desks.says("joined", case, by=B)
    if state in {State.HALF_CLOSED, State.CLOSED}:
        desks.says("closed", case, by=A, ending="solved")
    if state is State.CLOSED:
        desks.says("closed", case, by=B, ending="solved")
    assert desks.case(case).state is state
    return case


def task_of(desks: Cases, case: Statement) -> Work:
    """Return the only task of a case."""
    (task,) = desks.case(case).tasks
    return task


def test_a_case_is_proposed_joined_worked_on_and_closed_by_both() -> None:
    desks = Cases()
    inquiry = desks.world.a.sends()
    case = desks.proposes(origins=[place("call", None)["statement"]])
    desks.says("joined", case, by=B)
    desks.notes(case, by=B)
    desks.says("linked", case, by=A, to="inquiry", place=place("inquiry", None))
    desks.says("closed", case, by=A, ending="prosecuted")
    half = desks.case(case).state
    desks.says("closed", case, by=B, ending="solved")

    found = desks.case(case)

    assert desks.verdict(inquiry) == "valid"
    assert (half, found.state) == (State.HALF_CLOSED, State.CLOSED)
    assert [note.writer for note in found.notes] == [B]
    assert set(found.endings) == {A, B}
    assert {*desks.world.verdicts(desks.world.a), *desks.world.verdicts(desks.world.b)} == {"valid"}


@pytest.mark.parametrize("state", State, ids=lambda state: state.value)
@pytest.mark.parametrize("by", [A, B])
@pytest.mark.parametrize("kind", ROWS)
def test_every_row_of_the_table_of_moves_is_as_the_specification_says(
    kind: str, by: str, state: State
) -> None:
    desks = Cases()
    case = to_state(desks, state)
    said = desks.gives(case, by=by) if kind == "given" else desks.says(kind, case, SAYINGS[kind], by=by)

    verdict = desks.verdict(said)

    assert (verdict == "valid") == (state in ROWS[kind][by == B])
    assert verdict in {"valid", "void:wrong-state", "void:not-writer"}


def test_who_speaks_again_has_opened_the_case_again_and_a_finding_has_not() -> None:
    desks = Cases()
    case = to_state(desks, State.CLOSED)
    finding = desks.gives(case)
    desks.answers(finding, "concurs")
    after_finding = desks.case(case).state
    desks.notes(case, by=B)

    found = desks.case(case)

    assert after_finding is State.CLOSED
    assert (found.state, set(found.endings)) == (State.HALF_CLOSED, {A})


def test_the_same_ending_is_not_said_twice_and_another_one_replaces_it() -> None:
    desks = Cases()
    case = to_state(desks, State.CLOSED)
    same = desks.says("closed", case, by=A, ending="solved")
    other = desks.says("closed", case, by=A, ending="prosecuted")

    assert [desks.verdict(same), desks.verdict(other)] == ["void:wrong-state", "valid"]
    assert desks.case(case).endings[A].id == other.id


def test_a_side_that_declined_can_join_later_and_nothing_else_happens_meanwhile() -> None:
    desks = Cases()
    case = to_state(desks, State.DECLINED)
    meanwhile = [desks.notes(case), desks.says("closed", case, by=A, ending="withdrawn")]
    desks.says("joined", case, by=B)

    assert {desks.verdict(each) for each in meanwhile} == {"void:wrong-state"}
    assert desks.case(case).state is State.OPEN


def test_joining_and_taking_back_that_cross_leave_the_case_half_closed() -> None:
    desks = Cases()
    case = desks.proposes()
    seen = len(desks.world.b.log)
    joined = desks.says("joined", case, by=B)
    taken_back = desks.says("closed", case, by=A, seen=seen, ending="withdrawn")

    assert [desks.verdict(joined), desks.verdict(taken_back)] == ["valid", "valid"]
    assert desks.case(case).state is State.HALF_CLOSED


def test_nobody_joins_what_was_taken_back_when_it_is_known() -> None:
    desks = Cases()
    case = desks.proposes()
    desks.says("closed", case, by=A, ending="withdrawn")

    assert desks.case(case).state is State.CLOSED
    assert desks.verdict(desks.says("joined", case, by=B)) == "void:wrong-state"


def test_a_task_holds_when_both_stand_behind_the_same_version() -> None:
    desks = Cases()
    case, start = desks.opened(), desks.world.now + 3600
    first = desks.sets(case, start=start)
    before = task_of(desks, case)
    desks.says("task_agreed", first, by=B)
    agreed = task_of(desks, case)
    second = desks.sets(first, by=B, start=start + 60)
    open_again = task_of(desks, case)
    desks.says("task_agreed", second, by=A)

    settled = task_of(desks, case)

    assert (before.state, before.joint_start) == (TaskState.SET, None)
    assert (agreed.state, agreed.joint_start) == (TaskState.AGREED, start)
    assert (open_again.state, open_again.agreed) == (TaskState.SET, None)
    assert settled.agreed is not None
    assert (settled.agreed.id, settled.joint_start) == (second.id, start + 60)


def test_two_versions_that_cross_leave_nothing_that_holds_until_one_agrees() -> None:
    desks = Cases()
    case = desks.opened()
    first = desks.sets(case)
    desks.says("task_agreed", first, by=B)
    seen = len(desks.world.b.log)
    by_b = desks.sets(first, "B", by=B)
    by_a = desks.sets(first, "A", seen=seen)
    crossed = task_of(desks, case)
    desks.says("task_agreed", by_b, by=A)

    settled = task_of(desks, case)

    assert crossed.agreed is None
    assert set(crossed.stands.values()) == {by_a.id, by_b.id}
    assert settled.agreed is not None
    assert settled.agreed.id == by_b.id


def test_agreeing_to_each_others_version_at_once_swaps_them_and_settles_nothing() -> None:
    desks = Cases()
    case = desks.opened()
    first = desks.sets(case)
    second = desks.sets(first, by=B, due=desks.world.now)
    seen = len(desks.world.b.log)
    desks.says("task_agreed", first, by=B)
    desks.says("task_agreed", second, by=A, seen=seen)

    assert task_of(desks, case).stands == {A: second.id, B: first.id}
    assert task_of(desks, case).agreed is None


def test_a_task_of_ones_own_holds_without_the_other_side() -> None:
    desks = Cases()
    case = desks.opened()
    own = desks.sets(case, "A")
    theirs = desks.sets(case, "B")

    first, second = desks.case(case).tasks

    assert (first.id, first.state) == (own.id, TaskState.AGREED)
    assert (second.id, second.state) == (theirs.id, TaskState.SET)


def test_a_declined_task_is_declined_and_can_be_agreed_to_after_all() -> None:
    desks = Cases()
    case = desks.opened()
    task = desks.sets(case, "B")
    desks.says("task_declined", task, by=B)
    declined = task_of(desks, case).state
    again = desks.says("task_declined", task, by=B)
    desks.says("task_agreed", task, by=B)

    assert declined is TaskState.DECLINED
    assert desks.verdict(again) == "void:wrong-state"
    assert task_of(desks, case).state is TaskState.AGREED


def test_what_a_side_declined_once_and_stands_behind_now_is_not_declined() -> None:
    desks = Cases()
    case = desks.opened()
    first = desks.sets(case, by=B)
    desks.says("task_declined", first, by=A)
    third = desks.sets(first, by=A)
    desks.says("task_agreed", third, by=B)
    desks.says("task_declined", third, by=B)
    declined = task_of(desks, case).state
    desks.says("task_agreed", first, by=A)

    assert declined is TaskState.DECLINED
    assert task_of(desks, case).stands == {A: first.id}
    assert task_of(desks, case).state is TaskState.SET


def test_a_task_is_done_when_each_side_whose_it_is_says_so_of_the_version_that_holds() -> None:
    desks = Cases()
    case = desks.opened()
    task = desks.sets(case)
    early = desks.says("task_done", task, by=A, result="done")
    desks.says("task_agreed", task, by=B)
    desks.says("task_done", task, by=A, result="partly")
    half = task_of(desks, case).state
    desks.says("task_done", task, by=B, result="done")
    desks.says("task_done", task, by=A, result="done")
    done = task_of(desks, case)
    newer = desks.sets(task, due=desks.world.now)
    desks.says("task_agreed", newer, by=B)

    assert desks.verdict(early) == "void:wrong-state"
    assert half is TaskState.AGREED
    assert (done.state, done.results) == (TaskState.DONE, {A: Result.DONE, B: Result.DONE})
    assert task_of(desks, case).state is TaskState.AGREED


def test_nobody_agrees_to_its_own_version_nor_says_that_anothers_task_is_done() -> None:
    desks = Cases()
    case = desks.opened()
    task = desks.sets(case, "B")
    own = desks.says("task_agreed", task, by=A)
    desks.says("task_agreed", task, by=B)
    twice = desks.says("task_agreed", task, by=B)

    assert desks.verdict(own) == "void:not-writer"
    assert desks.verdict(twice) == "void:wrong-state"
    assert desks.verdict(desks.says("task_done", task, by=A, result="done")) == "void:wrong-state"


def test_exhibits_are_numbered_by_side_and_a_withdrawn_one_stays_with_its_reason() -> None:
    desks = Cases()
    case = desks.opened()
    forged = desks.says("linked", case, by=A, to="evidence", place=place("laptop", 2))
    desks.says("linked", case, by=B, to="evidence", place=place("payments"))
    desks.says("linked", case, by=A, to="evidence", place=place("image"))
    theirs = desks.says("unlinked", forged, by=B, reason="forged")
    undone = desks.says("unlinked", forged, by=A, reason="forged")
    twice = desks.says("unlinked", forged, by=A, reason="mistaken")

    links = desks.case(case).links

    assert [(link.fact.writer, link.number) for link in links] == [(A, 1), (A, 2), (B, 1)]
    assert [link.undone is not None for link in links] == [True, False, False]
    assert [desks.verdict(each) for each in (theirs, undone, twice)] == [
        "void:not-writer",
        "valid",
        "void:wrong-state",
    ]
    assert Unlinking.FORGED.value == "forged"


def test_a_case_is_about_agreed_items_of_cooperation() -> None:
    desks = Cases()

    assert desks.verdict(desks.proposes(items=["trade_secrets", "weather"])) == "void:schema"
    assert desks.verdict(desks.proposes(items=["trade_secrets", "fraud_phishing"])) == "valid"


@pytest.mark.parametrize(
    ("scope", "stopped"),
    [
        (LINK, {"case.noted", "finding.given", "case.proposed"}),
        ({"forum": "case"}, {"case.noted", "finding.given", "case.proposed"}),
        ({"forum": "finding"}, {"finding.given"}),
        ({"forum": "sharing"}, set()),
    ],
)
def test_a_suspension_of_cases_stops_findings_too(scope: dict[str, JsonSource], stopped: set[str]) -> None:
    desks = Cases()
    case = desks.opened()
    suspend(desks.world.b, scope=scope)
    said = {
        "case.noted": desks.notes(case),
        "finding.given": desks.gives(case),
        "case.proposed": desks.proposes(),
    }

    assert {kind for kind, each in said.items() if desks.verdict(each) == "void:suspended"} == stopped
    assert {desks.verdict(each) for kind, each in said.items() if kind not in stopped} <= {"valid"}


def test_all_that_is_said_in_a_case_that_could_not_be_opened_is_void() -> None:
    desks = Cases()
    case = desks.proposes()
    desks.world.b.says("unopened", re=case)
    said = [desks.says("joined", case, by=B), desks.gives(case)]

    assert desks.look(case) is None
    assert {desks.verdict(each) for each in said} == {"void:no-target"}


def test_a_side_can_say_so_much_in_one_case_and_no_more() -> None:
    desks = Cases()
    case = desks.opened()
    for _ in range(MAX_STATEMENTS):
        desks.notes(case, by=B)
    one_more, theirs = desks.notes(case, by=B), desks.notes(case)

    # The joining was the first of them.
    assert desks.world.verdicts(desks.world.b)[-3:] == ["valid", "void:oversize", "void:oversize"]
    assert desks.verdict(one_more) == "void:oversize"
    assert desks.verdict(theirs) == "valid"


def test_a_finding_joins_a_case_and_nothing_else() -> None:
    desks = Cases()
    inquiry = desks.world.a.sends()
    call = desks.world.a.says("received")

    assert desks.verdict(desks.gives(inquiry)) == "void:no-target"
    assert desks.verdict(desks.gives(call)) == "void:no-target"


def test_the_default_terms_list_these_kinds() -> None:
    desks = Cases(World())

    assert desks.verdict(desks.proposes()) == "valid"


@pytest.mark.parametrize("kind", sorted(set(CLASSES) - {"case.proposed"}))
def test_every_other_kind_names_a_statement_and_has_no_field_more(kind: str) -> None:
    desks = Cases()
    case = desks.opened()
    pen = desks.world.b
    written = [
        pen.words(Wording(kind=kind), {}),
        pen.words(Wording(kind=kind, re=case.id), {"more": 1}),
    ]

    assert {desks.verdict(each) for each in written} == {"void:schema"}


@pytest.mark.parametrize(
    ("kind", "d"),
    [
        ("case.linked", {"to": "evidence", "place": place("file", None)}),
        ("case.linked", {"to": "call", "place": place("call", 1)}),
        ("case.linked", {"to": "evidence", "place": place("file", 256)}),
        ("case.task_set", {"owner": "C", "start": None, "due": None}),
        ("case.task_set", {"owner": "A", "start": 2, "due": 1}),
        ("finding.given", given(alternatives=[{"responsibility": "state_executed", "likelihood": "likely"}])),
        ("finding.given", given(alternatives=[{"responsibility": "no_state", "likelihood": "likely"}] * 2)),
        ("finding.given", given(evidence=[place("x"), place("x")])),
        ("finding.given", given(likelihood="moderate")),
        ("finding.given", given(confidence="likely")),
        ("finding.given", given(public=1)),
        ("finding.revised", {**given(), "reasons": []}),
        ("finding.revised", given()),
        ("finding.answered", {"position": "does_not_concur", "public": True}),
    ],
)
def test_what_is_misshapen_is_void(kind: str, d: dict[str, JsonSource]) -> None:
    desks = Cases()
    case = desks.opened()

    assert desks.verdict(desks.world.b.words(Wording(kind=kind, re=case.id), d)) == "void:schema"
