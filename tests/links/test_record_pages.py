"""The record entry by entry, one statement with its proofs, and the terms: what anybody of ours may read."""

import re
import sqlite3
from contextlib import closing
from html import unescape

import pytest

from parley.agencies.policy import Role
from parley.protocol.act import id_text
from parley.protocol.strictjson import JsonValue
from parley.protocol.terms import URGENCIES, read_terms
from parley.ui import words as labels
from tests.links.office import Office, words
from tests.two_nodes.forger import act_of, force
from tests.two_nodes.pair import INQUIRY, LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])

RECORD = f"/l/{LINK}/record/"
XSS = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'\u202e"


def page_of(place: str) -> str:
    return f"{RECORD}{place.replace(' ', '-')}/"


# ---- The list


def test_both_logs_stand_in_one_list_newest_first(office: Office) -> None:
    said = office.pair.sends()
    office.pair.settle()
    office.pair.say(B, "inquiry.acknowledged", {}, re=said.statement)
    office.pair.settle()

    text = words(office.person().get(RECORD))

    assert (
        text.index("acknowledged by a person → A 1") < text.index("inquiry sent") < text.index("link opened")
    )
    assert "no receipt yet" not in text


def test_pages_of_the_record_hold_every_entry_once(office: Office) -> None:
    for _number in range(60):
        office.pair.sends()
    office.pair.settle()
    person = office.person()

    found, path = [], RECORD
    for _page in range(10):
        answer = person.get(path)
        found += [line.split('"', 1)[0] for line in answer.text.split(f'href="{RECORD}')[1:]]
        after = re.search(r'rel="next" href="([^"]+)"', answer.text)
        if after is None:
            break
        path = RECORD + after[1]

    with office.pair.reader(A) as reader:
        places = {f"{row.place.replace(' ', '-')}/" for row in reader.rows(LINK)}
    shown = [each for each in found if each]
    assert len(shown) == len(set(shown))
    assert set(shown) == places


@pytest.mark.parametrize("after", ["x", "1", "-1-2", "1-2-3", "9" * 40 + "-1", "1-2'"])
def test_what_is_no_place_in_the_record_is_no_page(office: Office, after: str) -> None:
    assert office.person().get(RECORD, {"after": after}).status_code == 404


def test_a_void_statement_carries_its_reason(office: Office) -> None:
    force(office.pair, B, b"{")
    office.pair.settle()

    assert "void not strict JSON" in words(office.person().get(RECORD))


# ---- One statement


def test_a_valid_statement_shows_who_when_and_what_proves_it(office: Office) -> None:
    said = office.pair.say(
        A,
        "inquiry.sent",
        INQUIRY,
        body={
            "title": {"lang": "zh-Hans", "text": "两个仿冒网站"},
            "items": [{"url": "http://bank.example/a", "observed_at": 1_790_000_000}],
        },
    )
    office.pair.settle()

    answer = office.person().get(page_of(said.place))

    text = words(answer)
    assert "inquiry sent" in text
    assert "Signed. In the head of size" in text
    assert "In the log." in text
    assert "nobody can take the entry out" in text
    assert "At their node. Their node signed that it holds the first" in text
    assert id_text(said.statement) in text
    assert "fraud and phishing" in text
    assert "mitigate, preserve" in text
    assert "hxxp://bank[.]example/a" in text
    assert "http://bank.example" not in answer.text
    assert '<span class="prose" lang="zh-Hans">两个仿冒网站</span>' in answer.text


def test_before_the_receipt_only_saved_is_said(office: Office) -> None:
    said = office.pair.sends()

    text = words(office.person().get(page_of(said.place)))

    assert "No receipt yet. Saved here. It goes out by itself." in text
    assert "At their node" not in text
    assert "its log does not say so yet" in text


def tampered(office: Office, table: str) -> None:
    """Change one sign in every note of `table`, as only somebody with the file can."""
    with closing(sqlite3.connect(office.home.record)) as db, db:
        db.execute(f"UPDATE {table} SET note = CAST(replace(note, '+', '/') AS BLOB)")  # noqa: S608 - a test's own word


def test_a_signature_that_does_not_hold_is_not_called_proved(office: Office) -> None:
    said = office.pair.sends()
    office.pair.settle()
    tampered(office, "head_note")

    text = words(office.person().get(page_of(said.place)))

    assert "The signature does not hold." in text
    assert "The path does not lead to the signed root." in text
    assert "In the log." not in text
    assert "At their node." in text


def test_what_answers_leads_to_what_it_answers(office: Office) -> None:
    said = office.pair.sends()
    office.pair.settle()
    answered = office.pair.say(B, "inquiry.acknowledged", {}, re=said.statement)
    office.pair.settle()

    answer = office.person().get(page_of(answered.place))

    assert f'href="{page_of(said.place)}"' in answer.text
    assert f'href="/l/{LINK}/inquiries/{said.place.replace(" ", "-")}/"' in answer.text
    assert "The kind says it all" in words(answer)
    assert "Theirs, and here: our node signs for it in each parcel." in words(answer)


def test_a_void_statement_names_the_paragraph(office: Office) -> None:
    office.pair.sends()
    force(office.pair, B, act_of("inquiry.acknowledged", {}, re=b"x" * 32))
    office.pair.settle()
    with office.pair.reader(A) as reader:
        (row,) = [row for row in reader.rows(LINK) if row.verdict.reason]

    text = words(office.person().get(page_of(row.place)))

    assert "void what it answers is not there" in text
    assert "Spec §8.3." in text
    assert "has no effect on either side" in text


def test_an_unopened_statement_says_who_could_not_open_it(office: Office) -> None:
    force(office.pair, B, act_of("inquiry.sent", INQUIRY), body=b"{")
    office.pair.settle()
    with office.pair.reader(A) as reader:
        (row,) = [row for row in reader.rows(LINK) if row.verdict.text == "unopened"]

    text = words(office.person().get(page_of(row.place)))

    assert "unopened Whoever received it wrote down that it could not be opened (Spec §6.7)." in text


def test_an_opening_shows_its_roots_and_leads_to_the_terms(office: Office) -> None:
    answer = office.person().get(page_of("A 0"))

    assert "link opened" in words(answer)
    assert "a.example/root/1" in words(answer)
    assert f'href="/links/{LINK}/terms/"' in answer.text


def test_the_exact_bytes_are_a_file_and_never_a_page(office: Office) -> None:
    said = office.pair.sends()
    with office.pair.reader(A) as reader:
        raw = reader.raw(LINK, said.statement)

    answer = office.person().get(f"{page_of(said.place)}raw")

    assert answer.content == raw
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("place", ["A-99", "C-1", "A-1x", "A--1", "a-1", "A-" + "9" * 30])
def test_what_is_not_in_the_record_is_no_page(office: Office, place: str) -> None:
    person = office.person()

    assert person.get(f"{RECORD}{place}/").status_code == 404
    assert person.get(f"{RECORD}{place}/raw").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"title": {"lang": XSS, "text": XSS}},
        {"title": {"lang": "en", "text": XSS}, "items": [{"url": f"javascript:{XSS}"}]},
        {XSS: XSS, "from": {"authority": {"lang": "en", "text": XSS}}},
        {"items": [[XSS], {XSS: [{XSS: XSS}]}]},
    ],
    ids=["language", "address", "keys", "lists"],
)
def test_what_the_other_side_writes_runs_nowhere(office: Office, body: dict[str, JsonValue]) -> None:
    said = office.pair.sends(node=B, title=XSS)
    other = office.pair.say(B, "inquiry.sent", {**INQUIRY, "urgency": "U2"}, body=body)
    office.pair.settle()
    person = office.person()

    for path in (page_of(said.place), page_of(other.place), RECORD, f"/links/{LINK}/"):
        page = person.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "javascript:" not in page.replace("javascript:&lt;", "")
        assert "\u202e" not in page


def test_a_viewer_may_read_all_of_it(office: Office) -> None:
    said = office.pair.sends()
    office.pair.settle()
    viewer = office.person(role=Role.VIEWER)

    for path in (RECORD, page_of(said.place), f"{page_of(said.place)}raw", f"/links/{LINK}/terms/"):
        assert viewer.get(path).status_code == 200


# ---- The terms


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_terms_list_every_clock_and_item_in_both_languages(office: Office, language: str) -> None:
    with office.pair.reader(A) as reader:
        terms = reader.terms(LINK)
        assert terms is not None
    person = office.person(language=language)

    answer = person.get(f"/links/{LINK}/terms/")

    text = words(answer)
    place = language == "zh-hans"
    for clock in terms.clocks:
        assert labels.CLOCKS[clock][place] in text
    for item in terms.items:
        assert labels.COOPERATION[item][place] in text
    for urgency in URGENCIES:
        assert urgency in text
    assert terms.hash.hex() in answer.text
    assert read_terms(_exact(answer.text)) == terms


def _exact(page: str) -> str:
    """Return the signed text that the page ends with."""
    return unescape(page.rpartition("<pre")[2].partition(">")[2].partition("</pre>")[0])


def test_the_terms_name_the_statements_that_opened_the_link(office: Office) -> None:
    answer = office.person().get(f"/links/{LINK}/terms/")

    for place in ("A-0", "B-0"):
        assert f'href="{RECORD}{place}/"' in answer.text
