"""An offer on paper: the same bytes on both nodes, its marks on every page, and never its content."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Final

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader
from pytest_django import Settings

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.inquiries.forms.letter import text_of
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing import account
from parley.protocol.sharing.bodies import Grade
from parley.protocol.sharing.codes import Audience, Result, Source, Tlp
from parley.sharing import actions
from parley.sharing.queries import dossier_of
from parley.sharing.views.showing.paper import paper_of
from parley.ui.paper.glyphs import BREAK
from parley.ui.paper.printing import printed
from tests.sharing.givers import CONTENT, Givers
from tests.two_nodes.pair import LINK, MONDAY, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])

TITLE: Final = "Bots of a net"


@pytest.fixture(name="client")
def fixture_client(desks: Givers, settings: Settings) -> Client:
    settings.HOME = desks.pair.homes[A]
    Officer.objects.create(number=4, name="Zhao", role=Role.OFFICER, language="en", password="!")
    Officer.objects.create(number=5, name="Qian", role=Role.VIEWER, language="zh-hans", password="!")
    return signed_in(4)


def signed_in(officer: int) -> Client:
    client = Client(headers={"host": "localhost"})
    assert client.post(f"/sign-in/{officer}/").status_code == 302
    return client


def paper(desks: Givers, client: Client, node: str) -> bytes:
    """Return the paper that the page of the offer at `node` leads to."""
    configured.HOME = desks.pair.homes[node]
    desks.tell(node)
    assert desks.offered is not None
    page = f"/shared/{LINK}/{desks.offered.place.replace(' ', '-')}/"
    assert f'href="{page}pdf/"' in client.get(page).text
    got = client.get(f"{page}pdf/")
    assert (got.status_code, got["Content-Type"]) == (200, "application/pdf")
    assert got["Cache-Control"] == "no-store"
    return bytes(got.content)


def made(desks: Givers, node: str, *, language: str, now: int) -> bytes:
    """Return the paper as `node` makes it at `now`."""
    desks.tell(node)
    with desks.pair.reader(node) as reader, override(language):
        (link,) = reader.links()
        return printed(paper_of(reader, dossier_of(reader, link, desks.on.statement, now=now)))


def pages_of(file: bytes) -> list[str]:
    """Return what stands on each page without its blanks, since a line may end anywhere."""
    return [re.sub(rf"[\s{BREAK}]", "", page.extract_text()) for page in PdfReader(BytesIO(file)).pages]


def bare(text: str) -> str:
    return text.replace(" ", "")


def offered(desks: Givers) -> None:
    desks.offer(
        title=text_of(TITLE),
        why=text_of("They knock at our doors."),
        tlp=Tlp.AMBER_STRICT,
        conditions=(Condition.CONFIDENTIAL,),
        until=MONDAY + 86_400,
        ref="2026-S9",
    )


def delivered(desks: Givers) -> None:
    offered(desks)
    desks.undertake(Condition.CONFIDENTIAL)
    delivery = desks.deliver()
    desks.say(B, actions.evaluate, Grade(source=Source.B, information=2), on=delivery)
    desks.say(B, actions.notify_result, Result.MEASURES_TAKEN, on=delivery)
    desks.say(B, actions.ask_release, Audience.PUBLIC, on=delivery)


@pytest.mark.parametrize("brought", [offered, delivered])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_nodes_print_the_same_bytes_and_so_they_do_once_the_offer_has_lapsed(
    desks: Givers, client: Client, brought: Callable[[Givers], None], language: str
) -> None:
    brought(desks)
    reader = client if language == "en" else signed_in(5)
    first = made(desks, A, language=language, now=MONDAY)

    later = [made(desks, node, language=language, now=MONDAY + 40 * 86_400) for node in (A, B)]

    assert later == [first, first]
    assert paper(desks, reader, B) == first


def test_before_the_undertaking_the_paper_has_the_offer_and_nothing_of_its_content(
    desks: Givers, client: Client
) -> None:
    offered(desks)

    for node in (A, B):
        told = "".join(pages_of(paper(desks, client, node)))
        for said in (
            TITLE,
            "Offered by Side A · a.example",
            "300 IP addresses",
            "Its content was not delivered.",
        ):
            assert bare(said) in told, said
        assert bare("Next move Side B: an answer to the offer") in told
        for kept in ("indicators.txt", "sealed here", "To whom it may be passed on", "203.0.113.7"):
            assert bare(kept) not in told, kept


def test_after_the_delivery_the_paper_names_the_files_and_what_became_of_them_and_holds_no_content(
    desks: Givers, client: Client
) -> None:
    delivered(desks)
    told = "".join(pages_of(paper(desks, client, B)))

    assert desks.kept is not None
    for said in (
        "indicators.txt",
        str(len(CONTENT)),
        desks.kept.plain_sha256.hex(),
        "Evaluated by the receiver B2",
        "Result measures taken",
        "the public not without asking",
        "They knock at our doors.",
        "2026-S9",
        account.digest(desks.fold(A)).hex(),
    ):
        assert bare(said) in told, said
    assert "203.0.113.7" not in told
    assert "状态摘要" in "".join(pages_of(paper(desks, signed_in(5), A)))


def test_its_marks_and_conditions_stand_on_every_page(desks: Givers, client: Client) -> None:
    delivered(desks)

    pages = pages_of(paper(desks, client, B))

    assert len(pages) > 1
    for page in pages:
        assert page.count("TLP:AMBER+STRICT") >= 2
        assert "PAP:GREEN·confidential" in page


def test_there_is_a_paper_of_an_offer_alone(desks: Givers, client: Client) -> None:
    inquiry = desks.pair.sends()
    offer = desks.offer()
    desks.tell(A)

    for place in (inquiry.place.replace(" ", "-"), "A-999"):
        assert client.get(f"/shared/{LINK}/{place}/pdf/").status_code == 404
    assert client.post(f"/shared/{LINK}/{offer.place.replace(' ', '-')}/pdf/").status_code == 405
