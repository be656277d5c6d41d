"""Lists: filters, places in the list, and what was asked before."""

import pytest

from parley.inquiries import queries
from parley.inquiries.queries import Filter, list_inquiries
from parley.ledger.drafts import Appended
from tests.inquiries.conftest import A, B, Desk

pytestmark = pytest.mark.django_db(databases=["default", "view"])


@pytest.fixture(name="three")
def fixture_three(desk: Desk) -> tuple[Appended, Appended, Appended]:
    """One that is open, one that is answered, one that is closed; told for side A."""
    first = desk.send("http://one.example/login", batch="A-1")
    second = desk.send("http://two.example/")
    desk.settle()
    third = desk.send("http://Three.example:80/", "http://four.example/")
    desk.settle()
    desk.say(B, "answered", {"findings": [{"items": [0], "code": "confirmed"}]}, re=second)
    desk.say(B, "answered", {"findings": [{"items": [0, 1], "code": "confirmed"}]}, re=third)
    desk.say(A, "closed", {}, re=third)
    desk.project()
    return first, second, third


def found(desk: Desk, wanted: Filter) -> list[str]:
    return [row.place for row in list_inquiries(wanted, now=desk.now).rows]


def test_the_newest_comes_first(desk: Desk, three: tuple[Appended, ...]) -> None:
    assert found(desk, Filter()) == [sent.place for sent in reversed(three)]


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        (Filter(is_open=True), [0]),
        (Filter(is_open=False, is_closed=False), [1]),
        (Filter(is_closed=True), [2]),
        (Filter(is_ours=True), [2, 1, 0]),
        (Filter(is_ours=False), []),
        (Filter(batch="A-1"), [0]),
        (Filter(urgency="U2", item="fraud_phishing"), [2, 1, 0]),
        (Filter(urgency="U0"), []),
        (Filter(state="answered"), [2, 1]),
        (Filter(my_move=True), []),
        (Filter(link="a-b"), [2, 1, 0]),
        (Filter(link="a-c"), []),
    ],
)
def test_a_filter_shows_those_and_no_others(
    desk: Desk, three: tuple[Appended, ...], wanted: Filter, places: list[int]
) -> None:
    assert found(desk, wanted) == [three[place].place for place in places]
    assert queries.count_inquiries(wanted, now=desk.now) == len(places)


def test_overdue_is_a_view_at_some_moment(desk: Desk, three: tuple[Appended, ...]) -> None:
    (row,) = list_inquiries(Filter(is_open=True), now=0).rows
    assert row.due_at is not None

    in_time = list_inquiries(Filter(overdue=True), now=row.due_at)
    late = list_inquiries(Filter(overdue=True), now=row.due_at + 1)

    assert in_time.rows == ()
    assert [each.place for each in late.rows] == [three[0].place]


def test_a_list_goes_on_behind_the_place_where_it_ended(desk: Desk, three: tuple[Appended, ...]) -> None:
    places: list[str] = []
    after: str | None = None
    for _page in three:
        page = list_inquiries(Filter(), now=0, after=after, limit=1)
        places += [row.place for row in page.rows]
        after = page.after

    assert places == [sent.place for sent in reversed(three)]
    assert after is None


def test_what_is_no_place_in_the_list_is_refused(desk: Desk) -> None:
    for nonsense in ("", "1:2", "x:a-b:A:1", "1:a-b:A:x"):
        with pytest.raises(queries.CursorError):
            list_inquiries(Filter(), now=0, after=nonsense)


def test_an_earlier_item_is_found_by_its_host(desk: Desk, three: tuple[Appended, ...]) -> None:
    earlier = queries.earlier_items("a-b", addresses=["https://three.example/x"], subjects=[])

    assert [(item.place, item.n, item.url, item.state) for item in earlier] == [
        (three[2].place, 0, "http://Three.example:80/", "answered")
    ]
    assert queries.earlier_items("a-c", addresses=["http://three.example/"], subjects=[]) == ()
    assert queries.earlier_items("a-b", addresses=["http://five.example/", ""], subjects=[""]) == ()


def test_a_batch_is_known_by_its_number(desk: Desk, three: tuple[Appended, ...]) -> None:
    assert queries.has_batch("a-b", "A-1")
    assert not queries.has_batch("a-b", "A-2")


def test_an_unknown_inquiry_is_named(desk: Desk) -> None:
    with pytest.raises(queries.UnknownInquiryError):
        queries.show_inquiry("a-b", "x" * 43)
