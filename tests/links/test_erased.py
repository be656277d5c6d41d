"""The page of a statement whose words were destroyed says so, and what the other side did."""

import pytest

from tests.links.office import Office, words
from tests.links.test_record_pages import page_of
from tests.two_nodes.erasing import obeys, orders
from tests.two_nodes.pair import LINK, A, B

pytestmark = pytest.mark.django_db(databases=["default", "view"])


def test_the_page_of_a_statement_says_who_destroyed_its_words(office: Office) -> None:
    said = office.pair.sends(title="canary")
    office.pair.settle()
    person = office.person()
    before = words(person.get(page_of(said.place)))
    order = orders(office.pair, said.statement, node=A)
    office.pair.settle()
    half = words(person.get(page_of(said.place)))
    obeys(office.pair, order, node=B)
    office.pair.settle()
    whole = words(person.get(page_of(said.place)))

    assert "canary" in before
    assert "destroyed" not in before
    assert "canary" not in half
    assert "purpose is met" in half
    assert "The other side has not answered yet" in half
    assert "has not answered yet" not in whole
    assert "Our side destroyed" in whole
    assert "The other side destroyed" in whole


def test_the_page_says_why_the_other_side_refuses(office: Office) -> None:
    said = office.pair.sends()
    order = orders(office.pair, said.statement, node=A)
    office.pair.settle()
    office.pair.say(B, "record.erasure_refused", {"ground": "legal_hold"}, re=order, link=LINK)
    office.pair.settle()

    assert "refused: legal hold" in words(office.person().get(page_of(said.place)))
