"""What is meant stands above what is not, on every page, whatever came first and however much of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from pytest_django import Settings

from parley.drafts import actions as drafts
from parley.hotline.queries import list_open, open_calls
from parley.ledger.cosigning import write_prepared
from parley.ledger.drafts import Draft
from parley.ledger.preparing import prepare
from parley.links.queries.signing import PURPOSE
from parley.protocol.strictjson import JsonSource, JsonValue, write
from parley.today.queries.duty import SHOWN_NOW, duty
from parley.work import clock
from tests.hotline.page_desk import FIELDS, CallDesk
from tests.inquiries.page_desk import OFFICER, A, B
from tests.today.core import alarm, core_that_answers, says
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

TEST: Final[Mapping[str, JsonValue]] = {
    "nature": "test",
    "scope": None,
    "fields": {**FIELDS, "what": "line_test", "ask": ["take_note"]},
}
SERVICE: Final[Mapping[str, JsonValue]] = {
    "nature": "service",
    "scope": None,
    "fields": {**FIELDS, "what": "maintenance", "ask": ["take_note"]},
}
WHENS: Final = {"real first": -600, "test first": 600}


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> CallDesk:
    return CallDesk(tmp_path, settings)


def opened(desk: CallDesk, *, after: int) -> dict[str, str]:
    """Have A open a test and a service call, and, so many seconds after, a real one; return their ids."""
    now, found = clock.now(), {}
    for nature, d, at in (
        ("test", {**TEST, "urgency": "U0"}, now - 3600),
        ("service", {**SERVICE, "urgency": "U0"}, now - 3600),
        ("real", {"urgency": "U3"}, now - 3600 + after),
    ):
        desk.opened_at(at, node=A, d=d)
        found[nature] = desk.at(B).dossier.row.call
    return found


def prepare_test(desk: CallDesk) -> None:
    """Have a test at the minister's prepared here, which a second person is to sign."""
    d: dict[str, JsonValue] = {**TEST, "urgency": "U0", "inquiry": None, "to": "minister"}
    draft = Draft(id="prepared", link=LINK, kind="call.principal_opened", d=d)
    said: dict[str, JsonSource] = {
        "kind": draft.kind,
        "d": d,
        "re": None,
        "body": {},
        "role": "desk",
        "officer": 1,
    }
    made = write_prepared(prepare(desk.homes[B], draft, now=clock.now()))
    fields = {"said": write(said), "prepared": write(made), "signed": write({"persons": [77]})}
    texts = {name: raw.decode() for name, raw in fields.items()}
    hand = drafts.Hand(officer=OFFICER, session="s", now=clock.now())
    drafts.begin(LINK, purpose=PURPOSE, fields=texts, by=hand)


@pytest.mark.parametrize("when", WHENS)
def test_a_real_call_stands_above_every_other_in_lists(desk: CallDesk, when: str) -> None:
    calls, now = opened(desk, after=WHENS[when]), clock.now()

    rows = list_open(now=now)

    assert [row.call for row in rows] == [calls["real"], calls["service"], calls["test"]]
    assert list_open(now=now, limit=1) == rows[:1]
    assert [row.call for _link, _call, row in open_calls(desk.homes[B], now=now)] == [*map(_call, rows)]
    assert desk.get("/calls/").index("REAL") < desk.get("/calls/").index("TEST")


def _call(row: object) -> str:
    return str(getattr(row, "call", ""))


@pytest.mark.parametrize("when", WHENS)
def test_on_the_phone_a_real_call_is_shown_before_a_test_that_rings_too(desk: CallDesk, when: str) -> None:
    calls = opened(desk, after=WHENS[when])
    alarms = [alarm(call=calls[each], nature=each, rung="minister") for each in ("test", "real")]

    with core_that_answers(desk.homes[B], beat=says(*alarms)):
        page = desk.get("/m/")

    assert "REAL" in page
    assert "TEST" not in page
    assert "1 decision, 1 more waits" in page


def test_on_the_phone_a_real_call_is_shown_before_a_test_that_was_prepared(desk: CallDesk) -> None:
    calls = opened(desk, after=0)
    prepare_test(desk)

    with core_that_answers(desk.homes[B], beat=says(alarm(call=calls["real"], rung="minister"))):
        rings = desk.get("/m/")
    with core_that_answers(desk.homes[B], beat=says(alarm(call=calls["test"], rung="minister"))):
        drill = desk.get("/m/")

    assert "REAL" in rings
    assert "TEST" not in rings
    assert "1 decision, 1 more waits" in rings
    assert "TEST" in drill
    assert 'name="secret"' in drill, "among equals what waits for a signature comes first"


def test_no_flood_of_tests_hides_at_the_desk_that_a_real_call_waits_for_our_word(desk: CallDesk) -> None:
    now = clock.now()
    for _ in range(SHOWN_NOW + 1):
        desk.opened_at(now - 3600, node=A, d=TEST)
    desk.opened_at(now, node=A)
    real = desk.at(B).dossier.row.call

    found = duty(desk.homes[B], now=now, since=0, heard=None)

    assert found.now.owing[0].row.call == real
    assert len(found.now.owing) == SHOWN_NOW
