"""Tests of the line: their results, tickets and figures, and what lying about them would gain."""

from collections.abc import Mapping

import pytest

from parley.protocol.breach import BreachError
from parley.protocol.clauses import TEXTS, LineTest
from parley.protocol.linetests.account import account, digest
from parley.protocol.linetests.bodies import read_said
from parley.protocol.linetests.texts import SHELF, NoTextError, draw
from parley.protocol.linetests.trials import next_rung, trials_of_call
from parley.protocol.strictjson import JsonValue
from tests.protocol.callers import lines, minuted
from tests.protocol.days import DESK, FIRST, WRONG, Days, history_of
from tests.protocol.stops import suspend
from tests.protocol.world import DAY, HOUR, MINUTE, A, B, read_in_order, rows_of


@pytest.fixture
def days() -> Days:
    return Days()


# ---- What counts as answered


def test_a_probe_that_is_echoed_in_time_is_ok(days: Days) -> None:
    days.at(0, 60)
    days.echoes(days.probes())

    assert days.results("machine") == ["ok"]
    assert days.period("machine").turn == A


def test_a_receipt_of_a_probe_is_no_answer(days: Days) -> None:
    days.at(0, 60)
    days.probes()
    days.at(0, 66)

    assert days.results("machine") == ["failed"]


@pytest.mark.parametrize("by", [A, B])
def test_an_echo_counts_only_from_the_other_side_that_had_the_probe(days: Days, by: str) -> None:
    for _ in range(4):
        days.pen(B).says("received")
    probe = days.probes(heard=False)
    if by == A:
        # So its own echo has more of B's in its past than the place of its probe.
        days.echoes(probe, by=A)
    else:
        # B guesses the probe's id: the entry is there, and nothing of A's in its past.
        days.pen(B).says("link.echoed", re=probe, seen=1)
        days.hears(A)

    before = days.results("machine")
    days.echoes(probe, by=B)
    assert (before, days.results("machine")) == (["open"], ["ok"])


def test_a_person_has_read_only_what_was_read_back_rightly(days: Days) -> None:
    days.at(0, 60)
    call = days.tries()
    days.answers(call, host=WRONG)
    wrong = days.results("human")
    days.answers(call)

    assert (wrong, days.results("human")) == (["open"], ["ok"])


def test_a_call_that_is_meant_tests_nothing(days: Days) -> None:
    call = days.opens()
    days.takes(call)
    days.reads_back(call)

    assert days.results("human") == ["open"]
    assert trials_of_call(days.call(call)) == ()


def test_a_reading_of_a_minute_is_no_reading_of_the_text(days: Days) -> None:
    call = days.tries()
    days.takes(call)
    minute = days.writes("call.minuted", A, minuted(FIRST, FIRST + 60), re=call)
    days.reads_back(minute, lines=lines())
    days.at(0, 61)

    assert days.results("human") == ["failed"]


def test_the_ladder_is_tried_when_every_rung_of_the_desk_took_it_after_it_was_pressed(days: Days) -> None:
    call = days.tries()
    days.takes(call)
    results = []
    for rung in DESK:
        assert next_rung(days.call(call)) is rung
        days.says(call, "notification", by=A, to=rung.value)
        assert next_rung(days.call(call)) is None
        results += days.results("ladder")
        days.takes(call, rung=rung.value)

    assert results == ["open"] * 3
    assert days.results("ladder") == ["ok"]
    assert next_rung(days.call(call)) is None


def test_a_rung_that_took_it_before_it_was_pressed_was_not_tried(days: Days) -> None:
    call = days.tries()
    days.takes(call)
    days.takes(call, rung="director")
    days.world.wait(MINUTE)
    for rung in DESK:
        days.says(call, "notification", by=A, to=rung.value)
        if rung.value != "director":
            days.takes(call, rung=rung.value)
    days.at(0, 5 * 60)

    assert days.results("ladder") == ["failed"]


def test_a_test_of_the_ladder_that_presses_nothing_is_a_human_test_alone(days: Days) -> None:
    days.answers(days.tries())

    assert days.results("human") == ["ok"]
    assert days.results("ladder") == ["open"]


def test_principals_answer_for_themselves(days: Days) -> None:
    call = days.tries(by=B, to="vice_minister")
    days.takes(call, by=A, rung="director")
    before = days.results("principals")
    days.takes(call, by=A, rung="vice_minister")

    assert (before, days.results("principals")) == (["open"], ["ok"])


# ---- Periods, turns and limits


def test_periods_go_on_by_days_and_turns_alternate(days: Days) -> None:
    days.at(3, 1)

    assert [each.turn for each in days.periods("machine")] == [A, B, A, B]
    assert days.results("machine") == ["not_held"] * 3 + ["open"]
    assert days.results("human") == ["open"]


def test_whose_turn_it_is_not_holds_no_test_of_the_calendar(days: Days) -> None:
    days.echoes(days.probes(by=B))

    assert days.results("machine") == ["open"]


def test_the_first_test_counts_and_whoever_tries_again_changes_nothing(days: Days) -> None:
    days.probes()
    days.at(0, 30)
    days.echoes(days.probes())

    assert days.results("machine") == ["failed"]


def test_the_period_in_which_the_link_was_opened_need_not_be_held() -> None:
    days = Days()
    days.at(112, 0)

    assert days.results("principals") == ["open"]
    assert [each.number for each in days.periods("principals")] == [116]


@pytest.mark.parametrize(
    ("minutes", "result"), [(59, "ok"), (60, "ok"), (61, "late")], ids=["in time", "at once", "late"]
)
def test_the_limit_runs_from_the_opening_to_when_the_tester_had_the_answer(
    days: Days, minutes: int, result: str
) -> None:
    call = days.tries(heard=False)
    days.takes(call)
    days.at(0, minutes)
    days.answers(call)

    assert days.results("human") == [result]


def test_a_test_that_failed_is_late_when_an_answer_comes_after_all(days: Days) -> None:
    probe = days.probes(heard=False)
    days.at(0, 6)
    failed = days.results("machine")
    days.echoes(probe)

    assert (failed, days.results("machine")) == (["failed"], ["late"])


def test_what_came_after_the_cut_is_not_looked_at(days: Days) -> None:
    probe, call = days.probes(), days.tries()
    days.at(0, 6)
    before = account(days.history())
    days.at(0, 7)
    days.echoes(probe)
    days.answers(call)
    days.tries(by=B, to="minister")
    days.declares(B, "machine", 21_000, "policy")
    days.at(1, 1)
    days.echoes(days.probes(by=B))

    assert account(days.history(cut=FIRST + 6 * MINUTE)) == before


# ---- What lying would gain: nothing


def test_an_answer_that_is_dated_back_is_as_late_as_it_came(days: Days) -> None:
    call = days.tries(heard=False)
    days.at(0, 180)
    days.pen(B).skew = -180 * 60
    days.answers(call)

    assert days.call(call).readings[0].at < FIRST + 60
    assert days.results("human") == ["late"]
    period = days.period("human")
    assert period.trial is not None
    assert (period.trial.answered, period.trial.answered_there) == (FIRST + 180 * 60, FIRST)
    assert period.trial.taken == FIRST + 180 * 60


def test_a_receipt_that_is_dated_back_proves_no_echo_in_time(days: Days) -> None:
    probe = days.probes(heard=False)
    days.at(0, 60)
    days.pen(B).skew = -60 * 60
    days.hears(B)
    failed = days.results("machine")
    days.echoes(probe)

    assert (failed, days.results("machine")) == (["failed"], ["late"])


def test_an_opening_that_is_dated_back_into_a_period_that_is_over_is_late(days: Days) -> None:
    days.at(3)
    pen = days.pen(A)
    pen.skew = -3 * DAY + HOUR
    days.echoes(days.probes())

    assert days.period("machine").result.value == "late"
    assert days.results("machine") == ["late", "not_held", "not_held", "open"]


def test_a_test_that_is_dated_forward_is_not_held_before_its_time(days: Days) -> None:
    days.pen(A).skew = 2 * DAY
    days.echoes(days.probes())

    assert days.results("machine") == ["open"]


# ---- Tickets


def test_a_ticket_is_open_until_the_silent_side_explained_it_and_a_later_test_went_well(days: Days) -> None:
    days.tries()
    days.at(0, 61)
    (ticket,) = days.tickets("human")
    assert (ticket.name, ticket.concerned, ticket.is_open) == ("human-3000", B, True)

    days.declares(A, "human", 3000, "unknown")
    days.declares(B, "human", 3000, "unknown")
    days.declares(B, "human", 3000, "staffing")
    (explained,) = days.tickets("human")
    assert {node: each.cause.value for node, each in explained.causes.items()} == {
        A: "unknown",
        B: "staffing",
    }
    assert explained.is_open

    days.at(1)
    days.answers(days.tries(by=B))
    (mended,) = days.tickets("human")
    assert (mended.mended_at, mended.is_open) == (FIRST + DAY, False)


def test_a_test_that_goes_well_mends_nothing_that_nobody_explained(days: Days) -> None:
    days.tries()
    days.at(1)
    days.answers(days.tries(by=B))

    (ticket,) = days.tickets("human")
    assert (ticket.mended_at is None, ticket.is_open) == (False, True)


@pytest.mark.parametrize(("by", "is_open"), [(A, False), (B, True)])
def test_who_did_not_hold_a_test_is_the_one_to_explain_it(days: Days, by: str, *, is_open: bool) -> None:
    days.at(1, 1)
    days.declares(by, "machine", 21_000, "policy")
    days.echoes(days.probes(by=B))

    (ticket,) = days.tickets("machine")
    assert (ticket.concerned, ticket.is_open) == (A, is_open)


def test_a_test_before_the_end_of_a_period_that_was_not_held_does_not_mend_it(days: Days) -> None:
    days.at(0, 60)
    days.echoes(days.probes(by=B))
    days.at(1, 1)

    (ticket,) = days.tickets("machine")
    assert ticket.mended_at is None


def test_the_cause_of_a_closing_is_a_cause(days: Days) -> None:
    call = days.tries()
    days.at(0, 61)
    days.closes(call, "technical_fault", by=B, cause="line_fault")

    (ticket,) = days.tickets("human")
    assert ticket.causes[B].cause.value == "line_fault"


def test_a_later_test_that_was_late_mends_nothing(days: Days) -> None:
    days.at(1)
    probe = days.probes(by=B)
    days.at(1, 6)
    days.echoes(probe)

    (ticket,) = days.tickets("machine")
    assert (days.results("machine"), ticket.mended_at) == (["not_held", "late"], None)


def test_a_cause_for_another_period_explains_nothing_here(days: Days) -> None:
    days.tries()
    days.at(0, 61)
    days.declares(B, "human", 3001, "staffing")

    assert days.tickets("human")[0].causes == {}


def test_both_readings_of_a_silence_are_told(days: Days) -> None:
    days.echoes(days.probes())
    days.takes(days.tries())
    days.at(0, 61)
    (people,) = days.tickets("human")

    other = Days()
    other.probes(heard=False)
    other.tries(heard=False)
    other.at(0, 61)
    (line,) = other.tickets("human")

    assert [clue.value for clue in people.people] == ["reached", "taken", "machine_ok"]
    assert people.line == ()
    assert [clue.value for clue in line.line] == ["not_reached", "machine_failed"]
    assert line.people == ()


# ---- Figures, and the same on both nodes


def test_figures_count_what_is_known_and_take_the_lower_median(days: Days) -> None:
    for day, minutes in enumerate((1, 3, None, 9)):
        days.at(day)
        by = B if day % 2 else A
        if minutes is not None:
            probe = days.probes(by=by)
            days.at(day, minutes)
            days.echoes(probe)
    days.at(4, 1)

    figure = days.history().figures[0]
    assert (figure.test, figure.ok, figure.late, figure.not_held) == (LineTest.MACHINE, 2, 1, 1)
    assert (figure.answered, figure.total) == (180, 4)


def test_whatever_the_order_of_arrival_the_digest_is_the_same(days: Days) -> None:
    seen = len(days.world.b.log)
    call = days.tries(heard=False)
    days.pen(B).says("link.probed", seen=seen)
    days.takes(call)
    days.answers(call)
    days.declares(B, "human", 3000, "staffing")
    days.at(2)

    found = {
        digest(
            history_of(read_in_order(days.world, order(days, first)), days.world.terms, cut=days.world.now)
        )
        for first in "AB"
    }

    assert order(days, "A") != order(days, "B")
    assert found == {digest(days.history())}


def order(days: Days, first: str) -> str:
    """Return an order in which a node may get both logs that has this side's entries as early as can be."""
    rows = {
        letter: [row for row in rows_of(days.world.record()) if row.writer == node]
        for letter, node in LETTERS
    }
    found = ""
    while len(found) < sum(len(each) for each in rows.values()):
        at, of = (found.count(letter) for letter in (first, OTHER[first]))
        is_ready = at < len(rows[first]) and rows[first][at].cut <= of
        found += first if is_ready else OTHER[first]
    return found


LETTERS = (("A", A), ("B", B))
OTHER = {"A": "B", "B": "A"}


# ---- Words


@pytest.mark.parametrize(
    "change",
    [
        {"cause": "weather"},
        {"test": "radio"},
        {"period": -1},
        {"period": 400_001},
        {"since": 2, "until": 1},
        {"text": "we slept"},
    ],
    ids=["cause", "test", "before", "after", "backwards", "words"],
)
def test_what_is_no_declaration_is_refused(change: Mapping[str, JsonValue]) -> None:
    d: Mapping[str, JsonValue] = {"test": "human", "period": 1, "cause": "unknown", "since": 1, "until": 2}
    assert read_said("link.fault_declared", d) is not None

    with pytest.raises(BreachError, match=r"§13\.2"):
        read_said("link.fault_declared", {**d, **change})


def test_the_default_clauses_name_the_whole_shelf() -> None:
    assert tuple(SHELF) == TEXTS


def test_a_text_is_drawn_by_dice_and_says_its_number_in_both_languages() -> None:
    drawn = draw(["unheard_of", "ferry", "kite"], dice=lambda below: below - 1)

    assert (drawn.code, drawn.number) == ("kite", "9999")
    assert drawn.both.count("9999") == 2


def test_a_shelf_of_another_version_offers_nothing_to_draw() -> None:
    with pytest.raises(NoTextError):
        draw(["unheard_of"], dice=lambda _below: 0)


def test_the_line_is_tried_and_explained_while_the_link_is_suspended(days: Days) -> None:
    suspend(days.pen(B))
    days.hears(A)
    probe = days.probes()
    said = (probe, days.echoes(probe), days.declares(B, "human", 3000, "suspended"))

    assert {days.verdict(each) for each in said} == {"valid"}
    assert days.results("machine") == ["ok"]


def test_statements_about_the_line_are_no_business_and_change_no_state(days: Days) -> None:
    probe = days.probes()
    days.echoes(probe)
    days.declares(B, "human", 3000, "staffing")

    assert {days.verdict(each) for each in (*days.world.a.log, *days.world.b.log)} == {"valid"}
    assert not any(row.thread for row in rows_of(days.world.record()))
