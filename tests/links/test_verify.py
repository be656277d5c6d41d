"""Comparing the digits in the browser: typed, never shown, and stopped when a group is wrong twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import JournalEntry
from parley.agencies.policy import Role
from parley.links.forms import plain_group
from tests.links.office import Office, words
from tests.two_nodes.pair import LINK, A, B, Pair

pytestmark = pytest.mark.django_db(databases=["default", "view"])

PAGE = f"/links/{LINK}/verify/"
TYPED_BY = {A: range(1, 12, 2), B: range(0, 12, 2)}


@pytest.fixture(name="pair")
def fixture_pair(tmp_path: Path) -> Iterator[Pair]:
    """Two nodes that know each other's offers, and have compared nothing."""
    pair = Pair(tmp_path, is_open=False, is_verified=False)
    yield pair
    pair.stop()


@pytest.fixture(name="office", params=[A, B])
def fixture_office(
    request: pytest.FixtureRequest, pair: Pair, settings: Settings, db: None
) -> Iterator[Office]:
    # No core runs: whoever opens the link is the core for that moment, and needs the home alone.
    pair.ledgers[request.param].stop()
    yield Office(pair, settings, request.param)
    pair.start(request.param)


def digits(office: Office) -> tuple[str, ...]:
    with office.pair.reader(office.node) as reader:
        row = reader.link(LINK)
        assert row is not None
        return row.digits


def right(office: Office) -> dict[str, str]:
    groups = digits(office)
    return {f"group-{place + 1}": groups[place] for place in TYPED_BY[office.node]}


def acts() -> list[str]:
    found = JournalEntry.objects.filter(act__startswith="link.").order_by("number")
    return list(found.values_list("act", flat=True))


def is_verified(office: Office) -> bool:
    with office.pair.reader(office.node) as reader:
        row = reader.link(LINK)
        return row is not None and row.verified_at is not None


def sizes(office: Office) -> int:
    with office.pair.reader(office.node) as reader:
        at = reader.status(LINK)
        return 0 if at is None else at.my_size


def compare(person: Client, groups: dict[str, str]) -> str:
    return words(person.post(PAGE, groups, follow=True))


def test_the_groups_to_type_are_never_shown(office: Office) -> None:
    groups = digits(office)

    page = office.person().get(PAGE).text

    for place, group in enumerate(groups):
        assert (group in page) is (place not in TYPED_BY[office.node])
    assert "it matches" not in page


def test_all_right_and_signed_opens_our_side(office: Office) -> None:
    person = office.person()

    text = compare(person, right(office))
    assert "All six groups of theirs are the same." in text
    assert (is_verified(office), sizes(office)) == (False, 0)
    answer = person.post(PAGE, {"do": "open"})

    assert answer.headers["Location"] == f"/links/{LINK}/"
    assert "compared by people:" in words(person.get(f"/links/{LINK}/"))
    assert (is_verified(office), sizes(office)) == (True, 1)
    assert acts() == ["link.opened:begun", "link.opened:saved"]


def test_groups_may_come_one_after_the_other_and_right_ones_stay_right(office: Office) -> None:
    person = office.person()

    said = [compare(person, {field: f" {group[:2]} {group[2:]} "}) for field, group in right(office).items()]

    assert "1 group is still to be typed." in said[-2]
    assert "All six groups of theirs are the same." in said[-1]


def test_full_width_digits_and_signs_between_are_the_same_group() -> None:
    assert plain_group("１２３ ４５") == "12345"
    assert plain_group(" 1-2-3、4 5\u3000") == "12345"
    assert (
        plain_group("1234") is plain_group("123456") is plain_group("1234x") is plain_group("١٢٣٤٥") is None
    )


def test_what_is_no_group_counts_as_nothing_and_stays_in_its_field(office: Office) -> None:
    person = office.person()
    field = next(iter(right(office)))

    answer = [person.post(PAGE, {field: "12 a"}) for _try in range(3)][-1]

    assert answer.status_code == 422
    assert "needs five digits, and nothing else." in words(answer)
    assert 'value="12 a"' in answer.text
    assert "Error:" in answer.text.partition("</title>")[0]


def wrong(office: Office) -> dict[str, str]:
    field, group = next(iter(right(office).items()))
    return {field: f"{(int(group) + 1) % 100_000:05}"}


def test_wrong_once_is_that_group_again(office: Office) -> None:
    person = office.person()

    answer = person.post(PAGE, right(office) | wrong(office))
    text = compare(person, right(office))

    assert answer.status_code == 422
    assert "is not the same. Ask them to read it once more, and type it again." in words(answer)
    assert "All six groups of theirs are the same." in text
    assert acts() == []


def test_wrong_twice_stops_it_and_the_journal_says_so(office: Office) -> None:
    person = office.person()

    person.post(PAGE, right(office) | wrong(office))
    text = compare(person, wrong(office))
    again = compare(person, right(office))
    person.post(PAGE, {"do": "open"})

    assert "Stop. The digits differ." in text
    assert "Do not continue on this channel." in text
    assert "All six groups" not in again
    assert acts() == ["link.digits_differ"]
    assert (is_verified(office), sizes(office)) == (False, 0)


def test_it_may_begin_again_over_another_line(office: Office) -> None:
    person = office.person()
    for _try in range(2):
        person.post(PAGE, wrong(office))

    person.post(PAGE, {"do": "again"})

    assert "All six groups of theirs are the same." in compare(person, right(office))


def test_nothing_is_signed_before_every_group_is_right(office: Office) -> None:
    person = office.person()
    five = dict(list(right(office).items())[:5])
    compare(person, five)

    answer = person.post(PAGE, {"do": "open"})

    assert answer.headers["Location"] == PAGE
    assert (is_verified(office), sizes(office)) == (False, 0)


def test_a_second_press_signs_nothing_more(office: Office) -> None:
    person = office.person()
    compare(person, right(office))

    person.post(PAGE, {"do": "open"})
    person.post(PAGE, {"do": "open"})
    text = compare(person, right(office))
    person.post(PAGE, {"do": "open"})

    assert sizes(office) == 1
    assert "Our opening was signed before, so there is nothing to sign now." in text


def test_a_viewer_may_read_and_not_compare(office: Office) -> None:
    viewer = office.person(role=Role.VIEWER)

    page = viewer.get(PAGE)
    assert "An officer of this node has to compare the digits." in words(page)
    assert 'name="group-' not in page.text
    assert viewer.post(PAGE, right(office)).status_code == 403
    assert viewer.post(PAGE, {"do": "open"}).status_code == 403
    assert (is_verified(office), sizes(office)) == (False, 0)


def test_both_sides_in_the_browser_open_the_link(pair: Pair, settings: Settings, db: None) -> None:
    for node, name in ((A, "Chen"), (B, "Zhao")):
        pair.ledgers[node].stop()
        office = Office(pair, settings, node)
        person = office.person(name)
        compare(person, right(office))
        person.post(PAGE, {"do": "open"})
        pair.start(node)

    pair.settle()

    for node in (A, B):
        with pair.reader(node) as reader:
            assert reader.terms(LINK) is not None
