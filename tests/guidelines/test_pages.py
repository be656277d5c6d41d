"""A text from its proposal until it holds, on the pages of one side and the record of both."""

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from parley.agencies.policy import Role
from parley.guidelines.forms import write_since
from parley.guidelines.policy import Move, Stand
from parley.guidelines.queries import DraftRow, base_of, drafts
from parley.protocol.guidelines.fields import show
from parley.protocol.guidelines.text import Guideline
from parley.protocol.guidelines.words import Language
from parley.protocol.strictjson import JsonValue, read, write
from tests.links.office import SECRET, Office, words
from tests.papers import words_of
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.persons import bring, enrol, prepared_draft, signed

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])

LIST = f"/l/{LINK}/guidelines/"
NEW = f"{LIST}new/"
DAY = 86_400


@pytest.fixture(name="office")
def fixture_office(pair: Pair, settings: Settings, transactional_db: None) -> Iterator[Office]:
    """Give the office of A, before whose pages no core runs; B asked something that is late."""
    pair.settle()
    pair.ledgers[A].stop()
    office = Office(pair, settings)
    yield office
    pair.start(A)


@pytest.fixture(name="people")
def fixture_people(office: Office) -> tuple[Client, Client]:
    found = (office.person("Chen"), office.person("Wu"))
    for number in (1, 2):
        enrol(office.home, number, secret=SECRET, now=office.pair.clocks[A].time, roles=("head",))
    return found


def since(office: Office, days: int = 10) -> str:
    return write_since(office.pair.clocks[A].time + days * DAY)


def proposed(office: Office, person: Client, **typed: str) -> str:
    """Put a text on the table by the form, and return the address of its page."""
    form = {"since": since(office), "key": "k1", **typed}
    shown = person.post(NEW, {**form, "do": "preview"})
    assert shown.status_code == 200, words(shown)
    kept = re.search(r'<textarea name="kept" hidden>(.*?)</textarea>', shown.text, re.DOTALL)
    assert kept is not None, words(shown)
    said = person.post(NEW, {**form, "kept": unescape(kept[1]), "do": "say"})
    assert said.status_code == 302, words(said)
    return f"{LIST}{rows(office)[0].slug}/"


def rows(office: Office) -> tuple[DraftRow, ...]:
    with office.pair.reader(A) as reader:
        (link,) = reader.links()
        return drafts(reader, link, now=office.pair.clocks[A].time)


def settled(office: Office) -> None:
    """Carry everything to B and back."""
    office.pair.start(A)
    office.pair.settle()
    office.pair.ledgers[A].stop()


def signed_by_b(office: Office, row: DraftRow) -> None:
    """Have the persons of B sign the text."""
    draft = prepared_draft(office.pair, B, "guideline.signed", {"text": row.digest}, re=row.statement)
    bring(office.pair, B, signed(office.pair, B, draft))
    settled(office)


def base(office: Office, *, days: int = 0) -> Guideline:
    with office.pair.reader(A) as reader:
        (link,) = reader.links()
        found = base_of(reader, link, now=office.pair.clocks[A].time + days * DAY)
    assert found is not None
    return found.text


def test_before_anything_was_signed_the_terms_are_told_as_a_text(people: tuple[Client, Client]) -> None:
    shown = words(people[0].get(LIST))

    assert "No text was put on the table yet." in shown
    assert "No text was signed yet." in shown
    assert "acknowledges an inquiry within: U0 FLASH: 30 minutes" in shown
    assert "确认收到协查请求的时限：U0 特提：30 分钟" in shown


def test_the_form_shows_what_it_changes_before_anything_is_said(
    office: Office, people: tuple[Client, Client]
) -> None:
    form = {"since": since(office), "field:clocks/acknowledge/U0": "20m", "do": "preview"}

    shown = words(people[0].post(NEW, form))

    assert "clocks/acknowledge/U0 30 minutes 20 minutes" in shown
    assert rows(office) == ()


def test_two_persons_of_each_side_sign_one_digest_and_from_its_day_on_it_holds(
    office: Office, people: tuple[Client, Client]
) -> None:
    address = proposed(office, people[0], **{"field:clocks/acknowledge/U0": "20m"})
    settled(office)
    (row,) = rows(office)
    assert (row.stand, row.move, row.is_ours) == (Stand.PROPOSED, Move.BOTH, True)

    first = people[0].post(address, {"do": "sign", "secret": SECRET})
    assert rows(office)[0].stand is Stand.PROPOSED
    waiting = people[1].get(first["Location"])
    second = people[1].post(first["Location"], {"do": "sign", "secret": SECRET})

    assert row.digest in words(waiting)
    assert (second.status_code, second["Location"]) == (302, address)
    assert (rows(office)[0].stand, rows(office)[0].move) == (Stand.SIGNED_BY_US, Move.THEM)
    settled(office)
    signed_by_b(office, row)
    assert rows(office)[0].stand is Stand.AGREED
    assert base(office).terms.clocks["acknowledge"]["U0"].text == "30m"
    assert base(office, days=11).digest == row.digest
    assert base(office, days=11).terms.clocks["acknowledge"]["U0"].text == "20m"
    assert "agreed, not in force yet" in words(people[0].get(address))


def test_a_general_signing_page_leads_to_the_one_that_shows_the_text(
    office: Office, people: tuple[Client, Client]
) -> None:
    first = people[0].post(proposed(office, people[0]), {"do": "sign", "secret": SECRET})
    number = first["Location"].rstrip("/").rpartition("/")[2]

    assert people[1].get(f"/links/{LINK}/sign/{number}/")["Location"] == first["Location"]
    people[1].post(first["Location"], {"do": "sign", "secret": SECRET})
    assert people[0].get(f"/links/{LINK}/sign/{number}/")["Location"] == first["Location"]
    assert "signed, and said" in words(people[0].get(first["Location"]))


def test_who_would_have_been_late_is_shown_before_anybody_signs(
    office: Office, people: tuple[Client, Client]
) -> None:
    office.pair.start(A)
    inquiry = office.pair.sends(node=B)
    office.pair.settle()
    for each in office.pair.clocks.values():
        each.time += 4 * 3600
    office.pair.say(A, "inquiry.acknowledged", {}, re=inquiry.statement)
    office.pair.settle()
    office.pair.ledgers[A].stop()
    address = proposed(office, people[0], **{"field:clocks/acknowledge/U1": "5h"})
    now = office.pair.clocks[A].time

    shown = words(people[0].get(address, {"since": write_since(now - DAY), "until": write_since(now + DAY)}))

    assert re.search(r"our side acknowledge 1 1 0 0 1 B \d+", shown), shown


def test_who_has_not_signed_can_withdraw_and_nobody_signs_it_then(
    office: Office, people: tuple[Client, Client]
) -> None:
    address = proposed(office, people[0])

    answer = people[0].post(address, {"do": "withdraw"})

    assert answer.status_code == 302
    assert rows(office)[0].stand is Stand.WITHDRAWN
    assert 'value="sign"' not in people[0].get(address).text
    # Whoever signs all the same is refused by the record, at the last signature.
    first = people[0].post(address, {"do": "sign", "secret": SECRET})
    assert people[1].post(first["Location"], {"do": "sign", "secret": SECRET}).status_code == 422
    # Both have signed then: it can be said again or put away, and the page tells so.
    assert "Enough officers have signed, and it is not said" in words(people[1].get(first["Location"]))
    assert people[1].post(first["Location"], {"do": "put_away"})["Location"] == address
    assert "put away; nothing was said" in words(people[0].get(first["Location"]))


def test_items_days_persons_and_changes_of_clocks_are_typed_and_told_in_words(
    office: Office, people: tuple[Client, Client]
) -> None:
    typed = {
        "tick:items/trade_secrets": "",
        "days:A/closed": "2027-02-15\n2027-02-12",
        "changes:A": "2027-03-28T01:00Z +02:00",
        "count:persons/record.erasure_ordered": "3",
    }

    shown = words(people[0].post(NEW, {"since": since(office), "do": "preview", **typed}))
    proposed(office, people[0], **typed)

    (text,) = [row.text for row in rows(office)]
    assert text is not None
    assert "trade_secrets" not in text.terms.items
    assert text.terms.persons["record.erasure_ordered"] == 3
    assert show(text.fields, "calendars/A/closed", Language.EN) == "2027-02-12, 2027-02-15"
    assert "from 2027-03-28 01:00 UTC UTC+02:00" in show(text.fields, "calendars/A/offsets", Language.EN)
    assert "Clauses that read otherwise then" in shown


def test_a_field_that_cannot_be_read_is_told(office: Office, people: tuple[Client, Client]) -> None:
    for field, text in (
        ("count:persons/record.erasure_ordered", "many"),
        ("days:A/closed", "tomorrow"),
        ("changes:A", "+02:00"),
        ("field:lapse", ""),
    ):
        answer = people[0].post(NEW, {"since": since(office), field: text, "do": "preview"})
        assert (answer.status_code, rows(office)) == (422, ()), field


def test_the_paper_of_a_text_has_both_languages_and_its_digest(
    office: Office, people: tuple[Client, Client]
) -> None:
    address = proposed(office, people[0])

    paper = people[0].get(f"{address}pdf/").content

    text = words_of(paper)
    assert rows(office)[0].digest in text.replace(" ", "")
    assert "U0 FLASH" in text
    assert "特提" in text


def test_an_amendment_takes_nothing_from_the_table(office: Office, people: tuple[Client, Client]) -> None:
    proposed(office, people[0])
    place = rows(office)[0].slug
    proposed(office, people[0], of=place, key="k2", **{"field:lapse": "20d"})

    amended, first = rows(office)

    assert (amended.amends, first.amends) == (first.place, "")
    assert {amended.stand, first.stand} == {Stand.PROPOSED}
    assert f"Instead of {first.place}" in words(people[0].get(f"{LIST}{amended.slug}/"))


def test_a_number_beside_its_field_a_day_without_zone_and_unequal_languages_are_told(
    office: Office, people: tuple[Client, Client]
) -> None:
    good = {"since": since(office), "do": "preview"}
    for change, told in (
        ({"since": "2027-01-01"}, "with its zone"),
        ({"en-1.new": "Within 3 days.", "zh-1.new": "三日内。"}, "a number that is no field"),
        ({"en-1.new": "It lapses after {lapse}.", "zh-1.new": "自行失效。"}, "do not show the same fields"),
        ({"field:clocks/acknowledge/U0": "soon"}, "§7.3"),
    ):
        answer = people[0].post(NEW, {**good, **change})
        assert answer.status_code == 422
        assert told in words(answer)

    assert rows(office) == ()


def test_a_whole_text_comes_as_a_file_and_goes_out_as_the_same_bytes(
    office: Office, people: tuple[Client, Client]
) -> None:
    value = json.loads(base(office).raw)
    value["since"] = office.pair.clocks[A].time + DAY
    raw = write(value)
    file = SimpleUploadedFile("text.json", raw, content_type="application/json")
    shown = people[0].post(NEW, {"file": file, "do": "preview"})
    assert shown.status_code == 200, words(shown)

    people[0].post(NEW, {"kept": raw.decode(), "key": "k7", "do": "say"})

    got = people[0].get(f"{LIST}{rows(office)[0].slug}/text.json")
    assert got.content == raw


def test_a_draft_whose_body_is_another_text_than_its_act_names_is_shown_and_never_signed(
    office: Office, people: tuple[Client, Client]
) -> None:
    """An adversary has one text signed and shows another."""
    text = base(office)
    since_ = office.pair.clocks[A].time + 9 * DAY
    shown = json.loads(text.raw) | {"since": since_}
    d: dict[str, JsonValue] = {"text": text.digest, "terms": text.terms.text, "since": since_}
    office.pair.say(B, "guideline.proposed", d, body={"text": read(write(shown)), "note": None})
    settled(office)
    (row,) = rows(office)

    answer = people[0].post(f"{LIST}{row.slug}/", {"do": "sign", "secret": SECRET})

    assert (row.is_ours, row.text, row.can_sign) == (False, None, False)
    assert "Nobody can sign it." in words(people[0].get(f"{LIST}{row.slug}/"))
    assert answer.status_code == 422


def test_what_is_typed_is_found_again_by_its_writer_until_it_is_said(
    office: Office, people: tuple[Client, Client]
) -> None:
    typed = {"since": since(office), "en-1.1": "Half a sentence", "note": "As talked over.", "page": "one"}
    saved = people[0].post(NEW, {**typed, "do": "save"})
    amended = people[0].post(f"{NEW}save/?page=one", {"en-1.1": "Half a sentence, and more", "base": "9"})

    assert (saved.status_code, amended.status_code) == (303, 200)
    for person, address in ((people[0], NEW), (people[1], saved["Location"])):
        shown = person.get(address).text
        assert "Half a sentence, and more</textarea>" in shown
        assert "As talked over.</textarea>" in shown
    # Whoever has not begun it is shown that there is one, and begins with the text that holds.
    assert "Half a sentence" not in people[1].get(NEW).text
    assert f'href="?draft={hidden(people[0].get(NEW).text, "draft")}"' in people[1].get(NEW).text


def test_an_address_may_propose_the_note_and_takes_up_no_draft(
    office: Office, people: tuple[Client, Client]
) -> None:
    people[0].post(NEW, {"since": since(office), "field:lapse": "77d", "page": "one", "do": "save"})

    shown = people[0].get(NEW, {"note": "Decided in round 3."}).text

    assert "Decided in round 3.</textarea>" in shown
    assert 'value="77d"' not in shown
    assert "draft, stays here" in shown


def test_what_two_persons_typed_for_the_same_field_is_chosen_between_before_anything_is_said(
    office: Office, people: tuple[Client, Client]
) -> None:
    form = {"since": since(office), "field:lapse": "20d"}
    saved = people[0].post(NEW, {**form, "page": "one", "do": "save"})
    draft = saved["Location"].rpartition("=")[2]

    other = people[1].post(NEW, {**form, "field:lapse": "9d", "page": "two", "draft": draft, "do": "preview"})

    assert other.status_code == 422
    assert "Two texts for the same field" in words(other)
    assert rows(office) == ()
    choice = re.search(r'value="(settle:\d+:mine)"', other.text)
    assert choice is not None
    people[1].post(NEW, {"do": choice[1], "page": "two", "draft": draft})
    assert 'value="9d"' in people[0].get(f"{NEW}?draft={draft}").text


def test_a_draft_that_was_said_or_put_away_is_offered_no_more(
    office: Office, people: tuple[Client, Client]
) -> None:
    form = {"since": since(office), "field:lapse": "77d", "page": "one"}
    shown = people[0].post(NEW, {**form, "do": "preview"})
    draft, kept = hidden(shown.text, "draft"), re.search(r'name="kept" hidden>(.*?)<', shown.text, re.DOTALL)
    assert kept is not None

    said = {**form, "draft": draft, "key": "k1", "kept": unescape(kept[1]), "do": "say"}
    answers = [people[0].post(NEW, said) for _press in range(2)]
    other = people[0].post(NEW, {**form, "page": "two", "note": "Never mind.", "do": "save"})
    number = other["Location"].rpartition("=")[2]
    put_away = people[0].post(NEW, {"put_away": number})

    assert [answer.status_code for answer in (*answers, put_away)] == [302, 302, 303]
    assert len(rows(office)) == 1
    assert "draft, stays here" not in words(people[1].get(NEW))
    assert 'value="77d"' not in people[0].get(NEW).text


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_a_viewer_may_look_and_not_act(office: Office, people: tuple[Client, Client]) -> None:
    address = proposed(office, people[0])
    viewer = office.person("Gao", role=Role.VIEWER)

    assert viewer.get(address).status_code == viewer.get(LIST).status_code == 200
    assert viewer.get(NEW).status_code == 403
    assert viewer.post(address, {"do": "withdraw"}).status_code == 403
    assert rows(office)[0].stand is Stand.PROPOSED


def test_what_is_not_there_is_not_found(people: tuple[Client, Client]) -> None:
    for page in ("A-1/", "A-999/", "sign/7/", "A-999/text.json"):
        assert people[0].get(f"{LIST}{page}").status_code == 404
    assert people[0].get("/l/a-x/guidelines/").status_code == 404


def test_the_pages_are_whole_in_both_languages(office: Office, people: tuple[Client, Client]) -> None:
    address = proposed(office, people[0])
    reader = office.person("Zhao", language="zh-hans")

    for page in (LIST, NEW, address):
        assert reader.get(page).status_code == 200
