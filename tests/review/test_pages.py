"""A review from its cut until both sides signed it, on the pages; every number opens its places."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.policy import Role
from parley.ledger.reviewing import figures_of
from parley.protocol.act import id_text
from parley.protocol.review.account import digest
from parley.protocol.strictjson import JsonValue
from parley.review.policy import Move, Stand
from parley.review.queries import ReviewRow, all_reviews
from tests.links.office import SECRET, Office, words
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.persons import bring, enrol, prepared_draft, signed

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])

LIST = f"/l/{LINK}/reviews/"
NEW = f"{LIST}new/"
OTHER = id_text(b"\x07" * 32)


@pytest.fixture(name="office")
def fixture_office(pair: Pair, settings: Settings, transactional_db: None) -> Iterator[Office]:
    """Give the office of A; both sides asked, one was refused, and no core runs."""
    office = Office(pair, settings)
    asked = [pair.sends(node=node) for node in (A, A, B)]
    pair.settle()
    pair.say(B, "inquiry.refused", {"items": "all", "grounds": ["G01"]}, re=asked[0].statement)
    pair.say(A, "inquiry.acknowledged", {}, re=asked[2].statement)
    pair.settle()
    pair.ledgers[A].stop()
    yield office
    pair.start(A)


@pytest.fixture(name="people")
def fixture_people(office: Office) -> tuple[Client, Client]:
    found = (office.person("Chen"), office.person("Wu"))
    for number in (1, 2):
        enrol(office.home, number, secret=SECRET, now=office.pair.clocks[A].time, roles=("head",))
    settled(office)
    return found


def settled(office: Office) -> None:
    office.pair.start(A)
    office.pair.settle()
    office.pair.ledgers[A].stop()


def review(office: Office) -> ReviewRow:
    with office.pair.reader(A) as reader:
        (link,) = reader.links()
        return all_reviews(reader, link)[0]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def proposed(office: Office, person: Client) -> str:
    """Propose the cut that the form shows, carry it, and return the address of the review."""
    shown = person.get(NEW, {"since": "2020-01-01T00:00Z", "until": "2100-01-01T00:00Z"}).text
    form = {name: hidden(shown, name) for name in ("key", "since", "until", "cut")}
    answer = person.post(NEW, {**form, "note": "Half a year."})
    assert answer.status_code == 302, words(answer)
    settled(office)
    return f"{LIST}{review(office).slug}/"


def proposed_by_b(office: Office, sizes: list[JsonValue]) -> str:
    """Have B propose the period of the newest review with other sizes; return the address."""
    cut = review(office).cut
    said: dict[str, JsonValue] = {"since": cut.since, "until": cut.until}
    office.pair.say(B, "review.cut_proposed", {**said, "cut": [{"lane": "main", "sizes": sizes}]})
    settled(office)
    return f"{LIST}{review(office).slug}/"


def agreed_by_b(office: Office) -> None:
    office.pair.say(B, "review.cut_agreed", {}, re=review(office).statement)
    settled(office)


def signed_by_b(office: Office, computed: str) -> None:
    draft = prepared_draft(office.pair, B, "review.signed", {"digest": computed}, re=review(office).statement)
    bring(office.pair, B, signed(office.pair, B, draft))
    settled(office)


def digest_of_b(office: Office) -> str:
    with office.pair.reader(B) as reader:
        return digest(figures_of(reader, LINK, review(office).cut))


def test_both_sides_agree_to_a_cut_and_sign_what_their_own_nodes_compute(
    office: Office, people: tuple[Client, Client]
) -> None:
    address = proposed(office, people[0])
    assert (review(office).stand, review(office).move) == (Stand.PROPOSED_BY_US, Move.THEM)
    agreed_by_b(office)
    assert review(office).stand is Stand.AGREED

    first = people[0].post(address, {"do": "sign", "secret": SECRET})
    waiting = people[1].get(first["Location"])
    second = people[1].post(first["Location"], {"do": "sign", "secret": SECRET})

    assert (second.status_code, second["Location"]) == (302, LIST)
    assert digest_of_b(office) in words(waiting)
    assert review(office).stand is Stand.SIGNED_BY_US
    settled(office)
    signed_by_b(office, digest_of_b(office))
    assert (review(office).stand, review(office).move) == (Stand.JOINT, Move.NOBODY)
    assert "joint: both signed the same figures" in words(people[0].get(address))
    assert 'value="sign"' not in people[0].get(address).text


def test_a_changed_figure_is_shown_on_both_sides(office: Office, people: tuple[Client, Client]) -> None:
    """An adversary signs a digest that nobody can compute."""
    address = proposed(office, people[0])
    agreed_by_b(office)
    signed_by_b(office, OTHER)

    shown = words(people[0].get(address))

    assert "Their digest is another one than this node computes." in shown
    assert review(office).stand is Stand.SIGNED_BY_THEM
    first = people[0].post(address, {"do": "sign", "secret": SECRET})
    people[1].post(first["Location"], {"do": "sign", "secret": SECRET})
    assert review(office).stand is Stand.CONTRADICTED
    assert "the sides signed different figures" in words(people[0].get(LIST))


def test_we_agree_to_a_cut_of_theirs_and_to_none_that_leaves_something_out(
    office: Office, people: tuple[Client, Client]
) -> None:
    address = proposed(office, people[0])
    cut = review(office).cut
    whole: list[JsonValue] = [*cut.cut[0].sizes]
    for sizes, stand in ((whole, Stand.AGREED), ([whole[0], 2], Stand.PROPOSED_BY_THEM)):
        office.set_clocks(office.pair.clocks[A].time + 60)
        theirs = proposed_by_b(office, sizes)
        assert theirs != address
        people[0].post(theirs, {"do": "agree"})
        assert review(office).stand is stand, sizes
        told = words(people[0].get(theirs))
        assert ("no review is held at it" in told) == (stand is Stand.PROPOSED_BY_THEM)


def test_every_number_opens_the_statements_that_it_counts(
    office: Office, people: tuple[Client, Client]
) -> None:
    address = proposed(office, people[0])
    page = people[0].get(address).text
    links = re.findall(r'href="(\?of=[^"]+)#places">(\d+)<', page)

    assert len(links) > 10
    for link, count in dict(links).items():
        opened = people[0].get(address + link.replace("&amp;", "&")).text
        section = opened.partition('id="places"')[2].partition("</section>")[0]
        places = re.findall(r'href="([^"]+)"', section)
        assert len(places) == int(count), link
        assert people[0].get(places[0]).status_code == 200


def test_what_a_side_says_to_a_figure_stands_beside_it(office: Office, people: tuple[Client, Client]) -> None:
    address = proposed(office, people[0])
    figure = f"{B}/all/-/grounds/g01"

    said = people[0].post(address, {"do": "comment", "figure": figure, "note": "A holiday.", "key": "c1"})
    twice = people[0].post(address, {"do": "comment", "figure": figure, "note": "A holiday.", "key": "c1"})
    empty = people[0].post(address, {"do": "comment", "figure": "", "note": " "})
    wrong = people[0].post(address, {"do": "comment", "figure": "Ä", "note": "x"})

    assert [each.status_code for each in (said, twice, empty, wrong)] == [302, 302, 422, 422]
    (comment,) = review(office).comments
    assert (comment.figure, comment.text, comment.is_ours) == (figure, "A holiday.", True)
    assert "A holiday." in words(people[0].get(address))


def test_the_table_and_the_paper_tell_the_same_digest(office: Office, people: tuple[Client, Client]) -> None:
    address = proposed(office, people[0])

    table = people[0].get(f"{address}table.csv")
    paper = people[0].get(f"{address}pdf/")

    lines = table.content.decode().split("\r\n")
    assert lines[0] == "figure,count,places"
    assert lines[1] == f"digest,,{digest_of_b(office)}"
    assert any(line.startswith(f"{B}/all/-/grounds/g01,2,A-") for line in lines)
    assert paper.content.startswith(b"%PDF-")
    assert paper.content == people[0].get(f"{address}pdf/").content


def test_a_viewer_may_look_and_not_act(office: Office, people: tuple[Client, Client]) -> None:
    address = proposed(office, people[0])
    viewer = office.person("Gao", role=Role.VIEWER)

    assert {viewer.get(page).status_code for page in (LIST, NEW, address)} == {200}
    for do in ("agree", "sign", "comment"):
        assert viewer.post(address, {"do": do, "note": "x", "secret": SECRET}).status_code == 403


def test_what_cannot_be_read_is_told_and_what_is_not_there_not_found(people: tuple[Client, Client]) -> None:
    assert people[0].get(NEW, {"since": "2026-01-01"}).status_code == 422
    backwards = {"since": "2026-01-02T00:00Z", "until": "2026-01-01T00:00Z"}
    assert people[0].get(NEW, backwards).status_code == 422
    for page in ("A-1/", "A-999/", "sign/7/", "A-999/table.csv", "A-999/pdf/"):
        assert people[0].get(f"{LIST}{page}").status_code == 404


def test_the_pages_are_whole_in_both_languages(office: Office, people: tuple[Client, Client]) -> None:
    address = proposed(office, people[0])
    reader = office.person("Zhao", language="zh-hans")

    for page in (LIST, NEW, address, f"{address}pdf/"):
        assert reader.get(page).status_code == 200
