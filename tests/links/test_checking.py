"""The record checked from the page of a link: who may, what is found, in words, and whose copy mends it."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from django.http import HttpResponse

from parley.agencies.policy import Role
from parley.ledger.checks import FSCK, note_check
from parley.ledger.fsck.check import Looking, check_record
from parley.work import clock
from tests.links.office import Office, core_that_says, courier, words
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])

PAGE = f"/links/{LINK}/"
CHECK = f"/links/{LINK}/check/"
BUTTON = "Check the record now"


@pytest.fixture(name="said")
def fixture_said(office: Office) -> Office:
    """Return the office of A after each side said something that the other has a receipt for."""
    sent = office.pair.sends(title="one")
    office.pair.settle()
    office.pair.say(B, "inquiry.acknowledged", {}, re=sent.statement)
    office.pair.settle()
    return office


def look(office: Office) -> None:
    check_record(office.home, Looking(now=clock.now, whole_fold=False))


def change(office: Office, node: str) -> str:
    """Change a byte of the newest entry of `node` past all guards, and return its place."""
    with closing(sqlite3.connect(office.home.record, isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        sql = (
            "SELECT log, idx, raw FROM entry JOIN log ON log.id = entry.log WHERE node = ? ORDER BY idx DESC"
        )
        log, index, raw = db.execute(sql, (node,)).fetchone()
        changed = bytes(raw).replace(b"time 1", b"time 2", 1)
        db.execute("UPDATE entry SET raw = ? WHERE log = ? AND idx = ?", (changed, log, index))
    return f"{node[0].upper()} {index}"


def text(answer: HttpResponse | Any) -> str:  # noqa: ANN401 - the test client's answers have no type
    return words(answer).partition("Is our record as it was said?")[2].partition("Path Their address")[0]


def test_a_whole_record_is_said_to_be_whole_and_nothing_more(said: Office) -> None:
    look(said)

    page = said.person().get(PAGE)

    assert "whole" in text(page)
    assert "were hashed anew, and give what was signed." in text(page)
    assert "damaged" not in words(page)


def test_what_they_said_and_is_changed_here_is_named_with_what_does_not_fit_and_what_mends_it(
    said: Office,
) -> None:
    look(said)
    place = change(said, B)

    look(said)
    found = text(said.person().get(PAGE))

    assert "1 thing is damaged" in found
    assert "Whole until" in found
    assert f"{place} acknowledged by a person · said by them," in found
    assert "Its bytes give another hash than the one under the head that they signed." in found
    assert "wrote it, and has it in its own log." in found
    assert "it says nothing about" in found
    assert "parley record fsck --repair --from FILE" in found


def test_for_what_we_said_ourselves_their_file_is_not_named_since_it_holds_only_what_they_said(
    said: Office,
) -> None:
    place = change(said, A)

    look(said)
    found = text(said.person().get(PAGE))

    assert f"{place} " in found
    assert "than the one under the head that we signed." in found
    assert "signed a receipt for it, so its node had a whole copy." in found
    assert "--repair --from" not in found


def test_nobody_is_said_to_hold_what_nobody_has_a_receipt_for(said: Office) -> None:
    said.pair.sends(title="two")
    place = change(said, A)

    look(said)
    found = text(said.person().get(PAGE))

    assert f"{place} " in found
    assert "a whole copy" not in found


def test_damage_stands_on_every_page_on_the_desk_and_on_the_statement_itself(said: Office) -> None:
    place = change(said, B)
    look(said)
    person = said.person()

    assert "our own copy is damaged" in words(person.get("/"))
    assert "our record: damaged" in person.get(f"/l/{LINK}/record/").text
    assert "Damaged here." in words(person.get(f"/l/{LINK}/record/{place.replace(' ', '-')}/"))
    assert "Damaged here." not in words(person.get(f"/l/{LINK}/record/A-0/"))
    assert "Our own copy of the record is damaged." in words(person.get(PAGE))
    assert "Both hold the same record." not in words(person.get(PAGE))


def test_a_list_that_somebody_else_wrote_into_the_file_breaks_no_page(said: Office) -> None:
    odd = [["entry", LINK, "Z 1"], ["entry", LINK], 7, ["entry", "c-d", "A 1"], ["gap", LINK, "B 99999"]]
    note_check(said.home, FSCK, {"at": 1, "findings": 3, "found": odd})

    found = text(said.person().get(PAGE))

    assert "B 99999" in found
    assert "2 more things belong to no single statement of this link." in found


def test_a_size_that_is_wrong_with_the_bytes_is_put_back_with_them(said: Office) -> None:
    found = [["entry", LINK, "B 1"], ["weight", LINK, "B 1"]]
    note_check(said.home, FSCK, {"at": 1, "findings": 2, "found": found})

    page = text(said.person().get(PAGE))

    assert "Its size is not the one that was counted." in page
    assert "more thing" not in page
    assert "parley record fsck --repair --from FILE" in page


def test_a_size_that_is_wrong_alone_is_put_back_by_no_file_of_theirs(said: Office) -> None:
    note_check(said.home, FSCK, {"at": 1, "findings": 1, "found": [["weight", LINK, "B 1"]]})

    assert "--repair --from" not in text(said.person().get(PAGE))


def test_an_officer_has_the_button_and_a_viewer_has_the_result_alone(said: Office) -> None:
    look(said)
    viewer = said.person("Guest", role=Role.VIEWER)

    assert BUTTON in text(said.person().get(PAGE))
    assert "whole" in text(viewer.get(PAGE))
    assert BUTTON not in text(viewer.get(PAGE))
    assert viewer.post(CHECK).status_code == 403


def test_pressing_it_asks_core_and_leads_back_to_the_page(said: Office) -> None:
    with core_that_says(said.home, courier()):
        answer = said.person().post(CHECK)

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PAGE}#checking")


def test_where_no_core_runs_it_says_so_and_names_the_command(said: Office) -> None:
    answer = said.person().post(CHECK)

    assert answer.status_code == 503
    assert "Core did not answer, so nothing was checked, and nothing was changed." in text(answer)
    assert "parley record fsck" in text(answer)


def test_while_it_is_being_checked_the_page_says_how_far_it_is_and_asks_again_by_itself(said: Office) -> None:
    under_way = courier() | {"checking": {"since": clock.now(), "done": 1000, "total": 4000}}

    with core_that_says(said.home, under_way):
        page = said.person().get(PAGE)

    assert "Reload the page to see what came of it." in text(page)
    assert "1000 of 4000 entries of the log at hand." in text(page)
    assert 'hx-trigger="every 1s"' in page.text
    assert BUTTON not in text(page)
