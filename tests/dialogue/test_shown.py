"""What a reader has to see at once: forums, concerns, views, unequal languages, whose move, which order."""

import re
from html import unescape
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from parley.ledger.readers import reader_of
from parley.protocol.act import id_text, read_id
from parley.protocol.guidelines.prose import first_text
from parley.protocol.strictjson import JsonValue, read
from parley.work import clock
from tests.dialogue.page_table import MEETING, PROMISE, PageTable
from tests.hotline.page_desk import FIELDS
from tests.inquiries.page_desk import A, B
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

UNEQUAL: Final = {"en": "Country A answers within 7 days.", "zh": "甲国在9日内答复。"}
WHY: Final = "The two languages name different figures: only in English: 7; only in Chinese: 9."
CALL: Final[dict[str, JsonValue]] = {
    "nature": "real",
    "urgency": "U0",
    "inquiry": None,
    "scope": "attack_in_progress",
    "fields": dict(FIELDS),
}
BOTH: Final = {"en": "About figures.", "zh": "关于统计数字。"}


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageTable:
    return PageTable(tmp_path, settings)


def texts_of(page: str) -> str:
    """Return the words of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(" .", ".")


def above(page: str) -> str:
    """Return what stands above the log of what was said."""
    return page.partition('id="log"')[0]


def agreed_round(desk: PageTable) -> str:
    place = desk.at(A).meeting()
    desk.at(B).say_on(place, "round-agreed", place)
    return place


def said_of_both(desk: PageTable, place: str, kind: str, **fields: object) -> str:
    """Have B offer something in a round, and A agree to it; return its place."""
    offered = desk.at(B).say_on(place, kind, place, **fields)
    desk.at(A).say_on(place, "round-agreed", offered)
    return offered


def test_the_page_and_the_list_say_under_which_round_a_commitment_stands(desk: PageTable) -> None:
    first, second = desk.meeting(), desk.tells(f"/rounds/new/{LINK}/", {**MEETING, "number": "4"})
    alone = desk.promise()
    promised = desk.tells(f"/commitments/new/{LINK}/", {**PROMISE, "round": first})
    desk.at(B).say_on(promised, "commitment-agreed", promised)
    carried = desk.say_on(promised, "commitment-carried", promised, round=second, due="+90d")
    desk.at(A).say_on(promised, "commitment-agreed", carried)

    told = [desk.at(node).get(f"/commitments/{LINK}/{promised}/") for node in (A, B)]
    lists = [desk.at(node).get("/commitments/") for node in (A, B)]

    one, two = (place.replace("-", " ") for place in (first, second))
    for page in (*map(above, told), *lists):
        assert f"promised in round 3 ({one}) · now under round 4 ({two})" in texts_of(page)
        assert f'href="/rounds/{LINK}/{first}/"' in page
        assert f'href="/rounds/{LINK}/{second}/"' in page
    assert all("under no round" in texts_of(page) for page in lists)
    assert "under no round" in above(desk.get(f"/commitments/{LINK}/{alone}/"))


def test_a_concern_stands_above_the_log_with_how_far_it_is_and_the_call_to_which_it_was_taken(
    desk: PageTable,
) -> None:
    place = desk.promise()
    desk.at(B).say_on(place, "commitment-agreed", place)
    concern = desk.at(A).say_on(place, "concern-raised", place, words="Nothing has come.")
    desk.at(B).say_on(place, "concern-answered", concern, words="It comes on Monday.")
    call = desk.say("call.opened", CALL, node=A, now=clock.now()).place.replace(" ", "-")
    desk.carry()
    desk.at(A).say_on(place, "concern-escalated", concern, call=call)
    path = f"/commitments/{LINK}/{place}/"

    answered = [desk.at(node).get(path) for node in (A, B)]
    desk.at(A).say_on(place, "concern-settled", concern)
    settled = above(desk.get(path))

    for page in answered:
        head = above(page)
        assert "Nothing has come." in head
        assert re.search(r'class="chip soon"[^>]*>answered<', head)
        assert f'href="/calls/{LINK}/{call}/"' in head
        line = re.search(rf'<li id="{concern}".*?</li>', page, re.DOTALL)
        assert line is not None
        assert "answered" in line[0]
    assert re.search(r'class="chip proved"[^>]*>settled<', settled)


def test_a_decision_leads_to_the_text_of_the_guideline_and_says_where_there_is_none(desk: PageTable) -> None:
    place = agreed_round(desk)
    reader = reader_of(django_settings.HOME)
    terms = None if reader is None else reader.terms(LINK)
    assert terms is not None
    text = first_text(terms.text, since=clock.now() + 86_400)
    d: dict[str, JsonValue] = {"text": text.digest, "terms": text.terms.text, "since": text.since}
    draft = desk.say("guideline.proposed", d, node=A, body={"text": read(text.raw), "note": None}).place
    desk.carry()
    unknown = id_text(bytes(32))
    said_of_both(desk, place, "round-decided", **BOTH, guideline=text.digest)
    said_of_both(desk, place, "round-decided", **BOTH, guideline=unknown)

    for page in (desk.at(node).get(f"/rounds/{LINK}/{place}/") for node in (A, B)):
        head = above(page)
        assert f'href="/l/{LINK}/guidelines/{draft.replace(" ", "-")}/"' in head
        assert "not on this link" in head


def test_views_on_record_stand_on_the_page_of_the_round_and_bind_nobody(desk: PageTable) -> None:
    place = agreed_round(desk)
    desk.say_on(place, "round-stated", place, stance="view", words="We see it otherwise.")

    for page in (desk.at(node).get(f"/rounds/{LINK}/{place}/") for node in (A, B)):
        head = above(page)
        assert "Views on record; they bind nobody" in head
        assert "We see it otherwise." in head


def test_the_agenda_stands_in_the_order_in_which_its_items_were_offered(desk: PageTable) -> None:
    place = agreed_round(desk)
    for source in ("review", "case", "commitment", "hotline", "guideline"):
        said_of_both(desk, place, "round-item_proposed", **BOTH, source=source)

    pages = [above(desk.at(node).get(f"/rounds/{LINK}/{place}/")) for node in (A, B)]

    wanted = ["review", "joint case", "commitment", "use of the hotline", "guideline"]
    for page in pages:
        agenda = re.search(r"<h2>Plan and agenda</h2>.*?<ol>(.*?)</ol>", page, re.DOTALL)
        assert agenda is not None
        assert re.findall(r"<li>([a-z ]+)", agenda[1]) == wanted


def test_both_sides_see_that_the_two_languages_of_a_promise_name_different_figures(desk: PageTable) -> None:
    place = desk.tells(f"/commitments/new/{LINK}/", {**PROMISE, **UNEQUAL})
    equal = desk.promise()

    for node in (A, B):
        page = texts_of(desk.at(node).get(f"/commitments/{LINK}/{place}/"))
        assert page.count(WHY) == 2, "above the log, and in it"
        assert "name different figures" not in desk.get(f"/commitments/{LINK}/{equal}/")


def test_what_both_owe_is_told_once_and_whose_it_is_in_words(desk: PageTable) -> None:
    place = desk.tells(f"/commitments/new/{LINK}/", {**PROMISE, "owners": "A,B"})
    before = texts_of(desk.get("/commitments/"))
    desk.at(B).say_on(place, "commitment-agreed", place)

    pages = [texts_of(desk.at(node).get("/commitments/")) for node in (A, B)]

    assert "theirs: to answer what was offered" in before
    for page in pages:
        assert page.count("to do it, and report") == 1
        assert "both: to do it, and report" in page


def test_whoever_closes_a_round_before_it_has_begun_is_told_so(desk: PageTable) -> None:
    later = agreed_round(desk)
    begun = desk.at(A).tells(
        f"/rounds/new/{LINK}/", {**MEETING, "begins": "2026-01-01T09:00Z", "ends": "2026-01-02T09:00Z"}
    )
    desk.at(B).say_on(begun, "round-agreed", begun)

    forms = [desk.get(f"/dialogue/{LINK}/{place}/{place}/round-closed/") for place in (later, begun)]

    assert ["The round has not begun yet" in form for form in forms] == [True, False]


def test_the_digest_of_a_list_stands_in_the_form_in_which_the_offline_page_shows_it(desk: PageTable) -> None:
    place, release = desk.listed(), clock.now() + 100
    desk.freeze(place, release=release)
    desk.at(A).release(A, place, at=release)

    pages = [desk.get(path) for path in (f"/public/outcomes/{desk.digest}/", f"/rounds/{LINK}/{place}/")]

    for page in pages:
        assert desk.digest in page
        assert "SHA-256 <code" in page
        assert read_id(desk.digest).hex() in page


def test_an_agreed_clause_leads_to_the_form_of_a_commitment_and_then_to_the_commitment(
    desk: PageTable,
) -> None:
    place = desk.listed()
    page = desk.get(f"/rounds/{LINK}/{place}/")
    way = re.search(rf'href="(/commitments/new/{LINK}/[^"]+)"', page)
    assert way is not None
    form = desk.get(unescape(way[1]))
    promised = desk.tells(f"/commitments/new/{LINK}/", {**PROMISE, "round": place})

    later = [above(desk.at(node).get(f"/rounds/{LINK}/{place}/")) for node in (A, B)]

    assert PROMISE["en"] in form
    assert PROMISE["zh"] in form
    assert f'value="{place}"' in form
    for after in later:
        assert f'href="/commitments/{LINK}/{promised}/"' in after
        assert f"/commitments/new/{LINK}/" not in after


def test_once_released_the_page_of_the_round_tells_the_second_of_each_side(desk: PageTable) -> None:
    place, release = desk.listed(), clock.now() + 100
    desk.freeze(place, release=release)
    before = texts_of(desk.at(A).get(f"/rounds/{LINK}/{place}/"))
    desk.release(A, place, at=release)
    desk.at(B).release(B, place, at=release)

    pages = [texts_of(desk.at(node).get(f"/rounds/{LINK}/{place}/")) for node in (A, B)]

    assert "When both make it public" in before
    for page in pages:
        assert "When both make it public" not in page
        assert page.count("released at") == 2


def test_what_is_on_the_table_stands_in_the_order_of_the_list_beside_what_it_replaces(
    desk: PageTable,
) -> None:
    place = desk.listed()
    agreed = next(row.place for row in desk.rows() if row.kind == "outcome.clause_proposed").replace(" ", "-")
    third = {"place": "3", "en": "B sends 3 experts.", "zh": "乙方派出三名专家。"}
    theirs = desk.at(B).say_on(place, "outcome-clause_proposed", place, **third)
    first = {"place": "1", "en": "B answers within 15 working days.", "zh": "乙方在十五个工作日内答复。"}
    ours = desk.at(A).say_on(place, "outcome-amended", agreed, **first)

    panel = desk.get(f"/rounds/{LINK}/{place}/").partition('id="outcome"')[2].partition("</section>")[0]
    gone = desk.at(B).say_on(place, "outcome-declined", ours)
    later = desk.at(A).get(f"/rounds/{LINK}/{place}/").partition('id="outcome"')[2].partition("</section>")[0]

    told = texts_of(panel)
    assert "1 wording waits for our answer, 1 for that of the other side." in told
    order = (
        "Until now it reads: B answers within 20 working days.",
        "Instead it is to read:",
        "B sends 3 experts.",
    )
    places = [told.find(each) for each in order]
    assert -1 not in places
    assert places == sorted(places)
    # What the other side offered can be answered here; of our own only they can say yes.
    assert f"/{theirs}/outcome-agreed/" in panel
    assert f"/{ours}/outcome-agreed/" not in panel
    assert gone
    assert "Until now it reads:" not in texts_of(later)


def test_a_round_says_who_receives_and_when_that_is_not_in_turn(desk: PageTable) -> None:
    first = agreed_round(desk)
    again = desk.at(A).tells(f"/rounds/new/{LINK}/", {**MEETING, "number": "4", "after": first})

    pages = [texts_of(desk.at(node).get(f"/rounds/{LINK}/{again}/")) for node in (A, B)]
    before = texts_of(desk.get(f"/rounds/{LINK}/{first}/"))

    # As each side calls A.
    assert "host: Country A not in turn" in pages[0]
    assert "host: a not in turn" in pages[1]
    assert "host: a " in before
    assert "not in turn" not in before
