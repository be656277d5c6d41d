"""Saying something about an offer on pages: which forms are there, and what each says."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.protocol.inquiries.codes import Condition
from parley.sharing import actions
from parley.sharing.queries import share_page
from parley.sharing.views.verbs import moves
from tests.sharing.givers import Givers
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)


@pytest.fixture(name="client")
def fixture_client(desks: Givers, settings: Settings) -> Client:
    settings.HOME = desks.pair.homes[A]
    Officer.objects.create(number=4, name="Zhao", role=Role.OFFICER, language="en", password="!")
    client = Client(headers={"host": "localhost"})
    assert client.post("/sign-in/4/").status_code == 302
    return client


def at(desks: Givers, node: str) -> str:
    """Let the pages be those of `node`, and return the address of the offer."""
    configured.HOME = desks.pair.homes[node]
    desks.tell(node)
    assert desks.offered is not None
    return f"/shared/{LINK}/{desks.offered.place.replace(' ', '-')}/"


def press(desks: Givers, client: Client, node: str, verb: str, fields: Mapping[str, object]) -> Any:  # noqa: ANN401 - Django's own answer
    """Send a form of the offer; whoever says something is the core for that moment."""
    path = at(desks, node)
    desks.pair.stop()
    answer = client.post(f"{path}say/{verb}/", {"key": "a" * 32, **fields})
    for each in (A, B):
        desks.pair.start(each)
    desks.pair.settle()
    return answer


def verbs(desks: Givers, node: str) -> list[str]:
    path = at(desks, node)
    dossier = share_page(configured.HOME, LINK, path.split("/")[3], now=desks.pair.clocks[node].time)
    return [each.verb for each in moves(dossier)]


def test_each_side_is_offered_just_what_it_can_say(desks: Givers, client: Client) -> None:
    desks.offer(conditions=(Condition.CONFIDENTIAL,))
    before = {node: verbs(desks, node) for node in (A, B)}
    other = desks.undertake(Condition.NO_THIRD_PARTY)
    countered = verbs(desks, A)
    desks.say(A, actions.confirm, on=other)
    desks.deliver()

    assert before == {A: ["withdraw"], B: ["undertake", "decline"]}
    assert countered == ["confirm", "withdraw"]
    assert verbs(desks, A) == []
    assert verbs(desks, B) == ["evaluate", "result", "ask-release"]


def test_a_form_says_one_thing_and_leads_back_to_the_offer(desks: Givers, client: Client) -> None:
    desks.offer()

    page = client.get(f"{at(desks, B)}say/decline/")
    answer = press(desks, client, B, "decline", {"reason": "no_need", "text": "We have them."})
    wrong = client.get(f"{at(desks, B)}say/accept/")

    assert b"no need" in page.content
    assert answer.status_code == 303, answer.content.decode().partition("error-title")[2][:600]
    assert desks.fold(A).state.value == "declined"
    assert wrong.status_code == 404


def test_what_cannot_be_read_comes_again_with_every_word(desks: Givers, client: Client) -> None:
    desks.offer()

    answer = press(desks, client, B, "decline", {"reason": "", "text": "Not <now>."})

    assert answer.status_code == 422
    assert b"Not &lt;now&gt;." in answer.content
    assert desks.fold(A).state.value == "offered"


def test_a_viewer_is_offered_nothing_and_says_nothing(desks: Givers, client: Client) -> None:
    desks.offer()
    Officer.objects.filter(number=4).update(role=Role.VIEWER)

    page = client.get(at(desks, B))
    answer = client.post(f"{at(desks, B)}say/accept/", {})

    assert b"/say/" not in page.content
    assert answer.status_code == 403
