"""One page for principals: seven lines and five, each true, each leading to the page that shows the rest."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from pytest_django import Settings

from parley.ui.paper.glyphs import BREAK
from tests.dialogue.page_table import PROMISE, PageTable
from tests.inquiries.page_desk import OFFICER, VIEWER, A, B
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

PAGE = f"/l/{LINK}/summary/"


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
    assert told["Open and urgent"] == told["Overdue"] == told["Commitments late"] == "nothing"
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

    ours, theirs = lines(desk.get(PAGE)), lines(desk.at(B).get(PAGE))

    assert ours["Open and urgent"].startswith("asked by us: 1; by")
    assert theirs["Open and urgent"].startswith("asked by us: 0; by")
    assert re.fullmatch(r"ours to do: 0; .*: 1", ours["Commitments late"])
    assert re.fullmatch(r"ours to do: 1; .*: 0", theirs["Commitments late"])
    assert ours["This round"].startswith("round 3")
    assert "the round begins" in ours["Next date"]
    assert "a concern is open" in theirs["Commitments"]
    assert f"/rounds/{LINK}/{place}/" in links(desk.get(PAGE))


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
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(file.content)).pages)
    said = re.sub(r"\s+", "", text.replace(BREAK, ""))

    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Cache-Control"] == "no-store"
    for name, line in told.items():
        assert re.sub(r"\s+", "", name) in said
        assert re.sub(r"\s+", "", line) in said


def test_there_is_no_summary_of_a_link_that_is_not_there(desk: PageTable) -> None:
    assert desk.clients[OFFICER].get("/l/no-link/summary/").status_code == 404
    assert desk.clients[OFFICER].get("/l/no-link/summary/pdf/").status_code == 404
