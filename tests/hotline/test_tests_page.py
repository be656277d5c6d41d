"""The page of line tests: what is known, a test held by a button, a cause declared, offices of both sides."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from pytest_django import Settings

from parley.agencies.policy import Role
from parley.hotline.queries.testing import LineTests, line_tests
from parley.links.policy import Whose
from parley.protocol.clauses import LineTest
from parley.protocol.directory import LISTED
from parley.protocol.strictjson import JsonValue
from parley.work import clock
from tests.links.office import Office, words
from tests.two_nodes.pair import LINK, A, B, Pair

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])

PAGE = f"/l/{LINK}/tests/"
POINT: Final[JsonValue] = {
    "rung": None,
    "level": "desk",
    "office": {"en": "<script>alert(1)</script>", "zh": "值班台"},
    "languages": ["en"],
    "hours": "office",
    "channels": [{"way": "fax", "address": "+00 9"}],
    "keys": ["9F2C"],
}


@pytest.fixture(name="office")
def fixture_office(tmp_path: Path, settings: Settings, transactional_db: None) -> Iterator[Office]:
    """Give the office of A, on a link on which nobody ever tested; no core runs."""
    pair = Pair(tmp_path)
    pair.say(B, LISTED, {}, body={"points": [POINT]})
    pair.settle()
    pair.ledgers[A].stop()
    yield Office(pair, settings)
    pair.start(A)
    pair.stop()


def known(office: Office) -> LineTests:
    with office.pair.reader(A) as reader:
        found = line_tests(reader, LINK, me=A, now=clock.now())
    assert found is not None
    return found


def test_the_calendar_the_figures_and_the_digest_are_shown_in_both_languages(office: Office) -> None:
    english = words(office.person("Chen").get(PAGE))
    chinese = words(office.person("Wu", language="zh-hans").get(PAGE))

    for said in ("machine test", "human test", "ladder test", "not held", "Period by period"):
        assert said in english
    for said in ("节点自动测试", "人工测试", "逐级呼叫测试", "未进行"):
        assert said in chinese
    assert known(office).digest.hex() in english
    assert known(office).digest.hex() in chinese


def test_a_test_is_offered_to_the_side_whose_turn_it_is_and_held_once(office: Office) -> None:
    chen = office.person()
    is_ours = known(office).rows[LineTest.HUMAN][-1].turn is Whose.US
    assert ("Hold the human test now" in words(chen.get(PAGE))) == is_ours

    answers = [chen.post(f"{PAGE}hold/") for _ in range(2)]

    assert {answer.status_code for answer in answers} == {303}
    assert answers[0]["Location"] == answers[1]["Location"]
    with office.pair.reader(A) as reader:
        rows = [row for row in reader.rows(LINK) if row.kind == "call.opened"]
        assert rows[0].act is not None
        assert rows[0].act.d["nature"] == "test"
        body = reader.body(LINK, rows[0].statement)
    assert body is not None
    assert "线路测试" in str(body["text"])


def test_a_cause_is_declared_by_a_button_and_then_stands_there(office: Office) -> None:
    chen = office.person()
    row = next(row for row in known(office).tickets if row.concerned is Whose.US)
    name = row.ticket.name

    answer = chen.post(f"{PAGE}fault/", {"ticket": name, "cause": "staffing"})

    assert answer.status_code == 303
    assert answer["Location"] == f"{PAGE}#{name}"
    assert "We declared nobody on duty" in words(chen.get(PAGE))
    found = {each.ticket.name: each for each in known(office).tickets}
    assert [cause for _whose, cause, _at in found[name].causes] == ["staffing"]


@pytest.mark.parametrize("said", [{"ticket": "human-1"}, {"cause": "weather"}], ids=["ticket", "cause"])
def test_what_is_no_ticket_or_cause_is_not_found(office: Office, said: dict[str, str]) -> None:
    name = known(office).tickets[0].ticket.name

    answer = office.person().post(f"{PAGE}fault/", {"ticket": name, "cause": "staffing", **said})

    assert answer.status_code == 404


def test_a_viewer_sees_everything_and_says_nothing(office: Office) -> None:
    viewer = office.person("Lin", role=Role.VIEWER)
    name = known(office).tickets[0].ticket.name

    page = words(viewer.get(PAGE))
    assert "no cause declared" in page
    answers = [
        viewer.post(f"{PAGE}hold/"),
        viewer.post(f"{PAGE}fault/", {"ticket": name, "cause": "staffing"}),
    ]

    assert "Declare it" not in page
    assert {answer.status_code for answer in answers} == {403}


def test_what_the_other_side_calls_its_offices_is_shown_and_harms_nobody(office: Office) -> None:
    answer = office.person().get(PAGE)

    assert "<script>alert(1)" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "fax +00 9" in words(answer)


def test_a_link_that_is_not_there_has_no_tests(office: Office) -> None:
    assert office.person().get("/l/nowhere/tests/").status_code == 404
