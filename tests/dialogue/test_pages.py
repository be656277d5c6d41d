"""The pages of the dialogue: the same on both sides, with whose move it is, and nothing that is not so."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from parley.protocol.strictjson import JsonValue
from parley.work import clock
from tests.dialogue.page_table import MEETING, PROMISE, PageTable
from tests.inquiries.page_desk import HOST, VIEWER, A, B
from tests.two_nodes.pair import LINK, MONDAY

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

DAY = 24 * 60 * 60
XSS = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageTable:
    return PageTable(tmp_path, settings)


def forms(page: str) -> set[str]:
    """Return which forms a page leads to."""
    return set(re.findall(rf'href="/dialogue/{LINK}/[^/]+/[^/]+/([a-z_-]+)/"', page))


def test_both_sides_read_a_commitment_in_both_languages_and_whose_move_it_is(desk: PageTable) -> None:
    place = desk.promise()

    ours = desk.get(f"/commitments/{LINK}/{place}/")
    theirs = desk.at(B).get(f"/commitments/{LINK}/{place}/")
    listed = desk.get("/commitments/")

    for page in (ours, theirs, listed):
        assert PROMISE["en"] in page
        assert PROMISE["zh"] in page
    assert "their move" in ours
    assert "our move" in theirs
    assert forms(ours) == {"commitment-withdrawn"}
    assert forms(theirs) == {"commitment-agreed", "commitment-declined"}
    assert re.findall(r"same on both nodes:</?[^>]*>?\s*<code[^>]*>(\w+)", ours) == re.findall(
        r"same on both nodes:</?[^>]*>?\s*<code[^>]*>(\w+)", theirs
    )


def test_a_commitment_goes_through_pages_from_the_proposal_to_the_word_of_both(desk: PageTable) -> None:
    place = desk.promise()
    desk.at(B)
    desk.say_on(place, "commitment-agreed", place, words="Gladly.")
    report = desk.say_on(place, "commitment-reported", place, standing="fulfilled", evidence=place)
    desk.at(A)
    concern = desk.say_on(place, "concern-raised", place, words=XSS)
    before = desk.get(f"/commitments/{LINK}/{place}/")
    desk.say_on(place, "commitment-confirmed", report)
    desk.at(B)
    desk.say_on(place, "concern-answered", concern, words="It is so.")

    page = desk.get(f"/commitments/{LINK}/{place}/")

    assert "to say whether the report is so" in before
    assert "fulfilled, by the word of both" in page
    assert "Gladly." in page
    assert "<script>alert" not in page
    assert "concern-settled" in forms(desk.at(A).get(f"/commitments/{LINK}/{place}/"))


def test_what_cannot_be_read_is_told_at_its_field_and_every_word_stays(desk: PageTable) -> None:
    answer = desk.send_to(
        f"/commitments/new/{LINK}/",
        {**PROMISE, "zh": "in English", "due": "2027-01-01T00:00", "round": "A-999"},
    )

    assert answer.status_code == 422
    assert set(re.findall(r'<a href="#([a-z_]+)">', answer.text)) >= {"en", "due", "round"}
    assert PROMISE["en"] in answer.text
    assert "in English" in answer.text


def test_a_double_click_says_it_once(desk: PageTable) -> None:
    desk.promise()
    desk.keys -= 1

    again = desk.send_to(f"/commitments/new/{LINK}/", PROMISE)

    assert again.status_code == 303
    assert desk.get("/commitments/").count('role="rowheader"') == 1


def test_a_viewer_looks_and_says_nothing(desk: PageTable) -> None:
    place = desk.promise()
    desk.at(B)
    client = desk.clients[VIEWER]

    page = client.get(f"/commitments/{LINK}/{place}/").text
    form = client.get(f"/dialogue/{LINK}/{place}/{place}/commitment-agreed/")
    sent = client.post(f"/dialogue/{LINK}/{place}/{place}/commitment-agreed/", {})

    assert forms(page) == set()
    assert (form.status_code, sent.status_code) == (403, 403)


def test_a_clause_with_other_figures_in_the_other_language_is_refused_with_the_reason(
    desk: PageTable,
) -> None:
    place = desk.meeting()
    desk.at(B)
    desk.say_on(place, "round-agreed", place)
    unequal = desk.send_to(
        f"/dialogue/{LINK}/{place}/{place}/outcome-clause_proposed/",
        {"place": "1", "en": PROMISE["en"], "zh": "乙方在三十个工作日内答复。"},
    )
    clause = desk.say_on(
        place, "outcome-clause_proposed", place, place="1", en=PROMISE["en"], zh=PROMISE["zh"]
    )
    desk.at(A)
    asked = desk.get(f"/rounds/{LINK}/{place}/")
    desk.say_on(place, "outcome-agreed", clause)
    page = desk.get(f"/rounds/{LINK}/{place}/")

    assert unequal.status_code == 422
    assert "name different figures" in unequal.text
    assert "outcome-agreed" in forms(asked)
    assert f'href="/rounds/{LINK}/{place}/freeze/"' in page
    assert MEETING["zh"] in page
    assert "Release it now" not in page
    shown = desk.send_to(f"/rounds/{LINK}/{place}/freeze/", {"release": "+1d"})
    assert "What exactly will be signed" in shown.text
    assert 'name="digest"' in shown.text


def test_whoever_is_asked_to_strike_a_clause_out_is_told_so_and_reads_it_before(desk: PageTable) -> None:
    place = desk.listed()
    clause = next(row.place for row in desk.rows() if row.kind == "outcome.clause_proposed").replace(" ", "-")
    struck = desk.say_on(place, "outcome-amended", clause, place="1", strike="out", en="", zh="")
    shown = desk.at(B).get(f"/rounds/{LINK}/{place}/")
    form = desk.get(f"/dialogue/{LINK}/{place}/{struck}/outcome-agreed/")
    desk.say_on(place, "outcome-agreed", struck)

    page = desk.get(f"/rounds/{LINK}/{place}/")

    assert "the clause is struck out" in shown
    assert "It offers to strike this clause out of the list:" in form
    assert PROMISE["zh"] in form
    assert "No clause is agreed yet." in page


def test_what_is_open_is_proposed_for_the_agenda_and_offered_with_its_words(desk: PageTable) -> None:
    promise, place = desk.promise(), desk.meeting()
    before = desk.get(f"/rounds/{LINK}/{place}/")
    found = re.search(rf'href="(/dialogue/{LINK}/{place}/{place}/round-item_proposed/\?[^"]+)"', before)
    assert found is not None
    form = desk.get(found[1].replace("&amp;", "&"))
    desk.say_on(
        place,
        "round-item_proposed",
        place,
        source="commitment",
        of=promise,
        en=PROMISE["en"],
        zh=PROMISE["zh"],
    )
    after = desk.get(f"/rounds/{LINK}/{place}/")

    assert f'value="{promise}"' in form
    assert '<option value="commitment" selected>' in form
    assert PROMISE["zh"] in form
    assert "?source=commitment" not in after


def test_reviews_and_joint_cases_are_proposed_for_the_agenda_with_words_in_both_languages(
    desk: PageTable,
) -> None:
    d: dict[str, JsonValue] = {
        "since": MONDAY - 90 * DAY,
        "until": MONDAY - 60 * DAY,
        "cut": [{"lane": "main", "sizes": [1, 1]}],
    }
    title: dict[str, JsonValue] = {"title": {"en": "Stolen records", "zh": "档案被盗"}}
    desk.say("review.cut_proposed", d, node=A)
    desk.say("case.proposed", {"origins": [], "items": ["fraud_phishing"]}, node=A, body=title)
    place = desk.meeting()

    page = desk.at(B).get(f"/rounds/{LINK}/{place}/")

    assert "The review of 2026-08-04 to 2026-09-03." in page
    assert "2026-08-04至2026-09-03的统计回顾。" in page
    assert re.search(r"\?source=case&amp;of=A-\d+&amp;en=Stolen\+records", page)


def test_nothing_of_a_list_is_public_before_this_node_released_it_and_no_other_page_is(
    desk: PageTable,
) -> None:
    place = desk.meeting()
    nobody = Client(headers=HOST)

    for path in (f"/public/outcomes/{'A' * 43}/", f"/public/outcomes/{'A' * 43}/outcomes.txt"):
        assert nobody.get(path).status_code == 404
    assert MEETING["zh"] not in nobody.get(f"/rounds/{LINK}/{place}/").text


def test_anybody_reads_a_released_list_and_sees_who_released_it_and_who_has_not(desk: PageTable) -> None:
    place, release = desk.meeting(), clock.now() + 100
    desk.at(B)
    desk.say_on(place, "round-agreed", place)
    clause = desk.say_on(
        place, "outcome-clause_proposed", place, place="1", en=PROMISE["en"], zh=PROMISE["zh"]
    )
    desk.at(A)
    desk.say_on(place, "outcome-agreed", clause)
    desk.freeze(place, release=release)
    early = desk.at(A).send_to(f"/rounds/{LINK}/{place}/release/", {})
    nobody, public = Client(headers=HOST), f"/public/outcomes/{desk.digest}/"
    desk.release(A, place, at=release)

    alone = nobody.get(public)
    desk.at(B)
    silent = nobody.get(public)
    desk.release(B, place, at=release)
    joint = nobody.get(public)
    listed = nobody.get(f"{public}outcomes.txt")

    assert "early=1" in early.headers["Location"]
    assert "One side alone has released this list so far." in alone.text
    assert "has not released it" in alone.text
    assert silent.status_code == 404
    assert "Both sides released this list, the same bytes." in joint.text
    assert PROMISE["zh"] in joint.text
    assert listed.content.startswith(b"parley-outcomes/v1\nparties a.example b.example\n")
    assert nobody.get(f"{public}outcome.html").content.startswith(b"<!")
    assert nobody.get(f"{public}keys").status_code == 404


def test_a_decision_of_both_leads_to_a_new_version_of_the_guideline(desk: PageTable) -> None:
    place = desk.meeting()
    desk.at(B)
    desk.say_on(place, "round-agreed", place)
    decided = desk.say_on(place, "round-decided", place, en="Answers take ten days.", zh="答复期限为十天。")
    before = desk.get(f"/rounds/{LINK}/{place}/")
    desk.at(A)
    desk.say_on(place, "round-agreed", decided)

    page = desk.get(f"/rounds/{LINK}/{place}/")
    way = re.search(rf'href="(/l/{LINK}/guidelines/new/\?note=[^"]+)"', page)

    assert "/guidelines/new/" not in before
    assert way is not None
    assert desk.status(way[1]) == 200
