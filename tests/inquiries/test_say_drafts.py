"""What is typed into a form and not said yet: kept, found again, chosen between, closed, and said once."""

import json
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.drafts.models import Draft
from parley.drafts.queries import DraftRow, list_begun, show_draft
from parley.work import clock
from parley.work.lock import locked
from tests.inquiries.page_desk import HOST, OFFICER, VIEWER, B, PageDesk, fields_of

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

SITES = ("http://one.example/a", "http://two.example/b")
COLLEAGUE = 6


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageDesk:
    desk = PageDesk(tmp_path, settings)
    Officer.objects.create(number=COLLEAGUE, name="Chen", role=Role.OFFICER, language="en", password="!")
    desk.clients[COLLEAGUE] = Client(headers=HOST)
    assert desk.clients[COLLEAGUE].post(f"/sign-in/{COLLEAGUE}/").status_code == 302
    return desk


def asked(desk: PageDesk) -> str:
    """Return an inquiry that side B, whose pages these are, has to answer."""
    place = desk.send(*SITES)
    desk.at(B)
    return place


def address(place: str, verb: str, query: str = "") -> str:
    return f"/l/a-b/inquiries/{place}/say/{verb}/{query}"


def autosave(page: str) -> str:
    """Return where the form on `page` saves itself."""
    found = re.search(r'data-autosave="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def type_in(desk: PageDesk, page: str, fields: Mapping[str, object], *, by: int = OFFICER) -> Any:  # noqa: ANN401 - JSON
    """Send what `ui/autosave.js` sends when these fields change; return the answer."""
    base = re.search(r'data-revision="(\d+)"', page)
    assert base is not None
    answer = desk.clients[by].post(autosave(page), {**fields, "base": base[1]})
    return answer.status_code, json.loads(answer.content)


def drafts() -> tuple[DraftRow, ...]:
    return list_begun("a-b", purposes="say:")


def whole(page: str) -> dict[str, list[str]]:
    return fields_of(page)


# ---- Kept


def test_the_first_stroke_begins_a_draft_with_what_the_page_shows(desk: PageDesk) -> None:
    place = asked(desk)
    page = desk.get(address(place, "refuse", "?items=1"))

    status, said = type_in(desk, page, {"words": "as agreed"})

    assert status == 200
    (draft,) = drafts()
    assert (said["number"], said["conflicts"]) == (draft.number, [])
    assert re.fullmatch(r"\d\d:\d\d:\d\dZ", said["shown"])
    assert draft.purpose == "say:refuse"
    assert show_draft(draft.number).values == {"items": "1", "words": "as agreed"}
    assert desk.said("refused") == []


def test_a_page_goes_on_with_the_draft_that_it_began(desk: PageDesk) -> None:
    place = asked(desk)
    page = desk.get(address(place, "refuse"))

    for text in ("a", "as", "as agreed"):
        type_in(desk, page, {"words": text})
    type_in(desk, page, {"items": ""})
    type_in(desk, page, {"grounds": ["G09", "", "G13"]})

    (draft,) = drafts()
    values = show_draft(draft.number).values
    assert (values["words"], values["items"], values["grounds"]) == ("as agreed", "", "G09\nG13")


def test_what_is_no_field_of_the_form_is_not_kept(desk: PageDesk) -> None:
    place = asked(desk)
    page = desk.get(address(place, "refuse"))

    type_in(desk, page, {"key": "0" * 32, "code.0.0": "no_data", "x" * 70: "y", "ref": "B-1"})

    (draft,) = drafts()
    assert set(show_draft(draft.number).values) == {"items", "ref"}


def test_looking_at_a_form_keeps_nothing(desk: PageDesk) -> None:
    place = asked(desk)

    desk.get(address(place, "refuse"))
    glance = desk.clients[OFFICER].post(
        address(place, "refuse"), {"look": "1", "words": "x"}, headers={"HX-Request": "true"}
    )

    assert glance.status_code == 200
    assert drafts() == ()


@pytest.mark.parametrize(
    ("button", "status"), [({"look": "1"}, 200), ({"do": "save"}, 303), ({"more": "0"}, 200), ({}, 422)]
)
def test_without_a_script_every_button_saves(
    desk: PageDesk, button: dict[str, list[str] | str], status: int
) -> None:
    place = asked(desk)
    form = whole(desk.get(address(place, "answer"))) | {"words": "still here", "until.0.0": "+60d"}

    answer = desk.post(place, "answer", form | button)

    assert answer.status_code == status
    (draft,) = drafts()
    values = show_draft(draft.number).values
    assert (values["words"], values["until.0.0"], values["items"]) == ("still here", "+60d", "0\n1")


def test_the_button_that_enter_presses_sends_nothing(desk: PageDesk) -> None:
    place = asked(desk)

    page = desk.get(address(place, "refuse"))

    form = page[page.index('id="say"') :]
    assert 'name="look"' in form[form.index("<button") : form.index("</button>")]


def test_save_leads_back_to_the_draft_with_every_word(desk: PageDesk) -> None:
    place = asked(desk)
    form = whole(desk.get(address(place, "answer"))) | {
        "items": ["1"],
        "code.1.0": "mitigated",
        "measure.1.0": "blocked",
        "code.1.2": "no_data",
        "zone": "utc",
        "note.1": "asked the host",
    }
    answer = desk.post(place, "answer", form | {"line": [*form["line"], "1.2"], "do": "save"})

    page = desk.get(answer.headers["Location"])

    (draft,) = drafts()
    assert answer.headers["Location"] == address(place, "answer", f"?draft={draft.number}")
    again = whole(page)
    for name in ("items", "code.1.0", "measure.1.0", "code.1.2", "zone", "note.1"):
        assert again[name] == (form[name] if isinstance(form[name], list) else [form[name]]), name
    assert f"Saved as draft {draft.number} at" in page


# ---- Found again


def test_a_colleague_finds_the_draft_and_goes_on_with_it(desk: PageDesk) -> None:
    place = asked(desk)
    type_in(desk, desk.get(address(place, "refuse")), {"words": "half a"})
    (draft,) = drafts()

    fresh = desk.get(address(place, "refuse"), by=COLLEAGUE)
    assert f"Draft {draft.number} by Zhao, last saved" in fresh
    assert f'href="?draft={draft.number}"' in fresh
    page = desk.get(address(place, "refuse", f"?draft={draft.number}"), by=COLLEAGUE)
    type_in(desk, page, {"words": "half a sentence"}, by=COLLEAGUE)

    assert "half a</textarea>" in page
    (draft,) = drafts()
    assert (draft.officer_name, draft.saved_by) == ("Zhao", "Chen")
    assert show_draft(draft.number).values["words"] == "half a sentence"


def test_a_draft_that_is_not_wanted_is_put_away(desk: PageDesk) -> None:
    place = asked(desk)
    type_in(desk, desk.get(address(place, "refuse")), {"words": "no"})
    (draft,) = drafts()

    answer = desk.post(place, "refuse", {"put_away": str(draft.number)})

    assert (answer.status_code, answer.headers["Location"]) == (303, address(place, "refuse"))
    assert drafts() == ()
    assert Draft.objects.get().outcome == "put_away"
    assert f"Draft {draft.number}" not in desk.get(address(place, "refuse"))


def test_a_draft_of_another_form_is_not_found_here(desk: PageDesk) -> None:
    place, other = asked(desk), desk.at("a.example").send("http://three.example/")
    desk.at(B)
    type_in(desk, desk.get(address(place, "refuse")), {"words": "no"})
    (draft,) = drafts()

    assert desk.status(address(place, "admit", f"?draft={draft.number}")) == 404
    assert desk.status(address(other, "refuse", f"?draft={draft.number}")) == 404
    assert desk.status(address(place, "refuse", "?draft=77")) == 404
    assert desk.post(place, "admit", {"put_away": str(draft.number)}).status_code == 404
    assert desk.post(place, "admit", {"draft": str(draft.number), "words": "x"}).status_code == 404


def test_the_page_of_the_inquiry_names_what_was_begun(desk: PageDesk) -> None:
    place = asked(desk)
    type_in(desk, desk.get(address(place, "refuse")), {"words": "no"})
    (draft,) = drafts()

    assert f"{address(place, 'refuse')}?draft={draft.number}" in desk.page(place)
    assert f"?draft={draft.number}" not in desk.get(f"/l/a-b/inquiries/{place}/", by=VIEWER)


def test_what_was_typed_can_be_read_where_it_cannot_be_said_any_more(desk: PageDesk) -> None:
    place = asked(desk)
    type_in(desk, desk.get(address(place, "refuse")), {"words": "a whole page of reasons"})
    desk.say("inquiry.refused", {"items": "all", "grounds": ["G09"]}, node=B, on=place)
    desk.tell()

    answer = desk.clients[OFFICER].get(address(place, "refuse"))

    assert answer.status_code == 409
    assert "a whole page of reasons" in answer.text
    assert 'name="put_away"' in answer.text


def test_a_viewer_keeps_nothing(desk: PageDesk) -> None:
    place = asked(desk)
    page = desk.get(address(place, "refuse"))

    assert desk.clients[VIEWER].post(autosave(page), {"words": "x", "base": "0"}).status_code == 403
    assert drafts() == ()


# ---- Two people


def test_two_people_who_change_one_field_choose(desk: PageDesk) -> None:
    place = asked(desk)
    type_in(desk, desk.get(address(place, "refuse")), {"words": "first"})
    (draft,) = drafts()
    ours, theirs = (
        desk.get(address(place, "refuse", f"?draft={draft.number}"), by=by) for by in (OFFICER, COLLEAGUE)
    )
    type_in(desk, theirs, {"words": "by Chen"}, by=COLLEAGUE)

    _status, said = type_in(desk, ours, {"words": "by Zhao", "ref": "B-1"})
    sent = desk.post(place, "refuse", whole(ours) | {"words": "by Zhao", "ref": "B-1", "grounds": ["G09"]})

    assert [(each["field"], each["theirs"], each["by"]) for each in said["conflicts"]] == [
        ("words", "by Chen", "Chen")
    ]
    assert sent.status_code == 409
    assert "Chen changed this draft while you were typing." in sent.text
    assert desk.said("refused") == []
    values = show_draft(draft.number).values
    assert (values["words"], values["ref"], values["grounds"]) == ("by Chen", "B-1", "G09")

    settle = re.search(r'value="(settle:\d+:mine)"', sent.text)
    assert settle is not None
    settled = desk.post(place, "refuse", whole(sent.text) | {"do": settle[1]})
    page = desk.get(settled.headers["Location"])
    assert "by Zhao</textarea>" in page
    assert desk.post(place, "refuse", whole(page)).status_code == 302
    assert len(desk.said("refused")) == 1


def test_what_a_colleague_changed_elsewhere_is_shown_before_it_is_sent(desk: PageDesk) -> None:
    place = asked(desk)
    type_in(desk, desk.get(address(place, "refuse")), {"words": "first"})
    (draft,) = drafts()
    ours, theirs = (
        desk.get(address(place, "refuse", f"?draft={draft.number}"), by=by) for by in (OFFICER, COLLEAGUE)
    )
    type_in(desk, theirs, {"grounds": ["G13"]}, by=COLLEAGUE)

    sent = desk.post(place, "refuse", whole(ours) | {"words": "second"})

    assert sent.status_code == 409
    assert "Chen changed “Ground” meanwhile." in sent.text
    again = whole(sent.text)
    assert (again["grounds"][0], again["words"]) == ("G13", ["second"])
    assert desk.post(place, "refuse", again).status_code == 302
    (row,) = desk.said("refused")
    assert row.act is not None
    assert row.act.d["grounds"] == ["G13"]


# ---- Closed


def test_what_was_said_is_a_draft_no_more(desk: PageDesk) -> None:
    place = asked(desk)
    page = desk.get(address(place, "refuse"))
    type_in(desk, page, {"words": "as agreed"})

    answer = desk.post(place, "refuse", whole(page) | {"words": "as agreed", "grounds": ["G09"]})
    late, said = type_in(desk, page, {"words": "later"})

    assert answer.status_code == 302
    assert drafts() == ()
    assert Draft.objects.get().outcome == "said"
    assert late == 422
    assert "is closed" in said["reason"]


def test_a_form_that_is_sent_twice_is_one_statement_and_one_draft(desk: PageDesk) -> None:
    place = asked(desk)
    form = whole(desk.get(address(place, "admit")))

    first, second = (desk.post(place, "admit", form) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert len(desk.said("admitted")) == 1
    assert Draft.objects.count() == 1


def test_a_press_on_a_draft_that_a_colleague_said_says_nothing_and_keeps_the_text(desk: PageDesk) -> None:
    place = asked(desk)
    type_in(desk, desk.get(address(place, "progress")), {"words": "on it"})
    (draft,) = drafts()
    form = {"code": "working", "items": ["0"]}
    ours, theirs = (
        whole(desk.get(address(place, "progress", f"?draft={draft.number}"), by=by))
        for by in (OFFICER, COLLEAGUE)
    )
    desk.clients[COLLEAGUE].post(address(place, "progress"), theirs | form)

    answer = desk.post(place, "progress", ours | form | {"words": "on it, too"})

    assert answer.status_code == 409
    assert f"Draft {draft.number} was said already, by Chen." in answer.text
    assert len(desk.said("progressed")) == 1
    (anew,) = drafts()
    assert show_draft(anew.number).values["words"] == "on it, too"
    assert desk.post(place, "progress", whole(answer.text)).status_code == 302
    assert len(desk.said("progressed")) == 2


def test_after_a_crash_the_draft_says_the_same_once(desk: PageDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    place = asked(desk)
    form = whole(desk.get(address(place, "progress"))) | {"code": "working", "words": "on it"}
    with monkeypatch.context() as patched:
        patched.setattr("parley.inquiries.views.saying.close", _crash)
        with pytest.raises(RuntimeError, match="killed"):
            desk.post(place, "progress", form)
    (draft,) = drafts()

    page = desk.get(address(place, "progress", f"?draft={draft.number}"), by=COLLEAGUE)
    answer = desk.clients[COLLEAGUE].post(address(place, "progress"), whole(page))

    assert answer.status_code == 302
    assert len(desk.said("progressed")) == 1
    assert drafts() == ()


def _crash(*_: object, **__: object) -> None:
    raise RuntimeError("killed")


def test_while_nobody_writes_the_draft_stays_open(desk: PageDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    place = asked(desk)
    form = whole(desk.get(address(place, "admit"))) | {"words": "still here"}
    monkeypatch.setattr("parley.ledger.append.LOCK_SECONDS", 0.01)
    monkeypatch.setattr("parley.ledger.append.PAUSE_SECONDS", 0.01)

    with locked(desk.homes[B].root / "core.lock", wait_seconds=1, sleep=clock.sleep):
        away = desk.post(place, "admit", form)

    (draft,) = drafts()
    assert away.status_code == 503
    assert show_draft(draft.number).values["words"] == "still here"
    page = desk.get(address(place, "admit", f"?draft={draft.number}"))
    assert desk.post(place, "admit", whole(page)).status_code == 302
    assert len(desk.said("admitted")) == 1


def test_one_click_from_the_page_is_no_draft(desk: PageDesk) -> None:
    place = asked(desk)

    desk.post(place, "acknowledge", {"key": "0" * 32})

    assert len(desk.said("acknowledged")) == 1
    assert not Draft.objects.exists()


# ---- Limits, languages


def test_a_text_that_is_too_long_is_asked_back_and_nothing_is_sent(desk: PageDesk) -> None:
    place = asked(desk)
    page = desk.get(address(place, "admit"))
    long = "x" * (2 * 1024 * 1024 + 1)

    sent = desk.post(place, "admit", whole(page) | {"words": long})
    saved, said = type_in(desk, page, {"words": long})

    assert (sent.status_code, saved) == (413, 413)
    assert "“In words” has more than 2 MB. Nothing of this page was saved" in sent.text
    assert long in sent.text
    assert "“In words” has more than 2 MB" in said["reason"]
    assert not Draft.objects.exists()


def test_without_a_script_the_other_language_saves_first(desk: PageDesk) -> None:
    place = asked(desk)
    page = desk.get(address(place, "refuse"))
    form = whole(page) | {"words": "still here"}

    answer = desk.post(place, "refuse", form | {"language": "zh-hans"})
    after = desk.get(answer.headers["Location"])

    assert re.search(r'<button[^>]* form="say" name="language" value="zh-hans"', page)
    assert 'class="languages leaves"' in page
    assert '<html lang="zh-Hans"' in after
    assert "still here</textarea>" in after
    assert desk.said("refused") == []


def test_the_buttons_of_the_languages_stand_behind_those_of_the_form(desk: PageDesk) -> None:
    """The first button of a form is the one that Enter presses."""
    place = asked(desk)

    page = desk.get(address(place, "refuse"))

    assert page.index('name="look"') < page.index('form="say" name="language"')


def test_what_was_typed_stays_text(desk: PageDesk) -> None:
    place = asked(desk)
    evil = "<script>alert(1)</script>"
    form = whole(desk.get(address(place, "refuse"))) | {"words": evil, "ref": evil, "grounds": [evil]}
    answer = desk.post(place, "refuse", form | {"do": "save"})

    page = desk.get(answer.headers["Location"])

    assert evil not in page
    assert "&lt;script&gt;alert(1)" in page
