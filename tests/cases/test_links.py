"""What a case is linked to opens from its page, and leads back; and what stays here stays here."""

import re
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.cases import actions
from parley.drafts.models import Draft
from parley.notes.models import Note
from parley.protocol.act import id_text
from parley.protocol.cases.bodies import Place
from parley.protocol.cases.codes import Linked, Unlinking
from tests.cases.desks import Desks
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)


@pytest.fixture(name="client")
def fixture_client(desks: Desks, settings: Settings) -> Client:
    settings.HOME = desks.pair.homes[A]
    Officer.objects.create(number=4, name="Zhao", role=Role.OFFICER, language="en", password="!")
    client = Client(headers={"host": "localhost"})
    assert client.post("/sign-in/4/").status_code == 302
    return client


def look(desks: Desks, client: Client, node: str, path: str) -> str:
    """Return a page of `node`, its rows told anew."""
    configured.HOME = desks.pair.homes[node]
    desks.tell(node)
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def path_of(said: Any) -> str:  # noqa: ANN401 - anything with a place
    return str(said.place).replace(" ", "-")


def whole(statement: bytes) -> Place:
    return Place(statement=id_text(statement), part=None)


def test_a_link_opens_the_page_of_what_it_names_and_that_page_leads_back(
    desks: Desks, client: Client
) -> None:
    inquiry = desks.pair.sends()
    desks.pair.settle()
    case = desks.open()
    desks.say(B, actions.link_to, Linked.INQUIRY, whole(inquiry.statement))
    page, asked = f"/cases/{LINK}/{path_of(case)}/", f"/l/{LINK}/inquiries/{path_of(inquiry)}/"

    for node in (A, B):
        assert f'href="{asked}">{inquiry.place}</a>' in look(desks, client, node, page)
        assert f'href="{page}">{case.place}</a>' in look(desks, client, node, asked)


def test_a_link_that_says_what_it_is_not_leads_to_the_statement_and_to_no_page_of_an_inquiry(
    desks: Desks, client: Client
) -> None:
    case = desks.open()
    opening = next(row for row in desks.pair.rows(A) if row.kind == "link.opened")
    desks.say(B, actions.link_to, Linked.INQUIRY, whole(opening.statement))
    nowhere = desks.say(B, actions.link_to, Linked.CALL, whole(b"\x07" * 32))

    page = look(desks, client, A, f"/cases/{LINK}/{path_of(case)}/")

    statement = reverse("links:statement", kwargs={"link": LINK, "place": path_of(opening)})
    assert f'href="{statement}">{opening.place}</a>' in page
    assert f"/inquiries/{path_of(opening)}/" not in page
    assert "not on this link" in page
    assert path_of(nowhere) in page


def test_evidence_out_of_the_thread_of_an_inquiry_leads_back_to_its_page(
    desks: Desks, client: Client
) -> None:
    inquiry = desks.pair.sends()
    desks.pair.settle()
    answer = desks.pair.say(B, "inquiry.acknowledged", {}, re=inquiry.statement, body={"remark": None})
    desks.pair.settle()
    case = desks.open()
    exhibit = Place(statement=id_text(answer.statement), part=0)
    desks.say(A, actions.link_to, Linked.EVIDENCE, exhibit)

    asked = look(desks, client, A, f"/l/{LINK}/inquiries/{path_of(inquiry)}/")
    page = look(desks, client, A, f"/cases/{LINK}/{path_of(case)}/")

    assert f'href="/cases/{LINK}/{path_of(case)}/">{case.place}</a>' in asked
    assert f'href="/l/{LINK}/inquiries/{path_of(inquiry)}/#{path_of(answer)}">{answer.place}</a>' in page


def test_a_link_that_was_undone_leads_back_no_more(desks: Desks, client: Client) -> None:
    inquiry = desks.pair.sends()
    desks.pair.settle()
    case = desks.open()
    linked = desks.say(B, actions.link_to, Linked.INQUIRY, whole(inquiry.statement))
    desks.say(B, actions.unlink, Unlinking.MISTAKEN, on=linked)

    asked = look(desks, client, A, f"/l/{LINK}/inquiries/{path_of(inquiry)}/")

    assert f"/cases/{LINK}/{path_of(case)}/" not in asked
    assert f'href="/cases/{LINK}/new/?origins={path_of(inquiry)}"' in asked


def test_a_case_is_proposed_from_the_page_of_an_inquiry(desks: Desks, client: Client) -> None:
    inquiry = desks.pair.sends()
    desks.pair.settle()

    form = look(desks, client, A, f"/cases/{LINK}/new/?origins={path_of(inquiry)}")

    assert f"> {path_of(inquiry)}</textarea>" in form


# ---- What stays here


def test_a_note_on_a_case_is_shown_here_and_goes_nowhere(desks: Desks, client: Client) -> None:
    case = desks.open()
    page = f"/cases/{LINK}/{path_of(case)}/"
    look(desks, client, A, page)
    before = len(desks.pair.rows(A))

    answer = client.post(f"{page}notes/", {"note": "Ask <the> court first.", "key": "c" * 32})

    desks.pair.settle()
    assert (answer.status_code, answer.headers["Location"]) == (302, "../#notes")
    ours = look(desks, client, A, page)
    box = re.search(r'<section class="stays panel" id="notes".*?</section>', ours)
    assert box is not None
    assert "Ask &lt;the&gt; court first." in box[0]
    assert len(desks.pair.rows(A)) == len(desks.pair.rows(B)) == before
    assert Note.objects.get().inquiry == id_text(case.statement)


def test_a_note_on_a_case_that_is_being_typed_is_a_draft(desks: Desks, client: Client) -> None:
    case = desks.open()
    page = f"/cases/{LINK}/{path_of(case)}/"
    look(desks, client, A, page)

    answer = client.post(f"{page}notes/save/?page={'d' * 32}", {"note": "half a", "base": "0"})

    assert answer.status_code == 200
    number = Draft.objects.get(purpose="note").number
    assert f"?note={number}#notes" in look(desks, client, A, page)
    assert "half a" in look(desks, client, A, f"{page}?note={number}")


def test_only_a_case_takes_a_note_of_a_case(desks: Desks, client: Client) -> None:
    inquiry = desks.pair.sends()
    desks.pair.settle()

    answer = client.post(f"/cases/{LINK}/{path_of(inquiry)}/notes/", {"note": "x"})

    assert answer.status_code == 404
