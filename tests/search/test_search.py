"""The page of what was found, through its address, over what two real nodes said to each other."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from parley.inquiries.forms.letter import Remark, text_of, write_remark
from parley.ledger.drafts import Appended
from parley.node.projector import LATER, LISTS, projectors
from parley.protocol.act import id_text, short_id
from parley.search import projection, queries
from parley.search.models import Document
from tests.inquiries.list_desk import LIST, VIEWER, A, B, ListDesk
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

SEARCH: Final = "/search/"


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> Iterator[ListDesk]:
    desk = ListDesk(tmp_path, settings)
    yield desk
    desk.stop()


@pytest.fixture(name="two")
def fixture_two(desk: ListDesk) -> tuple[Appended, Appended]:
    """One of ours in English, one of theirs in Chinese with an answer."""
    ours = desk.sends(
        "http://secure.bank-login.example/a?id=1",
        "http://xn--bcher-kva.example/",
        title="Sites that pose as a bank",
        facts="Victims entered the number of their card. See hxxp://mirror[.]example too.",
        brand="Bank 1",
        batch=("2026/31", 1),
        ref="A-2026-0417",
    )
    theirs = desk.sends("http://other.example/", node=B, title="仿冒网站核查请求", brand="甲银行")
    desk.settle()
    remark = Remark(text=text_of("The host belongs to nobody here."), notes=((0, text_of("服务器在境外")),))
    desk.say(
        "answered",
        {"findings": [{"items": [0], "code": "confirmed"}]},
        re=theirs,
        node=A,
        body=write_remark(remark),
    )
    return ours, theirs


def places(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="id"><a href="[^"]*">([AB] \d+)</a>', page)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("bank", [0]),
        ("网站", [1]),
        ("仿冒网站", [1]),
        ("站", [1]),
        ("银行", [1]),
        ("境外", [1]),
        ("belongs nobody", [1]),
        ("secure.bank-login.example", [0]),
        ("hxxp://secure[.]bank-login[.]example", [0]),
        ("https://secure.bank-login.example/a", [0]),
        ("http://mirror.example", [0]),
        ("bücher.example", [0]),
        ("xn--bcher-kva.example", [0]),
        ("card victims", [0]),
        ('"number of their card"', [0]),
        ('"card of their number"', []),
        ("example", [1, 0]),
        ("钓鱼", []),
        ("甲银行 card", []),
    ],
)
def test_a_word_finds_the_inquiries_in_which_it_stands(
    desk: ListDesk, two: tuple[Appended, ...], query: str, wanted: list[int]
) -> None:
    for language in ("en", "zh-hans"):
        page = desk.page(SEARCH, language=language, q=query)

        assert places(page) == [two[each].place for each in wanted]


def test_a_name_leads_straight_to_the_inquiry(desk: ListDesk, two: tuple[Appended, ...]) -> None:
    ours, theirs = two
    number, other = ours.place.split()[1], theirs.place.replace(" ", "-")
    (answer,) = (row for row in desk.pair.rows(A) if row.kind == "inquiry.answered")
    to_ours = (f"A {number}", f"a{number}", f"A-{number}", short_id(ours.statement), id_text(ours.statement))
    names = dict.fromkeys((*to_ours, "A-2026-0417"), f"A-{number}")
    names |= {answer.place: other, f" {theirs.place} ": other}

    for name, place in names.items():
        found = desk.get(SEARCH, {"q": name})

        assert (found.status_code, found.headers["Location"]) == (302, f"{LIST}{place}/"), name
    assert desk.get(SEARCH, {"q": "2026/31"}).headers["Location"] == f"/l/{LINK}/batches/2026~2F31/"


def test_a_name_that_several_bear_shows_them_all(desk: ListDesk, two: tuple[Appended, ...]) -> None:
    desk.sends("http://again.example/", node=B, ref="A-2026-0417")
    desk.settle()

    page = desk.page(SEARCH, q="A-2026-0417")

    assert "Several are called “A-2026-0417”" in page
    assert two[0].place in page


def test_a_plain_word_that_a_partner_gives_as_a_number_hides_nothing(
    desk: ListDesk, two: tuple[Appended, ...]
) -> None:
    desk.sends("http://again.example/", node=B, ref="bank")
    desk.settle()

    assert two[0].place in places(desk.page(SEARCH, q="bank"))


def test_a_hit_is_marked_and_an_address_stays_harmless(desk: ListDesk, two: tuple[Appended, ...]) -> None:
    page = desk.page(SEARCH, q="bank-login.example")

    assert "hxxp://secure[.]<mark>bank-login[.]example</mark>/a?id=1" in page
    assert "item 0 · web address" in page
    assert "http://secure" not in page
    assert "<mark>银行</mark>" in desk.page(SEARCH, q="银行")


def test_the_whole_phrase_stands_above_what_is_newer(desk: ListDesk) -> None:
    phrase = desk.sends("http://a.example/", title="bank card fraud")
    for title in ("fraud with a card of a bank", "a card, a bank, fraud"):
        desk.sends("http://b.example/", title=title)
    desk.settle()

    assert places(desk.page(SEARCH, q="bank card"))[0] == phrase.place


@pytest.mark.parametrize(
    "query",
    [
        '"',
        '" OR "',
        "words:bank",
        "bank OR card",
        "NEAR(bank card, 2)",
        "^bank",
        "bank*",
        "-bank",
        "{a b}:c",
        "'; DROP TABLE search_index; --",
        "%",
        "\x00",
        "<script>alert(1)</script>",
        "🙂",
        "()" * 90,
        "a " * 100,
        "词" * 250,
    ],
)
def test_nothing_that_is_typed_is_an_operator(desk: ListDesk, two: tuple[Appended, ...], query: str) -> None:
    page = desk.page(SEARCH, q=query)

    assert "<script>alert" not in page
    assert places(desk.page(SEARCH, q="网站")) == [two[1].place]


def test_words_of_the_partner_do_nothing(desk: ListDesk) -> None:
    desk.sends(
        "http://a.example/",
        node=B,
        title="<img src=x onerror=alert(1)> evil",
        facts="</p><script>evil()</script>\u202e",
    )
    desk.settle()

    for query in ("evil", "script", "img"):
        page = desk.page(SEARCH, q=query)

        assert "<img src=x" not in page
        assert "<script>evil" not in page
        assert "\u202e" not in page
        assert "<mark>" in page


def test_an_empty_search_says_what_can_be_searched(desk: ListDesk) -> None:
    assert "What can be searched" in desk.page(SEARCH)
    assert "Nothing was found for" in desk.page(SEARCH, q="zzz")
    assert desk.get(SEARCH, {"q": "zzz"}, by=VIEWER).status_code == 200


def test_one_link_can_be_searched_alone(desk: ListDesk, two: tuple[Appended, ...]) -> None:
    assert [hit.link for hit in queries.search("example", link=LINK).hits] == [LINK, LINK]
    assert queries.search("example", link="a-c").hits == ()
    assert queries.search("example", link=None, limit=1).has_more


# ---- How far it has read


def test_search_says_how_far_behind_it_is(desk: ListDesk, two: tuple[Appended, ...]) -> None:
    assert "Search is up to date." in desk.page(SEARCH)

    desk.sends("http://late.example/")
    with desk.pair.reader(A) as reader:
        lists, later = projectors(reader)
        lists.catch_up()

        assert "Search is 1 change behind the record." in desk.page(SEARCH, q="late")
        assert places(desk.page(SEARCH, q="late.example")) == []
        later.catch_up()
    assert len(places(desk.page(SEARCH, q="late.example"))) == 1


def test_the_stages_are_the_lists_and_then_search(desk: ListDesk) -> None:
    with desk.pair.reader(A) as reader:
        assert [each.stage for each in projectors(reader)] == [LISTS, LATER]


def test_what_is_told_anew_is_the_same_and_finds_the_same(desk: ListDesk, two: tuple[Appended, ...]) -> None:
    before = list(Document.objects.order_by("number").values_list())
    found = places(desk.page(SEARCH, q="example"))

    desk.tell(anew=True)

    assert list(Document.objects.order_by("number").values_list()) == before
    assert places(desk.page(SEARCH, q="example")) == found
    assert len(before) == 2


def test_a_statement_without_words_writes_nothing(desk: ListDesk, two: tuple[Appended, ...]) -> None:
    desk.sends("http://quiet.example/")
    desk.settle()
    before = list(Document.objects.order_by("number").values_list())
    last = desk.sends("http://last.example/")
    desk.settle()
    with desk.pair.reader(A) as reader:
        for projector in projectors(reader):
            projector.catch_up()
    desk.say("acknowledged", {}, re=last)
    with CaptureQueriesContext(connections["view"]) as captured:
        desk.tell()

    assert not any("search_index" in query["sql"] for query in captured.captured_queries)
    assert list(Document.objects.order_by("number").values_list())[: len(before)] == before


def test_two_inquiries_that_want_one_number_are_both_found(desk: ListDesk) -> None:
    one = desk.sends("http://one.example/")
    desk.settle()
    wanted = Document.objects.get()
    with desk.pair.reader(A) as reader:
        (link,) = reader.links()
        projection.empty()
        Document.objects.create(number=wanted.number, key="a-c/x", texts=[["title", None, "", "x"]])
        projection.project(reader, link, one.statement, None)

    assert Document.objects.get(key=wanted.key).number == wanted.number - 1
    assert len(queries.search("one.example", link=LINK).hits) == 1


def test_search_of_many_asks_few_statements(desk: ListDesk, two: tuple[Appended, ...]) -> None:
    desk.page(SEARCH, q="example")
    with CaptureQueriesContext(connections["view"]) as captured:
        desk.page(SEARCH, q="example")

    assert len(captured) <= 10
