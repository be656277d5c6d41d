"""A position paper: its files lie sealed at home, leave with the statement, and the other side reads them."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from parley.ledger import enclosing
from tests.dialogue.page_table import PageTable
from tests.inquiries.page_desk import OFFICER, VIEWER, A, B
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

PAPER = b"Our position, in eleven points.\n" * 100


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageTable:
    return PageTable(tmp_path, settings)


def upload(desk: PageTable, form: str, *, by: int = OFFICER, **fields: str) -> str:
    """Add a file to the form, and return the page that comes back."""
    file = SimpleUploadedFile("../position <b>.txt", PAPER)
    answer = desk.clients[by].post(f"{form}files/", {**fields, "evidence": file})
    assert answer.status_code == 303, answer.text
    return desk.get(answer.headers["Location"].partition("#")[0])


def hashes(page: str) -> str:
    found = re.search(r'<input type="hidden" name="files" value="([^"]*)"', page)
    assert found is not None
    return found[1].strip()


def known(page: str) -> dict[str, str]:
    """Return what a form says of its draft."""
    return dict(re.findall(r'<input type="hidden" name="(draft|base|page)" value="(\w+)"', page))


def form_at(desk: PageTable) -> tuple[str, str]:
    """Agree on a round, and return its place and the form of a view; the pages are those of B."""
    place = desk.meeting()
    desk.at(B)
    desk.say_on(place, "round-agreed", place)
    return place, f"/dialogue/{LINK}/{place}/{place}/round-stated/"


def test_a_file_waits_in_the_form_and_both_sides_see_it_with_the_statement(desk: PageTable) -> None:
    place, form = form_at(desk)
    page = upload(desk, form, stance="position_paper", words="As attached.")
    waiting = list(enclosing.all_kept(desk.homes[B], LINK))
    sent = {"stance": "position_paper", "words": "As attached.", "files": hashes(page)}
    desk.tells(form, {**sent, **known(page)})

    ours = desk.get(f"/rounds/{LINK}/{place}/")
    theirs = desk.at(A).get(f"/rounds/{LINK}/{place}/")
    saved = re.search(rf'href="(/l/{LINK}/files/[^"]+)"', ours)

    assert "As attached." in page
    assert [each.plain_size for each in waiting] == [len(PAPER)]
    assert "position _b_.txt" in ours
    assert "position _b_.txt" in theirs
    assert saved is not None
    got = desk.at(B).clients[OFFICER].get(saved[1])
    assert b"".join(got.streaming_content) == PAPER  # type: ignore[attr-defined]  # it is a stream
    assert list(enclosing.all_kept(desk.homes[B], LINK)) == []


def test_a_file_that_is_taken_out_is_destroyed_and_goes_nowhere(desk: PageTable) -> None:
    _place, form = form_at(desk)
    page = upload(desk, form, stance="view")
    digest = hashes(page)

    desk.send_to(form, {"stance": "view", "files": digest, "do": f"drop:{digest}", **known(page)})

    assert hashes(desk.get(form)) == ""
    assert list(enclosing.all_kept(desk.homes[B], LINK)) == []
    assert not (desk.homes[B].vault / digest[:2] / digest).exists()


def test_what_is_chosen_and_not_added_is_told_and_so_is_what_is_not_here_any_more(desk: PageTable) -> None:
    _place, form = form_at(desk)

    chosen = desk.send_to(form, {"stance": "view", "words": "A view.", "evidence": "paper.pdf"})
    gone = desk.send_to(form, {"stance": "view", "words": "A view.", "files": "ab" * 32})

    assert chosen.status_code == gone.status_code == 422
    assert "This file is chosen and not added yet." in chosen.text
    assert "A file of this form is not here any more." in gone.text


def test_no_file_is_taken_for_another_form_or_from_a_viewer(desk: PageTable) -> None:
    place, form = form_at(desk)
    file = {"evidence": SimpleUploadedFile("a.txt", PAPER)}
    other = f"/dialogue/{LINK}/{place}/{place}/outcome-clause_proposed/files/"

    assert desk.clients[OFFICER].post(other, file).status_code == 404
    assert desk.clients[VIEWER].post(f"{form}files/", file).status_code == 403
    assert list(enclosing.all_kept(desk.homes[B], LINK)) == []
