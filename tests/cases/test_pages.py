"""The pages of joint cases, the same on both sides, by a person who is signed in."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.cases import actions
from parley.inquiries.forms.letter import text_of
from parley.protocol.cases.codes import Position, Reason, Sort
from tests.cases.desks import TITLE, Desks, held, task
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


@pytest.fixture(name="client")
def fixture_client(desks: Desks, settings: Settings) -> Client:
    settings.HOME = desks.pair.homes[A]
    Officer.objects.create(number=4, name="Zhao", role=Role.OFFICER, language="en", password="!")
    client = Client(headers={"host": "localhost"})
    assert client.post("/sign-in/4/").status_code == 302
    return client


def look(desks: Desks, client: Client, node: str, path: str) -> Any:  # noqa: ANN401 - Django's own answer
    """Return a page of `node`, its rows told anew."""
    settings.HOME = desks.pair.homes[node]
    desks.tell(node)
    return client.get(path)


def text(answer: Any) -> str:  # noqa: ANN401 - Django's own answer
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_page_tells_each_side_whose_move_it_is(desks: Desks, client: Client, settings: Settings) -> None:
    case = desks.open()
    desks.say(A, actions.set_task, task())
    desks.say(B, actions.note, Sort.LEAD, text=text_of("A wallet <b>twice</b>."))
    path = f"/cases/{LINK}/{case.place.replace(' ', '-')}/"

    ours, theirs = (text(look(desks, client, node, path)) for node in (A, B))

    for page in (ours, theirs):
        assert TITLE.zh in page
        assert "A wallet &lt;b&gt;twice&lt;/b&gt;." in page
        assert "whether to agree to a task" in page
    moves = [re.search(r'moves-title">.*?</section>', page)[0] for page in (ours, theirs)]  # type: ignore[index] # it matches
    assert ['"chip theirs"' in moves[0], '"chip ours"' in moves[1]] == [True, True]


def test_a_replaced_finding_stays_struck_through_with_what_changed(desks: Desks, client: Client) -> None:
    case = desks.open()
    first = desks.give(A, held())
    desks.sign(
        B, actions.draft_answered(desks.at(first), Position.NO_POSITION, is_public=False, by=desks.hand(B))
    )
    revised = actions.draft_revised(
        desks.at(first), held(), reasons=(Reason.NEW_ANALYSIS,), changed=TITLE, by=desks.hand(A)
    )
    desks.sign(A, revised)

    page = text(look(desks, client, B, f"/cases/{LINK}/{case.place.replace(' ', '-')}/"))

    assert "<s><span" in page
    assert "What changed" in page
    assert "new analysis" in page
    assert "likely, 55–80 %" in page
    assert "takes no position" in page


def test_the_list_and_the_page_of_an_inquiry_lead_to_the_case(desks: Desks, client: Client) -> None:
    inquiry = desks.pair.sends()
    desks.pair.settle()
    case = desks.propose(origins=(inquiry.statement,))

    listed = text(look(desks, client, B, "/cases/"))
    about = text(look(desks, client, B, f"/l/{LINK}/inquiries/{inquiry.place.replace(' ', '-')}/"))

    path = f"/cases/{LINK}/{case.place.replace(' ', '-')}/"
    assert path in listed
    assert path in about
    assert look(desks, client, B, "/cases/?link=nobody").status_code == 404
    assert look(desks, client, B, f"/cases/{LINK}/A-999/").status_code == 404
    assert look(desks, client, B, f"/cases/{LINK}/{inquiry.place.replace(' ', '-')}/").status_code == 404


def test_both_nodes_serve_the_same_report_and_print_the_same_paper(desks: Desks, client: Client) -> None:
    desks.open()
    desks.give(A, held())
    path = f"/cases/{LINK}/report/"
    page = text(look(desks, client, A, path))
    cut = re.search(r"\?cut=(\d+/\d+)", page)[1]  # type: ignore[index] # it matches

    files = {
        name: [look(desks, client, node, f"{path}{name}/?cut={cut}").content for node in (A, B)]
        for name in ("json", "pdf")
    }

    assert files["json"][0] == files["json"][1]
    assert files["pdf"][0] == files["pdf"][1]
    assert files["pdf"][0].startswith(b"%PDF")
    for wrong in ("1", "a/b", "99999/1", "9" * 40 + "/1"):
        assert look(desks, client, A, f"{path}?cut={wrong}").status_code == 404
