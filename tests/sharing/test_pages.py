"""The pages of what is shared, the same on both sides, by a person who is signed in."""

import re
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.inquiries.forms.letter import text_of
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing.bodies import Cleaned, Grade
from parley.protocol.sharing.codes import Audience, Class, Result, Source
from parley.sharing import actions
from tests.sharing.givers import Givers
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


@pytest.fixture(name="client")
def fixture_client(desks: Givers, settings: Settings) -> Client:
    settings.HOME = desks.pair.homes[A]
    Officer.objects.create(number=4, name="Zhao", role=Role.OFFICER, language="en", password="!")
    client = Client(headers={"host": "localhost"})
    assert client.post("/sign-in/4/").status_code == 302
    return client


def look(desks: Givers, client: Client, node: str, path: str) -> Any:  # noqa: ANN401 - Django's own answer
    """Return a page of `node`, its rows told anew."""
    configured.HOME = desks.pair.homes[node]
    desks.tell(node)
    return client.get(path)


def text(answer: Any) -> str:  # noqa: ANN401 - Django's own answer
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def test_each_side_reads_whose_move_it_is_and_what_lies_sealed_where(desks: Givers, client: Client) -> None:
    offer = desks.offer(conditions=(Condition.CONFIDENTIAL,), title=text_of("Bots <i>of</i> a net"))
    path = f"/shared/{LINK}/{offer.place.replace(' ', '-')}/"

    ours, theirs = (text(look(desks, client, node, path)) for node in (A, B))

    assert "1 file lies sealed here and was not sent." in ours
    assert "sealed here" not in theirs
    moves = [re.search(r'moves-title">.*?</section>', page)[0] for page in (ours, theirs)]  # type: ignore[index] # it matches
    assert ['"chip theirs"' in moves[0], '"chip ours"' in moves[1]] == [True, True]
    assert "Bots &lt;i&gt;of&lt;/i&gt; a net" in theirs
    assert "300 IP addresses" in theirs


def test_what_was_delivered_says_to_whom_it_may_be_passed_on(desks: Givers, client: Client) -> None:
    offer = desks.offer(what=Class.WARNING)
    desks.deliver()

    page = text(look(desks, client, B, f"/shared/{LINK}/{offer.place.replace(' ', '-')}/"))

    assert "To whom it may be passed on" in page
    assert "not without asking" in page


def test_the_log_says_what_was_undertaken_evaluated_cleaned_and_asked(desks: Givers, client: Client) -> None:
    offer = desks.offer(what=Class.NOTICE, conditions=(Condition.CONFIDENTIAL,))
    desks.undertake(Condition.CONFIDENTIAL)
    delivery = desks.deliver()
    desks.say(B, actions.evaluate, Grade(source=Source.B, information=2), on=delivery)
    desks.say(B, actions.evaluate, Grade(source=Source.A, information=1), on=delivery)
    cleaned = Cleaned(informed=12, cleaned=9, patched=0, not_found=3)
    desks.say(B, actions.report_cleaned, cleaned, on=delivery)
    desks.say(B, actions.notify_result, Result.MEASURES_TAKEN, on=delivery)
    desks.say(B, actions.ask_release, Audience.PUBLIC, on=delivery)

    log = text(look(desks, client, A, f"/shared/{LINK}/{offer.place.replace(' ', '-')}/")).partition(
        'id="log"'
    )[2]

    assert re.findall(r"<p><strong>[^<]+</strong> · <strong>([^<]+)</strong>", log) == [
        "confidential",
        "B2",
        "A1",
        "informed: 12; cleaned: 9; patched: 0; not found: 3",
        "measures taken",
        "the public",
    ]


def test_the_list_and_the_page_of_an_inquiry_lead_to_the_offer(desks: Givers, client: Client) -> None:
    inquiry = desks.pair.sends()
    desks.pair.settle()
    offer = desks.offer(about=(inquiry.statement,))
    path = f"/shared/{LINK}/{offer.place.replace(' ', '-')}/"

    assert path in text(look(desks, client, B, "/shared/"))
    inquired = f"/l/{LINK}/inquiries/{inquiry.place.replace(' ', '-')}/"
    assert path in text(look(desks, client, B, inquired))
    assert f'<a class="id" href="{inquired}">{inquiry.place}</a>' in text(look(desks, client, B, path))
    assert look(desks, client, B, "/shared/?after=x").status_code == 404
    assert look(desks, client, B, f"/shared/{LINK}/A-999/").status_code == 404
