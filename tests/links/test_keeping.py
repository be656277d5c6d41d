"""The page of a link says how its record is kept: hashed anew, whole or damaged, restored in a drill."""

import pytest

from parley.ledger.checks import DRILL, FSCK, note_check
from parley.work import clock
from tests.links.office import Office, core_that_says, courier, words
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])

PAGE = f"/links/{LINK}/"


def test_what_never_happened_is_not_shown_as_good(office: Office) -> None:
    text = words(office.person().get(PAGE))

    assert "Hashed anew not yet" in text
    assert "Backup restored in a drill never" in text
    assert "whole" not in text


def test_a_whole_record_and_a_drill_are_shown_with_their_times(office: Office) -> None:
    now = clock.now()
    note_check(office.home, FSCK, {"at": now, "entries": 4, "findings": 0, "whole_at": now})
    note_check(office.home, DRILL, {"at": now, "made_at": now})

    text = words(office.person().get(PAGE))

    assert "whole" in text
    assert "in a drill never" not in text


def test_damage_is_shown_with_the_time_until_which_the_record_was_whole(office: Office) -> None:
    now = clock.now()
    note_check(office.home, FSCK, {"at": now, "entries": 4, "findings": 2, "whole_at": now - 90_000})

    text = words(office.person().get(PAGE))

    assert "2 things are damaged" in text
    assert "Whole until" in text


def test_while_there_is_no_line_the_page_names_the_stick(office: Office) -> None:
    office.set_clocks(clock.now() - 3600)
    office.pair.carry(A, B, prompt=True)
    failing = courier(attempted_at=clock.now() - 5, error="unreachable", failures=4)

    with core_that_says(office.home, failing):
        text = words(office.person().get(PAGE))

    assert f"a stick does what it does: parley link carry out {LINK} FILE" in text
