"""The button "Export evidence": a file that proves, a row in the journal, nothing for who may only look."""

import pytest

from parley.agencies.models import JournalEntry
from parley.agencies.policy import Role
from parley.protocol.card import card_hash, digits
from parley.protocol.verify.findings import Result
from tests.links.office import Office, words
from tests.two_nodes.pair import LINK, A, B
from tests.verify.book import judge

pytestmark = pytest.mark.django_db(databases=["default", "view"])

EVIDENCE = f"/links/{LINK}/evidence/"


def groups(office: Office) -> tuple[str, ...]:
    one, two = (card_hash(office.pair.offer(node).card.card) for node in (A, B))
    return digits(one, two)


def prepared(office: Office) -> str:
    """Have A send two inquiries; return the place of the first. The signer is free for the pages."""
    first = office.pair.sends(title="one")
    office.pair.sends(title="two")
    office.pair.settle()
    office.project()
    office.pair.ledgers[A].stop()
    return f"A-{first.index}"


def test_the_file_of_a_link_is_proved(office: Office) -> None:
    prepared(office)
    browser = office.person()

    answer = browser.post(EVIDENCE)

    raw = answer.getvalue()
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a-b.zip"'
    found = judge(raw, groups(office))
    assert found.result is Result.PROVED
    assert found.told is not None
    assert found.told.stubs == 0
    row = JournalEntry.objects.order_by("number").last()
    assert row is not None
    assert (row.act, row.subject, row.officer_id is None) == ("evidence.exported", LINK, False)


def test_the_file_of_an_inquiry_shows_no_other(office: Office) -> None:
    place = prepared(office)

    answer = office.person().post(EVIDENCE, {"inquiry": place, "without_content": "on"})

    found = judge(answer.getvalue(), groups(office))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="a-b-{place}.zip"'
    assert found.told is not None
    assert found.told.stubs > 0


def test_a_viewer_gets_none(office: Office) -> None:
    prepared(office)

    answer = office.person(role=Role.VIEWER).post(EVIDENCE)

    assert answer.status_code == 403
    assert not JournalEntry.objects.filter(act="evidence.exported").exists()


def test_the_button_stands_on_both_pages_for_those_who_may(office: Office) -> None:
    place = prepared(office)
    officer, viewer = office.person(), office.person("Li", role=Role.VIEWER)

    for page in (f"/links/{LINK}/", f"/l/{LINK}/inquiries/{place}/"):
        assert "Export evidence" in words(officer.get(page))
        assert "Export evidence" not in words(viewer.get(page))


def test_what_is_not_there_is_not_exported(office: Office) -> None:
    prepared(office)
    browser = office.person()

    assert browser.post("/links/x-y/evidence/").status_code == 404
    assert browser.post(EVIDENCE, {"inquiry": "A-999"}).status_code == 404
    assert browser.get(EVIDENCE).status_code == 405


def test_while_the_signer_is_busy_the_page_says_so(office: Office) -> None:
    office.pair.sends()
    office.pair.settle()

    answer = office.person().post(EVIDENCE)

    assert answer.status_code == 409
    assert "The signer of this node does not answer." in words(answer)
