"""Beside the evidence: the page that checks it, to be kept, with its hash and the digits of the link."""

import hashlib
import re

import pytest
from django.test import Client

from parley.agencies.policy import Role
from tests.links.office import Office, words
from tests.two_nodes.pair import LINK
from verifier.build import PAGE

pytestmark = pytest.mark.django_db(databases=["default", "view"])

JUDGE = f"/links/{LINK}/judge/"


def test_the_page_that_is_handed_out_is_the_one_whose_hash_is_shown(office: Office) -> None:
    browser = office.person(role=Role.VIEWER)

    shown = words(browser.get(JUDGE))
    kept = browser.get(f"{JUDGE}verify.html")

    assert kept.content == PAGE.read_bytes()
    assert hashlib.sha256(kept.content).hexdigest() in shown
    assert kept.headers["Content-Disposition"] == 'attachment; filename="verify.html"'
    assert kept.headers["Content-Type"] == "application/octet-stream"
    assert kept.headers["X-Content-Type-Options"] == "nosniff"


def test_the_digits_are_those_of_the_link(office: Office) -> None:
    with office.pair.reader(office.node) as reader:
        row = reader.link(LINK)
    assert row is not None

    assert " ".join(row.digits) in words(office.person().get(JUDGE))


def test_the_button_for_evidence_leads_to_it(office: Office) -> None:
    page = office.person().get(f"/links/{LINK}/").content.decode()

    assert re.search(rf'href="{JUDGE}"', page)


@pytest.mark.parametrize("address", [JUDGE, f"{JUDGE}verify.html"])
def test_nobody_gets_it_without_signing_in_or_for_a_link_that_is_none(office: Office, address: str) -> None:
    browser = office.person()

    stranger = Client(headers={"host": "localhost"}).get(address)
    assert b"SHA-256" not in stranger.content
    assert stranger.content != PAGE.read_bytes()
    assert browser.get(address.replace(LINK, "a-z")).status_code == 404
    assert browser.post(address).status_code == 405
