"""What leads on from a page of the dialogue: to what was just said, to the next round, to no wrong form."""

import re
from pathlib import Path
from typing import Final

import pytest
from pytest_django import Settings

from parley.dialogue.actions import rounds, saying
from parley.dialogue.actions.saying import Page
from parley.dialogue.queries import rounds_after
from parley.dialogue.queries.listing import FOLLOWING
from tests.dialogue.page_table import MEETING, PROMISE, PageTable
from tests.dialogue.table import Table
from tests.inquiries.page_desk import A, B
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

NEXT: Final = {
    **MEETING,
    "host": "B",
    "begins": "2027-09-01T09:00+08:00",
    "ends": "2027-09-02T17:00+08:00",
}
FORM: Final = f"/rounds/new/{LINK}/"


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageTable:
    return PageTable(tmp_path, settings)


@pytest.fixture(name="place")
def fixture_place(desk: PageTable) -> str:
    """Agree on a round, and on place and time of the next one; the pages are then those of A."""
    place = desk.meeting()
    desk.at(B).say_on(place, "round-agreed", place)
    plan = {name: text for name, text in NEXT.items() if name != "number"}
    offered = desk.say_on(place, "round-next_proposed", place, **plan)
    desk.at(A).say_on(place, "round-agreed", offered)
    return place


def proposed(desk: PageTable, place: str) -> str:
    """Propose the next round, and return its place; the other side has it only once it is carried."""
    answer = desk.send_to(FORM, NEXT | {"number": "4", "after": place})
    assert answer.status_code == 303
    return str(answer.headers["Location"]).partition("saved=")[2]


def test_once_the_next_round_is_proposed_the_page_leads_to_it_and_proposes_no_other(
    desk: PageTable, place: str
) -> None:
    before = desk.get(f"/rounds/{LINK}/{place}/")
    following = proposed(desk, place)
    desk.carry()

    pages = [desk.at(node).get(f"/rounds/{LINK}/{place}/") for node in (A, B)]

    assert f'href="{FORM}?' in before
    for page in pages:
        assert f'href="{FORM}?' not in page
        assert f'href="/rounds/{LINK}/{following}/"' in page
    assert f'href="/rounds/{LINK}/{place}/"' in desk.get(f"/rounds/{LINK}/{following}/")


def test_next_rounds_that_both_propose_at_once_are_both_shown_until_one_is_taken_back(
    desk: PageTable, place: str
) -> None:
    ours = proposed(desk, place)
    theirs = proposed(desk.at(B), place)
    desk.carry()
    pages = [desk.at(node).get(f"/rounds/{LINK}/{place}/") for node in (A, B)]
    desk.say_on(theirs, "round-withdrawn", theirs)

    after = desk.at(A).get(f"/rounds/{LINK}/{place}/")

    for page in pages:
        assert "More than one is proposed." in page
        assert all(f'href="/rounds/{LINK}/{each}/"' in page for each in (ours, theirs))
    assert "More than one is proposed." not in after
    assert f'href="{FORM}?' not in after


def test_a_next_round_that_was_declined_leaves_the_way_to_propose_another(
    desk: PageTable, place: str
) -> None:
    following = proposed(desk, place)
    desk.carry()
    desk.at(B).say_on(following, "round-declined", following)

    page = desk.get(f"/rounds/{LINK}/{place}/")

    assert f'href="{FORM}?' in page
    assert f'href="/rounds/{LINK}/{following}/"' in page


def test_plans_of_the_next_round_that_both_offered_and_both_agreed_to_are_one_plan_on_both_nodes(
    table: Table,
) -> None:
    meeting = table.meets()
    one, other = (
        table.says(node, rounds.propose_next, meeting, table.plan(host=host))
        for node, host in ((A, "A"), (B, "B"))
    )
    table.says(B, saying.agree, one, Page.ROUND)
    table.says(A, saying.agree, other, Page.ROUND)

    ours, theirs = (table.meeting(node, meeting) for node in (A, B))

    assert ours.round is not None
    assert theirs.round is not None
    assert ours.round.next == theirs.round.next
    assert ours.row.next_host != theirs.row.next_host
    assert table.is_same(meeting)


def test_our_proposal_of_the_next_round_is_shown_among_any_number_of_theirs(table: Table) -> None:
    meeting = table.meets(number=3)
    ours = table.says(A, rounds.propose, LINK, table.plan(), number=4, after=meeting.statement)
    for _ in range(FOLLOWING):
        table.says(B, rounds.propose, LINK, table.plan(), number=4, after=meeting.statement)
    last = table.says(B, rounds.propose, LINK, table.plan(), number=4)
    table.says(A, saying.agree, last, Page.ROUND)

    row = table.meeting(A, meeting).row
    found = rounds_after(LINK, row)

    assert [each.place for each in found[:2]] == [last.place, ours.place]
    assert len(found) == FOLLOWING


def test_no_form_is_shown_of_what_could_never_be_said_there(desk: PageTable) -> None:
    promise, place = desk.promise(), desk.meeting()
    desk.at(B)

    for thread, kind in (
        (promise, "round-agreed"),
        (promise, "outcome-agreed"),
        (place, "commitment-agreed"),
        (place, "outcome-agreed"),
        (place, "concern-raised"),
        # Who did not offer it takes nothing back.
        (place, "round-withdrawn"),
    ):
        assert desk.status(f"/dialogue/{LINK}/{thread}/{thread}/{kind}/") == 404, (thread, kind)
    for thread, kind in ((promise, "commitment-agreed"), (place, "round-agreed")):
        assert desk.status(f"/dialogue/{LINK}/{thread}/{thread}/{kind}/") == 200


def test_the_notice_of_what_was_saved_leads_to_it(desk: PageTable) -> None:
    said = [
        (desk.send_to(f"/commitments/new/{LINK}/", PROMISE), "commitments"),
        (desk.send_to(FORM, MEETING), "rounds"),
    ]

    for answer, room in said:
        path = str(answer.headers["Location"])
        place = path.partition("saved=")[2]
        page = desk.get(path)
        assert f'<a href="#{place}">Show it' in page, room
        assert f'<li id="{place}"' in page
        assert "not at their node yet" in page


def test_the_list_of_rounds_names_the_host_to_both_sides_and_says_which_round_is_not_in_turn(
    desk: PageTable, place: str
) -> None:
    again = desk.tells(FORM, {**NEXT, "host": "A", "number": "4", "after": place})
    turned = desk.tells(FORM, {**NEXT, "number": "4", "after": place})

    # Each side is called here by its own name on its own node, and as the other knows it on the other.
    for node, first, second in ((A, "Country A", "b"), (B, "a", "Country B")):
        told = hosts(desk.at(node).get("/rounds/"))
        assert told[place] == ("3", first, False)
        assert told[again] == ("4", first, True)
        assert told[turned] == ("4", second, False)


def hosts(page: str) -> dict[str, tuple[str, str, bool]]:
    """Return number and host of each round of a list by its place, and whether it is told as not in turn."""
    row = r'/rounds/[^/"]+/([AB]-\d+)/">.*?</th><td[^>]*>(\d+) · host: ([^<]*?)( <.*?)?</td>'
    rows = re.findall(row, page)
    return {place: (number, host, "not in turn" in chip) for place, number, host, chip in rows}
