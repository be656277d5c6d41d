"""What was delivered is saved under its handling code, or looked at made safe; notices both ways."""

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
from parley.protocol.sharing.bodies import Cleaned
from parley.protocol.sharing.codes import Class, Thing, Tlp
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


def look(desks: Givers, client: Client, node: str, path: str = "") -> Any:  # noqa: ANN401 - Django's own answer
    """Return a page below the offer at `node`, its rows told anew."""
    configured.HOME = desks.pair.homes[node]
    desks.tell(node)
    assert desks.offered is not None
    return client.get(f"/shared/{LINK}/{desks.offered.place.replace(' ', '-')}/{path}")


def deliver(desks: Givers, content: bytes, **more: Any) -> None:  # noqa: ANN401 - whatever a test puts there
    desks.seal = lambda content=content: Givers.seal(desks, content)  # type: ignore[method-assign]  # what it seals
    desks.offer(what=Class.WARNING, **more)
    desks.deliver()


def test_what_was_delivered_is_saved_as_a_file_whose_name_tells_how_to_handle_it(
    desks: Givers, client: Client
) -> None:
    deliver(desks, b"203.0.113.7\n", tlp=Tlp.AMBER_STRICT)

    page = look(desks, client, B).content.decode()
    saved = look(desks, client, B, "files/1/")

    assert "TLP:AMBER+STRICT · PAP:GREEN" in page
    assert "files/1/" in page
    name = saved.headers["Content-Disposition"]
    assert name.startswith("attachment; filename=")
    assert "TLP-AMBER+STRICT PAP-GREEN A-" in name
    assert "indicators.txt" in name
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in saved.headers["Content-Security-Policy"]
    assert b"".join(saved.streaming_content) == b"203.0.113.7\n"


def test_a_look_into_it_shows_every_address_made_safe_and_none_as_a_link(
    desks: Givers, client: Client
) -> None:
    content = "http://one.example/a?b=<script>\n203.0.113.7, mail@two.example\n\u202eelif.exe 客户\n"
    deliver(desks, content.encode())

    page = look(desks, client, B, "files/1/look/").content.decode()

    text = re.search(r"<pre.*?</pre>", page, re.DOTALL)
    assert text is not None
    assert "hxxp://one[.]example/a?b=" in text[0]
    assert "203[.]0[.]113[.]7" in text[0]
    assert "two[.]example" in text[0]
    assert "客户" in text[0]
    for wrong in ("http://", "203.0.113.7", "<script>", "<a ", "\u202e"):
        assert wrong not in text[0]
    assert page.count("TLP:AMBER · PAP:GREEN") == 2


def test_what_is_no_text_is_not_shown(desks: Givers, client: Client) -> None:
    deliver(desks, b"PK\x03\x04\x00\x00" * 50)

    page = look(desks, client, B, "files/1/look/").content.decode()

    assert "<pre" not in page
    assert "It is no text." in page


def test_before_the_delivery_there_is_nothing_to_save_on_either_side(desks: Givers, client: Client) -> None:
    desks.offer(conditions=(Condition.CONFIDENTIAL,))

    found = [look(desks, client, node, path) for node in (A, B) for path in ("files/1/", "files/1/look/")]

    assert [answer.status_code for answer in found] == [404] * 4
    assert b"indicators.txt" in look(desks, client, A).content
    assert b"indicators.txt" not in look(desks, client, B).content


def test_both_sides_read_what_each_sees_coming_from_the_other_with_what_became_of_it(
    desks: Givers, client: Client
) -> None:
    desks.offer(what=Class.NOTICE, counts={Thing.IP: 300}, title=text_of("Bots 300"))
    desks.deliver()
    desks.offer(what=Class.NOTICE, counts={Thing.IP: 20}, title=text_of("Bots 20"))
    delivery = desks.deliver()
    cleaned = Cleaned(informed=20, cleaned=15, patched=0, not_found=5)
    desks.say(B, actions.report_cleaned, cleaned, on=delivery)
    pages = {}
    for node in (A, B):
        look(desks, client, node)
        pages[node] = re.sub(r"\s+", " ", client.get(f"/shared/{LINK}/notices/").content.decode())

    ways = {
        (node, way): re.search(rf'id="{way}-title".*?</section>', page)
        for node, page in pages.items()
        for way in ("ours", "theirs")
    }
    assert all(ways.values())
    for found in (ways[A, "ours"], ways[B, "theirs"]):
        assert found is not None
        for fact in ("<dt>IP addresses</dt><dd>320</dd>", "<dt>cleaned</dt><dd>15</dd>", "Bots 300"):
            assert fact in found[0]
        assert "<dt>Notices without a word on the clean-up</dt><dd>1</dd>" in found[0]
    for found in (ways[A, "theirs"], ways[B, "ours"]):
        assert found is not None
        assert "None yet." in found[0]
