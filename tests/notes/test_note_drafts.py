"""A note that is being typed: a draft that stays here, found again, and closed when the note is written."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from parley.drafts.models import Draft
from parley.drafts.queries import DraftRow, list_begun, show_draft
from parley.notes.models import Note
from tests.inquiries.page_desk import OFFICER, VIEWER, PageDesk

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageDesk:
    return PageDesk(tmp_path, settings)


def form_of(page: str) -> dict[str, str]:
    """Return the fields of the note's form as a browser would send them."""
    form = page[page.index('id="note-form"') :]
    form = form[: form.index("</form>")]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", form, re.DOTALL)
    assert text is not None
    return fields | {"note": unescape(text[1])}


def type_in(desk: PageDesk, page: str, text: str, *, by: int = OFFICER) -> Any:  # noqa: ANN401 - JSON
    found = re.search(r'id="note-form".*?data-autosave="([^"]*)" data-revision="(\d+)"', page)
    assert found is not None
    answer = desk.clients[by].post(unescape(found[1]), {"note": text, "base": found[2]})
    return answer.status_code, json.loads(answer.content) if answer.status_code != 403 else {}


def add(desk: PageDesk, place: str, fields: dict[str, str]) -> Any:  # noqa: ANN401 - Django's own answer
    return desk.clients[OFFICER].post(f"/l/a-b/inquiries/{place}/notes/", fields)


def drafts() -> tuple[DraftRow, ...]:
    return list_begun("a-b", purposes="note")


def test_what_is_typed_is_found_again_on_the_page(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")
    status, said = type_in(desk, desk.page(place), "half a note")

    page = desk.page(place)
    resumed = desk.page(place, f"?note={said['number']}")

    (draft,) = drafts()
    assert (status, said["number"], draft.purpose) == (200, draft.number, "note")
    assert f"Draft {draft.number} by Zhao, last saved" in page
    assert f'href="?note={draft.number}#notes"' in page
    assert form_of(page)["note"] == ""
    assert form_of(resumed)["note"] == "half a note"


def test_the_note_closes_its_draft(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")
    page = desk.page(place)
    type_in(desk, page, "half a note")

    answers = [add(desk, place, form_of(page) | {"note": "a whole note"}) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == ["../#notes"] * 2
    assert [note.text for note in Note.objects.all()] == ["a whole note"]
    assert drafts() == ()
    assert type_in(desk, page, "later")[0] == 422


def test_a_draft_of_a_note_is_put_away(desk: PageDesk) -> None:
    place, other = desk.send("http://one.example/"), desk.send("http://two.example/")
    _status, said = type_in(desk, desk.page(place), "no")

    assert add(desk, other, {"put_away": str(said["number"])}).status_code == 404
    assert add(desk, place, {"put_away": str(said["number"])}).headers["Location"] == "../#notes"
    assert drafts() == ()
    assert not Note.objects.exists()


def test_two_pages_with_one_draft_keep_both_texts(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")
    _status, said = type_in(desk, desk.page(place), "first")
    mine, theirs = (desk.page(place, f"?note={said['number']}") for _ in range(2))
    type_in(desk, theirs, "theirs")

    contested = add(desk, place, form_of(mine) | {"note": "mine"})

    assert contested.status_code == 409
    assert "theirs" in contested.text
    assert form_of(contested.text)["note"] == "mine"
    assert not Note.objects.exists()
    settle = re.search(r'value="(settle:\d+:mine)"', contested.text)
    assert settle is not None
    settled = add(desk, place, form_of(contested.text) | {"do": settle[1]})
    page = desk.page(place, settled.headers["Location"].removeprefix("../").removesuffix("#notes"))
    assert add(desk, place, form_of(page)).status_code == 302
    assert [note.text for note in Note.objects.all()] == ["mine"]


def test_a_note_on_a_draft_that_was_put_away_is_written_all_the_same(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")
    page = desk.page(place)
    _status, said = type_in(desk, page, "typed")
    add(desk, place, {"put_away": str(said["number"])})

    answer = add(desk, place, form_of(page) | {"note": "typed"})

    assert answer.status_code == 302
    assert [note.text for note in Note.objects.all()] == ["typed"]


def test_without_a_script_the_other_language_saves_first(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")
    page = desk.page(place)

    answer = add(desk, place, form_of(page) | {"note": "typed", "language": "zh-hans"})

    (draft,) = drafts()
    assert answer.headers["Location"] == f"../?note={draft.number}#notes"
    assert show_draft(draft.number).values == {"note": "typed"}
    assert '<html lang="zh-Hans"' in desk.page(place)
    assert 'form="note-form" name="language" value="en"' in page
    assert not Note.objects.exists()


def test_a_note_that_is_too_long_is_asked_back_and_kept_as_a_draft(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")
    page = desk.page(place)

    answer = add(desk, place, form_of(page) | {"note": "x" * 20_001})

    assert answer.status_code == 422
    (draft,) = drafts()
    assert len(show_draft(draft.number).values["note"]) == 20_001
    assert form_of(answer.text)["draft"] == str(draft.number)


def test_a_viewer_types_no_note(desk: PageDesk) -> None:
    place = desk.send("http://one.example/")
    _status, said = type_in(desk, desk.page(place), "half a note")

    page = desk.get(f"/l/a-b/inquiries/{place}/", by=VIEWER)

    assert "half a note" not in page
    assert f"?note={said['number']}" not in page
    assert type_in(desk, desk.page(place), "mine", by=VIEWER)[0] == 403
    assert Draft.objects.count() == 1
