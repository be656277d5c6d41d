"""The steps towards a concluded round: what is still to be done, by whom, told from the record alone."""

import pytest

from parley.dialogue.actions import outcomes, rounds, saying
from parley.dialogue.actions.saying import Page
from parley.protocol.strictjson import JsonValue
from tests.dialogue.table import DAY, WORK, Table
from tests.two_nodes.pair import MONDAY, A, B
from tests.two_nodes.persons import bring, prepared_draft, signed

pytestmark = pytest.mark.django_db(databases=["default", "view"])

OURS, THEIRS, BOTH, NOBODY = ("us",), ("them",), ("us", "them"), ()


def test_a_round_that_was_only_agreed_has_everything_before_it(table: Table) -> None:
    meeting = table.meets()

    assert table.steps(A, meeting) == {
        "statistics": (False, BOTH),
        "texts": (False, NOBODY),
        "list": (False, BOTH),
        "delegation": (False, BOTH),
        "release": (False, NOBODY),
    }


def test_texts_are_clean_once_whoever_was_asked_has_answered(table: Table) -> None:
    meeting = table.meets()
    clause = table.says(A, outcomes.propose_clause, meeting, 1, WORK)
    asked = table.steps(A, meeting)["texts"], table.steps(B, meeting)["texts"]
    table.says(B, saying.agree, clause, Page.OUTCOME)
    table.says(A, rounds.delegate, meeting, {"vice_minister": 1}, chair="vice_minister")

    after = table.steps(B, meeting)

    assert asked == ((False, THEIRS), (False, OURS))
    assert after["texts"] == (True, NOBODY)
    assert after["delegation"] == (False, OURS)


def test_the_list_waits_for_both_and_the_release_for_its_time(table: Table) -> None:
    meeting, release = table.meets(), table.now + DAY
    table.clause(meeting)
    table.freezes(A, meeting, release=release)
    half = table.steps(B, meeting)["list"]
    table.freezes(B, meeting, release=release)
    frozen, agreed = table.steps(A, meeting), table.round(A, meeting).outcome.agreed
    assert agreed is not None
    table.pass_to(release)
    due = table.steps(A, meeting)["release"]
    table.says(A, outcomes.release, meeting, agreed)
    alone = table.steps(A, meeting)["release"]
    table.says(B, outcomes.release, meeting, agreed)

    assert half == (False, OURS)
    assert (frozen["list"], frozen["release"]) == ((True, NOBODY), (False, NOBODY))
    assert (due, alone) == ((False, BOTH), (False, THEIRS))
    assert table.steps(B, meeting)["release"] == (True, NOBODY)


def test_what_was_left_undone_when_the_round_was_closed_is_asked_of_nobody(table: Table) -> None:
    meeting = table.meets()
    for node in (A, B):
        table.says(node, rounds.close, meeting)

    steps = table.steps(A, meeting)

    assert (steps["statistics"], steps["delegation"]) == ((False, NOBODY), (False, NOBODY))


def test_statistics_are_frozen_once_both_signed_one_digest(table: Table) -> None:
    meeting = table.meets()
    period: dict[str, JsonValue] = {
        "since": MONDAY - 60 * DAY,
        "until": MONDAY - 30 * DAY,
        "cut": [{"lane": "main", "sizes": [1, 1]}],
    }
    cut = table.pair.say(A, "review.cut_proposed", period)
    table.pair.settle()
    proposed = table.steps(A, meeting)["statistics"]
    table.pair.say(B, "review.cut_agreed", {}, re=cut.statement)
    table.pair.settle()
    for node in (A, B):
        draft = prepared_draft(table.pair, node, "review.signed", {"digest": "A" * 43}, re=cut.statement)
        bring(table.pair, node, signed(table.pair, node, draft))
        table.pair.settle()

    assert proposed == (False, THEIRS)
    assert table.steps(A, meeting)["statistics"] == (True, NOBODY)
    assert table.steps(B, meeting)["statistics"] == (True, NOBODY)
