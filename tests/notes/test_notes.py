"""Internal notes: added, never changed, and seen by nobody but our own people."""

from pathlib import Path

import pytest
from django.db import IntegrityError, connections
from pytest_django import Settings

from parley.agencies.models import JournalEntry
from parley.notes.models import Note
from parley.notes.queries import notes_of
from parley.protocol.act import id_text
from tests.inquiries.page_desk import OFFICER, VIEWER, PageDesk

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

XSS = "<script>alert(1)</script>"
KEY = "0" * 32


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageDesk:
    return PageDesk(tmp_path, settings)


def test_a_note_stands_on_the_page_with_its_author_and_time(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")

    answer = desk.clients[OFFICER].post(
        f"/l/a-b/inquiries/{place}/notes/", {"note": "row 13 is back up\r\nsays the bank", "key": KEY}
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, "../#notes")
    page = desk.page(place)
    box = page[page.index('id="notes"') :]
    assert "row 13 is back up" in box
    assert "Zhao" in box
    assert JournalEntry.objects.filter(act="note.added", officer_id=OFFICER, subject="a-b A 1").count() == 1


def test_a_note_that_is_posted_twice_is_one_note(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")

    for _ in range(2):
        desk.clients[OFFICER].post(f"/l/a-b/inquiries/{place}/notes/", {"note": "once", "key": KEY})

    inquiry = id_text(desk.statement(place))
    assert [(note.officer, note.text) for note in notes_of("a-b", inquiry)] == [("Zhao", "once")]
    assert notes_of("a-c", inquiry) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (" \n", "There is nothing in the note."),
        ("x" * 20_001, "The note has 20001 characters; at most 20000 fit."),
    ],
)
def test_what_is_no_note_is_asked_back_with_every_word(desk: PageDesk, text: str, told: str) -> None:
    place = desk.send("http://one.example/")

    answer = desk.clients[OFFICER].post(f"/l/a-b/inquiries/{place}/notes/", {"note": text, "key": KEY})

    assert answer.status_code == 422
    assert told in answer.text
    assert text.strip() in answer.text
    assert f'value="{KEY}"' in answer.text
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    "path", ["a-b/inquiries/A-9", "a-b/inquiries/B-1", "a-c/inquiries/A-1", "a-b/inquiries/x"]
)
def test_a_note_about_what_there_is_not_is_not_found(desk: PageDesk, path: str) -> None:
    desk.send("http://one.example/")

    assert desk.clients[OFFICER].post(f"/l/{path}/notes/", {"note": "x"}).status_code == 404
    assert not Note.objects.exists()


def test_a_viewer_reads_notes_and_writes_none(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")
    desk.clients[OFFICER].post(f"/l/a-b/inquiries/{place}/notes/", {"note": "seen by all of us", "key": KEY})

    posted = desk.clients[VIEWER].post(f"/l/a-b/inquiries/{place}/notes/", {"note": "mine"})

    assert posted.status_code == 403
    assert Note.objects.count() == 1
    assert "seen by all of us" in desk.get(f"/l/a-b/inquiries/{place}/", by=VIEWER)


def test_what_is_written_in_a_note_stays_text(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")
    desk.clients[OFFICER].post(f"/l/a-b/inquiries/{place}/notes/", {"note": XSS, "key": KEY})

    page = desk.page(place)

    assert "&lt;script&gt;alert(1)" in page
    assert XSS not in page


def test_the_file_itself_refuses_to_change_a_note(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")
    desk.clients[OFFICER].post(f"/l/a-b/inquiries/{place}/notes/", {"note": "as it was", "key": KEY})

    with connections["default"].cursor() as cursor, pytest.raises(IntegrityError, match="never changed"):
        cursor.execute("UPDATE notes_note SET text = 'other'")

    assert Note.objects.get().text == "as it was"


def test_a_note_is_nowhere_in_what_the_other_side_holds(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")
    desk.clients[OFFICER].post(f"/l/a-b/inquiries/{place}/notes/", {"note": "only-at-home-7731", "key": KEY})
    desk.carry()

    held = [path for home in desk.homes.values() for path in home.root.rglob("*") if path.is_file()]

    assert held
    assert [path for path in held if b"only-at-home-7731" in path.read_bytes()] == []
