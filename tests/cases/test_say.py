"""Saying something in a case on pages: which forms are there, and what each says."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.cases import actions
from parley.cases.queries import case_page, list_cases
from parley.cases.views.verbs import moves
from tests.cases.desks import Desks, held, task
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)


@pytest.fixture(name="client")
def fixture_client(desks: Desks, settings: Settings) -> Client:
    settings.HOME = desks.pair.homes[A]
    Officer.objects.create(number=4, name="Zhao", role=Role.OFFICER, language="en", password="!")
    client = Client(headers={"host": "localhost"})
    assert client.post("/sign-in/4/").status_code == 302
    return client


def at(desks: Desks, node: str) -> str:
    """Let the pages be those of `node`, and return the address of the case."""
    configured.HOME = desks.pair.homes[node]
    desks.tell(node)
    return f"/cases/{LINK}/{desks.case.place.replace(' ', '-')}/" if desks.case else f"/cases/{LINK}/"


def press(desks: Desks, client: Client, node: str, path: str, fields: Mapping[str, object]) -> Any:  # noqa: ANN401 - Django's own answer
    """Send a form at `path` below the case; whoever says something is the core for that moment."""
    before = at(desks, node)
    desks.pair.stop()
    answer = client.post(f"{before}{path}", {"key": "a" * 32, **fields})
    for each in (A, B):
        desks.pair.start(each)
    desks.pair.settle()
    return answer


def verbs(desks: Desks, node: str) -> list[str]:
    place = at(desks, node).split("/")[3]
    dossier = case_page(configured.HOME, LINK, place, now=desks.pair.clocks[node].time)
    return [each.verb for each in moves(dossier)]


def test_each_side_is_offered_just_what_it_can_say(desks: Desks, client: Client) -> None:
    desks.propose()
    proposed = {node: verbs(desks, node) for node in (A, B)}
    desks.say(B, actions.join)
    desks.say(A, actions.set_task, task())
    desks.give(A, held())

    everywhere = ["note", "task", "link", "give", "close"]
    assert proposed == {A: everywhere, B: ["join", "decline"]}
    assert verbs(desks, A) == [*everywhere, "task", "revise"]
    assert verbs(desks, B) == [*everywhere, "agree-task", "decline-task", "task", "answer"]


def test_a_case_is_proposed_and_joined_on_pages(desks: Desks, client: Client) -> None:
    fields = {"title_en": "Theft", "title_zh": "失窃案", "items": ["trade_secrets"], "text": "Shall we?"}
    proposed = press(desks, client, A, "new/", fields)
    at(desks, B)
    (row,) = list_cases().rows
    joined = client.get(f"/cases/{LINK}/{row.place_path}/say/join/")

    assert proposed.status_code == 303, proposed.content.decode().partition("error-title")[2][:400]
    assert (row.title.en, row.title.zh, row.state) == ("Theft", "失窃案", "proposed")
    assert joined.status_code == 200


def test_who_proposed_is_led_to_the_case_and_before_it_is_listed_to_what_was_said(
    desks: Desks, client: Client
) -> None:
    fields = {"title_en": "Theft", "title_zh": "失窃案", "items": ["trade_secrets"], "text": "Shall we?"}
    path = press(desks, client, A, "new/", fields).headers["Location"]
    place = path.partition("saved=")[2]

    early = client.get(path).content.decode()
    at(desks, A)
    late = client.get(path).content.decode()
    invented = client.get(path.replace(place, "A-999")).content.decode()

    notices = [re.findall(r'class="notice good".*?href="([^"]*)"', each) for each in (early, late, invented)]
    assert notices == [[f"/l/{LINK}/record/{place}/"], [f"/cases/{LINK}/{place}/"], []]
    assert [client.get(each).status_code for (each,) in notices[:2]] == [200, 200]


def test_a_language_that_is_missing_is_named_at_its_field_and_nothing_is_said(
    desks: Desks, client: Client
) -> None:
    desks.open()

    fields = {"title_en": "Seize <all>", "title_zh": "", "owner": "both"}
    answer = press(desks, client, A, "say/task/", fields)
    note = press(desks, client, A, "say/note/", {"sort": "lead", "text": ""})

    assert answer.status_code == 422
    assert b'href="#title_zh"' in answer.content
    assert b"Seize &lt;all&gt;" in answer.content
    assert b'href="#text"' in note.content
    assert desks.fold(A).tasks == ()


def test_a_look_at_it_first_tells_which_figures_the_two_languages_do_not_both_name(
    desks: Desks, client: Client
) -> None:
    desks.open()
    fields = {"title_en": "Seize 3 servers", "title_zh": "扣押5台服务器", "owner": "both", "look": "1"}

    preview = press(desks, client, A, "say/task/", fields).content.decode()

    assert "name different figures: only in English: 3; only in Chinese: 5." in preview
    assert desks.fold(A).tasks == ()


def test_the_form_of_a_finding_has_two_judgements_and_asks_for_the_secret(
    desks: Desks, client: Client
) -> None:
    desks.open()

    page = client.get(f"{at(desks, A)}say/give/").content.decode()

    assert 'name="likelihood"' in page
    assert 'name="confidence"' in page
    assert 'name="secret"' in page
    assert client.get(f"{at(desks, A)}say/answer/").status_code == 404
