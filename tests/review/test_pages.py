"""A review from its cut until both sides signed it, on the pages; every number opens its places."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from parley.agencies.policy import Role
from parley.ledger.reviewing import figures_of
from parley.protocol.act import id_text
from parley.protocol.review.account import digest
from parley.protocol.strictjson import JsonValue
from parley.review.policy import Move, Stand
from parley.review.queries import ReviewRow, all_reviews, find_review
from parley.review.views.tables import written
from parley.ui.letters import restore
from parley.ui.words import KINDS
from tests.links.office import SECRET, Office, words
from tests.papers import words_of
from tests.review.keeping import forget, tell
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
        return find_review(reader, link, all_reviews(reader, link)[0].slug)


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

    assert (second.status_code, second["Location"]) == (302, address)
    assert digest_of_b(office) in words(waiting)
    assert review(office).stand is Stand.SIGNED_BY_US
    settled(office)
    signed_by_b(office, digest_of_b(office))
    assert (review(office).stand, review(office).move) == (Stand.JOINT, Move.NOBODY)
    joint = words(people[0].get(address))
    assert "joint: both signed the same figures" in joint
    assert "officers 1, 2" in joint
    assert 'value="sign"' not in people[0].get(address).text


def test_whoever_still_has_the_page_of_a_signature_is_told_there_what_became_of_it(
    office: Office, people: tuple[Client, Client]
) -> None:
    address = proposed(office, people[0])
    agreed_by_b(office)
    signing = people[0].post(address, {"do": "sign", "secret": SECRET})["Location"]
    assert 'id="signing" data-live' in people[0].get(signing).text
    assert 'id="signing" data-live' not in people[1].get(signing).text
    people[1].post(signing, {"do": "sign", "secret": SECRET})

    told = people[0].get(signing)
    late = people[0].post(signing, {"do": "put_away"})

    assert "signed, and said" in words(told)
    assert "Signed by Chen, Wu" in words(told)
    assert f'href="{address}">Go on</a>' in told.text
    assert (late.status_code, late["Location"]) == (302, signing)
    assert review(office).stand is Stand.SIGNED_BY_US


def test_a_review_tells_who_signed_first_and_leads_the_second_officer_to_the_same_text(
    office: Office, people: tuple[Client, Client]
) -> None:
    address = proposed(office, people[0])
    agreed_by_b(office)
    signing = people[0].post(address, {"do": "sign", "secret": SECRET})["Location"]

    first, second = (words(each.get(address)) for each in people)

    assert "another officer must sign Signed by Chen" in second
    assert "1 more officer of ours has to sign the very same text" in second
    assert ("What you signed" in first, "Read it and sign" in second) == (True, True)
    today = [words(each.get("/", follow=True)) for each in people]
    assert f"you signed; another officer must sign {KINDS['review.signed'][0]} A " in today[0]
    assert f" another officer must sign {KINDS['review.signed'][0]} A " in today[1]
    # A second text beside the first would need two persons of its own.
    assert 'value="sign"' not in people[1].get(address).text
    people[1].post(signing, {"do": "sign", "secret": SECRET})
    assert "another officer must sign" not in words(people[1].get(address))


def test_a_signature_that_was_put_away_is_told_to_whoever_would_sign_next(
    office: Office, people: tuple[Client, Client]
) -> None:
    address = proposed(office, people[0])
    agreed_by_b(office)
    signing = people[0].post(address, {"do": "sign", "secret": SECRET})["Location"]
    people[0].post(signing, {"do": "put_away"})

    late = people[1].post(signing, {"do": "sign", "secret": SECRET})

    assert late["Location"] == signing
    assert "put away; nothing was said" in words(people[1].get(signing))
    assert "Put away by Chen" in words(people[1].get(signing))
    assert review(office).stand is Stand.AGREED


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


def test_every_number_opens_the_inquiries_behind_it_and_says_how_it_is_made(
    office: Office, people: tuple[Client, Client]
) -> None:
    address = proposed(office, people[0])
    page = people[0].get(address).text
    links = re.findall(r'href="(\?of=[^"]+)#places">(\d+)<', page)

    assert len(links) > 10
    for link, count in dict(links).items():
        opened = people[0].get(address + link.replace("&amp;", "&")).text
        section = opened.partition('id="places"')[2].partition("</section>")[0]
        lines = re.findall(r'<li><a class="id" href="([^"#]+)[^>]*>([^<]+)</a>', section)
        assert 0 < len(lines) <= int(count), link
        assert re.search(r"<p>[A-Z][^<]+\. <span class=\"muted\">§18\.4\.\d</span>", section), link
        assert lines[0][0] == f"/l/{LINK}/inquiries/{lines[0][1].replace(' ', '-')}/"
        assert people[0].get(lines[0][0]).status_code == 200


def test_a_number_that_is_open_shows_what_was_said_to_it_and_begins_a_word_of_ours(
    office: Office, people: tuple[Client, Client]
) -> None:
    address, figure = proposed(office, people[0]), f"{B}/all/-/grounds/g01"
    people[0].post(address, {"do": "comment", "figure": figure, "note": "A holiday.", "key": "c1"})

    opened = people[0].get(f"{address}?of={figure}").text

    section = opened.partition('id="places"')[2].partition("</section>")[0]
    assert "A holiday." in section
    assert 'href="#say"' in section
    assert f'name="figure" value="{figure}"' in opened


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


def test_many_times_are_a_curve_with_the_limits_that_hold_and_few_are_told_one_by_one(
    office: Office, people: tuple[Client, Client]
) -> None:
    office.pair.start(A)
    asked = [office.pair.sends(node=B) for _number in range(10)]
    office.pair.settle()
    for each in asked:
        office.pair.say(A, "inquiry.refused", {"items": "all", "grounds": ["G01"]}, re=each.statement)
    office.pair.ledgers[A].stop()
    settled(office)
    address = proposed(office, people[0])
    page, paper = people[0].get(address).text, people[0].get(f"{address}pdf/").content

    ours, theirs = page.partition("Asked of b")[::2]

    assert 'class="line" d="M0 0H' in ours
    assert 'class="limit-text"' in ours
    assert "Dashed: the limits U1 2 hours" in ours
    assert "<svg" not in theirs.partition("By item of cooperation")[0]
    assert "(open)" in theirs
    assert "Dashed: the limits U1 2 hours" in words_of(paper)


def test_a_comment_is_a_draft_until_it_is_said(office: Office, people: tuple[Client, Client]) -> None:
    address = proposed(office, people[0])
    typed = {"figure": f"{B}/all/-/items", "note": "A week of", "page": "one"}
    saved = people[0].post(address, {**typed, "do": "save"})
    people[0].post(f"{address}save/?page=one", {"note": "A week of holidays.", "base": "1"})

    again = people[0].get(address).text

    assert saved.status_code == 303
    assert "A week of holidays.</textarea>" in again
    form = {name: hidden(again, name) for name in ("page", "base", "draft", "key")}
    people[0].post(address, {**typed, **form, "note": "A week of holidays.", "do": "comment"})
    assert [each.text for each in review(office).comments] == ["A week of holidays."]
    assert "A week of holidays.</textarea>" not in people[0].get(address).text


def test_what_is_typed_to_a_period_stays_when_it_is_not_said(
    office: Office, people: tuple[Client, Client]
) -> None:
    shown = people[0].get(NEW, {"since": "2020-01-01T00:00Z", "until": "2100-01-01T00:00Z"}).text
    form = {name: hidden(shown, name) for name in ("key", "since", "until", "cut", "page")}

    wrong = people[0].post(NEW, {**form, "cut": "main:1", "note": "Half a year.", "do": "propose"})
    saved = people[0].post(NEW, {**form, "note": "Half a year.", "do": "save"})

    assert wrong.status_code == 422
    assert saved.status_code == 303
    assert "Half a year.</textarea>" in people[0].get(saved["Location"]).text


def test_a_page_asks_the_view_six_times_at_most_however_much_there_is(
    office: Office, people: tuple[Client, Client]
) -> None:
    asked = []
    for _more in range(2):
        address = proposed(office, people[0])
        tell(office.pair)
        with CaptureQueriesContext(connections["view"]) as queries:
            assert people[0].get(address).status_code == 200
        asked.append([query["sql"] for query in queries])
        office.pair.start(A)
        for _number in range(5):
            office.pair.sends(node=B)
        office.pair.ledgers[A].stop()
        settled(office)

    forget()
    assert len(asked[0]) == len(asked[1]) <= 6
    assert any("review_kept" in sql for sql in asked[1])


def test_the_table_has_a_line_for_every_number_and_how_it_is_made(
    office: Office, people: tuple[Client, Client]
) -> None:
    address = proposed(office, people[0])

    lines = [*csv.reader(io.StringIO(people[0].get(f"{address}table.csv").content.decode()))]

    assert lines[0] == ["figure", "n", "value", "definition", "places"]
    named = {line[0]: line[1:] for line in lines[1:]}
    assert restore(named["digest"][1]) == digest_of_b(office)
    assert named["review"][1] == review(office).slug
    ((one, two),) = [part.sizes for part in review(office).cut.cut]
    assert named["cut"][1] == f"main:{one}/{two}"
    count, _value, definition, places = named[f"{B}/all/-/grounds/g01"]
    assert (count, definition) == ("2", "§18.4.2")
    assert [place.partition("-")[0] for place in places.split()] == ["A", "A"]
    assert not any(cell[:1] in "=+-@" for line in lines for cell in line if cell)


def test_no_cell_of_the_table_is_a_formula() -> None:
    assert written([("digest", "", "-1+2", "§18.6.1", "")]).endswith("digest,,'-1+2,§18.6.1,\r\n".encode())


def test_both_nodes_print_the_same_table_and_the_same_paper(
    office: Office, people: tuple[Client, Client], settings: Settings
) -> None:
    address = proposed(office, people[0])
    agreed_by_b(office)
    signed_by_b(office, digest_of_b(office))
    people[0].post(
        address, {"do": "comment", "figure": f"{B}/all/-/items", "note": "A holiday.", "key": "c1"}
    )
    settled(office)
    paths = [f"{address}table.csv", f"{address}pdf/"]
    ours = [people[0].get(path).content for path in paths]

    settings.HOME = office.pair.homes[B]
    theirs = [people[0].get(path).content for path in paths]

    assert theirs == ours
    text = words_of(ours[1])
    assert digest_of_b(office) in text.replace(" ", "")
    assert "A holiday." in text
    assert "Signatures" in text


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
