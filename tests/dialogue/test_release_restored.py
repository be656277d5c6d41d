"""A node whose disk goes back to an old copy around a release: it publishes once, and the same bytes."""

from collections.abc import Mapping

import pytest

from parley.dialogue.actions import outcomes
from parley.dialogue.queries import files_of
from parley.ledger.dialogues import publication
from parley.ledger.drafts import Appended, RefusedError
from parley.protocol.dialogue.outcome import State
from tests.dialogue.table import DAY, Table
from tests.dialogue.test_outcomes import frozen_by_both
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, A, B
from tests.two_nodes.test_any_order import Wire
from tests.two_nodes.test_restores import Story

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def goes_back(table: Table, node: str) -> Story:
    """Keep a copy of a disk; `story.play(("kept", node, 0))` puts it back, with the anchor of its signer."""
    copies = Copies(pair=table.pair, folder=table.folder / "copies")
    story = Story(pair=table.pair, copies=copies, wire=Wire(table.pair))
    story.play(("keep", node, 0))
    return story


def published(table: Table, node: str, meeting: Appended) -> Mapping[str, bytes]:
    with table.pair.reader(node) as reader:
        found = publication(reader, LINK, table.round(node, meeting))
    assert found is not None
    return files_of(found)


def test_who_lost_the_freezing_releases_when_it_has_it_back_and_not_before(table: Table) -> None:
    meeting, release = table.meets(), table.now + DAY
    story = goes_back(table, B)
    frozen = frozen_by_both(table, meeting, release=release)
    table.pass_to(release)
    story.play(("kept", B, 0))
    lost = table.round(B, meeting).outcome.state
    with pytest.raises(RefusedError, match="recovering"):
        table.says(B, outcomes.release, meeting, frozen)

    story.end()
    table.says(B, outcomes.release, meeting, frozen)
    table.says(A, outcomes.release, meeting, frozen)

    assert lost is State.DRAFTED
    assert {table.round(node, meeting).outcome.state for node in (A, B)} == {State.RELEASED}
    assert published(table, A, meeting) == published(table, B, meeting)


def test_who_lost_its_own_release_has_it_back_and_makes_no_other_seal(table: Table) -> None:
    meeting, release = table.meets(), table.now + DAY
    frozen = frozen_by_both(table, meeting, release=release)
    story = goes_back(table, A)
    table.pass_to(release)
    table.says(A, outcomes.release, meeting, frozen)
    before = published(table, B, meeting)
    story.play(("kept", A, 0))

    story.end()
    table.pass_to(release + DAY)
    with pytest.raises(RefusedError, match="wrong-state"):
        table.says(A, outcomes.release, meeting, frozen)

    assert published(table, A, meeting) == before
    table.says(B, outcomes.release, meeting, frozen)
    assert published(table, A, meeting) == published(table, B, meeting)
