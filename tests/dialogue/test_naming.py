"""What a statement names is a link to its page, on both sides: evidence, matters, rounds; and who comes."""

import re
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.dialogue.page_table import PROMISE, PageTable
from tests.inquiries.page_desk import A, B
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

BOTH = {"en": "About figures.", "zh": "关于统计数字。"}


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageTable:
    return PageTable(tmp_path, settings)


def pages(desk: PageTable, path: str) -> tuple[str, str]:
    return desk.at(A).get(path), desk.at(B).get(path)


def test_a_report_leads_to_its_evidence_in_the_log_and_above_it(desk: PageTable) -> None:
    shows, promised = desk.promise(), desk.promise()
    path = f"/commitments/{LINK}/{promised}/"
    desk.at(B)
    desk.say_on(promised, "commitment-agreed", promised)
    report = desk.say_on(promised, "commitment-reported", promised, standing="under_way", evidence=shows)

    told = pages(desk, path)

    for page in told:
        line = re.search(rf'<li id="{report}".*?</li>', page, re.DOTALL)
        assert line is not None
        assert f'href="/commitments/{LINK}/{shows}/"' in line[0]
        head = page.partition('id="log"')[0]
        assert f'href="/commitments/{LINK}/{shows}/"' in head


def test_a_commitment_says_in_which_round_it_was_promised_and_under_which_it_stands(desk: PageTable) -> None:
    first, second = desk.meeting(), desk.meeting()
    promised = desk.tells(f"/commitments/new/{LINK}/", {**PROMISE, "round": first})
    desk.at(B)
    desk.say_on(promised, "commitment-agreed", promised)
    desk.at(A)
    carried = desk.say_on(promised, "commitment-carried", promised, round=second, due="+90d")
    desk.at(B)
    desk.say_on(promised, "commitment-agreed", carried)

    for page in pages(desk, f"/commitments/{LINK}/{promised}/"):
        head = page.partition('id="log"')[0]
        assert re.findall(rf'/rounds/{LINK}/([^/]+)/"', head) == [first, second]


def test_a_round_says_who_comes_what_its_items_are_about_and_what_groups_reported(desk: PageTable) -> None:
    about, place = desk.promise(), desk.meeting()
    desk.at(B)
    desk.say_on(place, "round-agreed", place)
    item = desk.say_on(place, "round-item_proposed", place, **BOTH, source="commitment", of=about)
    group = desk.say_on(place, "round-group_reported", place, **BOTH, group="network_protection")
    desk.say_on(place, "round-delegated", place, chair="vice_minister", members="vice_minister=1\ncert=2")
    desk.at(A)
    for each in (item, group):
        desk.say_on(place, "round-agreed", each)

    for page in pages(desk, f"/rounds/{LINK}/{place}/"):
        head = page.partition('id="log"')[0]
        assert f'href="/commitments/{LINK}/{about}/"' in head
        assert "network_protection" in head
        assert "co-chair: vice-minister" in head
