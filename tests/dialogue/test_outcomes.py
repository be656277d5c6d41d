"""The outcome list: negotiated clause by clause, frozen by both, sealed by the signer at the instant."""

import pytest

from parley.dialogue.actions import outcomes, saying
from parley.dialogue.actions.outcomes import EarlyError
from parley.dialogue.actions.saying import Page
from parley.dialogue.policy import Duty
from parley.dialogue.queries import files_of, public_list
from parley.ledger.dialogues import publication
from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.releasing import UNSEALED
from parley.links.policy import Whose
from parley.protocol import card as cards
from parley.protocol.dialogue.bodies import Frozen
from parley.protocol.dialogue.clause import Text, UnequalError
from parley.protocol.dialogue.release import verify
from parley.protocol.strictjson import JsonValue
from tests.dialogue.table import DAY, WORK, Table
from tests.two_nodes.pair import LINK, SUITE, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])

OTHER = Text(en="Experts meet on 1 December 2026.", zh="专家于2026年12月1日会晤。")


def frozen_by_both(table: Table, meeting: Appended, *, release: int) -> Frozen:
    table.clause(meeting)
    for node in (A, B):
        table.freezes(node, meeting, release=release)
    found = table.round(A, meeting).outcome.agreed
    assert found is not None
    return found


def test_a_clause_whose_languages_count_differently_is_refused_before_anything_is_written(
    table: Table,
) -> None:
    meeting = table.meets()
    before = table.pair.rows(A)

    with pytest.raises(UnequalError, match="30"):
        table.says(A, outcomes.propose_clause, meeting, 1, Text(en=WORK.en, zh="乙方在三十个工作日内答复。"))

    assert table.pair.rows(A) == before


def test_each_clause_is_a_move_of_its_own_and_the_amendment_that_both_want_holds(table: Table) -> None:
    meeting = table.meets()
    clause = table.says(A, outcomes.propose_clause, meeting, 1, WORK)
    asked = table.meeting(B, meeting)
    amended = table.says(B, outcomes.amend, clause, 2, OTHER)
    table.says(A, saying.agree, amended, Page.OUTCOME)

    told = table.meeting(A, meeting)

    assert asked.row.owed[Whose.US] == {Duty.ANSWER: 1}
    assert asked.statements[-1].may == ("outcome.amended", "outcome.agreed", "outcome.declined")
    assert told.round is not None
    assert [each.said.both for each in told.round.outcome.clauses] == [OTHER]
    assert told.row.clauses == 1
    assert table.meeting(B, meeting).row.owed[Whose.US] == {}


def test_whose_move_it_is_from_the_first_freezing_to_the_second_release(table: Table) -> None:
    meeting, release = table.meets(), table.now + DAY
    table.clause(meeting)
    table.freezes(A, meeting, release=release)
    half = table.meeting(B, meeting).row
    table.freezes(B, meeting, release=release)
    both = table.meeting(A, meeting)
    frozen = table.round(A, meeting).outcome.agreed
    table.pass_to(release)
    due = table.meeting(A, meeting)
    table.says(A, outcomes.release, meeting, frozen)
    ours, theirs = table.meeting(A, meeting).row, table.meeting(B, meeting).row

    assert (half.outcome, half.owed[Whose.US]) == ("half_frozen", {Duty.FREEZE: 1})
    assert (both.row.outcome, both.row.release) == ("frozen", release)
    assert "outcome.released" not in both.opening.may
    assert "outcome.released" in due.opening.may
    assert (ours.outcome, ours.owed[Whose.US], ours.owed[Whose.THEM]) == (
        "half_released",
        {},
        {Duty.RELEASE: 1},
    )
    assert theirs.owed[Whose.US] == {Duty.RELEASE: 1}


def test_the_signer_seals_at_the_instant_and_not_a_second_before(table: Table) -> None:
    meeting, release = table.meets(), table.now + DAY
    frozen = frozen_by_both(table, meeting, release=release)
    d: dict[str, JsonValue] = {"release": release, "digest": frozen.digest, "note": UNSEALED}
    table.pass_to(release - 1)
    with pytest.raises(EarlyError):
        table.says(A, outcomes.release, meeting, frozen)
    with pytest.raises(RefusedError, match="not reached"):
        table.pair.say(A, "outcome.released", d, re=meeting.statement)
    table.pass_to(release)

    table.says(A, outcomes.release, meeting, frozen)

    assert table.is_same(meeting)
    assert table.meeting(B, meeting).row.outcome == "half_released"


def test_a_lone_publication_is_shown_as_that_and_the_joint_seal_is_that_of_both(table: Table) -> None:
    meeting, release = table.meets(), table.now + DAY
    frozen = frozen_by_both(table, meeting, release=release)
    table.pass_to(release)
    table.says(A, outcomes.release, meeting, frozen)
    table.project(A)
    with table.pair.reader(A) as reader:
        alone = public_list(reader, frozen.digest)
    table.project(B)
    with table.pair.reader(B) as reader:
        silent = public_list(reader, frozen.digest)
    table.says(B, outcomes.release, meeting, frozen)
    with table.pair.reader(B) as reader:
        joint = public_list(reader, frozen.digest)

    assert silent is None
    assert alone is not None
    assert (alone.is_joint, alone.sealed_at[B]) == (False, None)
    assert joint is not None
    assert joint.is_joint
    assert joint.found.text == alone.found.text


def test_the_files_of_a_release_verify_with_nothing_but_the_two_cards_and_a_changed_byte_does_not(
    table: Table,
) -> None:
    meeting, release = table.meets(), table.now + DAY
    frozen = frozen_by_both(table, meeting, release=release)
    table.pass_to(release)
    for node in (A, B):
        table.says(node, outcomes.release, meeting, frozen)

    found = []
    for node in (A, B):
        with table.pair.reader(node) as reader:
            published = publication(reader, LINK, table.round(node, meeting))
        assert published is not None
        found.append(files_of(published))

    assert found[0] == found[1]
    files = found[0]
    both = [cards.parse(files[f"{node}.card"]).card for node in (A, B)]
    assert verify(files["outcomes.txt"], files["release.note"], both, suite=SUITE).is_joint
    # Both languages, and nothing else: a release or a round that holds the same digits stays as it is.
    tampered = (
        files["outcomes.txt"].replace(b"within 20", b"within 30").replace("二十".encode(), "三十".encode())
    )
    assert tampered != files["outcomes.txt"]
    with pytest.raises(Exception, match="another list"):
        verify(tampered, files["release.note"], both, suite=SUITE)
    assert files["outcome.html"].startswith(b"<!")
