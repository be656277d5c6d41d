"""The list of a link, through its address: its rows, its filters, how its pages follow each other."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from parley.inquiries.policy import order_of
from parley.inquiries.queries.listing import Filter
from parley.inquiries.queries.paging import Sort, matching
from parley.ledger.drafts import Appended
from tests.inquiries.list_desk import LIST, VIEWER, A, B, ListDesk
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

MAX_BYTES: Final = 60 * 1024
MAX_STATEMENTS: Final = 6
XSS: Final = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e'


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> Iterator[ListDesk]:
    desk = ListDesk(tmp_path, settings)
    yield desk
    desk.stop()


def places(page: str) -> list[str]:
    """Return the places of the inquiries on a page, in their order."""
    return re.findall(r'<th scope="row" class="id"><a href="[^"]*">([AB] \d+)</a>', page)


def link_called(page: str, text: str) -> str:
    """Return where the link with this text leads; empty if there is none."""
    found = re.search(rf'<a href="([^"]*)"[^>]*>{text}', page)
    return found[1].replace("&amp;", "&") if found else ""


def test_the_space_of_a_partner_leads_to_its_list(desk: ListDesk) -> None:
    answer = desk.get(f"/l/{LINK}/")

    assert (answer.status_code, answer.headers["Location"]) == (302, LIST)
    assert desk.get("/l/nobody/").status_code == 404
    assert desk.get("/l/nobody/inquiries/").status_code == 404


def test_an_empty_list_says_so_in_both_languages(desk: ListDesk) -> None:
    assert "Nobody has asked anything on this link yet." in desk.page(LIST)
    assert desk.get(LIST, language="zh-hans").status_code == 200
    assert "No inquiry fits this filter." in desk.page(LIST, overdue="1")


def test_a_row_shows_direction_title_items_states_move_due_and_batch(desk: ListDesk) -> None:
    ours = desk.sends("http://one.example/", "http://two.example/", title="Two of ours", batch=("A-1", 2))
    theirs = desk.sends("http://three.example/", node=B, title="One of theirs", urgency="U0", ref="B-7")
    desk.settle()

    page = desk.page(LIST)

    assert places(page) == [theirs.place, ours.place]
    row = page[page.index("Two of ours") - 300 : page.index("Two of ours") + 900]
    for shown in ("chip ours", "we ask", "2 items: ", "2 sent", "their move", "overdue by", "U2 PRIORITY"):
        assert shown in row, shown
    assert f'href="/l/{LINK}/batches/A-1/">A-1</a>' in row
    assert f'href="{LIST}{theirs.place.replace(" ", "-")}/"' in page
    for shown in ("they ask", "1 item", "our move", "U0 FLASH", "B-7"):
        assert shown in page, shown


def test_each_side_sees_the_same_inquiries_from_its_own_side(desk: ListDesk) -> None:
    desk.sends("http://one.example/")
    desk.settle()

    mine, theirs = desk.page(LIST), desk.at(B).page(LIST)

    assert places(mine) == places(theirs)
    assert "we ask" in mine[mine.index("<tbody>") :]
    assert "they ask" in theirs[theirs.index("<tbody>") :]


@pytest.fixture(name="four")
def fixture_four(desk: ListDesk) -> tuple[str, str, str, str]:
    """One that is open; one that is settled; one closed; one of theirs, which is our move."""
    one = desk.sends("http://one.example/", batch=("A-1", 1))
    two, three = desk.sends("http://two.example/"), desk.sends("http://three.example/", urgency="U3")
    desk.settle()
    for each in (two, three):
        desk.say("answered", {"findings": [{"items": [0], "code": "confirmed"}]}, re=each)
    desk.say("closed", {}, re=three, node=A)
    four = desk.sends("http://four.example/", node=B)
    desk.settle()
    return one.place, two.place, three.place, four.place


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, [3, 2, 1, 0]),
        ({"direction": "ours"}, [2, 1, 0]),
        ({"direction": "theirs"}, [3]),
        ({"mine": "1"}, [3]),
        ({"standing": "open"}, [3, 0]),
        ({"standing": "settled"}, [1]),
        ({"standing": "closed"}, [2]),
        ({"state": "answered"}, [2, 1]),
        ({"state": "sent"}, [3, 0]),
        ({"state": "postponed"}, []),
        ({"urgency": "U3"}, [2]),
        ({"item": "fraud_phishing", "direction": "ours"}, [2, 1, 0]),
        ({"item": "trade_secrets"}, []),
        ({"batch": "A-1"}, [0]),
        ({"overdue": "1"}, [0, 3]),
        ({"sort": "oldest"}, [0, 1, 2, 3]),
        ({"sort": "due"}, [0, 3]),
        ({"sort": "nonsense", "urgency": "U9", "after": "x"}, [3, 2, 1, 0]),
    ],
)
def test_a_filter_shows_those_and_no_others(
    desk: ListDesk, four: tuple[str, ...], query: dict[str, str], wanted: list[int]
) -> None:
    assert places(desk.page(LIST, **query)) == [four[place] for place in wanted]


def test_the_filter_stays_in_every_address_of_the_page(desk: ListDesk, four: tuple[str, ...]) -> None:
    page = desk.page(LIST, mine="1", direction="theirs", batch="no/such one")

    assert '<input type="hidden" name="mine" value="1">' in page
    assert '<option value="theirs" selected>' in page
    assert link_called(page, "Overdue") == "?direction=theirs&batch=no%2Fsuch+one&overdue=1"


def test_counts_stand_beside_the_lists_that_wait(desk: ListDesk, four: tuple[str, ...]) -> None:
    page = desk.page(LIST)

    for text, count in (("Our move", 1), ("Overdue", 2), ("Open", 2)):
        assert re.search(rf'>{text} <span class="count">{count}</span>', page), text


# ---- Many


@pytest.fixture(name="many")
def fixture_many(desk: ListDesk) -> list[str]:
    """A hundred and twenty inquiries of both sides, the newest first."""
    said: list[Appended] = []
    for start in range(0, 60, 20):
        for node in (A, B):
            groups = [(f"http://site{start + n}.example/", f"http://too{n}.example/") for n in range(20)]
            title = "网站" * 30 if node == A else "Sites that pose as a bank and ask for the number of a card"
            said += desk.send_all(groups, node=node, title=title, batch=(f"{node[0]}-{start}", 20))
        desk.settle()
    order = {place: number for number, place in enumerate(walk(desk))}
    assert len(order) == 120
    return sorted((each.place for each in said), key=lambda place: order[place])


def walk(desk: ListDesk, **query: str) -> Iterator[str]:
    """Yield the places of a whole list, page by page."""
    page = desk.page(LIST, **query)
    for _ in range(10):
        yield from places(page)
        onward = link_called(page, "Next page")
        if not onward:
            return
        page = desk.page(LIST + onward)
    raise AssertionError("the list does not end")


def test_fifty_rows_are_small_and_cost_few_statements(desk: ListDesk, many: list[str]) -> None:
    desk.page(LIST)

    for path in (LIST, f"{LIST}?end=1", f"{LIST}?overdue=1", f"{LIST}?standing=open&direction=theirs"):
        with (
            CaptureQueriesContext(connections["view"]) as view,
            CaptureQueriesContext(connections["default"]) as house,
        ):
            page = desk.page(path)

        assert len(places(page)) == 50
        assert len(page.encode()) <= MAX_BYTES, path
        assert len(view) + len(house) <= MAX_STATEMENTS, [*view.captured_queries, *house.captured_queries]


def test_pages_lead_forth_and_back_and_to_both_ends(desk: ListDesk, many: list[str]) -> None:
    first = desk.page(LIST)
    second = desk.page(LIST + link_called(first, "Next page"))
    last = desk.page(LIST + link_called(first, "Last page"))
    back = desk.page(LIST + link_called(second, "Previous page"))

    assert (places(first), places(second), places(last)) == (many[:50], many[50:100], many[70:])
    assert places(back) == many[:50]
    assert not link_called(first, "Previous page")
    assert not link_called(last, "Next page")
    assert places(desk.page(LIST + link_called(last, "Previous page"))) == many[20:70]
    assert places(desk.page(LIST, sort="oldest")) == many[:-51:-1]
    assert sorted(walk(desk, sort="due")) == sorted(many)


def test_a_page_stays_what_it_is_while_new_rows_arrive(desk: ListDesk, many: list[str]) -> None:
    second = link_called(desk.page(LIST), "Next page")
    before = places(desk.page(LIST + second))

    new = [desk.sends("http://new.example/").place for _ in range(3)]
    desk.settle()

    assert places(desk.page(LIST + second)) == before
    assert places(desk.page(LIST))[:3] == new[::-1]


def test_every_list_is_read_from_an_index_of_its_own(desk: ListDesk, many: list[str]) -> None:

    wanted = {
        "all": Filter(link=LINK),
        "ours": Filter(link=LINK, is_ours=True),
        "theirs": Filter(link=LINK, is_ours=False),
        "my_move": Filter(link=LINK, my_move=True, is_ours=True, urgency="U2"),
        "open": Filter(link=LINK, is_open=True, is_ours=False),
        "settled": Filter(link=LINK, is_open=False, is_closed=False),
        "closed": Filter(link=LINK, is_closed=True),
        "by_urgency": Filter(link=LINK, urgency="U0", is_ours=True),
        "by_item": Filter(link=LINK, item="trade_secrets", is_closed=True),
        "by_batch": Filter(link=LINK, batch="A-20", is_ours=True),
    }
    for name, each in wanted.items():
        plan = matching(each, sort=Sort.NEWEST, now=0).order_by("-order")[:51].explain()
        assert f"INDEX inquiries_{name} " in plan, (name, plan)
        assert "TEMP B-TREE" not in plan, (name, plan)
    due = matching(Filter(link=LINK, overdue=True, my_move=True), sort=Sort.DUE, now=9**9)
    assert "INDEX inquiries_due " in due.order_by("due_at", "order")[:51].explain()


# ---- Whoever looks, and whatever was written


def test_a_viewer_may_read(desk: ListDesk, four: tuple[str, ...]) -> None:
    assert desk.get(LIST, by=VIEWER).status_code == 200


def test_words_of_the_partner_do_nothing(desk: ListDesk) -> None:
    desk.sends("http://one.example/", node=B, title=XSS, ref="<b>&'")
    desk.settle()

    page = desk.page(LIST)

    assert "<script>alert" not in page
    assert "onerror=alert(2)&gt;&lt;U+202E&gt;" in page
    assert "&lt;b&gt;&amp;&#x27;" in page


@pytest.mark.parametrize("sent_at", [-(2**53), -1, 0, 1_793_610_000, 2**33, 2**53 - 1])
def test_whatever_a_side_calls_its_time_the_place_in_the_list_is_a_number(sent_at: int) -> None:
    places_at = [order_of(sent_at, letter=letter, index=index) for index in (0, 1, 7) for letter in "AB"]

    assert places_at == sorted(set(places_at))
    assert 0 <= places_at[0] <= places_at[-1] < 2**55
