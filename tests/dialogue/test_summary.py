"""One page for principals: seven lines and five, each true, each leading to the page that shows the rest."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Final

import pytest
from pytest_django import Settings

from parley.dialogue.views.finding import opened_link
from parley.dialogue.views.summary import summary_lines
from parley.protocol.strictjson import JsonValue
from parley.work import clock
from tests.dialogue.page_table import MEETING, PROMISE, PageTable
from tests.inquiries.page_desk import OFFICER, VIEWER, A, B
from tests.papers import words_of
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

PAGE = f"/l/{LINK}/summary/"
CASE: Final[Mapping[str, JsonValue]] = {"items": ["trade_secrets"], "origins": []}
YEAR: Final = 365 * 24 * 60 * 60
LACKS: Final[JsonValue] = [{"field": "url", "reason": "unclear"}]


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageTable:
    return PageTable(tmp_path, settings)


def lines(page: str) -> dict[str, str]:
    """Return what each line says, by its name."""
    found = re.findall(r"<dt>(.*?)</dt><dd><a [^>]*>(.*?)<span", page, re.DOTALL)
    return {name: re.sub(r"<[^>]+>", "", unescape(text)) for name, text in found}


def links(page: str) -> list[str]:
    """Return where the lines lead."""
    return [unescape(each) for each in re.findall(r'<dd><a href="([^"]+)"', page)]


def test_a_quiet_link_says_so_in_seven_lines_and_five(desk: PageTable) -> None:
    told = lines(desk.get(PAGE))

    assert len(told) == 12
    assert told["Open and urgent"] == told["Overdue"] == told["Commitments overdue"] == "nothing"
    assert told["This round"] == "none was proposed yet"
    assert told["Exercise today"] == "no"
    assert told["Next date"] == "none is agreed"


def test_what_is_urgent_late_and_next_stands_there_on_both_sides(desk: PageTable) -> None:
    desk.send("http://bank.example/1", urgency="U1")
    promise = desk.tells(f"/commitments/new/{LINK}/", {**PROMISE, "due": "2026-01-01T00:00Z"})
    desk.at(B).say_on(promise, "commitment-agreed", promise)
    desk.at(A)
    desk.say_on(promise, "concern-raised", promise, words="Nothing has come.")
    place = desk.meeting()
    desk.at(B).say_on(place, "round-agreed", place)
    desk.at(A)

    ours, theirs = lines(desk.get(PAGE)), lines(desk.at(B).get(PAGE))

    assert ours["Open and urgent"].startswith("asked by us: 1; by")
    assert theirs["Open and urgent"].startswith("asked by us: 0; by")
    assert re.fullmatch(r"ours to do: 0; .*: 1", ours["Commitments overdue"])
    assert re.fullmatch(r"ours to do: 1; .*: 0", theirs["Commitments overdue"])
    assert ours["This round"].startswith("round 3")
    assert "the round begins" in ours["Next date"]
    assert "a concern is open" in theirs["Commitments"]
    assert f"/rounds/{LINK}/{place}/" in links(desk.get(PAGE))


def test_what_is_only_proposed_is_no_date_and_pushes_no_round_off_that_both_want(desk: PageTable) -> None:
    desk.promise()
    proposed = desk.meeting()
    alone = lines(desk.get(PAGE))
    desk.at(B).say_on(proposed, "round-agreed", proposed)
    desk.tells(f"/rounds/new/{LINK}/", {**MEETING, "number": "4"})
    both = lines(desk.at(A).get(PAGE))

    assert alone["This round"].startswith("round 3; proposed")
    assert alone["Next date"] == "none is agreed"
    assert both["This round"].startswith("round 3; agreed")
    assert both["Next date"].endswith("the round begins")


def waits(page: str) -> tuple[str, str]:
    """Return what the other side waits for, and what we wait for, as a page before a talk says."""
    told = lines(page)
    (theirs,) = (text for name, text in told.items() if name.endswith("waits for us"))
    (ours,) = (text for name, text in told.items() if name.startswith("We wait for"))
    return theirs, ours


def test_what_one_side_waits_for_is_what_the_other_owes_it_also_before_it_is_late(desk: PageTable) -> None:
    _first, soonest, _last = (
        desk.send(f"http://{urgency}.example/", urgency=urgency) for urgency in ("U3", "U1", "U3")
    )

    (they_wait, we_wait), (they_wait_at_b, we_wait_at_b) = waits(desk.get(PAGE)), waits(desk.at(B).get(PAGE))

    assert we_wait == they_wait_at_b
    assert we_wait.startswith(f"{soonest.replace('-', ' ')}; Sites of First Bank; due ")
    assert not we_wait.endswith("overdue")
    assert they_wait == we_wait_at_b == "for nothing"


def test_what_is_late_is_told_as_overdue_beside_its_time(desk: PageTable) -> None:
    desk.send("http://bank.example/1", urgency="U1")

    with desk.reader() as reader:
        _seven, five = summary_lines(desk.homes[A], reader, opened_link(LINK), now=clock.now() + YEAR)

    (line,) = (each for each in five if each.name.startswith("We wait for"))
    assert line.text.endswith("; overdue")


def test_an_inquiry_that_was_asked_back_about_waits_for_who_asked_it(desk: PageTable) -> None:
    place = desk.send("http://bank.example/1")
    desk.at(B)
    desk.say("inquiry.returned", {"items": [0], "fields": LACKS}, node=B, on=place)
    desk.carry()

    at_a, at_b = waits(desk.at(A).get(PAGE)), waits(desk.at(B).get(PAGE))

    assert at_a[1] == at_b[0] == "for nothing"
    assert at_a[0] == at_b[1]
    assert at_a[0].startswith(place.replace("-", " "))


def test_a_case_that_nobody_joined_is_told_as_proposed_and_one_that_goes_on_stands_first(
    desk: PageTable,
) -> None:
    desk.say("case.proposed", CASE, node=A)
    alone = lines(desk.at(A).get(PAGE))["Joint cases"]
    joined = desk.say("case.proposed", CASE, node=A).place
    desk.carry()
    desk.say("case.joined", {}, node=B, on=joined.replace(" ", "-"))
    desk.say("case.proposed", CASE, node=A)
    desk.carry()

    both = lines(desk.at(A).get(PAGE))["Joint cases"]

    assert alone.startswith("1 is proposed and not joined; A ")
    assert both.startswith(f"1 is open; 2 are proposed and not joined; {joined}")


def test_every_line_leads_to_a_page_that_is_there(desk: PageTable) -> None:
    desk.send("http://bank.example/1", urgency="U1")
    desk.promise()
    desk.meeting()

    found = links(desk.get(PAGE))

    assert len(found) == 12
    for path in found:
        assert desk.status(path) == 200, path


def test_the_paper_has_the_lines_of_the_page_and_a_viewer_may_have_both(desk: PageTable) -> None:
    desk.promise()
    told = lines(desk.get(PAGE, by=VIEWER))
    file = desk.clients[VIEWER].get(f"{PAGE}pdf/")
    said = words_of(file.content).replace(" ", "")

    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Cache-Control"] == "no-store"
    for name, line in told.items():
        assert re.sub(r"\s+", "", name) in said
        # How long ago their node was heard is another second later.
        assert re.sub(r"\s+", "", line.partition(" heard ")[0]) in said


def test_there_is_no_summary_of_a_link_that_is_not_there(desk: PageTable) -> None:
    assert desk.clients[OFFICER].get("/l/no-link/summary/").status_code == 404
    assert desk.clients[OFFICER].get("/l/no-link/summary/pdf/").status_code == 404
