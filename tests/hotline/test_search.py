"""Words of calls are found, and a place or number leads to the call, as with inquiries."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.hotline.actions import Message
from parley.inquiries.forms.letter import text_of
from parley.node.projector import projectors
from parley.protocol.hotline.codes import Sort
from tests.hotline.line import Line
from tests.two_nodes.pair import A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)


@pytest.fixture(name="client")
def fixture_client(tmp_path: Path, settings: Settings) -> Iterator[Client]:
    """Country A's pages, in whose record stands a call with a message of theirs."""
    line = Line(tmp_path)
    line.open()
    line.take()
    line.say(B, Message(sort=Sort.QUESTION, text=text_of("是哪一个清算系统？")))
    settings.HOME = line.pair.homes[A]
    Officer.objects.create(number=4, name="officer", role=Role.OFFICER, language="en", password="!")
    with line.pair.reader(A) as reader:
        for projector in projectors(reader):
            projector.empty()
            projector.catch_up()
    client = Client(headers={"host": "localhost"})
    assert client.post("/sign-in/4/").status_code == 302
    yield client
    line.stop()


@pytest.mark.parametrize("words", ["clearing house", "203.0.113.7", "清算系统", "Cyber Desk"])
def test_a_call_is_found_by_its_words_its_object_and_what_was_said_in_it(client: Client, words: str) -> None:
    page = client.get("/search/", {"q": words}).content.decode()

    assert re.findall(r'<th scope="row" class="id"><a href="([^"]*)">([^<]*)</a>', page) == [
        ("/calls/a-b/A-hot-1/", "A hot 1")
    ]
    assert "attack on a service" in page
    assert "<mark>" in page


@pytest.mark.parametrize("name", ["A hot 1", "a-hot-1"])
def test_a_place_leads_straight_to_the_call(client: Client, name: str) -> None:
    answer = client.get("/search/", {"q": name})

    assert (answer.status_code, answer["Location"]) == (302, "/calls/a-b/A-hot-1/")


def test_a_statement_in_a_call_leads_to_the_page_of_the_call(client: Client) -> None:
    for place in ("A-hot-1", "B-hot-2"):
        page = client.get(f"/l/a-b/record/{place}/").content.decode()

        assert '<a href="/calls/a-b/A-hot-1/">The call A hot 1</a>' in page
