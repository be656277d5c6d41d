"""Every number of a text is changed on the page: boxes, counts, rows, dates; a fault is told by its line."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import unescape

import pytest
from django.test import Client
from pytest_django import Settings

from parley.guidelines.queries import DraftRow, drafts
from parley.protocol.guidelines.text import Guideline
from parley.protocol.terms import Terms
from tests.links.office import SECRET, Office, words
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.persons import bring, enrol, prepared_draft, signed

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])

LIST = f"/l/{LINK}/guidelines/"
NEW = f"{LIST}new/"
SINCE = "2100-09-01T00:00Z"
# Holidays, a Saturday that is worked instead, and a clock that changes between the question and its due time.
CALENDARS = {
    "zone:A": "+08:00",
    "days:A/closed": "2100-10-01..2100-10-07",
    "days:A/made_up": "2100-10-09",
    "zone:B": "+02:00",
    "changes:B": "2100-10-03T01:00Z +01:00",
    "days:B/closed": "2100-10-05",
    "days:B/made_up": "2100-10-02",
}


@pytest.fixture(name="office")
def fixture_office(pair: Pair, settings: Settings, transactional_db: None) -> Iterator[Office]:
    """Give the office of A, before whose pages no core runs."""
    pair.settle()
    pair.ledgers[A].stop()
    yield Office(pair, settings)
    pair.start(A)


@pytest.fixture(name="chen")
def fixture_chen(office: Office) -> Client:
    return office.person("Chen")


def proposed(office: Office, person: Client, typed: Mapping[str, str]) -> Guideline:
    """Put what is typed on the table, and return the text that stands there."""
    shown = person.post(NEW, {"since": SINCE, **typed, "do": "preview"})
    kept = re.search(r'<textarea name="kept" hidden>(.*?)</textarea>', shown.text, re.DOTALL)
    assert kept is not None, words(shown)
    said = person.post(NEW, {"kept": unescape(kept[1]), "key": "k1", "do": "say"})
    assert said.status_code == 302, words(said)
    text = row_of(office).text
    assert text is not None
    return text


def row_of(office: Office) -> DraftRow:
    """Return the only text on the table."""
    with office.pair.reader(A) as reader:
        (link,) = reader.links()
        (row,) = drafts(reader, link, now=office.pair.clocks[A].time)
    return row


def terms_of(office: Office) -> Terms:
    with office.pair.reader(A) as reader:
        found = reader.terms(LINK)
    assert found is not None
    return found


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def due_on(pair: Pair, node: str, statement: bytes) -> int | None:
    """Return until when an inquiry is to be acknowledged, as `node` computes it."""
    with pair.reader(node) as reader:
        found = reader.thread(LINK, statement)
        assert found is not None
        assert found.inquiry is not None
        (timer,) = found.inquiry.timers
        return timer.due_at


def fields_of(page: str) -> dict[str, str]:
    """Return what a browser sends of the form: what is hidden, what stands in lines, and the boxes ticked."""
    form = page[page.index('id="say"') :]
    found = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', form))
    for box in re.findall(r"<input ([^>]*)>", form):
        names = dict(re.findall(r'([a-z]+)="([^"]*)"', box))
        if names.get("type") != "checkbox" or box.endswith(" checked"):
            found[names["name"]] = names.get("value", "")
    return {name: unescape(text) for name, text in found.items() if ":" in name}


def test_a_form_that_goes_back_as_it_came_changes_nothing_but_the_day(office: Office, chen: Client) -> None:
    form = fields_of(chen.get(NEW).text)

    text = proposed(office, chen, form)

    assert {
        "tick:items/trade_secrets",
        "count:hotline/repeat",
        "week:B/2/rest/6",
        "kind:1/head",
    } <= form.keys()
    assert text.terms.text == terms_of(office).text


def test_boxes_counts_and_rows_become_the_terms(office: Office, chen: Client) -> None:
    text = proposed(
        office,
        chen,
        {
            "tick:items/trade_secrets": "",
            "tick:required/phishing_site/facts": "1",
            "tick:required/information/facts": "",
            "tick:open_while_suspended/hotline": "",
            "tick:roles/link.suspended/desk": "",
            "count:persons/link.suspended": "3",
            "count:persons/finding.given": "",
            "count:hotline/tests/principals": "",
            "count:hotline/ladder/director/after/U0": "6",
            "field:clocks/stop_payment/U2": "1wd",
            "field:hotline/close": "12h",
            "kind:0": "review.commented",
            "kind:0/persons": "1",
            "kind:0/head": "1",
            "week:A/1/since": "2100-10-11",
            "week:A/1/hours": "09:00-12:00, 13:30-18:00",
            "week:A/1/rest/6": "1",
        },
    )

    terms = text.terms
    assert terms.items == terms_of(office).items - {"trade_secrets"}
    assert terms.required["phishing_site"][-1] == "facts"
    assert "facts" not in terms.required["information"]
    assert terms.open_while_suspended == {"preservation", "safety_of_life"}
    assert terms.persons["link.suspended"] == 3
    assert terms.roles["link.suspended"] == {"head", "principal"}
    assert "finding.given" not in terms.persons
    assert terms.persons["review.commented"] == 1
    assert terms.roles["review.commented"] == {"head"}
    assert list(terms.clocks["stop_payment"]) == ["U0", "U1", "U2"]
    assert terms.hotline is not None
    assert (len(terms.hotline.tests), terms.hotline.close) == (3, 12 * 3600)
    assert terms.hotline.ladder[3].after["U0"] == 360
    weeks = terms.calendars[A].weeks
    assert weeks[1].hours == ((540, 720), (810, 1080))
    assert weeks[1].weekend == {6}


def test_what_is_changed_is_marked_with_what_stood_there(office: Office, chen: Client) -> None:
    chen.post(NEW, {"since": SINCE, "page": "one", "days:A/made_up": "2100-10-04", "do": "save"})

    page = chen.get(NEW)

    assert "added: 2100-10-04 Monday" in words(page)
    # Somebody meant another day, most often.
    assert "Working days anyway: 2100-10-04 Monday" in words(page)
    assert len(re.findall(r'<details class="part" open>', page.text)) == 2


def test_a_box_without_its_tick_is_kept_as_it_is_typed(office: Office, chen: Client) -> None:
    typed = {"tick:items/trade_secrets": "", "count:persons/link.resumed": "4", "page": "one"}
    chen.post(f"{NEW}save/?page=one", {**typed, "base": "0"})

    shown = chen.get(NEW).text

    assert fields_of(shown)["tick:items/trade_secrets"] == ""
    assert fields_of(shown)["count:persons/link.resumed"] == "4"
    assert "taken out" in shown
    assert "was 2" in shown


def test_every_fault_is_told_at_its_field_and_nothing_typed_is_lost(office: Office, chen: Client) -> None:
    typed = {
        "since": "soon",
        "days:A/closed": "2100-10-01\n2100-10-1x\n2100-02-30",
        "changes:B": "2100-10-03T01:00Z",
        "week:B/1/since": "2100-10-11",
        "count:persons/link.resumed": "9",
        **{f"tick:items/{item}": "" for item in terms_of(office).items},
    }

    answer = chen.post(NEW, {**typed, "do": "preview"})

    assert answer.status_code == 422
    told = words(answer)
    for text in (
        "In force from, “soon”: A time is written as",
        "office time · side A · no working days, line 2, “2100-10-1x”: That is no date.",
        "office time · side A · no working days, line 3, “2100-02-30”: No calendar has this day.",
        "Changes of the clock, line 1, “2100-10-03T01:00Z”: Write when the clock changes",
        "Row 2 · Office hours: Write hours as 09:00-17:00",
        "resumed, “9”: Write a whole number from 0 to 8.",
        "items of cooperation: Tick one at least.",
    ):
        assert text in told, text
    found = fields_of(answer.text)
    assert {name: text for name, text in typed.items() if ":" in name}.items() <= found.items()
    for field in ("since", "days:A/closed", "changes:B", "week:B/1/hours", "tick:items"):
        assert f'id="{field}-error"' in answer.text, field
        assert f'id="{field}"' in answer.text, field


def test_both_nodes_tell_one_due_time_across_holidays_days_made_up_and_a_change_of_clocks(
    office: Office, chen: Client
) -> None:
    pair, wu = office.pair, office.person("Wu")
    for number in (1, 2):
        enrol(office.home, number, secret=SECRET, now=pair.clocks[A].time, roles=("head",))
    text = proposed(office, chen, CALENDARS)
    row = row_of(office)
    first = chen.post(f"{LIST}{row.slug}/", {"do": "sign", "secret": SECRET})
    wu.post(first["Location"], {"do": "sign", "secret": SECRET})
    pair.start(A)
    pair.settle()
    theirs = prepared_draft(pair, B, "guideline.signed", {"text": text.digest}, re=row.statement)
    bring(pair, B, signed(pair, B, theirs))
    pair.settle()

    office.set_clocks(seconds("2100-09-30T08:00Z"))
    asked = {node: pair.say(node, "inquiry.sent", dict(INQUIRY, urgency="U3")) for node in (B, A)}
    pair.settle()

    pair.ledgers[A].stop()
    # Five working days: 8, 9 (made up), 11, 12, 13 October at A; 1, 2 (made up), 4, 6, 7 at B.
    due = {node: {due_on(pair, each, said.statement) for each in (A, B)} for node, said in asked.items()}
    assert due == {B: {seconds("2100-10-13T16:00Z")}, A: {seconds("2100-10-07T23:00Z")}}
