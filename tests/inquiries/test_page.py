"""The page of an inquiry: two sides that mirror each other, and nothing that is not proved."""

import re
from pathlib import Path

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from parley.agencies.actions import hold
from parley.agencies.queries import HoldRow, list_officers
from parley.inquiries.projection import empty
from parley.inquiries.queries import TimerRow
from parley.inquiries.views.finding import find_inquiry
from parley.inquiries.views.showing.clocks import Clockmaker
from parley.inquiries.views.showing.eyes import our_eyes
from parley.protocol.act import id_text
from parley.protocol.inquiries.codes import Want
from parley.protocol.strictjson import JsonValue
from parley.work import clock
from tests.inquiries.page_desk import OFFICER, VIEWER, A, B, PageDesk
from tests.two_nodes.pair import LINK
from tests.two_nodes.persons import enrol

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

SECRET = "correct-horse-battery"
SITES = ("http://one.example/a", "http://two.example/b", "http://three.example/c")
XSS = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageDesk:
    return PageDesk(tmp_path, settings)


def verbs_on(page: str) -> set[str]:
    """Return what the page offers to say, apart from disputes, which stand at the statements."""
    return set(re.findall(r'/say/([a-z-]+)/["?]', page)) - {"dispute"}


def first_line(page: str) -> str:
    """Return the first statement of the timeline."""
    return line_at(page, "A 1")


def line_at(page: str, place: str) -> str:
    """Return the statement at this place in the timeline."""
    return page[page.index(f'<li id="{place.replace(" ", "-")}">') :].partition("</li>")[0]


def test_both_sides_see_one_inquiry_mirrored(desk: PageDesk) -> None:
    place = desk.send(*SITES)

    ours, theirs = desk.page(place), desk.at(B).page(place)

    assert "we ask" in ours
    assert "they ask" in theirs
    assert "their move" in ours
    assert "our move" in theirs
    for page in (ours, theirs):
        assert "Sites of First Bank" in page
        assert "hxxp://one[.]example/a" in page
        assert "http://one.example" not in page
        assert "TLP:AMBER" in page
        assert "<strong>PRIORITY</strong>" in page


def test_the_asked_side_is_offered_what_it_may_say_and_nothing_else(desk: PageDesk) -> None:
    place = desk.send(*SITES)

    ours, theirs = desk.page(place), desk.at(B).page(place)

    assert verbs_on(ours) == {"ask-status", "withdraw", "notify-outcome"}
    assert verbs_on(theirs) == {
        *("acknowledge", "admit", "return", "answer", "refuse", "progress"),
        *("extend", "postpone", "condition", "refer"),
    }


def test_whatever_is_offered_is_not_refused(desk: PageDesk) -> None:
    """Every form that the page leads to opens; every other verb says why not."""
    place = desk.send(*SITES)
    desk.at(B)
    offered = verbs_on(desk.page(place))

    assert {verb: desk.status(f"/l/a-b/inquiries/{place}/say/{verb}/") for verb in offered} == dict.fromkeys(
        offered, 200
    )
    for verb in ("correct", "supply", "undertake", "agree", "withdraw", "rate", "close"):
        assert desk.status(f"/l/a-b/inquiries/{place}/say/{verb}/") == 409, verb


def test_an_acknowledged_inquiry_is_not_offered_to_be_acknowledged_again(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    desk.at(B).say("inquiry.acknowledged", {}, node=B, on=place)
    desk.tell()

    assert "acknowledge" not in verbs_on(desk.page(place))


def test_a_viewer_sees_everything_and_is_offered_nothing(desk: PageDesk) -> None:
    place = desk.send(*SITES)

    page = desk.at(B).get(f"/l/a-b/inquiries/{place}/", by=VIEWER)

    assert "hxxp://one[.]example/a" in page
    assert "/say/" not in page
    assert "/notes/" not in page
    assert desk.status(f"/l/a-b/inquiries/{place}/say/refuse/", by=VIEWER) == 403


@pytest.mark.parametrize(
    "path", ["A-99/", "B-1/", "C-1/", "A-1x/", "A-01/", "A-1/say/nonsense/", "A-1/?sort=x"]
)
def test_what_there_is_not_is_not_found(desk: PageDesk, path: str) -> None:
    desk.send(*SITES)

    assert desk.status(f"/l/a-b/inquiries/{path}") == 404


def test_an_unknown_link_is_not_found(desk: PageDesk) -> None:
    place = desk.send(*SITES)

    assert desk.status(f"/l/a-c/inquiries/{place}/") == 404


def test_what_is_proved_of_a_statement_is_four_different_words(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    asked = desk.say("inquiry.status_asked", {}, node=A, on=place)
    desk.tell()
    before = desk.page(place)
    desk.carry()
    after = desk.page(place)
    desk.at(B).say("inquiry.acknowledged", {}, node=B, on=place)
    desk.at(A).carry()

    assert asked.place == "A 2"
    assert "saved, not yet at their node" in before
    assert "saved, not yet at their node" not in after
    assert after.count("received: their node says so") == 2
    assert "acknowledged by a person" not in after
    assert "acknowledged by a person" in desk.page(place)


def test_of_them_the_number_is_told_and_of_us_the_name(desk: PageDesk) -> None:
    place = desk.send(*SITES)

    ours, theirs = desk.page(place), desk.at(B).page(place)

    assert {row.name for row in list_officers()} == {"Zhao", "Wu"}
    assert "Zhao" in first_line(ours)
    assert "officer 4" in first_line(theirs)
    assert "Zhao" not in first_line(theirs)


def test_both_sides_read_who_signed_with_a_key_of_their_own(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    enrol(desk.homes[B], OFFICER, secret=SECRET, now=clock.now())
    asked = desk.say("inquiry.acknowledged", {}, node=B, on=place, signs=SECRET)
    desk.carry()

    theirs, ours = desk.page(place), desk.at(B).page(place)

    assert "officer 4 · signed by officer 4" in line_at(theirs, asked.place)
    assert "Zhao · signed by officer 4" in line_at(ours, asked.place)
    assert "signed by" not in first_line(theirs), "nobody signed the inquiry but the node"


def test_a_statement_without_effect_is_shown_with_its_reason(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    desk.at(B).force("inquiry.withdrawn", {"items": "all", "reason": "solved"}, node=B, on=place)
    desk.carry()

    for node in (A, B):
        page = desk.at(node).page(place)
        assert "without effect: this side may not say it, Spec §6.5" in page
        assert "their move" in page or "our move" in page


def test_the_progress_counts_items_and_says_what_was_found(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    desk.at(B)
    desk.say("inquiry.answered", {"findings": [{"items": [0, 1], "code": "no_data"}]}, node=B, on=place)
    desk.say("inquiry.refused", {"items": [2], "grounds": ["G09"]}, node=B, on=place)
    desk.tell()

    page = desk.page(place)

    assert "3 of 3 items" in page
    assert "2 no data · 1 refused (G09 own proceedings or final judgment)" in page


def test_open_items_alone_and_by_age(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    desk.at(B).say("inquiry.refused", {"items": [1], "grounds": ["G13"]}, node=B, on=place)
    desk.tell()

    page = desk.page(place, "?show=open&sort=age")

    assert re.findall(r'<tr id="item-(\d)">', page) == ["0", "2"]


def test_a_correction_keeps_what_was_said_before(desk: PageDesk) -> None:
    place = desk.send(*SITES[:1])
    desk.at(B)
    refused = desk.say("inquiry.refused", {"items": [0], "grounds": ["G09"]}, node=B, on=place)
    d: dict[str, JsonValue] = {
        "items": [0],
        "findings": [{"items": [0], "code": "no_data"}],
        "grounds": [],
    }
    desk.say("inquiry.corrected", d, node=B, on=refused.place)
    desk.tell()

    page = desk.page(place)

    assert "B 2 had said: item 0: G09 own proceedings or final judgment. Corrected by B 3." in page


# ---- Clocks


def test_a_clock_says_why_it_is_due_then(desk: PageDesk) -> None:
    place = desk.send(*SITES, urgency="U1")

    page = desk.page(place)

    assert "Limit: 12 h (U1 IMMEDIATE)." in page
    assert "had A 1." in page
    assert "So it is due" in page
    assert "Why due then?" in page


def test_a_pause_names_who_began_it_and_why(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    fields: dict[str, JsonValue] = {"items": "all", "fields": [{"field": "purpose", "reason": "missing"}]}
    desk.at(B).say("inquiry.returned", fields, node=B, on=place)
    desk.at(A).carry()

    page = desk.page(place)

    assert re.search(r"Paused since .* \(B 2 returned for supplement\)\.", page)
    assert "left when it goes on" in page


def test_a_clock_met_by_their_time_and_late_by_our_log_is_told_as_both(desk: PageDesk) -> None:
    """B acknowledges in time and cannot send; A writes after the due time without having seen it."""
    place = desk.send(*SITES, urgency="U1")
    with desk.reader() as reader:
        folded = reader.thread("a-b", desk.statement(place))
        assert folded is not None
        (due,) = [timer.due_at for timer in folded.inquiry.timers]
    assert due is not None
    desk.at(B).say("inquiry.acknowledged", {}, node=B, on=place, now=due - 60)
    desk.at(A).say("inquiry.status_asked", {}, node=A, on=place, now=due + 60)
    desk.carry()

    ours, theirs = desk.at(A).page(place), desk.at(B).page(place)

    assert "by their time met, by our receipt late" in ours
    assert "by our time met, by their receipt late" in theirs
    assert "was written without having seen it: by that log it came late." in ours


def test_a_clock_that_nothing_contradicts_is_met(desk: PageDesk) -> None:
    place = desk.send(*SITES, urgency="U1")
    desk.at(B).say("inquiry.acknowledged", {}, node=B, on=place)
    desk.carry()
    desk.at(A)

    found = find_inquiry("a-b", place)
    assert found.dossier is not None
    maker = Clockmaker(found, our_eyes(found), events=found.dossier.events, now=0)
    timer: TimerRow = next(each for each in found.dossier.timers if each.clock == "acknowledge")

    assert [dial.chip for card in maker.cards([timer]) for dial in card.dials] == ["proved"]


# ---- As they see it


def test_as_they_see_it_has_no_name_and_no_note_of_ours(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    desk.clients[4].post(f"/l/a-b/inquiries/{place}/notes/", {"note": "the bank is nervous", "key": "a" * 32})

    shown = desk.get(f"/l/a-b/inquiries/{place}/as-they-see-it/")
    main = shown[shown.index("<main") :]

    assert "the bank is nervous" in desk.page(place)
    assert "the bank is nervous" not in shown
    assert "Zhao" not in main
    assert "they ask" in main
    assert "/say/" not in main
    assert "officer 4" in main


def test_as_they_see_it_leaves_out_what_is_not_at_their_node(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    desk.say("inquiry.status_asked", {}, node=A, on=place)
    desk.tell()

    shown = desk.get(f"/l/a-b/inquiries/{place}/as-they-see-it/")

    assert 'id="A-2"' not in shown
    assert "not yet at their node" in shown


def test_as_they_see_it_speaks_their_language(desk: PageDesk) -> None:
    place = desk.send(*SITES)

    chinese = desk.get(f"/l/a-b/inquiries/{place}/as-they-see-it/?lang=zh")

    assert '<html lang="zh-Hans"' in chinese
    assert "已发出" in chinese
    assert desk.status(f"/l/a-b/inquiries/{place}/as-they-see-it/?lang=xx") == 404


# ---- Safety and cost


def test_what_others_wrote_stays_text(desk: PageDesk) -> None:
    from parley.inquiries.forms.letter import text_of  # noqa: PLC0415 - one test needs it

    place = desk.send(
        f"http://{XSS}/",
        title=text_of(XSS),
        purpose=text_of(XSS),
        facts=text_of(XSS),
        legal_basis=(XSS,),
        authority=text_of(XSS),
        case=XSS,
        tlp=XSS,
        urgency_reason=text_of(XSS),
    )
    desk.at(B).say(
        "inquiry.answered",
        {"findings": [{"items": [0], "code": "no_data"}]},
        node=B,
        on=place,
        body={
            "text": {"lang": XSS, "text": XSS},
            "notes": [{"item": 0, "text": {"lang": "en", "text": XSS}}],
        },
    )
    desk.carry()

    for path in ("", "as-they-see-it/", "say/dispute/"):
        page = desk.get(f"/l/a-b/inquiries/{place}/{path}")
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_page_costs_few_queries_whatever_it_shows(desk: PageDesk) -> None:
    place = desk.send(*(f"http://s{n}.example/" for n in range(40)))
    desk.page(place)

    with (
        CaptureQueriesContext(connections["default"]) as house,
        CaptureQueriesContext(connections["view"]) as view,
    ):
        desk.page(place)

    assert len(house) <= 7
    # Four of them ask for the calls, the offers and the cases that it led to: the slots of the page.
    assert len(view) <= 8


def test_no_name_of_a_place_on_a_page_is_given_twice(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    desk.at(B)

    for path in ("", "as-they-see-it/", "say/answer/", "say/return/", "say/extend/"):
        ids = re.findall(r' id="([^"]+)"', desk.get(f"/l/a-b/inquiries/{place}/{path}"))
        assert len(ids) == len(set(ids)), path


def test_many_items_come_in_pages(desk: PageDesk) -> None:
    place = desk.send(*(f"http://s{n}.example/" for n in range(201)), wants=(Want.CONFIRM,))

    first, second = desk.page(place), desk.page(place, "?from=200")

    assert len(re.findall(r'<tr id="item-', first)) == 200
    assert re.findall(r'<tr id="item-(\d+)"', second) == ["200"]


def test_a_page_that_is_not_told_yet_says_so(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    empty()

    assert "comes in a moment" in desk.page(place)


def test_the_page_speaks_chinese(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    desk.clients[4].post("/language/", {"language": "zh-hans"})

    page = desk.page(place)

    assert '<html lang="zh-Hans"' in page
    assert "网络诈骗与仿冒" in page
    assert "加急" in page


def test_a_legal_hold_is_shown_to_our_own_people_and_to_nobody_else(desk: PageDesk) -> None:
    place = desk.send(*SITES)
    free = desk.page(place)
    held = HoldRow(link=LINK, statement=id_text(desk.statement(place)), place="A 1", reason="court <7>")
    hold(held, officer=OFFICER, now=1)

    shown, as_they_see_it = desk.page(place), desk.get(f"/l/{LINK}/inquiries/{place}/as-they-see-it/")

    assert "under legal hold" not in free
    assert "under legal hold" in shown
    assert "court &lt;7&gt;" in shown
    assert "under legal hold" not in as_they_see_it
