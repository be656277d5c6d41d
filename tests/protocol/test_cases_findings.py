"""Findings: one author, all versions, who stands behind which; the Status Report. Spec §15.5, §15.8."""

import json

import pytest

from parley.protocol.act import id_text
from parley.protocol.cases.account import digest
from parley.protocol.cases.apply import Finding
from parley.protocol.cases.codes import (
    Confidence,
    Likelihood,
    Reason,
    Responsibility,
    Speech,
    Standing,
    State,
)
from parley.protocol.cases.report import digest as report_digest
from parley.protocol.cases.report import status_report
from tests.protocol.casework import Cases, given, place
from tests.protocol.world import CHANNEL, A, B, Statement, Wording


def finding_of(desks: Cases, case: Statement) -> Finding:
    """Return the only finding of a case."""
    (finding,) = desks.case(case).findings
    return finding


def standings(finding: Finding) -> list[Standing]:
    """Return who stands behind each version."""
    return [version.standing for version in finding.versions]


def test_a_theft_first_held_state_sponsored_is_found_criminal_by_both() -> None:
    desks = Cases()
    case = desks.opened(by=B)
    lure, laptop, payments = place("lure"), place("laptop"), place("payments")
    first = desks.gives(case, by=B, evidence=[lure])
    desks.answers(first, "does_not_concur", by=A)
    second = desks.revises(
        first,
        by=B,
        responsibility="undetermined",
        likelihood="even_chance",
        evidence=[lure],
        reasons=["other_side"],
    )
    desks.answers(second, "concurs", by=A)
    third = desks.revises(
        second,
        by=B,
        responsibility="no_state",
        likelihood="very_likely",
        confidence="moderate",
        evidence=[laptop, payments],
        alternatives=[{"responsibility": "state_encouraged", "likelihood": "unlikely"}],
        reasons=["new_evidence", "evidence_withdrawn"],
        public=True,
    )
    alone = finding_of(desks, case).speech
    desks.answers(third, "concurs", by=A, public=True)

    finding = finding_of(desks, case)

    assert (finding.author, finding.number, len(finding.versions)) == (B, 1, 3)
    assert standings(finding) == [Standing.CONTESTED, Standing.JOINT, Standing.JOINT]
    assert (alone, finding.speech) == (Speech.AUTHOR, Speech.JOINTLY)
    current = finding.current.said
    assert (current.responsibility, current.likelihood, current.confidence) == (
        Responsibility.NO_STATE,
        Likelihood.VERY_LIKELY,
        Confidence.MODERATE,
    )
    assert finding.current.reasons == (Reason.NEW_EVIDENCE, Reason.EVIDENCE_WITHDRAWN)
    assert [each.statement for each in finding.current.added] == [laptop["statement"], payments["statement"]]
    assert [each.statement for each in finding.current.withdrawn] == [lure["statement"]]


def test_a_revision_voids_no_concurrence_with_the_old_version_and_inherits_none() -> None:
    desks = Cases()
    case = desks.opened()
    first = desks.gives(case, public=True)
    answer = desks.answers(first, "concurs", public=True)
    desks.revises(first, public=True)

    finding = finding_of(desks, case)

    assert desks.verdict(answer) == "valid"
    assert standings(finding) == [Standing.JOINT, Standing.UNANSWERED]
    assert finding.speech is Speech.AUTHOR


def test_a_concurrence_that_crosses_a_revision_holds_for_the_version_it_names() -> None:
    desks = Cases()
    case = desks.opened()
    first = desks.gives(case)
    seen = len(desks.world.b.log)
    answer = desks.answers(first, "concurs")
    second = desks.revises(first, seen=seen)

    finding = finding_of(desks, case)

    assert [desks.verdict(each) for each in (answer, second)] == ["valid", "valid"]
    assert standings(finding) == [Standing.JOINT, Standing.UNANSWERED]
    assert finding.versions[0].answer is not None
    assert finding.versions[0].answer.crossed


def test_an_answer_that_knew_the_newer_version_crossed_nothing() -> None:
    desks = Cases()
    case = desks.opened()
    first = desks.gives(case)
    desks.revises(first)
    desks.answers(first, "no_position")

    version = finding_of(desks, case).versions[0]

    assert version.standing is Standing.NO_POSITION
    assert version.answer is not None
    assert not version.answer.crossed


def test_the_newest_answer_to_a_version_counts() -> None:
    desks = Cases()
    case = desks.opened()
    finding = desks.gives(case)
    desks.answers(finding, "concurs")
    desks.answers(finding, "does_not_concur")

    assert standings(finding_of(desks, case)) == [Standing.CONTESTED]


def test_only_the_author_revises_and_only_the_newest_version() -> None:
    desks = Cases()
    case = desks.opened()
    first = desks.gives(case)
    theirs = desks.revises(first, by=B)
    second = desks.revises(first)
    old = desks.revises(first)

    assert [desks.verdict(each) for each in (theirs, second, old)] == [
        "void:not-writer",
        "valid",
        "void:wrong-state",
    ]


def test_nobody_concurs_with_its_own_finding() -> None:
    desks = Cases()
    case = desks.opened()
    finding = desks.gives(case)

    assert desks.verdict(desks.answers(finding, "concurs", by=A)) == "void:not-writer"
    assert desks.verdict(desks.answers(case, "concurs", by=B)) == "void:no-target"


def test_a_finding_needs_a_person_who_signs() -> None:
    desks = Cases()
    case = desks.opened()
    unsigned = desks.world.a.words(Wording(kind="finding.given", re=case.id), given())

    assert desks.verdict(unsigned) == "void:wrong-log"


def test_both_sides_can_hold_findings_of_their_own_beside_each_other() -> None:
    desks = Cases()
    case = desks.opened()
    desks.gives(case, by=B, responsibility="no_state")
    desks.gives(case, by=A)
    desks.gives(case, by=B, responsibility=None)

    findings = desks.case(case).findings

    assert [(finding.author, finding.number) for finding in findings] == [(A, 1), (B, 1), (B, 2)]


def test_what_is_not_for_the_public_may_be_said_by_nobody() -> None:
    desks = Cases()
    case = desks.opened()
    finding = desks.gives(case, public=True)
    desks.answers(finding, "concurs", public=True)
    desks.revises(finding, public=False)

    assert finding_of(desks, case).speech is Speech.NOBODY


def told(desks: Cases, *cases: Statement, cut: dict[str, int]) -> bytes:
    """Return the Status Report at a cut."""
    found = [desks.look(each, cut=cut) for each in cases]
    return status_report([each for each in found if each is not None], channel=CHANNEL, cut=cut)


def sizes(desks: Cases) -> dict[str, int]:
    """Return how much both have written."""
    return {A: len(desks.world.a.log), B: len(desks.world.b.log)}


def test_the_status_report_is_the_same_at_a_cut_whatever_is_said_later() -> None:
    desks = Cases()
    one, two = desks.opened(), desks.proposes(by=B)
    finding = desks.gives(one)
    task = desks.sets(one)
    cut = sizes(desks)
    before = told(desks, one, two, cut=cut)
    desks.says("task_agreed", task, by=B)
    desks.revises(finding)
    desks.says("joined", two, by=A)
    later = desks.proposes()

    after = told(desks, later, two, one, cut=cut)

    assert after == before
    assert report_digest(after) == report_digest(before)
    assert told(desks, one, two, cut=sizes(desks)) != before


def test_the_status_report_counts_and_lists_every_case_by_place() -> None:
    desks = Cases()
    one, two, three = desks.proposes(by=B), desks.opened(), desks.proposes()
    desks.says("declined", three, by=B, reason="no_interest")
    desks.sets(two, "A")
    desks.answers(desks.gives(two), "concurs")
    cut = sizes(desks)

    report = json.loads(told(desks, one, two, three, cut=cut))

    assert [each["id"] for each in report["cases"]] == [id_text(each.id) for each in (two, three, one)]
    assert report["totals"]["states"] == {
        State.PROPOSED.value: 1,
        State.DECLINED.value: 1,
        State.OPEN.value: 1,
        State.HALF_CLOSED.value: 0,
        State.CLOSED.value: 0,
    }
    assert report["totals"]["findings"]["joint"] == 1
    assert report["totals"]["tasks"]["agreed"] == 1
    assert report["cut"] == cut


def test_the_digest_of_a_case_changes_with_whatever_is_said_in_it() -> None:
    desks = Cases()
    case = desks.opened()
    digests = [digest(desks.case(case))]
    finding = desks.gives(case)
    digests.append(digest(desks.case(case)))
    desks.answers(finding, "no_position")
    digests.append(digest(desks.case(case)))
    desks.notes(case, by=B)
    digests.append(digest(desks.case(case)))

    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize("position", ["concurs", "does_not_concur", "no_position"])
def test_an_answer_found_unopened_has_no_effect_at_any_cut(position: str) -> None:
    desks = Cases()
    case = desks.opened()
    finding = desks.gives(case)
    cut = sizes(desks)
    before = told(desks, case, cut=cut)
    answer = desks.answers(finding, position)
    desks.world.a.says("unopened", re=answer)

    assert told(desks, case, cut={A: cut[A], B: cut[B] + 1}) == before.replace(
        f'"{B}":{cut[B]}'.encode(), f'"{B}":{cut[B] + 1}'.encode()
    )
