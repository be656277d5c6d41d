"""The line is tried: by nodes and by the clock, by people with a text from the shelf; alike on both sides."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from parley.agencies.policy import Role
from parley.hotline import actions
from parley.hotline.actions import Message
from parley.hotline.forms.testing import fields_of
from parley.hotline.queries.directory import contacts
from parley.hotline.queries.testing import LineTests, due_tests, line_tests, running_test
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.readers import reader_of
from parley.ledger.trials import NEWEST, newest_list
from parley.links.actions.telling import Explained, declare_fault, list_contacts
from parley.links.policy import NotAllowedError, Whose
from parley.node.tester import Prober
from parley.protocol.clauses import TEXTS, LineTest, Rung
from parley.protocol.directory import LISTED, Directory, read_directory
from parley.protocol.hotline.codes import Cause, Sort
from parley.protocol.linetests.texts import Drawn, draw
from parley.protocol.names import HOT
from parley.protocol.places import Place
from parley.protocol.strictjson import JsonValue
from tests.hotline.line import SALT, Line
from tests.two_nodes.pair import LINK, MONDAY, A, B

DAY: Final = 86_400
HOUR: Final = 3_600
# The day and the week of MONDAY are B's turn.
OFFICE: Final[dict[str, JsonValue]] = {"en": "Duty desk", "zh": "值班台"}
POINT: Final[dict[str, JsonValue]] = {
    "rung": "duty_desk",
    "level": "desk",
    "office": OFFICE,
    "languages": ["en", "zh"],
    "hours": "always",
    "channels": [{"way": "phone", "address": "+00 1 234 5678"}],
    "keys": [],
}


def set_clocks(line: Line, now: int) -> None:
    for clock in line.pair.clocks.values():
        clock.time = now


def look(line: Line, node: str, *, probes: bool = True) -> list[str]:
    """Have the node look what is due about its line, and return the kinds of what it said."""
    ledger = _Watched(ledger=line.pair.ledgers[node])

    async def once() -> None:
        tester = Prober(line.pair.homes[node], ledger, now=line.pair.clocks[node])
        tester.look(probes=probes)
        await tester.stop()

    asyncio.run(once())
    return ledger.said


@dataclass
class _Watched:
    """A ledger, and what was said to it."""

    ledger: object
    said: list[str] = field(default_factory=list)

    def append(self, drafts: Sequence[Draft]) -> list[Appended | RefusedError]:
        self.said += [draft.kind for draft in drafts]
        return self.ledger.append(drafts)  # type: ignore[attr-defined,no-any-return]  # a ledger


def known(line: Line, node: str) -> LineTests:
    with line.pair.reader(node) as reader:
        found = line_tests(reader, LINK, me=node, now=line.pair.clocks[node].time)
    assert found is not None
    return found


def results(line: Line, node: str, test: LineTest = LineTest.MACHINE) -> list[str]:
    return [row.period.result.value for row in known(line, node).rows[test]]


def tries(line: Line, node: str, *, settle: bool = True) -> Drawn:
    """Hold the human test with a text from the shelf, whose number is the first."""
    drawn = draw(TEXTS, dice=lambda _below: 0)
    said = actions.open_test(LINK, drawn, salt=SALT, lane=HOT, by=line.hand(node))
    assert isinstance(said, Appended)
    line.call = said
    if settle:
        line.pair.settle()
    return drawn


# ---- The machine test, by the clock


def test_the_node_whose_turn_it_is_probes_once_and_the_other_one_echoes_in_lane_hot(line: Line) -> None:
    assert look(line, A) == []
    assert look(line, B) == ["link.probed"]
    assert look(line, B) == []
    line.pair.settle()
    assert look(line, A) == ["link.echoed"]
    assert look(line, A) == []
    line.pair.settle()

    assert results(line, A) == results(line, B) == ["ok"]
    with line.pair.reader(A) as reader:
        assert [row.kind for row in reader.rows(f"{LINK}/hot") if (row.kind or "").startswith("link.p")] == [
            "link.probed"
        ]


def test_after_days_that_were_slept_through_it_is_held_at_once_and_once(line: Line) -> None:
    set_clocks(line, MONDAY + 4 * DAY)

    assert look(line, B) == ["link.probed"]
    assert look(line, B) == []
    line.pair.settle()
    look(line, A)
    line.pair.settle()
    # The first of B's turns since, in which nobody tested, and A's as well: nothing is made up for.
    assert results(line, B) == ["not_held", "not_held", "not_held", "ok"]


def test_a_node_that_is_killed_between_two_looks_says_nothing_twice(line: Line) -> None:
    look(line, B)
    line.pair.restart(B)

    assert look(line, B) == []


def test_a_partner_that_probes_without_end_gets_one_echo(line: Line) -> None:
    for _ in range(20):
        line.pair.say(B, "link.probed", {}, lane="hot")
    line.pair.settle()

    assert look(line, A) == ["link.echoed"]
    line.pair.settle()
    assert look(line, A) == []
    assert look(line, A, probes=False) == []


def test_an_old_probe_that_arrives_when_its_time_is_over_is_not_echoed(line: Line) -> None:
    look(line, B)
    set_clocks(line, MONDAY + 3 * DAY)
    line.pair.settle()

    assert look(line, A, probes=False) == []


def test_a_tester_looks_by_its_clock_until_it_is_cancelled(line: Line) -> None:
    said, loops = asyncio.Queue[str](), list[asyncio.AbstractEventLoop]()

    class Told:
        def append(self, drafts: Sequence[Draft]) -> list[Appended | RefusedError]:
            loops[0].call_soon_threadsafe(said.put_nowait, drafts[0].kind)
            return line.pair.ledgers[B].append(drafts)

    async def run() -> str:
        loops.append(asyncio.get_running_loop())
        tester = Prober(line.pair.homes[B], Told(), now=line.pair.clocks[B], look_seconds=0.01)
        task = asyncio.create_task(tester.run())
        tester.wake(LINK)
        found = await asyncio.wait_for(said.get(), 20)
        task.cancel()
        await tester.stop()
        return found

    assert asyncio.run(run()) == "link.probed"


def test_a_log_full_of_other_things_costs_a_look_nothing(line: Line) -> None:
    with line.pair.reader(A) as reader:
        plan = reader.connection.execute(f"EXPLAIN QUERY PLAN {NEWEST}", (1, LISTED, 1)).fetchall()

    assert [step[3] for step in plan] == ["SEARCH row USING INDEX row_kind (log=? AND kind=?)"]


# ---- People


@pytest.mark.django_db(databases=["default", "view"])
def test_a_human_test_is_due_until_it_was_begun_and_well_when_it_was_read_back(line: Line) -> None:
    home = line.pair.homes[B]
    assert [due.test for due in due_tests(home, MONDAY)] == [LineTest.LADDER, LineTest.HUMAN]
    assert [due.test for due in due_tests(line.pair.homes[A], MONDAY)] == [LineTest.PRINCIPALS]

    drawn = tries(line, B)
    line.take(A)
    line.read_back(fields_of(drawn), node=A)
    line.project(B)

    assert [due.test for due in due_tests(home, MONDAY + HOUR)] == [LineTest.LADDER]
    assert results(line, A, LineTest.HUMAN) == results(line, B, LineTest.HUMAN) == ["ok"]
    row = known(line, B).rows[LineTest.HUMAN][0]
    assert (row.turn, row.place) == (Whose.US, Place(letter="B", index=1, lane="hot").text)


@pytest.mark.django_db(databases=["default", "view"])
def test_what_is_due_is_one_question_by_an_index_however_many_tests_were_held(line: Line) -> None:
    for _ in range(3):
        tries(line, B)
    line.project(B)
    home, asked = line.pair.homes[B], list[str]()
    reader = reader_of(home)
    assert reader is not None

    reader.connection.set_trace_callback(asked.append)
    with CaptureQueriesContext(connections["view"]) as rows:
        due_tests(home, MONDAY + HOUR)
    reader.connection.set_trace_callback(None)

    assert asked
    assert [each for each in asked if "'call." in each] == []
    (question,) = rows.captured_queries
    with connections["view"].cursor() as cursor:
        plan = cursor.execute(f"EXPLAIN QUERY PLAN {question['sql']}").fetchall()
    assert ["calls_tried" in step[3] for step in plan] == [True]


@pytest.mark.django_db(databases=["default", "view"])
def test_only_a_test_of_ours_in_this_period_is_one_that_we_held(line: Line) -> None:
    home, both = line.pair.homes[B], [LineTest.HUMAN, LineTest.LADDER]
    # A week of B and one more two weeks later, both in one turn of B at the ladder.
    first, later = MONDAY + 39 * DAY, MONDAY + 53 * DAY
    set_clocks(line, first)
    line.open(node=B)
    tries(line, A)
    line.project(B)
    assert [due.test for due in due_tests(home, first + HOUR)] == both

    tries(line, B)
    line.project(B)

    assert [due.test for due in due_tests(home, first - HOUR)] == both
    assert [due.test for due in due_tests(home, first + HOUR)] == [LineTest.LADDER]
    assert [due.test for due in due_tests(home, later)] == both


@pytest.mark.django_db(databases=["default", "view"])
def test_the_ladder_was_tried_once_its_rungs_were_pressed(line: Line) -> None:
    home = line.pair.homes[B]
    tries(line, B)
    line.take(A)
    line.say(B, Message(sort=Sort.NOTIFICATION, to=Rung.DUTY_PHONE))
    line.project(B)

    assert due_tests(home, MONDAY + HOUR) == ()


def test_a_test_goes_on_until_one_side_closes_it(line: Line) -> None:
    tries(line, B)
    with line.pair.reader(B) as reader:
        found = running_test(reader, LINK, me=B, since=MONDAY)
        assert found is not None
        assert found.id == line.on.statement
        assert running_test(reader, LINK, me=A, since=MONDAY) is None
        assert running_test(reader, LINK, me=B, since=MONDAY + 1) is None


def test_both_nodes_print_the_same_once_they_hold_the_same(line: Line) -> None:
    tries(line, B, settle=False)
    look(line, B)
    set_clocks(line, MONDAY + DAY)
    assert known(line, A).digest != known(line, B).digest

    line.pair.settle()
    line.take(A)
    set_clocks(line, MONDAY + 2 * DAY)

    assert known(line, A).digest == known(line, B).digest
    assert known(line, A).before.cut == (MONDAY + 2 * DAY) // DAY * DAY


# ---- Tickets


def test_a_ticket_is_seen_on_both_sides_until_it_is_explained_and_mended(line: Line) -> None:
    tries(line, B)
    set_clocks(line, MONDAY + 2 * HOUR)
    (seen,) = (row for row in known(line, A).tickets if row.ticket.period.test is LineTest.HUMAN)
    assert (seen.concerned, seen.ticket.is_open) == (Whose.US, True)

    period = seen.ticket.period
    explained = Explained(test=period.test, period=period.number, cause=Cause.STAFFING)
    declare_fault(LINK, explained, by=line.hand(A))
    set_clocks(line, MONDAY + 3 * HOUR)
    drawn = tries(line, A)
    line.take(B)
    line.read_back(fields_of(drawn), node=B)

    for node in (A, B):
        (row,) = (row for row in known(line, node).tickets if row.ticket.period.test is LineTest.HUMAN)
        assert not row.ticket.is_open
        assert [(cause, at) for _whose, cause, at in row.causes] == [("staffing", MONDAY + 2 * HOUR)]


def test_who_may_not_speak_for_the_node_explains_nothing(line: Line) -> None:
    hand = line.hand(A)
    viewer = replace(hand, officer=replace(hand.officer, role=Role.VIEWER))

    with pytest.raises(NotAllowedError):
        declare_fault(LINK, Explained(test=LineTest.HUMAN, period=1, cause=Cause.POLICY), by=viewer)


# ---- Contact points


def test_the_newest_contact_points_of_each_side_count(line: Line) -> None:
    for office in ("Night desk", "Duty desk"):
        point = {**POINT, "office": {**OFFICE, "en": office}}
        list_contacts(LINK, read_directory({"points": [point]}), by=line.hand(A))
    line.pair.settle()

    with line.pair.reader(B) as reader:
        (row,) = reader.links()
        ours, theirs = contacts(reader, row)
    assert (ours.place, ours.points) == (None, ())
    assert (theirs.place, theirs.said_at, theirs.points[0].office.en) == ("A 2", MONDAY, "Duty desk")


def test_contact_points_that_cannot_be_read_are_told_as_such(line: Line) -> None:
    list_contacts(LINK, Directory(points=()), by=line.hand(A))
    line.pair.say(A, LISTED, {}, body={"points": [{**POINT, "hours": "never"}]})
    line.pair.settle()

    with line.pair.reader(B) as reader:
        (row,) = reader.links()
        _ours, theirs = contacts(reader, row)
        assert newest_list(reader, LINK, B) is None
    assert (theirs.is_readable, theirs.points) == (False, ())
