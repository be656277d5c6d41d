"""Destroying content on the pages: one officer asks for it, another confirms it, and only then it goes."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.actions import hold
from parley.agencies.models import JournalEntry
from parley.agencies.policy import Role
from parley.agencies.queries import HoldRow
from parley.drafts.models import Draft
from parley.ledger.drafts import Appended
from parley.protocol.act import id_text
from tests.links.office import SECRET, Office, words
from tests.two_nodes.erasing import orders
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.persons import enrol

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])

ERASE = f"/links/{LINK}/erase/"
ERASURES = f"/links/{LINK}/erasures/"
SIGN = {"do": "sign", "secret": SECRET, "ground": "mistaken"}


@pytest.fixture(name="said")
def fixture_said(pair: Pair) -> Appended:
    """An inquiry of A with words."""
    said = pair.sends(title="canary")
    pair.settle()
    return said


@pytest.fixture(name="office")
def fixture_office(
    pair: Pair, said: Appended, settings: Settings, transactional_db: None
) -> Iterator[Office]:
    """Give the office of A, with two principals whose keys count, 1 and 2; no core runs."""
    pair.ledgers[A].stop()
    yield Office(pair, settings)
    pair.start(A)


@pytest.fixture(name="people")
def fixture_people(office: Office) -> tuple[Client, Client]:
    found = (office.person("Chen"), office.person("Wu"))
    for number in (1, 2):
        now = office.pair.clocks[A].time
        enrol(office.home, number, secret=SECRET, now=now, roles=("principal",))
    return found


def slug(said: Appended) -> str:
    return said.place.replace(" ", "-")


def has_words(office: Office, said: Appended) -> bool:
    with office.pair.reader(A) as reader:
        return reader.body(LINK, said.statement) is not None


def asked(office: Office) -> list[str]:
    with office.pair.reader(A) as reader:
        return [row.kind or "" for row in reader.rows(LINK) if (row.kind or "").startswith("record.")]


def test_before_anybody_signs_the_page_says_what_would_go_and_what_stays(
    office: Office, people: tuple[Client, Client], said: Appended
) -> None:
    first = people[0].get(ERASE, {"place": slug(said)})
    shown = words(people[0].post(ERASE, {"place": slug(said), "ground": "mistaken", "do": "preview"}))

    assert 'name="secret"' not in first.text
    assert f"{said.place} · sent by mistake" in shown
    assert "Nothing brings them back" in shown
    assert "The entries stay" in shown
    assert "answers for itself" in shown
    assert asked(office) == []


def test_the_second_officer_signs_the_same_text_and_only_then_it_is_destroyed(
    office: Office, people: tuple[Client, Client], said: Appended
) -> None:
    prepared = people[0].post(ERASE, {**SIGN, "place": slug(said)})
    address = str(prepared["Location"])
    shown = words(people[1].get(address))
    again = people[0].post(address, {"do": "sign", "secret": SECRET})

    assert "another officer must sign" in words(people[1].get("/", follow=True))
    assert "sent by mistake" in shown
    assert "Nothing was said yet, and nothing was destroyed." in shown
    assert (again.status_code, "It takes another officer" in words(again)) == (422, True)
    assert (has_words(office, said), asked(office)) == (True, [])

    done = people[1].post(address, {"do": "sign", "secret": SECRET})

    assert (done.status_code, done["Location"]) == (302, ERASURES)
    assert (has_words(office, said), asked(office)) == (False, ["record.erasure_ordered", "record.erased"])
    assert "Our side destroyed" in words(people[1].get(ERASURES))
    acts = JournalEntry.objects.filter(act__startswith="record.").order_by("number")
    assert [row.act.partition(":")[2] for row in acts] == ["prepared", "signed", "begun", "saved"]


def test_what_is_put_away_destroys_nothing(
    office: Office, people: tuple[Client, Client], said: Appended
) -> None:
    address = str(people[0].post(ERASE, {**SIGN, "place": slug(said)})["Location"])

    away = people[1].post(address, {"do": "put_away"})

    assert (away.status_code, away["Location"]) == (302, ERASURES)
    assert "put away; nothing was said" in words(people[1].get(address))
    assert has_words(office, said)


def test_a_legal_hold_is_shown_and_blocks_even_between_the_two_signatures(
    office: Office, people: tuple[Client, Client], said: Appended
) -> None:
    address = str(people[0].post(ERASE, {**SIGN, "place": slug(said)})["Location"])
    held = HoldRow(link=LINK, statement=id_text(said.statement), place=said.place, reason="court 7")
    hold(held, officer=1, now=office.pair.clocks[A].time)

    second = people[1].post(address, {"do": "sign", "secret": SECRET})
    anew = people[0].post(ERASE, {**SIGN, "place": slug(said)})

    assert (second.status_code, "under legal hold: court 7" in words(second)) == (422, True)
    assert (anew.status_code, "under legal hold" in words(anew)) == (422, True)
    assert has_words(office, said)


def test_nothing_chosen_or_no_reason_is_told_and_an_unknown_place_is_not_found(
    office: Office, people: tuple[Client, Client], said: Appended
) -> None:
    empty = people[0].post(ERASE, {**SIGN, "of": slug(said)})
    reasonless = people[0].post(ERASE, {**SIGN, "place": slug(said), "ground": "x"})

    assert (empty.status_code, "Tick at least one statement." in words(empty)) == (422, True)
    assert (reasonless.status_code, "Choose a reason." in words(reasonless)) == (422, True)
    for query in ({}, {"place": "A-99999"}, {"place": "nonsense"}):
        assert people[0].get(ERASE, query).status_code == 404


def test_a_viewer_sees_it_and_changes_nothing(office: Office, people: object, said: Appended) -> None:
    guest = office.person("Guest", role=Role.VIEWER)

    assert guest.get(ERASE, {"place": slug(said)}).status_code == 200
    assert guest.get(ERASURES).status_code == 200
    assert guest.post(ERASE, {**SIGN, "place": slug(said)}).status_code == 403


# ---- What the other side asks


@pytest.fixture(name="order")
def fixture_order(pair: Pair, said: Appended) -> bytes:
    """B asks that A's words be destroyed."""
    order = orders(pair, said.statement, node=B)
    pair.settle()
    return order


def order_page(office: Office, order: bytes) -> str:
    with office.pair.reader(A) as reader:
        row = reader.row(LINK, order)
        assert row is not None
        return f"{ERASURES}{row.place.replace(' ', '-')}/"


def test_what_they_ask_waits_for_two_of_ours_who_decide_the_same(
    order: bytes, office: Office, people: tuple[Client, Client], said: Appended
) -> None:
    address = order_page(office, order)
    desk = words(people[0].get("/", follow=True))
    first = people[0].post(address, {"do": "erase", "secret": SECRET})
    again = people[0].post(address, {"do": "erase", "secret": SECRET})
    other = people[1].post(address, {"do": "refuse", "ground": "own_law", "secret": SECRET})
    wrong = people[1].post(address, {"do": "erase", "secret": "something-else-1"})

    assert "they ask that content be destroyed" in desk
    assert (first.status_code, again.status_code, other.status_code, wrong.status_code) == (
        302,
        422,
        302,
        422,
    )
    assert "another officer must decide" in words(people[1].get("/", follow=True))
    assert "decided by Chen" in words(people[1].get(address))
    assert has_words(office, said)

    done = people[1].post(address, {"do": "erase", "secret": SECRET}, follow=True)

    assert "Both officers decided it, and it is done." in words(done)
    assert not has_words(office, said)


def test_two_of_ours_refuse_with_a_reason(
    order: bytes, office: Office, people: tuple[Client, Client], said: Appended
) -> None:
    address = order_page(office, order)
    refusal = {"do": "refuse", "ground": "legal_hold", "secret": SECRET}

    nothing = people[0].post(address, {**refusal, "ground": ""})
    for person in people:
        assert person.post(address, refusal).status_code == 302

    assert nothing.status_code == 422
    assert "refused: legal hold" in words(people[0].get(ERASURES))
    assert has_words(office, said)


def test_what_one_decided_is_put_away_or_lapses_after_a_day(
    order: bytes, office: Office, people: tuple[Client, Client], said: Appended
) -> None:
    address = order_page(office, order)
    people[0].post(address, {"do": "erase", "secret": SECRET})
    number = Draft.objects.get(purpose="links.decided", closed_at=None).number
    away = people[1].post(address, {"do": f"put_away:{number}"})
    people[0].post(address, {"do": "erase", "secret": SECRET})
    Draft.objects.filter(closed_at=None).update(created_at=office.pair.clocks[A].time - 90_000)

    assert "decided by" not in words(people[1].get(address))
    late = people[1].post(address, {"do": "erase", "secret": SECRET})

    assert (away.status_code, late.status_code) == (302, 302)
    assert has_words(office, said)
