"""Nothing typed into a form of the dialogue is lost: saved, found again, never sent over another's change."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.actions import add_officer
from parley.agencies.policy import Role
from tests.dialogue.page_table import PROMISE, PageTable
from tests.inquiries.page_desk import OFFICER, B
from tests.links.office import SECRET, signed_in
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

NEW = f"/commitments/new/{LINK}/"
CLAUSE = {"place": "7", "en": "Experts meet in December.", "zh": "专家于12月会晤。"}


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageTable:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return PageTable(tmp_path, settings)


@pytest.fixture(name="qian")
def fixture_qian(desk: PageTable) -> Client:
    return signed_in(add_officer("Qian", role=Role.OFFICER, language="en", secret=SECRET, now=1))


def agreed_round(desk: PageTable) -> str:
    """Agree on a round, and return its place; the pages are then those of B."""
    place = desk.meeting()
    desk.at(B)
    desk.say_on(place, "round-agreed", place)
    return place


def hidden(page: str, name: str) -> str:
    """Return what a form brings along unseen."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def test_what_was_saved_without_scripts_stands_in_the_form_again_and_nothing_was_said(
    desk: PageTable,
) -> None:
    saved = desk.send_to(NEW, {**PROMISE, "due": "next week", "do": "save"})
    form = desk.get(NEW)

    assert saved.status_code == 303
    assert saved.headers["Location"].startswith(f"{NEW}?draft=")
    for text in (PROMISE["en"], PROMISE["zh"], PROMISE["measure_zh"], "next week"):
        assert text in form
    assert '<option value="B" selected>' in form
    assert "No commitment is proposed or in force." in desk.get("/commitments/")


def test_what_a_page_saves_by_itself_is_found_by_the_next_one_until_it_is_said(desk: PageTable) -> None:
    place = agreed_round(desk)
    form = f"/dialogue/{LINK}/{place}/{place}/outcome-clause_proposed/"
    page = hidden(desk.get(form), "page")
    client = desk.clients[OFFICER]
    told = client.post(f"{form}save/?page={page}", {"base": "0", "stroke": "1", "en": CLAUSE["en"]})
    client.post(f"{form}save/?page={page}", {"base": "1", "stroke": "2", "zh": CLAUSE["zh"]})
    later = desk.get(form)
    said = desk.send_to(form, {**CLAUSE, **{name: hidden(later, name) for name in ("page", "base", "draft")}})
    after = desk.get(form)

    assert (told.status_code, told.json()["revision"]) == (200, 1)
    assert CLAUSE["en"] in later
    assert CLAUSE["zh"] in later
    assert said.status_code == 303
    assert CLAUSE["en"] not in after


def test_what_cannot_be_said_now_is_a_draft_all_the_same(desk: PageTable) -> None:
    place = agreed_round(desk)
    form = f"/dialogue/{LINK}/{place}/{place}/outcome-clause_proposed/"
    refused = desk.send_to(form, {**CLAUSE, "zh": "专家于11月会晤。"})

    again = desk.get(form)

    assert refused.status_code == 422
    assert "Saved as draft" in refused.text
    assert "专家于11月会晤。" in again


def test_who_chose_an_item_gets_that_item_and_the_older_draft_is_offered_beside_it(desk: PageTable) -> None:
    place = agreed_round(desk)
    form = f"/dialogue/{LINK}/{place}/{place}/round-item_proposed/"
    desk.send_to(form, {"source": "other", "en": "An older draft.", "zh": "旧草稿。", "do": "save"})

    chosen = desk.get(f"{form}?source=case&en=Stolen+records&zh=x")

    assert "Stolen records" in chosen
    assert "An older draft." not in chosen
    assert "Go on with it" in chosen


def test_nothing_is_sent_over_what_a_colleague_wrote_meanwhile(desk: PageTable, qian: Client) -> None:
    desk.send_to(NEW, {**PROMISE, "do": "save"})
    ours = desk.get(NEW)
    theirs = {name: hidden(ours, name) for name in ("base", "draft")}
    qian.post(NEW, {**PROMISE, **theirs, "en": "B answers within 20 days.", "do": "save"})
    mine = {name: hidden(ours, name) for name in ("page", "base", "draft")}

    sent = desk.send_to(NEW, {**PROMISE, **mine})

    assert sent.status_code == 409
    assert "Qian changed this draft while you were typing." in sent.text
    assert "No commitment is proposed or in force." in desk.get("/commitments/")


def test_a_draft_that_was_put_away_comes_back_no_more(desk: PageTable) -> None:
    desk.send_to(NEW, {**PROMISE, "do": "save"})
    number = hidden(desk.get(NEW), "draft")

    desk.send_to(NEW, {"put_away": number})

    assert PROMISE["en"] not in desk.get(NEW)
