"""Suspending and resuming on the pages: the first officer prepares, the second signs the very same text."""

from collections.abc import Iterator, Mapping

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import JournalEntry, Officer
from parley.agencies.policy import Role
from parley.ledger.persons import make_key
from tests.links.office import SECRET, Office, words
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.persons import enrol, suspends

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])

SUSPEND = f"/links/{LINK}/suspend/"
SUSPENSIONS = f"/links/{LINK}/suspensions/"
TYPED: Mapping[str, str] = {
    "scope": "item:fraud_phishing",
    "reason": "policy",
    "until": "",
    "text_en": "We stop for a while.",
    "text_zh": "我方暂停一段时间。",
}


@pytest.fixture(name="office")
def fixture_office(pair: Pair, settings: Settings, transactional_db: None) -> Iterator[Office]:
    """Give the office of A, with two officers whose keys count, 1 and 2; no core runs."""
    pair.sends(node=B)
    pair.say(B, "inquiry.sent", {**INQUIRY, "urgency": "U0"})
    pair.settle()
    pair.ledgers[A].stop()
    office = Office(pair, settings)
    yield office
    pair.start(A)


@pytest.fixture(name="people")
def fixture_people(office: Office) -> tuple[Client, Client, Client]:
    found = tuple(office.person(name) for name in ("Chen", "Wu", "Lin"))
    for number in (1, 2):
        enrol(office.home, number, secret=SECRET, now=office.pair.clocks[A].time)
    # The third has a key, which the roots did not enrol.
    make_key(office.home, 3, secret=SECRET)
    return found[0], found[1], found[2]


def prepared(person: Client) -> str:
    """Prepare a suspension as `person`, and return the address at which the next one signs."""
    answer = person.post(SUSPEND, {**TYPED, "do": "sign", "secret": SECRET})
    assert answer.status_code == 302, words(answer)
    return str(answer["Location"])


def suspended(office: Office) -> bool:
    with office.pair.reader(A) as reader:
        state = reader.link_state(LINK)
        row, status = reader.link(LINK), reader.status(LINK)
        assert row is not None
        assert status is not None
        return bool(state.stopped({A: status.my_size, B: status.their_size}))


def acts() -> list[str]:
    found = JournalEntry.objects.filter(act__startswith="link.").order_by("number")
    return list(found.values_list("act", flat=True))


def test_before_anybody_signs_the_page_says_what_it_would_stop(
    office: Office, people: tuple[Client, ...]
) -> None:
    shown = words(people[0].post(SUSPEND, {**TYPED, "do": "preview"}))

    assert "2 open inquiries are covered" in shown
    assert "preservation of data" in shown
    assert "Clocks that stand still" in shown
    assert "Clocks that run on" in shown
    assert not suspended(office)


def test_the_second_officer_signs_the_same_text_and_only_then_it_is_said(
    office: Office, people: tuple[Client, ...]
) -> None:
    address = prepared(people[0])
    assert not suspended(office)

    waiting = words(people[1].get(address))
    assert "another officer must sign" in words(people[1].get("/", follow=True))
    again = people[0].post(address, {"do": "sign", "secret": SECRET})
    stranger = people[2].post(address, {"do": "sign", "secret": SECRET})
    wrong = people[1].post(address, {"do": "sign", "secret": "something-else-1"})
    assert "We stop for a while." in waiting
    assert [answer.status_code for answer in (again, stranger, wrong)] == [422, 422, 422]
    assert "It takes another officer" in words(again)
    assert "You have no key that counts" in words(stranger)
    # Whoever guesses secrets here waits as at the door.
    assert Officer.objects.get(number=2).failures == 1
    assert not suspended(office)

    said = people[1].post(address, {"do": "sign", "secret": SECRET})

    assert (said.status_code, said["Location"]) == (302, SUSPENSIONS)
    assert suspended(office)
    assert "signed, and said" in words(people[0].get(address))
    assert acts() == [
        "link.suspended:prepared",
        "link.suspended:signed",
        "link.suspended:begun",
        "link.suspended:saved",
    ]


def test_what_is_put_away_was_never_said(office: Office, people: tuple[Client, ...]) -> None:
    address = prepared(people[0])

    assert people[1].post(address, {"do": "put_away"})["Location"] == SUSPENSIONS
    late = people[1].post(address, {"do": "sign", "secret": SECRET})
    assert late["Location"] == address
    assert "put away; nothing was said" in words(people[1].get(address))
    assert not suspended(office)


def test_after_it_is_lifted_the_page_proves_that_nothing_was_lost(
    office: Office, people: tuple[Client, ...]
) -> None:
    people[1].post(prepared(people[0]), {"do": "sign", "secret": SECRET})
    shown = people[0].get(SUSPENSIONS)
    place = shown.text.partition(f"/links/{LINK}/resume/")[2].partition("/")[0]
    resume = f"/links/{LINK}/resume/{place}/"
    lifting = people[1].post(resume, {**TYPED, "secret": SECRET})
    people[0].post(lifting["Location"], {"do": "sign", "secret": SECRET})

    assert not suspended(office)
    before = words(people[0].get(SUSPENSIONS))
    office.pair.start(A)
    office.pair.settle()
    office.pair.ledgers[A].stop()
    after = words(people[0].get(SUSPENSIONS))

    assert "Not all of it is proved" in before
    assert "Nothing was lost." in after
    assert "lifted" in after
    assert people[0].get(resume).status_code == 404


def test_what_is_missing_or_no_code_is_told_and_nothing_is_prepared(
    office: Office, people: tuple[Client, ...]
) -> None:
    for field, value in {"scope": "x", "reason": "x", "until": "x", "text_en": "", "text_zh": " "}.items():
        answer = people[0].post(SUSPEND, {**TYPED, field: value, "do": "sign", "secret": SECRET})
        assert (field, answer.status_code) == (field, 422)
        assert f'href="#{field}"' in answer.text

    assert acts() == []
    assert not suspended(office)


def test_a_viewer_can_neither_prepare_nor_sign(office: Office, people: tuple[Client, ...]) -> None:
    viewer = office.person("Gao", role=Role.VIEWER)
    address = prepared(people[0])

    assert viewer.post(SUSPEND, {**TYPED, "do": "sign", "secret": SECRET}).status_code in {403, 422}
    assert viewer.post(address, {"do": "sign", "secret": SECRET}).status_code in {403, 422}
    assert viewer.post(address, {"do": "put_away"}).status_code == 403
    assert not suspended(office)


def test_what_the_other_side_suspended_is_shown_and_cannot_be_lifted_here(
    office: Office, people: tuple[Client, ...]
) -> None:
    office.pair.start(A)
    stop = suspends(office.pair, B)
    office.pair.settle()
    office.pair.ledgers[A].stop()

    shown = words(people[0].get(SUSPENSIONS))

    for page in (f"/links/{LINK}/", f"/l/{LINK}/new/", "/"):
        assert "suspended" in people[0].get(page, follow=True).text, page
    assert "Drafts can be written" in words(people[0].get(f"/l/{LINK}/new/", follow=True))
    assert "the other side" in shown
    with office.pair.reader(A) as reader:
        first = next(row for row in reader.rows(LINK) if row.kind == "inquiry.sent")
    office.project()
    said = people[0].post(
        f"/l/{LINK}/inquiries/{first.place.replace(' ', '-')}/say/admit/", {"key": "k1", "items": "0"}
    )
    assert "Keep it as a draft" in said.text, words(said)
    assert "the whole link" in shown
    assert people[0].get(f"/links/{LINK}/resume/{stop.place.replace(' ', '-')}/").status_code == 404


def test_without_a_suspension_the_page_says_so_and_a_strange_link_has_none(
    people: tuple[Client, ...],
) -> None:
    assert "Nothing was ever suspended" in words(people[0].get(SUSPENSIONS))
    for page in ("suspend/", "suspensions/", "sign/1/", "resume/A-1/"):
        assert people[0].get(f"/links/a-x/{page}").status_code == 404
